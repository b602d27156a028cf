"""How long it takes to claim an effect, as more of them wait."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.figures import NOW, WORKSPACE
from bot.outbox import Claim
from bot.tries import ClaimLane, claim_lane
from storage.database import Database

IN_A_LANE = 10
"""How many effects wait for one destination."""

TIMED = 300

FILL_LANES = """
WITH RECURSIVE place(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n < :lanes - 1)
INSERT INTO lane (workspace_id, lane, last_id, ready_at, epoch, rank)
SELECT :workspace, printf('U%08d', n), :deep, :now, 0, 0 FROM place
"""
FILL_EFFECTS = """
WITH RECURSIVE place(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n < :lanes * :deep - 1)
INSERT INTO outbox
  (workspace_id, lane, id, "key", kind, target, payload, state, attempts, created_at)
SELECT :workspace, printf('U%08d', n / :deep), n % :deep + 1, 'receipt:' || n, 'receipt',
  printf('U%08d', n / :deep), '{"number": 1}', 'pending', 0, :now FROM place
"""


def ratio(template: Path, few: int, many: int) -> tuple[float, float, float]:
    """The time of a claim with `many` open effects against `few`, and both in microseconds; both
    are claimed from in turn.
    """
    files = [Path(shutil.copy(template, template.with_name(f"open-{n}.db"))) for n in (few, many)]
    for file, total in zip(files, (few, many), strict=True):
        _fill(file, total // IN_A_LANE)
    low, high = asyncio.run(_medians(files, few // IN_A_LANE, many // IN_A_LANE))
    for file in files:
        file.unlink()
    return high / low, low * 1e6, high * 1e6


def _fill(file: Path, lanes: int) -> None:
    given = {
        "lanes": lanes,
        "deep": IN_A_LANE,
        "workspace": WORKSPACE,
        "now": NOW.strftime("%Y-%m-%d %H:%M:%S.000000"),
    }
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(FILL_LANES, given)
        connection.execute(FILL_EFFECTS, given)
        connection.commit()


async def _medians(files: list[Path], few: int, many: int) -> list[float]:
    """Each claim is of another lane, until all were leased; then, later, they are claimed anew."""
    databases = [Database(f"sqlite:///{file}") for file in files]
    times: list[list[float]] = [[], []]
    for turn in range(TIMED):
        for database, lanes, took in zip(databases, (few, many), times, strict=True):
            round_, place = divmod(turn, few)
            lane = f"U{place * (lanes // few):08d}"
            command = ClaimLane(lane, "bench", timedelta(seconds=1))
            begun = perf_counter()
            now = NOW + timedelta(minutes=round_)
            claim = await database.transact(WORKSPACE, claim_lane, command, now)
            took.append(perf_counter() - begun)
            if not isinstance(claim, Claim):
                raise TypeError(f"{lane} could not be claimed: {claim}")
    for database in databases:
        await database.close()
    return [median(took) for took in times]
