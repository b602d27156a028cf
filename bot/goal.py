"""Objectives, the goals that serve them, and the readings of how a goal stands, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.outlook import Outlook
from bot.pace import Course, Verdict, expected, gap, verdict
from bot.rhythm import Rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What the business wants; goals hang on it (P19). `department` is None for the whole company's
    (P18); a department's may hang on one of the company's, `parent_id`.
    """

    objective_id: str
    title: str
    department: str | None = None
    parent_id: str | None = None


class Measure(StrEnum):
    """Where a goal's value comes from: people's readings, or what the desk counts itself."""

    HAND = "hand"
    HANDED_IN = "handed_in"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    LEADS_WON = "leads_won"
    IN_TIME = "in_time"
    TIME_TO_DECISION = "time_to_decision"
    CONVERSIONS = "conversions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a measure is. `unit` is None where people name it. `is_count`: counted from nothing
    within the goal's period; the others are levels, which have a baseline. `by_kind` and
    `by_department`: whether it can be narrowed down. `by_type`: it counts one type of conversions,
    whose key a goal keeps in the place of the kind.
    """

    label: str
    unit: str | None = None
    is_count: bool = False
    by_kind: bool = False
    by_department: bool = False
    by_type: bool = False


MEASURES: Mapping[Measure, Meaning] = {
    Measure.HAND: Meaning(label="Entered by hand"),
    Measure.HANDED_IN: Meaning(
        label="Handed in", unit="handed in", is_count=True, by_kind=True, by_department=True
    ),
    Measure.ACCEPTED: Meaning(
        label="Accepted or passed on",
        unit="accepted",
        is_count=True,
        by_kind=True,
        by_department=True,
    ),
    Measure.PUBLISHED: Meaning(
        label="Published", unit="published", is_count=True, by_kind=True, by_department=True
    ),
    Measure.LEADS_WON: Meaning(
        label="Leads won", unit="leads won", is_count=True, by_department=True
    ),
    Measure.IN_TIME: Meaning(label="Decided in time, in %", unit="%", by_kind=True),
    Measure.TIME_TO_DECISION: Meaning(
        label="Median hours until a decision", unit="hours", by_kind=True
    ),
    Measure.CONVERSIONS: Meaning(
        label="Conversions", unit="conversions", is_count=True, by_type=True
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What is to be reached by when, for an objective, kept by a role.

    `customer_objective` is what it helps customers with, `stage` the step of their way that it is
    for (a value of `bot.choices.STAGES`, P21), `next_step` what they do after it (P22).
    `goal_id` comes from the form that set it. `tz` is the zone in which its days begin. `outcome`
    is what the goal brings in money, told and never aimed at (P20). Every change is a new
    `version`; a goal that was dropped is kept and not shown. `ask_at` is when its keepers are asked
    what became of it, None once they were.

    `rhythm` says how often its keepers are asked where it stands, `check_at` when the desk looks
    after that next: it asks then if there is a `check_until`, which is when the question closes.
    `stale_at` is since when nobody has answered three times in a row.
    """

    goal_id: str
    objective_id: str
    title: str
    unit: str
    course: Course
    role_id: str
    tz: str
    created_at: datetime
    created_by: str
    measure: Measure = Measure.HAND
    kind_key: str | None = None
    department: str | None = None
    outcome: str | None = None
    customer_objective: str | None = None
    stage: str | None = None
    next_step: str | None = None
    version: int = 1
    changed_at: datetime | None = None
    changed_by: str | None = None
    dropped_at: datetime | None = None
    ask_at: datetime | None = None
    rhythm: Rhythm = Rhythm.DIGEST
    check_at: datetime | None = None
    check_until: datetime | None = None
    stale_at: datetime | None = None

    @property
    def is_by_hand(self) -> bool:
        """Whether people enter its readings."""
        return self.measure is Measure.HAND


class Confidence(StrEnum):
    """How sure a goal's keeper is that it will be reached."""

    SURE = "sure"
    UNSURE = "unsure"
    DOUBTFUL = "doubtful"


class ReadingSource(StrEnum):
    """Where a reading came from."""

    HAND = "hand"
    CHECK_IN = "check_in"
    FILE = "file"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A goal's value at a time, entered by somebody, who may say how sure they are that it will be
    reached. `seq` counts from 1 within the goal.

    `at` is the moment of which it is, `entered_at` when it came, None where that is the same.
    `external_id` is its name where it came from: once per source. `corrects` is the value that was
    there for the same day, None where there was none.
    """

    goal_id: str
    seq: int
    at: datetime
    value: float
    actor_id: str
    confidence: Confidence | None = None
    source: ReadingSource = ReadingSource.HAND
    external_id: str | None = None
    entered_at: datetime | None = None
    corrects: float | None = None

    @property
    def came_at(self) -> datetime:
        """When it came."""
        return self.entered_at or self.at

    @property
    def hook_id(self) -> str | None:
        """The webhook through which it came, None for another way."""
        if self.source is not ReadingSource.WEBHOOK or not self.external_id:
            return None
        return self.external_id.partition(":")[0]


class Ending(StrEnum):
    """What a goal's keepers say became of it when its period was over (P43)."""

    REACHED = "reached"
    PARTLY = "partly"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The end of a goal: where it stood, what its keepers say of it, what they learned, and the
    goal that it was rolled over into, None where it ends. `form_id` is the form that said so.
    """

    goal_id: str
    form_id: str
    ending: Ending
    value: float | None
    lesson: str
    next_goal_id: str | None
    at: datetime
    actor_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A question to the desk's own records about the span [since, until)."""

    measure: Measure
    since: datetime
    until: datetime
    kind_key: str | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The answer, None when there was nothing to measure, and of how many submissions it is."""

    value: float | None
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WonLead:
    """A lead that was won, without what it is about: that is personal."""

    number: int
    submitter_id: str
    department: str | None
    created_at: datetime
    ended_at: datetime


_OPEN = frozenset({Verdict.UNKNOWN, Verdict.BEHIND, Verdict.ON_PACE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a goal stands when the day `on` begins.

    `value` is None while nobody knows it. `size` is of how many submissions a measured value is;
    `reading` is the newest that people entered, for a goal that is kept by hand. `role` is the
    label of who keeps it; `may_keep`: the reader may enter readings and change it. `closing` is
    what its keepers said when it had ended, None until then. `outlook` is where its count will end,
    None where that says nothing or nobody asked. `parent` is the company's objective on which its
    own hangs, if one does.
    """

    goal: Goal
    on: date
    value: float | None
    size: int = 0
    reading: Reading | None = None
    objective: Objective
    role: str
    may_keep: bool = False
    closing: Closing | None = None
    outlook: Outlook | None = None
    parent: Objective | None = None

    @property
    def verdict(self) -> Verdict:
        """On pace, behind, reached, or nothing to say yet. What nobody keeps up to date is stale,
        whatever its last number said.
        """
        found = verdict(self.goal.course, self.value, self.on)
        is_stale = self.goal.stale_at is not None and self.closing is None
        return Verdict.STALE if is_stale and found in _OPEN else found

    @property
    def expected(self) -> float:
        """Where linear pace is."""
        return expected(self.goal.course, self.on)

    @property
    def gap(self) -> float:
        """How far it is behind linear pace, as a share of the whole way; 0 while nobody knows."""
        return 0.0 if self.value is None else gap(self.goal.course, self.value, self.on)
