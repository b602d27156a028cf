"""Erasing a colleague: their drafts, what is known of them, the digests that they took."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.erasing import check_may_erase
from bot.erasure_store import Access, AccessKind
from bot.naming import retell, told_of
from bot.own_digests import leave_all
from bot.ports import Transaction
from bot.targets import people_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """A colleague who is to be erased, or to be told what is stored about them."""

    user_id: str
    actor_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueErasure:
    """What of a colleague goes, or went: drafts, and whether they were known. `wrote_about` are the
    submissions whose conversation has texts of theirs; `named` says where the set-up names them;
    `retold` digests name them and are told anew.
    `entered` counts what they entered of goals, figures and decisions, by the sort of it: that is
    the company's, and stays under their user id.
    """

    drafts: int
    is_known: bool
    wrote_about: tuple[int, ...]
    named: tuple[str, ...]
    entered: Mapping[str, int] = field(default_factory=dict)
    retold: int = 0


def foresee_colleague(tx: Transaction, command: Colleague, _now: datetime) -> ColleagueErasure:
    """What `erase_colleague` would erase, and what of theirs is elsewhere."""
    check_may_erase(tx, command.actor_id)
    return ColleagueErasure(
        drafts=len(tx.erasure.drafts_of(command.user_id)),
        is_known=tx.members.get(command.user_id) is not None,
        wrote_about=tx.erasure.texts_by(command.user_id),
        named=named_in_set_up(tx, command.user_id),
        entered={what: len(rows) for what, rows in tx.erasure.entered_by(command.user_id).items()},
        retold=len(told_of(tx, command.user_id)),
    )


def erase_colleague(tx: Transaction, command: Colleague, now: datetime) -> ColleagueErasure:
    """Erase a colleague's drafts and what is known of them; their texts go one submission after
    the other (`erase_texts`). What they handed in and did stands under their user id.
    """
    foreseen = foresee_colleague(tx, command, now)
    leave_all(tx, command.user_id)
    drafts, is_known = tx.erasure.drop_colleague(command.user_id)
    retell(tx, command.user_id, "a colleague who was erased", now)
    access = Access(
        at=now,
        actor_id=command.actor_id,
        kind=AccessKind.ERASE_COLLEAGUE,
        detail={"user": command.user_id},
    )
    tx.accesses.append(access)
    return replace(foreseen, drafts=drafts, is_known=is_known)


def named_in_set_up(tx: Transaction, user_id: str) -> tuple[str, ...]:
    """Where the set-up names somebody; only who sets the desk up changes that."""
    desk = tx.desk.load()
    roles = (
        f"role {role.role_id}"
        for role in desk.roles.values()
        if user_id in (*role.holders, *role.backups)
    )
    digests = (
        f"digest {one.subscription_id}"
        for one in desk.subscriptions
        if user_id in people_of(one.channel_id)
    )
    departments = (f"department {one.name}" for one in desk.departments if user_id in one.members)
    others = {"admins": desk.admins, "guests": desk.guests, "leaders": desk.leaders}
    return (
        *roles,
        *departments,
        *digests,
        *(name for name, ids in others.items() if user_id in ids),
    )
