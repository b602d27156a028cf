"""What migrations say beyond Alembic's own words."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def add_index(name: str, table: str, columns: Sequence[str], where: str | None = None) -> None:
    """An index on a table that was there before. PostgreSQL builds it after the script, beside the
    work that goes on, from `storage.tables`: see `storage.indexes`.
    """
    if op.get_context().dialect.name == "sqlite":
        condition = None if where is None else sa.text(where)
        op.create_index(name, table, list(columns), sqlite_where=condition)
