"""What experiments, lessons and stories ask of the storage; a part of `bot.ports`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.experiment import Experiment
from bot.lesson import Lesson
from bot.pulse import Pulse
from bot.revision import Revised, Revision
from bot.story import Story


class ExperimentStore(Protocol):
    """Experiments: one row each."""

    def add(self, experiment: Experiment) -> bool:
        """Store a new one; False when its id is taken: the same form, sent twice."""
        ...

    def get(self, experiment_id: str) -> Experiment | None: ...

    def asked(self, experiment_id: str) -> None:
        """Its keepers were asked how it went, or need not be."""
        ...

    def change(self, experiment: Experiment) -> bool:
        """Write a changed plan; False once it has ended."""
        ...

    def end(self, experiment: Experiment) -> bool:
        """Write how it ended; False when somebody said so before."""
        ...

    def open(self, *, limit: int) -> tuple[Experiment, ...]:
        """Those of which nobody said yet how they went, the first ending first."""
        ...

    def ended(self, *, limit: int) -> tuple[Experiment, ...]:
        """Those of which somebody did, the newest first."""
        ...


class LessonStore(Protocol):
    """Lessons, those of goals among them."""

    def add(self, lesson: Lesson) -> bool:
        """Store a lesson; False when its id is taken: the same form, sent twice."""
        ...

    def get(self, lesson_id: str) -> Lesson | None:
        """A lesson, one that was taken back as well."""
        ...

    def save(self, lesson: Lesson) -> None:
        """Write a lesson that was changed or taken back."""
        ...

    def find(self, words: Sequence[str], *, before: datetime, limit: int) -> tuple[Lesson, ...]:
        """The newest lessons told before then in which all `words` (case folded) stand; all of
        them without words.

        Those that closed goals taught are not among them (`of_goals`), nor what was taken back.
        """
        ...

    def of_goals(self, *, before: datetime, limit: int) -> tuple[Lesson, ...]:
        """The lessons of goals that were closed with one before then, the newest first."""
        ...

    def between(self, since: datetime, until: datetime) -> tuple[Lesson, ...]:
        """The lessons told in [since, until), the newest first; goals' are not among them."""
        ...


class StoryStore(Protocol):
    """Stories, one per submission; those that were taken back are kept and not found."""

    def save(self, story: Story) -> None:
        """Store it in the place of what was told of the same submission."""
        ...

    def get(self, number: int) -> Story | None:
        """What is told of a submission, or was before it was taken back."""
        ...

    def find(self, words: Sequence[str], *, before: datetime, limit: int) -> tuple[Story, ...]:
        """The newest stories told before then in which all `words` (case folded) stand; all of
        them without words.
        """
        ...

    def between(self, since: datetime, until: datetime) -> tuple[Story, ...]:
        """The stories told in [since, until), the newest first."""
        ...


class RevisionStore(Protocol):
    """What experiments, lessons and stories were before; only ever added to."""

    def add(self, revision: Revision) -> bool:
        """Store one; False when there is one of this version."""
        ...

    def of(self, what: Revised, ids: Collection[str]) -> Mapping[str, tuple[Revision, ...]]:
        """Those of the things with these ids, by id, the first change first."""
        ...


class PulseStore(Protocol):
    """The quarterly question: one row per quarter."""

    def add(self, planned: Pulse) -> bool:
        """Store a quarter that was planned; False when it is known."""
        ...

    def get(self, quarter: str) -> Pulse | None:
        """A quarter, locked for this transaction where the database can: each answer counts."""
        ...

    def marks(self, quarter: str, user_id: str) -> tuple[str, ...]:
        """What stands for somebody among those who have answered, another each quarter; the newest
        first, since keys change.
        """
        ...

    def plan(self, quarter: str, ask_at: datetime) -> None:
        """It is asked at another time than was planned."""
        ...

    def asked(self, quarter: str, count: int) -> None:
        """So many people were asked, and it is not to be asked again."""
        ...

    def save_answers(self, changed: Pulse) -> None:
        """Write who has answered and how often each answer was given, and nothing else."""
        ...

    def newest(self, *, limit: int) -> tuple[Pulse, ...]:
        """The newest quarters, those that are planned included."""
        ...
