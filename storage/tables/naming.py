"""What messages name that they are not about."""

from sqlalchemy import Column, String, Table

from storage.tables.columns import metadata, moment, workspace_key

naming = Table(
    "naming",
    metadata,
    workspace_key(),
    # A submission's number or a user id; empty for what is told of the message itself.
    Column("named", String, primary_key=True),
    # The effect whose message names it.
    Column("key", String, primary_key=True),
    # When something that the message named was erased, last.
    moment("changed_at", nullable=True),
)
