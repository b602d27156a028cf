"""Alembic and its scripts. Alembic is configured here, in code, and imported nowhere else: a
process that finds its schema in place does without, which saves a tenth of its memory.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_SCRIPTS = Path(__file__).parent / "migrations"


def run_missing(connection: Connection) -> None:
    """Run the scripts that this database has not seen yet, inside the transaction that is open."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def head() -> str | None:
    """The newest revision there is."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    # Alembic reads its options with interpolation: a percent sign in the path must be doubled.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
