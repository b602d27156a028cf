"""Takes the database for this process and brings it to the newest schema."""

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StorageBusyError, StorageDownError
from runtime.settings import Settings, SettingsError
from storage.database import Database
from storage.migrate import TooNewError, upgrade
from storage.schema import Fit


@contextlib.contextmanager
def taken(database: Database) -> Iterator[None]:
    """Hold the database's serving lock; raises AlreadyServingError when another process does, and
    SettingsError when there is no place for the file.
    """
    lock = database.lock_for_serving()
    try:
        lock.__enter__()
    except OSError as error:
        raise SettingsError(
            f"DATABASE_URL: no file can be kept there ({error.strerror}). "
            "Name a file in a folder that exists and can be written to."
        ) from error
    with contextlib.ExitStack() as stack:
        stack.push(lock)
        yield


def migrate(settings: Settings) -> None:
    """Bring the database to the newest schema; raises SettingsError when it can't be, TooNewError
    and MigrationBusyError.

    What else a release needs in the database comes after it: it may build on the tables.
    """
    try:
        upgrade(settings.database_url)
    except (SQLAlchemyError, OSError) as error:
        # The driver's own words may hold the address with its password: only their kind is told.
        raise SettingsError(
            "DATABASE_URL: the database can't be opened or migrated "
            f"({type(getattr(error, 'orig', None) or error).__name__}). Is it there, is it "
            "Social Desk's own, and may Social Desk write to it?"
        ) from error


async def check_schema(database: Database, *, with_wakeups: bool = False) -> None:
    """Raise SettingsError unless the database has a schema on which this program can work, and
    Procrastinate's as well where it carries the wake-ups; TooNewError when the schema is one that
    only newer programs can work on.
    """
    try:
        fit = await database.schema_fit()
        lacks_wakeups = with_wakeups and not await database.carries_wakeups()
    except (StorageBusyError, StorageDownError) as error:
        raise SettingsError("DATABASE_URL: the database does not answer.") from error
    if fit is Fit.TOO_NEW:
        raise TooNewError
    if fit is Fit.OLDER:
        raise SettingsError(
            "DATABASE_URL: this database has an older schema, or none. Run `python app.py migrate`."
        )
    if lacks_wakeups:
        raise SettingsError(
            "DATABASE_URL: this database lacks Procrastinate's tables, or has older ones. Run "
            "`python app.py migrate`, or set WAKE_UPS=poll to do without."
        )
