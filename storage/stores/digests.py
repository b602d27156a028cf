"""Digests that people take for themselves, and how the rounds of each digest go."""

from datetime import date
from typing import Any

from sqlalchemy import Row, delete, select
from typing_extensions import override

from bot.desk import Subscription
from bot.digest_store import DigestState, DigestStore, Pause
from storage.tables import digest_state, own_digest
from storage.unit import Unit


class SqlDigestStore(DigestStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def own(self) -> tuple[Subscription, ...]:
        rows = self._unit.connection.execute(
            select(own_digest).where(self._unit.here(own_digest)).order_by(own_digest.c.user_id)
        )
        return tuple(_own(row) for row in rows)

    @override
    def own_of(self, user_id: str) -> Subscription | None:
        row = self._unit.connection.execute(
            select(own_digest).where(self._unit.here(own_digest), own_digest.c.user_id == user_id)
        ).first()
        return None if row is None else _own(row)

    @override
    def save_own(self, subscription: Subscription) -> None:
        row = {
            "user_id": subscription.channel_id,
            "subscription_id": subscription.subscription_id,
            "weekday": subscription.weekday,
            "time": subscription.time,
            "tz": subscription.tz,
            "audience": subscription.audience,
        }
        self._unit.save(own_digest, [row])

    @override
    def drop_own(self, user_id: str) -> bool:
        done = self._unit.connection.execute(
            delete(own_digest).where(self._unit.here(own_digest), own_digest.c.user_id == user_id)
        )
        return done.rowcount > 0

    @override
    def state(self, subscription_id: str) -> DigestState:
        row = self._unit.connection.execute(
            select(digest_state).where(
                self._unit.here(digest_state),
                digest_state.c.subscription_id == subscription_id,
            )
        ).first()
        if row is None:
            return DigestState(subscription_id=subscription_id)
        until = row.paused_until
        return DigestState(
            subscription_id=row.subscription_id,
            set_by=row.set_by,
            paused=None if row.paused is None else Pause(row.paused),
            paused_until=None if until is None else date.fromisoformat(until),
        )

    @override
    def save_state(self, state: DigestState) -> None:
        until = state.paused_until
        row = {
            "subscription_id": state.subscription_id,
            "set_by": state.set_by,
            "paused": None if state.paused is None else state.paused.value,
            "paused_until": None if until is None else until.isoformat(),
        }
        self._unit.save(digest_state, [row])

    @override
    def drop_state(self, subscription_id: str) -> None:
        self._unit.connection.execute(
            delete(digest_state).where(
                self._unit.here(digest_state),
                digest_state.c.subscription_id == subscription_id,
            )
        )


def _own(row: Row[Any]) -> Subscription:
    return Subscription(
        subscription_id=row.subscription_id,
        channel_id=row.user_id,
        weekday=row.weekday,
        time=row.time,
        tz=row.tz,
        audience=row.audience,
    )
