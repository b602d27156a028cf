"""When Slack may be called again in a workspace, once it said that it was called too often.

Its limits hold per method, workspace and app (https://docs.slack.dev/apis/web-api/rate-limits), so
one 429 holds back every lane of the workspace that needs the same method, in all processes. How
much is posted in all is not published ("several hundred a minute"): nothing is held back before
Slack says so. From then on the workspace keeps a pace: each further 429 halves it, each quiet
minute adds to it, until it is twice what it began with and the gate stands open again.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.outbox import IDEMPOTENT, UPDATING, Effect, EffectKind, Limited, MethodGroup

QUIET = timedelta(minutes=1)
QUIET_CALLS = 5
"""After a quiet minute the pace grows; where that is fewer calls than these, after so many."""

STEPS = 12
"""In so many steps a pace grows from nothing to its end."""


STARTS = {
    MethodGroup.UPDATE: 40,
    MethodGroup.HOME: 80,
    MethodGroup.FILES: 80,
    MethodGroup.DMS: 40,
}
"""The pace to begin with, calls a minute, a little less than the method's tier. What is not here
goes by how long Slack wants us to wait: reading back may be one call a minute
(https://docs.slack.dev/apis/web-api/rate-limits, apps that are sold outside the Marketplace).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """No call before `next_at`, then `per_minute` of them; as many as there are when that is None.

    `most` is where the pace ends. `changed_at`: when it last shrank or grew. The two lines say when
    the next who has to wait has its turn: of what somebody waits for, and of all else, behind it.
    """

    next_at: datetime
    per_minute: int | None
    most: int
    changed_at: datetime
    line_at: datetime | None = None
    later_at: datetime | None = None

    @property
    def interval(self) -> timedelta:
        """The time from one call to the next."""
        return timedelta(minutes=1) / self.per_minute if self.per_minute else timedelta()


def start_of(group: MethodGroup, after: timedelta, posts_per_minute: int) -> int:
    """The pace to begin with when Slack wants to be left alone for `after`."""
    if group is MethodGroup.POST:
        return posts_per_minute
    return STARTS.get(group) or max(1, int(timedelta(minutes=1) / after))


def needed(effect: Effect, *, was_tried: bool) -> frozenset[MethodGroup]:
    """Whose gates a try of this effect has to pass; `was_tried`: it looks first."""
    if effect.kind is EffectKind.HOME:
        return frozenset({MethodGroup.HOME})
    if effect.kind is EffectKind.SHEET_END:
        return frozenset({MethodGroup.FILES, MethodGroup.UPDATE})
    if effect.kind in UPDATING:
        return frozenset({MethodGroup.UPDATE})
    is_file = effect.kind in {EffectKind.FILE, EffectKind.PAPER, EffectKind.UNFILE}
    groups = {MethodGroup.FILES if is_file else MethodGroup.POST}
    if effect.kind is EffectKind.SHEET:
        groups.add(MethodGroup.FILES)
    if effect.parent_key is None and effect.target.startswith(("U", "W")):
        groups.add(MethodGroup.DMS)
    if was_tried and effect.kind not in IDEMPOTENT:
        is_reply = effect.parent_key is not None
        groups.add(MethodGroup.REPLIES if is_reply else MethodGroup.HISTORY)
    return frozenset(groups)


def closed(gate: Gate | None, limited: Limited, now: datetime) -> Gate:
    """The gate after Slack said 429. Calls that were under way together count as one."""
    if gate is None or gate.per_minute is None:
        until = limited.until if gate is None else max(gate.next_at, limited.until)
        pace = limited.per_minute
        return Gate(next_at=until, per_minute=pace, most=2 * pace, changed_at=now)
    until = max(gate.next_at, limited.until)
    if limited.tried_at <= gate.changed_at:
        return replace(gate, next_at=until)
    pace = max(1, gate.per_minute // 2)
    return replace(gate, next_at=until, per_minute=pace, changed_at=now)


def passed(gate: Gate, now: datetime) -> Gate:
    """The gate after one call went through, after `next_at`.

    A call that comes a little late costs the next one nothing, as long as it is not late by more
    than one interval.
    """
    next_at = max(gate.next_at, now - gate.interval) + gate.interval
    return replace(grown(gate, now), next_at=next_at)


def grown(gate: Gate, now: datetime) -> Gate:
    """The gate with what quiet times added to its pace; open when that is enough."""
    if gate.per_minute is None:
        return gate
    quiet = max(QUIET, QUIET_CALLS * gate.interval)
    times = (now - gate.changed_at) // quiet
    if times < 1:
        return gate
    pace = gate.per_minute + times * max(1, gate.most // STEPS)
    return replace(
        gate,
        per_minute=None if pace >= gate.most else pace,
        changed_at=gate.changed_at + times * quiet,
    )


def lined_up(gate: Gate, *, is_urgent: bool) -> tuple[datetime, Gate]:
    """When somebody's turn is who found the gate closed, and the gate with them in line.

    A turn is a guess that keeps a crowd from coming all at once; who comes first passes.
    """
    at = max(gate.next_at, gate.line_at or gate.next_at)
    if is_urgent:
        return at, replace(gate, line_at=at + gate.interval)
    at = max(at, gate.later_at or at)
    return at, replace(gate, later_at=at + gate.interval)
