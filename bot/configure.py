"""Setting the desk up: the rules that a configuration must keep, and how it takes effect."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.desk import Desk, Subscription
from bot.digest import plan
from bot.errors import ConfigurationError
from bot.handover import Handover, hand_over, hands
from bot.kinds import CONTENT_TYPES, KINDS, PLATFORMS
from bot.periods import wall_time
from bot.ports import Transaction


def check(desk: Desk) -> tuple[str, ...]:
    """Every fault of a set-up as one sentence each; empty when it can be used."""
    return (
        *_role_faults(desk),
        *_rule_faults(desk),
        *_subscription_faults(desk),
        *_repeated(desk),
    )


def configure(tx: Transaction, desk: Desk, now: datetime) -> Desk:
    """Store a set-up as the next version, hand over what changed hands, and plan its digests.

    A subscription whose day, time and zone are as before keeps its planned run. Raises
    ConfigurationError for a set-up with faults.
    """
    faults = check(desk)
    if faults:
        raise ConfigurationError(" ".join(faults))
    earlier_desk = tx.desk.load()
    before = {s.subscription_id: s for s in earlier_desk.subscriptions}
    before_hands = hands(tx, earlier_desk)
    stored = tx.desk.replace(desk, now)
    handover = Handover(before=before_hands, after=hands(tx, stored), cause=f"d{stored.version}")
    hand_over(tx, stored, handover, now)
    for subscription in stored.subscriptions:
        earlier = before.pop(subscription.subscription_id, None)
        is_planned = tx.schedules.get(subscription.subscription_id) is not None
        if earlier is None or not is_planned or _when(earlier) != _when(subscription):
            plan(tx, subscription, now)
    for gone in before:
        tx.schedules.remove(gone)
    return stored


def current(tx: Transaction, _: None, _now: datetime) -> Desk:
    """The set-up as it stands."""
    return tx.desk.load()


def next_runs(
    tx: Transaction, _: None, _now: datetime
) -> tuple[tuple[Subscription, datetime], ...]:
    """Each digest of the set-up, and when it comes next."""
    planned = (
        (subscription, tx.schedules.get(subscription.subscription_id))
        for subscription in tx.desk.load().subscriptions
    )
    return tuple((subscription, run.next_at) for subscription, run in planned if run is not None)


def differences(old: Desk, new: Desk) -> tuple[str, ...]:
    """What changes from one set-up to another, a line each; empty when nothing does.

    A line begins with "+" for what comes, "-" for what goes, "~" for what changes.
    """
    whole = (
        ("fallback role", old.fallback_role, new.fallback_role),
        ("rules", old.rules, new.rules),
        ("departments", old.departments, new.departments),
        ("admins", old.admins, new.admins),
    )
    return (
        *_diff("role", old.roles, new.roles),
        *(f"~ {name}" for name, was, will_be in whole if was != will_be),
        *_diff("digest", _by_id(old), _by_id(new)),
    )


def _by_id(desk: Desk) -> Mapping[str, Subscription]:
    return {subscription.subscription_id: subscription for subscription in desk.subscriptions}


def _diff(what: str, old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    lines = []
    for key in sorted({*old, *new}):
        if key not in old:
            lines.append(f"+ {what} {key}")
        elif key not in new:
            lines.append(f"- {what} {key}")
        elif old[key] != new[key]:
            lines.append(f"~ {what} {key}")
    return lines


def _when(subscription: Subscription) -> Subscription:
    return replace(subscription, channel_id="")


def _role_faults(desk: Desk) -> list[str]:
    faults = []
    if desk.fallback_role not in desk.roles:
        faults.append(f"The fallback role “{desk.fallback_role}” is not among the roles.")
    for role in desk.roles.values():
        if role.fallback is not None and role.fallback not in desk.roles:
            faults.append(f"Role {role.role_id}: its fallback “{role.fallback}” is no role.")
        if set("<>&") & set(role.label):
            faults.append(f"Role {role.role_id}: its label can't have <, > or & in it.")
        if len(set(role.holders)) != len(role.holders):
            faults.append(f"Role {role.role_id}: somebody is named twice among its holders.")
    faults += [
        f"The {kind.label.lower()}s need the role “{kind.default_role}”."
        for kind in KINDS.values()
        if kind.default_role not in desk.roles
    ]
    return faults


def _rule_faults(desk: Desk) -> list[str]:
    known = {
        "kind": set(KINDS),
        "content type": {option.value for option in CONTENT_TYPES},
        "platform": {option.value for option in PLATFORMS},
        "department": {department.name for department in desk.departments},
    }
    faults = []
    for place, rule in enumerate(desk.rules, start=1):
        if rule.role_id not in desk.roles:
            faults.append(f"Rule {place}: “{rule.role_id}” is no role.")
        named = {
            "kind": rule.kinds,
            "content type": rule.content_types,
            "platform": rule.platforms,
            "department": rule.departments,
        }
        faults += [
            f"Rule {place}: “{value}” is no {what}."
            for what, values in named.items()
            for value in values
            if value not in known[what]
        ]
    return faults


def _repeated(desk: Desk) -> list[str]:
    faults = []
    if len(set(desk.admins)) != len(desk.admins):
        faults.append("Somebody is named twice among the admins.")
    if len({department.name for department in desk.departments}) != len(desk.departments):
        faults.append("Two departments have the same name.")
    return faults


def _subscription_faults(desk: Desk) -> list[str]:
    faults = []
    ids = [subscription.subscription_id for subscription in desk.subscriptions]
    if len(set(ids)) != len(ids):
        faults.append("Two digests have the same name.")
    for subscription in desk.subscriptions:
        name = subscription.subscription_id
        try:
            ZoneInfo(subscription.tz)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "Europe" is a folder
            faults.append(f"Digest {name}: “{subscription.tz}” is no time zone like Europe/Berlin.")
        try:
            wall_time(subscription.time)
        except ValueError:
            faults.append(f"Digest {name}: “{subscription.time}” is no time like 09:00.")
        if not 0 <= subscription.weekday <= 6:
            faults.append(f"Digest {name}: its weekday must be monday to sunday.")
    return faults
