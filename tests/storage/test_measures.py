from typing import Any

import pytest

from bot.goal import Measure, Measured, Sample, WonLead
from bot.lifecycle import State
from tests.support.storage_examples import DAY, NOW, SECOND, Workspace, make_submission

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
