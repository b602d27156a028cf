"""What the core asks of the world: a clock, a transaction with its stores, a messenger.

Stores are bound to one workspace; nothing here takes a workspace's id except the storage itself,
so a use case can't reach into another workspace.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Protocol, TypeVar

from bot.ask_store import AskStore
from bot.conversion_store import ConversionStore
from bot.decision_store import DecisionStore
from bot.desk import Channel, Desk, Hears, Member
from bot.digest_store import DigestStore
from bot.erasure_store import AccessStore, ErasureStore
from bot.figures import Counts, PublishedItem, Unsigned, Waiting
from bot.goal_store import GoalStore, MeasureStore
from bot.holidays import HolidayBook
from bot.hook_store import HookStore
from bot.insight_store import InsightStore
from bot.installation import InstallationStore
from bot.landing import LandingStore
from bot.lane_store import LaneStore
from bot.learning_store import (
    ExperimentStore,
    LessonStore,
    PulseStore,
    RevisionStore,
    StoryStore,
)
from bot.material import Material
from bot.naming_store import NamingStore
from bot.outbox import (
    Claim,
    Crowded,
    Effect,
    Finish,
    MethodGroup,
    NotBefore,
    Posted,
    SetAside,
)
from bot.phrase_store import PhraseStore
from bot.spend_store import SpendStore
from bot.submission import FieldValue, HistoryEntry, Submission

NO_CALLS: Mapping[str, int] = MappingProxyType({})

C = TypeVar("C")
R = TypeVar("R")


class Clock(Protocol):
    """Reads the time, once per request or tick; the value is passed down as `now`."""

    def now(self) -> datetime:
        """The present, in UTC with its zone."""
        ...


class DeskStore(Protocol):
    """The workspace's set-up."""

    def load(self) -> Desk:
        """The set-up at its newest version; the default set-up when nothing was ever saved.

        Reads the version row each time and the rest only when that moved.
        """
        ...

    def replace(self, desk: Desk, now: datetime) -> Desk:
        """Store `desk` as the next version and return it with that version."""
        ...


class MemberStore(Protocol):
    """People of the workspace, as cached from Slack."""

    def get(self, user_id: str) -> Member | None: ...

    def many(self, user_ids: Iterable[str]) -> Mapping[str, Member]: ...

    def save(self, members: Sequence[Member], now: datetime) -> None:
        """Store what Slack tells of people; what is the desk's own stays as it is, and so does
        whoever an event told of that happened later than the one that tells of them now.
        """
        ...

    def set_away(self, user_id: str, until: datetime | None, deputy_id: str | None) -> None:
        """Somebody is away until then, or back (None)."""
        ...

    def set_hears(self, user_id: str, hears: Hears) -> None: ...

    def set_department(self, user_id: str, department: str) -> None: ...

    def departments(self) -> Mapping[str, str]:
        """The departments that people named when they were asked, by user id."""
        ...

    def admins(self) -> tuple[Member, ...]:
        """Active workspace admins, the primary owner first."""
        ...


