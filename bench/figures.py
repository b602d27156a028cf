"""A past of any length, and how long the Home tab's queries take as it grows."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.payloads import user_id
from bot.home import AskHome, home
from bot.ports import C, R, UseCase
from storage.database import Database

WORKSPACE = "T00000001"
NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
ROUNDS = 15
PRESENT = 1_000
"""How many of the newest are of the last six weeks; one in ten of those waits for its decision, and
one in three that was accepted for its publication.
"""

# The present is the same however long the past: the rest lies in the years before, and has ended.
FILL = """
WITH RECURSIVE place(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < :total),
aged AS (
  SELECT n, n > :total - :present AS is_new,
    CASE WHEN n > :total - :present THEN (:total - n) * 42.0 / :present
      ELSE 42 + (:total - n) * 1825.0 / :total END AS days FROM place
),
dated AS (
  SELECT n, is_new, is_new AND n % 10 = 0 AS is_open, n % 3 AS fate,
    strftime('%Y-%m-%d %H:%M:%f000', julianday(:now) - days) AS at FROM aged
),
fated AS (
  SELECT n, at, CASE WHEN is_open THEN 'new' WHEN fate = 0 THEN 'declined'
    WHEN fate = 1 AND is_new THEN 'accepted' ELSE 'published' END AS state FROM dated
)
INSERT INTO submission (workspace_id, number, kind_key, state, version, submitter_id, role_id,
  title, fields, created_at, updated_at, due_at, department, decided_at, decided_by,
  published_at, published_by, published_url, ended_at, source_key)
SELECT :workspace, n, CASE n % 2 WHEN 0 THEN 'idea' ELSE 'testimonial' END, state, 2,
  printf('U%08d', n % 500 + 1), CASE n % 2 WHEN 0 THEN 'content_lead' ELSE 'advocacy_lead' END,
  'What somebody handed in, number ' || n, '{"title": "What somebody handed in"}',
  at, at, at, CASE n % 4 WHEN 0 THEN 'Sales' END,
  CASE WHEN state <> 'new' THEN at END, CASE WHEN state <> 'new' THEN 'U00000001' END,
  CASE state WHEN 'published' THEN at END, CASE state WHEN 'published' THEN 'U00000001' END,
  CASE state WHEN 'published' THEN 'https://example.com/' || n END,
  CASE WHEN state IN ('declined', 'published') THEN at END, 'bench:' || n
FROM fated
"""


def of_home(template: Path, total: int) -> float:
    """Milliseconds for the Home tab of a role holder, with `total` rows."""
    file = Path(shutil.copy(template, template.with_name(f"past-{total}.db")))
    fill(file, total)
    asked = AskHome(user_id(0))
    found = asyncio.run(median_of(f"sqlite:///{file}", home, asked, rounds=ROUNDS))
    file.unlink()
    return found


async def median_of(url: str, use_case: UseCase[C, R], command: C, *, rounds: int) -> float:
    """Milliseconds for reading, the median of some rounds."""
    database = Database(url)
    await database.start()
    times = []
    try:
        for _ in range(rounds):
            begun = perf_counter()
            await database.read(WORKSPACE, use_case, command, NOW)
            times.append(perf_counter() - begun)
    finally:
        await database.close()
    return median(times) * 1000


def fill(file: Path, total: int) -> None:
    """Write a past of `total` submissions straight into the tables."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        given = {
            "total": total,
            "now": NOW.strftime("%Y-%m-%d %H:%M:%S"),
            "present": PRESENT,
            "workspace": WORKSPACE,
        }
        connection.execute(FILL, given)
        connection.commit()
