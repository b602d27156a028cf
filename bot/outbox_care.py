"""Looking after effects that Slack refused."""

from dataclasses import dataclass
from datetime import datetime

from bot.announce import card_target
from bot.digest_effects import GRACE
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
    """`put_back`, for an admin. Returns the sentence to tell. Raises NotAllowedError for who is
    none.
    """
    desk = tx.desk.load()
    if not is_admin(tx, desk, command.actor_id):
        raise NotAllowedError("Only admins of Social Desk can do this.")
    return (
        put_back(tx, command.key, now) or "Trying again now. You hear of it if it fails once more."
    )


def put_back(tx: Transaction, key: str, now: datetime) -> str | None:
    """Enqueue a set-aside effect again; a card goes where its role's cards go now. Returns None, or
    the sentence that says why it was left alone.
    """
    effect = tx.outbox.find(key)
    if effect is not None and effect.kind in {EffectKind.DIGEST, EffectKind.DIGEST_MORE}:
        due_at = datetime.fromisoformat(str(effect.payload["due_at"]))
        if now - due_at > GRACE:
            return "That digest is more than a day old; the next one comes as planned."
    target = None
    if effect is not None and effect.kind is EffectKind.CARD:
        desk = tx.desk.load()
        submission = existing(tx, effect.number or 0)
        target = card_target(tx, desk, current_owner(tx, desk, submission.role_id).role)
    if not tx.outbox.revive(key, now, target=target):
        return "That is done already; nothing waits for another try."
    return None
