"""The tables. `workspace_id` leads every key and every index, but for the two that look for what
is due in any workspace.
"""

from storage.tables.access import access_log
from storage.tables.asks import ask
from storage.tables.columns import metadata
from storage.tables.conversions import (
    budget_before,
    conversion,
    conversion_count,
    conversion_touch,
    landing,
    marketing_budget,
    phrase,
    spend,
    uncounted,
)
from storage.tables.decisions import decision
from storage.tables.delivery import (
    gate,
    inbox_seen,
    lane,
    operator_note,
    outbox,
    period_run,
    posting,
    schedule,
)
from storage.tables.desk import (
    channel,
    department,
    desk_admin,
    is_active_admin,
    member,
    role,
    role_holder,
    routing_rule,
    subscription,
    workspace,
)
from storage.tables.digests import (
    digest_press,
    digest_reach,
    digest_state,
    own_digest,
    plain_charts,
    taken_digest,
)
from storage.tables.goals import check_in, goal, goal_closing, goal_version, objective, reading
from storage.tables.hooks import hook, hook_seen
from storage.tables.installations import installation
from storage.tables.learning import experiment, lesson, pulse, revision, story
from storage.tables.naming import naming
from storage.tables.submissions import (
    conversation,
    draft,
    history,
    is_lead,
    submission,
    submission_personal,
)

__all__ = [
    "access_log",
    "ask",
    "budget_before",
    "channel",
    "check_in",
    "conversation",
    "conversion",
    "conversion_count",
    "conversion_touch",
    "decision",
    "department",
    "desk_admin",
    "digest_press",
    "digest_reach",
    "digest_state",
    "draft",
    "experiment",
    "gate",
    "goal",
    "goal_closing",
    "goal_version",
    "history",
    "hook",
    "hook_seen",
    "inbox_seen",
    "installation",
    "is_active_admin",
    "is_lead",
    "landing",
    "lane",
    "lesson",
    "marketing_budget",
    "member",
    "metadata",
    "naming",
    "objective",
    "operator_note",
    "outbox",
    "own_digest",
    "period_run",
    "phrase",
    "plain_charts",
    "posting",
    "pulse",
    "reading",
    "revision",
    "role",
    "role_holder",
    "routing_rule",
    "schedule",
    "spend",
    "story",
    "submission",
    "submission_personal",
    "subscription",
    "taken_digest",
    "uncounted",
    "workspace",
]
