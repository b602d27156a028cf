from datetime import datetime
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import create_engine

from bot.errors import NotFoundError
from bot.goal import Measure, Measured, Sample, WonLead
from bot.lifecycle import State
from bot.ports import Transaction
from storage import sample_cache
from storage.stores import measures
from storage.tables import metadata
from tests.support.storage_examples import (
    DAY,
    NOW,
    SECOND,
    Workspace,
    make_conversion,
    make_submission,
)

HOUR = 3600 * SECOND
UNTIL = NOW + 10 * DAY


async def fill(here: Workspace, *rows: dict[str, Any]) -> None:
    for number, row in enumerate(rows, start=1):
        await here.add(make_submission(number, **row))


async def sample(here: Workspace, measure: Measure, **more: Any) -> Sample:
    asked = Measured(measure=measure, since=NOW, until=UNTIL, **more)
    return await here.read(lambda tx: tx.measures.sample(asked))


async def test_counts_have_the_start_in_and_the_end_out(here: Workspace) -> None:
    await fill(
        here,
        {"created_at": NOW - SECOND},
        {"created_at": NOW},
        {"created_at": UNTIL - SECOND, "kind_key": "testimonial", "department": "Sales"},
        {"created_at": UNTIL},
    )
    assert await sample(here, Measure.HANDED_IN) == Sample(2, 2)
    assert await sample(here, Measure.HANDED_IN, kind_key="testimonial") == Sample(1, 1)
    assert await sample(here, Measure.HANDED_IN, department="Sales") == Sample(1, 1)
    assert await sample(here, Measure.HANDED_IN, kind_key="idea", department="Sales") == Sample(
        0, 0
    )


async def test_what_was_accepted_published_and_won(here: Workspace) -> None:
    decided = {"decided_at": NOW}
    await fill(
        here,
        {**decided, "state": State.ACCEPTED},
        {**decided, "state": State.PUBLISHED, "published_at": NOW, "ended_at": NOW},
        {**decided, "state": State.DECLINED, "ended_at": NOW},
        {**decided, "state": State.DUPLICATE, "ended_at": NOW},
        {**decided, "state": State.WITHDRAWN, "ended_at": NOW},
        {**decided, "state": State.WON, "ended_at": NOW, "kind_key": "lead"},
        {**decided, "state": State.LOST, "ended_at": NOW, "kind_key": "lead"},
        {**decided, "state": State.WON, "ended_at": UNTIL, "kind_key": "lead"},
    )
    assert await sample(here, Measure.ACCEPTED) == Sample(5, 5)
    assert await sample(here, Measure.ACCEPTED, kind_key="idea") == Sample(2, 2)
    assert await sample(here, Measure.PUBLISHED) == Sample(1, 1)
    assert await sample(here, Measure.LEADS_WON) == Sample(1, 1)


async def test_in_time_is_a_share_of_what_was_decided_and_of_what_is_overdue(
    here: Workspace,
) -> None:
    due = NOW + DAY
    await fill(
        here,
        {"due_at": due, "decided_at": due, "state": State.ACCEPTED},
        {"due_at": due, "decided_at": due + SECOND, "state": State.DECLINED},
        {"due_at": due, "decided_at": NOW, "state": State.ACCEPTED},
        {"due_at": due},
        {"due_at": due, "decided_at": NOW, "state": State.DUPLICATE},
        {"due_at": due, "paused_at": NOW, "state": State.ASKED},
        {"due_at": UNTIL},
    )
    assert await sample(here, Measure.IN_TIME) == Sample(50, 4)
    assert await sample(here, Measure.IN_TIME, kind_key="lead") == Sample(None, 0)


@pytest.mark.parametrize("hours, median", [((5,), 5), ((1, 30), 15.5), ((30, 1, 2), 2)])
async def test_the_median_time_to_a_decision(
    here: Workspace, hours: tuple[int, ...], median: float
) -> None:
    rows = [
        {"created_at": NOW, "decided_at": NOW + hour * HOUR, "state": State.ACCEPTED}
        for hour in hours
    ]
    await fill(here, *rows, {}, {"decided_at": NOW + 9 * HOUR, "state": State.WITHDRAWN})
    found = await sample(here, Measure.TIME_TO_DECISION)
    assert found.value == pytest.approx(median, abs=0.001)
    assert found.size == len(hours)


