"""Who is asked where a goal stands, once per period, and what becomes of one that nobody keeps."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channel_care import remember_channels
from bot.check_ins import LookAfter, check_in_of, look_after
from bot.configure import configure, current
from bot.desk import Channel, Subscription
from bot.errors import StaleError
from bot.goal import Goal, ReadingSource
from bot.goal_list import AskGoals, see_goals
from bot.goals import DropGoal, drop_goal
from bot.pace import Verdict
from bot.ports import Schedule
from bot.readings import ReadGoal, RecordReading, read_goal, record_reading
from bot.resting import rest_after
from bot.rounds import About, Rest, pause, resume, skip_one
from bot.subscriptions import SetDigest, set_digest
from handlers.views.goal_check_in import check_in
from tests.bot.test_goals import set_one
from tests.support.core import ADA, CONRAD, CORA, Core, a_desk
from tests.support.storage_examples import make_effect, make_hook

DAY, HOUR, WEEK = timedelta(days=1), timedelta(hours=1), timedelta(days=7)
DIGEST = Subscription(
    subscription_id="heads", channel_id="C0HEADS", weekday=0, time="09:00", tz="UTC"
)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""A working day before that Monday."""


@pytest.fixture
async def desk(core: Core) -> Core:
    """With a digest on Monday at nine."""
    await core.do(configure, a_desk(DIGEST))
    return core


async def look(core: Core, goal_id: str = "V1") -> str | None:
    return await core.do(look_after, LookAfter(goal_id))


def row(core: Core) -> Mapping[str, Any]:
    (found,) = core.rows("goal")
    return found


async def goal_of(core: Core) -> Goal:
    found = await core.ask(lambda tx, _c, _n: tx.goals.get("V1"), None)
    assert found is not None
    return found


def asked(core: Core, kind: str = "check_in") -> list[str]:
    return sorted(one["target"] for one in core.rows("outbox") if one["kind"] == kind)


async def due_now(core: Core) -> str | None:
    """Go to when the desk looks after the goal next, and have it look."""
    goal = await goal_of(core)
    assert goal.check_at is not None
    core.clock.at = goal.check_at
    if core.clock.at >= MONDAY:
        planned = after(core.clock.at)
        await core.do(lambda tx, one, _n: tx.schedules.save(one), planned)
    return await look(core)


def after(now: datetime) -> Schedule:
    """The digest has been posted, and the next one is planned."""
    weeks = (now - MONDAY) // WEEK + 1
    at = MONDAY + weeks * WEEK
    return Schedule(subscription_id="heads", next_date=at.date().isoformat(), next_at=at)


async def test_keepers_are_asked_a_working_day_before_the_digest_once(desk: Core) -> None:
    await set_one(desk)
    goal = await goal_of(desk)
    assert (goal.check_at, goal.check_until) == (FRIDAY, MONDAY - timedelta(minutes=15))
    desk.clock.at = FRIDAY - HOUR
    assert await look(desk) is None
    desk.clock.at = FRIDAY
    assert (desk.workspace_id, "V1") in await desk.database.due_check_ins(FRIDAY, limit=9_999)
    assert await look(desk) == "asked"
    assert await look(desk) is None
    assert asked(desk) == [CONRAD, CORA]
    (check_in,) = desk.rows("check_in")
    assert check_in["period_key"] == "2026-W47"


async def test_who_entered_a_value_the_day_before_is_not_asked(desk: Core) -> None:
    await set_one(desk)
    desk.clock.at = FRIDAY - HOUR
    await desk.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, value="3"))
    desk.clock.at = FRIDAY
    assert await look(desk) is None
    assert asked(desk) == []
    assert await look(desk) is None
    goal = await goal_of(desk)
    assert goal.check_at == MONDAY - timedelta(minutes=15)


