"""When each digest is due, which periods are done, and which events were seen."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select
from typing_extensions import override

from bot.ports import PeriodRun, Schedule, ScheduleStore, SeenStore
from storage.tables import inbox_seen, period_run, schedule
from storage.unit import Unit


class SqlScheduleStore(ScheduleStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def get(self, subscription_id: str) -> Schedule | None:
        query = select(schedule).where(
            self._unit.here(schedule), schedule.c.subscription_id == subscription_id
        )
        if self._unit.is_writing:
            query = query.with_for_update()
        row = self._unit.connection.execute(query).first()
        if row is None:
            return None
        return Schedule(
            subscription_id=row.subscription_id, next_date=row.next_date, next_at=row.next_at
        )

    @override
    def save(self, schedule: Schedule) -> None:
        row = {
            "subscription_id": schedule.subscription_id,
            "next_date": schedule.next_date,
            "next_at": schedule.next_at,
        }
        self._unit.save(_SCHEDULE, [row])

    @override
    def remove(self, subscription_id: str) -> None:
        self._unit.connection.execute(
            delete(schedule).where(
                self._unit.here(schedule), schedule.c.subscription_id == subscription_id
            )
        )

    @override
    def record(self, run: PeriodRun) -> bool:
        return self._unit.insert_new(
            period_run,
            {
                "subscription_id": run.subscription_id,
                "period_key": run.period_key,
                "status": run.status,
                "due_at": run.due_at,
                "ran_at": run.ran_at,
                "counted_until": run.counted_until,
            },
        )

    @override
    def last_run(self, subscription_id: str) -> PeriodRun | None:
        row = self._unit.connection.execute(
            select(period_run)
            .where(self._unit.here(period_run), period_run.c.subscription_id == subscription_id)
            .order_by(period_run.c.due_at.desc())
            .limit(1)
        ).first()
        return None if row is None else _run(row)

    @override
    def run_of(self, subscription_id: str, period_key: str) -> PeriodRun | None:
        row = self._unit.connection.execute(
            select(period_run).where(
                self._unit.here(period_run),
                period_run.c.subscription_id == subscription_id,
                period_run.c.period_key == period_key,
            )
        ).first()
        return None if row is None else _run(row)

    @override
    def last_counted(self, subscription_id: str) -> PeriodRun | None:
        row = self._unit.connection.execute(
            select(period_run)
            .where(
                self._unit.here(period_run),
                period_run.c.subscription_id == subscription_id,
                period_run.c.counted_until.is_not(None),
            )
            .order_by(period_run.c.due_at.desc())
            .limit(1)
        ).first()
        return None if row is None else _run(row)


def _run(row: Row[Any]) -> PeriodRun:
    return PeriodRun(
        subscription_id=row.subscription_id,
        period_key=row.period_key,
        status=row.status,
        due_at=row.due_at,
        ran_at=row.ran_at,
        counted_until=row.counted_until,
    )


_SCHEDULE = schedule  # the name is also an argument above


class SqlSeenStore(SeenStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def first_time(self, event_id: str, now: datetime) -> bool:
        return self._unit.insert_new(inbox_seen, {"event_id": event_id, "seen_at": now})

    @override
    def forget_before(self, moment: datetime) -> int:
        done = self._unit.connection.execute(
            delete(inbox_seen).where(self._unit.here(inbox_seen), inbox_seen.c.seen_at < moment)
        )
        return done.rowcount
