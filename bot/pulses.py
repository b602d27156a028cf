"""The pulse as use cases: planned, asked by direct message, answered once, shown (P29)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cards import KEEP_TRYING
from bot.desk import Desk, PulseAsks
from bot.due import hours_of
from bot.errors import NotAllowedError, NotFoundError, StaleError
from bot.outbox import Effect, EffectKind
from bot.people import everybody_with_a_role
from bot.periods import instant
from bot.ports import Transaction
from bot.pulse import (
    LEAST,
    MARGIN,
    SCALE,
    Pulse,
    PulseQuestion,
    ask_day,
    end_of,
    has_answered,
    is_open,
    is_shown,
    next_quarter,
    quarter_of,
    with_answer,
)
from bot.working_time import next_working_moment

QUARTERS_SHOWN = 8
INVOLVED_SINCE = timedelta(days=92)
"""Who handed something in within this time before it is asked has something to say."""


def plan_pulse(tx: Transaction, _command: None, now: datetime) -> str | None:
    """Plan the question of this quarter, of the next one when its day has passed; or plan it anew,
    as long as it was not asked, where other hours hold by now. None where nothing changes, or
    nobody is asked in this workspace.
    """
    desk = tx.desk.load()
    if desk.version == 0 or desk.pulse is PulseAsks.NOBODY:
        return None
    quarter = quarter_of(now.date())
    planned = tx.pulses.get(quarter)
    is_past = ask_day(quarter) < now.date() if planned is None else planned.ask_at is None
    return _plan(tx, desk, next_quarter(quarter) if is_past else quarter, now)


def _plan(tx: Transaction, desk: Desk, quarter: str, now: datetime) -> str | None:
    role = desk.roles[desk.fallback_role]
    hours = hours_of(tx, desk, role, everybody_with_a_role(tx, desk))
    ask_at = next_working_moment(instant(ask_day(quarter), hours.start, hours.tz), hours)
    if tx.pulses.add(Pulse(quarter=quarter, ask_at=ask_at)):
        return "planned"
    planned = tx.pulses.get(quarter)
    if planned is None or planned.ask_at in {None, ask_at} or ask_at <= now:
        return None
    tx.pulses.plan(quarter, ask_at)
    return "planned"


@dataclass(frozen=True, slots=True)
class AskPulse:
    """The time of a quarter's question has come."""

    quarter: str


def ask_pulse(tx: Transaction, command: AskPulse, now: datetime) -> str | None:
    """Ask everybody who is to be asked, once, and plan the next quarter. So few that their answers
    would not be shown are not asked.

    Returns "asked", or None when there was nothing to ask.
    """
    pulse = tx.pulses.get(command.quarter)
    if pulse is None or pulse.ask_at is None or pulse.ask_at > now:
        return None
    desk = tx.desk.load()
    is_wanted = is_open(pulse.quarter, now) and desk.pulse is not PulseAsks.NOBODY
    people = whom(tx, desk, now) if is_wanted else ()
    people = people if len(people) >= LEAST else ()
    tx.pulses.asked(pulse.quarter, len(people))
    for user_id in people:
        tx.outbox.add(
            Effect(
                key=pulse_key(pulse.quarter, user_id),
                kind=EffectKind.PULSE,
                target=user_id,
                payload={"quarter": pulse.quarter},
                expires_at=now + KEEP_TRYING,
            ),
            now,
        )
    if desk.pulse is not PulseAsks.NOBODY:
        _plan(tx, desk, next_quarter(pulse.quarter), now)
    return "asked"


def pulse_key(quarter: str, user_id: str) -> str:
    """The key of the message that asks somebody."""
    return f"pulse:{quarter}:{user_id}"


def whom(tx: Transaction, desk: Desk, now: datetime) -> tuple[str, ...]:
    """Who is asked: who holds a role, and by the set-up who handed something in within the last
    quarter, or the members of departments. Only active people who may use the desk.
    """
    named = {user for role in desk.roles.values() for user in (*role.holders, *role.backups)}
    if desk.pulse is PulseAsks.DEPARTMENTS:
        named |= {user for one in desk.departments for user in one.members}
    else:
        named |= set(tx.figures.submitters(now - INVOLVED_SINCE, now))
    members = tx.members.many(named)
    return tuple(
        sorted(
            one.user_id
            for one in members.values()
            if one.is_active_person and (not one.is_guest or one.user_id in desk.guests)
        )
    )


def question_of(quarter: str) -> PulseQuestion:
    """What the message shows."""
    return PulseQuestion(quarter=quarter, until=end_of(quarter) - timedelta(days=1))


def question_to(tx: Transaction, user_id: str, now: datetime) -> PulseQuestion | None:
    """The question that waits for this person's answer, if one does."""
    quarter = quarter_of((now - MARGIN).date())
    if now.date() < ask_day(quarter):
        return None
    pulse = next((one for one in tx.pulses.newest(limit=2) if one.quarter == quarter), None)
    if pulse is None or pulse.ask_at is not None or not is_open(quarter, now):
        return None
    is_theirs = tx.outbox.find(pulse_key(quarter, user_id)) is not None
    if not is_theirs or has_answered(pulse, tx.pulses.marks(quarter, user_id)):
        return None
    return question_of(quarter)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPulse:
    """Somebody chose a number."""

    quarter: str
    user_id: str
    value: int


def answer_pulse(tx: Transaction, command: AnswerPulse, now: datetime) -> None:
    """Count an answer, once per person and quarter. Nothing else is written: no history, no effect.

    Raises NotFoundError for what is no answer, NotAllowedError for who was not asked, StaleError
    for a second answer and once the quarter is over.
    """
    pulse = tx.pulses.get(command.quarter)
    if pulse is None or command.value not in SCALE:
        raise NotFoundError("This question is no more.")
    if tx.outbox.find(pulse_key(command.quarter, command.user_id)) is None:
        raise NotAllowedError("This question was put to somebody else.")
    if not is_open(command.quarter, now):
        raise StaleError("The quarter is over, and its answers are counted. `/social pulse`")
    marks = tx.pulses.marks(command.quarter, command.user_id)
    after = with_answer(pulse, marks, command.value)
    if after is None:
        raise StaleError("You have answered for this quarter. It stays as it was.")
    tx.pulses.save_answers(after)


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseMaterial:
    """The quarters that may be seen, the newest first; `few` are those with too few answers,
    `unasked` those in which too few would have been asked; the one that is asked now, and the one
    that is asked next. `is_off`: nobody is asked in this workspace.
    """

    shown: tuple[Pulse, ...]
    few: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    running: str | None = None
    next_at: datetime | None = None
    is_off: bool = False


def see_pulse(tx: Transaction, _command: None, now: datetime) -> PulseMaterial:
    """The last two years."""
    is_off = tx.desk.load().pulse is PulseAsks.NOBODY
    found = tx.pulses.newest(limit=QUARTERS_SHOWN + 2)
    past = [one for one in found if one.ask_at is None]
    asked = [one for one in past if one.asked]
    running = next((one.quarter for one in asked if is_open(one.quarter, now)), None)
    shown = tuple(one for one in asked if is_shown(one, now))[:QUARTERS_SHOWN]
    few = (one.quarter for one in asked if one not in shown and one.quarter != running)
    planned = (one.ask_at for one in found if one.ask_at is not None)
    return PulseMaterial(
        shown=shown,
        few=tuple(few),
        unasked=() if is_off else tuple(one.quarter for one in past if not one.asked),
        running=running,
        next_at=None if is_off else min(planned, default=None),
        is_off=is_off,
    )
