"""What changes from one set-up to another, in lines that a person reads before it takes effect."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from bot.conversion import ConversionType
from bot.desk import Department, Desk, Role, Rule, Subscription
from bot.ports import Transaction
from bot.sections import Audience
from bot.working_time import WorkingHours

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

NAMES = {
    "role_id": "role",
    "channel_id": "channel",
    "subscription_id": "name",
    "tz": "zone",
    "content_types": "content types",
    "month_day": "day of the month",
    "on_holiday": "on holiday",
}
"""What a field is called where its own name is none that the set-up file uses."""

_ID = re.compile(r"\b[CGUW][A-Z0-9]{2,}\b")

Part = Role | Department | Subscription | ConversionType | Audience


def differences(old: Desk, new: Desk) -> tuple[str, ...]:
    """A line per part that differs; empty when nothing does.

    A line begins with "+" for what comes, "-" for what goes, "~" for what changes, and says what
    about it is other than before. People and channels stand there by their ids.
    """
    return (
        *_changed("fallback role", old.fallback_role, new.fallback_role),
        *_changed("admins", old.admins, new.admins),
        *_changed("guests", old.guests, new.guests),
        *_changed("leaders", old.leaders, new.leaders),
        *_changed("working hours", old.hours, new.hours),
        *_changed("due times", _due(old), _due(new)),
        *_changed(
            "months that personal data is kept", old.keep_personal_months, new.keep_personal_months
        ),
        *_changed("whom the quarterly question goes to", old.pulse.value, new.pulse.value),
        *_parts("role", old.roles, new.roles),
        *_rules(old.rules, new.rules),
        *_parts(
            "department",
            {one.name: one for one in old.departments},
            {one.name: one for one in new.departments},
        ),
        *_parts(
            "audience",
            {one.key: one for one in old.audiences},
            {one.key: one for one in new.audiences},
        ),
        *_parts(
            "digest",
            {one.subscription_id: one for one in old.subscriptions},
            {one.subscription_id: one for one in new.subscriptions},
        ),
        *_parts(
            "conversion",
            {one.key: one for one in old.conversion_types},
            {one.key: one for one in new.conversion_types},
        ),
        *_order(old, new),
    )


def with_names(tx: Transaction, lines: tuple[str, ...], _now: datetime) -> tuple[str, ...]:
    """The lines with the name of every person and channel that the desk knows behind its id."""
    names = names_in(tx, " ".join(lines), _now)
    return tuple(_ID.sub(lambda found: _named(found[0], names), line) for line in lines)


def names_in(tx: Transaction, text: str, _now: datetime) -> Mapping[str, str]:
    """The names of every person and channel that the desk knows whose id stands in a text."""
    ids = set(_ID.findall(text))
    names = {id_: member.name for id_, member in tx.members.many(ids).items()}
    channels = (tx.channels.get(id_) for id_ in ids - set(names))
    return names | {channel.channel_id: f"#{channel.name}" for channel in channels if channel}


def _named(id_: str, names: Mapping[str, str]) -> str:
    return f"{id_} ({names[id_]})" if id_ in names else id_


def _due(desk: Desk) -> tuple[str, ...]:
    return tuple(f"{kind} {_shown(due)}" for kind, due in sorted(desk.due.items()))


def _changed(name: str, was: Any, will_be: Any) -> Iterator[str]:
    if was != will_be:
        yield f"~ {name}: {_change(was, will_be)}"


def _parts(what: str, old: Mapping[str, Part], new: Mapping[str, Part]) -> Iterator[str]:
    for key in sorted({*old, *new}):
        was, will_be = old.get(key), new.get(key)
        if was is None and will_be is not None:
            yield f"+ {what} {key}{_described(will_be)}"
        elif will_be is None:
            yield f"- {what} {key}"
        elif was is not None and was != will_be:
            yield f"~ {what} {key}: " + "; ".join(_fields(was, will_be))


def _described(part: Part) -> str:
    said = [
        f"{NAMES.get(one.name, one.name)} {_shown(value, one.name)}"
        for one in fields(part)[1:]
        if (value := getattr(part, one.name)) not in ((), None, "")
    ]
    return f": {'; '.join(said)}" if said else ""


def _fields(was: Part, will_be: Part) -> Iterator[str]:
    for one in fields(was):
        before, after = getattr(was, one.name), getattr(will_be, one.name)
        if before != after:
            yield f"{NAMES.get(one.name, one.name)} {_change(before, after, one.name)}"


def _change(was: Any, will_be: Any, name: str = "") -> str:
    """The change of one value: who or what joins and goes of a list, else before and after."""
    if isinstance(was, tuple) and isinstance(will_be, tuple):
        moves = [f"+{one}" for one in will_be if one not in was]
        moves += [f"-{one}" for one in was if one not in will_be]
        return " ".join(moves) or f"in another order: {_shown(will_be)}"
    return f"{_shown(was, name)} → {_shown(will_be, name)}"


def _rules(old: Sequence[Rule], new: Sequence[Rule]) -> Iterator[str]:
    if old == new:
        return
    yield from (f"- rule {_rule(rule)}" for rule in old if rule not in new)
    yield from (
        f"+ rule {place}: {_rule(rule)}" for place, rule in enumerate(new, 1) if rule not in old
    )
    if sorted(old, key=repr) == sorted(new, key=repr):
        yield "~ rules: in another order"


def _rule(rule: Rule) -> str:
    conditions = [
        f"{NAMES.get(one.name, one.name)} {_shown(value)}"
        for one in fields(rule)[1:]
        if (value := getattr(rule, one.name))
    ]
    return f"to {rule.role_id} ({'; '.join(conditions) or 'everything'})"


def _order(old: Desk, new: Desk) -> Iterator[str]:
    """A person counts for the first department that names them."""
    before = [one.name for one in old.departments]
    after = [one.name for one in new.departments]
    if before != after and sorted(before) == sorted(after):
        yield "~ departments: in another order"


def _shown(value: Any, name: str = "") -> str:
    match value:
        case None | () | "":
            return "none"
        case tuple():
            return ", ".join(str(one) for one in value)
        case timedelta():
            return f"{value / timedelta(hours=1):g} h"
        case WorkingHours():
            days = ", ".join(WEEKDAYS[day][:3] for day in sorted(value.weekdays))
            return f"{value.start:%H:%M} to {value.end:%H:%M}, {days}, {value.tz}"
        case int() if name == "weekday":
            return WEEKDAYS[value]
        case _:
            return str(value)
