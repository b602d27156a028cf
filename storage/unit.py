"""What the stores of one transaction share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Table, bindparam
from sqlalchemy.dialects import sqlite

from bot.desk import Desk
from storage.desk_cache import DeskCache
from storage.prepared import Prepared
from storage.sample_cache import SampleCache
from storage.vault import Vault

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Insert: TypeAlias = "sqlite.Insert | postgresql.Insert"


@dataclass(slots=True, kw_only=True)
class Unit:
    """One transaction of one workspace.

    `lanes` collects the lanes that got work, to be told after the commit, each with whether
    somebody waits for it. `replaced` is the set-up
    that this unit wrote, `learned` the one that it read: until the commit nobody else may see them,
    since what was read can be a neighbour's in the same transaction.

    `vault` seals what is personal.
    """

    connection: Connection
    workspace_id: str
    desks: DeskCache
    samples: SampleCache = field(default_factory=SampleCache)
    vault: Vault = field(default_factory=Vault)
    is_writing: bool = True
    lanes: dict[str, bool] = field(default_factory=dict)
    replaced: Desk | None = None
    learned: Desk | None = None

    def remember(self) -> None:
        """Let the process know the set-up, now that it is committed."""
        for desk in (self.learned, self.replaced):
            if desk is not None:
                self.desks.remember(self.workspace_id, desk)

    def wake(self, lane: str, *, is_urgent: bool = True) -> None:
        """Have a lane told after the commit."""
        self.lanes[lane] = is_urgent or self.lanes.get(lane, False)

    def here(self, table: Table) -> ColumnElement[bool]:
        """The condition that keeps a statement inside the workspace."""
        return table.c.workspace_id == self.workspace_id

    @property
    def is_local(self) -> bool:
        """Whether the database is a file of this machine, and a statement no round trip."""
        return self.dialect == "sqlite"

    @property
    def dialect(self) -> str:
        """SQLAlchemy's name for the database."""
        return self.connection.dialect.name

    def insert_new(self, table: Table, values: Mapping[str, Any]) -> bool:
        """Insert a row of this workspace; False when one of its unique keys is taken.

        RETURNING tells, since a driver's row count can't be trusted for ON CONFLICT.
        """
        row = {"workspace_id": self.workspace_id, **values}
        return _insert_new(self.dialect, table).write(self.connection, row) > 0

    def save(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Insert rows of this workspace, or overwrite those with the same primary key."""
        if not rows:
            return
        self.connection.execute(
            _save(self.dialect, table, tuple(rows[0])),
            [{"workspace_id": self.workspace_id, **row} for row in rows],
        )

    def insert_all(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Insert rows of this workspace that are known to be new."""
        if rows:
            here = {"workspace_id": self.workspace_id}
            _insert(table).write_all(self.connection, [{**here, **row} for row in rows])


def insert_into(dialect: str, table: Table) -> Insert:
    """An insert that knows ON CONFLICT, in the database's own dialect."""
    if dialect != "postgresql":
        return sqlite.insert(table)
    from sqlalchemy.dialects import (  # noqa: PLC0415  (two megabytes, for PostgreSQL alone)
        postgresql,
    )

    return postgresql.insert(table)


# A prepared statement has a fixed number of places for a list. There are few such numbers, so that
# not every length is prepared for itself.


def room_for(count: int) -> int:
    """How many places a list of `count` gets: none for none, else a power of two."""
    return 1 << (count - 1).bit_length() if count else 0


def among(column: ColumnElement[Any], name: str, room: int) -> ColumnElement[bool]:
    """That a column is one of a list for which `spread` names the values; `room` must not be 0."""
    places = (bindparam(f"{name}_{place}", type_=column.type) for place in range(room))
    return column.in_(tuple(places))


def spread(name: str, listed: Sequence[Any]) -> dict[str, Any]:
    """The values of a list, as many as it has room for: the last stands there repeatedly."""
    last = len(listed) - 1
    return {f"{name}_{place}": listed[min(place, last)] for place in range(room_for(len(listed)))}


# To put a statement together takes longer than to run it on SQLite: these are made once.


@cache
def _insert(table: Table) -> Prepared:
    return Prepared(table.insert())


@cache
def _insert_new(dialect: str, table: Table) -> Prepared:
    insert = insert_into(dialect, table)
    new = insert.on_conflict_do_nothing()
    return Prepared(new.execution_options(preserve_rowcount=True))  # dropped of INSERTs otherwise


@cache
def _save(dialect: str, table: Table, names: tuple[str, ...]) -> Insert:
    insert = insert_into(dialect, table)
    key = [column.name for column in table.primary_key.columns]
    changed = {name: insert.excluded[name] for name in names if name not in key}
    return insert.on_conflict_do_update(index_elements=key, set_=changed)
