"""What the stores of one transaction share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from bot.desk import Desk
from storage.desk_cache import DeskCache

Insert = sqlite.Insert | postgresql.Insert


@dataclass(slots=True, kw_only=True)
class Unit:
    """One transaction of one workspace.

    `lanes` collects the lanes that got work, to be told after the commit. `replaced` is the set-up
    that this transaction wrote: until it commits, nobody else may see it.
    """

    connection: Connection
    workspace_id: str
    desks: DeskCache
    is_writing: bool = True
    lanes: set[str] = field(default_factory=set)
    replaced: Desk | None = None

    def here(self, table: Table) -> ColumnElement[bool]:
        """The condition that keeps a statement inside the workspace."""
        return table.c.workspace_id == self.workspace_id

    def insert(self, table: Table) -> Insert:
        """An insert that knows ON CONFLICT, in the database's own dialect."""
        if self.connection.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)

    def insert_new(self, table: Table, values: Mapping[str, Any]) -> bool:
        """Insert a row of this workspace; False when one of its unique keys is taken.

        RETURNING tells, since a driver's row count can't be trusted for ON CONFLICT.
        """
        statement = (
            self.insert(table)
            .values(workspace_id=self.workspace_id, **values)
            .on_conflict_do_nothing()
            .returning(table.c.workspace_id)
        )
        return self.connection.execute(statement).first() is not None

    def save(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Insert rows of this workspace, or overwrite those with the same primary key."""
        if not rows:
            return
        statement = self.insert(table)
        key = [column.name for column in table.primary_key.columns]
        changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
        self.connection.execute(
            statement.on_conflict_do_update(index_elements=key, set_=changed),
            [{"workspace_id": self.workspace_id, **row} for row in rows],
        )

    def insert_all(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Insert rows of this workspace that are known to be new."""
        if rows:
            self.connection.execute(
                table.insert(), [{"workspace_id": self.workspace_id, **row} for row in rows]
            )
