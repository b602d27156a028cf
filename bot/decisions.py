"""Decisions of the joint meeting of sales and social: told of until they are closed (P34)."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.decision import Decision
from bot.errors import FieldError, NotAllowedError, NotFoundError, StaleError
from bot.people import is_admin
from bot.ports import Transaction
from bot.text import has_words, one_line

TEXT_LENGTH = 300
OPEN_SHOWN = 20
NO_MORE = "This decision is no more."


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDecision:
    """The form of a decision: its text, who sees to it, and by which day (ISO), if any."""

    form_id: str
    actor_id: str
    text: str
    owner_id: str
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDecision:
    """Somebody says what became of a decision."""

    decision_id: str
    actor_id: str
    outcome: str


def make_decision(tx: Transaction, command: MakeDecision, now: datetime) -> Decision:
    """Record a decision; the same form twice is one. Raises FieldError, NotAllowedError."""
    _check_colleague(tx, command.actor_id)
    faults: dict[str, str] = {}
    if not has_words(command.text):
        faults["text"] = "Please say what was decided."
    owner = tx.members.get(command.owner_id)
    if owner is None or not owner.is_active_person:
        faults["owner"] = "Please choose a colleague who sees to it."
    due = _day(command.due, faults)
    if faults:
        raise FieldError(faults)
    decision = Decision(
        decision_id=command.form_id,
        text=one_line(command.text)[:TEXT_LENGTH],
        owner_id=command.owner_id,
        due=due,
        made_at=now,
        made_by=command.actor_id,
    )
    tx.decisions.add(decision)
    return decision


def _day(text: str, faults: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults["due"] = "Please choose a day."
        return None


def see_decisions(tx: Transaction, _user_id: str, _now: datetime) -> tuple[Decision, ...]:
    """The decisions that are open, the oldest first."""
    return tx.decisions.open(limit=OPEN_SHOWN)


def decision_to_close(tx: Transaction, asked: CloseDecision, _now: datetime) -> Decision:
    """The decision, if this person may say what became of it.

    Raises NotFoundError, and NotAllowedError for who neither sees to it nor recorded it nor is an
    admin.
    """
    decision = tx.decisions.get(asked.decision_id)
    if decision is None:
        raise NotFoundError(NO_MORE)
    may = asked.actor_id in {decision.owner_id, decision.made_by}
    if not may and not is_admin(tx, tx.desk.load(), asked.actor_id):
        raise NotAllowedError(f"Only <@{decision.owner_id}>, who sees to it, can close it.")
    return decision


def close_decision(tx: Transaction, command: CloseDecision, now: datetime) -> None:
    """Say what became of a decision. Raises as `decision_to_close`, FieldError without words, and
    StaleError when somebody was quicker.
    """
    decision = decision_to_close(tx, command, now)
    if not has_words(command.outcome):
        raise FieldError({"outcome": "Please say in a sentence what became of it."})
    outcome = one_line(command.outcome)[:TEXT_LENGTH]
    if not tx.decisions.close(decision.decision_id, command.actor_id, now, outcome):
        raise StaleError("Somebody was quicker: it is closed already.")


def _check_colleague(tx: Transaction, user_id: str) -> None:
    member = tx.members.get(user_id)
    if member is None or member.is_guest or not member.is_active_person:
        raise NotAllowedError("Only colleagues can record decisions, no guests.")
