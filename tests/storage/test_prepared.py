"""Prepared statements do what SQLAlchemy does with the same statement, on both databases."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    event,
    func,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError, StatementError

from storage import postgresql, sqlite_file
from storage.backend import is_sqlite, parse_url
from storage.failures import Failure, classify
from storage.prepared import Made, Prepared, Record
from storage.tables import metadata
from storage.tables.columns import Document, moment
from storage.unit import insert_into
from tests.support.storage_examples import NOW

THING = Table(
    "thing",
    MetaData(),
    Column("name", String, primary_key=True),
    Column("count", Integer, nullable=False, default=7),
    Column("big", BigInteger),
    Column("part", Float),
    Column("is_good", Boolean),
    Column("day", Date),
    Column("document", Document),
    moment("at", nullable=True),
)
_c = THING.c
INSERT = Prepared(THING.insert())
BY_NAME = select(THING).where(_c.name == bindparam("of_name"))
FULL = {
    "name": "Zoë's “oven”",
    "count": 3,
    "big": 2**40,
    "part": 0.1,
    "is_good": True,
    "day": NOW.date(),
    "document": {"fields": ["ä", 1, None], "deep": {"is": False}},
    "at": NOW.astimezone(timezone(timedelta(hours=2))),
}
EMPTY = dict.fromkeys(FULL) | {"name": "empty", "count": 0}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    url = parse_url(database_url)
    backend = (sqlite_file if is_sqlite(url) else postgresql).build(url)
    yield backend.writer
    backend.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A transaction that is taken back, with the table of this test."""
    with engine.connect() as connection, connection.begin() as transaction:
        THING.create(connection)
        yield connection
        transaction.rollback()


@pytest.mark.parametrize("row", [FULL, EMPTY])
def test_every_type_comes_back_as_through_sqlalchemy(
    connection: Connection, row: dict[str, Any]
) -> None:
    INSERT.write(connection, row)
    usual = connection.execute(BY_NAME, {"of_name": row["name"]}).one()
    found = Prepared(BY_NAME).first(connection, {"of_name": row["name"]})
    assert found is not None
    assert found._asdict() == usual._asdict() == row
    assert (found.name, found.at) == (usual.name, usual.at)
    if found.at is not None:
        assert found.at.utcoffset() == timedelta()


def test_what_is_made_of_a_row_is_kept_until_the_row_changes(connection: Connection) -> None:
    asked: list[str] = []

    def name_and_count(row: Record) -> tuple[str, int, datetime | None]:
        asked.append(row.name)
        return row.name, row.count, row.at

    made, by_name = Made(name_and_count, most=10), Prepared(BY_NAME)
    INSERT.write(connection, FULL)
    name = {"of_name": FULL["name"]}
    (first,) = by_name.made(connection, name, made)
    (again,) = by_name.made(connection, name, made)
    assert first == again == (FULL["name"], FULL["count"], FULL["at"])
    assert (first is again) == (connection.dialect.name == "sqlite")
    Prepared(update(THING).where(_c.name == bindparam("of_name"))).write(
        connection, {**name, "count": 8}
    )
    assert by_name.made(connection, name, made) == [(FULL["name"], 8, FULL["at"])]
    assert len(asked) == (2 if connection.dialect.name == "sqlite" else 3)


def test_half_of_a_pair_of_characters_is_kept_in_a_document(sqlite_url: str) -> None:
    backend = sqlite_file.build(parse_url(sqlite_url))
    with backend.writer.connect() as connection, connection.begin() as transaction:
        THING.create(connection)
        INSERT.write(connection, {**EMPTY, "document": ["\ud83d"]})
        found = Prepared(BY_NAME).first(connection, {"of_name": "empty"})
        transaction.rollback()
    backend.dispose()
    assert found is not None
    assert found.document == ["\ud83d"]


def test_the_stores_types_are_all_tried_above() -> None:
    tried = {type(column.type) for column in THING.columns}
    assert {type(c.type) for table in metadata.tables.values() for c in table.columns} <= tried


def test_rows_and_what_is_missing(connection: Connection) -> None:
    INSERT.write_all(connection, [{**EMPTY, "name": name} for name in ("c", "a", "b")])
    names = Prepared(
        select(_c.name, func.upper(_c.name))
        .where(_c.name != bindparam("other"))
        .order_by(_c.name)
        .limit(2)
    )
    assert [tuple(row) for row in names.all(connection, {"other": "b"})] == [("a", "A"), ("c", "C")]  # type: ignore[arg-type]  # a row is a tuple, too
    assert names.scalar(connection, {"other": ""}) == "a"
    nothing = Prepared(BY_NAME)
    assert nothing.all(connection, {"of_name": "x"}) == []
    assert nothing.first(connection, {"of_name": "x"}) is None
    assert nothing.scalar(connection, {"of_name": "x"}) is None


