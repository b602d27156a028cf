"""Who may do what, and who hears of what needs an admin."""

from collections.abc import Mapping

from bot.desk import Desk, Member, Role
from bot.errors import NotAllowedError
from bot.ports import Transaction
from bot.routing import active_holders
from bot.submission import Submission


def holders_of(tx: Transaction, role: Role) -> Mapping[str, Member]:
    """The members behind the holders of one role."""
    return tx.members.many(role.holders)


def everybody_with_a_role(tx: Transaction, desk: Desk) -> Mapping[str, Member]:
    """The members behind all holders of all roles."""
    return tx.members.many({user for role in desk.roles.values() for user in role.holders})


def admin_to_tell(tx: Transaction, desk: Desk) -> str | None:
    """The user id of the admin who hears of trouble: the desk's first active one, else the
    workspace's primary owner or first admin; None when not even that is known yet.
    """
    named = tx.members.many(desk.admins)
    for user_id in desk.admins:
        if user_id not in named or named[user_id].is_active_person:
            return user_id
    return next((member.user_id for member in tx.members.admins()), None)


def is_admin(tx: Transaction, desk: Desk, user_id: str) -> bool:
    """Whether `user_id` may set the desk up: a desk admin, or an admin of the workspace, who has
    not left.
    """
    member = tx.members.get(user_id)
    if member is None:
        return user_id in desk.admins
    return member.is_active_person and (member.is_admin or user_id in desk.admins)


def check_may_hand_in(desk: Desk, member: Member | None, user_id: str) -> None:
    """Raise NotAllowedError for bots, for people who left, and for guests without a role (P04)."""
    if member is None:
        return
    if not member.is_active_person:
        raise NotAllowedError("Only people of this workspace can hand something in.")
    if member.is_guest and not desk.roles_of(user_id):
        raise NotAllowedError(
            "Guests can use Social Desk once an admin has given them a role. "
            "Ask the person who invited you."
        )


def check_may_triage(tx: Transaction, desk: Desk, submission: Submission, user_id: str) -> None:
    """Raise NotAllowedError unless `user_id` holds the submission's role.

    While nobody active holds it, admins act in its place.
    """
    role = desk.role(submission.role_id)
    members = tx.members.many({*role.holders, user_id})
    actor = members.get(user_id)
    holders = active_holders(role, members)
    if actor is not None and not actor.is_active_person:
        raise NotAllowedError("Only people of this workspace can do this.")
    if user_id in holders:
        return
    if not holders and is_admin(tx, desk, user_id):
        return
    raise NotAllowedError(
        f"Number {submission.number} is with the {role.label}; "
        f"only its holders can do this. Ask <@{holders[0]}>."
        if holders
        else f"Nobody holds the {role.label} role yet; an admin can give it to you."
    )


def may_triage(tx: Transaction, desk: Desk, submission: Submission, user_id: str) -> bool:
    """Whether `check_may_triage` lets `user_id` through."""
    try:
        check_may_triage(tx, desk, submission, user_id)
    except NotAllowedError:
        return False
    return True


def others_could_decide(tx: Transaction, desk: Desk, submission: Submission, user_id: str) -> bool:
    """Whether an active holder other than `user_id` could decide in their place."""
    role = desk.role(submission.role_id)
    return any(holder != user_id for holder in active_holders(role, holders_of(tx, role)))
