"""What the tables share: types that SQLite and PostgreSQL both take, and names for constraints."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Dialect, MetaData, String
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Document(TypeDecorator[Any]):
    """A JSON document, binary on PostgreSQL; Python's None is SQL's NULL."""

    impl = JSON
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(none_as_null=True)

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return JSON(none_as_null=True)
        from sqlalchemy.dialects.postgresql import (  # noqa: PLC0415  (two megabytes, for PostgreSQL alone)
            JSONB,
        )

        return JSONB(none_as_null=True)


_NO_ZONE = "A moment without a zone can't be stored: {}"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Takes aware datetimes only and gives them back in UTC on both databases.

    SQLite keeps it as text in UTC, whose order is the order of time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(_NO_ZONE.format(value.isoformat()))
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    # SQLite's text is made and read by the standard library, in C: SQLAlchemy's own way there takes
    # three times as long, and a submission has a dozen moments.

    @override
    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        return _to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    @override
    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        return (
            _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)
        )


def _to_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(_NO_ZONE.format(value.isoformat()))
    return _text_of(value.astimezone(UTC))


@lru_cache(maxsize=16)
def _text_of(value: datetime) -> str:
    """The text of a moment in UTC. A use case writes its own moment into most of its rows."""
    return value.isoformat(" ", "microseconds").removesuffix("+00:00")


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def workspace_key() -> Column[Any]:
    """The column that comes first in every primary key."""
    return Column("workspace_id", String, primary_key=True)


def moment(name: str, *, nullable: bool = False) -> Column[Any]:
    """A column that holds a moment."""
    return Column(name, UtcDateTime, nullable=nullable)


def with_conditions(found: MetaData) -> MetaData:
    """The tables, with the conditions of their indexes for PostgreSQL as well: for whoever compares
    them with a database.

    The tables name a condition once, as `sqlite_where`: to name PostgreSQL's there would load its
    dialect, three megabytes, into every process.
    """
    for table in found.tables.values():
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            if where is not None:
                index.dialect_options["postgresql"]["where"] = where
    return found
