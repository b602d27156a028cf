"""`python app.py digest …`: which there are, what one says or said, here or as a PDF; send one."""

import asyncio
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.desk_changes import names_in
from bot.digest import FIRED, PAUSED, SILENT, SKIPPED
from bot.digest_care import Show, Standing, send_now, show, standings
from bot.digest_store import Pause
from bot.errors import ConfigurationError
from bot.periods import in_words
from bot.rounds import DROPPED, SENT_NOW
from bot.targets import people_of
from handlers.paper import Paper, Sheet, print_pages
from handlers.views.digest import as_of, foot_of, on_paper, title_of, whole
from handlers.views.subscription import rhythm
from runtime.clocks import SystemClock
from runtime.lanes import Table
from runtime.place import Place, with_database
from runtime.settings import Settings

HEAD = ("digest", "goes to", "for", "comes", "next", "last", "set up by")
LAST = {
    FIRED: "posted",
    SILENT: "nothing to say",
    SKIPPED: "missed",
    PAUSED: "paused",
    DROPPED: "left out",
    SENT_NOW: "sent by hand",
}
"""What can have become of the last one."""

THE_FILE = "the set-up file"


async def list_digests(settings: Settings, workspace: str | None = None) -> Table:
    """Every digest: where it goes, for whom, when it comes, what became of the last one, and who
    set it up.
    """

    async def work(place: Place) -> Table:
        now = SystemClock().now()
        found = await place.database.read(place.workspace_id, standings, None, now)
        rows = tuple(row_of(one) for one in found)
        return Table(HEAD, rows, "" if rows else "There is no digest yet.")

    return await with_database(settings, work, workspace)


def row_of(one: Standing) -> tuple[str, ...]:
    """One digest in the table."""
    status, sub = one.status, one.status.subscription
    readers = people_of(sub.channel_id) or (sub.channel_id,)
    by = one.state.set_by
    return (
        sub.subscription_id,
        ", ".join(_named(one, reader) for reader in readers),
        sub.audience,
        rhythm(sub),
        _next(one),
        "" if status.last is None else f"{_local(status.last_at, sub.tz)}: {LAST[status.last]}",
        _named(one, by) if by else THE_FILE,
    )


def _named(one: Standing, id_: str) -> str:
    return f"{id_} ({one.names[id_]})" if id_ in one.names else id_


def _next(one: Standing) -> str:
    match one.state.paused, one.state.paused_until:
        case None, _:
            at = one.status.next_at
            return "" if at is None else _local(at, one.status.subscription.tz)
        case Pause.UNREACHABLE, _:
            return "paused: it can't be reached"
        case _, None:
            return "paused"
        case _, until:
            return f"paused until {in_words(until)}"


def _local(at: datetime | None, tz: str) -> str:
    return "" if at is None else f"{at.astimezone(ZoneInfo(tz)):%a %d %b %Y, %H:%M}"


async def show_digest(settings: Settings, asked: Show, workspace: str | None = None) -> str:
    """The text of what a digest says now, or of what it had to say in a week that was.

    Raises ConfigurationError for what there is none of.
    """

    async def work(place: Place) -> str:
        now = SystemClock().now()
        material = await place.database.read(place.workspace_id, show, asked, now)
        text = whole(material).text
        return f"As of {as_of(material, now)}.\n{text}" if asked.week else text

    return await with_database(settings, work, workspace)


async def print_digest(
    settings: Settings, asked: Show, file: Path, *, sheet: Sheet, workspace: str | None = None
) -> str:
    """Write the same as a PDF; returns the sentence that says so.

    Raises ConfigurationError as well for a file that can't be written, and without a font.
    """

    async def work(place: Place) -> str:
        now = SystemClock().now()
        read, here = place.database.read, place.workspace_id
        material = await read(here, show, asked, now)
        blocks = on_paper(material, now)
        names = await read(here, names_in, str(blocks), now)
        foot = foot_of(material, now, place.company)
        paper = Paper(made_at=now, font=settings.pdf_font, sheet=sheet, foot=foot)
        title = title_of(material)
        pages = await print_pages(title, blocks, names, paper)
        try:
            await asyncio.to_thread(file.write_bytes, pages)
        except OSError as error:
            raise ConfigurationError(
                f"{file}: can't be written ({type(error).__name__})."
            ) from None
        return f"{file}: {title}"

    return await with_database(settings, work, workspace)


async def send_digest(settings: Settings, which: str, workspace: str | None = None) -> str:
    """Have a running server send what a digest says so far; returns the sentence that says so.

    Raises ConfigurationError for a digest that there is none of.
    """

    async def work(place: Place) -> str:
        now = SystemClock().now()
        sent = await place.database.transact(place.workspace_id, send_now, which, now)
        return (
            f"{sent.subscription_id} is on its way to {sent.channel_id}, as soon as a server runs. "
            "The next one comes as planned."
        )

    return await with_database(settings, work, workspace)
