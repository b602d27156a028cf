"""What is mine, and what waits for me: to be decided, and to be published."""

from dataclasses import dataclass
from datetime import datetime

from bot.desk import Desk
from bot.material import HomeMaterial, ListMaterial, QueueMaterial
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


def queue(tx: Transaction, command: AskFor, now: datetime) -> QueueMaterial:
    """What waits for a decision in the roles of a person, first due first, and what was accepted
    there and waits to be published, the oldest decision first.

    For an admin that includes the roles that nobody active holds; for who watches the fallback
    role, what waits in roles that are no more.
    """
    desk = tx.desk.load()
    role_ids = roles_to_watch(tx, desk, command.user_id)
    if desk.fallback_role in role_ids:
        role_ids += merged_away(tx, desk, now)
    # In this order: what is accepted between the two statements must not be listed twice.
    accepted, accepted_total = tx.submissions.unpublished_of_roles(role_ids, limit=command.limit)
    waiting, waiting_total = tx.submissions.undecided_of_roles(role_ids, limit=command.limit)
    return QueueMaterial(
        waiting=_list(desk, waiting, waiting_total, now),
        to_publish=_list(desk, accepted, accepted_total, now),
    )


def merged_away(tx: Transaction, desk: Desk, now: datetime) -> tuple[str, ...]:
    """The ids of roles that are no more and still have something to decide or to publish."""
    in_use = {**tx.figures.waiting(now).by_role, **tx.figures.unpublished(now)}
    return tuple(role_id for role_id in in_use if role_id not in desk.roles)


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
