"""How much happened in spans that follow on each other: the weeks and the months of a digest."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from functools import cache
from operator import add
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    bindparam,
    case,
    func,
    literal_column,
    select,
    union_all,
)

from bot.lifecycle import NOT_COUNTED, State
from storage.prepared import Prepared
from storage.sample_cache import MARGIN, Base, Parts, Spans
from storage.stores.measures import is_worth_keeping
from storage.tables import submission
from storage.unit import Unit

_c = submission.c
_NOT_COUNTED = tuple(sorted(state.value for state in NOT_COUNTED))


class Moment(Enum):
    """What is counted by when it happened."""

    HANDED_IN = "created_at"
    DECIDED = "decided_at"
    PUBLISHED = "published_at"


@cache
def _spans(moment: Moment, count: int) -> Prepared:
    """How many in each of `count` spans that follow on each other.

    A range of the index for each: to find out row by row which span it lies in takes ten times as
    long. Put together once, since that takes longer than to count.
    """
    at = _c[moment.value]
    counted = [func.count().label("total")]
    if moment is Moment.DECIDED:
        counted += [
            _of_state(State.DECLINED.value).label("declined"),
            _of_state(*_NOT_COUNTED).label("others"),
        ]
    spans = [
        select(literal_column(str(place), Integer).label("span"), *counted).where(
            _c.workspace_id == bindparam("in_workspace"),
            at >= bindparam(f"bound_{place}", type_=at.type),
            at < bindparam(f"bound_{place + 1}", type_=at.type),
        )
        for place in range(count)
    ]
    found: Any = union_all(*spans)
    return Prepared(found)


def _of_state(*states: str) -> ColumnElement[int]:
    # One by one, and in the statement's text: a list would be looked up for each row.
    found = (_c.state == literal_column(f"'{state}'") for state in states)
    return func.count(case(*((one, 1) for one in found)))


def counted(
    unit: Unit, moment: Moment, bounds: Sequence[datetime], now: datetime | None
) -> Sequence[Parts]:
    """What happened in each span: all of it, and of what was decided also how much was declined,
    and how much neither accepted nor declined.

    Large counts are gone on from, as `storage.sample_cache` says, where it is told what time it
    is: what was a minute ago may be told as it was up to ten minutes ago.
    """
    if now is None:
        return _read(unit, moment, bounds)
    begun, until = tuple(bounds[:-1]), bounds[-1]
    asked = Spans(moment.value, begun, until)
    base = unit.samples.find(unit.workspace_id, asked)
    if base is not None:
        young = _read(unit, moment, [base.cut, until]) if base.cut < until else ()
        return _with_young(base.parts, young, len(begun))
    cut = min(until, now - MARGIN)
    if unit.is_writing or begun[-1] >= cut:
        return _read(unit, moment, bounds)
    old = _read(unit, moment, [*begun, cut] if cut == until else [*begun, cut, until])
    parts = tuple(part for one in old[: len(begun)] for part in one)
    if is_worth_keeping(unit, int(sum(one[0] for one in old))):
        unit.samples.keep(unit.workspace_id, asked, Base(cut, parts))
    return _with_young(parts, old[len(begun) :], len(begun))


def _with_young(parts: Parts, young: Sequence[Parts], count: int) -> Sequence[Parts]:
    """The parts of `count` spans, with what came to the last of them."""
    width = len(parts) // count
    spans = [parts[place : place + width] for place in range(0, len(parts), width)]
    for one in young:
        spans[-1] = tuple(map(add, spans[-1], one))
    return spans


def _read(unit: Unit, moment: Moment, bounds: Sequence[datetime]) -> Sequence[Parts]:
    values = {f"bound_{place}": at for place, at in enumerate(bounds)}
    rows = _spans(moment, len(bounds) - 1).all(
        unit.connection, {"in_workspace": unit.workspace_id, **values}
    )
    found: dict[int, Parts] = {}
    for row in rows:
        place, *parts = row._asdict().values()
        found[place] = tuple(parts)
    return [found[place] for place in range(len(bounds) - 1)]
