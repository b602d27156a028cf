"""What is stored about one person, as a file that only who asked may read."""

import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.dossier import Dossier, about_colleague, about_submission, drafts_about, work_of
from bot.erasure_store import AccessKind
from bot.errors import ConfigurationError
from bot.forgetting import Colleague
from bot.lifecycle import OPERATOR
from bot.persons import Recorded, record
from runtime.clocks import SystemClock
from runtime.erasing import mentions_of, traces_of
from runtime.here import Here, in_workspace
from runtime.settings import Settings

USER_ID = re.compile(r"^[UW][A-Z0-9]{5,}$")
"""A colleague's id at Slack; customers and leads are found by name or contact."""


async def export_person(
    settings: Settings, who: str, file: Path, workspace_id: str | None = None
) -> str:
    """Write everything that is stored about a person into a new file; a sentence about it.

    `who` is the name or contact of a customer or lead as it stands in a personal field, or the
    user id of a colleague. Raises ConfigurationError when the file exists or can't be written.
    """
    refuse_existing(file)

    async def work(place: Here) -> str:
        is_colleague = USER_ID.match(who) is not None
        found = await (_colleague if is_colleague else _customer)(place, who)
        write_private(
            file, json.dumps(found, indent=2, ensure_ascii=False, default=_as_text) + "\n"
        )
        return f"{len(found['submissions'])} submissions about them in {file}."

    return await in_workspace(settings, workspace_id, work)


async def _customer(place: Here, who: str) -> dict[str, Any]:
    now, here = SystemClock().now(), place.workspace_id
    traces = await traces_of(place, who)
    named = [trace for trace in traces if trace.fields]
    done = Recorded(
        actor_id=OPERATOR,
        kind=AccessKind.EXPORT_PERSON,
        numbers=tuple(trace.number for trace in named),
    )
    await place.database.transact(here, record, done, now)
    return {
        "about": who,
        "at": now,
        "submissions": [
            await place.database.transact(here, about_submission, (trace.number, OPERATOR), now)
            for trace in named
        ],
        "drafts": await place.database.read(here, drafts_about, who, now),
        # Free text in which the same words stand: whether it is about them a person has to read.
        "to_read": [
            {"number": trace.number, "places": list(trace.places)}
            for trace in traces
            if trace.places
        ]
        + [
            {"sort": one.sort, "called": one.called, "places": list(one.places)}
            for one in await mentions_of(place, who)
        ],
    }


async def _colleague(place: Here, who: str) -> dict[str, Any]:
    now, here = SystemClock().now(), place.workspace_id
    colleague = Colleague(user_id=who, actor_id=OPERATOR)
    done = Recorded(actor_id=OPERATOR, kind=AccessKind.EXPORT_PERSON, user_id=who)
    await place.database.transact(here, record, done, now)
    found = dict(await place.database.read(here, about_colleague, colleague, now))
    submissions: list[Dossier] = []
    last: int | None = 0
    while last is not None:
        page, last = await place.database.read(here, work_of, (colleague, last), now)
        submissions += page
    return {"about": who, "at": now, **found, "submissions": submissions}


def refuse_existing(file: Path) -> None:
    """Raise ConfigurationError when there is such a file already."""
    if file.exists():
        raise ConfigurationError(f"{file}: exists already; name a new file.")


def write_private(file: Path, text: str) -> None:
    """Write a new file that only who runs this may read; raises ConfigurationError."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ConfigurationError(f"{file}: can't be written ({error.strerror}).") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
