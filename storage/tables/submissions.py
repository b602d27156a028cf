"""Submissions, their personal fields and their history."""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    and_,
    literal,
    literal_column,
)

from storage.tables.columns import Document, metadata, moment, workspace_key

submission = Table(
    "submission",
    metadata,
    workspace_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind_key", String, nullable=False),
    Column("state", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("submitter_id", String, nullable=False),
    Column("role_id", String, nullable=False),
    Column("title", String, nullable=False),
    Column("fields", Document, nullable=False),
    moment("created_at"),
    moment("updated_at"),
    moment("due_at"),
    Column("department", String),
    Column("assignee_id", String),
    Column("origin", Document),
    moment("decided_at", nullable=True),
    Column("decided_by", String),
    Column("decline_reason", String),
    Column("decline_note", String),
    moment("published_at", nullable=True),
    Column("published_by", String),
    Column("published_url", String),
    # Set once the lifecycle has ended.
    moment("ended_at", nullable=True),
    # While it is set the due time stands still: the submitter was asked.
    moment("paused_at", nullable=True),
    moment("snoozed_until", nullable=True),
    moment("scheduled_at", nullable=True),
    Column("passed_to", String),
    Column("duplicate_of", Integer),
    Column("consent", Document),
    Column("files", Document),
    Column("escalation", Integer, nullable=False, server_default="0"),
    Column("card", Integer, nullable=False, server_default="1"),
    # The goal that it serves.
    Column("goal_id", String),
    # What the desk does next by itself, and when.
    Column("timer", String),
    moment("timer_at", nullable=True),
    # What stands in it for everybody, case folded, for `/social find`.
    Column("words", String, nullable=False, server_default=""),
    Column("source_key", String, nullable=False),
    Column("origin_key", String),
    UniqueConstraint("workspace_id", "source_key"),
    UniqueConstraint("workspace_id", "origin_key"),
)

_c = submission.c
# The indexes by moment hold what measures and digests ask for besides, so that counting a year
# reads the index alone.
Index("ix_submission_created", _c.workspace_id, _c.created_at, _c.kind_key, _c.department)
Index("ix_submission_submitter", _c.workspace_id, _c.submitter_id, _c.number)
# The queue. It is ordered by the due time, not by the role: PostgreSQL would sort everything for
# `role IN (...) ORDER BY due_at` on an index that has the role first.
_is_undecided = and_(_c.decided_at.is_(None), _c.paused_at.is_(None))
Index(
    "ix_submission_undecided",
    _c.workspace_id,
    _c.due_at,
    _c.number,
    _c.role_id,
    sqlite_where=_is_undecided,
)
# What waits for an answer of its submitter.
_is_paused = and_(_c.decided_at.is_(None), _c.paused_at.is_not(None))
Index(
    "ix_submission_paused",
    _c.workspace_id,
    _c.paused_at,
    _c.number,
    _c.role_id,
    sqlite_where=_is_paused,
)
Index(
    "ix_submission_duplicates",
    _c.workspace_id,
    _c.duplicate_of,
    _c.number,
    sqlite_where=_c.duplicate_of.is_not(None),
)
Index(
    "ix_submission_timer",
    _c.timer_at,
    _c.workspace_id,
    _c.number,
    sqlite_where=_c.timer_at.is_not(None),
)
Index(
    "ix_submission_decided",
    _c.workspace_id,
    _c.decided_at,
    _c.state,
    _c.kind_key,
    _c.department,
    _c.due_at,
    _c.created_at,
    sqlite_where=_c.decided_at.is_not(None),
)
Index(
    "ix_submission_published",
    _c.workspace_id,
    _c.published_at,
    _c.number,
    _c.kind_key,
    _c.department,
    sqlite_where=_c.published_at.is_not(None),
)
# What waits to be published, in the order in which it is listed.
_is_unpublished = and_(_c.decided_at.is_not(None), _c.ended_at.is_(None))
Index(
    "ix_submission_unpublished",
    _c.workspace_id,
    _c.decided_at,
    _c.number,
    _c.role_id,
    sqlite_where=_is_unpublished,
)
# A post that somebody came from is looked for by its link.
Index(
    "ix_submission_url",
    _c.workspace_id,
    _c.published_url,
    _c.number,
    sqlite_where=_c.published_url.is_not(None),
)
Index(
    "ix_submission_ended",
    _c.workspace_id,
    _c.ended_at,
    sqlite_where=_c.ended_at.is_not(None),
)
is_won = _c.state == literal("won", literal_execute=True)
"""Shared by the index and the queries, in the same words, as with `is_active_admin`."""

Index(
    "ix_submission_won",
    _c.workspace_id,
    _c.ended_at,
    _c.department,
    sqlite_where=is_won,
)
# In the statement's text, so that a prepared one has it too.
is_lead = _c.kind_key == literal_column("'lead'")
"""As with `is_won`."""

# Few among many: without, whoever counts them goes through all that was handed in.
Index("ix_submission_leads", _c.workspace_id, _c.created_at, sqlite_where=is_lead)

submission_personal = Table(
    "submission_personal",
    metadata,
    workspace_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
    ForeignKeyConstraint(
        ["workspace_id", "number"], ["submission.workspace_id", "submission.number"]
    ),
)

history = Table(
    "history",
    metadata,
    workspace_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    Column("actor_id", String, nullable=False),
    Column("verb", String, nullable=False),
    Column("from_state", String),
    Column("to_state", String, nullable=False),
    Column("detail", Document, nullable=False),
    ForeignKeyConstraint(
        ["workspace_id", "number"], ["submission.workspace_id", "submission.number"]
    ),
)

# What owners and submitters wrote to each other. Kept apart from the history, like the personal
# fields: it can be erased without a hole in what happened.
conversation = Table(
    "conversation",
    metadata,
    workspace_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("text", String, nullable=False),
    ForeignKeyConstraint(
        ["workspace_id", "number"], ["submission.workspace_id", "submission.number"]
    ),
)

# What somebody typed into a form and did not send.
draft = Table(
    "draft",
    metadata,
    workspace_key(),
    Column("user_id", String, primary_key=True),
    Column("kind_key", String, primary_key=True),
    Column("fields", Document, nullable=False),
    moment("saved_at"),
)

Index("ix_draft_saved", draft.c.workspace_id, draft.c.saved_at)
