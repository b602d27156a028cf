"""How long it takes to put a digest together: a longer past, more goals, every audience."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event

from bench.figures import NOW, WORKSPACE, fill
from bench.report import Row
from bot.digest import gather
from bot.goal import Goal, Objective, Reading
from bot.pace import Course
from bot.ports import Transaction
from bot.sections import AUDIENCES, DEFAULT_AUDIENCE
from bot.windows import Week
from storage.database import Database

ROUNDS = 15
FIRSTS = 5
SIZES = (1_000, 10_000, 100_000, 1_000_000)
FEW_GOALS, MANY_GOALS = 10, 1_000
WEEK, QUARTER = timedelta(days=7), timedelta(days=92)
FIRST_DAY, LAST_DAY = date(2026, 10, 1), date(2026, 12, 31)
"""Of the goals that run. As many were kept in each quarter before."""


def rows(template: Path, largest: int) -> Iterator[Row]:
    """The rows of the page: over pasts of up to `largest` submissions, and with many goals."""
    sizes = [size for size in SIZES if size <= largest]
    pasts = {size: _of_past(template, size) for size in sizes}
    found = {size: past.usual for size, past in pasts.items()}
    few, many = found[sizes[0]], found[sizes[-1]]
    for size in sizes:
        yield _took(f"the leadership digest at {size:,} submissions", found[size][DEFAULT_AUDIENCE])
    yield Row(
        what=f"the leadership digest at {sizes[-1]:,} submissions, the first in ten minutes",
        value=pasts[sizes[-1]].first,
        unit="ms",
        limit=40,
    )
    for audience in AUDIENCES:
        if audience != DEFAULT_AUDIENCE:
            what = f"the {audience} digest at {sizes[-1]:,} submissions"
            yield _took(what, many[audience])
        yield from _compared(
            f"the {audience} digest: {sizes[-1]:,} submissions / {sizes[0]:,}",
            many[audience],
            few[audience],
        )
    with_few, with_many = (_of_goals(template, count) for count in (FEW_GOALS, MANY_GOALS))
    yield _took(f"the leadership digest with {MANY_GOALS:,} goals", with_many)
    yield from _compared(
        f"the leadership digest: {MANY_GOALS:,} goals, {FEW_GOALS} of them running / {FEW_GOALS}",
        with_many,
        with_few,
    )


Found = tuple[float, int]
"""Milliseconds, and how many statements it took."""


def _took(what: str, found: Found) -> Row:
    return Row(what=what, value=found[0], unit="ms", limit=40, detail=f"{found[1]} statements")


def _compared(what: str, many: Found, few: Found) -> Iterator[Row]:
    detail = f"{many[0]:.1f} / {few[0]:.1f} ms"
    yield Row(what=what, value=many[0] / few[0], limit=2, detail=detail)
    yield Row(
        what=f"{what}, in statements",
        value=many[1] / few[1],
        limit=1.1,
        asserted=True,
    )


@dataclass(frozen=True, slots=True)
class _Past:
    """Every audience's digest, and the milliseconds of the default one where no count was kept."""

    usual: dict[str, Found]
    first: float


def _of_past(template: Path, size: int) -> _Past:
    """The digests over `size` submissions."""
    file = Path(shutil.copy(template, template.with_name(f"digests-{size}.db")))
    fill(file, size)
    try:
        return asyncio.run(_every(f"sqlite:///{file}"))
    finally:
        file.unlink()


async def _every(url: str) -> _Past:
    async with _started(url) as database:
        usual = {audience: await _measured(database, audience) for audience in AUDIENCES}
    firsts = []
    for _ in range(FIRSTS):
        async with _started(url) as database:
            firsts.append(await _once(database, _week(DEFAULT_AUDIENCE)))
    return _Past(usual, median(firsts) * 1000)


def _of_goals(template: Path, count: int) -> Found:
    """The leadership's digest over few submissions, with so many goals of which few run."""
    file = Path(shutil.copy(template, template.with_name(f"digests-goals-{count}.db")))
    fill(file, SIZES[0])
    try:
        return asyncio.run(_with_goals(f"sqlite:///{file}", count))
    finally:
        file.unlink()


async def _with_goals(url: str, count: int) -> Found:
    async with _started(url) as database:
        await database.transact(WORKSPACE, _set_goals, count, NOW)
        return await _measured(database, DEFAULT_AUDIENCE)


def _set_goals(tx: Transaction, count: int, now: datetime) -> None:
    tx.goals.add_objective(Objective(objective_id="O1", title="More people try it"), now)
    for place in range(count):
        back = place // FEW_GOALS * QUARTER
        goal = Goal(
            goal_id=f"G{place}",
            objective_id="O1",
            title=f"Trial sign-ups {place}",
            unit="sign-ups",
            course=Course(
                baseline=0, target=100, first_day=FIRST_DAY - back, last_day=LAST_DAY - back
            ),
            role_id="content_lead",
            tz="Europe/Berlin",
            created_at=now - back - 8 * WEEK,
            created_by="U00000001",
        )
        tx.goals.add(goal)
        for seq in range(1, 7):
            at = now - back - (7 - seq) * WEEK
            tx.goals.add_reading(_reading(goal.goal_id, seq, at))


def _reading(goal_id: str, seq: int, at: datetime) -> Reading:
    return Reading(goal_id=goal_id, seq=seq, at=at, value=seq * 5.0, actor_id="U00000001")


@asynccontextmanager
async def _started(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    await database.start()
    try:
        yield database
    finally:
        await database.close()


async def _measured(database: Database, audience: str) -> Found:
    """The median over some rounds, and the statements of the last."""
    week = _week(audience)
    times = [await _once(database, week) for _ in range(ROUNDS)]
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        statements.append(text)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await database.read(WORKSPACE, gather, week, NOW)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return median(times) * 1000, len(statements)


async def _once(database: Database, week: Week) -> float:
    """Seconds that one takes."""
    begun = perf_counter()
    await database.read(WORKSPACE, gather, week, NOW)
    return perf_counter() - begun


def _week(audience: str) -> Week:
    return Week(day=date(2026, 11, 16), tz="Europe/Berlin", audience=audience)
