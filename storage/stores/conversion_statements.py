"""The statements that add up conversions in a span."""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy import case as when

from bot.conversion import Dimension
from storage.prepared import Prepared
from storage.tables import conversion, conversion_count, conversion_touch, submission, uncounted
from storage.unit import among

_c, _t, _n = conversion.c, conversion_touch.c, conversion_count.c

TOTAL = "total"
"""The dimension of counts that are of no key."""

_IS_ITS = and_(_t.workspace_id == _c.workspace_id, _t.conversion_id == _c.conversion_id)
OF_SUBMISSION: Mapping[Dimension, ColumnElement[Any]] = {
    Dimension.CONTENT_TYPE: submission.c.fields["content_type"].as_string(),
    Dimension.GOAL: submission.c.goal_id,
}
"""What is asked of the post's row, and may change: counts know posts, and nothing of this."""


def _of_post(asked: ColumnElement[Any]) -> ColumnElement[Any]:
    """Not joined: SQLite would begin with all posts, and go through all that they ever brought."""
    is_it = and_(submission.c.workspace_id == _t.workspace_id, submission.c.number == _t.number)
    return select(asked).where(is_it).correlate(conversion_touch).scalar_subquery()


_KEYS: Mapping[Dimension, ColumnElement[Any]] = {
    Dimension.POST: cast(_t.number, String),
    Dimension.PLATFORM: _t.platform,
    Dimension.CAMPAIGN: _t.campaign,
    Dimension.PAID: when((_t.is_paid, literal("paid")), else_=literal("organic")),
    **{dimension: _of_post(asked) for dimension, asked in OF_SUBMISSION.items()},
}


class Of(Enum):
    """Rows that are read one by one."""

    SPAN = "all in a span"
    NEW = "in a span, and not in the counts yet"
    UNDONE = "in a span, and in the counts still"
    POST = "all of a post"


Shape = tuple[tuple[int, Of], ...]
"""Rows that are to be read, and whether they count or are taken off: 1 or -1. This is what a
statement depends on, beside its values."""


_HERE = bindparam("in_workspace", type_=String())


def in_span(since: Any, until: Any) -> ColumnElement[bool]:
    """What happened in [since, until) and counts."""
    return and_(_c.occurred_at >= since, _c.occurred_at < until, _c.undone_at.is_(None))


def _only(place: int, of: Of) -> ColumnElement[bool]:
    """The rows of a part that stands at a place of its shape."""
    if of is Of.POST:
        here = _t.workspace_id == _HERE
        return and_(here, _t.number == bindparam("number"), _c.undone_at.is_(None))
    at, here = _c.occurred_at, _c.workspace_id == _HERE
    since, until = (bindparam(f"{name}_{place}", type_=at.type) for name in ("since", "until"))
    if of is Of.SPAN:
        return and_(here, in_span(since, until))
    # `is_counted` says it alone: with `undone_at`, SQLite would go through all of the days.
    inside = and_(here, at >= since, at < until, uncounted)
    return and_(inside, _c.is_counted.is_(of is Of.UNDONE))


# Put together once for each shape: that takes ten times as long as to read few rows.


def _are_counted(dimension: Any) -> ColumnElement[bool]:
    """The counts of some whole days."""
    first, after = (bindparam(name, type_=_n.day.type) for name in ("first_day", "after_day"))
    here = _n.workspace_id == _HERE
    return and_(here, _n.dimension == dimension, _n.day >= first, _n.day < after)


@cache
def has_counted() -> Prepared:
    """Whether anything of these days was counted."""
    return Prepared(
        select(literal(1).label("any")).where(_are_counted(TOTAL)).limit(literal_column("1"))
    )


@cache
def counted_days() -> Prepared:
    """What was counted of some whole days, by lens, type and key."""
    key = (_n.lens, _n.type_key, _n.key)
    return Prepared(
        select(
            *key,
            func.sum(_n.count).label("total"),
            func.sum(_n.entries).label("entries"),
            func.sum(_n.thousandths).label("thousandths"),
        )
        .where(_are_counted(bindparam("of_dimension")))
        .group_by(*key)
    )


@cache
def names_of_posts(dimension: Dimension, count: int) -> Prepared:
    """What so many posts stand for."""
    s = submission.c
    found = select(s.number, OF_SUBMISSION[dimension].label("key"))
    return Prepared(found.where(s.workspace_id == _HERE, among(s.number, "number", count)))


@cache
def totals(shape: Shape) -> Prepared:
    """The totals of what is read row by row."""
    every = _together(
        select(literal(sign).label("sign"), _c.type_key, _c.currency, _c.count, _c.thousandths)
        .select_from(conversion)
        .where(_only(place, of))
        for place, (sign, of) in enumerate(shape)
    ).subquery("by_key")
    sign, of = every.c.sign, every.c
    return Prepared(
        select(
            of.type_key,
            of.currency.label("key"),
            func.sum(sign * of.count).label("total"),
            func.sum(sign).label("entries"),
            func.sum(sign * of.thousandths).label("thousandths"),
        ).group_by(of.type_key, of.currency)
    )


@cache
def touched(dimension: Dimension, shape: Shape) -> tuple[Prepared, Prepared]:
    """Row by row: each conversion once per key, and once more for any key at all."""
    by_key = _together(
        _once(dimension, sign, _only(place, of)) for place, (sign, of) in enumerate(shape)
    ).subquery("by_key")
    of = by_key.c
    at_all = (
        select(of.sign, of.lens, of.type_key, of.conversion_id, of.count)
        .where(of.key.is_not(None))
        .distinct()
        .subquery("at_all")
    )
    each = _summed(by_key, of.key).where(of.key.is_not(None))
    return Prepared(each), Prepared(_summed(at_all))


def _together(parts: Iterable[Select[Any]]) -> Any:
    every = list(parts)
    return every[0] if len(every) == 1 else union_all(*every)


def _once(dimension: Dimension, sign: int, only: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            literal(sign).label("sign"),
            _t.lens,
            _c.type_key,
            _KEYS[dimension].label("key"),
            _c.conversion_id,
            _c.count,
        )
        .join_from(conversion, conversion_touch, _IS_ITS)
        .where(only)
        .distinct()
    )


def _summed(each: Subquery, *key: ColumnElement[Any]) -> Select[Any]:
    groups = [each.c.lens, each.c.type_key, *key]
    return select(
        *groups,
        func.sum(each.c.sign * each.c.count).label("total"),
        func.sum(each.c.sign).label("entries"),
    ).group_by(*groups)
