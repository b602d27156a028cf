"""What is said of a file that somebody wants to import, once it was fetched and read."""

import asyncio
from collections.abc import Awaitable, Callable

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotAllowedError, UnreadableError
from bot.importing import Stored, StoreLines, found_in, parts_of
from bot.kept_file import Missing
from bot.outbox import Claim
from bot.ports import NotSent, Outcome, Unclear
from bot.sheet import LARGEST
from bot.sheet_material import SheetMaterial
from handlers.files import CARRY_SECONDS, CARRY_TRIES, fetch
from handlers.import_values import SheetValue
from handlers.outcomes import TROUBLE, classify
from handlers.sheets import TOO_LARGE, sheet_in
from handlers.views import imports as views
from handlers.views.file_notice import WHY
from handlers.views.message import Message

Keep = Callable[[str, StoreLines], Awaitable[Stored]]
"""Stores some lines in a workspace, by its id; raises the storage's errors."""

KeepHere = Callable[[StoreLines], Awaitable[Stored]]
"""The same in one workspace."""


async def sheet_message(
    client: AsyncWebClient, claim: Claim, material: SheetMaterial, keep: KeepHere
) -> Message | Outcome:
    """What a file brings, and the question whether to take it; or what came of that. An Outcome
    when it is to be tried once more. Raises the storage's errors.
    """
    try:
        return await _looked_into(client, material, keep)
    except TROUBLE as error:
        outcome = classify(error)
        if not isinstance(outcome, Unclear):
            return outcome
        if claim.attempts < CARRY_TRIES:
            return NotSent(outcome.error)  # nothing was posted so far
        return _not_had(Missing.TROUBLE)


def _not_had(why: Missing) -> Message:
    """The file can't be had."""
    is_large = why is Missing.TOO_LARGE
    return views.unreadable("", TOO_LARGE if is_large else f"This file can't be read: {WHY[why]}")


async def _looked_into(client: AsyncWebClient, material: SheetMaterial, keep: KeepHere) -> Message:
    """The bytes are never kept, so the file is fetched and read again before anything is stored;
    each line counts once, so all of it may be done again.
    """
    if material.is_wanted is False:
        return views.dropped()
    async with asyncio.timeout(CARRY_SECONDS):
        fetched = await fetch(client, material.file_id, LARGEST)
    if isinstance(fetched, Missing):
        return _not_had(fetched)
    try:
        found = found_in(await sheet_in(fetched.content), material.known, material.at)
        if material.is_wanted is None:
            value = SheetValue(key=material.key)
            return views.preview(fetched.name, found, material.known.goals, value)
        stored = Stored()
        for part in parts_of(found, material.actor_id):
            stored += await keep(part)
        return views.done(fetched.name, stored, found.faults)
    except (UnreadableError, NotAllowedError) as error:
        return views.unreadable(fetched.name, error.sentence)
