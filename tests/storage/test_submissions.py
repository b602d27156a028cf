from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from bot.errors import NotFoundError
from bot.lifecycle import State
from bot.ports import Transaction
from bot.submission import FileRef, Origin
from tests.support.storage_examples import DAY, MINUTE, NOW, Workspace, make_submission

ORIGIN = Origin(
    channel_id="C1",
    message_ts="1700000000.000100",
    author_id="U7",
    permalink="https://example.slack.com/archives/C1/p1700000000000100",
    is_private=False,
)


async def test_numbers_count_from_one_without_gaps(here: Workspace, elsewhere: Workspace) -> None:
    def count_and_fail(tx: Transaction) -> None:
        tx.submissions.next_number()
        raise NotFoundError("rolled back")

    assert await here.write(lambda tx: tx.submissions.next_number()) == 1
    with pytest.raises(NotFoundError):
        await here.write(count_and_fail)
    assert await here.write(lambda tx: tx.submissions.next_number()) == 2
    assert await elsewhere.write(lambda tx: tx.submissions.next_number()) == 1


async def test_a_submission_comes_back_as_it_was_stored(here: Workspace) -> None:
    plain = make_submission(1)
    full = make_submission(
        2,
        state=State.PUBLISHED,
        version=4,
        fields={"title": "Straße & <b>", "platforms": (), "text": "two\nlines"},
        department="Sales",
        assignee_id="U2",
        origin=ORIGIN,
        decided_at=NOW + DAY,
        decided_by="U2",
        decline_reason="timing",
        decline_note="later",
        published_at=NOW + 2 * DAY,
        published_by="U3",
        published_url="https://example.com/post",
        ended_at=NOW + 2 * DAY,
    )
    for submission in (plain, full):
        await here.add(submission)
    found = await here.read(lambda tx: [tx.submissions.get(number) for number in (1, 2, 3)])
    assert found == [plain, full, None]


async def test_times_come_back_in_utc_whatever_their_zone(here: Workspace) -> None:
    tokyo = timezone(timedelta(hours=9))
    at = datetime(2026, 11, 2, 18, 0, 0, 123456, tzinfo=tokyo)
    await here.add(make_submission(1, created_at=at))
    found = await here.read(lambda tx: tx.submissions.get(1))
    assert found is not None
    assert found.created_at == at
    assert found.created_at.isoformat() == "2026-11-02T09:00:00.123456+00:00"


async def test_a_time_without_zone_is_refused(here: Workspace) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="without a zone"):
        await here.add(make_submission(1, created_at=naive))
    assert await here.read(lambda tx: tx.submissions.get(1)) is None


async def test_submissions_are_found_by_their_keys(here: Workspace) -> None:
    first = make_submission(1)
    second = make_submission(2, origin=ORIGIN)
    await here.add(first, source_key="view:V1")
    await here.add(second, source_key="view:V2", origin_key="C1:17:idea")
    assert await here.read(lambda tx: tx.submissions.by_source_key("view:V2")) == second
    assert await here.read(lambda tx: tx.submissions.by_source_key("view:V3")) is None
    assert await here.read(lambda tx: tx.submissions.by_origin_key("C1:17:idea")) == second
    assert await here.read(lambda tx: tx.submissions.by_origin_key("view:V1")) is None


@pytest.mark.parametrize(
    "keys",
    [
        {"source_key": "view:V1", "origin_key": None},
        {"source_key": "view:V2", "origin_key": "C1:17:idea"},
    ],
    ids=["source", "origin"],
)
async def test_a_key_can_be_used_once(here: Workspace, keys: dict[str, str | None]) -> None:
    await here.add(make_submission(1), source_key="view:V1", origin_key="C1:17:idea")
    with pytest.raises(IntegrityError):
        await here.add(make_submission(2), **keys)
    assert await here.read(lambda tx: tx.submissions.get(2)) is None


async def test_personal_fields_are_kept_apart(here: Workspace) -> None:
    personal = {"name": "Jo Doe", "contact": "jo@example.com"}
    await here.add(make_submission(1), personal=personal)
    assert await here.read(lambda tx: tx.submissions.personal(1)) == personal
    assert await here.read(lambda tx: tx.submissions.personal(2)) == {}


