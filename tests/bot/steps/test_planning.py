"""Schedule and Snooze: moments ahead, and what they lead to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import FieldError
from bot.firing import FireTimer, fire_timer
from bot.gathering import gather_material
from bot.lifecycle import State, Verb
from bot.material import NudgeMaterial
from bot.steps.base import Step
from bot.submission import Submission
from bot.triage import check_step, take_step
from tests.support.core import CORA, START, Core, a_desk

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def seconds(moment: datetime) -> str:
    return str(int(moment.timestamp()))


async def accepted(core: Core) -> Submission:
    await core.set_up()
    return await core.step(await core.hand_in(), Verb.ACCEPT)


async def test_what_is_scheduled_says_when_and_where_and_can_be_moved(core: Core) -> None:
    submission = await accepted(core)
    at = START + timedelta(days=3)
    scheduled = await core.step(submission, Verb.SCHEDULE, at=seconds(at), platform="blog")
    assert (scheduled.state, scheduled.scheduled_at) == (State.SCHEDULED, at)
    assert scheduled == await core.stored(1)
    assert (await core.history(1))[-1].detail == {"at": at.isoformat(), "platform": "blog"}
    moved = await core.step(scheduled, Verb.SCHEDULE, at=seconds(at + timedelta(days=1)))
    assert moved.scheduled_at == at + timedelta(days=1)
    published = await core.step(moved, Verb.PUBLISH, link="https://example.com/p")
    assert (published.state, published.scheduled_at) == (State.PUBLISHED, None)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"at": "soon"},
        {"at": "9" * 30},
        {"at": seconds(START)},
        {"at": seconds(START - timedelta(days=1))},
        {"at": seconds(START + timedelta(days=367))},
    ],
)
async def test_a_moment_that_cannot_be(core: Core, given: dict[str, str]) -> None:
    submission = await accepted(core)
    with pytest.raises(FieldError) as refused:
        await core.step(submission, Verb.SCHEDULE, **given)
    assert set(refused.value.fields) == {"at"}
    assert await core.stored(1) == submission


async def test_a_platform_that_is_none(core: Core) -> None:
    submission = await accepted(core)
    at = seconds(START + timedelta(days=1))
    with pytest.raises(FieldError) as refused:
        await core.step(submission, Verb.SCHEDULE, at=at, platform="myspace")
    assert set(refused.value.fields) == {"platform"}


@pytest.mark.parametrize(
    "wished, scheduled_for, offered",
    [
        ((), None, {}),
        (("blog",), None, {"platform": "blog"}),
        (("blog", "x"), None, {}),
        (("blog",), "x", {"platform": "x"}),
    ],
)
async def test_the_form_offers_the_platform_that_was_meant(
    core: Core, wished: tuple[str, ...], scheduled_for: str | None, offered: dict[str, str]
) -> None:
    await core.set_up()
    idea = await core.hand_in(fields={"title": "A pump", "platforms": wished})
    submission = await core.step(idea, Verb.ACCEPT)
    if scheduled_for is not None:
        at = seconds(START + timedelta(days=1))
        submission = await core.step(submission, Verb.SCHEDULE, at=at, platform=scheduled_for)
    step = Step(number=1, version=submission.version, verb=Verb.PUBLISH, actor_id=CORA)
    assert (await core.ask(check_step, step)).initial == offered


async def test_what_is_put_off_comes_back_on_a_working_day(core: Core) -> None:
    await core.set_up()
    submission = await core.hand_in()
    saturday = "2026-11-21"
    snoozed = await core.step(submission, Verb.SNOOZE, until=saturday)
    assert (snoozed.state, snoozed.snoozed_until) == (State.NEW, MONDAY)
    assert snoozed.assignee_id is None
    # What was left when it was put off is left when it comes back.
    assert snoozed.due_at > submission.due_at
    assert (await core.history(1))[-1].detail == {"until": MONDAY.isoformat()}
    taken = await core.step(snoozed, Verb.TAKE)
    assert taken.snoozed_until is None


@pytest.mark.parametrize(
    "until, sentence",
    [
        ("", "choose a day"),
        ("tomorrow", "choose a day"),
        ("2026-11-19", "still to come"),
        ("2026-11-18", "still to come"),
        ("2027-02-18", "within the next 90 days"),
    ],
)
async def test_a_day_that_cannot_be(core: Core, until: str, sentence: str) -> None:
    await core.set_up()
    submission = await core.hand_in()
    with pytest.raises(FieldError) as refused:
        await core.step(submission, Verb.SNOOZE, until=until)
    assert sentence in refused.value.fields["until"]


async def test_the_form_offers_a_week_from_now(core: Core) -> None:
    await core.set_up()
    submission = await core.hand_in()
    step = Step(number=1, version=submission.version, verb=Verb.SNOOZE, actor_id=CORA)
    assert (await core.ask(check_step, step)).initial == {"until": "2026-11-26"}


async def agreed(core: Core, **given: Any) -> Submission:
    """An accepted testimonial with a consent until the end of November, on LinkedIn."""
    await core.set_up(a_desk(advocacy_lead=(CORA,)))
    submission = await core.step(await core.hand_in("testimonial"), Verb.ACCEPT)
    consent = {"wording": "Yes.", "shown": "name", "until": "2026-11-30", **given}
    command = Step(
        number=1, version=submission.version, verb=Verb.CONSENT, actor_id=CORA, given=consent
    )
    return (await core.do(take_step, command)).submission


async def test_nothing_is_scheduled_beyond_the_customer_s_consent(core: Core) -> None:
    submission = await agreed(core, platforms=("linkedin",))
    last = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    with pytest.raises(FieldError) as late:
        await core.step(
            submission, Verb.SCHEDULE, at=seconds(last + timedelta(hours=1)), platform="linkedin"
        )
    assert set(late.value.fields) == {"at"}
    with pytest.raises(FieldError) as elsewhere:
        await core.step(submission, Verb.SCHEDULE, at=seconds(last), platform="blog")
    assert set(elsewhere.value.fields) == {"platform"}
    # Where it goes out may be left open until it does.
    await core.step(submission, Verb.SCHEDULE, at=seconds(last))


async def test_what_waits_for_a_consent_may_be_scheduled_and_the_reminder_says_what_is_missing(
    core: Core,
) -> None:
    await core.set_up(a_desk(advocacy_lead=(CORA,)))
    submission = await core.step(await core.hand_in("testimonial"), Verb.ACCEPT)
    at = START + timedelta(days=3)
    await core.step(submission, Verb.SCHEDULE, at=seconds(at), platform="blog")
    core.clock.at = at
    await core.do(fire_timer, FireTimer(1))
    (key,) = core.effects("nudge:")
    effect = await core.read(lambda tx: tx.outbox.find(key))
    assert effect is not None
    told = await core.ask(gather_material, effect)
    assert isinstance(told, NudgeMaterial)
    assert "consent is not recorded" in told.obstacle


async def test_a_reminder_of_what_may_go_out_names_no_obstacle(core: Core) -> None:
    at = START + timedelta(days=3)
    await core.step(await agreed(core), Verb.SCHEDULE, at=seconds(at))
    core.clock.at = at
    await core.do(fire_timer, FireTimer(1))
    effect = await core.read(lambda tx: tx.outbox.find(core.effects("nudge:")[0]))
    assert effect is not None
    told = await core.ask(gather_material, effect)
    assert isinstance(told, NudgeMaterial)
    assert told.obstacle == ""
