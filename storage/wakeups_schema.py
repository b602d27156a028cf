"""Procrastinate's tables and functions, which it leaves to its users to install and to renew.

Imported only where the database is PostgreSQL. Source of the rules:
https://procrastinate.readthedocs.io/en/stable/howto/production/migrations.html
"""

import re
from importlib import resources
from pathlib import Path

from procrastinate.schema import SchemaManager
from procrastinate.sql import queries
from sqlalchemy import Connection, text

SILENT = 30.0
"""Seconds without a heartbeat after which a worker is taken for dead, and its jobs for lost."""

_NAME = re.compile(r"procrastinate_\w+_v\d+")
_MARK = "social-desk "
"""Begins the comment on the table of jobs that names the last script which we ran there."""


def needed() -> frozenset[str]:
    """The functions and types that the installed Procrastinate calls."""
    return frozenset(name for query in queries.values() for name in _NAME.findall(query))


def is_installed(connection: Connection) -> bool:
    """Whether the database has all that the installed Procrastinate calls."""
    found = connection.execute(
        text(
            "SELECT proname FROM pg_proc "
            "WHERE proname = ANY(:names) AND pg_function_is_visible(oid) "
            "UNION SELECT typname FROM pg_type "
            "WHERE typname = ANY(:names) AND pg_type_is_visible(oid)"
        ),
        {"names": sorted(needed())},
    )
    return needed() <= set(found.scalars())


def listeners(connection: Connection) -> int:
    """How many workers gave a sign of life lately, by the database's clock. One that was killed
    counts for so long as well.
    """
    found = connection.execute(
        text(
            "SELECT count(*) FROM procrastinate_workers "
            "WHERE last_heartbeat > now() - make_interval(secs => :seconds)"
        ),
        {"seconds": SILENT},
    )
    count: int = found.scalar_one()
    return count


def install(connection: Connection) -> None:
    """Bring Procrastinate's schema to what the installed version needs, within the caller's
    transaction; a second time does nothing.

    Tables that somebody else put there are left to them. Safe beside processes of the version
    before: what takes something away ("post") waits for the upgrade after this one.
    """
    scripts = _scripts()
    if connection.execute(text("SELECT to_regclass('procrastinate_jobs')")).scalar() is None:
        _run(connection, SchemaManager.get_schema())
        _mark(connection, scripts[-1].name)
        return
    mark = _marked(connection)
    missing = missing_of([script.name for script in scripts], mark)
    for script in scripts:
        if script.name in missing:
            _run(connection, script.read_text(encoding="utf-8"))
            _mark(connection, script.name)


def missing_of(names: list[str], mark: str | None) -> list[str]:
    """Which of these scripts, sorted by name, are to be run after `mark`."""
    if mark is None:
        return []
    missing = [name for name in names if name > mark]
    while missing and "_post_" in missing[-1]:
        missing.pop()
    return missing


def _scripts() -> list[Path]:
    folder = Path(str(resources.files("procrastinate.sql") / "migrations"))
    return sorted(folder.glob("*.sql"))


def _run(connection: Connection, script: str) -> None:
    """Run a script of several statements, in which % is nothing but a %."""
    connection.execution_options(no_parameters=True).exec_driver_sql(script)


def _marked(connection: Connection) -> str | None:
    comment = connection.execute(
        text("SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')")
    ).scalar()
    if comment is None or not str(comment).startswith(_MARK):
        return None
    return str(comment).removeprefix(_MARK)


def _mark(connection: Connection, name: str) -> None:
    _run(connection, f"COMMENT ON TABLE procrastinate_jobs IS '{_MARK}{name}'")
