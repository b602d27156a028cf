"""Work follows when somebody leaves or comes back, or a role changes hands.

A submission keeps the role that it was stored with; who acts for that role is looked up each time
(`bot.people.owner_of`). What stands in Slack has to be told.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.announce import card_target, tell_all_away, tell_unheld
from bot.cards import current_card, post_card, update_card, with_new_card
from bot.desk import Desk
from bot.homes import renew_homes
from bot.lists import merged_away
from bot.people import Owner, active_admins, everybody_with_a_role, owner_of, without_leavers
from bot.ports import Transaction
from bot.routing import acting, active_holders
from bot.submission import Submission

AT_ONCE = 200
"""How many cards of one role, undecided and unpublished each, are renewed at once: those that have
waited longest. The others are renewed with their next step.
"""


@dataclass(frozen=True, slots=True)
class Hands:
    """In whose hands all work is: per role id who acts for it, admins where nobody else does, and
    the ids of the roles that somebody active holds, and of those for which one of their own (a
    holder, a deputy, a backup) is there.
    """

    owners: Mapping[str, Owner]
    held: frozenset[str]
    attended: frozenset[str]


def hands(tx: Transaction, desk: Desk) -> Hands:
    """In whose hands all work is now."""
    members = everybody_with_a_role(tx, desk)
    owners = {role_id: owner_of(desk, role_id, members) for role_id in desk.roles}
    if not all(owner.holders for owner in owners.values()):
        admins = active_admins(tx, desk)
        owners = {
            role_id: owner if owner.holders else replace(owner, holders=admins)
            for role_id, owner in owners.items()
        }
    roles = desk.roles.values()
    return Hands(
        owners,
        held=frozenset(role.role_id for role in roles if active_holders(role, members)),
        attended=frozenset(role.role_id for role in roles if acting(role, members)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What was in the hands of `before` is in those of `after`.

    `turned` are the people who left, went away or came back. `cause` tells this handover from all
    others.
    """

    before: Hands
    after: Hands
    cause: str
    turned: Collection[str] = ()


def hand_over(tx: Transaction, desk: Desk, handover: Handover, now: datetime) -> None:
    """Renew the cards of what is open in the roles that changed hands, and of what was taken by
    somebody who left, went away or came back; cards in the direct messages of somebody who does
    not act any more move to who does, and what came before the desk knew anybody gets its card. The
    admin is told of roles that nobody holds or attends to any more.
    """
    changed = _changed(handover)
    if not changed and not handover.turned:
        return
    if desk.fallback_role in changed:
        changed |= set(merged_away(tx, desk, now))
    others = set(desk.roles) - changed if handover.turned else set()
    found = [one for role_id in changed for one in _open(tx, role_id)]
    found += [
        one
        for role_id in others
        for one in _open(tx, role_id)
        if one.assignee_id in handover.turned
    ]
    moving = [one for one in found if _has_to_move(tx, desk, handover.after, one)]
    moved = _move(tx, desk, handover.after, moving, now)
    _renew(tx, [one for one in found if one.number not in moved], handover.cause, now)
    _tell_admin(tx, desk, handover, now)
    renew_homes(tx, _concerned(tx, handover, changed), handover.cause, now)


def _tell_admin(tx: Transaction, desk: Desk, handover: Handover, now: datetime) -> None:
    before, after = handover.before, handover.after
    lost = before.held - after.held
    for role_id in sorted(lost & desk.roles.keys()):
        tell_unheld(tx, desk, desk.roles[role_id], now)
    for role_id in sorted((before.attended - after.attended - lost) & desk.roles.keys()):
        owner = after.owners[role_id].role
        is_there = owner.role_id in after.attended
        tell_all_away(
            tx, desk, desk.roles[role_id], owner if is_there else None, handover.cause, now
        )


def _changed(handover: Handover) -> set[str]:
    before, after = handover.before.owners, handover.after.owners
    return {role_id for role_id in {*before, *after} if before.get(role_id) != after.get(role_id)}