async def test_a_change_is_written_once_per_version(here: Workspace) -> None:
    submission = make_submission(1, origin=ORIGIN)
    await here.add(submission)
    taken = replace(
        submission,
        state=State.TAKEN,
        version=2,
        assignee_id="U2",
        role_id="lead_desk",
        updated_at=NOW + DAY,
        decided_at=NOW,
        fields={"title": "new"},
    )
    assert await here.write(lambda tx: tx.submissions.update(taken, expected_version=1))
    assert await here.read(lambda tx: tx.submissions.get(1)) == taken
    again = replace(taken, assignee_id="U3")
    assert not await here.write(lambda tx: tx.submissions.update(again, expected_version=1))
    assert await here.read(lambda tx: tx.submissions.get(1)) == taken
    missing = replace(taken, number=5)
    assert not await here.write(lambda tx: tx.submissions.update(missing, expected_version=1))


async def test_a_persons_submissions_newest_first(here: Workspace) -> None:
    for number in range(1, 5):
        await here.add(make_submission(number, submitter_id="U2" if number == 3 else "U1"))
    page, total = await here.read(lambda tx: tx.submissions.of_submitter("U1", limit=2))
    assert ([one.number for one in page], total) == ([4, 2], 3)
    page, total = await here.read(lambda tx: tx.submissions.of_submitter("U1", limit=9))
    assert ([one.number for one in page], total) == ([4, 2, 1], 3)
    assert await here.read(lambda tx: tx.submissions.of_submitter("U9", limit=2)) == ((), 0)
    page, total = await here.read(lambda tx: tx.submissions.of_submitter("U1", limit=0))
    assert (page, total) == ((), 3)
    page, total = await here.read(
        lambda tx: tx.submissions.of_submitter("U1", limit=1, without=[4, 3])
    )
    assert ([one.number for one in page], total) == ([2], 2)


async def test_the_queue_of_some_roles_first_due_first(here: Workspace) -> None:
    due = {1: ("a", 3), 2: ("b", 1), 3: ("c", 0), 4: ("a", 1), 5: ("a", 2)}
    for number, (role_id, days) in due.items():
        await here.add(
            make_submission(
                number,
                role_id=role_id,
                due_at=NOW + days * DAY,
                decided_at=NOW if number == 5 else None,
            )
        )

    async def queue(*roles: str, limit: int = 9) -> tuple[list[int], int]:
        page, total = await here.read(
            lambda tx: tx.submissions.undecided_of_roles(roles, limit=limit)
        )
        return [one.number for one in page], total

    assert await queue("a", "b") == ([2, 4, 1], 3)
    assert await queue("a", "b", limit=1) == ([2], 3)
    assert await queue("z") == ([], 0)
    assert await queue() == ([], 0)


async def test_who_is_called_in_gets_what_called_for_help_that_far(here: Workspace) -> None:
    rows: dict[int, dict[str, Any]] = {
        1: {"role_id": "a"},
        2: {"role_id": "b", "escalation": 1, "due_at": NOW},
        3: {"role_id": "c", "escalation": 1},
        4: {"role_id": "c", "escalation": 2, "due_at": NOW},
        5: {"role_id": "b"},
        6: {"role_id": "b", "escalation": 2, "decided_at": NOW},
    }
    for number, row in rows.items():
        await here.add(make_submission(number, **row))

    async def queue(roles: tuple[str, ...], **calls: int) -> tuple[list[int], int, int]:
        page, total = await here.read(
            lambda tx: tx.submissions.undecided_of_roles(roles, limit=9, calls=calls)
        )
        overdue = await here.read(
            lambda tx: tx.submissions.overdue_of_roles(roles, NOW + MINUTE, calls=calls)
        )
        return [one.number for one in page], total, overdue

    assert await queue(("a",), b=1, c=2) == ([2, 4, 1], 3, 2)
    assert await queue((), c=1) == ([4, 3], 2, 1)
    assert await queue((), b=2) == ([], 0, 0)


