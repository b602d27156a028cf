"""The first line of a digest: the answer to whether all is well, from what its sections hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.ask import FINAL
from bot.digest_parts import AskPart, GoalsPart, NumbersPart, PublishedPart, ThanksPart
from bot.goal import Standing
from bot.pace import Verdict
from bot.sections import Part, Section

P = TypeVar("P")

WELL = frozenset({Verdict.ON_PACE, Verdict.REACHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the first line says. Of `goals` that run so many are `well`: on pace or reached;
    `behind` is the one furthest behind, `unread` of them nobody has read, `missed` ended short.
    `asks` is how many decisions are needed. Where no goal is told of: how much happened.
    """

    goals: int = 0
    well: int = 0
    behind: Standing | None = None
    unread: int = 0
    missed: int = 0
    asks: int = 0
    handed_in: int | None = None
    published: int | None = None
    waiting: int | None = None


def answer_of(parts: Mapping[Section, Part]) -> Answer:
    """The answer that these parts give; nothing is read for it."""
    goals = _only(parts, GoalsPart)
    numbers = _only(parts, NumbersPart)
    published = _only(parts, PublishedPart)
    thanks = _only(parts, ThanksPart)
    standings = goals.standings if goals else ()
    verdicts = [one.verdict for one in standings]
    behind = [one for one in standings if one.verdict is Verdict.BEHIND]
    missed = verdicts.count(Verdict.MISSED)
    ask = _only(parts, AskPart)
    told = numbers.week.published if numbers else None
    if told is None and thanks is not None:
        told = sum(thanks.people.values()) + thanks.more
    return Answer(
        goals=len(standings) - missed,
        well=sum(verdict in WELL for verdict in verdicts),
        behind=max(behind, key=lambda one: one.gap, default=None),
        unread=verdicts.count(Verdict.UNKNOWN) + verdicts.count(Verdict.STALE),
        missed=missed,
        asks=int(ask is not None and not (ask.asked and ask.asked.reply in FINAL)),
        handed_in=numbers.week.handed_in if numbers else None,
        published=published.total if published and told is None else told,
        waiting=numbers.waiting if numbers else None,
    )


def _only(parts: Mapping[Section, Part], kind: type[P]) -> P | None:
    return next((one for one in parts.values() if isinstance(one, kind)), None)
