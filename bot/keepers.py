"""Whom the desk asks about what a role keeps: its goals, its experiments."""

from bot.desk import Desk
from bot.people import admin_to_tell, everybody_with_a_role, owner_of
from bot.ports import Transaction


def to_ask(tx: Transaction, desk: Desk, role_id: str) -> tuple[str, ...]:
    """The user ids of everybody who acts for a role; without them the admin, if there is one."""
    role = desk.role(role_id)
    holders = owner_of(desk, role.role_id, everybody_with_a_role(tx, desk)).holders
    if holders or (admin := admin_to_tell(tx, desk)) is None:
        return holders
    return (admin,)