async def test_a_goal_that_a_file_feeds_is_not_asked_about(desk: Core) -> None:
    await set_one(desk)
    desk.clock.at = FRIDAY - 3 * DAY
    command = RecordReading(
        goal_id="V1",
        value=3,
        at=desk.clock.at,
        actor_id=CORA,
        source=ReadingSource.FILE,
        external_id="row 1",
    )
    desk.clock.at = FRIDAY - HOUR * 20
    await desk.do(record_reading, command)
    desk.clock.at = FRIDAY + 2 * HOUR
    assert await look(desk) is None
    assert asked(desk) == []


async def test_an_answer_that_came_through_a_webhook_names_it(desk: Core) -> None:
    await set_one(desk)
    await desk.write(lambda tx: tx.hooks.save(make_hook("V9", name="Trials")))
    assert await due_now(desk) == "asked"
    asked_one, *_ = (one for one in desk.rows("outbox") if one["kind"] == "check_in")
    desk.clock.forward(hours=1)
    given = RecordReading(
        goal_id="V1",
        value=3,
        at=desk.clock.at,
        actor_id=CORA,
        source=ReadingSource.WEBHOOK,
        external_id="V9:reading 1",
    )
    await desk.do(record_reading, given)
    effect = make_effect(payload=json.loads(asked_one["payload"]))
    shown = await desk.ask(check_in_of, effect)
    assert (shown.hook, shown.answer is not None) == ("Trials", True)
    said = check_in(shown).text
    assert said.partition("\n")[2].startswith("The webhook “Trials” answered, ")
    assert CORA not in said


async def ignored(core: Core, times: int) -> list[str | None]:
    """What the desk did while nobody answered so many questions."""
    done: list[str | None] = []
    while len([one for one in done if one == "asked"]) < times or done[-1] == "asked":
        done.append(await due_now(core))
    return done


async def test_three_questions_in_a_row_without_an_answer_make_it_stale_before_the_digest(
    desk: Core,
) -> None:
    await set_one(desk, last_day="2027-03-30", target="9999")
    await desk.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, value="1250"))
    desk.clock.forward(days=2)
    done = await ignored(desk, 3)
    assert [one for one in done if one] == ["asked", "asked", "asked", "stale"]
    assert desk.clock.at.weekday() == 0
    assert desk.clock.at.time().isoformat() == "08:45:00"
    (standing,) = (await desk.ask(see_goals, AskGoals(CORA))).live
    assert standing.verdict is Verdict.STALE
    told = [one for one in desk.rows("outbox") if one["key"].startswith("stale:")]
    assert sorted(one["target"] for one in told) == sorted([ADA, CONRAD, CORA])
    more = [await due_now(desk) for _ in range(4)]
    assert "stale" not in more
    assert len([one for one in desk.rows("outbox") if one["key"].startswith("stale:")]) == 3

    await desk.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, value="2000"))
    (standing,) = (await desk.ask(see_goals, AskGoals(CORA))).live
    assert standing.verdict is not Verdict.STALE
    assert standing.goal.stale_at is None


async def test_an_answer_in_between_begins_anew(desk: Core) -> None:
    await set_one(desk, last_day="2027-03-30")
    await ignored(desk, 2)
    await desk.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, value="5"))
    desk.clock.forward(days=2)
    done = await ignored(desk, 2)
    assert "stale" not in done


async def test_the_same_again_is_an_answer_with_its_confidence(desk: Core) -> None:
    await set_one(desk)
    first = await desk.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, value="5"))
    desk.clock.at += DAY
    command = ReadGoal(
        goal_id="V1",
        actor_id=CONRAD,
        seq=first.seq,
        confidence="sure",
        is_same=True,
        is_answer=True,
    )
    same = await desk.do(read_goal, command)
    assert (same.value, same.confidence, same.source) == (5, "sure", ReadingSource.CHECK_IN)
    with pytest.raises(StaleError):
        await desk.do(read_goal, command)