async def test_nothing_decided_has_no_median(here: Workspace) -> None:
    await fill(here, {})
    assert await sample(here, Measure.TIME_TO_DECISION) == Sample(None, 0)


async def test_what_people_enter_is_not_measured(here: Workspace) -> None:
    with pytest.raises(ValueError, match="by hand"):
        await sample(here, Measure.HAND)


async def test_the_lead_that_was_won_last(here: Workspace) -> None:
    won = {"kind_key": "lead", "state": State.WON, "decided_at": NOW}
    await fill(
        here,
        {**won, "ended_at": NOW + DAY},
        {**won, "ended_at": NOW + 2 * DAY, "department": "Sales"},
        {**won, "ended_at": NOW + 3 * DAY, "state": State.LOST},
        {**won, "ended_at": UNTIL},
    )
    assert await here.read(lambda tx: tx.measures.won(NOW, UNTIL)) == WonLead(
        number=2,
        submitter_id="U1",
        department="Sales",
        created_at=NOW,
        ended_at=NOW + 2 * DAY,
    )
    assert await here.read(lambda tx: tx.measures.won(NOW, NOW + DAY)) is None


MINUTE = 60 * SECOND


@pytest.fixture
def remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts of two and more are kept in memory."""
    monkeypatch.setattr(measures, "LARGE", 2)


async def value(here: Workspace, measure: Measure, until: datetime) -> float | None:
    asked = Measured(measure=measure, since=NOW, until=until)
    return (await here.read(lambda tx: tx.measures.sample(asked))).value


@pytest.mark.usefixtures("remembering")
@pytest.mark.parametrize(
    "measure, values", [(Measure.HANDED_IN, (3, 4)), (Measure.IN_TIME, (100, 75))]
)
async def test_a_large_count_goes_on_from_what_is_known(
    here: Workspace, measure: Measure, values: tuple[float, float]
) -> None:
    decided = {"created_at": NOW, "decided_at": NOW, "state": State.ACCEPTED}
    await fill(here, decided, decided, decided)
    assert await value(here, measure, NOW + DAY) == values[0]
    late = {"created_at": NOW + DAY, "decided_at": NOW + DAY, "due_at": NOW}
    await here.add(make_submission(4, **{**decided, **late}))
    for moment in (NOW + DAY + SECOND, NOW + DAY + 5 * MINUTE, NOW + 2 * DAY):
        assert await value(here, measure, moment) == values[1]
    assert await value(here, measure, NOW + DAY) == values[0]


@pytest.mark.usefixtures("remembering")
async def test_what_is_young_is_counted_each_time(here: Workspace) -> None:
    """A transaction that began a little earlier may commit a little later."""
    await fill(here, {}, {})
    until = NOW + 10 * MINUTE
    assert await value(here, Measure.HANDED_IN, until) == 2
    await here.add(make_submission(3, created_at=until - 30 * SECOND))
    assert await value(here, Measure.HANDED_IN, until) == 3


@pytest.mark.usefixtures("remembering")
@pytest.mark.parametrize("measure", [Measure.ACCEPTED, Measure.TIME_TO_DECISION])
async def test_a_decision_that_was_undone_is_seen_within_minutes(
    here: Workspace, measure: Measure
) -> None:
    decided = {"decided_at": NOW + HOUR, "state": State.ACCEPTED}
    await fill(here, decided, decided, {**decided, "decided_at": NOW + 9 * HOUR})
    before = await value(here, measure, NOW + DAY)
    undone = make_submission(3, version=2)
    assert await here.write(lambda tx: tx.submissions.update(undone, expected_version=1))
    after = await value(here, measure, NOW + DAY + 12 * MINUTE)
    expected = (3, 2) if measure is Measure.ACCEPTED else (1, 1)
    assert (before, after) == pytest.approx(expected, abs=0.001)
    asked = Measured(measure=measure, since=NOW, until=NOW + DAY + 12 * MINUTE)
    assert (await here.read(lambda tx: tx.measures.sample(asked))).size == 2


@pytest.mark.usefixtures("remembering")
@pytest.mark.parametrize("measure", [Measure.ACCEPTED, Measure.TIME_TO_DECISION])
async def test_what_is_known_of_a_span_that_has_ended_is_counted_anew_in_time(
    here: Workspace, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = {"decided_at": NOW + HOUR, "state": State.ACCEPTED}
    await fill(here, decided, decided, {**decided, "decided_at": NOW + 9 * HOUR})
    asked = Measured(measure=measure, since=NOW, until=NOW + DAY)
    before = await here.read(lambda tx: tx.measures.sample(asked))
    undone = make_submission(3, version=2)
    assert await here.write(lambda tx: tx.submissions.update(undone, expected_version=1))
    assert await here.read(lambda tx: tx.measures.sample(asked)) == before
    later = monotonic() + sample_cache.KEPT.total_seconds() + 1
    monkeypatch.setattr(sample_cache, "monotonic", lambda: later)
    assert (await here.read(lambda tx: tx.measures.sample(asked))).size == before.size - 1


@pytest.mark.parametrize("long, counted", [(9, 1), (3, 0)])
@pytest.mark.parametrize("measure", [Measure.HANDED_IN, Measure.TIME_TO_DECISION])
async def test_a_few_among_many_are_looked_for_once(
    here: Workspace, measure: Measure, long: int, counted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "LONG", long)
    await fill(here, {}, {}, {})
    asked = Measured(measure=measure, since=NOW, until=NOW + DAY, kind_key="lead")
    found = await here.read(lambda tx: tx.measures.sample(asked))
    assert found.size == 0
    decided = {"decided_at": NOW + HOUR, "state": State.ACCEPTED, "kind_key": "lead"}
    await here.add(make_submission(4, **decided))
    found = await here.read(lambda tx: tx.measures.sample(asked))
    assert found.size == counted


@pytest.mark.usefixtures("remembering")
async def test_what_may_be_rolled_back_is_not_remembered(here: Workspace) -> None:
    await fill(here, {}, {})
    asked = Measured(measure=Measure.HANDED_IN, since=NOW, until=NOW + DAY)

    def count_and_fail(tx: Transaction) -> None:
        tx.submissions.add(make_submission(9), source_key="view:9", origin_key=None, personal={})
        assert tx.measures.sample(asked).value == 3
        raise NotFoundError("No.")

    with pytest.raises(NotFoundError):
        await here.write(count_and_fail)
    assert await value(here, Measure.HANDED_IN, NOW + DAY) == 2


async def test_conversions_are_counted_by_type_and_what_was_undone_is_not(here: Workspace) -> None:
    found = (
        make_conversion("1", type_key="signup", count=3),
        make_conversion("2", type_key="signup", occurred_at=UNTIL),
        make_conversion("3", type_key="signup", undone_at=NOW, undone_by="U1"),
        make_conversion("4", type_key="download", count=4),
    )
    for one in found:
        assert await here.write(lambda tx, one=one: tx.conversions.add(one))  # type: ignore[misc]  # mypy can't infer a lambda's default
    assert await sample(here, Measure.CONVERSIONS, kind_key="signup") == Sample(3, 3)
    assert await sample(here, Measure.CONVERSIONS, kind_key="request") == Sample(0, 0)
    assert await sample(here, Measure.CONVERSIONS) == Sample(7, 7)


def test_a_goal_s_conversions_are_counted_in_an_index_alone() -> None:
    """Those of its type and period: not the past, not the other types, and no row is opened."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    statement = measures.conversions_of(has_type=True).compile(dialect=engine.dialect)
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", (1,) * str(statement).count("?")
        )
        (step,) = [row[3] for row in plan]
    engine.dispose()
    assert step == (
        "SEARCH conversion USING COVERING INDEX ix_conversion_type "
        "(workspace_id=? AND type_key=? AND occurred_at>? AND occurred_at<?)"
    )
