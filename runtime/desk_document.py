"""From a desk to what the set-up file holds of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.desk import LAST_DAY, Desk, OnHoliday, PulseAsks, Role, Rule, Subscription
from bot.desk_changes import WEEKDAYS
from bot.sections import DEFAULT_AUDIENCE
from bot.targets import people_of
from bot.working_time import WorkingHours
from runtime.desk_parts import standard_role


def document_of(desk: Desk) -> dict[str, Any]:
    """What the file of `desk` holds: plain values, without what need not be said."""
    return _said(
        {
            "admins": list(desk.admins),
            "guests": list(desk.guests),
            "leaders": list(desk.leaders),
            "fallback_role": desk.fallback_role,
            "hours": _hours_document(desk.hours),
            "due": {kind: _number(due) for kind, due in desk.due.items()},
            "keep_personal_months": desk.keep_personal_months,
            "pulse": None if desk.pulse is PulseAsks.INVOLVED else desk.pulse.value,
            "roles": {role.role_id: _role_document(role) for role in desk.roles.values()},
            "rules": [_rule_document(rule) for rule in desk.rules],
            "departments": {
                one.name: _said({"members": list(one.members), "channels": list(one.channels)})
                for one in desk.departments
            },
            "audiences": {
                one.key: {"label": one.label, "sections": [name.value for name in one.sections]}
                for one in desk.audiences
            },
            "digests": {one.subscription_id: _digest_document(one) for one in desk.subscriptions},
            "conversions": {
                one.key: {"label": one.label, "many": one.many} for one in desk.conversion_types
            },
        }
    )


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, [], {})}


def _digest_document(one: Subscription) -> dict[str, Any]:
    people = list(people_of(one.channel_id))
    where: dict[str, Any] = {"people": people} if people else {"channel": one.channel_id}
    when: dict[str, Any] = {"weekday": WEEKDAYS[one.weekday]}
    if one.month_day is not None:
        when = {"month_day": "last" if one.month_day == LAST_DAY else one.month_day}
    return (
        where
        | when
        | {"time": one.time, "tz": one.tz}
        | _said(
            {
                "audience": _unless(one.audience, DEFAULT_AUDIENCE),
                "holidays": _unless(one.holidays, ""),
                "on_holiday": _unless(one.on_holiday.value, OnHoliday.MOVE.value),
            }
        )
    )


def _unless(value: str, standard: str) -> str | None:
    return None if value == standard else value


def _number(due: timedelta) -> float:
    hours = due / timedelta(hours=1)
    return int(hours) if hours.is_integer() else hours


def _role_document(role: Role) -> dict[str, Any]:
    standard = standard_role(role.role_id)
    differs = {
        "description": role.description != standard.description,
        "fallback": role.fallback != standard.fallback,
    }
    document: dict[str, Any] = {"label": role.label}
    document |= {name: getattr(role, name) for name, is_so in differs.items() if is_so}
    return document | _said(
        {
            "channel": role.channel_id,
            "holders": list(role.holders),
            "backups": list(role.backups),
            "hours": _hours_document(role.hours),
        }
    )


def _rule_document(rule: Rule) -> dict[str, Any]:
    conditions = ("kinds", "content_types", "platforms", "departments", "channels", "words")
    return {"role": rule.role_id} | _said({name: list(getattr(rule, name)) for name in conditions})


def _hours_document(hours: WorkingHours | None) -> dict[str, Any] | None:
    if hours is None:
        return None
    return {
        "start": f"{hours.start:%H:%M}",
        "end": f"{hours.end:%H:%M}",
        "weekdays": [WEEKDAYS[day] for day in sorted(hours.weekdays)],
        "tz": hours.tz,
    }
