"""Counts of spans: what is gone on from in memory is what the database says."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from time import monotonic

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.figures import Counts
from bot.lifecycle import State
from bot.ports import Transaction
from bot.submission import Submission
from storage import sample_cache
from storage.database import Database
from storage.stores import measures
from tests.support.storage_examples import DAY, MINUTE, NOW, SECOND, Workspace, make_submission

HALF_MINUTE = timedelta(seconds=30)
YOUNG = 2
"""Half minutes for which a transaction may have been under way."""

LONG = 60
_workspaces = count()
STATES = (State.ACCEPTED, State.DECLINED, State.PUBLISHED, State.DUPLICATE)

History = tuple[int, int | None, State, int | None]
"""When one was handed in, decided and published, in half minutes from the first on."""


def histories(first: int, last: int) -> st.SearchStrategy[list[History]]:
    moments = st.integers(first, last)
    one = st.tuples(moments, st.none() | moments, st.sampled_from(STATES), st.none() | moments)
    return st.lists(one, max_size=6)


def at(place: int) -> datetime:
    return NOW + place * HALF_MINUTE


def of(number: int, history: History) -> Submission:
    handed_in, decided, state, published = history
    moments = (handed_in, decided, published)
    return make_submission(
        number,
        created_at=at(handed_in),
        decided_at=None if decided is None else at(max(handed_in, decided)),
        state=State.NEW if decided is None else state,
        published_at=None if published is None else at(max(one or 0 for one in moments)),
    )


@pytest.fixture
def remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    """All counts are kept in memory."""
    monkeypatch.setattr(measures, "LARGE", 0)


@pytest.mark.usefixtures("remembering")
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
async def test_what_is_remembered_is_what_the_database_says(
    sqlite: Database, data: st.DataObject
) -> None:
    """Whenever it is asked, and whatever came, was decided or published since."""
    here = Workspace(sqlite, f"T{next(_workspaces)}")
    places = data.draw(st.lists(st.integers(0, LONG + 9), min_size=2, max_size=5, unique=True))
    bounds = [at(place) for place in sorted(places)]
    first, later = sorted(data.draw(st.tuples(st.integers(0, LONG), st.integers(0, LONG))))
    numbers = count(1)
    known = [of(next(numbers), one) for one in data.draw(histories(0, first))]
    for one in known:
        await here.add(one)
    await same(here, bounds, at(first))

    young = max(first - YOUNG, 0)
    for new in data.draw(histories(young, max(young, later))):
        await here.add(of(next(numbers), new))
    for one in known:
        if one.decided_at is None and data.draw(st.booleans()):
            decided = at(data.draw(st.integers(young, max(young, later))))
            changed = replace(one, version=2, state=State.DECLINED, decided_at=decided)
            assert await here.write(
                lambda tx, it=changed: tx.submissions.update(it, expected_version=1)  # type: ignore[misc]  # mypy can't infer a lambda's default
            )
    await same(here, bounds, at(later))
    await same(here, [*bounds[:-1], bounds[-1] + MINUTE], at(later) + MINUTE)


async def same(here: Workspace, bounds: list[datetime], now: datetime) -> None:
    """What is remembered, asked twice, and what is read."""
    read = await here.read(lambda tx: tx.figures.counts(bounds))
    for _ in range(2):
        assert await here.read(lambda tx: tx.figures.counts(bounds, now=now)) == read
        flows = await here.read(lambda tx: tx.figures.flows(bounds, now))
        assert flows == tuple((one.handed_in, one.published) for one in read)


BOUNDS = [NOW, NOW + DAY, NOW + 2 * DAY]
DECIDED = {"created_at": NOW, "decided_at": NOW, "state": State.ACCEPTED}


async def accepted(here: Workspace, now: datetime) -> list[int]:
    found = await here.read(lambda tx: tx.figures.counts(BOUNDS, now=now))
    return [one.accepted for one in found]


async def undo(here: Workspace, number: int) -> None:
    undone = make_submission(number, version=2)
    assert await here.write(lambda tx: tx.submissions.update(undone, expected_version=1))


@pytest.mark.usefixtures("remembering")
async def test_a_decision_that_was_undone_is_seen_within_minutes(
    here: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        await here.add(make_submission(number, **DECIDED))
    now = NOW + 9 * DAY
    assert await accepted(here, now) == [2, 0]
    await undo(here, 2)
    assert await accepted(here, now) == [2, 0]
    assert await here.read(lambda tx: tx.figures.counts(BOUNDS)) == (
        Counts(handed_in=2, accepted=1),
        Counts(),
    )
    later = monotonic() + sample_cache.KEPT.total_seconds() + 1
    monkeypatch.setattr(sample_cache, "monotonic", lambda: later)
    assert await accepted(here, now) == [1, 0]


async def test_few_are_counted_each_time(here: Workspace) -> None:
    for number in (1, 2):
        await here.add(make_submission(number, **DECIDED))
    assert await accepted(here, NOW + 9 * DAY) == [2, 0]
    await undo(here, 2)
    assert await accepted(here, NOW + 9 * DAY) == [1, 0]


@pytest.mark.usefixtures("remembering")
async def test_what_lies_ahead_is_not_remembered(here: Workspace) -> None:
    """A preview asks for a week that lasts."""
    await here.add(make_submission(1, **DECIDED))
    now = NOW + DAY + MINUTE
    assert await accepted(here, now) == [1, 0]
    late = {**DECIDED, "decided_at": now + SECOND}
    await here.add(make_submission(2, **late))
    assert await accepted(here, now + MINUTE) == [1, 1]


@pytest.mark.usefixtures("remembering")
async def test_what_may_be_rolled_back_is_not_remembered(here: Workspace) -> None:
    now = NOW + 9 * DAY

    def count_and_fail(tx: Transaction) -> None:
        tx.submissions.add(
            make_submission(9, **DECIDED), source_key="view:9", origin_key=None, personal={}
        )
        assert tx.figures.counts(BOUNDS, now=now)[0].accepted == 1
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await here.write(count_and_fail)
    assert await accepted(here, now) == [0, 0]
