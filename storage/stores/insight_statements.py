"""The statements that count what the desk's own records teach."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
)

from bot.lifecycle import NOT_COUNTED, State, Verb
from storage.prepared import Prepared
from storage.tables import history, is_lead, submission
from storage.unit import among

_c = submission.c
_HERE = _c.workspace_id == bindparam("in_workspace")
# Each value by itself: a statement that is prepared takes no list.
_IS_CONTENT = _c.kind_key.in_((literal("idea"), literal("testimonial")))
_IS_COUNTED = _c.state.not_in(
    [literal(state) for state in sorted(one.value for one in NOT_COUNTED)]
)
_WAS_PASSED_ON = _c.state.in_(
    [literal(one.value) for one in (State.PASSED_ON, State.WON, State.LOST)]
)
_IS_UNDECIDED = and_(_HERE, _c.decided_at.is_(None), _c.paused_at.is_(None))
_IS_UNPUBLISHED = and_(_HERE, _c.decided_at.is_not(None), _c.ended_at.is_(None))
_TYPE = case(
    (_c.kind_key == "testimonial", literal("testimonial")),
    else_=_c.fields["content_type"].as_string(),
)
_STAGE = _c.fields["stage"].as_string()
_KNOWS_US = _c.fields["knows_us"].as_string()
SPANNED = ("handed_in", "published")
"""What of a stage is counted in a span; the rest is what waits now."""

_MOST = bindparam("most", type_=Integer())


def _span(at: ColumnElement[Any]) -> ColumnElement[bool]:
    """The workspace's submissions whose moment `at` lies in the span."""
    since, until = (bindparam(name, type_=at.type) for name in ("since", "until"))
    return and_(_HERE, at >= since, at < until)


# Put together once each, when it is first asked: that takes longer than most of them run.


@cache
def newest(column: str) -> Prepared:
    """The newest moments in a column, one of `most` after those that are `skipped`."""
    at = _c[column]
    skipped = bindparam("skipped", type_=Integer())
    return Prepared(
        select(at.label("at")).where(_span(at)).order_by(at.desc()).offset(skipped).limit(_MOST)
    )


@cache
def unserving() -> Prepared:
    """How many were published, and how many of them serve a goal."""
    serving: Any = func.count(_c.goal_id).label("serving")
    return Prepared(select(func.count().label("posts"), serving).where(_span(_c.published_at)))


@cache
def content_types() -> Prepared:
    """How many of each content type were decided, and published."""
    is_published = case((_c.published_at.is_not(None), 1), else_=0)
    return Prepared(
        select(
            _TYPE.label("content_type"),
            func.count().label("decided"),
            func.sum(is_published).label("published"),
        )
        .where(_span(_c.decided_at), _IS_CONTENT, _IS_COUNTED)
        .group_by("content_type")
    )


@cache
def stages() -> Mapping[str, Prepared]:
    """What is counted of each stage, by its name in `StageCount`."""
    counted = {
        "handed_in": _span(_c.created_at),
        "published": _span(_c.published_at),
        "undecided": _IS_UNDECIDED,
        "unpublished": _IS_UNPUBLISHED,
    }
    return {name: _by(_STAGE, condition, _IS_CONTENT) for name, condition in counted.items()}


@cache
def waiting_at() -> tuple[Prepared, Prepared]:
    """What waits to be published, and to be decided, each in the order of its index."""
    is_at = and_(_IS_CONTENT, bindparam("stage", type_=String()) == _STAGE)
    halves = ((_IS_UNPUBLISHED, _c.decided_at), (_IS_UNDECIDED, _c.due_at))
    columns = (_c.number, _c.kind_key, _c.title, _c.decided_at)
    decided, undecided = (
        Prepared(select(*columns).where(half, is_at).order_by(first, _c.number).limit(_MOST))
        for half, first in halves
    )
    return decided, undecided


@cache
def given() -> Prepared:
    """What came from departments, by kind."""
    return Prepared(
        select(_c.department, _c.kind_key, func.count().label("total"))
        .where(_span(_c.created_at))
        .group_by(_c.department, _c.kind_key)
    )


@cache
def returned() -> Mapping[str, Prepared]:
    """What departments got, by its name in `GivenCount`."""
    passed_on = (_span(_c.decided_at), _c.kind_key == "lead", _WAS_PASSED_ON)
    return {
        "published": _by(_c.department, _span(_c.published_at)),
        "passed_on": _by(_c.department, *passed_on),
        "won": _by(_c.department, _span(_c.ended_at), _c.state == State.WON.value),
    }


@cache
def undecided() -> Prepared:
    """What waits for a decision, by department."""
    return _by(_c.department, _IS_UNDECIDED)


@cache
def platforms() -> Prepared:
    """How many were published on each platform."""
    h = history.c
    is_of = and_(h.workspace_id == _c.workspace_id, h.number == _c.number)
    platform = h.detail["platform"].as_string()
    return Prepared(
        select(platform.label("platform"), func.count().label("total"))
        .join_from(submission, history, is_of)
        .where(_span(_c.published_at), h.verb == Verb.PUBLISH.value, platform.is_not(None))
        .group_by("platform")
    )


def _wanted() -> tuple[Subquery, ColumnElement[bool]]:
    """What waits for a decision, and that it is the department's."""
    # Two halves, each with its index; both are small: they are the queue.
    columns = (_c.number, _c.kind_key, _c.title, _c.created_at, _c.department, _c.paused_at)
    here = and_(_HERE, _c.decided_at.is_(None))
    waiting = union_all(
        select(*columns).where(here, _c.paused_at.is_(None)),
        select(*columns).where(here, _c.paused_at.is_not(None)),
    ).subquery("undecided")
    w = waiting.c
    before = bindparam("before", type_=_c.created_at.type)
    theirs = w.department == bindparam("of_department", type_=String())
    return waiting, and_(theirs, w.created_at < before)


@cache
def wanted_by_kind() -> Prepared:
    """What of a department waits for a decision, by kind, and how much of it waits for them."""
    waiting, is_theirs = _wanted()
    w = waiting.c
    return Prepared(
        select(w.kind_key, func.count().label("total"), func.count(w.paused_at).label("back"))
        .where(is_theirs)
        .group_by(w.kind_key)
        .order_by(w.kind_key)
    )


@cache
def wanted_titles(kinds: int) -> Prepared:
    """The newest titles of that."""
    waiting, is_theirs = _wanted()
    w = waiting.c
    return Prepared(
        select(w.number, w.title)
        .where(is_theirs, among(w.kind_key, "kind", kinds))
        .order_by(w.created_at.desc(), w.number.desc())
        .limit(_MOST)
    )


@cache
def leads() -> Prepared:
    """Leads by how they know us, and how many of them were won."""
    return Prepared(
        select(
            _KNOWS_US.label("known"),
            func.count().label("total"),
            func.sum(case((_c.state == State.WON.value, 1), else_=0)).label("won"),
        )
        .where(_span(_c.created_at), is_lead, _IS_COUNTED)
        .group_by("known")
    )


def _by(key: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Prepared:
    found = select(key.label("found_by"), func.count().label("total"))
    return Prepared(found.where(*conditions).group_by("found_by"))
