"""Effects: what must happen in Slack because of what was stored, as data.

An effect is written in the same transaction as its cause and performed after commit, in the order
of its lane. A lane is one destination in Slack; a stuck effect holds up its own lane only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EffectKind(StrEnum):
    """What is to be done. The payload of each is named beside it."""

    CARD = "card"  # number
    CROWD = "crowd"  # nothing: it tells of the cards that are folded in its lane
    CARD_UPDATE = "card_update"  # number
    STORY = "story"  # number, seq
    FILE = "file"  # number, file (its place, from 1)
    RECEIPT = "receipt"  # number
    WORD = "word"  # number, seq, and duplicate: the number of theirs, if it is another
    DIGEST = "digest"  # subscription_id, period, audience, its rhythm, day, due_at
    DIGEST_MORE = "digest_more"  # the same and place; the parent is the digest
    DIGEST_UPDATE = "digest_update"  # as of the digest; the parent is the digest
    PAPER = "paper"  # subscription_id and period of a digest, or channel of a preview; asked_at
    NUDGE = "nudge"  # number, seq
    NOTICE = "notice"  # sentence, retry_key of what is tried again, digest that may stop
    CLOSING = "closing"  # goal (its id)
    CHECK_IN = "check_in"  # goal (its id), asked_at and until (ISO), stale
    CHECK_IN_UPDATE = "check_in_update"  # as its question
    EXPERIMENT = "experiment"  # experiment (its id)
    PULSE = "pulse"  # quarter
    SHEET = "sheet"  # file (Slack's id)
    SHEET_END = "sheet_end"  # file, is_wanted; the parent says what it would bring
    HOME = "home"  # part and offset of a list that is turned; the target is the person
    CLEAR = "clear"  # number, is_whole; the parent is the message whose text goes
    RETELL = "retell"  # nothing; the parent is the message, which is gathered anew
    UNFILE = "unfile"  # number, file; the parent is the card in whose thread the copy is


class EffectState(StrEnum):
    """Where an effect stands.

    PENDING waits; SENDING is being tried by a worker that holds the lane; UNKNOWN was tried and
    nobody knows what came of it; SENT is done; DEAD was refused and set aside for the admin;
    SUPERSEDED gave way to a newer one of the same message; FOLDED is a card that one message about
    many stands for, until it is wanted.
    """

    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DEAD = "dead"
    SUPERSEDED = "superseded"
    FOLDED = "folded"


_ODD = re.compile(r"[^A-Za-z0-9]+")

OPEN_STATES = (EffectState.PENDING, EffectState.SENDING, EffectState.UNKNOWN)

ERASING = frozenset({EffectKind.CLEAR, EffectKind.RETELL, EffectKind.UNFILE})
"""Kinds that take something out of Slack that was erased here."""

UPDATING = frozenset(
    {
        EffectKind.CARD_UPDATE,
        EffectKind.CHECK_IN_UPDATE,
        EffectKind.DIGEST_UPDATE,
        EffectKind.SHEET_END,
        EffectKind.CLEAR,
        EffectKind.RETELL,
    }
)
"""Kinds that change a message that is there."""

IDEMPOTENT = UPDATING | {EffectKind.UNFILE, EffectKind.HOME}
"""Kinds that may simply be repeated: the second time changes nothing."""


FETCHING = frozenset({EffectKind.FILE, EffectKind.PAPER, EffectKind.SHEET, EffectKind.SHEET_END})
"""Kinds for which a file is fetched or made."""


LATER = frozenset(
    {
        EffectKind.DIGEST,
        EffectKind.DIGEST_MORE,
        EffectKind.CLOSING,
        EffectKind.CHECK_IN,
        EffectKind.EXPERIMENT,
        EffectKind.PULSE,
        EffectKind.NOTICE,
        EffectKind.HOME,
    }
)
"""Kinds that nobody sits and waits for: where there is a crowd, all others go before them."""

TOGETHER = "together"
"""In a digest's payload: how many of the workspace's digests come at its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One effect to perform.

    `key` is derived from the cause, never random, and unique in the workspace: the same cause
    can't be enqueued twice. `target` is a channel id or a user id (a DM). `parent_key` names the
    effect whose message this one updates or answers in the thread of. A new effect with the same
    `collapse_key` replaces those still pending. After `expires_at` it is set aside untried.
    """

    key: str
    kind: EffectKind
    target: str
    payload: Mapping[str, str | int | bool] = field(default_factory=dict)
    parent_key: str | None = None
    collapse_key: str | None = None
    expires_at: datetime | None = None

    @property
    def lane(self) -> str:
        """The lane it travels in: its destination."""
        return f"home:{self.target}" if self.kind is EffectKind.HOME else self.target

    @property
    def is_urgent(self) -> bool:
        """Whether somebody waits for it."""
        return self.kind not in LATER

    @property
    def number(self) -> int | None:
        """The submission it is about, if it is about one."""
        number = self.payload.get("number")
        return number if isinstance(number, int) else None


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message of ours stands in Slack."""

    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A leased effect: this worker alone may try it until `lease_until`, under `epoch`.

    `was_tried`: an earlier try may have reached Slack, so look before posting. `first_try_at` is
    the time of the very first try, this one included; `attempts` counts them, this one included.
    `last_try_at` is the time of the one before, None when this is the first.
    `parent` is where the parent's message stands, None when it has no parent. `trace` names the
    trace of its cause, where traces are kept.
    """

    effect: Effect
    effect_id: int
    epoch: int
    lease_until: datetime
    attempts: int
    was_tried: bool
    first_try_at: datetime
    parent: Posted | None = None
    last_try_at: datetime | None = None
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class NotBefore:
    """The lane has work, but not before `at`: a rate gate, a back-off or somebody's lease."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Crowded:
    """So many cards wait in the lane that one message is to tell of them."""


