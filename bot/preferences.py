"""What somebody wants to hear of what they handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.desk import Hears
from bot.errors import NotFoundError
from bot.homes import renew_homes
from bot.lifecycle import OUTCOMES, Verb
from bot.ports import Transaction

QUESTIONS = frozenset({Verb.ASK, Verb.REPLY})
"""What somebody wrote to the submitter: that arrives whatever they chose."""

DECISIONS = QUESTIONS | OUTCOMES | {Verb.CONSENT, Verb.CONSENT_WITHDRAWN}

_HEARD: Mapping[Hears, frozenset[Verb]] = {
    Hears.ALL: frozenset(Verb) - {Verb.SERVE},
    Hears.DECISIONS: DECISIONS,
    Hears.QUESTIONS: QUESTIONS,
}


def hears_of(hears: Hears, verb: Verb) -> bool:
    """Whether a submitter who chose `hears` is told of `verb`."""
    return verb in _HEARD[hears]


@dataclass(frozen=True, slots=True)
class Choose:
    """A person chooses what to hear. `cause` tells this choice from others of theirs."""

    user_id: str
    hears: Hears
    cause: str


def choose(tx: Transaction, command: Choose, now: datetime) -> None:
    """Remember the choice; it holds from the next step on.

    Raises NotFoundError for somebody whom the desk does not know yet.
    """
    if tx.members.get(command.user_id) is None:
        raise NotFoundError("Social Desk does not know you yet. Please try again in a minute.")
    tx.members.set_hears(command.user_id, command.hears)
    renew_homes(tx, (command.user_id,), f"hears:{command.cause}", now)


def chosen(tx: Transaction, user_id: str, _now: datetime) -> Hears:
    """What a person chose to hear; everything until they did."""
    member = tx.members.get(user_id)
    return Hears.ALL if member is None else member.hears
