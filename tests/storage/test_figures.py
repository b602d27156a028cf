from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.figures import Counts, PublishedItem, Unsigned, Waiting
from bot.lifecycle import State
from bot.submission import Consent
from tests.support.storage_examples import DAY, NOW, SECOND, Workspace, make_submission

MICROSECOND = SECOND / 1_000_000


async def fill(here: Workspace, rows: list[dict[str, Any]]) -> None:
    for number, row in enumerate(rows, start=1):
        await here.add(make_submission(number, **row))


async def test_counts_per_span_with_the_start_in_and_the_end_out(here: Workspace) -> None:
    bounds = [NOW, NOW + 7 * DAY, NOW + 14 * DAY]
    before, first, last, second, after = (
        NOW - MICROSECOND,
        NOW,
        NOW + 7 * DAY - MICROSECOND,
        NOW + 7 * DAY,
        NOW + 14 * DAY,
    )
    await fill(
        here,
        [
            {"created_at": before, "decided_at": first, "state": State.ACCEPTED},
            {"created_at": first, "decided_at": last, "state": State.DECLINED},
            {
                "created_at": last,
                "decided_at": second,
                "state": State.PUBLISHED,
                "published_at": second,
            },
            {"created_at": second},
            {"created_at": after, "decided_at": after, "published_at": after},
        ],
    )
    assert await here.read(lambda tx: tx.figures.counts(bounds)) == (
        Counts(handed_in=2, accepted=1, declined=1),
        Counts(handed_in=1, accepted=1, published=1),
    )


async def test_counts_of_an_empty_workspace(here: Workspace) -> None:
    spans = await here.read(lambda tx: tx.figures.counts([NOW, NOW + DAY, NOW + 2 * DAY]))
    assert spans == (Counts(), Counts())
    assert await here.read(lambda tx: tx.figures.counts([NOW])) == ()


async def test_what_waited_at_a_moment(here: Workspace) -> None:
    at = NOW + 10 * DAY
    late, soon = at - SECOND, at + DAY
    await fill(
        here,
        [
            {"role_id": "a", "created_at": NOW, "due_at": late},
            {"role_id": "a", "created_at": NOW + DAY, "due_at": soon},
            # Decided since: it still waited then.
            {"role_id": "b", "created_at": NOW - DAY, "due_at": late, "decided_at": at},
            {"role_id": "b", "created_at": NOW, "due_at": late, "decided_at": at - SECOND},
            {"role_id": "c", "created_at": at, "due_at": soon},
            # Waits for its submitter: its time stands still.
            {"role_id": "a", "created_at": NOW, "due_at": late, "paused_at": NOW},
        ],
    )
    assert await here.read(lambda tx: tx.figures.waiting(at)) == Waiting(
        by_role={"a": 3, "b": 1}, overdue=2, oldest_at=NOW - DAY
    )
    early = await here.read(lambda tx: tx.figures.waiting(at, late_by=NOW))
    assert (early.total, early.overdue) == (4, 0)


async def test_nothing_waits_in_an_empty_workspace(here: Workspace) -> None:
    assert await here.read(lambda tx: tx.figures.waiting(NOW)) == Waiting(by_role={})


async def test_what_waited_to_be_published_at_a_moment(here: Workspace) -> None:
    at = NOW + 10 * DAY
    await fill(
        here,
        [
            {"role_id": "a", "decided_at": NOW},
            {"role_id": "a", "decided_at": at - SECOND},
            # Published since: it still waited then.
            {"role_id": "b", "decided_at": NOW, "ended_at": at},
            {"role_id": "b", "decided_at": NOW, "ended_at": at - SECOND},
            # Decided since, whatever became of it.
            {"role_id": "c", "decided_at": at},
            {"role_id": "c", "decided_at": at, "ended_at": at},
            {"role_id": "d"},
        ],
    )
    assert await here.read(lambda tx: tx.figures.unpublished(at)) == {"a": 2, "b": 1}
    assert await here.read(lambda tx: tx.figures.unpublished(NOW - DAY)) == {}
    lead = make_submission(9, role_id="d", kind_key="lead", decided_at=NOW, state=State.PASSED_ON)
    await here.add(lead)
    assert await here.read(lambda tx: tx.figures.unpublished(at)) == {"a": 2, "b": 1, "d": 1}
    content = await here.read(lambda tx: tx.figures.unpublished(at, kinds={"idea", "testimonial"}))
    assert content == {"a": 2, "b": 1}


