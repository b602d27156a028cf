"""Looks whether processes on one PostgreSQL hear of each other's work."""

from bot.errors import ConfigurationError, DeskError
from runtime.findings import Finding, fail, ok, warn
from runtime.settings import Settings
from storage import postgresql
from storage.database import Database

ABOUT = "wake-ups"


async def examine_wakeups(settings: Settings, database: Database) -> tuple[Finding, ...]:
    """A line about them where the database is PostgreSQL; SQLite has a single process."""
    if settings.is_sqlite:
        return ()
    if settings.wake_ups == "poll":
        return (ok(ABOUT, "workers ask five times a second (WAKE_UPS=poll)."),)
    try:
        return (await _listening(database),)
    except ConfigurationError as error:
        return (fail(ABOUT, str(error)),)
    except DeskError as error:
        return (warn(ABOUT, f"how they stand is not known ({type(error).__name__})."),)


async def _listening(database: Database) -> Finding:
    """Whether Procrastinate's tables are there, and a worker listens."""
    with postgresql.extra():
        from storage import wakeups_schema
    if not await database.carries_wakeups():
        return fail(
            ABOUT,
            "the database lacks Procrastinate's tables, or has older ones. Run `python "
            "app.py migrate`, or set WAKE_UPS=poll to do without.",
        )
    count = await database.ask(wakeups_schema.listeners)
    if not count:
        return warn(ABOUT, "no worker listens. Does a process with --role all or worker serve?")
    workers = "1 worker listens" if count == 1 else f"{count} workers listen"
    return ok(ABOUT, f"{workers}; Procrastinate's tables are current.")
