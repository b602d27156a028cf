"""What the sections of a digest are made of, as data; each is shown by its own view."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    """One ask; `overdue` of what waits is past its time."""

    ask: Ask
    overdue: int

    @property
    def is_news(self) -> bool:
        """An ask without news is none."""
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
