"""Which role owns a submission: ordered rules, then the kind's default, then the fallback."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.desk import Desk, Member, Role, Rule
from bot.kinds import FieldType, Kind
from bot.submission import FieldValue
from bot.text import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What rules look at. `channel_id` is where the submission was made."""

    kind: Kind
    fields: Mapping[str, FieldValue]
    department: str | None = None
    channel_id: str | None = None


def matches(rule: Rule, facts: Facts) -> bool:
    """Whether every condition that `rule` names holds."""
    return (
        _any(rule.kinds, {facts.kind.key})
        and _any(rule.content_types, _values(facts.fields.get("content_type")))
        and _any(rule.platforms, _values(facts.fields.get("platforms")))
        and _any(rule.departments, _values(facts.department))
        and _any(rule.channels, _values(facts.channel_id))
        and (not rule.words or _has_word(rule.words, facts))
    )


def route(desk: Desk, facts: Facts, members: Mapping[str, Member]) -> Role:
    """The role accountable for a submission; there always is one (P07).

    The first rule that matches names it, else the kind's default does. A role without anybody there
    gives way to its fallback, and at the end to the desk's fallback role.
    """
    return accountable(desk, first_choice(desk, facts).role_id, members)


def first_choice(desk: Desk, facts: Facts) -> Role:
    """The role that the rules name, whether anybody holds it or not."""
    matched = next((rule.role_id for rule in desk.rules if matches(rule, facts)), None)
    return desk.role(matched or facts.kind.default_role)


def accountable(desk: Desk, role_id: str, members: Mapping[str, Member]) -> Role:
    """`role_id` itself if anybody acts for it, else the first fallback that somebody acts for.

    When nobody acts for any of them, the desk's fallback role is accountable all the same.
    """
    seen: set[str] = set()
    role = desk.role(role_id)
    while role.role_id not in seen:
        if acting(role, members):
            return role
        seen.add(role.role_id)
        role = desk.role(role.fallback or desk.fallback_role)
    return desk.roles[desk.fallback_role]


def possible_roles(desk: Desk, kind: Kind, members: Mapping[str, Member]) -> tuple[Role, ...]:
    """The roles that a submission of `kind` can go to, its default first, before its fields are
    known. Told to people before they send something from a private place.
    """
    ids = [kind.default_role]
    ids += [rule.role_id for rule in desk.rules if _any(rule.kinds, {kind.key})]
    roles = {
        role.role_id: role for role in (accountable(desk, role_id, members) for role_id in ids)
    }
    return tuple(roles.values())


def active_holders(role: Role, members: Mapping[str, Member]) -> tuple[str, ...]:
    """The holders of `role` who have not left, in order. Unknown people count as active."""
    return tuple(
        user_id
        for user_id in role.holders
        if (member := members.get(user_id)) is None or member.is_active_person
    )


def acting(role: Role, members: Mapping[str, Member]) -> tuple[str, ...]:
    """Who acts for `role` at present: its holders, each away one's deputy in their place; while
    none of them is there, its backups. Unknown people count as there.
    """
    holders = (stand_in(user_id, members) for user_id in role.holders)
    there = tuple(dict.fromkeys(user_id for user_id in holders if user_id is not None))
    return there or present(role.backups, members)


def present(user_ids: Iterable[str], members: Mapping[str, Member]) -> tuple[str, ...]:
    """Those who have not left and are not away, in order. Unknown people count as there."""
    return tuple(user_id for user_id in user_ids if _is_there(members.get(user_id)))


def stand_in(user_id: str, members: Mapping[str, Member]) -> str | None:
    """Who acts in somebody's place: they themselves, while they are away their deputy, or that
    one's deputy; None when nobody on that way is there, or they have left.
    """
    asked: set[str] = set()
    one: str | None = user_id
    while one is not None and one not in asked:
        asked.add(one)
        member = members.get(one)
        if member is None or _is_there(member):
            return one
        one = member.deputy_id if member.is_active_person else None
    return None


def _is_there(member: Member | None) -> bool:
    return member is None or (member.is_active_person and member.away_until is None)


def _values(value: FieldValue | None) -> set[str]:
    if not value:
        return set()
    return {value} if isinstance(value, str) else set(value)


def _any(wanted: tuple[str, ...], found: set[str]) -> bool:
    return not wanted or not found.isdisjoint(wanted)


def _has_word(words: tuple[str, ...], facts: Facts) -> bool:
    """Whether one of `words` stands in what was typed; a choice's stored value is not typed."""
    values = (
        facts.fields.get(field.name, "")
        for field in facts.kind.fields
        if field.type in {FieldType.LINE, FieldType.TEXT}
    )
    text = folded(" ".join(value for value in values if isinstance(value, str)))
    wanted = (re.escape(bare) for word in words if (bare := folded(word).strip()))
    return any(re.search(rf"(?<!\w){word}(?!\w)", text) is not None for word in wanted)