class ChannelStore(Protocol):
    """Channels that the bot can see, as cached from Slack."""

    def get(self, channel_id: str) -> Channel | None: ...

    def save(self, channels: Sequence[Channel], now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Folded:
    """Submissions whose cards are folded in a lane.

    `first`: those due first of those that were looked at, which are of `kinds` and for `role_ids`.
    """

    first: tuple[Submission, ...]
    total: int
    kinds: frozenset[str]
    role_ids: frozenset[str]


class SubmissionStore(Protocol):
    """Submissions and their personal fields."""

    def next_number(self) -> int:
        """Count one up and return it; gapless within the workspace, from 1."""
        ...

    def skip_numbers(self, gap: int) -> int:
        """Let the next number be one behind the next multiple of `gap`; returns that multiple, or 0
        when nothing was ever handed in.
        """
        ...

    def add(
        self,
        submission: Submission,
        *,
        source_key: str,
        origin_key: str | None,
        personal: Mapping[str, str],
    ) -> None:
        """Store a new submission. Both keys are unique in the workspace."""
        ...

    def get(self, number: int) -> Submission | None:
        """The submission, locked for this transaction where the database can: what it does by
        itself and what people do to it must not overtake each other.
        """
        ...

    def by_source_key(self, source_key: str) -> Submission | None: ...

    def by_origin_key(self, origin_key: str) -> Submission | None: ...

    def personal(self, number: int) -> Mapping[str, str]:
        """The personal fields of one submission. Raises SealedError when they can't be opened."""
        ...

    def has_personal(self, number: int) -> bool:
        """Whether there are any; none of them is opened."""
        ...

    def folded_in(self, lane: str, *, limit: int, shown: int) -> Folded:
        """Whose cards are folded in a lane and who wait for a decision: the first `shown` of them,
        and more of the `limit` oldest. Of more than `limit` it counts the cards alone.
        """
        ...

    def update(self, submission: Submission, *, expected_version: int) -> bool:
        """Write the changed submission if the stored version is still `expected_version`."""
        ...

    def replace_personal(self, number: int, personal: Mapping[str, str]) -> None:
        """Write the personal fields anew; those not named are gone."""
        ...

    def of_submitter(
        self, user_id: str, *, limit: int, offset: int = 0, without: Sequence[int] = ()
    ) -> tuple[tuple[Submission, ...], int]:
        """The newest submissions of a person, but those numbers, and how many there are in all."""
        ...

    def undecided_of_roles(
        self,
        role_ids: Sequence[str],
        *,
        limit: int,
        offset: int = 0,
        calls: Mapping[str, int] = NO_CALLS,
    ) -> tuple[tuple[Submission, ...], int]:
        """What waits for a decision in these roles, first due first, and how many in all; of the
        roles in `calls` what called for help at least so far.

        Without what stands still because its submitter was asked.
        """
        ...

    def overdue_of_roles(
        self, role_ids: Sequence[str], now: datetime, calls: Mapping[str, int] = NO_CALLS
    ) -> int:
        """How much of the same was due before `now`."""
        ...

    def paused_of_roles(
        self, role_ids: Sequence[str], *, limit: int
    ) -> tuple[tuple[Submission, ...], int]:
        """What waits for an answer of its submitter, the longest first, and how many in all."""
        ...

    def paused_of_submitter(
        self, user_id: str, *, limit: int
    ) -> tuple[tuple[Submission, ...], int]:
        """What waits for this person's answer, the longest first, and how many in all."""
        ...

    def unpublished_of_roles(
        self, role_ids: Sequence[str], *, limit: int, offset: int = 0
    ) -> tuple[tuple[Submission, ...], int]:
        """What was decided in these roles and has not ended: it waits to be published, or passed on
        its end. The oldest decision first, and how many in all.
        """
        ...

    def unserved(self, *, limit: int) -> tuple[tuple[Submission, ...], int]:
        """What is under way and names no goal, the oldest decision first, and how much it is."""
        ...

    def duplicates_of(self, number: int) -> tuple[Submission, ...]:
        """What was marked as a duplicate of this one."""
        ...

    def after(self, number: int, *, limit: int) -> tuple[Submission, ...]:
        """The next submissions behind this number, in their order."""
        ...

    def find(
        self, words: Sequence[str], *, role_ids: Sequence[str] | None, user_id: str, limit: int
    ) -> tuple[Submission, ...]:
        """The newest in which all `words` (case folded) stand: of these roles or handed in by
        `user_id`; anybody's when `role_ids` is None.
        """
        ...


class HistoryStore(Protocol):
    """What happened, only ever added to."""

    def append(self, entry: HistoryEntry) -> None: ...

    def next_seq(self, number: int) -> int: ...

    def get(self, number: int, seq: int) -> HistoryEntry | None: ...

    def last_change(self, number: int) -> HistoryEntry | None:
        """The newest entry that made a new version (opening the details does not)."""
        ...

    def of(self, number: int) -> tuple[HistoryEntry, ...]:
        """All entries of one submission, oldest first."""
        ...


class ConversationStore(Protocol):
    """What owners and submitters wrote to each other, by the history entry that tells of it."""

    def add(self, number: int, seq: int, text: str) -> None: ...

    def get(self, number: int, seq: int) -> str | None:
        """The text of one entry; None when it has none, or it was erased."""
        ...

    def of(self, number: int) -> Mapping[int, str]:
        """All texts of one submission, by seq."""
        ...


class DraftStore(Protocol):
    """What somebody typed into a form and did not send: one per person and key."""

    def save(
        self, user_id: str, kind_key: str, fields: Mapping[str, FieldValue], now: datetime
    ) -> None: ...

    def get(self, user_id: str, kind_key: str) -> Mapping[str, FieldValue] | None: ...

    def drop(self, user_id: str, kind_key: str) -> None: ...

    def forget_before(self, moment: datetime) -> int: ...


class FigureStore(Protocol):
    """Aggregates for the digest; never loads submissions one by one."""

    def counts(
        self, bounds: Sequence[datetime], *, now: datetime | None = None
    ) -> tuple[Counts, ...]:
        """Counts per span; span i is from bounds[i] (included) to bounds[i + 1] (excluded).

        With `now`, what had happened a minute before may be told as it was up to ten minutes ago,
        where much did: of a decision that was undone, or of a moment that was entered later.
        """
        ...

    def flows(self, bounds: Sequence[datetime], now: datetime) -> tuple[tuple[int, int], ...]:
        """How much was handed in and how much was published, per span; `now` as for `counts`."""
        ...

    def waiting(self, at: datetime, *, late_by: datetime | None = None) -> Waiting:
        """What was handed in before `at` and not decided before `at`; overdue is what was due
        before `late_by`, `at` when that is left out, and does not wait for its submitter.
        """
        ...

    def unpublished(
        self, at: datetime, *, kinds: Collection[str] | None = None
    ) -> Mapping[str, int]:
        """How much, by role id, was decided before `at` and had not ended before `at`; of `kinds`,
        of all when they are left out.
        """
        ...

    def unsigned(self, at: datetime, today: date) -> Mapping[str, Unsigned]:
        """What of that can't be published for want of a customer's consent, by role id, as it is
        on record now; `today` is the day on which a consent holds or has ended.
        """
        ...

    def submitters(self, since: datetime, until: datetime) -> tuple[str, ...]:
        """Who handed something in in [since, until), each once."""
        ...

    def handed_in_by(self, user_ids: Collection[str], since: datetime, until: datetime) -> int:
        """How much these people handed in in [since, until), whatever their department."""
        ...

    def contributions(self, since: datetime, until: datetime) -> Mapping[str | None, int]:
        """How much was handed in in [since, until), by department; None for nobody's."""
        ...

    def published(
        self, since: datetime, until: datetime, *, limit: int
    ) -> tuple[PublishedItem, ...]:
        """What was published in [since, until), oldest first; nothing whose customer withdrew
        their consent since.
        """
        ...


class OutboxStore(Protocol):
    """Effects, their lanes and what came of them."""

    def add(self, effect: Effect, now: datetime) -> bool:
        """Enqueue; False when the key exists already. Replaces pending ones of its collapse key.

        What belongs to a folded card brings that back before it; but what changes its message is
        not needed and not enqueued.
        """
        ...

    def knows_lane(self, lane: str) -> bool:
        """Whether there ever was an effect for this destination."""
        ...

    def find(self, key: str) -> Effect | None: ...

    def posted(self, key: str) -> Posted | None:
        """Where the message of a sent effect stands."""
        ...

    def key_at(self, channel_id: str, ts: str) -> str | None:
        """The key of the effect whose message stands there."""
        ...

    def claim(
        self, lane: str, *, owner: str, now: datetime, lease: timedelta, crowd: int = 0
    ) -> Claim | NotBefore | Crowded | None:
        """Lease the lane's first open effect; None when the lane has no work. Crowded, and nothing
        leased, when more than `crowd` cards could be folded; never when that is 0.

        Effects past their `expires_at` that were never tried, and effects whose parent is dead,
        are set aside on the way (errors `expired`, `parent_dead`).
        """
        ...

    def finish(self, claim: Claim, finish: Finish, now: datetime) -> bool:
        """Record what came of a try and free the lane.

        False when another worker has taken the lane over since; a SENT is recorded all the same.
        """
        ...

    def fold(self, lane: str, now: datetime, *, limit: int, next_at: datetime) -> int:
        """Fold the first cards that wait in the lane, those that nothing belongs to; how many. No
        crowd is seen there again before `next_at`.
        """
        ...

    def unfold(self, key: str, now: datetime) -> bool:
        """Have a folded card posted after all, at the end of its lane; False when it is none."""
        ...

    def set_aside(self, *, limit: int) -> tuple[SetAside, ...]:
        """Dead effects, newest first, without those that only wait for a dead parent."""
        ...

    def revive(self, key: str, now: datetime, *, target: str | None = None) -> bool:
        """Make a dead effect, and those that waited for it, pending again.

        With `target` they all move there. False when the effect is not dead.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A subscription's next run. `next_date` is the local date, `next_at` the instant in UTC."""

    subscription_id: str
    next_date: str
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRun:
    """What became of one period of a subscription: the row that makes it happen once.

    `counted_until` is as far as its digest told; None where none was due.
    """

    subscription_id: str
    period_key: str
    status: str
    due_at: datetime
    ran_at: datetime
    counted_until: datetime | None = None


class ScheduleStore(Protocol):
    """When each digest is due next, and which periods are done."""

    def get(self, subscription_id: str) -> Schedule | None:
        """The next run, locked for this transaction where the database can."""
        ...

    def save(self, schedule: Schedule) -> None: ...

    def remove(self, subscription_id: str) -> None: ...

    def record(self, run: PeriodRun) -> bool:
        """Write the period's row; False when it exists, that is: somebody was quicker."""
        ...

    def last_run(self, subscription_id: str) -> PeriodRun | None: ...

    def run_of(self, subscription_id: str, period_key: str) -> PeriodRun | None: ...

    def last_counted(self, subscription_id: str) -> PeriodRun | None:
        """The newest run that told of something, whatever was sent or dropped by hand since."""
        ...


class SeenStore(Protocol):
    """Events that were handled already (Slack repeats what was not acked in time)."""

    def first_time(self, event_id: str, now: datetime) -> bool: ...

    def forget_before(self, moment: datetime) -> int: ...


class Transaction(Protocol):
    """All stores of one workspace in one database transaction."""

    @property
    def desk(self) -> DeskStore: ...
    @property
    def members(self) -> MemberStore: ...
    @property
    def channels(self) -> ChannelStore: ...
    @property
    def submissions(self) -> SubmissionStore: ...
    @property
    def history(self) -> HistoryStore: ...
    @property
    def conversations(self) -> ConversationStore: ...
    @property
    def drafts(self) -> DraftStore: ...
    @property
    def figures(self) -> FigureStore: ...
    @property
    def goals(self) -> GoalStore: ...
    @property
    def measures(self) -> MeasureStore: ...
    @property
    def conversions(self) -> ConversionStore: ...
    @property
    def decisions(self) -> DecisionStore: ...

    @property
    def asks(self) -> AskStore: ...

    @property
    def experiments(self) -> ExperimentStore: ...
    @property
    def lessons(self) -> LessonStore: ...
    @property
    def stories(self) -> StoryStore: ...
    @property
    def revisions(self) -> RevisionStore: ...
    @property
    def phrases(self) -> PhraseStore: ...

    @property
    def landings(self) -> LandingStore: ...
    @property
    def spend(self) -> SpendStore: ...
    @property
    def insights(self) -> InsightStore: ...
    @property
    def pulses(self) -> PulseStore: ...
    @property
    def outbox(self) -> OutboxStore: ...
    @property
    def lanes(self) -> LaneStore: ...
    @property
    def schedules(self) -> ScheduleStore: ...
    @property
    def seen(self) -> SeenStore: ...
    @property
    def installations(self) -> InstallationStore: ...
    @property
    def erasure(self) -> ErasureStore: ...
    @property
    def namings(self) -> NamingStore: ...
    @property
    def accesses(self) -> AccessStore: ...
    @property
    def hooks(self) -> HookStore: ...
    @property
    def digests(self) -> DigestStore: ...
    @property
    def holidays(self) -> HolidayBook: ...


UseCase = Callable[[Transaction, C, datetime], R]


@dataclass(frozen=True, slots=True)
class LaneRef:
    """A lane of a workspace. `is_urgent`: somebody waits for what is in it, as far as is known."""

    workspace_id: str
    lane: str
    is_urgent: bool = field(default=True, compare=False)


class Storage(Protocol):
    """Runs use cases, each in one transaction: on threads of its own, those that are declared brief
    (bot/brief.py) perhaps in the event loop.

    Both raise StorageBusyError when the database does not answer in time and StorageDownError when
    it is gone, full or read-only; then nothing was stored.
    """

    async def transact(
        self, workspace_id: str, use_case: UseCase[C, R], command: C, now: datetime
    ) -> R:
        """Run `use_case(tx, command, now)` in a writing transaction and commit it."""
        ...

    async def read(
        self, workspace_id: str, use_case: UseCase[C, R], command: C, now: datetime
    ) -> R:
        """Run `use_case(tx, command, now)` in a reading transaction."""
        ...

    async def ready_lanes(self, now: datetime, *, limit: int) -> tuple[LaneRef, ...]:
        """Lanes of any workspace that have work which may be done by `now`: a turn of each
        workspace after the other, and in each first those with work that somebody waits for.
        """
        ...

    async def due_schedules(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        """(workspace id, subscription id) of every digest that is due by `now`."""
        ...

    async def due_timers(self, now: datetime, *, limit: int) -> tuple[tuple[str, int], ...]:
        """(workspace id, submission's number) of every timer that is due by `now`."""
        ...

    async def due_closings(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        """(workspace id, goal id) of the goals whose keepers are to be asked by `now`."""
        ...

    async def due_pulses(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        """(workspace id, quarter) of every quarterly question that is to be asked by `now`."""

    async def due_check_ins(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        """(workspace id, goal id) of the goals whose check-ins are to be looked after by `now`."""
        ...

    async def due_experiments(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        """(workspace id, experiment id) of those whose keepers are to be asked by `now`."""
        ...

    async def due_returns(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        """(workspace id, user id) of everybody whose absence ended by `now`."""
        ...

    async def next_due(self) -> datetime | None:
        """The earliest moment at which a lane, a digest, a timer or an absence wants attention."""
        ...

    async def ping(self) -> None:
        """Prove that the database can be read and written; raises the errors above."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """Slack took it."""

    posted: Posted | None


@dataclass(frozen=True, slots=True)
class NotSent:
    """It did not reach Slack; trying again is safe. `after` is Slack's Retry-After, if it said, and
    `group` what it holds for in the whole workspace.
    """

    error: str
    after: timedelta | None = None
    group: MethodGroup | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may or may not have reached Slack."""

    error: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack said no, and will say so again."""

    error: str


Outcome = Sent | NotSent | Unclear | Refused


@dataclass(frozen=True, slots=True)
class CannotLook:
    """Slack does not let us read back what we posted."""

    error: str


class Messenger(Protocol):
    """Performs effects in Slack."""

    async def perform(self, workspace_id: str, claim: Claim, material: Material) -> Outcome:
        """One try: render the material and send it. Never repeats by itself."""
        ...

    async def look(self, workspace_id: str, claim: Claim) -> Posted | CannotLook | NotSent | None:
        """Search Slack for the message of this effect's key; None when it is not there."""
        ...
