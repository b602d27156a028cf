"""Reminders and escalations: when, to whom, and once each."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import Desk
from bot.due import Terms
from bot.errors import NotAllowedError, StaleError
from bot.firing import FireTimer, fire_timer
from bot.gathering import gather_material
from bot.lifecycle import DESK, State, Verb
from bot.material import CardMaterial, NudgeMaterial
from bot.ports import Transaction
from bot.submission import Submission, TimerKind
from bot.timers import with_next_timer
from bot.working_time import WorkingHours
from tests.support.core import ADA, CONRAD, CORA, LENA, OLGA, PEOPLE, SAM, SUE, Core, a_desk

TERMS = Terms(timedelta(hours=16), WorkingHours())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


REMIND, DUE, AGAIN = at("2026-11-20 13:00"), at("2026-11-20 17:00"), at("2026-11-23 17:00")
"""An idea of Thursday nine o'clock: four working hours before it is due, then, and eight after."""


def with_backups(*backups: str, desk: Desk | None = None) -> Desk:
    """Sue holds the fallback role; the content role has backups."""
    found = desk or a_desk(social_lead=(SUE,))
    content = replace(found.roles["content_lead"], backups=backups)
    return replace(found, roles={**found.roles, "content_lead": content})


async def fire(core: Core, when: datetime, number: int = 1) -> TimerKind | None:
    core.clock.at = when
    return await core.do(fire_timer, FireTimer(number))


async def change(core: Core, number: int = 1, **changes: Any) -> Submission:
    """Change a stored submission and plan its timer, as a verb does."""

    def use_case(tx: Transaction, given: Mapping[str, Any], now: datetime) -> Submission:
        found = tx.submissions.get(number)
        assert found is not None
        changed = with_next_timer(replace(found, **given), TERMS, now)
        assert tx.submissions.update(changed, expected_version=found.version)
        return changed

    return await core.do(use_case, changes)


def nudged(core: Core) -> list[str]:
    return [key.split(":", 2)[2] for key in core.effects("nudge:")]


async def test_from_the_reminder_to_the_fallback_role(core: Core) -> None:
    await core.set_up(with_backups(LENA))
    submission = await core.hand_in()
    assert (submission.timer, submission.timer_at) == (TimerKind.REMIND, REMIND)
    assert await fire(core, REMIND - timedelta(seconds=1)) is None
    assert await fire(core, REMIND) is TimerKind.REMIND
    assert nudged(core) == [f"2:{CONRAD}", f"2:{CORA}"]
    assert await fire(core, DUE) is TimerKind.ESCALATE
    assert nudged(core)[2:] == [f"3:{LENA}"]
    assert await fire(core, AGAIN) is TimerKind.ESCALATE_AGAIN
    assert nudged(core)[3:] == [f"4:{SUE}"]
    stored = await core.stored(1)
    assert (stored.escalation, stored.timer, stored.timer_at) == (2, None, None)
    assert stored.version == submission.version, "buttons on the card still fit"
    history = await core.history(1)
    assert [entry.verb for entry in history] == [
        Verb.HAND_IN,
        Verb.REMIND,
        Verb.ESCALATE,
        Verb.ESCALATE,
    ]
    assert {entry.actor_id for entry in history[1:]} == {DESK}
    assert len(core.effects("story:")) == 3
    assert core.effects("card:1:") == ["card:1:t3", "card:1:t4"]


async def test_nothing_is_done_twice(core: Core) -> None:
    await core.set_up(with_backups(LENA))
    await core.hand_in()
    for when in (REMIND, DUE, AGAIN):
        core.clock.at = when
        found = await asyncio.gather(*(core.do(fire_timer, FireTimer(1)) for _ in range(3)))
        assert sum(done is not None for done in found) == 1
    assert len(nudged(core)) == 4
    assert await fire(core, AGAIN + timedelta(days=30)) is None


async def test_without_a_backup_the_fallback_role_is_called_in_at_once(core: Core) -> None:
    await core.set_up(with_backups())
    await core.hand_in()
    await fire(core, REMIND)
    assert await fire(core, DUE) is TimerKind.ESCALATE
    assert nudged(core)[2:] == [f"3:{SUE}"]
    assert (await core.stored(1)).timer is None


async def test_a_backup_who_holds_the_fallback_role_is_called_a_second_time(core: Core) -> None:
    await core.set_up(with_backups(SUE))
    await core.hand_in()
    assert await fire(core, DUE) is TimerKind.ESCALATE
    assert await fire(core, AGAIN) is TimerKind.ESCALATE_AGAIN
    called = [entry.detail["people"] for entry in (await core.history(1))[1:]]
    assert called == [SUE, SUE]