async def test_what_waits_to_be_published_oldest_decision_first(here: Workspace) -> None:
    undecided, ended = {"decided_at": None}, {"ended_at": NOW + 9 * DAY}
    rows: dict[int, dict[str, Any]] = {
        1: {"role_id": "a", "decided_at": NOW + 3 * DAY},
        2: {"role_id": "b", "decided_at": NOW + DAY},
        3: {"role_id": "c", "decided_at": NOW},
        4: {"role_id": "a", "decided_at": NOW + DAY},
        5: {"role_id": "a", **undecided},
        6: {"role_id": "a", "decided_at": NOW, **ended},
    }
    for number, row in rows.items():
        await here.add(make_submission(number, **row))

    async def to_publish(*roles: str, limit: int = 9) -> tuple[list[int], int]:
        page, total = await here.read(
            lambda tx: tx.submissions.unpublished_of_roles(roles, limit=limit)
        )
        return [one.number for one in page], total

    assert await to_publish("a", "b") == ([2, 4, 1], 3)
    assert await to_publish("a", "b", limit=1) == ([2], 3)
    assert await to_publish("z") == ([], 0)
    assert await to_publish() == ([], 0)


async def test_all_are_read_in_pages_past_what_was_erased(
    here: Workspace, elsewhere: Workspace
) -> None:
    for number in (1, 2, 5, 9):
        await here.add(make_submission(number))
    await elsewhere.add(make_submission(3))

    async def numbers(after: int) -> list[int]:
        found = await here.read(lambda tx: tx.submissions.after(after, limit=2))
        return [one.number for one in found]

    assert [await numbers(after) for after in (0, 2, 9)] == [[1, 2], [5, 9], []]


async def test_questions_to_a_person_are_theirs_alone_the_longest_first(
    here: Workspace, elsewhere: Workspace
) -> None:
    for number, days, who in ((1, 2, "U1"), (2, 1, "U1"), (3, 0, "U2"), (4, 3, "U1")):
        paused = make_submission(
            number, state=State.ASKED, submitter_id=who, paused_at=NOW + days * DAY
        )
        await here.add(paused)
    await here.add(make_submission(5))
    await elsewhere.add(make_submission(1, state=State.ASKED, paused_at=NOW))
    found, total = await here.read(lambda tx: tx.submissions.paused_of_submitter("U1", limit=2))
    assert ([one.number for one in found], total) == ([2, 1], 3)


async def test_what_is_found_has_all_words_and_may_be_seen(
    here: Workspace, elsewhere: Workspace
) -> None:
    titles = {1: "The Straße in Graz", 2: "Graz 100%", 3: "A press in GRAZ", 4: "Nothing"}
    for number, title in titles.items():
        owner = {"role_id": "lead_desk" if number == 3 else "content_lead"}
        await here.add(make_submission(number, title=title, fields={"title": title}, **owner))
    await elsewhere.add(make_submission(1, title="Graz"))

    async def numbers(*words: str, roles: tuple[str, ...] | None, user: str = "U9") -> list[int]:
        found = await here.read(
            lambda tx: tx.submissions.find(words, role_ids=roles, user_id=user, limit=10)
        )
        return [one.number for one in found]

    assert await numbers("graz", roles=None) == [3, 2, 1]
    assert await numbers("graz", roles=("content_lead",)) == [2, 1]
    assert await numbers("graz", roles=()) == []
    assert await numbers("graz", roles=(), user="U1") == [3, 2, 1]
    assert await numbers("graz", "strasse", roles=None) == [1]
    assert await numbers("100%", roles=None) == [2]
    assert await numbers("_", roles=None) == []


async def test_files_come_back_as_they_were_given(here: Workspace) -> None:
    files = (FileRef("F1", "photo <1>.png"), FileRef("F2", "دار.pdf"))
    await here.add(make_submission(1, files=files))
    stored = await here.read(lambda tx: tx.submissions.get(1))
    assert stored is not None
    assert stored.files == files
