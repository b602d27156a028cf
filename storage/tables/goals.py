"""Objectives, goals and their readings."""

from sqlalchemy import (
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from storage.tables.columns import metadata, moment, workspace_key

objective = Table(
    "objective",
    metadata,
    workspace_key(),
    Column("objective_id", String, primary_key=True),
    Column("title", String, nullable=False),
    # Empty for the whole company's: NULL would be different from itself in the key below.
    Column("department", String, nullable=False),
    # The title, case folded: an objective is written once.
    Column("folded", String, nullable=False),
    moment("created_at"),
    # The company's objective on which a department's hangs.
    Column("parent_id", String),
    UniqueConstraint("workspace_id", "folded", "department"),
)

goal = Table(
    "goal",
    metadata,
    workspace_key(),
    Column("goal_id", String, primary_key=True),
    Column("objective_id", String, nullable=False),
    Column("title", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("baseline", Float, nullable=False),
    Column("target", Float, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("tz", String, nullable=False),
    Column("role_id", String, nullable=False),
    Column("measure", String, nullable=False),
    Column("kind_key", String),
    Column("department", String),
    Column("outcome", String),
    Column("version", Integer, nullable=False),
    moment("created_at"),
    Column("created_by", String, nullable=False),
    moment("changed_at", nullable=True),
    Column("changed_by", String),
    # A goal that was dropped is kept, and never shown.
    moment("dropped_at", nullable=True),
    # When its keepers are asked what became of it; NULL once they were.
    moment("ask_at", nullable=True),
    # What it helps customers with, for which step of their way, and what they do after it.
    Column("customer_objective", String),
    Column("stage", String),
    Column("next_step", String),
    # How often its keepers are asked where it stands, when the desk looks after that next, until
    # when a question stands that is asked then, and since when it is stale.
    Column("rhythm", String, nullable=False, server_default="digest"),
    moment("check_at", nullable=True),
    moment("check_until", nullable=True),
    moment("stale_at", nullable=True),
    ForeignKeyConstraint(
        ["workspace_id", "objective_id"], ["objective.workspace_id", "objective.objective_id"]
    ),
)

_c = goal.c
Index(
    "ix_goal_last_day",
    _c.workspace_id,
    _c.last_day,
    _c.goal_id,
    sqlite_where=_c.dropped_at.is_(None),
)

Index(
    "ix_goal_ask",
    _c.ask_at,
    _c.workspace_id,
    _c.goal_id,
    sqlite_where=_c.ask_at.is_not(None),
)

Index(
    "ix_goal_check",
    _c.check_at,
    _c.workspace_id,
    _c.goal_id,
    sqlite_where=_c.check_at.is_not(None),
)

check_in = Table(
    "check_in",
    metadata,
    workspace_key(),
    Column("goal_id", String, primary_key=True),
    Column("period_key", String, primary_key=True),
    moment("asked_at"),
    moment("until"),
    ForeignKeyConstraint(["workspace_id", "goal_id"], ["goal.workspace_id", "goal.goal_id"]),
)
Index("ix_check_in_asked", check_in.c.workspace_id, check_in.c.goal_id, check_in.c.asked_at)

reading = Table(
    "reading",
    metadata,
    workspace_key(),
    Column("goal_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    Column("value", Float, nullable=False),
    Column("actor_id", String, nullable=False),
    # How sure they were that it will be reached; NULL where they did not say.
    Column("confidence", String),
    # Where it came from, and its name there: each counts once.
    Column("source", String, nullable=False, server_default="hand"),
    Column("external_id", String),
    # When it came, where that is not the moment of which it is.
    moment("entered_at", nullable=True),
    # The value that it put right.
    Column("corrects", Float),
    ForeignKeyConstraint(["workspace_id", "goal_id"], ["goal.workspace_id", "goal.goal_id"]),
)

_r = reading.c
Index("ix_reading_at", _r.workspace_id, _r.goal_id, _r.at, _r.seq)
Index(
    "ix_reading_source",
    _r.workspace_id,
    _r.source,
    _r.external_id,
    sqlite_where=_r.external_id.is_not(None),
)

goal_version = Table(
    "goal_version",
    metadata,
    workspace_key(),
    Column("goal_id", String, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("title", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("baseline", Float, nullable=False),
    Column("target", Float, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    # From when on it was so, and by whom.
    moment("at"),
    Column("actor_id", String, nullable=False),
    ForeignKeyConstraint(["workspace_id", "goal_id"], ["goal.workspace_id", "goal.goal_id"]),
)

goal_closing = Table(
    "goal_closing",
    metadata,
    workspace_key(),
    Column("goal_id", String, primary_key=True),
    Column("form_id", String, nullable=False),
    Column("ending", String, nullable=False),
    Column("value", Float),
    Column("lesson", String, nullable=False),
    Column("next_goal_id", String),
    moment("at"),
    Column("actor_id", String, nullable=False),
    ForeignKeyConstraint(["workspace_id", "goal_id"], ["goal.workspace_id", "goal.goal_id"]),
)

Index(
    "ix_goal_closing_at",
    goal_closing.c.workspace_id,
    goal_closing.c.at,
    goal_closing.c.goal_id,
)
