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
    SCALE,
    Pulse,
    PulseQuestion,
    ask_day,
    end_of,
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
    """Plan the question of this quarter, of the next one when its day has passed; None when that
    was done before, or nobody is asked in this workspace.
    """
    desk = tx.desk.load()
    if desk.version == 0 or desk.pulse is PulseAsks.NOBODY:
        return None
    quarter = quarter_of(now.date())
    if tx.pulses.get(quarter) is None and ask_day(quarter) < now.date():
        quarter = next_quarter(quarter)
    return _plan(tx, desk, quarter)


def _plan(tx: Transaction, desk: Desk, quarter: str) -> str | None:
    role = desk.roles[desk.fallback_role]
    hours = hours_of(tx, desk, role, everybody_with_a_role(tx, desk))
    morning = instant(ask_day(quarter), hours.start, hours.tz)
    planned = Pulse(quarter=quarter, ask_at=next_working_moment(morning, hours))
    return "planned" if tx.pulses.add(planned) else None


@dataclass(frozen=True, slots=True)
class AskPulse:
    """The time of a quarter's question has come."""

    quarter: str


def ask_pulse(tx: Transaction, command: AskPulse, now: datetime) -> str | None:
    """Ask everybody who is to be asked, once, and plan the next quarter.

    Returns "asked", or None when there was nothing to ask.
    """
    pulse = tx.pulses.get(command.quarter)
    if pulse is None or pulse.ask_at is None or pulse.ask_at > now:
        return None
    desk = tx.desk.load()
    is_wanted = is_open(pulse.quarter, now) and desk.pulse is not PulseAsks.NOBODY
    people = whom(tx, desk, now) if is_wanted else ()
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
        _plan(tx, desk, next_quarter(pulse.quarter))
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
    after = with_answer(pulse, command.user_id, command.value)
    if after is None:
        raise StaleError("You have answered for this quarter. It stays as it was.")
    tx.pulses.save_answers(after)


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseMaterial:
    """The quarters that may be seen, the newest first; `few` are those with too few answers; the
    one that is asked now, and the one that is asked next, if that is known.
    """

    shown: tuple[Pulse, ...]
    few: tuple[str, ...] = ()
    running: str | None = None
    next_at: datetime | None = None


def see_pulse(tx: Transaction, _command: None, now: datetime) -> PulseMaterial:
    """The last two years."""
    found = tx.pulses.newest(limit=QUARTERS_SHOWN + 2)
    asked = [one for one in found if one.ask_at is None]
    running = next((one.quarter for one in asked if is_open(one.quarter, now)), None)
    shown = tuple(one for one in asked if is_shown(one, now))[:QUARTERS_SHOWN]
    few = (one.quarter for one in asked if one not in shown and one.quarter != running)
    return PulseMaterial(
        shown=shown,
        few=tuple(few),
        running=running,
        next_at=min((one.ask_at for one in found if one.ask_at is not None), default=None),
    )
