"""Alembic and its scripts. Alembic is configured here, in code, and imported nowhere else: a
process that finds its schema in place does without, which saves a tenth of its memory.
"""

from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage import schema

_SCRIPTS = Path(__file__).parent / "migrations"


def run_missing(connection: Connection) -> None:
    """Run the scripts that this database has not seen yet, inside the transaction that is open."""
    _run(connection, "head")


def run_next(connection: Connection) -> None:
    """Run the next script alone, inside the transaction that is open."""
    _run(connection, "+1")


def run_until(connection: Connection, revision: str) -> None:
    """Run the scripts up to a revision, inside the transaction that is open."""
    _run(connection, revision)


def head() -> str | None:
    """The newest revision there is."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def revisions() -> tuple[str, ...]:
    """Every revision, the oldest first."""
    found = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(reversed([script.revision for script in found]))


def _run(connection: Connection, target: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, target)
    for revision in _floors(schema.current(connection)):
        schema.raise_floor(connection, revision)


def _floors(until: str | None) -> Iterator[str]:
    """The floors of the contractions up to a revision; see docs/operations.md, Upgrades."""
    scripts = ScriptDirectory.from_config(_config())
    for script in scripts.iterate_revisions(until, "base"):
        named = getattr(script.module, "floor", None)
        if named is not None:
            yield named


def _config() -> Config:
    config = Config()
    # Alembic reads its options with interpolation: a percent sign in the path must be doubled.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
