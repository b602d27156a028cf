"""Migrations only add: a program of the release before works on while, and after, they run."""

from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from storage import schema, scripts
from storage.database import Database
from storage.migrate import TooNewError, upgrade
from tests.support.expansion import (
    faults_of,
    is_contraction,
    locking,
    narrowed,
    script_of,
    shape,
)

BEFORE = """
CREATE TABLE one (id INTEGER, name TEXT, size INTEGER NOT NULL);
CREATE TABLE two (id INTEGER PRIMARY KEY);
"""


def seen(path: Path, statements: str) -> list[str]:
    """What is missed after `statements` by who knows BEFORE."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    shapes = []
    for script in (BEFORE, statements):
        with engine.begin() as connection:
            for statement in script.split(";"):
                if statement.strip():
                    connection.execute(text(statement))
            shapes.append(shape(connection))
    engine.dispose()
    return list(narrowed(*shapes))


@pytest.mark.parametrize(
    "statements, fault",
    [
        ("DROP TABLE two", "table two is gone"),
        ("ALTER TABLE two RENAME TO three", "table two is gone"),
        ("ALTER TABLE one DROP COLUMN name", "one.name is gone"),
        ("ALTER TABLE one RENAME COLUMN name TO label", "one.name is gone"),
        (
            "DROP TABLE one; CREATE TABLE one (id INTEGER, name TEXT NOT NULL, size INTEGER)",
            "one.name may not be empty any more",
        ),
        (
            "DROP TABLE one; CREATE TABLE one (id INTEGER, name TEXT, size TEXT NOT NULL)",
            "one.size is another type",
        ),
        (
            "DROP TABLE two; CREATE TABLE two (id INTEGER PRIMARY KEY, more INTEGER NOT NULL)",
            "two.more is needed and has no default",
        ),
        ("CREATE UNIQUE INDEX ux ON one (name)", "one: new unique ['name']"),
    ],
)
def test_what_takes_something_away_is_seen(tmp_path: Path, statements: str, fault: str) -> None:
    assert seen(tmp_path / "a.db", statements) == [fault]


@pytest.mark.parametrize(
    "statements",
    [
        "CREATE TABLE three (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL UNIQUE)",
        "ALTER TABLE one ADD COLUMN more INTEGER",
        "ALTER TABLE one ADD COLUMN more INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX ix ON one (name)",
    ],
)
def test_what_only_adds_is_welcome(tmp_path: Path, statements: str) -> None:
    assert seen(tmp_path / "a.db", statements) == []


def test_indexes_on_tables_that_were_there_are_built_beside_the_work() -> None:
    made = 'op.create_table("new")\nop.create_index("ix_new", "new", ["a"])\n'
    assert list(locking(made)) == []
    assert list(locking('op.create_index("ix_old", "outbox", ["a"])')) == [
        "index ix_old is for storage.migrations.steps.add_index"
    ]


def test_a_contraction_names_its_release_and_its_floor() -> None:
    assert is_contraction('contract = "0.2.0"\nfloor = "0003"')
    assert not is_contraction('contract = "0.2.0"')


def test_what_was_taken_away_before_the_rule_is_seen_as_well(tmp_path: Path) -> None:
    assert faults_of("0002", tmp_path) != []


def test_revisions_are_numbered_in_their_order() -> None:
    known = scripts.revisions()
    assert known == tuple(f"{number:04}" for number in range(1, len(known) + 1))
    assert [script_of(revision).name[:4] for revision in known] == list(known)


def set_revision(url: str, revision: str, *, floor: str | None = None) -> None:
    """As a newer program leaves the database."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
        if floor is not None:
            schema.raise_floor(connection, floor)
    engine.dispose()


async def fit_of(url: str) -> schema.Fit:
    database = Database(url)
    try:
        fit = await database.schema_fit()
        assert await database.schema_is_current() is (fit is schema.Fit.FITS)
        return fit
    finally:
        await database.close()


async def test_a_program_works_beside_a_newer_schema_down_to_its_floor(database_url: str) -> None:
    assert await fit_of(database_url) is schema.Fit.FITS
    set_revision(database_url, "0002")
    assert await fit_of(database_url) is schema.Fit.OLDER
    set_revision(database_url, "0998")
    assert await fit_of(database_url) is schema.Fit.FITS
    upgrade(database_url)  # not this program's to change
    set_revision(database_url, "0998", floor=schema.HEAD)
    assert await fit_of(database_url) is schema.Fit.FITS
    set_revision(database_url, "0999", floor="0998")
    assert await fit_of(database_url) is schema.Fit.TOO_NEW
    set_revision(database_url, "0999", floor="0001")  # a floor never sinks
    assert await fit_of(database_url) is schema.Fit.TOO_NEW
    with pytest.raises(TooNewError, match="newer version"):
        upgrade(database_url)
    set_revision(database_url, schema.HEAD)
    drop_floor(database_url)


def drop_floor(url: str) -> None:
    """The PostgreSQL databases of tests are used again."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {schema.FLOOR}"))
    engine.dispose()
