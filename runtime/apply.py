"""A short command beside a running server: set the desk up from a file."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.channels import advice, trouble_of, uses
from bot.configure import Replacement, apply, current, next_runs
from bot.desk import Channel, Desk
from bot.desk_changes import differences, with_names
from bot.directory import Known, remember
from bot.errors import ConfigurationError
from handlers.outcomes import TROUBLE
from runtime.clocks import SystemClock
from runtime.desk_file import read_desk
from runtime.place import Place, with_database
from runtime.settings import Settings


async def apply_file(
    settings: Settings, file: Path, *, is_dry_run: bool, workspace: str | None = None
) -> tuple[str, ...]:
    """Store the set-up in `file`; returns what changed, a line each, with a closing line.

    Raises ConfigurationError for a file that can't be taken.
    """
    desk = await asyncio.to_thread(_read, file)

    async def work(place: Place) -> tuple[str, ...]:
        read, here, now = place.database.read, place.workspace_id, SystemClock().now()
        before = await read(here, current, None, now)
        lines = differences(before, desk)
        if not lines:
            return ("Nothing changes.",)
        channels = await _channels(place, desk)
        told = (*await read(here, with_names, lines, now), *_cautions(channels))
        if is_dry_run:
            return (*told, "Nothing was changed: this was a dry run.")
        await place.database.transact(here, remember, Known(channels=channels), now)
        stored = await place.database.transact(here, apply, Replacement(desk, before.version), now)
        return (
            *told,
            *(
                f"Next digest {run.subscription_id}: {_local(at, run.tz)}"
                for run, at in await read(here, next_runs, None, now)
            ),
            f"Applied as version {stored.version}. A running server takes it up.",
        )

    return await with_database(settings, work, workspace)


async def _channels(place: Place, desk: Desk) -> tuple[Channel, ...]:
    """The channels that a set-up names, as they are now; none when Slack does not tell."""
    try:
        return await place.directory.channels(uses(desk))
    except TROUBLE:
        return ()


def _cautions(channels: Iterable[Channel]) -> Iterator[str]:
    for one in channels:
        trouble = trouble_of(one)
        if trouble is not None:
            name = "" if one.name == one.channel_id else f" (#{one.name})"
            yield f"! {advice(trouble, f'{one.channel_id}{name}')}"


def _local(moment: datetime, tz: str) -> str:
    return f"{moment.astimezone(ZoneInfo(tz)):%a %d %b %Y, %H:%M} {tz}"


def _read(file: Path) -> Desk:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file}: can't be read ({type(error).__name__}).") from None
    return read_desk(text, name=file.name)
