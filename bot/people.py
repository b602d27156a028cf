"""Who may do what, and who hears of what needs an admin."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from bot.desk import Desk, Member, Role
from bot.errors import NotAllowedError
from bot.material import AbsenceMaterial
from bot.periods import known_zone, local_date
from bot.ports import Transaction
from bot.routing import accountable, acting, present, stand_in
from bot.submission import Submission

NOT_HERE = "Only people of this workspace can use Social Desk."


@dataclass(frozen=True, slots=True)
class Owner:
    """Who acts for a role at present: the role itself, or the fallback that stands in for it
    while nobody of its own is there. `holders` are those who act, deputies in the place of who is
    away; while there are none, admins act.
    """

    role: Role
    holders: tuple[str, ...]


def everybody_with_a_role(tx: Transaction, desk: Desk, *others: str) -> Mapping[str, Member]:
    """The members behind all holders and backups of all roles and behind `others`, and the deputies
    of those who are away.
    """
    named = {user for role in desk.roles.values() for user in (*role.holders, *role.backups)}
    return with_deputies(tx, {*named, *others})


def with_deputies(tx: Transaction, user_ids: Iterable[str]) -> Mapping[str, Member]:
    """These members, and whoever stands in for those of them who are away."""
    found: dict[str, Member] = {}
    wanted = set(user_ids)
    while wanted:
        more = tx.members.many(wanted)
        found |= more
        deputies = {one.deputy_id for one in more.values() if one.away_until and one.deputy_id}
        wanted = deputies - found.keys() - wanted
    return found


def owner_of(desk: Desk, role_id: str, members: Mapping[str, Member]) -> Owner:
    """Who acts for what is stored under `role_id`. `members` are everybody with a role."""
    role = accountable(desk, role_id, members)
    return Owner(role, acting(role, members))


def current_owner(tx: Transaction, desk: Desk, role_id: str) -> Owner:
    """The same, looked up."""
    return owner_of(desk, role_id, everybody_with_a_role(tx, desk))


def active_admins(tx: Transaction, desk: Desk) -> tuple[str, ...]:
    """The desk's admins who have not left, then the workspace's, its primary owner first."""
    named = tx.members.many(desk.admins)
    active = (id_ for id_ in desk.admins if id_ not in named or named[id_].is_active_person)
    return tuple(dict.fromkeys([*active, *(member.user_id for member in tx.members.admins())]))


def admin_to_tell(tx: Transaction, desk: Desk) -> str | None:
    """The user id of the admin who hears of trouble: the desk's first active one, else the
    workspace's primary owner or first admin; as long as people are not read yet whoever installed
    the app, None when not even that is known.
    """
    admin = next(iter(active_admins(tx, desk)), None)
    if admin is not None:
        return admin
    installation = tx.installations.get()
    return None if installation is None else installation.installer_id


def without_leavers(tx: Transaction, submissions: Sequence[Submission]) -> tuple[Submission, ...]:
    """The submissions as they are to be shown: what has not ended is with whoever took it, if that
    one may still act (`taker_of`).
    """
    takers = {one.assignee_id for one in submissions if one.assignee_id and not one.has_ended}
    if not takers:
        return tuple(submissions)
    desk = tx.desk.load()
    members = everybody_with_a_role(tx, desk, *takers)
    return tuple(
        replace(one, assignee_id=taker_of(tx, desk, one, members))
        if one.assignee_id in takers and not one.has_ended
        else one
        for one in submissions
    )


def taker_of(
    tx: Transaction, desk: Desk, submission: Submission, members: Mapping[str, Member]
) -> str | None:
    """Who has a submission: whoever took it, while they are away their deputy; None when they have
    left, nobody stands in for them, or that one may not act for its role.

    `members` are everybody with a role and whoever took it.
    """
    if submission.assignee_id is None:
        return None
    who = stand_in(submission.assignee_id, members)
    return who if who and _acts_for(tx, desk, submission, who, members) else None


def is_admin(tx: Transaction, desk: Desk, user_id: str) -> bool:
    """Whether `user_id` may set the desk up: a desk admin, or an admin of the workspace, who has
    not left.
    """
    member = tx.members.get(user_id)
    if member is None:
        return user_id in desk.admins
    return member.is_active_person and (member.is_admin or user_id in desk.admins)


def absence_of(tx: Transaction, desk: Desk, user_id: str) -> AbsenceMaterial | None:
    """Whether somebody is away and whom they stand in for; None for who is there, has no role and
    stands in for nobody.
    """
    members = everybody_with_a_role(tx, desk, user_id)
    away = (one.user_id for one in members.values() if one.away_until and one.user_id != user_id)
    covered = tuple(sorted(one for one in away if stand_in(one, members) == user_id))
    member = members.get(user_id)
    if member is not None and member.away_until is not None:
        back_on = today_of(member, member.away_until)
        return AbsenceMaterial(
            back_on=back_on, deputy_id=stand_in(user_id, members), stands_in_for=covered
        )
    has_role = any(user_id in (*role.holders, *role.backups) for role in desk.roles.values())
    return AbsenceMaterial(stands_in_for=covered) if has_role or covered else None


def zone_of(member: Member | None) -> str:
    """The zone in which somebody lives; UTC while the desk does not know it."""
    return known_zone(member.tz) if member else "UTC"


def today_of(member: Member | None, now: datetime) -> date:
    """The day that it is where somebody lives."""
    return local_date(now, zone_of(member))


def why_kept_out(desk: Desk, member: Member | None, user_id: str) -> str:
    """Why somebody may not use the desk at all, as a sentence for them; empty for who may.

    Kept out are bots, people who left, and guests whom no admin named or gave a role (P04). Who is
    not known yet may: the door before the listeners asks Slack about them (`handlers.doors`).
    """
    if member is None:
        return ""
    if not member.is_active_person:
        return NOT_HERE
    is_named = user_id in (*desk.guests, *desk.admins) or any(
        user_id in (*role.holders, *role.backups) for role in desk.roles.values()
    )
    if member.is_guest and not is_named:
        return (
            "Guests can use Social Desk once an admin has named them or given them a role. "
            "Ask the person who invited you."
        )
    return ""


def check_may_take_part(desk: Desk, member: Member | None, user_id: str) -> None:
    """Raise NotAllowedError for whom `why_kept_out` keeps out."""
    why = why_kept_out(desk, member, user_id)
    if why:
        raise NotAllowedError(why)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody wants in; `member` is how they are known where the database does not know them."""

    user_id: str
    member: Member | None


