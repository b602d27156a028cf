"""How everything stands, in all workspaces together: what waits, what is late. For metrics, doctor.

Numbers and ages only. What is open is read from indexes that hold nothing else, so that a long past
costs nothing; 100,000 open effects take some 50 ms on a reader's connection, and nobody waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Connection, Table, case, func, literal, select

from storage.tables import installation, lane, outbox, schedule, submission

LATELY = timedelta(hours=1)


_PARKED = select(installation.c.workspace_id).where(installation.c.parked_at.is_not(None))


@dataclass(frozen=True, slots=True)
class Line:
    """Something that waits in line: how much, and the moment of the longest; None for nothing."""

    count: int = 0
    since: datetime | None = None

    def age(self, now: datetime) -> float:
        """How many seconds the longest has waited by `now`; 0 when nothing waits."""
        return 0.0 if self.since is None else max((now - self.since).total_seconds(), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How everything stood at `at`, where Slack lets the app in: what waits elsewhere is not late.

    `effects`: open effects by (kind, state), with the moment at which the oldest was written.
    `set_aside`: dead effects that nobody has mended or dropped; `set_aside_lately`: those of the
    last hour. `ready`: lanes that want attention and did not get it, since when; `leased`: lanes at
    which somebody works. `digests`, `timers`: what is due and was not done, since when. `overdue`:
    submissions whose promised time is over, without those that wait for their submitter.
    """

    at: datetime
    effects: Mapping[tuple[str, str], Line] = field(default_factory=dict)
    set_aside: int = 0
    set_aside_lately: int = 0
    ready: Line = Line()
    leased: int = 0
    digests: Line = Line()
    timers: Line = Line()
    overdue: Line = Line()

    def oldest(self, kind: str) -> float:
        """The age in seconds of the oldest open effect of this kind; 0 when there is none."""
        ages = (line.age(self.at) for (each, _), line in self.effects.items() if each == kind)
        return max(ages, default=0.0)


def feel(connection: Connection, now: datetime) -> Pulse:
    """Read how everything stands now."""
    set_aside, lately = _set_aside(connection, now)
    ready, leased = _lanes(connection, now)
    s = submission.c
    is_undecided = s.decided_at.is_(None) & s.paused_at.is_(None)
    return Pulse(
        at=now,
        effects=_effects(connection),
        set_aside=set_aside,
        set_aside_lately=lately,
        ready=ready,
        leased=leased,
        digests=_line(connection, schedule.c.next_at, schedule.c.next_at <= now),
        timers=_line(connection, s.timer_at, s.timer_at <= now),
        overdue=_line(connection, s.due_at, is_undecided & (s.due_at < now)),
    )


def _line(connection: Connection, at: Column[datetime], where: ColumnElement[bool]) -> Line:
    """What is so, in workspaces that are served, and since when."""
    row = connection.execute(
        select(func.count(), func.min(at)).where(where, _is_served(at.table))
    ).one()
    return Line(row[0], row[1])


def _is_served(table: Table) -> ColumnElement[bool]:
    """As `storage.installed.is_served`, for many rows at once."""
    return table.c.workspace_id.not_in(_PARKED)


def _effects(connection: Connection) -> dict[tuple[str, str], Line]:
    c = outbox.c
    rows = connection.execute(
        select(c.kind, c.state, func.count(), func.min(c.created_at))
        .where(c.done_at.is_(None), _is_served(outbox))
        .group_by(c.kind, c.state)
    )
    return {(kind, state): Line(count, since) for kind, state, count, since in rows}


def _set_aside(connection: Connection, now: datetime) -> tuple[int, int]:
    at = outbox.c.set_aside_at
    lately = func.sum(case((at > now - LATELY, 1), else_=0))
    row = connection.execute(
        select(func.count(), func.coalesce(lately, literal(0))).where(
            at.is_not(None), _is_served(outbox)
        )
    ).one()
    return row[0], row[1]


def _lanes(connection: Connection, now: datetime) -> tuple[Line, int]:
    c = lane.c
    ready = _line(connection, c.ready_at, c.ready_at <= now)
    leased = connection.execute(
        select(func.count()).where(c.ready_at.is_not(None), c.lease_until > now)
    ).scalar_one()
    return ready, leased