@pytest.mark.parametrize(
    "until, limit, numbers",
    [(NOW + 2 * DAY, 9, [3, 1]), (NOW + 2 * DAY, 1, [3]), (NOW + 3 * DAY, 9, [3, 1, 2])],
)
async def test_what_was_published_oldest_first(
    here: Workspace, until: datetime, limit: int, numbers: list[int]
) -> None:
    rows = [{"published_at": NOW + days * DAY, "state": State.PUBLISHED} for days in (1, 2, 0)]
    await fill(here, [*rows, {}])
    items = await here.read(lambda tx: tx.figures.published(NOW, until, limit=limit))
    assert [item.number for item in items] == numbers


async def test_a_published_item_says_whose_idea_it_was(here: Workspace) -> None:
    url = "https://example.com/post"
    await fill(
        here, [{"published_at": NOW, "published_url": url, "department": "Sales", "title": "T"}]
    )
    items = await here.read(lambda tx: tx.figures.published(NOW, NOW + DAY, limit=1))
    assert items == (
        PublishedItem(
            number=1,
            kind_key="idea",
            title="T",
            submitter_id="U1",
            department="Sales",
            url=url,
            created_at=NOW,
            published_at=NOW,
        ),
    )


async def test_what_a_customer_took_back_is_told_no_more(here: Workspace) -> None:
    given = Consent(recorded_by="U1", recorded_at=NOW)
    withdrawn = replace(given, withdrawn_at=NOW + DAY, withdrawn_by="U1")
    for number, consent in enumerate((None, given, withdrawn), start=1):
        item = make_submission(
            number,
            kind_key="testimonial",
            state=State.PUBLISHED,
            consent=consent,
            published_at=NOW,
            decided_at=NOW,
            ended_at=NOW,
        )
        await here.add(item)
    items = await here.read(lambda tx: tx.figures.published(NOW, NOW + DAY, limit=9))
    assert [item.number for item in items] == [1, 2]


async def test_what_waits_for_a_consent_that_holds(here: Workspace) -> None:
    agreed = Consent(recorded_by="U1", recorded_at=NOW)
    today = (NOW + 9 * DAY).date()
    ended = replace(agreed, until=today - DAY)
    accepted = {
        "kind_key": "testimonial",
        "state": State.ACCEPTED,
        "decided_at": NOW,
        "role_id": "advocacy_lead",
    }
    await fill(
        here,
        [
            accepted,
            accepted | {"consent": agreed},
            accepted | {"consent": ended},
            accepted | {"consent": replace(agreed, until=today)},
            accepted | {"consent": replace(ended, withdrawn_at=NOW, withdrawn_by="U1")},
            accepted | {"consent": replace(agreed, withdrawn_at=NOW, withdrawn_by="U1")},
            accepted | {"decided_at": NOW + 9 * DAY},
            accepted | {"state": State.PUBLISHED, "ended_at": NOW},
            accepted | {"kind_key": "idea"},
            {"kind_key": "testimonial"},
        ],
    )
    found = await here.read(lambda tx: tx.figures.unsigned(NOW + DAY, today))
    assert found == {"advocacy_lead": Unsigned(missing=2, withdrawn=2)}


async def test_what_certain_people_handed_in(here: Workspace) -> None:
    await fill(
        here,
        [
            {"submitter_id": "U1", "created_at": NOW - MICROSECOND},
            {"submitter_id": "U1", "department": "Sales"},
            {"submitter_id": "U2", "created_at": NOW + DAY - MICROSECOND},
            {"submitter_id": "U2", "created_at": NOW + DAY},
            {"submitter_id": "U3"},
        ],
    )

    async def by(*people: str) -> int:
        found: int = await here.read(lambda tx: tx.figures.handed_in_by(people, NOW, NOW + DAY))
        return found

    assert [await by("U1", "U2", "U9"), await by("U3"), await by()] == [2, 1, 0]
