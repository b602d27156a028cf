"""What a message is made of: data gathered for one surface, ready for a view to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.channels import Trouble
from bot.check_in import CheckInMaterial
from bot.desk import Desk, Hears, Role
from bot.erased import ErasedMaterial
from bot.experiment import Experiment, Trial
from bot.figures import Counts
from bot.goal_material import NO_GOALS, ClosingMaterial, GoalsMaterial
from bot.kept_file import FileMaterial
from bot.pulse import PulseQuestion
from bot.sections import Audience, Part, Place, Section
from bot.served import Serves
from bot.sheet_material import SheetMaterial
from bot.submission import HistoryEntry, Submission, Use
from bot.subscription import DigestStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMaterial:
    """The triage card in the owner's channel. `holders` are the active people who may act.

    `has_personal`: there are personal fields, which the card does not show. `called_in` are those
    who may act as well because it is overdue. `uses` are where it was published, once the customer
    withdrew their consent: all that has to be taken down. `serves` tells of its goal.
    """

    submission: Submission
    role: Role
    holders: tuple[str, ...] = ()
    called_in: tuple[str, ...] = ()
    has_personal: bool = False
    uses: tuple[Use, ...] = ()
    serves: Serves | None = None


@dataclass(frozen=True, slots=True)
class MovedMaterial:
    """A card whose submission went elsewhere: to `target`, None while it has no card there."""

    submission: Submission
    role: Role
    target: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdMaterial:
    """One message in place of `total` cards of these `kinds`: `items` are those due first, `roles`
    the labels of the roles that decide, by id.
    """

    items: tuple[Submission, ...]
    total: int
    kinds: tuple[str, ...]
    roles: Mapping[str, str]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMaterial:
    """One line of a submission's story, in the thread of its card.

    `actor_name` is the name of who did it, so that their own step does not ping them; None while
    the desk does not know it. `text` is what somebody wrote, empty where that is for the owner
    alone; then `is_apart`. `uses` as on the card.
    """

    submission: Submission
    entry: HistoryEntry
    actor_name: str | None = None
    text: str = ""
    is_apart: bool = False
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptMaterial:
    """What the submitter gets at once: number, owner, promise."""

    submission: Submission
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class WordMaterial:
    """What the submitter hears of one step. `duplicate` is their own submission when they hear it
    because that was marked as a duplicate of this one. `text` is what somebody wrote to them.
    """

    submission: Submission
    role: Role
    entry: HistoryEntry
    duplicate: Submission | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeMaterial:
    """What somebody hears who has something to do. `entry` says what the desk did by itself, or
    that a colleague passed a lead on to them;
    `is_called_in`: the person it goes to is not one of the `holders`. `obstacle` says why it can't
    be published now, empty when it can.
    """

    submission: Submission
    role: Role
    entry: HistoryEntry
    holders: tuple[str, ...] = ()
    is_called_in: bool = False
    obstacle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMaterial:
    """The weekly digest of one channel, for its audience.

    `parts` are what its sections show, in the audience's order; a section without anything to show
    is left out. `first_day` and `last_day` are the local days that the week covers, both included.
    `late_for` is the time it was due when it comes late, else None. `holiday` is what moved it to
    another day. `counts_on` is where the one before it ended, when it begins there and not where
    its days would. `changed_at`: since then something that it named was erased. `roles` are the
    labels of role ids. `subscription_id` is whose digest it is, `period` which of them once it is
    posted; `is_end`: this is the last of its messages. Things are told as they were `as_of` then.
    """

    audience: Audience
    parts: Mapping[Section, Part]
    roles: Mapping[str, str]
    first_day: date
    last_day: date
    tz: str
    late_for: datetime | None = None
    is_preview: bool = False
    is_so_far: bool = False
    is_monthly: bool = False
    holiday: str = ""
    counts_on: datetime | None = None
    changed_at: datetime | None = None
    subscription_id: str = ""
    period: str = ""
    is_end: bool = False
    as_of: datetime | None = None

    @property
    def span(self) -> str:
        """What it tells of: a "week", or a "month"."""
        return "month" if self.is_monthly else "week"


@dataclass(frozen=True, slots=True)
class DigestMoreMaterial:
    """A message in a digest's thread: what it tells at one place."""

    digest: DigestMaterial
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperMaterial:
    """A digest to be printed as it is `at` a moment; `names` by ids, `tz` of who reads it."""

    digest: DigestMaterial
    names: Mapping[str, str]
    at: datetime
    file_name: str
    tz: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeMaterial:
    """A sentence for an admin, about something that only an admin can mend.

    `retry_key` is of the set-aside effect that a button tries again, `digest` one that may stop.
    """

    sentence: str
    retry_key: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMaterial:
    """A person's own submissions, or what waits for them, newest or most urgent first.

    `total` counts all of them, `items` holds the page that is shown, from `offset` on. `serves`
    tells of the goals of those that are accepted, by number.
    """

    items: tuple[Submission, ...]
    total: int
    roles: dict[str, str]
    now: datetime
    offset: int = 0
    serves: Mapping[int, Serves] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueMaterial:
    """What a person has to do: decide what is `waiting`, `overdue` of it after its time; bring what
    was accepted or passed on to its end. `paused` waits for its submitters' answers.
    """

    waiting: ListMaterial
    to_publish: ListMaterial
    paused: ListMaterial | None = None
    overdue: int = 0


class HomePart(StrEnum):
    """The lists of a Home tab that have pages."""

    WAITING = "waiting"
    UNDER_WAY = "under_way"
    MINE = "mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDigest:
    """Which channel gets a digest next, and when."""

    channel_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceMaterial:
    """Whether a person is there. `back_on` is their first day back while they are away, with who
    stands in for them; `stands_in_for` are those in whose place they act.
    """

    back_on: date | None = None
    deputy_id: str | None = None
    stands_in_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupMaterial:
    """The set-up, for an admin. `unheld` are the ids of the roles that nobody active holds,
    `troubles` the channels in use that can't be posted to. `is_tried`: something was handed in.
    """

    desk: Desk
    unheld: frozenset[str]
    troubles: Mapping[str, Trouble]
    digests: tuple[DigestStatus, ...]
    is_tried: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeMaterial:
    """The Home tab of one person. `queue` is None for who has nothing to decide, `setup` for who is
    no admin; `questions` are those that wait for this person's answer, `week` counts since Monday,
    `hears` is what they chose to hear, `absence` is None for whom nothing has to be covered.
    `pulse` is the question of the quarter while it waits for them, `to_judge` are experiments of
    theirs that are over.
    `kept_out` is the sentence for who may not use the desk, and then all there is.
    """

    user_id: str
    mine: ListMaterial
    queue: QueueMaterial | None
    questions: ListMaterial | None = None
    week: Counts | None = None
    next_digest: NextDigest | None = None
    goals: GoalsMaterial = NO_GOALS
    hears: Hears = Hears.ALL
    absence: AbsenceMaterial | None = None
    setup: SetupMaterial | None = None
    pulse: PulseQuestion | None = None
    to_judge: tuple[Experiment, ...] = ()
    kept_out: str = ""


Material = (
    CardMaterial
    | CrowdMaterial
    | ClosingMaterial
    | PulseQuestion
    | CheckInMaterial
    | Trial
    | FileMaterial
    | SheetMaterial
    | ErasedMaterial
    | MovedMaterial
    | StoryMaterial
    | ReceiptMaterial
    | WordMaterial
    | NudgeMaterial
    | DigestMaterial
    | DigestMoreMaterial
    | PaperMaterial
    | NoticeMaterial
    | HomeMaterial
)
