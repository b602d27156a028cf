"""Members and channels, as cached from Slack."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from typing_extensions import override

from bot.desk import Channel, Hears, Member
from bot.ports import ChannelStore, MemberStore
from storage.prepared import Made, Prepared, Record
from storage.tables import channel, is_active_admin, member
from storage.unit import Insert, Unit, insert_into

_FROM_SLACK = (
    "user_id",
    "name",
    "tz",
    "is_admin",
    "is_primary_owner",
    "is_bot",
    "is_guest",
    "is_deleted",
    "told_at",
)

# Put together once: on SQLite that takes longer than to run them.

_ADMINS = Prepared(
    select(member)
    .where(member.c.workspace_id == bindparam("in_workspace"), is_active_admin)
    .order_by(member.c.is_primary_owner.desc(), member.c.user_id)
)
_CHANNEL = select(channel).where(
    channel.c.workspace_id == bindparam("in_workspace"),
    channel.c.channel_id == bindparam("of_channel"),
)


class SqlMemberStore(MemberStore):
    """Who was looked up is not looked up again in the same transaction."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._found: dict[str, Member | None] = {}

    @override
    def get(self, user_id: str) -> Member | None:
        return self.many((user_id,)).get(user_id)

    @override
    def many(self, user_ids: Iterable[str]) -> Mapping[str, Member]:
        wanted = sorted(set(user_ids))
        new = [user_id for user_id in wanted if user_id not in self._found]
        if new:
            self._found |= dict.fromkeys(new)
            users = {f"user_{place}": user_id for place, user_id in enumerate(new)}
            found = _members(len(new)).made(
                self._unit.connection, {"in_workspace": self._unit.workspace_id, **users}, _MEMBERS
            )
            self._found |= {one.user_id: one for one in found}
        known = ((user_id, self._found[user_id]) for user_id in wanted)
        return {user_id: member for user_id, member in known if member is not None}

    @override
    def save(self, members: Sequence[Member], now: datetime) -> None:
        rows = [
            {name: getattr(one, name) for name in _FROM_SLACK} | {"saved_at": now}
            for one in members
        ]
        self._found.clear()
        if rows:
            here = {"workspace_id": self._unit.workspace_id}
            self._unit.connection.execute(
                _save(self._unit.dialect), [{**here, **row} for row in rows]
            )

    @override
    def set_away(self, user_id: str, until: datetime | None, deputy_id: str | None) -> None:
        self._set(user_id, away_until=until, deputy_id=deputy_id)

    @override
    def set_hears(self, user_id: str, hears: Hears) -> None:
        self._set(user_id, hears=hears.value)

    @override
    def set_department(self, user_id: str, department: str) -> None:
        self._set(user_id, department=department)

    @override
    def departments(self) -> Mapping[str, str]:
        rows = self._unit.connection.execute(
            select(member.c.user_id, member.c.department).where(
                self._unit.here(member), member.c.department.is_not(None)
            )
        )
        return {row.user_id: row.department for row in rows}

    def _set(self, user_id: str, **values: Any) -> None:
        self._found.pop(user_id, None)
        self._unit.connection.execute(
            update(member)
            .where(self._unit.here(member), member.c.user_id == user_id)
            .values(**values)
        )

    @override
    def admins(self) -> tuple[Member, ...]:
        rows = _ADMINS.all(self._unit.connection, {"in_workspace": self._unit.workspace_id})
        return tuple(_member(row) for row in rows)


class SqlChannelStore(ChannelStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def get(self, channel_id: str) -> Channel | None:
        row = self._unit.connection.execute(
            _CHANNEL, {"in_workspace": self._unit.workspace_id, "of_channel": channel_id}
        ).first()
        if row is None:
            return None
        return Channel(
            channel_id=row.channel_id,
            name=row.name,
            is_private=row.is_private,
            is_member=row.is_member,
            is_archived=row.is_archived,
            is_shared=row.is_shared,
        )

    @override
    def save(self, channels: Sequence[Channel], now: datetime) -> None:
        self._unit.save(channel, [{**asdict(one), "saved_at": now} for one in channels])


@lru_cache(maxsize=32)
def _members(count: int) -> Prepared:
    users: list[Any] = [bindparam(f"user_{place}") for place in range(count)]
    here = member.c.workspace_id == bindparam("in_workspace")
    return Prepared(select(member).where(here, member.c.user_id.in_(users)))


@cache
def _save(dialect: str) -> Insert:
    """Events come in any order, and to any process: the statement itself lets the newest win. What
    was asked of Slack is the present, but does not know when that came about.
    """
    insert = insert_into(dialect, member)
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=[member.c.workspace_id, member.c.user_id],
        set_={name: new[name] for name in (*_FROM_SLACK[1:], "saved_at")}
        | {"told_at": func.coalesce(new.told_at, member.c.told_at)},
        where=or_(
            new.told_at.is_(None), member.c.told_at.is_(None), new.told_at >= member.c.told_at
        ),
    )


def _member(row: Record) -> Member:
    return Member(
        user_id=row.user_id,
        name=row.name,
        tz=row.tz,
        is_admin=row.is_admin,
        is_primary_owner=row.is_primary_owner,
        is_bot=row.is_bot,
        is_guest=row.is_guest,
        is_deleted=row.is_deleted,
        told_at=row.told_at,
        away_until=row.away_until,
        deputy_id=row.deputy_id,
        hears=Hears(row.hears),
        department=row.department,
    )


_MEMBERS = Made(_member, most=1_000)
"""Those behind the roles are read with everything that is handed in or decided."""
