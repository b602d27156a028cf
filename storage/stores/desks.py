"""The set-up of a workspace, read as a whole and written as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, select
from typing_extensions import override

from bot.conversion import ConversionType
from bot.desk import (
    Department,
    Desk,
    OnHoliday,
    PulseAsks,
    Role,
    Rule,
    Subscription,
    default_desk,
)
from bot.ports import DeskStore
from bot.sections import Audience, Section
from storage.prepared import Prepared
from storage.stores.documents import hours_document, hours_of
from storage.tables import (
    department,
    desk_admin,
    role,
    role_holder,
    routing_rule,
    subscription,
    workspace,
)
from storage.unit import Unit, insert_into

_CONDITIONS = ("kinds", "content_types", "platforms", "departments", "channels", "words")

_VERSION = Prepared(
    select(workspace.c.config_version, workspace.c.fallback_role).where(
        workspace.c.workspace_id == bindparam("in_workspace")
    )
)
_SETTINGS = select(workspace.c.settings).where(
    workspace.c.workspace_id == bindparam("in_workspace")
)


class SqlDeskStore(DeskStore):
    """What was loaded is what the whole transaction goes by."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._loaded: Desk | None = None

    @override
    def load(self) -> Desk:
        unit = self._unit
        if unit.replaced is not None:
            return unit.replaced
        if self._loaded is None:
            self._loaded = self._newest()
        return self._loaded

    def _newest(self) -> Desk:
        unit = self._unit
        while True:
            version, fallback = self._version()
            if version == 0 or fallback is None:
                unit.learned = default_desk()
                return unit.learned
            known = unit.desks.at(unit.workspace_id, version)
            if known is not None:
                return known
            desk = self._read(version, fallback)
            # PostgreSQL gives each statement its own snapshot: another commit may lie between.
            if self._version()[0] == version:
                unit.learned = desk
                return desk

    @override
    def replace(self, desk: Desk, now: datetime) -> Desk:
        unit = self._unit
        # First, because it locks the workspace's row: versions are written one after the other.
        statement = insert_into(unit.dialect, workspace).values(
            workspace_id=unit.workspace_id,
            config_version=1,
            fallback_role=desk.fallback_role,
            settings=_settings_document(desk),
            configured_at=now,
        )
        version = unit.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["workspace_id"],
                set_={
                    "config_version": workspace.c.config_version + 1,
                    "fallback_role": desk.fallback_role,
                    "settings": _settings_document(desk),
                    "configured_at": now,
                },
            ).returning(workspace.c.config_version)
        ).scalar_one()
        for table in (role_holder, role, routing_rule, department, desk_admin, subscription):
            unit.connection.execute(delete(table).where(unit.here(table)))
        self._write(desk)
        unit.replaced = replace(desk, version=version)
        return unit.replaced

    def _version(self) -> tuple[int, str | None]:
        unit = self._unit
        row = _VERSION.first(unit.connection, {"in_workspace": unit.workspace_id})
        return (0, None) if row is None else (row.config_version, row.fallback_role)

    def _rows(self, table: Table) -> Sequence[Row[Any]]:
        return self._unit.connection.execute(
            select(table).where(self._unit.here(table)).order_by(table.c.position)
        ).all()

    def _read(self, version: int, fallback: str) -> Desk:
        holders: dict[str, list[str]] = {}
        for row in self._rows(role_holder):
            holders.setdefault(row.role_id, []).append(row.user_id)
        return Desk(
            version=version,
            fallback_role=fallback,
            roles={row.role_id: _role(row, holders) for row in self._rows(role)},
            rules=tuple(_rule(row.role_id, row.conditions) for row in self._rows(routing_rule)),
            departments=tuple(
                Department(name=row.name, members=tuple(row.members), channels=tuple(row.channels))
                for row in self._rows(department)
            ),
            subscriptions=tuple(
                Subscription(
                    subscription_id=row.subscription_id,
                    channel_id=row.channel_id,
                    weekday=row.weekday,
                    time=row.time,
                    tz=row.tz,
                    audience=row.audience,
                    month_day=row.month_day,
                    holidays=row.holidays,
                    on_holiday=OnHoliday(row.on_holiday),
                )
                for row in self._rows(subscription)
            ),
            admins=tuple(row.user_id for row in self._rows(desk_admin)),
            **self._settings(),
        )

    def _settings(self) -> dict[str, Any]:
        document = self._unit.connection.execute(
            _SETTINGS, {"in_workspace": self._unit.workspace_id}
        ).scalar_one_or_none()
        found = document or {}
        return {
            "hours": hours_of(found.get("hours")),
            "due": {kind: timedelta(seconds=due) for kind, due in found.get("due", {}).items()},
            "guests": tuple(found.get("guests", ())),
            "leaders": tuple(found.get("leaders", ())),
            "keep_personal_months": found.get("keep_personal_months"),
            "pulse": PulseAsks(found.get("pulse", PulseAsks.INVOLVED)),
            "conversion_types": tuple(
                ConversionType(key=key, label=label, many=many)
                for key, label, many in found.get("conversion_types", ())
            ),
            "audiences": tuple(_audience(one) for one in found.get("audiences", ())),
        }

    def _write(self, desk: Desk) -> None:
        insert = self._unit.insert_all
        insert(role, [_role_row(place, one) for place, one in enumerate(desk.roles.values())])
        insert(
            role_holder,
            [
                {"role_id": one.role_id, "position": place, "user_id": user_id}
                for one in desk.roles.values()
                for place, user_id in enumerate(one.holders)
            ],
        )
        insert(routing_rule, [_rule_row(place, rule) for place, rule in enumerate(desk.rules)])
        insert(
            department,
            [
                {
                    "name": one.name,
                    "position": place,
                    "members": list(one.members),
                    "channels": list(one.channels),
                }
                for place, one in enumerate(desk.departments)
            ],
        )
        insert(
            desk_admin,
            [{"user_id": user_id, "position": place} for place, user_id in enumerate(desk.admins)],
        )
        insert(
            subscription,
            [_subscription_row(place, one) for place, one in enumerate(desk.subscriptions)],
        )


