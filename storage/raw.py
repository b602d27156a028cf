"""SQLite's transactions past SQLAlchemy, whose own take longer than the statements of a small one.

Statements that do go through SQLAlchemy may run inside: it takes note of the transaction then, and
has to be told of its end.
"""

from typing import Any

from sqlalchemy import Connection, text

from storage.prepared import Prepared

_BEGIN = Prepared(text("BEGIN IMMEDIATE"))
_COMMIT = Prepared(text("COMMIT"))
_ROLLBACK = Prepared(text("ROLLBACK"))


def is_begun(connection: Connection) -> bool:
    """Whether the database is within a transaction, whoever began it."""
    driver: Any = connection.connection.dbapi_connection
    begun: bool = driver.in_transaction
    return begun


def begin(connection: Connection) -> None:
    """Begin a transaction that may write; raises SQLAlchemy's errors, as all here."""
    _BEGIN.write(connection, {})


def commit(connection: Connection) -> None:
    """Commit it. After an error it may be open still."""
    if connection.in_transaction():
        connection.commit()
    else:
        _COMMIT.write(connection, {})


def roll_back(connection: Connection) -> None:
    """Undo it; SQLite may have done so itself
    (https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction).
    """
    if connection.in_transaction():
        connection.rollback()
    elif not connection.invalidated and is_begun(connection):
        _ROLLBACK.write(connection, {})
