"""What an admin sees of the set-up, with the steps that a new desk still lacks."""

from bot.channel_care import troubles
from bot.desk import Desk
from bot.material import SetupMaterial
from bot.people import everybody_with_a_role, is_admin
from bot.ports import Transaction
from bot.routing import active_holders
from bot.subscriptions import status_of


def setup_of(tx: Transaction, desk: Desk, user_id: str) -> SetupMaterial | None:
    """The set-up as its part of the Home tab shows it; None for who is no admin."""
    if not is_admin(tx, desk, user_id):
        return None
    members = everybody_with_a_role(tx, desk)
    return SetupMaterial(
        desk=desk,
        unheld=frozenset(
            role.role_id for role in desk.roles.values() if not active_holders(role, members)
        ),
        troubles=troubles(tx, desk),
        digests=tuple(status_of(tx, one) for one in desk.subscriptions),
        is_tried=bool(tx.submissions.after(0, limit=1)),
    )
