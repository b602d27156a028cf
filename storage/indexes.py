"""Indexes that PostgreSQL builds beside the work that goes on, after the scripts have run.

`CREATE INDEX` keeps writers out of a table until it is done, which on a large one are minutes.
`CONCURRENTLY` does not, but knows no transaction, so no script can do it: scripts name such an
index by `storage.migrations.steps.add_index`, and whatever the tables say and the database lacks is
made here. Until then its queries are slow, and right.
"""

import logging

from sqlalchemy import Connection, Index, text
from sqlalchemy.schema import CreateIndex

from storage.tables import metadata

log = logging.getLogger(__name__)

_THERE = text(
    "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()"
)


def make_missing(connection: Connection) -> None:
    """Build every index of `storage.tables` that is missing, or that a broken-off build left unfit.

    `connection` commits each statement by itself.
    """
    there: dict[str, bool] = {row.relname: row.indisvalid for row in connection.execute(_THERE)}
    for table in metadata.sorted_tables:
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            name = str(index.name)
            if there.get(name):
                continue
            log.info("index built", extra={"index": name})
            if name in there:
                connection.execute(text(f'DROP INDEX CONCURRENTLY "{name}"'))
            connection.execute(text(_concurrently(connection, index)))


def _concurrently(connection: Connection, index: Index) -> str:
    made = str(CreateIndex(index).compile(dialect=connection.dialect))
    return made.replace("INDEX", "INDEX CONCURRENTLY", 1)
