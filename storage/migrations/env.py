"""Alembic's entry: runs migrations on the connection that storage.migrate opened."""

from alembic import context

from storage.tables import metadata
from storage.tables.columns import with_conditions

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=with_conditions(metadata),
    render_as_batch=True,  # SQLite alters a table by copying it
    compare_type=True,
)
context.run_migrations()