def _role(row: Row[Any], holders: Mapping[str, Sequence[str]]) -> Role:
    return Role(
        role_id=row.role_id,
        label=row.label,
        description=row.description,
        channel_id=row.channel_id,
        holders=tuple(holders.get(row.role_id, ())),
        fallback=row.fallback,
        backups=tuple(row.backups or ()),
        hours=hours_of(row.hours),
    )


def _role_row(position: int, one: Role) -> dict[str, Any]:
    return {
        "role_id": one.role_id,
        "position": position,
        "label": one.label,
        "description": one.description,
        "channel_id": one.channel_id,
        "fallback": one.fallback,
        "backups": list(one.backups) or None,
        "hours": hours_document(one.hours),
    }


def _settings_document(desk: Desk) -> dict[str, Any]:
    return {
        "hours": hours_document(desk.hours),
        "due": {kind: due.total_seconds() for kind, due in desk.due.items()},
        "guests": list(desk.guests),
        "leaders": list(desk.leaders),
        "keep_personal_months": desk.keep_personal_months,
        "pulse": desk.pulse.value,
        "conversion_types": [[one.key, one.label, one.many] for one in desk.conversion_types],
        "audiences": [
            {"key": one.key, "label": one.label, "sections": list(one.sections)}
            for one in desk.audiences
        ],
    }


def _audience(document: Mapping[str, Any]) -> Audience:
    """An audience as it was stored, without sections that this version does not know."""
    known = set(Section)
    return Audience(
        key=document["key"],
        label=document["label"],
        sections=tuple(Section(name) for name in document["sections"] if name in known),
    )


def _rule(role_id: str, conditions: Mapping[str, Sequence[str]]) -> Rule:
    given = {name: tuple(conditions.get(name, ())) for name in _CONDITIONS}
    return Rule(role_id=role_id, **given)


def _rule_row(position: int, rule: Rule) -> dict[str, Any]:
    conditions = {name: list(getattr(rule, name)) for name in _CONDITIONS if getattr(rule, name)}
    return {"position": position, "role_id": rule.role_id, "conditions": conditions}


def _subscription_row(position: int, one: Subscription) -> dict[str, Any]:
    return {
        "subscription_id": one.subscription_id,
        "position": position,
        "channel_id": one.channel_id,
        "weekday": one.weekday,
        "time": one.time,
        "tz": one.tz,
        "audience": one.audience,
        "month_day": one.month_day,
        "holidays": one.holidays,
        "on_holiday": one.on_holiday.value,
    }
