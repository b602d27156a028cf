"""Experiments: an idea that is tried with a plan, measured, and judged on a day set beforehand
(P36, P37).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.goal import Measure, Sample
from bot.revision import Revision


class Result(StrEnum):
    """What its keepers say of an experiment once it is over; DROPPED before that: then the reason
    stands in the place of what happened.
    """

    WORKED = "worked"
    FAILED = "failed"
    UNCLEAR = "unclear"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """What is believed, how it is launched, and how it is found out whether that was right.

    `number` is the submission that was accepted as this experiment, None without one. `measure` is
    one of the desk's own, or Measure.HAND: then `measured_by` says in words what is looked at.
    `goal_id` is the goal that it serves, None where nobody named one. Its days begin in the zone
    `tz`, both included. `ask_at` is when its keepers are asked how it went, None once they were.
    The last four are None until somebody said so; `end_form` is the form that did.
    """

    experiment_id: str
    hypothesis: str
    measure: Measure
    measured_by: str
    launch: str
    evaluation: str
    first_day: date
    last_day: date
    role_id: str
    tz: str
    created_at: datetime
    created_by: str
    number: int | None = None
    goal_id: str | None = None
    ask_at: datetime | None = None
    result: Result | None = None
    happened: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    end_form: str | None = None

    @property
    def days(self) -> int:
        """How many days it runs."""
        return (self.last_day - self.first_day).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """An experiment as somebody sees it. `before` and `during` are what the desk counted in as many
    days before it and since it began, None for a measure in words. `is_over`: its last day is past.
    `may_keep`: the reader may change it and say how it went. `goal` and `role` are labels.
    `changes` are what was changed since it began, the first change first.
    """

    experiment: Experiment
    role: str
    goal: str | None = None
    before: Sample | None = None
    during: Sample | None = None
    is_over: bool = False
    may_keep: bool = False
    changes: tuple[Revision, ...] = ()
