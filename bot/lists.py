"""What is mine, and what waits for me: to be decided, and to be seen through."""

from dataclasses import dataclass
from datetime import datetime

from bot.desk import Desk
from bot.material import ListMaterial, QueueMaterial
from bot.people import calls_of, everybody_with_a_role, is_admin, owner_of, without_leavers
from bot.ports import Transaction
from bot.routing import active_holders
from bot.serving import served_by
from bot.submission import Submission

PAGE = 20
"""How many entries a list shows. Two of them with a button each fit into a message of 50 blocks
(https://docs.slack.dev/reference/block-kit/blocks).
"""


@dataclass(frozen=True, slots=True)
class AskFor:
    """A person asks for a list of theirs, of at most `limit` entries."""

    user_id: str
    limit: int = PAGE


def mine(tx: Transaction, command: AskFor, now: datetime) -> ListMaterial:
    """The submissions that a person handed in, newest first."""
    found = tx.submissions.of_submitter(command.user_id, limit=command.limit)
    return list_of(tx, tx.desk.load(), found, now)


def queue(tx: Transaction, command: AskFor, now: datetime) -> QueueMaterial:
    """What waits for a decision in the roles of a person, or called them in because it is overdue,
    first due first, and what was accepted in their roles or passed on and has not ended, the oldest
    decision first.

    For who watches the fallback role that includes what waits in roles that are no more.
    """
    desk = tx.desk.load()
    calls = calls_of(tx, desk, command.user_id)
    role_ids = roles_to_watch(tx, desk, command.user_id)
    role_ids = with_merged_away(tx, desk, role_ids, now)
    # In this order: what is accepted between the two statements must not be listed twice.
    accepted = tx.submissions.unpublished_of_roles(role_ids, limit=command.limit)
    waiting = tx.submissions.undecided_of_roles(role_ids, limit=command.limit, calls=calls)
    return QueueMaterial(
        waiting=list_of(tx, desk, waiting, now), to_publish=list_of(tx, desk, accepted, now)
    )


def with_merged_away(
    tx: Transaction, desk: Desk, role_ids: tuple[str, ...], now: datetime
) -> tuple[str, ...]:
    """`role_ids`, and for who watches the fallback role those of roles that are no more."""
    if desk.fallback_role not in role_ids:
        return role_ids
    return role_ids + merged_away(tx, desk, now)


def merged_away(tx: Transaction, desk: Desk, now: datetime) -> tuple[str, ...]:
    """The ids of roles that are no more and still have something to decide or to publish."""
    in_use = {**tx.figures.waiting(now).by_role, **tx.figures.unpublished(now)}
    return tuple(role_id for role_id in in_use if role_id not in desk.roles)


def roles_to_watch(tx: Transaction, desk: Desk, user_id: str) -> tuple[str, ...]:
    """The ids of the roles whose queue is this person's to empty: those they hold, also while they
    are away, those that they stand in for, and for an admin those that nobody stands in for.
    """
    members = everybody_with_a_role(tx, desk)
    owners = {role_id: owner_of(desk, role_id, members) for role_id in desk.roles}
    is_theirs = {
        role_id: user_id in (*owner.holders, *active_holders(desk.roles[role_id], members))
        for role_id, owner in owners.items()
    }
    unheld = {role_id for role_id, owner in owners.items() if not owner.holders}
    if unheld and is_admin(tx, desk, user_id):
        is_theirs |= dict.fromkeys(unheld, True)
    return tuple(role_id for role_id, theirs in is_theirs.items() if theirs)


def list_of(
    tx: Transaction, desk: Desk, found: tuple[tuple[Submission, ...], int], now: datetime
) -> ListMaterial:
    """What was found, and how many there are in all, with the roles that it is with now."""
    items, total = found
    members = everybody_with_a_role(tx, desk) if items else {}
    return ListMaterial(
        items=without_leavers(tx, items),
        total=total,
        roles={
            role_id: owner_of(desk, role_id, members).role.label
            for role_id in {item.role_id for item in items}
        },
        now=now,
        serves=served_by(tx, items, now),
    )
