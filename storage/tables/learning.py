"""What is learned together: experiments, lessons, stories, their changes, the quarterly pulse."""

from sqlalchemy import Column, Date, Index, Integer, String, Table

from storage.tables.columns import Document, metadata, moment, workspace_key

experiment = Table(
    "experiment",
    metadata,
    workspace_key(),
    Column("experiment_id", String, primary_key=True),
    # The submission that was accepted as it; NULL without one, or once that was erased.
    Column("number", Integer),
    Column("hypothesis", String, nullable=False),
    Column("measure", String, nullable=False),
    Column("measured_by", String, nullable=False),
    Column("goal_id", String),
    Column("launch", String, nullable=False),
    Column("evaluation", String, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("role_id", String, nullable=False),
    Column("tz", String, nullable=False),
    moment("created_at"),
    Column("created_by", String, nullable=False),
    # When its keepers are asked how it went; NULL once they were.
    moment("ask_at", nullable=True),
    Column("result", String),
    Column("happened", String),
    moment("ended_at", nullable=True),
    Column("ended_by", String),
    Column("end_form", String),
)

_e = experiment.c
Index(
    "ix_experiment_open",
    _e.workspace_id,
    _e.last_day,
    _e.experiment_id,
    sqlite_where=_e.ended_at.is_(None),
)
Index(
    "ix_experiment_ended",
    _e.workspace_id,
    _e.ended_at,
    _e.experiment_id,
    sqlite_where=_e.ended_at.is_not(None),
)
Index(
    "ix_experiment_ask",
    _e.ask_at,
    _e.workspace_id,
    _e.experiment_id,
    sqlite_where=_e.ask_at.is_not(None),
)
Index(
    "ix_experiment_number",
    _e.workspace_id,
    _e.number,
    sqlite_where=_e.number.is_not(None),
)

lesson = Table(
    "lesson",
    metadata,
    workspace_key(),
    Column("lesson_id", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("number", Integer),
    Column("title", String, nullable=False),
    Column("expectation", String, nullable=False),
    Column("happened", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("change", String, nullable=False),
    moment("at"),
    Column("actor_id", String, nullable=False),
    moment("changed_at", nullable=True),
    Column("changed_by", String),
    # A lesson that was taken back is kept, and never shown.
    moment("dropped_at", nullable=True),
    # All of it, case folded, to be searched.
    Column("words", String, nullable=False),
)

_l = lesson.c
Index("ix_lesson_at", _l.workspace_id, _l.at, _l.lesson_id)
Index(
    "ix_lesson_number",
    _l.workspace_id,
    _l.number,
    sqlite_where=_l.number.is_not(None),
)

story = Table(
    "story",
    metadata,
    workspace_key(),
    # A submission has one story.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("headline", String, nullable=False),
    Column("text", String, nullable=False),
    moment("told_at"),
    Column("told_by", String, nullable=False),
    moment("changed_at", nullable=True),
    Column("changed_by", String),
    # A story that was taken back is kept, and never shown.
    moment("dropped_at", nullable=True),
    Column("words", String, nullable=False),
)

_s = story.c
Index(
    "ix_story_told",
    _s.workspace_id,
    _s.told_at,
    _s.number,
    sqlite_where=_s.dropped_at.is_(None),
)

revision = Table(
    "revision",
    metadata,
    workspace_key(),
    Column("what", String, primary_key=True),
    Column("of_id", String, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    Column("actor_id", String, nullable=False),
    Column("before", Document, nullable=False),
    # The submission that its words are about, with which they are erased.
    Column("number", Integer),
)

Index(
    "ix_revision_number",
    revision.c.workspace_id,
    revision.c.number,
    sqlite_where=revision.c.number.is_not(None),
)

# One row holds a whole quarter: who has answered, as keyed hashes in the order of the hashes (the
# key is no part of the database), and how often each answer was given. Neither says when.
pulse = Table(
    "pulse",
    metadata,
    workspace_key(),
    Column("quarter", String, primary_key=True),
    # When it is asked; NULL once it was.
    moment("ask_at", nullable=True),
    Column("asked", Integer, nullable=False),
    Column("answered", Document, nullable=False),
    Column("counts", Document, nullable=False),
)

Index(
    "ix_pulse_ask",
    pulse.c.ask_at,
    pulse.c.workspace_id,
    pulse.c.quarter,
    sqlite_where=pulse.c.ask_at.is_not(None),
)
