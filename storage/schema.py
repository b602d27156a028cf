"""Which schema this program needs and which one the database has; Alembic is not imported here."""

from sqlalchemy import Column, Connection, MetaData, String, Table, select
from sqlalchemy.exc import DBAPIError

HEAD = "0003"
"""The newest revision in migrations/versions; a test compares the two."""

_alembic_version = Table("alembic_version", MetaData(), Column("version_num", String))


def current(connection: Connection) -> str | None:
    """The database's revision; None when it was never migrated."""
    try:
        return connection.execute(select(_alembic_version.c.version_num)).scalar_one_or_none()
    except DBAPIError as error:
        if "alembic_version" in str(error.orig):
            return None  # no such table, in either database's words
        raise