async def test_what_the_fallback_role_owns_itself_goes_to_an_admin(core: Core) -> None:
    await core.set_up(with_backups(desk=a_desk(social_lead=(SUE,), advocacy_lead=())))
    await core.hand_in("testimonial")
    assert (await core.stored(1)).role_id == "social_lead"
    await fire(core, DUE)
    assert nudged(core) == [f"2:{ADA}"]


async def test_who_took_it_is_reminded_alone(core: Core) -> None:
    await core.set_up(with_backups(LENA))
    await core.step(await core.hand_in(), Verb.TAKE, by=CONRAD)
    await fire(core, REMIND)
    assert nudged(core) == [f"3:{CONRAD}"]


async def test_of_what_was_missed_only_the_newest_is_done(core: Core) -> None:
    await core.set_up(with_backups(LENA))
    await core.hand_in()
    assert await fire(core, AGAIN + timedelta(days=7)) is TimerKind.ESCALATE_AGAIN
    assert nudged(core) == [f"2:{LENA}", f"2:{SUE}"]
    assert await fire(core, AGAIN + timedelta(days=8)) is None
    second = await core.hand_in()
    assert second.timer_at is not None
    assert await fire(core, second.due_at, second.number) is TimerKind.ESCALATE


@pytest.mark.parametrize("verb", [Verb.ACCEPT, Verb.DECLINE])
async def test_what_is_decided_is_left_alone(core: Core, verb: Verb) -> None:
    await core.set_up(with_backups(LENA))
    given = {"reason": "timing", "note": "Later."} if verb is Verb.DECLINE else {}
    done = await core.step(await core.hand_in(), verb, **given)
    assert (done.timer, done.timer_at) == (None, None)
    assert await fire(core, DUE) is None
    assert nudged(core) == []


async def test_a_timer_that_does_not_fit_any_more_is_planned_anew(core: Core) -> None:
    await core.set_up(with_backups(LENA))
    submission = await core.hand_in()
    stale = replace(submission, due_at=AGAIN, timer_at=REMIND)
    await core.write(lambda tx: tx.submissions.update(stale, expected_version=1))
    assert await fire(core, REMIND) is None
    stored = await core.stored(1)
    assert (stored.timer, stored.timer_at) == (TimerKind.REMIND, at("2026-11-23 13:00"))
    stale = replace(stored, state=State.ACCEPTED)
    await core.write(lambda tx: tx.submissions.update(stale, expected_version=1))
    assert await fire(core, AGAIN) is None
    assert (await core.stored(1)).timer_at is None
    assert nudged(core) == []


async def test_what_was_put_off_comes_back(core: Core) -> None:
    await core.set_up(with_backups(LENA))
    await core.hand_in()
    until = at("2026-11-30 09:00")
    await change(core, snoozed_until=until, due_at=at("2026-12-01 17:00"))
    assert await fire(core, DUE) is None
    assert await fire(core, until) is TimerKind.RETURN
    stored = await core.stored(1)
    assert (stored.snoozed_until, stored.timer) == (None, TimerKind.REMIND)
    assert nudged(core) == [f"2:{CONRAD}", f"2:{CORA}"]
    assert core.effects("card:1:") == ["card:1:t2"]


async def test_who_scheduled_it_is_told_when_it_is_to_go_out(core: Core) -> None:
    await core.set_up(with_backups(LENA))
    await core.step(await core.hand_in(), Verb.ACCEPT, by=CONRAD)
    post_at = at("2026-11-27 11:00")
    await change(core, state=State.SCHEDULED, scheduled_at=post_at)
    assert await fire(core, post_at) is TimerKind.POST_DUE
    assert nudged(core) == [f"3:{CONRAD}"]
    assert await fire(core, post_at + timedelta(hours=1)) is None


async def test_a_submission_that_is_not_there_has_no_timer(core: Core) -> None:
    await core.set_up()
    assert await fire(core, DUE, number=9) is None


async def test_who_was_called_in_may_decide(core: Core) -> None:
    await core.set_up(with_backups(LENA))
    submission = await core.hand_in()
    with pytest.raises(NotAllowedError):
        await core.step(submission, Verb.TAKE, by=SUE)
    await fire(core, DUE)
    with pytest.raises(NotAllowedError):
        await core.step(submission, Verb.TAKE, by=SUE)
    await fire(core, AGAIN)
    accepted = await core.step(submission, Verb.ACCEPT, by=SUE)
    assert accepted.assignee_id == SUE


