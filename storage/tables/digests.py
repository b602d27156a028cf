"""Digests that people take for themselves, and how the rounds of each digest go."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from storage.tables.columns import metadata, moment, workspace_key

own_digest = Table(
    "own_digest",
    metadata,
    workspace_key(),
    Column("user_id", String, primary_key=True),
    Column("subscription_id", String, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("time", String, nullable=False),
    Column("tz", String, nullable=False),
    Column("audience", String, nullable=False),
    # With a day of the month it comes each month.
    Column("month_day", Integer),
    # Whose holidays it minds, and what they do to it; NULL: none.
    Column("holidays", String),
    Column("on_holiday", String),
)

# Those taken since a person may take several.
taken_digest = Table(
    "taken_digest",
    metadata,
    workspace_key(),
    Column("subscription_id", String, primary_key=True),
    Column("user_id", String, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("month_day", Integer),
    Column("time", String, nullable=False),
    Column("tz", String, nullable=False),
    Column("audience", String, nullable=False),
    Column("holidays", String),
    Column("on_holiday", String),
)
Index("ix_taken_digest_user", taken_digest.c.workspace_id, taken_digest.c.user_id)

digest_state = Table(
    "digest_state",
    metadata,
    workspace_key(),
    Column("subscription_id", String, primary_key=True),
    # Who set it up or changed it last; NULL for the set-up file, and for who was erased.
    Column("set_by", String),
    # Why it rests, NULL while it does not; the local day on which it comes again, if one is set.
    Column("paused", String),
    Column("paused_until", String),
    # The name that it had before, if the set-up file gave it another.
    Column("known_as", String),
)

digest_press = Table(
    "digest_press",
    metadata,
    workspace_key(),
    Column("subscription_id", String, primary_key=True),
    Column("period_key", String, primary_key=True),
    Column("presses", Integer, nullable=False),
)

plain_charts = Table(
    "plain_charts",
    metadata,
    workspace_key(),
    moment("refused_at", nullable=False),
)

digest_reach = Table(
    "digest_reach",
    metadata,
    workspace_key(),
    Column("subscription_id", String, primary_key=True),
    Column("period_key", String, primary_key=True),
    # NULL where Slack did not let them be read.
    Column("reactions", Integer),
    Column("answers", Integer),
    Column("presses", Integer, nullable=False),
    # Whether it was asked after this one whether to stop.
    Column("is_asked", Boolean, nullable=False),
)
