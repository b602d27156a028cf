"""Webhooks, their secrets (sealed), and which messages came."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from typing_extensions import override

from bot.hook import Hook, Secrets
from bot.hook_store import HookStore
from storage.tables import hook, hook_seen
from storage.unit import Unit

_FIELDS = (
    "hook_id",
    "name",
    "created_at",
    "created_by",
    "secret_form",
    "off_at",
    "received_at",
    "refused_at",
    "refusal",
    "refused",
    "removed_at",
)
"""Columns that hold what the hook's field of the same name holds."""

_PLAIN = tuple(hook.c[name] for name in _FIELDS)


class SqlHookStore(HookStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @property
    @override
    def can_seal(self) -> bool:
        return self._unit.vault.has_keys

    @override
    def all(self) -> tuple[Hook, ...]:
        rows = self._unit.connection.execute(
            select(*_PLAIN)
            .where(self._unit.here(hook), hook.c.removed_at.is_(None))
            .order_by(hook.c.created_at, hook.c.hook_id)
        )
        return tuple(_hook(row) for row in rows)

    @override
    def names(self) -> Mapping[str, str]:
        rows = self._unit.connection.execute(
            select(hook.c.hook_id, hook.c.name).where(self._unit.here(hook))
        )
        return {row.hook_id: row.name for row in rows}

    @override
    def get(self, hook_id: str) -> Hook | None:
        query = select(*_PLAIN).where(self._unit.here(hook), hook.c.hook_id == hook_id)
        if self._unit.is_writing:
            query = query.with_for_update()
        row = self._unit.connection.execute(query).first()
        return None if row is None else _hook(row)

    @override
    def made_by(self, user_id: str) -> tuple[str, ...]:
        found = self._unit.connection.execute(
            select(hook.c.name)
            .where(self._unit.here(hook), hook.c.created_by == user_id)
            .order_by(hook.c.created_at, hook.c.hook_id)
        )
        return tuple(found.scalars())

    @override
    def secrets(self, hook_id: str) -> Secrets | None:
        row = self._unit.connection.execute(
            select(hook.c.secret, hook.c.old_secret, hook.c.old_until).where(
                self._unit.here(hook), hook.c.hook_id == hook_id
            )
        ).first()
        if row is None:
            return None
        opened = self._unit.vault.open
        return Secrets(
            current=opened(row.secret),
            old=None if row.old_secret is None else opened(row.old_secret),
            old_until=row.old_until,
        )

    @override
    def save(self, hook: Hook) -> None:
        self._unit.save(_HOOK, [{name: getattr(hook, name) for name in _FIELDS}])

    @override
    def keep_secrets(self, hook_id: str, secrets: Secrets) -> None:
        sealed = self._unit.vault.seal
        self._unit.connection.execute(
            update(hook)
            .where(self._unit.here(hook), hook.c.hook_id == hook_id)
            .values(
                secret=sealed(secrets.current),
                old_secret=None if secrets.old is None else sealed(secrets.old),
                old_until=secrets.old_until,
            )
        )

    @override
    def drop_secrets(self, hook_id: str) -> None:
        self._unit.connection.execute(
            update(hook)
            .where(self._unit.here(hook), hook.c.hook_id == hook_id)
            .values(secret="", old_secret=None, old_until=None)
        )

    @override
    def first_time(self, hook_id: str, message_id: str, now: datetime) -> bool:
        row = {"hook_id": hook_id, "message_id": message_id, "seen_at": now}
        return self._unit.insert_new(hook_seen, row)

    @override
    def forget_before(self, moment: datetime) -> int:
        done = self._unit.connection.execute(
            delete(hook_seen).where(self._unit.here(hook_seen), hook_seen.c.seen_at < moment)
        )
        return done.rowcount


_HOOK = hook  # the name is also an argument above


def _hook(row: Row[Any]) -> Hook:
    return Hook(**{name: getattr(row, name) for name in _FIELDS})
