"""Check-ins: who keeps a goal by hand is asked where it stands before a digest tells of it; three
questions in a row without an answer, and it is stale, never silently carried on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.cards import KEEP_TRYING
from bot.check_in import CheckIn, CheckInMaterial
from bot.desk import Desk
from bot.due import hours_of
from bot.errors import NotFoundError
from bot.goal import Goal, Reading, ReadingSource
from bot.outbox import Effect, EffectKind
from bot.people import admin_to_tell, everybody_with_a_role, owner_of
from bot.periods import instant
from bot.ports import Transaction
from bot.rhythm import Rhythm, before_digest, by_calendar, first_of, period_of
from bot.schedules import next_run
from bot.standings import end_of, standings

IGNORED = 3
"""So many questions in a row without an answer make a goal stale."""

FRESH = timedelta(days=1)
"""Who entered a value so lately is not asked for it."""

FED = timedelta(days=7)
"""A goal that a file or another system has fed so lately is not asked about."""

_AGAIN = timedelta(hours=1)
_ELSEWHERE = frozenset({ReadingSource.FILE, ReadingSource.WEBHOOK})

Plan = tuple[datetime | None, datetime | None]
"""When the desk looks after a goal next, and until when the question stands that it asks then."""


@dataclass(frozen=True, slots=True)
class LookAfter:
    """The time has come to look after a goal's check-ins."""

    goal_id: str


def look_after(tx: Transaction, command: LookAfter, now: datetime) -> str | None:
    """Ask who keeps the goal, or see whether they answered, and plan the next look: once, however
    many processes try. Returns "asked" or "stale", None when there was neither.
    """
    goal = tx.goals.get(command.goal_id)
    if goal is None or goal.check_at is None or goal.check_at > now:
        return None
    asks = _asks(goal, now)
    desk = tx.desk.load()
    plan = (goal.check_until, None) if asks else _plan(tx, desk, goal, _runs(tx, desk, now), now)
    if not tx.goals.plan_check(goal.goal_id, *plan, expected=goal.check_at):
        return None
    if _has_gone_stale(tx, goal, now):
        tx.goals.mark_stale(goal.goal_id, now)
        _send(tx, desk, goal, tx.goals.check_ins(goal.goal_id, limit=1)[0], now, is_stale=True)
        return "stale"
    if not asks or goal.check_until is None or _is_fresh(tx, goal, now):
        return None
    check_in = CheckIn(
        goal_id=goal.goal_id,
        period_key=period_of(goal.rhythm, goal.check_at, goal.tz),
        asked_at=now,
        until=goal.check_until,
    )
    if not tx.goals.add_check_in(check_in):
        return None
    _send(tx, desk, goal, check_in, now)
    return "asked"


def plan_check(tx: Transaction, desk: Desk, goal: Goal, now: datetime) -> Goal:
    """Plan when a goal that was set or changed is asked about; returns it with that."""
    at, until = _plan(tx, desk, goal, _runs(tx, desk, now), now)
    tx.goals.plan_check(goal.goal_id, at, until)
    return replace(goal, check_at=at, check_until=until)


def plan_checks(tx: Transaction, desk: Desk, now: datetime) -> None:
    """Plan anew when goals are asked about, since digests come at other times: one was set, moved,
    paused, skipped or resumed.
    """
    runs = _runs(tx, desk, now)
    for goal in tx.goals.live(now.date() - timedelta(days=1)):
        if goal.is_by_hand:
            tx.goals.plan_check(goal.goal_id, *_plan(tx, desk, goal, runs, now))


def answered(tx: Transaction, goal: Goal, now: datetime) -> None:
    """There is a new reading: the goal is not stale, and its open question says so."""
    if goal.stale_at is not None:
        tx.goals.mark_stale(goal.goal_id, None)
    for check_in in tx.goals.check_ins(goal.goal_id, limit=1):
        newest = tx.goals.trail(goal.goal_id, limit=1)[0]
        for user_id in _keepers(tx, tx.desk.load(), goal, with_admin=True):
            for is_stale in (False, True):
                asked = tx.outbox.find(_key(check_in, user_id, is_stale=is_stale))
                if asked is not None:
                    _renew(tx, asked, newest, now)


def check_in_of(tx: Transaction, effect: Effect, now: datetime) -> CheckInMaterial:
    """What the question shows; raises NotFoundError when its goal is gone."""
    goal = tx.goals.get(str(effect.payload["goal"]))
    if goal is None or goal.dropped_at is not None:
        raise NotFoundError("This goal is no more.")
    (standing,) = standings(tx, [goal], now)
    asked_at = datetime.fromisoformat(str(effect.payload["asked_at"]))
    newest = tx.goals.trail(goal.goal_id, limit=1)
    answer = newest[0] if newest and newest[0].came_at >= asked_at else None
    hook_id = answer.hook_id if answer else None
    return CheckInMaterial(
        standing=standing,
        until=datetime.fromisoformat(str(effect.payload["until"])),
        is_stale=bool(effect.payload.get("stale")),
        answer=answer,
        hook=tx.hooks.names().get(hook_id) if hook_id else None,
    )


