"""The sections of a digest that are about learning: what they show, and how it is gathered."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from bot.content_types import Ranking, see_content_types
from bot.digest_sources import Sources
from bot.funnel import Funnel, see_funnel
from bot.give_and_take import GivenWeek
from bot.lesson import Lesson
from bot.lessons import learned_between
from bot.pulse import MARGIN, Pulse, end_of, is_shown
from bot.sections import Part

QUARTERS = 3
"""How many of the newest quarters are looked at: the last one, one before it, one to come."""


@dataclass(frozen=True, slots=True)
class LessonPart:
    """The newest lesson of the week; `more` were written beside it."""

    lesson: Lesson
    more: int = 0

    @property
    def is_news(self) -> bool:
        """It was learned in this very week."""
        return True


@dataclass(frozen=True, slots=True)
class TypesPart:
    """Content types, some of them with advice."""

    ranking: Ranking

    @property
    def is_news(self) -> bool:
        """Half a year of posts is none."""
        return False


@dataclass(frozen=True, slots=True)
class StagesPart:
    """The stages, one of them starved."""

    funnel: Funnel

    @property
    def is_news(self) -> bool:
        """A quarter of posts is none."""
        return False


@dataclass(frozen=True, slots=True)
class GivenPart:
    """What departments gave in the week, and what came back."""

    week: GivenWeek

    @property
    def is_news(self) -> bool:
        """Whether anything went either way."""
        return bool(self.week.departments)


@dataclass(frozen=True, slots=True)
class PulsePart:
    """The quarter that ended in the week, and the one before it, if that may be shown."""

    shown: tuple[Pulse, ...]

    @property
    def is_news(self) -> bool:
        """It is told once a quarter."""
        return True


def lesson(found: Sources) -> Part | None:
    """The newest lesson; goals tell theirs themselves."""
    told = learned_between(found.tx, found.this.since, found.this.until, found.now)
    return LessonPart(told[0], len(told) - 1) if told else None


def types(found: Sources) -> Part | None:
    """Only where there is something to do."""
    ranking = see_content_types(found.tx, None, found.at)
    return TypesPart(ranking) if any(one.advice for one in ranking.ranked) else None


def stages(found: Sources) -> Part | None:
    """Only where one is starved."""
    funnel = see_funnel(found.tx, None, found.at)
    return StagesPart(funnel) if funnel.starved else None


def given(found: Sources) -> Part | None:
    """The week, by department."""
    counted = found.tx.insights.given(found.this.since, found.this.until)
    return GivenPart(GivenWeek(found.this.first_day, counted)) if counted else None


def pulse(found: Sources) -> Part | None:
    """The quarter whose numbers can be seen since this week."""
    newest = found.tx.pulses.newest(limit=QUARTERS)
    shown = tuple(one for one in newest if one.ask_at is None and is_shown(one, found.at))
    if not shown or not found.this.since <= _shown_at(shown[0].quarter) < found.this.until:
        return None
    return PulsePart(shown[:2])


def _shown_at(quarter: str) -> datetime:
    return datetime.combine(end_of(quarter), time.min, UTC) + MARGIN
