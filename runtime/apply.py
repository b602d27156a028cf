"""Short commands beside a running server: set the desk up, look at a digest."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.channels import advice, trouble_of, uses
from bot.configure import Replacement, apply, current, next_runs
from bot.desk import Channel, Desk
from bot.desk_changes import differences, names_in, with_names
from bot.digest import Preview, preview
from bot.directory import Known, remember
from bot.errors import ConfigurationError
from handlers.outcomes import TROUBLE
from handlers.paper import Paper, Sheet, print_pages
from handlers.views.digest import as_of, on_paper, title_of, whole
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


async def preview_digest(
    settings: Settings, asked: Preview, *, workspace: str | None = None
) -> str:
    """The text of what the channel's digest would say now.

    Raises ConfigurationError for an audience that there is none of.
    """

    async def work(place: Place) -> str:
        now = SystemClock().now()
        material = await place.database.read(place.workspace_id, preview, asked, now)
        return whole(material).text

    return await with_database(settings, work, workspace)


async def print_digest(
    settings: Settings, asked: Preview, file: Path, *, sheet: Sheet, workspace: str | None = None
) -> str:
    """Write what the channel's digest would say now as a PDF; returns the sentence that says so.

    Raises ConfigurationError for a file that can't be written, without a font, and for an audience
    that there is none of.
    """

    async def work(place: Place) -> str:
        now = SystemClock().now()
        read, here = place.database.read, place.workspace_id
        material = await read(here, preview, asked, now)
        blocks = on_paper(material, now)
        names = await read(here, names_in, str(blocks), now)
        title = title_of(material)
        foot = f"{title} · as of {as_of(material, now)}"
        paper = Paper(made_at=now, font=settings.pdf_font, sheet=sheet, foot=foot)
        pages = await print_pages(title, blocks, names, paper)
        try:
            await asyncio.to_thread(file.write_bytes, pages)
        except OSError as error:
            raise ConfigurationError(
                f"{file}: can't be written ({type(error).__name__})."
            ) from None
        return f"{file}: {title}"

    return await with_database(settings, work, workspace)