def _concerned(tx: Transaction, handover: Handover, role_ids: Iterable[str]) -> list[str]:
    """Who acted for these roles or acts for them now, without those who left."""
    owners = (
        hands.owners.get(role_id)
        for hands in (handover.before, handover.after)
        for role_id in role_ids
    )
    user_ids = {user_id for owner in owners if owner is not None for user_id in owner.holders}
    members = tx.members.many(user_ids)
    return [id_ for id_ in user_ids if id_ not in members or members[id_].is_active_person]


def _open(tx: Transaction, role_id: str) -> Iterable[Submission]:
    undecided, _ = tx.submissions.undecided_of_roles((role_id,), limit=AT_ONCE)
    asked, _ = tx.submissions.paused_of_roles((role_id,), limit=AT_ONCE)
    unpublished, _ = tx.submissions.unpublished_of_roles((role_id,), limit=AT_ONCE)
    return (*undecided, *asked, *unpublished)


def _has_to_move(tx: Transaction, desk: Desk, after: Hands, submission: Submission) -> bool:
    """Whether its card stands in the direct messages of somebody who does not act for it, or it has
    none yet: it came before the desk knew to whom it goes, as right after the app was installed.
    """
    card = current_card(tx, submission)
    if card is None:
        return True
    if not card.target.startswith(("U", "W")):
        return False
    owner = after.owners[desk.role(submission.role_id).role_id]
    return card.target not in owner.holders and card.target != _target(tx, desk, after, submission)


def _move(
    tx: Transaction, desk: Desk, after: Hands, moving: Iterable[Submission], now: datetime
) -> set[int]:
    """Post the cards of these anew, where who acts for them now sees them. Returns their numbers.

    First all rows are locked, in order, then the lanes: no two transactions wait for each other.
    """
    moves = []
    for one in sorted(moving, key=lambda found: found.number):
        submission = tx.submissions.get(one.number)
        if submission is None or not _has_to_move(tx, desk, after, submission):
            continue  # somebody else moved it since it was listed
        target = _target(tx, desk, after, submission)
        if target is not None:
            changed = submission
            if current_card(tx, submission) is not None:
                changed = with_new_card(submission)
                tx.submissions.update(changed, expected_version=submission.version)
            moves.append((target, changed))
    for target, changed in sorted(moves, key=lambda move: (move[0], move[1].number)):
        before = current_card(tx, replace(changed, card=changed.card - 1))
        tells = before is not None and is_reachable(tx, before.target)
        post_card(tx, changed, target, now, tells_old=tells)
    return {changed.number for _, changed in moves}


def _target(tx: Transaction, desk: Desk, after: Hands, submission: Submission) -> str | None:
    """Where the card of a submission belongs; in direct messages who has it comes first."""
    role = after.owners[desk.role(submission.role_id).role_id].role
    (shown,) = without_leavers(tx, [submission])
    return role.channel_id or shown.assignee_id or card_target(tx, desk, role)


def _renew(tx: Transaction, found: Iterable[Submission], cause: str, now: datetime) -> None:
    cards = [(current_card(tx, one), one) for one in found]
    known = [(card, one) for card, one in cards if card is not None]
    # Lane by lane: transactions that need the same two lanes lock them in the same order.
    known.sort(key=lambda pair: (pair[0].target, pair[1].number))
    reachable = {target: is_reachable(tx, target) for target in {card.target for card, _ in known}}
    for card, submission in known:
        if reachable[card.target]:
            update_card(tx, card, submission, cause, now)


def is_reachable(tx: Transaction, target: str) -> bool:
    """Whether a message of ours in `target` can be changed, as far as the desk knows: the admin
    would hear of every single card that can't.
    """
    member, channel = tx.members.get(target), tx.channels.get(target)
    if member is not None:
        return member.is_active_person
    return channel is None or (channel.is_member and not channel.is_archived)