def test_an_update_writes_what_it_is_given(connection: Connection) -> None:
    INSERT.write(connection, FULL)
    change = Prepared(update(THING).where(_c.name == bindparam("of_name"), _c.count != 99))
    name = FULL["name"]
    assert change.write(connection, {"of_name": name, "is_good": False}) == 1
    assert change.write(connection, {"of_name": name, "document": None, "count": 99}) == 1
    assert change.write(connection, {"of_name": name, "count": 1}) == 0
    found = connection.execute(BY_NAME, {"of_name": name}).one()
    assert found._asdict() == {**FULL, "is_good": False, "document": None, "count": 99}


def test_an_insert_gives_back_what_it_made(connection: Connection) -> None:
    insert = insert_into(connection.dialect.name, THING)
    count = Prepared(
        insert.on_conflict_do_update(
            index_elements=["name"], set_={"count": _c.count + 1, "at": insert.excluded.at}
        ).returning(_c.count, _c.at)
    )
    later = NOW + timedelta(hours=1)
    first = count.first(connection, {"name": "a", "count": 1, "at": NOW})
    second = count.first(connection, {"name": "a", "count": 1, "at": later})
    assert [tuple(row) for row in (first, second) if row] == [(1, NOW), (2, later)]  # type: ignore[arg-type]  # a row is a tuple, too


def test_plain_text_runs_as_well(connection: Connection) -> None:
    Prepared(text("SAVEPOINT here")).write(connection, {})
    INSERT.write(connection, FULL)
    Prepared(text("ROLLBACK TO here")).write(connection, {})
    assert connection.execute(select(func.count()).select_from(THING)).scalar_one() == 0


def _twice(connection: Connection) -> None:
    INSERT.write(connection, FULL)
    INSERT.write(connection, FULL)


def _zoneless(connection: Connection) -> None:
    INSERT.write(connection, {**EMPTY, "at": datetime(2026, 1, 1)})  # noqa: DTZ001  (refused)


def _no_table(connection: Connection) -> None:
    Prepared(Table("nowhere", MetaData(), Column("x", Integer)).select()).first(connection, {})


def _no_value(connection: Connection) -> None:
    Prepared(BY_NAME).first(connection, {})


@pytest.mark.parametrize(
    "fails, error",
    [(_twice, IntegrityError), (_zoneless, StatementError), (_no_value, StatementError)],
)
def test_errors_are_sqlalchemys(
    connection: Connection, fails: Callable[[Connection], None], error: type[SQLAlchemyError]
) -> None:
    with pytest.raises(error) as raised:
        fails(connection)
    assert raised.type is error
    # What SQLAlchemy adds to the driver's words must not carry what people typed.
    assert str(FULL["name"]) not in str(raised.value).partition("[SQL")[2]


def test_a_table_that_is_not_there_is_told_as_down(connection: Connection) -> None:
    with pytest.raises(SQLAlchemyError) as missing:
        _no_table(connection)
    assert classify(missing.value) is Failure.DOWN


def test_a_lock_that_is_held_is_told_as_busy(sqlite_url: str) -> None:
    backend = sqlite_file.build(parse_url(sqlite_url))
    path = sqlite_file.file_of(parse_url(sqlite_url))
    other = sqlite3.connect(path, isolation_level=None)
    with backend.reader.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError) as busy:
            Prepared(text("DELETE FROM lane")).write(connection, {})
    assert classify(busy.value) is Failure.BUSY
    other.close()
    backend.dispose()


def test_who_listens_to_statements_hears_of_them(engine: Engine, connection: Connection) -> None:
    heard: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    INSERT.write(connection, EMPTY)
    event.remove(engine, "before_cursor_execute", note)
    INSERT.write(connection, FULL)
    assert [statement.split(" (")[0] for statement in heard] == ["INSERT INTO thing"]


@pytest.mark.parametrize(
    "statement, values",
    [
        (THING.insert(), {"name": "a"}),  # a default that Python would have to give
        (THING.insert(), {**EMPTY, "nmae": "a"}),
        (BY_NAME.where(_c.count.in_(bindparam("counts", expanding=True))), {"counts": [1]}),
        (Table("odd", MetaData(), Column("it", JSON)).insert(), {"it": None}),  # JSON's null
    ],
)
def test_what_cannot_be_prepared_is_refused(
    sqlite_url: str, statement: Any, values: dict[str, Any]
) -> None:
    backend = sqlite_file.build(parse_url(sqlite_url))
    with backend.writer.connect() as connection, pytest.raises(ValueError, match="prepared"):
        Prepared(statement).all(connection, values)
    backend.dispose()
