"""Conversions, and the touches that they are put down to."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
)

from storage.tables.columns import metadata, moment, workspace_key

conversion = Table(
    "conversion",
    metadata,
    workspace_key(),
    Column("conversion_id", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("external_id", String, nullable=False),
    Column("type_key", String, nullable=False),
    moment("occurred_at"),
    Column("count", Integer, nullable=False),
    # Thousandths of the currency's unit: no currency divides any finer.
    Column("thousandths", BigInteger),
    Column("currency", String),
    moment("recorded_at"),
    # NULL for what a machine told.
    Column("recorded_by", String),
    # The id of the entry in whose stead it stands.
    Column("replaces", String),
    # What was entered wrongly stays on record, and does not count.
    moment("undone_at", nullable=True),
    Column("undone_by", String),
    # Whether it is in `conversion_count`. Who adds or undoes one leaves it as it is.
    Column("is_counted", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("workspace_id", "source", "external_id"),
)

_c = conversion.c
# Holds what is counted besides, so that counting reads the index alone.
Index(
    "ix_conversion_occurred",
    _c.workspace_id,
    _c.occurred_at,
    _c.type_key,
    _c.count,
    _c.conversion_id,
    sqlite_where=_c.undone_at.is_(None),
)
# What a goal counts. `undone_at` is nothing in it, and asked for all the same: else SQLite opens
# each row, and takes six times as long.
Index(
    "ix_conversion_type",
    _c.workspace_id,
    _c.type_key,
    _c.occurred_at,
    _c.count,
    _c.undone_at,
    sqlite_where=_c.undone_at.is_(None),
)
Index(
    "ix_conversion_entered",
    _c.workspace_id,
    _c.recorded_at,
    _c.conversion_id,
    sqlite_where=_c.recorded_by.is_not(None),
)

uncounted = _c.is_counted == _c.undone_at.is_not(None)
"""What the counts don't know of: one that came since, or one of theirs that was undone."""

Index(
    "ix_conversion_uncounted",
    _c.workspace_id,
    _c.occurred_at,
    _c.is_counted,
    _c.type_key,
    _c.count,
    _c.conversion_id,
    sqlite_where=uncounted,
)

# What of a day is counted: whole days are read from here, the rest row by row.
conversion_count = Table(
    "conversion_count",
    metadata,
    workspace_key(),
    # "total" has currencies for keys, "posts" sets of numbers ("12,45"), others one name each; an
    # empty key is anything at all. Campaigns stand in `conversion_touch` in the same words.
    Column("dimension", String, primary_key=True),
    # In UTC.
    Column("day", Date, primary_key=True),
    Column("type_key", String, primary_key=True),
    Column("lens", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("entries", BigInteger, nullable=False),
    Column("thousandths", BigInteger, nullable=False),
)

conversion_touch = Table(
    "conversion_touch",
    metadata,
    workspace_key(),
    Column("conversion_id", String, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("lens", String, nullable=False),
    # A submission's number. It stays when that is erased: it names nobody.
    Column("number", Integer),
    Column("platform", String),
    Column("campaign", String),
    Column("is_paid", Boolean, nullable=False),
    ForeignKeyConstraint(
        ["workspace_id", "conversion_id"],
        ["conversion.workspace_id", "conversion.conversion_id"],
    ),
)

Index(
    "ix_conversion_touch_number",
    conversion_touch.c.workspace_id,
    conversion_touch.c.number,
    conversion_touch.c.lens,
    conversion_touch.c.conversion_id,
    sqlite_where=conversion_touch.c.number.is_not(None),
)

phrase = Table(
    "phrase",
    metadata,
    workspace_key(),
    # Its one form: case, spaces and hyphens aside.
    Column("key", String, primary_key=True),
    Column("words", String, nullable=False),
    Column("type_key", String, nullable=False),
    Column("number", Integer),
    Column("reference", String),
    moment("created_at"),
    Column("created_by", String, nullable=False),
)

Index("ix_phrase_created", phrase.c.workspace_id, phrase.c.created_at, phrase.c.key)
Index(
    "ix_phrase_number",
    phrase.c.workspace_id,
    phrase.c.number,
    phrase.c.created_at,
    sqlite_where=phrase.c.number.is_not(None),
)

spend = Table(
    "spend",
    metadata,
    workspace_key(),
    Column("spend_id", String, primary_key=True),
    # The first day of the month.
    Column("month", Date, nullable=False),
    Column("platform", String),
    Column("campaign", String),
    Column("is_paid", Boolean, nullable=False),
    Column("thousandths", BigInteger, nullable=False),
    Column("currency", String, nullable=False),
    moment("recorded_at"),
    Column("recorded_by", String, nullable=False),
    moment("undone_at", nullable=True),
    Column("undone_by", String),
)

Index(
    "ix_spend_month", spend.c.workspace_id, spend.c.month, sqlite_where=spend.c.undone_at.is_(None)
)
Index("ix_spend_recorded", spend.c.workspace_id, spend.c.recorded_at, spend.c.spend_id)

marketing_budget = Table(
    "marketing_budget",
    metadata,
    workspace_key(),
    # A year or a quarter: "2026", "2026-Q4".
    Column("period", String, primary_key=True),
    Column("thousandths", BigInteger, nullable=False),
    Column("currency", String, nullable=False),
    moment("recorded_at"),
    Column("recorded_by", String, nullable=False),
)

budget_before = Table(
    "budget_before",
    metadata,
    workspace_key(),
    Column("period", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("thousandths", BigInteger, nullable=False),
    Column("currency", String, nullable=False),
    moment("recorded_at"),
    Column("recorded_by", String, nullable=False),
)

landing = Table(
    "landing",
    metadata,
    workspace_key(),
    # A submission's number.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("url", String, nullable=False),
    # What its links call their campaign: the same whenever they are asked for.
    Column("campaign", String, nullable=False),
    moment("given_at"),
)
