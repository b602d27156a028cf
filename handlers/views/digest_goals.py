"""A digest's goals, its one story and its one ask, in words."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.digest_parts import AskPart, GoalsPart, StoryPart
from bot.digest_rules import Ask, AskKind, Story
from bot.figures import PublishedItem
from bot.goal import Goal, Standing
from bot.kinds import KINDS
from bot.material import DigestMaterial
from bot.story import Told
from bot.text import one_line
from handlers.views import digest_learning
from handlers.views.chart import cells
from handlers.views.drawn import Drawn
from handlers.views.goal_lines import judgement, line, lines_of, number
from handlers.views.serving import serve_none
from handlers.views.text import day, inline, isolate, link, plural, user

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


def ask_words(part: AskPart, material: DigestMaterial) -> str:
    """What would help most, as the end of a sentence."""
    asked = part.ask
    if asked.standing is not None:
        return _for_goal(part, asked.standing, material)
    match asked.kind:
        case AskKind.DECIDE:
            return f"{_decide(part, material)}."
        case AskKind.PUBLISH:
            return f"{_publish(asked, material)}."
        case AskKind.CAPACITY:
            return f"{_capacity(part, material)}."
        case _:
            return "name the one result that social is to reach next, and set it as a goal."


def _for_goal(part: AskPart, standing: Standing, material: DigestMaterial) -> str:
    asked = part.ask
    goal = standing.goal
    named = f"“{inline(goal.title, 80)}”"
    match asked.kind:
        case AskKind.HAND_IN:
            said = f"{_more(goal, asked.count)} would bring {named} back on pace. Who has one?"
        case AskKind.INTRODUCE | AskKind.CONTRIBUTE | AskKind.CAPACITY:
            said = f"{_of_leaders(part, material)}: {named} is behind."
        case AskKind.DECIDE:
            said = f"{_decide(part, material)}: {named} is behind."
        case AskKind.PUBLISH:
            said = f"{_publish(asked, material)}: {named} is behind."
        case AskKind.FOLLOW_LEADS:
            said = f"whoever took over a lead, tell how it stands: {named} is behind."
        case AskKind.READ_GOAL:
            said = f"{_to(asked, material)}enter where {named} stands, {_last(standing, material)}."
        case _:
            missing = f"{number(_missing(standing))} {inline(goal.unit, 25)}"
            said = f"an idea that moves {named} on: {missing} behind."
    return said


def _missing(standing: Standing) -> float:
    """As the goal's line shows it: the value beside the pace."""
    return abs(standing.expected - (standing.value or 0))


def _to(asked: Ask, material: DigestMaterial) -> str:
    role = material.roles.get(asked.role_id or "", asked.role_id or "")
    return f"{inline(role, 60)}, please " if role else "please "


def _decide(part: AskPart, material: DigestMaterial) -> str:
    asked = part.ask
    if part.overdue:
        those = _those(asked.count, "is overdue", "are overdue")
    else:
        those = _those(asked.count, "waits", "wait")
    return f"{_to(asked, material)}decide {those}"


def _of_leaders(part: AskPart, material: DigestMaterial) -> str:
    match part.ask.kind:
        case AskKind.INTRODUCE:
            those = plural(part.ask.count, "customer", "customers")
            return f"introduce {those} who would speak for us"
        case AskKind.CONTRIBUTE:
            return "hand in a story of your own, since none came from leaders this quarter"
        case _:
            return _capacity(part, material)


def _capacity(part: AskPart, material: DigestMaterial) -> str:
    role_id = part.ask.role_id or ""
    role = inline(material.roles.get(role_id, role_id), 60) or "those who decide"
    wait = plural(part.ask.count, "thing waits", "things wait")
    return f"free some hours for {role}: {wait} for a decision, more than a week's work"


def _publish(asked: Ask, material: DigestMaterial) -> str:
    those = _those(asked.count, "was accepted", "were accepted")
    return f"{_to(asked, material)}publish {those}"


def _last(standing: Standing, material: DigestMaterial) -> str:
    if standing.reading is None:
        return "which nobody has done yet"
    at = standing.reading.at.astimezone(ZoneInfo(material.tz))
    return f"last done {day(at.date(), with_year=False)}"


def _those(count: int, one: str, many: str) -> str:
    return f"the one that {one}" if count == 1 else f"the {count} that {many}"


def _more(goal: Goal, count: int) -> str:
    """How many more are missing, of which kind, from whom: "3 more testimonials from Sales"."""
    label = KINDS[goal.kind_key].label.lower() if goal.kind_key else "submission"
    of = f" from {inline(goal.department, 60)}" if goal.department else ""
    return f"{plural(count, f'more {label}', f'more {label}s')}{of}"
