"""Transactions that run at the same time, on PostgreSQL; SQLite's writer has them one by one."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Event
from typing import TypeVar

import pytest

from bot.absence import ComeBack, end_absence
from bot.cards import post_card
from bot.desk import Member, default_desk
from bot.firing import FireTimer, fire_timer
from bot.lifecycle import Verb
from bot.outbox import Claim, Crowded, NotBefore
from bot.ports import PeriodRun, Schedule, Transaction
from bot.submission import TimerKind
from storage.database import Database
from tests.support.storage_examples import (
    MINUTE,
    NOW,
    Workspace,
    make_effect,
    make_submission,
)

T = TypeVar("T")

pytestmark = pytest.mark.postgres


@pytest.fixture
def here(postgresql: Database) -> Workspace:
    return Workspace(postgresql)


async def at_once(here: Workspace, *bodies: Callable[[Transaction], T]) -> list[T]:
    """Run the bodies in transactions of their own that have all begun before any goes on."""
    barrier = Barrier(len(bodies))

    def with_barrier(body: Callable[[Transaction], T]) -> Callable[[Transaction], T]:
        is_first = True

        def run(tx: Transaction) -> T:
            nonlocal is_first
            if is_first:  # a second try does not wait for the others again
                is_first = False
                tx.members.get("U1")
                barrier.wait(5)
            return body(tx)

        return run

    return await asyncio.gather(*(here.write(with_barrier(body)) for body in bodies))


async def test_numbers_stay_gapless_from_the_very_first(here: Workspace) -> None:
    numbers = await at_once(here, *[lambda tx: tx.submissions.next_number()] * 8)
    assert sorted(numbers) == list(range(1, 9))


async def test_of_two_who_decide_at_once_one_wins(here: Workspace) -> None:
    await here.add(make_submission(1))

    def decide(tx: Transaction) -> bool:
        return tx.submissions.update(make_submission(1, version=2), expected_version=1)

    assert sorted(await at_once(here, decide, decide)) == [False, True]


async def test_the_same_submission_handed_in_twice_is_stored_once(here: Workspace) -> None:
    """Slack repeats itself: the second transaction finds what the first one stored."""

    def hand_in(tx: Transaction) -> int:
        known = tx.submissions.by_source_key("view:1")
        if known is not None:
            return known.number
        number = tx.submissions.next_number()
        tx.submissions.add(
            make_submission(number), source_key="view:1", origin_key=None, personal={}
        )
        return number

    assert await at_once(here, *[hand_in] * 4) == [1, 1, 1, 1]
    assert await here.write(lambda tx: tx.submissions.next_number()) == 2


async def test_of_many_who_claim_at_once_one_gets_the_lane(here: Workspace) -> None:
    await here.enqueue(make_effect("card:1"), make_effect("card:2"))

    def claim(tx: Transaction) -> Claim | NotBefore | Crowded | None:
        return tx.outbox.claim("C1", owner="w", now=NOW, lease=MINUTE)

    claims = await at_once(here, *[claim] * 6)
    assert sum(isinstance(one, Claim) for one in claims) == 1
    assert claims.count(NotBefore(NOW + MINUTE)) == 5


async def test_the_order_of_a_lane_is_the_order_of_commits(here: Workspace) -> None:
    has_added, may_commit = Event(), Event()

    def slow(tx: Transaction) -> None:
        tx.outbox.add(make_effect("card:slow"), NOW)
        has_added.set()
        may_commit.wait(5)

    first = asyncio.create_task(here.write(slow))
    await asyncio.to_thread(has_added.wait, 5)
    second = asyncio.create_task(here.enqueue(make_effect("card:fast")))
    await asyncio.sleep(0.05)
    assert not second.done()
    may_commit.set()
    await asyncio.gather(first, second)
    assert (await here.claimed("C1")).effect.key == "card:slow"


async def test_one_effect_is_enqueued_once(here: Workspace) -> None:
    def add(tx: Transaction) -> bool:
        return tx.outbox.add(make_effect("card:1"), NOW)

    assert sorted(await at_once(here, *[add] * 4)) == [False, False, False, True]


async def test_a_period_is_recorded_by_one(here: Workspace) -> None:
    run = PeriodRun(subscription_id="s1", period_key="w", status="fired", due_at=NOW, ran_at=NOW)
    done = await at_once(here, *[lambda tx: tx.schedules.record(run)] * 4)
    assert sorted(done) == [False, False, False, True]


async def test_a_schedule_is_held_by_one_transaction_at_a_time(here: Workspace) -> None:
    await here.write(
        lambda tx: tx.schedules.save(Schedule(subscription_id="s1", next_date="0", next_at=NOW))
    )

    def advance(tx: Transaction) -> None:
        schedule = tx.schedules.get("s1")
        assert schedule is not None
        date = str(int(schedule.next_date) + 1)
        tx.schedules.save(Schedule(subscription_id="s1", next_date=date, next_at=NOW))

    await at_once(here, *[advance] * 6)
    schedule = await here.read(lambda tx: tx.schedules.get("s1"))
    assert schedule is not None
    assert schedule.next_date == "6"


async def test_a_deadlock_is_tried_again(here: Workspace) -> None:
    barrier = Barrier(2)

    def crosswise(first: str, second: str) -> Callable[[Transaction], None]:
        tries = 0

        def add(tx: Transaction) -> None:
            nonlocal tries
            tries += 1
            tx.outbox.add(make_effect(f"{first}:{second}:1", target=first), NOW)
            if tries == 1:
                barrier.wait(5)
            tx.outbox.add(make_effect(f"{first}:{second}:2", target=second), NOW)

        return add

    await asyncio.gather(here.write(crosswise("C1", "C2")), here.write(crosswise("C2", "C1")))
    found = await here.read(
        lambda tx: [
            tx.outbox.find(f"{lanes}:{place}") for lanes in ("C1:C2", "C2:C1") for place in (1, 2)
        ]
    )
    assert None not in found


async def test_of_several_who_fire_a_timer_one_does(here: Workspace) -> None:
    await here.add(make_submission(1, due_at=NOW, timer=TimerKind.ESCALATE, timer_at=NOW))
    await here.write(lambda tx: tx.desk.replace(default_desk(), NOW))

    def fire(tx: Transaction) -> TimerKind | None:
        return fire_timer(tx, FireTimer(1), NOW)

    done = await at_once(here, *[fire] * 4)
    assert sum(one is not None for one in done) == 1
    history = await here.read(lambda tx: tx.history.of(1))
    assert [entry.verb for entry in history] == [Verb.ESCALATE]


async def test_a_timer_and_a_person_do_not_overwrite_each_other(here: Workspace) -> None:
    await here.add(make_submission(1, due_at=NOW, timer=TimerKind.ESCALATE, timer_at=NOW))
    await here.write(lambda tx: tx.desk.replace(default_desk(), NOW))
    is_read = Event()

    def rename(tx: Transaction) -> None:
        found = tx.submissions.get(1)
        assert found is not None
        is_read.set()
        Event().wait(0.3)  # time for the timer to read what is about to change
        changed = replace(found, title="Renamed", version=found.version + 1)
        assert tx.submissions.update(changed, expected_version=found.version)

    def fire(tx: Transaction) -> None:
        assert is_read.wait(5)
        fire_timer(tx, FireTimer(1), NOW)

    await asyncio.gather(here.write(rename), here.write(fire))
    stored = await here.read(lambda tx: tx.submissions.get(1))
    assert stored is not None
    assert (stored.title, stored.escalation) == ("Renamed", 2)


async def test_of_two_who_end_an_absence_one_moves_its_cards(here: Workspace) -> None:
    desk = default_desk()
    role = replace(desk.roles["content_lead"], holders=("U1",))
    desk = replace(desk, roles={**desk.roles, role.role_id: role})
    people = (Member(user_id="U1", name="Cora"), Member(user_id="U2", name="Sue"))

    def prepare(tx: Transaction) -> None:
        tx.desk.replace(desk, NOW)
        tx.members.save(people, NOW)
        tx.members.set_away("U1", NOW, "U2")
        post_card(tx, make_submission(1), "U2", NOW)

    await here.add(make_submission(1))
    await here.write(prepare)

    def end(tx: Transaction) -> bool:
        return end_absence(tx, ComeBack("U1"), NOW)

    await at_once(here, end, end)
    stored = await here.read(lambda tx: tx.submissions.get(1))
    assert stored is not None
    assert stored.card == 2
    moved = await here.read(lambda tx: tx.outbox.find("card:1.2"))
    assert moved is not None
    assert moved.target == "U1"


async def test_what_is_read_together_is_of_one_moment(here: Workspace) -> None:
    """Else the numbers of one screen contradict each other."""
    await here.add(make_submission(1))
    looked, moved = Event(), Event()

    def look(tx: Transaction) -> tuple[int, int]:
        before = tx.figures.waiting(NOW + MINUTE).total
        looked.set()
        assert moved.wait(5)
        return before, tx.figures.waiting(NOW + MINUTE).total

    reading = asyncio.create_task(here.read(look))
    assert await asyncio.to_thread(looked.wait, 5)
    await here.add(make_submission(2))
    moved.set()
    assert await reading == (1, 1)
    assert await here.read(lambda tx: tx.figures.waiting(NOW + MINUTE).total) == 2


async def test_of_two_events_about_somebody_new_the_later_one_stands(here: Workspace) -> None:
    joined = Member(user_id="U9", name="Leo", told_at=NOW)
    left = replace(joined, is_deleted=True, told_at=NOW + MINUTE)
    tell = [lambda tx, one=one: tx.members.save([one], NOW) for one in (left, joined)]
    await at_once(here, *tell)
    assert await here.write(lambda tx: tx.members.get("U9")) == left
