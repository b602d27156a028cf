"""What is still to be done: effects and their lanes, digests and their periods."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, UniqueConstraint, and_

from storage.tables.columns import Document, metadata, moment, workspace_key

outbox = Table(
    "outbox",
    metadata,
    workspace_key(),
    Column("lane", String, primary_key=True),
    # Counted by the lane's row, so that ids follow the order of commits within a lane.
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("target", String, nullable=False),
    Column("payload", Document, nullable=False),
    Column("parent_key", String),
    Column("collapse_key", String),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", String),
    moment("expires_at", nullable=True),
    moment("created_at"),
    moment("first_try_at", nullable=True),
    moment("last_try_at", nullable=True),
    # NULL as long as the effect is open; every closing state sets it.
    moment("done_at", nullable=True),
    # Set with the state `dead`, unless the effect died of its parent: what an admin must see.
    moment("set_aside_at", nullable=True),
    # Which trace it belongs to, where traces are kept.
    Column("trace", String),
    UniqueConstraint("workspace_id", "key"),
)

_c = outbox.c
_is_open = _c.done_at.is_(None)
_can_collapse = and_(_is_open, _c.collapse_key.is_not(None))
Index(
    "ix_outbox_open",
    _c.workspace_id,
    _c.lane,
    _c.id,
    sqlite_where=_is_open,
)
Index(
    "ix_outbox_collapse",
    _c.workspace_id,
    _c.collapse_key,
    sqlite_where=_can_collapse,
)
Index(
    "ix_outbox_parent",
    _c.workspace_id,
    _c.parent_key,
    sqlite_where=_c.parent_key.is_not(None),
)
Index(
    "ix_outbox_set_aside",
    _c.workspace_id,
    _c.set_aside_at,
    _c.lane,
    _c.id,
    sqlite_where=_c.set_aside_at.is_not(None),
)

_is_folded = _c.state == "folded"
Index(
    "ix_outbox_folded",
    _c.workspace_id,
    _c.lane,
    _c.id,
    sqlite_where=_is_folded,
)

lane = Table(
    "lane",
    metadata,
    workspace_key(),
    Column("lane", String, primary_key=True),
    Column("last_id", BigInteger, nullable=False),
    # The moment at which the lane wants attention; NULL when it has no open effect.
    moment("ready_at", nullable=True),
    moment("lease_until", nullable=True),
    Column("owner", String),
    Column("epoch", BigInteger, nullable=False, default=0),
    # No try at all before (back-off), and no post before (Slack's rate per channel).
    moment("next_at", nullable=True),
    moment("gate_at", nullable=True),
    # No message about a crowd of cards before.
    moment("crowd_at", nullable=True),
    # 0 when somebody waits for what is in it, 1 when it can come later.
    Column("rank", Integer, nullable=False, default=0, server_default="0"),
)

Index(
    "ix_lane_ready",
    lane.c.ready_at,
    lane.c.workspace_id,
    lane.c.lane,
    sqlite_where=lane.c.ready_at.is_not(None),
)

# The lanes of one workspace, for a turn of each workspace.
Index(
    "ix_lane_fair",
    lane.c.workspace_id,
    lane.c.rank,
    lane.c.ready_at,
    lane.c.lane,
    sqlite_where=lane.c.ready_at.is_not(None),
)

gate = Table(
    "gate",
    metadata,
    workspace_key(),
    Column("method_group", String, primary_key=True),
    # No call of these methods in this workspace before.
    moment("next_at"),
    # As many calls a minute from then on; NULL when Slack has not complained for a while.
    Column("per_minute", Integer),
    Column("most", Integer, nullable=False),
    moment("changed_at"),
    # Where the line of those who wait ends: of what people wait for, and of what can come later.
    moment("line_at", nullable=True),
    moment("later_at", nullable=True),
)

# What an operator did to an effect of no submission; of the others the history tells.
operator_note = Table(
    "operator_note",
    metadata,
    workspace_key(),
    Column("key", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    Column("what", String, nullable=False),
    Column("reason", String, nullable=False),
)

posting = Table(
    "posting",
    metadata,
    workspace_key(),
    Column("key", String, primary_key=True),
    Column("channel_id", String, nullable=False),
    Column("ts", String, nullable=False),
    moment("posted_at"),
)

Index("ix_posting_message", posting.c.workspace_id, posting.c.channel_id, posting.c.ts)

schedule = Table(
    "schedule",
    metadata,
    workspace_key(),
    Column("subscription_id", String, primary_key=True),
    Column("next_date", String, nullable=False),
    moment("next_at"),
)

Index("ix_schedule_due", schedule.c.next_at, schedule.c.workspace_id, schedule.c.subscription_id)

period_run = Table(
    "period_run",
    metadata,
    workspace_key(),
    Column("subscription_id", String, primary_key=True),
    Column("period_key", String, primary_key=True),
    Column("status", String, nullable=False),
    moment("due_at"),
    moment("ran_at"),
    # As far as that digest told; NULL where none was due.
    moment("counted_until", nullable=True),
)

Index(
    "ix_period_run_last",
    period_run.c.workspace_id,
    period_run.c.subscription_id,
    period_run.c.due_at,
)

inbox_seen = Table(
    "inbox_seen",
    metadata,
    workspace_key(),
    Column("event_id", String, primary_key=True),
    moment("seen_at"),
)

Index("ix_inbox_seen_at", inbox_seen.c.workspace_id, inbox_seen.c.seen_at)
