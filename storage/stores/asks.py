"""The asks of digests."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select, update
from typing_extensions import override

from bot.ask import Asked, Reply
from bot.ask_store import AskStore
from bot.digest_rules import AskKind
from storage.tables import ask
from storage.unit import Unit

_c = ask.c


class SqlAskStore(AskStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def add(self, asked: Asked) -> bool:
        row = {
            "subscription_id": asked.subscription_id,
            "period_key": asked.period,
            "kind": asked.kind.value,
            "count": asked.count,
            "goal_id": asked.goal_id,
            "role_id": asked.role_id,
            "overdue": asked.overdue,
            "at": asked.at,
            "platform": asked.platform,
            "sample": asked.sample or None,
        }
        return self._unit.insert_new(ask, row)

    @override
    def get(self, subscription_id: str, period: str) -> Asked | None:
        row = self._unit.connection.execute(
            select(ask).where(
                self._unit.here(ask),
                _c.subscription_id == subscription_id,
                _c.period_key == period,
            )
        ).first()
        return None if row is None else _asked(row)

    @override
    def newest(self, subscription_id: str, before: datetime) -> Asked | None:
        row = self._unit.connection.execute(
            select(ask)
            .where(self._unit.here(ask), _c.subscription_id == subscription_id, _c.at < before)
            .order_by(_c.at.desc())
            .limit(1)
        ).first()
        return None if row is None else _asked(row)

    @override
    def since(self, subscription_id: str, moment: datetime) -> tuple[Asked, ...]:
        rows = self._unit.connection.execute(
            select(ask)
            .where(self._unit.here(ask), _c.subscription_id == subscription_id, _c.at >= moment)
            .order_by(_c.at)
        )
        return tuple(map(_asked, rows))

    @override
    def reply(self, subscription_id: str, period: str, reply: Reply, by: str, at: datetime) -> bool:
        done = self._unit.connection.execute(
            update(ask)
            .where(
                self._unit.here(ask),
                _c.subscription_id == subscription_id,
                _c.period_key == period,
                or_(_c.reply.is_(None), _c.reply == Reply.LATER.value),
            )
            .values(reply=reply.value, reply_by=by, reply_at=at)
        )
        return done.rowcount == 1


def _asked(row: Row[Any]) -> Asked:
    return Asked(
        subscription_id=row.subscription_id,
        period=row.period_key,
        kind=AskKind(row.kind),
        count=row._mapping["count"],  # noqa: SLF001  (a row's own attribute of that name is another)
        goal_id=row.goal_id,
        role_id=row.role_id,
        overdue=row.overdue,
        at=row.at,
        reply=Reply(row.reply) if row.reply else None,
        reply_by=row.reply_by,
        reply_at=row.reply_at,
        platform=row.platform,
        sample=row.sample or 0,
    )