def check_in(tx: Transaction, command: Arrival, _now: datetime) -> None:
    """Raise NotAllowedError for who may not use the desk, by the set-up as it is stored."""
    member = tx.members.get(command.user_id) or command.member
    check_may_take_part(tx.desk.load(), member, command.user_id)


def check_may_triage(tx: Transaction, desk: Desk, submission: Submission, user_id: str) -> None:
    """Raise NotAllowedError unless `user_id` may act for the submission's role: who acts for it at
    present, its holders (also while they are away), its backups, and whoever was called in because
    it is overdue. While nobody at all acts for it, admins do.
    """
    members = everybody_with_a_role(tx, desk, user_id)
    owner = owner_of(desk, submission.role_id, members)
    actor = members.get(user_id)
    if actor is not None and not actor.is_active_person:
        raise NotAllowedError("Only people of this workspace can do this.")
    if _acts_for(tx, desk, submission, user_id, members):
        return
    raise NotAllowedError(
        f"Number {submission.number} is with the {owner.role.label}; "
        f"only its holders can do this. Ask <@{owner.holders[0]}>."
        if owner.holders
        else f"Nobody holds the {owner.role.label} role yet; an admin can give it to you."
    )


def _acts_for(
    tx: Transaction,
    desk: Desk,
    submission: Submission,
    user_id: str,
    members: Mapping[str, Member],
) -> bool:
    owner, role = owner_of(desk, submission.role_id, members), desk.role(submission.role_id)
    if user_id in {*owner.holders, *role.holders, *role.backups}:
        return True
    if user_id in called_in(tx, desk, submission, members):
        return True
    return not owner.holders and is_admin(tx, desk, user_id)


def called_in(
    tx: Transaction, desk: Desk, submission: Submission, members: Mapping[str, Member]
) -> tuple[str, ...]:
    """Who was called in because a submission is overdue, beside those who act for it anyway: its
    role's backups, and as the second step who acts for its fallback, or else an admin (P09).

    `members` are everybody with a role.
    """
    admins = partial(active_admins, tx, desk)
    return _called(desk, submission.role_id, submission.escalation, members, admins)


def calls_of(tx: Transaction, desk: Desk, user_id: str) -> Mapping[str, int]:
    """How far what is overdue in a role must have called for help until this person is called in:
    1 as a backup, 2 as the second step; by role id, without the roles that call them never.
    """
    members = everybody_with_a_role(tx, desk)
    admins = active_admins(tx, desk) if is_admin(tx, desk, user_id) else ()
    found = {
        role_id: next(
            (
                stage
                for stage in (1, 2)
                if user_id in _called(desk, role_id, stage, members, lambda: admins)
            ),
            0,
        )
        for role_id in desk.roles
    }
    return {role_id: stage for role_id, stage in found.items() if stage}


def _called(
    desk: Desk,
    role_id: str,
    escalation: int,
    members: Mapping[str, Member],
    admins: Callable[[], tuple[str, ...]],
) -> tuple[str, ...]:
    """Who is called in for what is overdue in a role and called for help so far."""
    owner, role = owner_of(desk, role_id, members), desk.role(role_id)
    called = present(role.backups, members) if escalation else ()
    if escalation > 1:
        fallback = owner_of(desk, role.fallback or desk.fallback_role, members)
        others = tuple(user for user in fallback.holders if user not in owner.holders)
        called += others or _first_other(admins(), owner)
    return tuple(dict.fromkeys(user for user in called if user not in owner.holders))


def _first_other(admins: Sequence[str], owner: Owner) -> tuple[str, ...]:
    return tuple(user for user in admins if user not in owner.holders)[:1]


def may_triage(tx: Transaction, desk: Desk, submission: Submission, user_id: str) -> bool:
    """Whether `check_may_triage` lets `user_id` through."""
    try:
        check_may_triage(tx, desk, submission, user_id)
    except NotAllowedError:
        return False
    return True


def others_could_decide(tx: Transaction, desk: Desk, submission: Submission, user_id: str) -> bool:
    """Whether somebody else who is there could decide in the place of `user_id`."""
    members = everybody_with_a_role(tx, desk)
    owner = owner_of(desk, submission.role_id, members)
    backups = present(desk.role(submission.role_id).backups, members)
    called = called_in(tx, desk, submission, members)
    return any(other != user_id for other in (*owner.holders, *backups, *called))
