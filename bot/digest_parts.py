"""What the sections of a digest are made of, as data; each is shown by its own view."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.ask import Asked
from bot.decision import Decision
from bot.digest_rules import Ask, Story
from bot.figures import Counts, PublishedItem, Waiting
from bot.goal import Standing
from bot.results import Line


@dataclass(frozen=True, slots=True)
class GoalsPart:
    """The goals that ran in the week, the furthest behind first; `unserved` counts what is under
    way and serves none (P21).
    """

    standings: tuple[Standing, ...]
    unserved: int = 0

    @property
    def is_news(self) -> bool:
        """A goal that runs is always told of."""
        return bool(self.standings)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersPart:
    """The week in numbers beside those of the week `before`, None when there is none. `under_way`
    counts what was accepted or passed on and is not at its end.
    """

    week: Counts
    before: Counts | None
    waiting: int
    waiting_before: int
    under_way: int

    @property
    def is_news(self) -> bool:
        """Whether anything happened."""
        return self.week != Counts()


@dataclass(frozen=True, slots=True)
class StoryPart:
    """One thing that went well."""

    story: Story

    @property
    def is_news(self) -> bool:
        """It went well in this very week."""
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPart:
    """What was published: the first of it, and how many in all. `story` is what the digest tells
    apart from it.
    """

    items: tuple[PublishedItem, ...]
    total: int
    story: Story | None = None

    @property
    def is_news(self) -> bool:
        """Whether there is any."""
        return bool(self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPart:
    """What waits for a decision, and by role id what is under way; `under_way_before` is last
    week's total.
    """

    waiting: Waiting
    under_way: Mapping[str, int]
    under_way_before: int

    @property
    def is_news(self) -> bool:
        """Whether anything waits or is under way."""
        return self.waiting.total + sum(self.under_way.values()) > 0


@dataclass(frozen=True, slots=True)
class AskPart:
    """One ask; `overdue` of what waits is past its time. `asked` is what is kept of it once the
    digest is posted: then it can be answered.
    """

    ask: Ask
    overdue: int
    asked: Asked | None = None

    @property
    def is_news(self) -> bool:
        """An ask without news is none."""
        return False


@dataclass(frozen=True, slots=True)
class AskedPart:
    """The last ask, and what became of it; `name` is who answered, `since` what can be counted of
    it by now, None where nothing can.
    """

    part: AskPart
    asked: Asked
    name: str
    since: int | None = None

    @property
    def is_news(self) -> bool:
        """Whoever answered it is told of."""
        return self.asked.reply is not None


@dataclass(frozen=True, slots=True)
class ByLeaders:
    """How much leaders handed in themselves, in the week and in the quarter (P03)."""

    week: int
    quarter: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionsPart:
    """How much was handed in, by department (None for nobody's), in the week and in the quarter in
    which it began. `leaders` is None where nobody says who they are. `over` is the quarter's name,
    "2026-Q4", once it has ended.
    """

    week: Mapping[str | None, int]
    quarter: Mapping[str | None, int]
    leaders: ByLeaders | None
    over: str | None = None

    @property
    def is_news(self) -> bool:
        """Whether anything came in the week."""
        return sum(self.week.values()) > 0


@dataclass(frozen=True, slots=True)
class DecisionsPart:
    """Decisions that are open, those of them that are overdue, and those closed in the window."""

    open: tuple[Decision, ...]
    overdue: tuple[Decision, ...]
    closed: tuple[Decision, ...]

    @property
    def is_news(self) -> bool:
        """An open decision comes back until it is closed."""
        return True


@dataclass(frozen=True, slots=True)
class ThanksPart:
    """Whose ideas were published in the week, and how many of each; `more` were published beside
    them.
    """

    people: Mapping[str, int]
    more: int

    @property
    def is_news(self) -> bool:
        """There is always somebody to thank."""
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalChartPart:
    """One goal from week to week: the days, its values (None before it was known), where pace was,
    and the period before it at the same distance from its begin; empty without one.
    """

    standing: Standing
    days: tuple[date, ...]
    values: tuple[float | None, ...]
    pace: tuple[float, ...]
    before: tuple[float | None, ...] = ()

    @property
    def is_news(self) -> bool:
        """The goal's own line is."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsPart:
    """What was handed in and published month by month, oldest first; the last as far as it goes."""

    first_days: tuple[date, ...]
    handed_in: tuple[int, ...]
    published: tuple[int, ...]

    @property
    def is_news(self) -> bool:
        """The past alone is none."""
        return False


@dataclass(frozen=True, slots=True)
class WeeksPart:
    """The counts of the weeks that end with this one, oldest first, with their local first days as
    ISO dates.
    """

    weeks: tuple[Counts, ...]
    starts: tuple[str, ...]

    @property
    def is_news(self) -> bool:
        """The past alone is none."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionsPart:
    """The conversions of the week by type, beside the week before. Of all of them `unknown` can't
    be put down to any platform, by the lens that knows most.
    """

    lines: tuple[Line, ...]
    total: int
    unknown: int

    @property
    def is_news(self) -> bool:
        """Whether anybody did anything."""
        return self.total > 0
