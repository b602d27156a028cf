"""How long `/social spend` takes over a quarter in which very much was brought."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bench.figures import NOW, WORKSPACE, median_of
from bench.payloads import user_id
from bench.report import Row
from bot.spend import AskSpend, see_spend

ROUNDS = 5
UNCOUNTED = 1_000
"""So many of the newest are not counted by day yet: as many as a desk leaves so."""

FILL = """
WITH RECURSIVE place(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < :total)
INSERT INTO conversion (workspace_id, conversion_id, source, external_id, type_key, occurred_at,
  count, thousandths, currency, recorded_at, is_counted)
SELECT :workspace, printf('%032x', n), 'webhook:1', printf('%08x', n),
  CASE n % 3 WHEN 0 THEN 'revenue' WHEN 1 THEN 'signup' ELSE 'download' END,
  strftime('%Y-%m-%d %H:%M:%f000', julianday(:now) - (:total - n) * 45.0 / :total), 1,
  CASE n % 3 WHEN 0 THEN 50000 END, CASE n % 3 WHEN 0 THEN 'EUR' END, :now || '.000000',
  n <= :total - :uncounted
FROM place
"""
# What is counted has its touches in the counts; its own are never opened, and left out.
SEEN = """
INSERT INTO conversion_touch (workspace_id, conversion_id, position, lens, platform, is_paid)
SELECT workspace_id, conversion_id, 0, 'last',
  CASE rowid % 3 WHEN 0 THEN 'linkedin' WHEN 1 THEN 'x' ELSE 'youtube' END, 0
FROM conversion WHERE NOT is_counted ORDER BY rowid
"""
TOTALS = """
INSERT INTO conversion_count
SELECT workspace_id, 'total', date(occurred_at), type_key, '', coalesce(currency, ''), sum(count),
  count(*), sum(coalesce(thousandths, 0)) FROM conversion WHERE is_counted GROUP BY 3, 4, 6
"""
PLATFORMS = """
INSERT INTO conversion_count
SELECT workspace_id, 'platform', day, type_key, 'last', place.key, count / part, entries / part, 0
FROM conversion_count, (SELECT '' AS key, 1 AS part UNION ALL SELECT 'linkedin', 3 UNION ALL
  SELECT 'x', 3 UNION ALL SELECT 'youtube', 3) AS place
"""
PAID = """
INSERT INTO spend (workspace_id, spend_id, month, platform, is_paid, thousandths, currency,
  recorded_at, recorded_by)
SELECT :workspace, 'V' || key, '2026-11-01', key, 1, 9000000, 'EUR', :now || '.000000', 'U00000001'
FROM (SELECT 'linkedin' AS key UNION ALL SELECT 'x')
"""


def spend(template: Path, total: int) -> Row:
    """`/social spend` over the present quarter with `total` conversions."""
    file = Path(shutil.copy(template, template.with_name(f"brought-{total}.db")))
    try:
        _fill(file, total)
        asked = AskSpend(user_id(0))
        value = asyncio.run(median_of(f"sqlite:///{file}", see_spend, asked, rounds=ROUNDS))
    finally:
        file.unlink()
    what = f"what was spent, and what it brought, in a quarter with {total:,} conversions"
    return Row(what=what, value=value, unit="ms", limit=200)


def _fill(file: Path, total: int) -> None:
    """Straight into the tables, and into the counts what a desk would have counted by now."""
    given = {
        "total": total,
        "now": NOW.strftime("%Y-%m-%d %H:%M:%S"),
        "uncounted": UNCOUNTED,
        "workspace": WORKSPACE,
    }
    with closing(sqlite3.connect(file)) as connection:
        for setting in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-400000"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("DROP INDEX ix_conversion_type")  # nothing here reads it
        for statement in (FILL, SEEN, TOTALS, PLATFORMS, PAID):
            connection.execute(statement, given if ":" in statement else ())
        connection.commit()