class Verdict(StrEnum):
    """What came of a try."""

    SENT = "sent"
    RETRY = "retry"
    UNKNOWN = "unknown"
    DEAD = "dead"


class MethodGroup(StrEnum):
    """Methods of Slack's that share a limit."""

    POST = "post"  # chat.postMessage
    UPDATE = "update"  # chat.update
    HOME = "home"  # views.publish
    FILES = "files"  # files.*
    HISTORY = "history"  # conversations.history
    REPLIES = "replies"  # conversations.replies
    DMS = "dms"  # conversations.open


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """Slack said 429 to a call that began at `tried_at`: none of this group before `until`, and
    then at a pace that begins with `per_minute`.
    """

    group: MethodGroup
    until: datetime
    per_minute: int
    tried_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """How a try ended, to be recorded.

    `posted` comes with SENT; `error` is Slack's code or a word for the break. `again_at`: when the
    next try may be, for RETRY and UNKNOWN. `gate_until`: no post into this lane before. `limited`:
    Slack was called too often in this workspace. `only_looked`: nothing was sent this time, so the
    last try is still the one before.
    """

    verdict: Verdict
    posted: Posted | None = None
    error: str | None = None
    again_at: datetime | None = None
    gate_until: datetime | None = None
    limited: Limited | None = None
    only_looked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A dead effect, as the admin sees it."""

    key: str
    kind: EffectKind
    target: str
    error: str
    payload: Mapping[str, str | int | bool]
    at: datetime


def paper_name(effect: Effect) -> str:
    """What the file of a digest on paper is called: by it the effect is known in Slack, to which it
    goes as one person's direct message.
    """
    told = effect.payload
    what = told["subscription_id"] or told["channel"]
    words = f"digest-{what}-{told['period'] or 'preview'}-{told['asked_at']}"
    return f"{_ODD.sub('-', words)}.pdf"


def file_title(effect: Effect) -> str:
    """What the title of a kept file begins with: by it the effect is known in Slack."""
    return f"{effect.number}-{effect.payload['file']} "