async def test_nothing_is_asked_of_what_ended_was_dropped_or_is_not_to_be_asked(
    desk: Core,
) -> None:
    await set_one(desk, rhythm="never")
    await set_one(desk, "V2", last_day="2026-11-19")
    await set_one(desk, "V3", measure="handed_in", target="5")
    dropped = await set_one(desk, "V4")
    await desk.do(drop_goal, DropGoal(goal_id="V4", version=dropped.version, actor_id=CORA))
    desk.clock.at = FRIDAY
    for goal_id in ("V1", "V2", "V3", "V4"):
        assert await look(desk, goal_id) is None
    assert asked(desk) == []
    due = await desk.database.due_check_ins(FRIDAY + 40 * DAY, limit=9_999)
    assert [one for workspace, one in due if workspace == desk.workspace_id] == []


async def test_without_a_digest_friday_is_the_day(core: Core) -> None:
    await set_one(core)
    goal = await goal_of(core)
    assert goal.check_at == FRIDAY + HOUR
    await core.do(configure, a_desk(DIGEST))
    assert (await goal_of(core)).check_at == FRIDAY
    await core.do(configure, a_desk())
    assert (await goal_of(core)).check_at == FRIDAY + HOUR


async def test_two_digests_in_a_week_are_one_question(desk: Core) -> None:
    await set_one(desk)
    team = Subscription(
        subscription_id="team", channel_id="C0TEAM", weekday=4, time="16:00", tz="UTC"
    )
    await desk.do(configure, a_desk(DIGEST, team))
    desk.clock.at = FRIDAY
    assert await look(desk) == "asked"
    assert len(desk.rows("check_in")) == 1


ROUND: dict[str, Any] = {"actor_id": ADA, "subscription_id": "heads"}
NEXT = (FRIDAY + WEEK, MONDAY + WEEK - timedelta(minutes=15))
"""Before the digest of the week after."""

NO_DIGEST = datetime(2026, 11, 20, 10, tzinfo=UTC)
"""Friday at ten, when goals are asked about that no digest tells of."""


async def planned(core: Core) -> tuple[datetime | None, datetime | None]:
    goal = await goal_of(core)
    return goal.check_at, goal.check_until


async def test_the_question_follows_a_digest_that_is_paused_skipped_or_resumed(desk: Core) -> None:
    await set_one(desk)
    first = await planned(desk)
    await desk.do(skip_one, About(**ROUND))
    assert await planned(desk) == NEXT
    await desk.do(pause, Rest(**ROUND, until=(MONDAY + 3 * WEEK).date()))
    later = (FRIDAY + 3 * WEEK, MONDAY + 3 * WEEK - timedelta(minutes=15))
    assert await planned(desk) == later, "before the first that comes again"
    await desk.do(pause, Rest(**ROUND))
    assert (await planned(desk))[0] == NO_DIGEST, "without a digest they go by the calendar"
    await desk.do(resume, About(**ROUND))
    assert await planned(desk) == NEXT, "one was skipped, and stays so"
    assert first == (FRIDAY, MONDAY - timedelta(minutes=15))


async def test_it_follows_a_digest_that_comes_at_another_time_or_is_set_anew(desk: Core) -> None:
    await set_one(desk)
    await desk.do(pause, Rest(**ROUND))
    version = (await desk.ask(current, None)).version
    moved: dict[str, Any] = {"channel_id": "C0HEADS", "weekday": 2, "time": "09:00", "tz": "UTC"}
    command = SetDigest(actor_id=ADA, version=version, subscription_id="heads", **moved)
    await desk.do(set_digest, command)
    tuesday = MONDAY + DAY
    assert await planned(desk) == (tuesday, tuesday + DAY - timedelta(minutes=15))


async def test_it_follows_a_channel_that_is_gone_and_comes_back(desk: Core) -> None:
    await set_one(desk)
    first = await planned(desk)
    here = Channel(channel_id="C0HEADS", name="heads", is_member=True)
    await desk.write(lambda tx: tx.channels.save([here], desk.clock.now()))
    await desk.do(lambda tx, _c, now: rest_after(tx, "C0HEADS", "is_archived", now), None)
    assert (await planned(desk))[0] == NO_DIGEST
    await desk.do(remember_channels, [here])
    assert await planned(desk) == first
