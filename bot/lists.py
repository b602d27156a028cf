"""What is mine, and what waits for me."""

from dataclasses import dataclass
from datetime import datetime

from bot.desk import Desk
from bot.material import HomeMaterial, ListMaterial
from bot.people import everybody_with_a_role, is_admin
from bot.ports import Transaction
from bot.routing import active_holders
from bot.submission import Submission

PAGE = 10


@dataclass(frozen=True, slots=True)
class AskFor:
    """A person asks for a list of theirs, of at most `limit` entries."""

    user_id: str
    limit: int = PAGE


def mine(tx: Transaction, command: AskFor, now: datetime) -> ListMaterial:
    """The submissions that a person handed in, newest first."""
    items, total = tx.submissions.of_submitter(command.user_id, limit=command.limit)
    return _list(tx.desk.load(), items, total, now)


def queue(tx: Transaction, command: AskFor, now: datetime) -> ListMaterial:
    """What waits for a decision in the roles of a person, first due first.

    For an admin that includes the roles that nobody active holds; for who watches the fallback
    role, what waits in roles that are no more.
    """
    desk = tx.desk.load()
    role_ids = roles_to_watch(tx, desk, command.user_id)
    if desk.fallback_role in role_ids:
        waiting = tx.figures.waiting(now).by_role
        role_ids += tuple(role_id for role_id in waiting if role_id not in desk.roles)
    items, total = tx.submissions.undecided_of_roles(role_ids, limit=command.limit)
    return _list(desk, items, total, now)


def roles_to_watch(tx: Transaction, desk: Desk, user_id: str) -> tuple[str, ...]:
    """The ids of the roles whose queue is this person's to empty."""
    held = [role.role_id for role in desk.roles_of(user_id)]
    if is_admin(tx, desk, user_id):
        members = everybody_with_a_role(tx, desk)
        held += [role.role_id for role in desk.roles.values() if not active_holders(role, members)]
    return tuple(held)


def home(tx: Transaction, command: AskFor, now: datetime) -> HomeMaterial:
    """What the Home tab of one person shows."""
    desk = tx.desk.load()
    has_queue = bool(roles_to_watch(tx, desk, command.user_id))
    return HomeMaterial(
        user_id=command.user_id,
        mine=mine(tx, command, now),
        queue=queue(tx, command, now) if has_queue else None,
    )


def _list(desk: Desk, items: tuple[Submission, ...], total: int, now: datetime) -> ListMaterial:
    return ListMaterial(
        items=items,
        total=total,
        roles={role.role_id: role.label for role in desk.roles.values()},
        now=now,
    )
