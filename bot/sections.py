"""What digests are made of: sections, and which audience reads which of them, in which order.

A new section: an entry in `Section` and in `TELLS`, the audiences that read it in `AUDIENCES`,
what it is gathered from in `bot.digest_sections.GATHERED`, and how it is shown in
`handlers.views.digest_sections.SHOWN`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Place(StrEnum):
    """Where a section stands: on the one screen of the message, or in its thread, in one of three
    messages there.
    """

    SCREEN = "screen"
    GOALS = "goals"
    WEEK = "week"
    LONG = "long"


class Section(StrEnum):
    """A section, by the name that the set-up file uses."""

    GOALS = "goals"
    GOAL_TABLE = "goal_table"
    ASKED = "asked"
    NUMBERS = "numbers"
    CONVERSIONS = "conversions"
    STORY = "story"
    PUBLISHED = "published"
    WAITING = "waiting"
    ASK = "ask"
    CONTRIBUTIONS = "contributions"
    THANKS = "thanks"
    DECISIONS = "decisions"
    WANTED = "wanted"
    BROUGHT = "brought_leads"
    RECORD = "record_decision"
    GOAL_CHART = "goal_chart"
    WEEKS = "weeks"
    LESSON = "lesson"
    TYPES = "content_types"
    STAGES = "stages"
    GIVEN = "give_and_take"
    PULSE = "pulse"
    MONTHS = "months"


TELLS: Mapping[Section, str] = {
    Section.GOALS: "the goals against their pace, those behind first",
    Section.GOAL_TABLE: "each goal with value, pace, target and who keeps it",
    Section.ASKED: "what became of the last ask",
    Section.NUMBERS: "handed in, decided, published, waiting, beside last week's",
    Section.CONVERSIONS: "what social brought, by type, and how much of it nobody can put down",
    Section.STORY: "one thing that went well, and whose it was",
    Section.PUBLISHED: "what was published, with names",
    Section.WAITING: "what waits, and on which roles",
    Section.ASK: "the one thing that would help most",
    Section.LESSON: "what failed, and what it taught",
    Section.TYPES: "which content type works, where the data carry advice",
    Section.STAGES: "which stage is starved, and what waits for it",
    Section.GIVEN: "what departments gave, and what came back",
    Section.PULSE: "how well social is integrated, once a quarter",
    Section.CONTRIBUTIONS: "what came from each department and from leaders, this week and quarter",
    Section.DECISIONS: "open decisions of the joint meeting, and what became of others",
    Section.WANTED: "what sales handed in and nobody decided yet, ideas by title",
    Section.BROUGHT: "leads of 12 weeks by how well they know us, what types brought",
    Section.RECORD: "a button that records a decision of the joint meeting",
    Section.THANKS: "thanks to those whose ideas were published",
    Section.GOAL_CHART: "the goal furthest behind as a line: actual, pace, last period",
    Section.WEEKS: "twelve weeks, and whether they rise",
    Section.MONTHS: "twelve months, and whether they rise",
}
"""What each section tells, for the documentation."""

IN_THREAD: Mapping[Section, Place] = {
    Section.GOAL_TABLE: Place.GOALS,
    Section.CONVERSIONS: Place.WEEK,
    Section.PUBLISHED: Place.WEEK,
    Section.WAITING: Place.WEEK,
    Section.CONTRIBUTIONS: Place.WEEK,
    Section.GOAL_CHART: Place.GOALS,
    Section.WEEKS: Place.LONG,
    Section.LESSON: Place.WEEK,
    Section.WANTED: Place.WEEK,
    Section.BROUGHT: Place.WEEK,
    Section.RECORD: Place.WEEK,
    Section.TYPES: Place.LONG,
    Section.STAGES: Place.LONG,
    Section.PULSE: Place.LONG,
    Section.MONTHS: Place.LONG,
}
"""What stands in the thread; all else is on the screen."""


def place_of(section: Section) -> Place:
    """Where a section stands."""
    return IN_THREAD.get(section, Place.SCREEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who reads a digest, and its sections in their order."""

    key: str
    label: str
    sections: tuple[Section, ...]


DEFAULT_AUDIENCE = "leadership"

AUDIENCES: Mapping[str, Audience] = {
    one.key: one
    for one in (
        Audience(
            key=DEFAULT_AUDIENCE,
            label="Leadership",
            sections=(
                Section.ASKED,
                Section.GOALS,
                Section.NUMBERS,
                Section.STORY,
                Section.ASK,
                Section.GOAL_TABLE,
                Section.CONVERSIONS,
                Section.PUBLISHED,
                Section.WAITING,
                Section.LESSON,
                Section.PULSE,
                Section.GOAL_CHART,
                Section.CONTRIBUTIONS,
                Section.WEEKS,
                Section.MONTHS,
            ),
        ),
        Audience(
            key="team",
            label="Social team",
            sections=(
                Section.ASKED,
                Section.GOALS,
                Section.NUMBERS,
                Section.ASK,
                Section.WAITING,
                Section.CONVERSIONS,
                Section.PUBLISHED,
                Section.GOAL_TABLE,
                Section.LESSON,
                Section.STAGES,
                Section.TYPES,
                Section.GOAL_CHART,
                Section.CONTRIBUTIONS,
                Section.WEEKS,
                Section.MONTHS,
            ),
        ),
        Audience(
            key="sales",
            label="Sales and social",
            sections=(
                Section.DECISIONS,
                Section.GOALS,
                Section.GIVEN,
                Section.STORY,
                Section.WANTED,
                Section.BROUGHT,
                Section.CONVERSIONS,
                Section.WAITING,
                Section.LESSON,
                Section.RECORD,
            ),
        ),
        Audience(
            key="company",
            label="Whole company",
            sections=(Section.THANKS, Section.STORY, Section.PUBLISHED),
        ),
    )
}
"""The audiences that every desk has; a desk may name other sections for them, and add its own."""


class Part(Protocol):
    """What was gathered for one section."""

    @property
    def is_news(self) -> bool:
        """Whether it alone is worth a digest: with no news at all none is posted."""
        ...
