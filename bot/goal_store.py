"""What the core asks the storage about goals."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol

from bot.check_in import CheckIn
from bot.goal import (
    Closing,
    Goal,
    Measured,
    Objective,
    Reading,
    ReadingSource,
    Sample,
    WonLead,
)
from bot.goal_version import GoalVersion


class GoalStore(Protocol):
    """Objectives, goals and their readings."""

    def objectives(self) -> tuple[Objective, ...]:
        """All of them, by title."""
        ...

    def add_objective(self, objective: Objective, now: datetime) -> Objective:
        """Store a new objective; one with the same title and department (case aside) is returned
        instead.
        """
        ...

    def hang(self, objective_id: str, parent_id: str | None) -> None:
        """Hang an objective on another one, or on none."""
        ...

    def get(self, goal_id: str) -> Goal | None: ...

    def titles(self, goal_ids: Iterable[str]) -> Mapping[str, str]:
        """What goals are called, by id."""
        ...

    def add(self, goal: Goal) -> bool:
        """Store a new goal; False when its id is taken: the same form, sent twice."""
        ...

    def update(self, goal: Goal, *, expected_version: int) -> bool:
        """Write the changed goal if the stored version is still `expected_version`."""
        ...

    def add_version(self, version: GoalVersion) -> bool:
        """Keep what a goal is from now on; False when that is known."""
        ...

    def versions(self, goal_ids: Iterable[str]) -> tuple[GoalVersion, ...]:
        """What these goals have been, the oldest first; nothing of what was before this was
        kept.
        """
        ...

    def live(self, on: date) -> tuple[Goal, ...]:
        """The goals whose last day is `on` or later, first ending first."""
        ...

    def ended(self, on: date, *, limit: int) -> tuple[Goal, ...]:
        """The goals whose last day lies before `on`, the newest first."""
        ...

    def add_reading(self, reading: Reading) -> bool:
        """Store a reading; False when its `seq` or its external id is taken: somebody was
        quicker.
        """
        ...

    def newest_readings(self, goal_ids: Iterable[str], by: datetime) -> Mapping[str, Reading]:
        """The reading of each goal that is of the latest moment up to `by`; of several for one
        moment the one that came last.
        """
        ...

    def trail(self, goal_id: str, *, limit: int) -> tuple[Reading, ...]:
        """The readings that came last, the newest first."""
        ...

    def reading_between(self, goal_id: str, since: datetime, until: datetime) -> Reading | None:
        """The reading that counts in [since, until): the last of the latest moment."""
        ...

    def reading_from(self, source: ReadingSource, external_id: str) -> Reading | None:
        """The reading that came under this name."""
        ...

    def asked(self, goal_id: str) -> None:
        """Its keepers were asked what became of it, or need not be."""
        ...

    def plan_check(
        self,
        goal_id: str,
        at: datetime | None,
        until: datetime | None,
        *,
        expected: datetime | None = None,
    ) -> bool:
        """Say when the desk looks after a goal's check-ins next; where `expected` is given, only if
        it was to look then. False when somebody was quicker.
        """
        ...

    def mark_stale(self, goal_id: str, since: datetime | None) -> None:
        """Nobody has kept it up to date since then, or somebody does again."""
        ...

    def add_check_in(self, check_in: CheckIn) -> bool:
        """Store that its keepers are asked; False when they were in that period."""
        ...

    def check_ins(self, goal_id: str, *, limit: int) -> tuple[CheckIn, ...]:
        """When its keepers were asked, the newest first."""
        ...

    def add_closing(self, closing: Closing) -> bool:
        """Store how a goal ended; False when somebody said so before."""
        ...

    def closings(self, goal_ids: Iterable[str]) -> Mapping[str, Closing]:
        """How these goals ended, by their id; those of which nobody said so are left out."""
        ...

    def closed_between(self, since: datetime, until: datetime) -> tuple[Goal, ...]:
        """The goals whose end was told in [since, until), the first told first."""
        ...


class MeasureStore(Protocol):
    """The desk's own measures, as aggregates; never loads submissions one by one."""

    def sample(self, asked: Measured) -> Sample:
        """The value of a measure in its span.

        What was decided in time is a share, in percent, of what was decided and of what is overdue;
        the time to a decision is a median in hours. Raises ValueError for Measure.HAND.
        """
        ...

    def won(self, since: datetime, until: datetime) -> WonLead | None:
        """The lead that was won last in [since, until)."""
        ...
