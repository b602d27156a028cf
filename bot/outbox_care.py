"""Looking after effects that Slack refused."""

from dataclasses import dataclass
from datetime import datetime

from bot.announce import card_target
from bot.digest import GRACE
from bot.errors import NotAllowedError
from bot.outbox import EffectKind
from bot.people import current_owner, is_admin
from bot.ports import Transaction
from bot.steps.base import existing


@dataclass(frozen=True, slots=True, kw_only=True)
class TryAgain:
    """An admin wants a set-aside effect tried once more."""

    key: str
    actor_id: str


def try_again(tx: Transaction, command: TryAgain, now: datetime) -> str:
    """Enqueue a set-aside effect again; a card goes where its role's cards go now.

    Returns the sentence to tell. Raises NotAllowedError for who is no admin.
    """
    desk = tx.desk.load()
    if not is_admin(tx, desk, command.actor_id):
        raise NotAllowedError("Only admins of Social Desk can do this.")
    effect = tx.outbox.find(command.key)
    if effect is not None and effect.kind is EffectKind.DIGEST:
        due_at = datetime.fromisoformat(str(effect.payload["due_at"]))
        if now - due_at > GRACE:
            return "That digest is more than a day old; the next one comes as planned."
    target = None
    if effect is not None and effect.kind is EffectKind.CARD:
        submission = existing(tx, effect.number or 0)
        target = card_target(tx, desk, current_owner(tx, desk, submission.role_id).role)
    if not tx.outbox.revive(command.key, now, target=target):
        return "That is done already; nothing waits for another try."
    return "Trying again now. You hear of it if it fails once more."
