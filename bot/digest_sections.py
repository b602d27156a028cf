"""How each section of a digest is gathered; what an audience does not read costs nothing."""

from collections.abc import Callable, Mapping

from bot import digest_asks, digest_brief, digest_learning
from bot.conversion import Dimension, Lens, types_of
from bot.decisions import OPEN_SHOWN
from bot.digest_long import contributions, goal_chart, months, thanks
from bot.digest_parts import (
    ConversionsPart,
    DecisionsPart,
    GoalsPart,
    NumbersPart,
    PublishedPart,
    StoryPart,
    WaitingPart,
    WeeksPart,
)
from bot.digest_rules import Story
from bot.digest_sources import Sources
from bot.periods import local_date
from bot.results import lines_of
from bot.sections import Part, Place, Section, place_of
from bot.story import Told

HANDS_ON = frozenset({"team", "sales"})
"""Audiences that do the work themselves: what only leaders can give is not asked of them."""


def _goals(found: Sources) -> Part | None:
    if not found.goals:
        return None
    return GoalsPart(found.goals, found.unserved)


def _numbers(found: Sources) -> Part | None:
    return NumbersPart(
        week=found.newest[-1],
        before=found.newest[-2] if len(found.newest) > 1 else None,
        waiting=found.waiting.total,
        waiting_before=found.waiting_before,
        under_way=sum(found.under_way.values()),
    )


def _conversions(found: Sources) -> Part | None:
    types = types_of(found.desk.conversion_types)
    lines = lines_of(
        found.tx,
        tuple(types.values()),
        found.this.since,
        found.this.until,
        before=found.weeks[-2].since if len(found.weeks) > 1 else None,
    )
    if not lines:
        return None
    total = sum(line.now.count for line in lines)
    known = dict.fromkeys(Lens, 0)
    counted = found.tx.conversions.credits(Dimension.PLATFORM, found.this.since, found.this.until)
    for credit in counted:
        if credit.key is None:
            known[credit.lens] += credit.count
    return ConversionsPart(lines=lines, total=total, unknown=total - max(known.values()))


def _story(found: Sources) -> Part | None:
    return None if found.story is None else StoryPart(found.story)


def _published(found: Sources) -> Part | None:
    if not found.published:
        return None
    return PublishedPart(
        items=found.published,
        total=max(found.newest[-1].published, len(found.published)),
        story=_told_apart(found) if Section.STORY in found.audience.sections else None,
    )


def _told_apart(found: Sources) -> Story | None:
    """The story, as an item of what was published where it is one."""
    story = found.story
    if not isinstance(story, Told):
        return story
    number = story.submission.number
    return next((item for item in found.published if item.number == number), None)


def _waiting(found: Sources) -> Part | None:
    before = found.tx.figures.unpublished(found.this.since)
    part = WaitingPart(
        waiting=found.waiting,
        under_way=found.under_way,
        under_way_before=sum(before.values()),
    )
    return part if part.is_news or part.under_way_before else None


def _decisions(found: Sources) -> Part | None:
    opened = found.tx.decisions.open(limit=OPEN_SHOWN)
    closed = found.tx.decisions.closed_between(found.this.since, found.this.until)
    if not opened and not closed:
        return None
    today = local_date(found.at, found.tz)
    overdue = tuple(one for one in opened if one.due is not None and one.due < today)
    return DecisionsPart(opened, overdue, closed)


def _weeks(found: Sources) -> Part | None:
    starts = tuple(week.first_day.isoformat() for week in found.weeks)
    return WeeksPart(found.counts, starts)


GATHERED: Mapping[Section, Callable[[Sources], Part | None]] = {
    Section.GOALS: _goals,
    Section.GOAL_TABLE: _goals,
    Section.NUMBERS: _numbers,
    Section.CONVERSIONS: _conversions,
    Section.STORY: _story,
    Section.PUBLISHED: _published,
    Section.WAITING: _waiting,
    Section.ASK: digest_asks.ask,
    Section.ASKED: digest_asks.asked,
    Section.CONTRIBUTIONS: contributions,
    Section.THANKS: thanks,
    Section.DECISIONS: _decisions,
    Section.WANTED: digest_brief.wanted,
    Section.BROUGHT: digest_brief.brought,
    Section.RECORD: digest_brief.record,
    Section.GOAL_CHART: goal_chart,
    Section.WEEKS: _weeks,
    Section.LESSON: digest_learning.lesson,
    Section.TYPES: digest_learning.types,
    Section.STAGES: digest_learning.stages,
    Section.GIVEN: digest_learning.given,
    Section.PULSE: digest_learning.pulse,
    Section.MONTHS: months,
}
"""None where a section has nothing to show."""


def gather_sections(found: Sources, place: Place | None = None) -> Mapping[Section, Part]:
    """What the sections of the digest's audience show, in their order; those of one place, or all
    when that is left out.
    """
    wanted = [one for one in found.audience.sections if place in {None, place_of(one)}]
    parts = ((section, GATHERED[section](found)) for section in wanted)
    return {section: part for section, part in parts if part is not None}
