"""A digest's goals, its one story and its one ask, in words."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.digest_parts import GoalsPart, StoryPart
from bot.digest_rules import Story
from bot.figures import PublishedItem
from bot.kinds import KINDS
from bot.material import DigestMaterial
from bot.story import Told
from bot.text import one_line
from handlers.views import digest_learning
from handlers.views.chart import cells
from handlers.views.drawn import Drawn
from handlers.views.goal_lines import judgement, line, lines_of, number
from handlers.views.serving import serve_none
from handlers.views.text import inline, isolate, link, plural, user

GOALS_SHOWN = 3
GOALS_IN_TABLE = 20
HEAD = ("Goal", "How", "Now", "Pace", "Target", "Unit", "Kept by")
NUMBERS_FROM = frozenset({2, 3, 4})
"""The columns that are aligned at the right."""


def goal_lines(part: GoalsPart, _material: DigestMaterial) -> Iterator[str]:
    """The goals against target and linear pace, those behind first."""
    yield "\n".join(["*Goals against linear pace*", *lines_of(part.standings, GOALS_SHOWN)])


def goal_table(part: GoalsPart, _material: DigestMaterial) -> Iterator[Drawn | str]:
    """A row for each goal, in words a line for each; and how much serves none."""
    shown = part.standings[:GOALS_IN_TABLE]
    rows = [
        [
            isolate(one_line(one.goal.title)),
            judgement(one),
            "–" if one.value is None else number(one.value),
            number(one.expected),
            number(one.goal.course.target),
            one.goal.unit,
            one.role,
        ]
        for one in shown
    ]
    words = tuple(f"{line(one)} ({inline(one.role, 60)})" for one in shown)
    rest = len(part.standings) - len(shown)
    more = (f"and {rest} more",) if rest else ()
    yield Drawn((*words, *more), cells(HEAD, rows, NUMBERS_FROM))
    if part.unserved:
        yield serve_none(part.unserved)


def story(part: StoryPart, material: DigestMaterial) -> Iterator[str]:
    """One thing that went well: whose it was, and how long it took."""
    yield f"*Story of the {material.span}:* {_story(part.story, material.tz)}"


def _story(told: Story, tz: str) -> str:
    if isinstance(told, Told):
        return digest_learning.told(told)
    if isinstance(told, PublishedItem):
        days = _days(told.created_at, told.published_at, tz)
        return f"{published(told)}, live {days}."
    whose = f"{user(told.submitter_id)}{_of(told.department)}"
    days = _days(told.created_at, told.ended_at, tz)
    return f"lead {told.number}, handed in by {whose}, was won {days}."


def published(item: PublishedItem) -> str:
    """Something published, with its link and whose idea it was."""
    title = inline(item.title, 120) or f"{KINDS[item.kind_key].label} {item.number}"
    shown = link(item.url, title, limit=300) if item.url else title
    return f"{shown}, from {user(item.submitter_id)}{_of(item.department)}"


def _of(department: str | None) -> str:
    return f", {inline(department, 60)}" if department else ""


def _days(since: datetime, until: datetime, tz: str) -> str:
    zone = ZoneInfo(tz)
    count = (until.astimezone(zone).date() - since.astimezone(zone).date()).days
    return f"after {plural(count, 'day', 'days')}" if count else "the same day"
