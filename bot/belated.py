"""What could not be shown where somebody pressed, and is told by direct message instead."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.outbox import Effect, EffectKind
from bot.people import why_kept_out
from bot.ports import Transaction

SOON = timedelta(minutes=10)
"""Later than that nobody knows any more what was pressed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellBelated:
    """A sentence for who pressed something. `cause` names that; it is told of once."""

    user_id: str
    cause: str
    sentence: str


def tell_belated(tx: Transaction, command: TellBelated, now: datetime) -> None:
    """Send the sentence, unless the person may not use the desk: they are told nothing by it."""
    member = tx.members.get(command.user_id)
    if member is None or why_kept_out(tx.desk.load(), member, command.user_id):
        return
    notice = Effect(
        key=f"notice:belated:{command.cause}",
        kind=EffectKind.NOTICE,
        target=command.user_id,
        payload={"sentence": command.sentence},
        expires_at=now + SOON,
    )
    tx.outbox.add(notice, now)
