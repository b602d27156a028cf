"""Importing a file: who may, what it brings here, and storing that once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.columns import Content, Fault, lines_of
from bot.conversion import conversion_id, types_of
from bot.conversions import RecordConversion, record_conversion
from bot.errors import DeskError, NotAllowedError, UnreadableError
from bot.goal import ReadingSource
from bot.goal_names import known_goals
from bot.imports import Found, GivenReading, conversions_in, readings_in
from bot.lifecycle import OPERATOR
from bot.people import zone_of
from bot.ports import Transaction
from bot.readings import RecordReading, record_reading
from bot.sheet import Sheet
from bot.sheet_material import Known
from bot.standings import roles_to_keep
from bot.text import folded, one_line

AT_ONCE = 50
"""How many lines one transaction stores: on SQLite others wait for it."""

NOT_THEIRS = "Files are imported by who keeps goals, and by admins."


def known_to(tx: Transaction, user_id: str, now: datetime) -> Known:
    """What files of this person's are read against; raises NotAllowedError for who may import
    nothing.
    """
    desk = tx.desk.load()
    is_operator = user_id == OPERATOR
    roles = tuple(desk.roles) if is_operator else roles_to_keep(tx, desk, user_id)
    if not roles:
        raise NotAllowedError(NOT_THEIRS)
    goals = known_goals(tx, now)
    return Known(
        goals=goals,
        kept=frozenset(
            one.goal_id for one in goals if is_operator or desk.role(one.role_id).role_id in roles
        ),
        types=types_of(desk.conversion_types),
        tz=zone_of(None if is_operator else tx.members.get(user_id)),
        hooks={folded(one.name): one.hook_id for one in tx.hooks.all()},
    )


def found_in(sheet: Sheet, known: Known, now: datetime) -> Found:
    """What a table brings; raises UnreadableError when its columns do not tell."""
    lines = lines_of(sheet)
    if lines.content is Content.READINGS:
        found = readings_in(lines, known.goals, known.kept, now)
    else:
        found = conversions_in(lines, known, now)
    if not (found.readings or found.conversions or found.faults):
        raise UnreadableError("This file has columns and no lines.")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreLines:
    """Some lines of a file, to be stored for who imports it."""

    actor_id: str
    readings: tuple[GivenReading, ...] = ()
    conversions: tuple[tuple[int, RecordConversion], ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """How many lines were new, how many had come in before, and what could not be stored.
    `earlier` are the first and the last moment at which those that had come in before did so: with
    an earlier run, of this file if it broke off.
    """

    new: int = 0
    before: int = 0
    faults: tuple[Fault, ...] = ()
    earlier: tuple[datetime, ...] = ()

    def __add__(self, other: "Stored") -> "Stored":
        """Both together."""
        earlier = sorted((*self.earlier, *other.earlier))
        return Stored(
            new=self.new + other.new,
            before=self.before + other.before,
            faults=self.faults + other.faults,
            earlier=(earlier[0], earlier[-1]) if earlier else (),
        )


def parts_of(found: Found, actor_id: str) -> Sequence[StoreLines]:
    """What a file brings, in parts that are stored one after the other."""
    return [
        StoreLines(
            actor_id=actor_id,
            readings=found.readings[start : start + AT_ONCE],
            conversions=found.conversions[start : start + AT_ONCE],
        )
        for start in range(0, max(len(found.readings), len(found.conversions)), AT_ONCE)
    ]


def store_lines(tx: Transaction, command: StoreLines, now: datetime) -> Stored:
    """Store lines, each once however often it comes; one that can't be stored any more is told and
    keeps no other from it. Raises NotAllowedError for who may import nothing any more.
    """
    kept = known_to(tx, command.actor_id, now).kept
    stored = Stored()
    for reading in command.readings:
        store = partial(_store_reading, tx, reading, command.actor_id, kept, now)
        stored += _stored(reading.line, store)
    for line, conversion in command.conversions:
        stored += _stored(line, partial(_store_conversion, tx, conversion, now))
    return stored


def _stored(line: int, store: Callable[[], datetime | None]) -> Stored:
    try:
        came_at = store()
    except DeskError as error:
        return Stored(faults=(Fault(line, error.sentence),))
    return Stored(before=1, earlier=(came_at, came_at)) if came_at else Stored(new=1)


def _store_conversion(tx: Transaction, given: RecordConversion, now: datetime) -> datetime | None:
    """Store it; when it came in before: when that was."""
    if record_conversion(tx, given, now):
        return None
    return tx.conversions.came_at(conversion_id(given.source, one_line(given.external_id))) or now


def _store_reading(
    tx: Transaction, given: GivenReading, actor_id: str, kept: frozenset[str], now: datetime
) -> datetime | None:
    if given.goal_id not in kept:
        raise NotAllowedError("This goal is kept by others now.")
    command = RecordReading(
        goal_id=given.goal_id,
        value=given.value,
        at=given.at,
        actor_id=actor_id,
        source=ReadingSource.FILE,
        external_id=given.external_id,
    )
    recorded = record_reading(tx, command, now)
    return None if recorded.is_new else recorded.reading.came_at
