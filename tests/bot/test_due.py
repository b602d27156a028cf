"""When a decision is due, and what moves that."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import Desk, Member
from bot.due import Terms, due_after, due_for, hours_of, with_due
from bot.kinds import IDEA, LEAD_HINT
from bot.lifecycle import State
from bot.ports import Transaction
from bot.submission import Submission, TimerKind
from bot.timers import with_next_timer
from bot.working_time import LONGEST_AHEAD, WorkingHours, working_time_between
from tests.support.core import CORA, LENA, OLGA, START, Core, a_desk

HOUR = timedelta(hours=1)
OFFICE = Terms(16 * HOUR, WorkingHours())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def submission(**more: object) -> Submission:
    """An idea that came on Monday 23 November at nine, due on Tuesday at five."""
    plain = Submission(
        number=1,
        kind_key="idea",
        state=State.NEW,
        version=1,
        submitter_id="U0SAM",
        role_id="content_lead",
        title="Pump",
        fields={},
        created_at=at("2026-11-23 09:00"),
        updated_at=at("2026-11-23 09:00"),
        due_at=at("2026-11-24 17:00"),
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # names of fields


async def hours(core: Core, desk: Desk, role_id: str) -> WorkingHours:
    def found(tx: Transaction) -> WorkingHours:
        members = tx.members.many(user for role in desk.roles.values() for user in role.holders)
        return hours_of(tx, desk, desk.roles[role_id], members)

    return await core.read(found)


async def test_hours_are_the_role_s_else_the_desk_s_else_those_where_its_holder_lives(
    core: Core,
) -> None:
    own, of_desk = WorkingHours(start=time(8), end=time(12)), WorkingHours(tz="Asia/Tokyo")
    people = (
        Member(user_id=CORA, name="Cora", tz="America/New_York"),
        Member(user_id=LENA, name="Lena", tz="Mars/Olympus"),
        Member(user_id=OLGA, name="Olga", tz="Europe/Madrid", is_admin=True),
    )
    desk = a_desk()
    await core.set_up(desk, people)
    assert await hours(core, desk, "content_lead") == WorkingHours(tz="America/New_York")
    assert await hours(core, desk, "lead_desk") == WorkingHours(), "a zone that nobody knows"
    assert await hours(core, desk, "social_lead") == WorkingHours(tz="Europe/Madrid"), "unheld"
    desk = replace(desk, hours=of_desk)
    assert await hours(core, desk, "content_lead") == of_desk
    roles = {**desk.roles, "content_lead": replace(desk.roles["content_lead"], hours=own)}
    assert await hours(core, replace(desk, roles=roles), "content_lead") == own


def test_the_desk_may_set_how_long_a_decision_takes() -> None:
    desk = replace(a_desk(), due={"idea": 3 * HOUR})
    assert due_for(desk, IDEA) == 3 * HOUR
    assert due_for(desk, LEAD_HINT) == LEAD_HINT.due


async def test_odd_hours_do_not_keep_anybody_from_handing_in(core: Core) -> None:
    quarter = WorkingHours(start=time(9), end=time(9, 15), weekdays=frozenset({0}))
    await core.set_up()
    await core.write(lambda tx: tx.desk.replace(replace(a_desk(), hours=quarter), START))
    stored = await core.hand_in()
    assert stored.due_at == START + LONGEST_AHEAD
    assert stored.timer_at is not None


async def test_a_new_submission_is_due_in_the_working_time_of_its_role(core: Core) -> None:
    core.clock.at = at("2026-11-27 16:30")  # a Friday
    await core.set_up(replace(a_desk(), due={"lead": HOUR}))
    lead = await core.hand_in("lead")
    assert lead.due_at == at("2026-11-30 09:30")
    assert (lead.timer, lead.timer_at) == (TimerKind.REMIND, at("2026-11-30 09:00"))


@pytest.mark.parametrize(
    "asked, answered, due",
    [
        ("2026-11-24 09:00", "2026-11-26 12:00", "2026-11-27 12:00"),
        ("2026-11-24 16:00", "2026-11-27 16:30", "2026-11-30 09:30"),
        ("2026-11-23 20:00", "2026-11-28 10:00", "2026-11-30 17:00"),
        ("2026-11-25 10:00", "2026-11-26 11:00", "2026-11-26 11:00"),  # it was overdue
    ],
)
def test_the_due_time_stands_still_while_the_submitter_was_asked(
    asked: str, answered: str, due: str
) -> None:
    before = submission()
    waiting = with_due(before, replace(before, state=State.ASKED), OFFICE, at(asked))
    assert (waiting.paused_at, waiting.due_at) == (at(asked), before.due_at)
    assert with_next_timer(waiting, OFFICE, at(asked)).timer is None
    edited = with_due(waiting, replace(waiting, title="Pumps"), OFFICE, at(answered) - HOUR)
    assert edited.paused_at == at(asked)
    back = with_due(edited, replace(edited, state=State.TAKEN), OFFICE, at(answered))
    assert (back.paused_at, back.due_at) == (None, at(due))


def test_deciding_what_was_asked_about_ends_the_wait() -> None:
    waiting = submission(state=State.ASKED, paused_at=at("2026-11-24 09:00"))
    done = with_due(waiting, replace(waiting, state=State.ACCEPTED), OFFICE, at("2026-11-25 09:00"))
    assert (done.paused_at, done.due_at) == (None, at("2026-11-25 17:00"))


def test_a_snooze_moves_the_due_time_by_what_was_left() -> None:
    before = submission()
    until = at("2026-11-30 09:00")
    put_off = with_due(before, replace(before, snoozed_until=until), OFFICE, at("2026-11-24 12:00"))
    assert put_off.due_at == at("2026-11-30 14:00")
    planned = with_next_timer(put_off, OFFICE, at("2026-11-24 12:00"))
    assert (planned.timer, planned.timer_at) == (TimerKind.RETURN, until)
    # Put off once more before it is back: what is left is still the same.
    later = at("2026-12-07 09:00")
    again = with_due(planned, replace(planned, snoozed_until=later), OFFICE, at("2026-11-26 10:00"))
    assert again.due_at == at("2026-12-07 14:00")
    # A question and its answer bring it back at once.
    asked = with_due(again, replace(again, state=State.ASKED), OFFICE, at("2026-11-27 10:00"))
    assert (asked.snoozed_until, asked.due_at) == (None, at("2026-11-27 15:00"))
    back = with_due(asked, replace(asked, state=State.TAKEN), OFFICE, at("2026-11-30 09:00"))
    assert (back.snoozed_until, back.due_at) == (None, at("2026-11-30 14:00"))


@pytest.mark.parametrize(
    "change", [{"role_id": "advocacy_lead"}, {"state": State.TAKEN}, {"state": State.ASKED}]
)
def test_another_role_and_reopening_begin_anew(change: dict[str, object]) -> None:
    state = State.NEW if "role_id" in change else State.DECLINED
    before = submission(state=state, escalation=2, snoozed_until=at("2026-12-01 09:00"))
    now = at("2026-11-26 09:00")
    anew = with_due(before, replace(before, **change), OFFICE, now)  # type: ignore[arg-type]  # names of fields
    assert anew.due_at == at("2026-11-27 17:00")
    assert (anew.escalation, anew.snoozed_until) == (0, None)
    assert anew.paused_at == (now if anew.state is State.ASKED else None)


@pytest.mark.parametrize(
    "change, now, timer, timer_at",
    [
        # Due on Tuesday at five: a quarter of sixteen hours before that it is one.
        ({}, "2026-11-23 09:00", TimerKind.REMIND, "2026-11-24 13:00"),
        ({}, "2026-11-24 13:00", TimerKind.ESCALATE, "2026-11-24 17:00"),
        ({}, "2026-11-26 09:00", TimerKind.ESCALATE, "2026-11-24 17:00"),
        ({"escalation": 1}, "2026-11-24 17:00", TimerKind.ESCALATE_AGAIN, "2026-11-25 17:00"),
        ({"state": State.TAKEN}, "2026-11-23 09:00", TimerKind.REMIND, "2026-11-24 13:00"),
        (
            {"state": State.SCHEDULED, "scheduled_at": at("2026-12-01 10:00")},
            "2026-11-23 09:00",
            TimerKind.POST_DUE,
            "2026-12-01 10:00",
        ),
    ],
)
def test_what_the_desk_does_next(
    change: dict[str, object], now: str, timer: TimerKind, timer_at: str
) -> None:
    planned = with_next_timer(submission(**change), OFFICE, at(now))
    assert (planned.timer, planned.timer_at) == (timer, at(timer_at))


@pytest.mark.parametrize(
    "change",
    [
        {"state": State.ACCEPTED},
        {"state": State.PUBLISHED},
        {"state": State.ASKED, "paused_at": at("2026-11-23 10:00")},
        {"escalation": 2},
        {"state": State.SCHEDULED, "scheduled_at": at("2026-11-23 10:00")},
    ],
)
def test_what_needs_no_timer(change: dict[str, object]) -> None:
    before = submission(timer=TimerKind.REMIND, timer_at=at("2026-11-24 13:00"), **change)
    planned = with_next_timer(before, OFFICE, at("2026-11-23 12:00"))
    assert (planned.timer, planned.timer_at) == (None, None)


@given(st.integers(0, 100 * 60), st.integers(0, 60 * 24 * 14))
def test_an_answer_leaves_as_much_working_time_as_was_left(asked: int, waited: int) -> None:
    before = submission()
    asked_at = before.created_at + timedelta(minutes=asked)
    now = asked_at + timedelta(minutes=waited)
    waiting = with_due(before, replace(before, state=State.ASKED), OFFICE, asked_at)
    back = with_due(waiting, replace(waiting, state=State.TAKEN), OFFICE, now)
    left = working_time_between(asked_at, before.due_at, OFFICE.hours)
    assert working_time_between(now, back.due_at, OFFICE.hours) == left
    assert back.due_at >= now


@given(st.integers(1, 40), st.integers(0, 60 * 24 * 14))
def test_a_reminder_leaves_a_quarter_of_the_time_and_half_an_hour_at_least(
    halves: int, minutes: int
) -> None:
    terms = Terms(halves * HOUR / 2, WorkingHours())
    now = at("2026-11-23 09:00") + timedelta(minutes=minutes)
    due_at = due_after(now, terms.amount, terms.hours)
    planned = with_next_timer(submission(due_at=due_at), terms, now)
    assert planned.timer_at is not None
    if planned.timer is TimerKind.REMIND:
        left = working_time_between(planned.timer_at, due_at, terms.hours)
        assert left == max(terms.amount / 4, HOUR / 2)
    else:
        assert planned.timer is TimerKind.ESCALATE
        assert terms.amount <= HOUR / 2


def test_a_decision_out_of_a_question_is_in_time_if_time_was_left_when_it_was_asked() -> None:
    asked_at, decided_at = at("2026-11-24 15:00"), at("2026-11-27 10:00")
    asked = submission(state=State.ASKED, paused_at=asked_at)
    declined = replace(asked, state=State.DECLINED, decided_at=decided_at)
    decided = with_due(asked, declined, OFFICE, decided_at)
    assert decided.due_at == at("2026-11-27 12:00"), "two hours were left"
    assert decided.paused_at is None
    late = replace(asked, due_at=at("2026-11-24 14:00"))
    still_late = with_due(late, replace(late, state=State.DECLINED), OFFICE, decided_at)
    assert still_late.due_at == at("2026-11-24 14:00")