async def test_a_backup_may_always_decide_and_keeps_a_holder_from_their_own(core: Core) -> None:
    await core.set_up(with_backups(LENA, desk=a_desk(content_lead=(SAM,), social_lead=(SUE,))))
    own = await core.hand_in(by=SAM)
    with pytest.raises(NotAllowedError, match="another"):
        await core.step(own, Verb.ACCEPT, by=SAM)
    await core.step(own, Verb.ACCEPT, by=LENA)


async def test_an_admin_who_was_called_in_may_decide(core: Core) -> None:
    await core.set_up(with_backups(desk=a_desk(social_lead=(SUE,))))
    submission = await core.hand_in("testimonial")
    with pytest.raises(NotAllowedError):
        await core.step(submission, Verb.TAKE, by=ADA)
    await fire(core, DUE)
    await core.step(submission, Verb.TAKE, by=ADA)


async def test_card_and_message_say_who_was_called_in(core: Core) -> None:
    await core.set_up(with_backups(LENA))
    await core.hand_in()
    await fire(core, DUE)
    key = core.effects("card:1:t")[0]
    effect = await core.read(lambda tx: tx.outbox.find(key))
    assert effect is not None
    card = await core.ask(gather_material, effect)
    assert isinstance(card, CardMaterial)
    assert card.called_in == (LENA,)
    effect = await core.read(lambda tx: tx.outbox.find(f"nudge:1:2:{LENA}"))
    assert effect is not None
    nudge = await core.ask(gather_material, effect)
    assert isinstance(nudge, NudgeMaterial)
    assert nudge.is_called_in


async def test_when_nobody_holds_any_role_an_admin_is_reminded(core: Core) -> None:
    await core.set_up(replace(a_desk(content_lead=(), lead_desk=()), admins=(OLGA,)))
    submission = await core.hand_in()
    assert submission.timer_at is not None
    await fire(core, submission.timer_at)
    assert nudged(core) == [f"2:{OLGA}"]


@given(st.lists(st.integers(1, 60 * 24 * 3), max_size=12))
def test_timers_never_run_backwards(minutes: list[int]) -> None:
    """However late and often they are looked at, what is planned next never lies before the last
    thing that was done.
    """
    now = at("2026-11-19 09:00")
    plain = Submission(
        number=1,
        kind_key="idea",
        state=State.NEW,
        version=1,
        submitter_id=SAM,
        role_id="content_lead",
        title="Pump",
        fields={},
        created_at=now,
        updated_at=now,
        due_at=DUE,
    )
    one = with_next_timer(plain, TERMS, now)
    seen = []
    for step in minutes:
        now += timedelta(minutes=step)
        one = with_next_timer(one, TERMS, now)
        if one.timer_at is not None:
            seen.append(one.timer_at)
    assert seen == sorted(seen)


async def test_when_there_is_nobody_else_who_has_it_hears_that_it_is_overdue(empty: Core) -> None:
    desk = replace(a_desk(social_lead=(ADA,)), admins=(ADA,))
    people = tuple(one for one in PEOPLE if one.user_id != OLGA)
    await empty.set_up(desk, people)
    await empty.hand_in("testimonial")
    await fire(empty, DUE)
    assert nudged(empty) == [f"2:{ADA}"]
    entry = (await empty.history(1))[-1]
    assert (entry.verb, entry.detail["people"]) == (Verb.ESCALATE, "")


async def test_the_first_admin_who_does_not_own_it_is_called_in(core: Core) -> None:
    await core.set_up(replace(a_desk(social_lead=(ADA,)), admins=(ADA,)))
    await core.hand_in("testimonial")
    await fire(core, DUE)
    assert nudged(core) == [f"2:{OLGA}"]


async def test_what_the_desk_brought_back_hides_nobody_s_step(core: Core) -> None:
    await core.set_up()
    submission = await core.hand_in()
    put_off = await core.step(submission, Verb.SNOOZE, until="2026-11-30")
    assert put_off.snoozed_until is not None
    assert await fire(core, put_off.snoozed_until) is TimerKind.RETURN
    with pytest.raises(StaleError, match=f"^<@{CORA}> put it off meanwhile"):
        await core.step(submission, Verb.TAKE, by=CONRAD)
