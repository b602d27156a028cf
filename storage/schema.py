"""Which schema this program needs and which one the database has; Alembic is not imported here.

Migrations only add, so a program works on any newer schema, down to the one that it needs. When one
takes something away (a contraction), it names the least revision that a program must know to go on:
its floor, which is kept in the database, because older programs have to read it there.
"""

from enum import Enum

from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert, inspect, select
from sqlalchemy.exc import DBAPIError

HEAD = "0037"
"""The newest revision in migrations/versions; a test compares the two."""

_alembic_version = Table("alembic_version", MetaData(), Column("version_num", String))
_floor = Table("schema_floor", MetaData(), Column("revision", String, primary_key=True))

FLOOR = _floor.name
"""Beside Alembic's own the only table that no migration makes."""


class Fit(Enum):
    """How the database's schema and this program go together."""

    OLDER = "older"
    FITS = "fits"
    TOO_NEW = "too new"


def current(connection: Connection) -> str | None:
    """The database's revision; None when it was never migrated."""
    try:
        return connection.execute(select(_alembic_version.c.version_num)).scalar_one_or_none()
    except DBAPIError as error:
        if "alembic_version" in str(error.orig):
            return None  # no such table, in either database's words
        raise


def fit(connection: Connection, head: str = HEAD) -> Fit:
    """Whether a program that knows the revisions up to `head` can work on this database."""
    found = current(connection)
    if found is None or _place(found) < _place(head):
        return Fit.OLDER
    if found == head:
        return Fit.FITS
    return Fit.TOO_NEW if _place(floor(connection) or "0") > _place(head) else Fit.FITS


def floor(connection: Connection) -> str | None:
    """The least revision that a program must know; None as long as nothing was taken away."""
    if not inspect(connection).has_table(FLOOR):
        return None
    return connection.execute(select(_floor.c.revision)).scalar_one_or_none()


def raise_floor(connection: Connection, revision: str) -> None:
    """Keep out programs that know no revision as new as this, from now on."""
    _floor.create(connection, checkfirst=True)
    if _place(floor(connection) or "0") < _place(revision):
        connection.execute(delete(_floor))
        connection.execute(insert(_floor), {"revision": revision})


def _place(revision: str) -> int:
    """Revisions are numbered in their order; anything else is none of ours, and before all."""
    return int(revision) if revision.isdecimal() else -1
