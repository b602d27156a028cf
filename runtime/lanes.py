"""`python app.py lanes`: what waits and what was set aside, from the database alone. It needs no
Slack, since that may be what is down. The sweep of a serving process takes up what it does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.errors import ConfigurationError
from bot.lane_care import (
    Attend,
    Settled,
    ShownEffect,
    channel_names,
    drop,
    effects_in,
    error_in_words,
    lanes_of,
    retry,
    said_of,
)
from bot.lane_store import EffectStanding, LaneStanding
from bot.outbox import EffectState
from bot.ports import UseCase
from runtime.clocks import SystemClock
from runtime.here import chosen, opened
from runtime.settings import Settings

Cells = tuple[str, ...]

LANES: Cells = ("lane", "open", "waits", "state", "set aside", "error")
EFFECTS: Cells = ("key", "what", "state", "tries", "enqueued (UTC)", "error")
ACTS: dict[str, UseCase[Attend, tuple[Settled, ...]]] = {"retry": retry, "drop": drop}
DONE = {"retry": "an operator had it tried again", "drop": "an operator gave it up"}


@dataclass(frozen=True, slots=True)
class Table:
    """What is printed: a head, rows, and a sentence behind them."""

    head: Cells
    rows: tuple[Cells, ...]
    closing: str = ""


async def show_lanes(settings: Settings, workspace_id: str | None) -> Table:
    """Every lane that has something open or set aside; of all workspaces unless one is named."""
    async with opened(settings) as database:
        known = await database.workspaces()
        asked = known if workspace_id is None else (await chosen(database, workspace_id),)
        now = SystemClock().now()
        rows: list[Cells] = []
        for one in asked:
            standings = await database.read(one, lanes_of, None, now)
            named = await database.read(one, channel_names, [s.lane for s in standings], now)
            begin = (one,) if len(known) > 1 else ()
            rows += [(*begin, *_lane_row(s, named.get(s.lane), now)) for s in standings]
        head = ("workspace", *LANES) if len(known) > 1 else LANES
        return Table(head, tuple(rows), "" if rows else "Nothing waits, nothing is set aside.")


def _lane_row(standing: LaneStanding, name: str | None, now: datetime) -> Cells:
    shown = standing.head if standing.head and standing.head.error else standing.newest_dead
    return (
        standing.lane + (f" (#{name})" if name else ""),
        str(standing.is_open),
        age(now - standing.since) if standing.is_open else "",
        _state(standing, now),
        str(standing.is_dead or ""),
        "" if shown is None else error_in_words(shown),
    )


def _state(standing: LaneStanding, now: datetime) -> str:
    """What becomes of the lane next."""
    if standing.head is None:
        return "idle"
    if standing.lease_until is not None and standing.lease_until > now:
        return "being sent"
    is_unclear = standing.head.state in {EffectState.UNKNOWN, EffectState.SENDING}
    what = "looked up" if is_unclear else "tried"
    if standing.wants_at is None or standing.wants_at <= now:
        return f"{what} next"
    return f"{what} in {age(standing.wants_at - now)}"


def age(length: timedelta) -> str:
    """A length of time in its largest unit, or its two largest: "40 s", "3 h 5 min"."""
    seconds = max(0, round(length.total_seconds()))
    units = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
    for (size, name), (less, lesser) in pairwise(units):
        if seconds >= size:
            rest = seconds % size // less
            is_short = name == "min" or rest == 0
            return f"{seconds // size} {name}" + ("" if is_short else f" {rest} {lesser}")
    return f"{seconds} s"


async def show_lane(settings: Settings, lane: str, workspace_id: str | None) -> Table:
    """What is open or set aside in one lane, with what operators did to it."""
    async with opened(settings) as database:
        here = await chosen(database, workspace_id)
        now = SystemClock().now()
        shown = await database.read(here, effects_in, lane, now)
        rows = [row for one in shown for row in _effect_rows(one)]
        return Table(EFFECTS, tuple(rows), "" if rows else f"Nothing waits in {lane}.")


def _effect_rows(shown: ShownEffect) -> list[Cells]:
    one = shown.standing
    row = (
        one.effect.key,
        said_of(one),
        _word_for(one),
        str(one.attempts),
        f"{one.created_at:%Y-%m-%d %H:%M:%S}",
        error_in_words(one),
    )
    noted = [
        ("", "", "", "", f"{note.at:%Y-%m-%d %H:%M:%S}", f"{DONE[note.what]}: {note.reason}")
        for note in shown.notes
    ]
    return [row, *noted]


def _word_for(one: EffectStanding) -> str:
    match one.state:
        case EffectState.DEAD:
            return "set aside"
        case EffectState.UNKNOWN:
            return "unclear"
        case EffectState.SENDING:
            return "being sent"
        case EffectState.PENDING:
            return "waits"
        case _:
            return one.state.value


async def attend(
    settings: Settings,
    act: str,
    keys: Sequence[str],
    *,
    reason: str,
    lane: str | None,
    workspace_id: str | None,
) -> tuple[Settled, ...]:
    """Retry or drop (`act`) these effects, and everything that is set aside in `lane`.

    Raises ConfigurationError when nothing is named, and FieldError for the reason.
    """
    async with opened(settings) as database:
        here = await chosen(database, workspace_id)
        now = SystemClock().now()
        named = list(keys)
        if lane is not None:
            found = await database.read(here, effects_in, lane, now)
            named += [s.standing.effect.key for s in found if s.standing.is_set_aside]
        if not named:
            raise ConfigurationError(
                "Name the keys of effects, or a --lane that has some set aside."
            )
        command = Attend(tuple(dict.fromkeys(named)), reason)
        return await database.transact(here, ACTS[act], command, now)


def printed(table: Table, write: Callable[[str], None], *, is_for_people: bool) -> None:
    """Print a table: with lines and colours where people look, else a line each, with tabs."""
    if table.rows and is_for_people:
        from rich.console import Console
        from rich.table import Table as RichTable

        shown = RichTable(*table.head, box=None, pad_edge=False, header_style="bold")
        for row in table.rows:
            shown.add_row(*row)
        Console(markup=False, highlight=False).print(shown)
    elif table.rows:
        for row in (table.head, *table.rows):
            write("\t".join(row))
    if table.closing:
        write(table.closing)
