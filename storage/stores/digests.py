"""Digests that people take for themselves, and how the rounds of each digest go."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, delete, select, update
from typing_extensions import override

from bot.desk import OnHoliday, Subscription
from bot.digest import FIRED
from bot.digest_store import DigestState, DigestStore, Pause, PostedDigest, Reach
from storage.tables import (
    ask,
    digest_press,
    digest_reach,
    digest_state,
    own_digest,
    period_run,
    plain_charts,
    taken_digest,
)
from storage.unit import Unit


class SqlDigestStore(DigestStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def own(self) -> tuple[Subscription, ...]:
        return self._own(own_digest, taken_digest)

    @override
    def own_of(self, user_id: str) -> tuple[Subscription, ...]:
        tables = (own_digest, taken_digest)
        return self._own(*tables, where=lambda table: table.c.user_id == user_id)

    @override
    def own_by_id(self, subscription_id: str) -> Subscription | None:
        found = self._own(_table_of(subscription_id), where=partial(_is_it, subscription_id))
        return next(iter(found), None)

    def _own(
        self, *tables: Table, where: Callable[[Table], ColumnElement[bool]] | None = None
    ) -> tuple[Subscription, ...]:
        found: list[Row[Any]] = []
        for table in tables:
            query = select(table).where(self._unit.here(table))
            found += self._unit.connection.execute(
                query if where is None else query.where(where(table))
            )
        return tuple(map(_own, sorted(found, key=lambda row: (row.user_id, row.subscription_id))))

    @override
    def save_own(self, subscription: Subscription) -> None:
        row = {
            "user_id": subscription.channel_id,
            "subscription_id": subscription.subscription_id,
            "weekday": subscription.weekday,
            "time": subscription.time,
            "tz": subscription.tz,
            "audience": subscription.audience,
            "month_day": subscription.month_day,
            "holidays": subscription.holidays or None,
            "on_holiday": subscription.on_holiday.value,
        }
        self._unit.save(_table_of(subscription.subscription_id), [row])

    @override
    def drop_own(self, subscription_id: str) -> bool:
        table = _table_of(subscription_id)
        done = self._unit.connection.execute(
            delete(table).where(self._unit.here(table), _is_it(subscription_id, table))
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
            known_as=row.known_as,
        )

    @override
    def save_state(self, state: DigestState) -> None:
        until = state.paused_until
        row = {
            "subscription_id": state.subscription_id,
            "set_by": state.set_by,
            "paused": None if state.paused is None else state.paused.value,
            "paused_until": None if until is None else until.isoformat(),
            "known_as": state.known_as,
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

    @override
    def forget(self, subscription_id: str) -> None:
        for table in (period_run, digest_reach, digest_press, ask):
            self._unit.connection.execute(
                delete(table).where(
                    self._unit.here(table), table.c.subscription_id == subscription_id
                )
            )

    @override
    def posted(
        self, subscription_id: str, before: datetime, limit: int
    ) -> tuple[PostedDigest, ...]:
        run, reach = period_run.c, digest_reach.c
        same = and_(
            reach.workspace_id == run.workspace_id,
            reach.subscription_id == run.subscription_id,
            reach.period_key == run.period_key,
        )
        rows = self._unit.connection.execute(
            select(
                run.period_key.label("period"),
                reach.period_key.label("counted"),
                reach.reactions,
                reach.answers,
                reach.presses,
                reach.is_asked,
            )
            .select_from(period_run.outerjoin(digest_reach, same))
            .where(
                self._unit.here(period_run),
                run.subscription_id == subscription_id,
                run.status == FIRED,
                run.due_at < before,
            )
            .order_by(run.due_at.desc())
            .limit(limit)
        )
        return tuple(_posted(subscription_id, row) for row in rows)

    @override
    def press(self, subscription_id: str, period: str) -> None:
        row = {"subscription_id": subscription_id, "period_key": period, "presses": 1}
        if self._unit.insert_new(digest_press, row):
            return
        self._unit.connection.execute(
            update(digest_press)
            .where(*self._press(subscription_id, period))
            .values(presses=digest_press.c.presses + 1)
        )

    @override
    def presses(self, subscription_id: str, period: str) -> int:
        found = self._unit.connection.execute(
            select(digest_press.c.presses).where(*self._press(subscription_id, period))
        )
        return found.scalar_one_or_none() or 0

    def _press(self, subscription_id: str, period: str) -> tuple[ColumnElement[bool], ...]:
        return (
            self._unit.here(digest_press),
            digest_press.c.subscription_id == subscription_id,
            digest_press.c.period_key == period,
        )

    @override
    def add_reach(self, reach: Reach) -> bool:
        row = {
            "subscription_id": reach.subscription_id,
            "period_key": reach.period,
            "reactions": reach.reactions,
            "answers": reach.answers,
            "presses": reach.presses,
            "is_asked": reach.is_asked,
        }
        return self._unit.insert_new(digest_reach, row)

    @override
    def charts_refused_at(self) -> datetime | None:
        found = self._unit.connection.execute(
            select(plain_charts.c.refused_at).where(self._unit.here(plain_charts))
        )
        return found.scalar_one_or_none()

    @override
    def refuse_charts(self, at: datetime) -> None:
        self._unit.save(plain_charts, [{"refused_at": at}])


def _posted(subscription_id: str, row: Any) -> PostedDigest:
    if row.counted is None:
        return PostedDigest(period=row.period, reach=None)
    reach = Reach(
        subscription_id=subscription_id,
        period=row.period,
        reactions=row.reactions,
        answers=row.answers,
        presses=row.presses,
        is_asked=row.is_asked,
    )
    return PostedDigest(period=row.period, reach=reach)


def _own(row: Row[Any]) -> Subscription:
    return Subscription(
        subscription_id=row.subscription_id,
        channel_id=row.user_id,
        weekday=row.weekday,
        time=row.time,
        tz=row.tz,
        audience=row.audience,
        month_day=row.month_day,
        holidays=row.holidays or "",
        on_holiday=OnHoliday(row.on_holiday or OnHoliday.MOVE),
    )


def _table_of(subscription_id: str) -> Table:
    """One from before there could be several has a table of its own."""
    return taken_digest if subscription_id.count(":") > 1 else own_digest


def _is_it(subscription_id: str, table: Table) -> ColumnElement[bool]:
    """The row of a digest, by the table's own key."""
    if table is taken_digest:
        return taken_digest.c.subscription_id == subscription_id
    return own_digest.c.user_id == subscription_id.partition(":")[2]
