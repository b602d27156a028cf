"""Migrating PostgreSQL while others are at work on it."""

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, text

from storage import migrate, schema, scripts
from storage.migrate import MigrationBusyError, upgrade
from tests.support.databases import drop_postgresql, new_postgresql_url

pytestmark = pytest.mark.postgres


@pytest.fixture
def first_schema() -> Iterator[str]:
    """The URL of a database at the first revision."""
    url = new_postgresql_url(is_migrated=False)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        scripts.run_until(connection, "0001")
    engine.dispose()
    yield url
    drop_postgresql(url)


@pytest.fixture
def migrated() -> Iterator[str]:
    url = new_postgresql_url()
    yield url
    drop_postgresql(url)


def connect(url: str, *, autocommit: bool = False) -> psycopg.Connection[Any]:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=autocommit)


def revision_of(url: str) -> Any:
    with connect(url) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()


def indexes_of(url: str) -> dict[str, bool]:
    with connect(url) as connection:
        found = connection.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        )
        return dict(found)


def test_a_table_that_somebody_holds_is_tried_again_and_nobody_waits_behind(
    first_schema: str,
) -> None:
    pauses: list[float] = []
    with connect(first_schema) as holder:
        holder.execute("LOCK TABLE submission IN ACCESS SHARE MODE")

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            with connect(first_schema) as reader:  # no migration waits for the table just now
                reader.execute("SET LOCAL lock_timeout = '100ms'")
                reader.execute("SELECT count(*) FROM submission")
            if len(pauses) == 2:
                holder.rollback()

        upgrade(first_schema, pause=pause)
    assert pauses == [migrate.PAUSE_SECONDS] * 2
    assert revision_of(first_schema) == (schema.HEAD,)


def test_a_table_that_is_never_free_leaves_nothing_half_done(
    first_schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "TRIES", 2)
    with connect(first_schema) as holder:
        holder.execute("LOCK TABLE submission IN ACCESS SHARE MODE")
        with pytest.raises(MigrationBusyError, match="Nothing is half done"):
            upgrade(first_schema, pause=lambda _: None)
        assert revision_of(first_schema) == ("0001",)
    upgrade(first_schema)
    assert revision_of(first_schema) == (schema.HEAD,)


def test_a_second_migration_waits_for_the_first(
    first_schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect(first_schema, autocommit=True) as first:
        first.execute("SELECT pg_advisory_lock(%s)", (migrate._ADVISORY_LOCK,))

        def pause(_: float) -> None:
            first.execute("SELECT pg_advisory_unlock_all()")

        upgrade(first_schema, pause=pause)
        assert revision_of(first_schema) == (schema.HEAD,)
        first.execute("SELECT pg_advisory_lock(%s)", (migrate._ADVISORY_LOCK,))
        monkeypatch.setattr(migrate, "TRIES", 2)
        with pytest.raises(MigrationBusyError, match="another migration runs"):
            upgrade(first_schema, pause=lambda _: None)


def test_missing_and_unfit_indexes_are_built(migrated: str) -> None:
    before = indexes_of(migrated)
    assert all(before.values())
    with connect(migrated) as connection:
        connection.execute("DROP INDEX ix_outbox_open")
        connection.execute(
            "UPDATE pg_index SET indisvalid = false "
            "WHERE indexrelid = 'ix_submission_timer'::regclass"
        )
    assert indexes_of(migrated) != before
    upgrade(migrated)
    assert indexes_of(migrated) == before


def test_writers_go_on_while_an_index_is_built(migrated: str) -> None:
    with connect(migrated) as connection:
        connection.execute("DROP INDEX ix_inbox_seen_at")
    insert = "INSERT INTO inbox_seen VALUES ('T1', %s, '2026-11-19T09:00:00Z')"
    builder = threading.Thread(target=upgrade, args=(migrated,))
    with connect(migrated) as writer, connect(migrated, autocommit=True) as other:
        writer.execute(insert, ("begun before",))  # the build has to wait for its end
        builder.start()
        while not other.execute(
            "SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation "
            "WHERE c.relname = 'inbox_seen' AND l.mode = 'ShareUpdateExclusiveLock'"
        ).fetchone():
            assert builder.is_alive()
        other.execute("SET lock_timeout = '2s'")
        other.execute(insert, ("meanwhile",))
        assert builder.is_alive()
        writer.commit()
    builder.join()
    engine = create_engine(migrated, poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM inbox_seen")).scalar_one() == 2
    engine.dispose()
    assert indexes_of(migrated)["ix_inbox_seen_at"]