def _asks(goal: Goal, now: datetime) -> bool:
    is_open = goal.check_until is not None and now < goal.check_until
    return is_open and goal.dropped_at is None and now < end_of(goal)


def _is_fresh(tx: Transaction, goal: Goal, now: datetime) -> bool:
    for reading in tx.goals.trail(goal.goal_id, limit=1):
        age = now - reading.came_at
        return age < (FED if reading.source in _ELSEWHERE else FRESH)
    return False


def _has_gone_stale(tx: Transaction, goal: Goal, now: datetime) -> bool:
    """Whether its last three questions are over, and nothing came since the first of them."""
    if goal.stale_at is not None or goal.dropped_at is not None or end_of(goal) <= now:
        return False
    asked = tx.goals.check_ins(goal.goal_id, limit=IGNORED)
    if len(asked) < IGNORED or asked[0].until > now:
        return False
    newest = tx.goals.trail(goal.goal_id, limit=1)
    return not newest or newest[0].came_at < asked[-1].asked_at


def _runs(tx: Transaction, desk: Desk, now: datetime) -> tuple[datetime, ...]:
    """When the digests of the set-up come next, each once; without those that rest."""
    planned = (next_run(tx, one, now) for one in desk.subscriptions)
    return tuple(run for run in planned if run is not None)


def _plan(tx: Transaction, desk: Desk, goal: Goal, runs: Sequence[datetime], now: datetime) -> Plan:
    if not goal.is_by_hand or goal.rhythm is Rhythm.NEVER or goal.dropped_at is not None:
        return None, None
    for last in tx.goals.check_ins(goal.goal_id, limit=1):
        if last.until > now:
            return last.until, None
    plan = _next_question(tx, desk, goal, runs, now)
    return plan if plan[0] is not None and plan[0] < end_of(goal) else (None, None)


def _next_question(
    tx: Transaction, desk: Desk, goal: Goal, runs: Sequence[datetime], now: datetime
) -> Plan:
    after = max(now, instant(goal.course.first_day, time.min, goal.tz))
    hours = hours_of(tx, desk, desk.role(goal.role_id), everybody_with_a_role(tx, desk))
    if goal.rhythm is not Rhythm.DIGEST or not runs:
        asking = by_calendar(goal.rhythm, after, goal.tz, hours)
        return asking.at, asking.until
    found = first_of([before_digest(run, hours) for run in runs], after)
    if found is not None:
        return found.at, found.until
    return max(min(runs) + _AGAIN, after), None  # the one after that is known then


def _keepers(tx: Transaction, desk: Desk, goal: Goal, *, with_admin: bool) -> tuple[str, ...]:
    """Who acts for the goal's role, without them the admin; with `with_admin` both."""
    role_id = desk.role(goal.role_id).role_id
    holders = owner_of(desk, role_id, everybody_with_a_role(tx, desk)).holders
    admin = admin_to_tell(tx, desk) if with_admin or not holders else None
    return tuple(dict.fromkeys((*holders, *((admin,) if admin else ()))))


def _send(
    tx: Transaction,
    desk: Desk,
    goal: Goal,
    check_in: CheckIn,
    now: datetime,
    *,
    is_stale: bool = False,
) -> None:
    for user_id in _keepers(tx, desk, goal, with_admin=is_stale):
        tx.outbox.add(
            Effect(
                key=_key(check_in, user_id, is_stale=is_stale),
                kind=EffectKind.CHECK_IN,
                target=user_id,
                payload={
                    "goal": goal.goal_id,
                    "asked_at": check_in.asked_at.isoformat(),
                    "until": check_in.until.isoformat(),
                    "stale": is_stale,
                },
                expires_at=now + KEEP_TRYING,
            ),
            now,
        )


def _key(check_in: CheckIn, user_id: str, *, is_stale: bool) -> str:
    stem = "stale" if is_stale else "check_in"
    return f"{stem}:{check_in.goal_id}:{check_in.period_key}:{user_id}"


def _renew(tx: Transaction, asked: Effect, reading: Reading, now: datetime) -> None:
    """The question as it is answered now; of several updates that wait the newest stays."""
    tx.outbox.add(
        Effect(
            key=f"{asked.key}:{reading.seq}",
            kind=EffectKind.CHECK_IN_UPDATE,
            target=asked.target,
            payload=asked.payload,
            parent_key=asked.key,
            collapse_key=asked.key,
        ),
        now,
    )
