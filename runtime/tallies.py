"""What one process counts: plain numbers that cost a microsecond to note, whoever reads them.

Nothing here knows Prometheus; `runtime/metrics.py` shows it in its form. All is noted in the event
loop's thread, so nothing is locked. No label names a person, a workspace or a text: a label has few
values, and they are ours or Slack's words for methods and errors.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.submission import TimerKind

Labels = tuple[str, ...]

ACK_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Seconds; Slack waits three (https://docs.slack.dev/interactivity/handling-user-interaction)."""

DATABASE_BOUNDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
CALL_BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
TICK_BOUNDS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0)

MOST = 400
"""How many label sets one number has at most; what comes beyond is counted as `other`."""


@dataclass(slots=True)
class Counts:
    """Something that is counted. `known` are label values that are there from the start, at zero:
    Prometheus sees an increase only of what it has seen before.
    """

    name: str
    meaning: str
    labels: Labels = ()
    known: Sequence[str] = ()
    values: dict[Labels, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values.update({(value,): 0 for value in self.known})

    def add(self, *labels: str) -> None:
        """Count one."""
        try:
            self.values[labels] += 1
        except KeyError:
            key = _kept(labels, len(self.values))
            self.values[key] = self.values.get(key, 0) + 1


@dataclass(slots=True)
class Times:
    """Something that takes time: how often it took up to how many seconds."""

    name: str
    meaning: str
    bounds: Sequence[float]
    labels: Labels = ()
    cells: dict[Labels, list[float]] = field(default_factory=dict)

    def took(self, seconds: float, *labels: str) -> None:
        """Note one that took so many seconds."""
        cell = self.cells.get(labels)
        if cell is None:
            key = _kept(labels, len(self.cells))
            cell = self.cells.setdefault(key, [0.0] * (len(self.bounds) + 2))
        cell[bisect_left(self.bounds, seconds)] += 1
        cell[-1] += seconds

    def counted(self, *labels: str) -> int:
        """How many were noted under these labels."""
        return int(sum(self.cells.get(labels, [0.0])[:-1]))


def _kept(labels: Labels, known: int) -> Labels:
    """The labels themselves, or `other` for each when there are too many already."""
    return labels if known < MOST else ("other",) * len(labels)


@dataclass
class Tallies:
    """Everything that one process counts, since it was started."""

    acks: Times = field(
        default_factory=partial(
            Times,
            "ack_seconds",
            "Slack's requests: how long until they were acknowledged, and how they ended",
            ACK_BOUNDS,
            ("surface", "outcome"),
        )
    )
    refused: Counts = field(
        default_factory=partial(
            Counts,
            "requests_refused",
            "Requests over HTTP that are none of Slack's: unsigned, stale or malformed",
            ("status",),
        )
    )
    database_waits: Times = field(
        default_factory=partial(
            Times,
            "database_wait_seconds",
            "How long use cases waited until the database began them",
            DATABASE_BOUNDS,
            ("mode",),
        )
    )
    database: Times = field(
        default_factory=partial(
            Times,
            "database_seconds",
            "Transactions: how long they took without the wait before, and how they ended",
            DATABASE_BOUNDS,
            ("mode", "outcome"),
        )
    )
    slack: Times = field(
        default_factory=partial(
            Times,
            "slack_call_seconds",
            "Calls of Slack's Web API: how long Slack took to answer, with whatever",
            CALL_BOUNDS,
            ("method",),
        )
    )
    slack_answers: Counts = field(
        default_factory=partial(
            Counts,
            "slack_calls",
            "Calls of Slack's Web API by what came of them: ok, Slack's error code, ratelimited "
            "(429), or what broke",
            ("method", "code"),
        )
    )
    tries: Counts = field(
        default_factory=partial(
            Counts,
            "effect_tries",
            "Tries to perform an effect by what came of them: sent, retry, unknown, dead",
            ("kind", "outcome"),
        )
    )
    ticks: Times = field(
        default_factory=partial(
            Times,
            "tick_seconds",
            "Ticks: how long they took, and how they ended",
            TICK_BOUNDS,
            ("tick", "outcome"),
        )
    )
    digests: Counts = field(
        default_factory=partial(
            Counts,
            "digests",
            "Digests whose time had come: fired, silent (nothing to say), skipped_missed, failed",
            ("status",),
            ("fired", "silent", "skipped_missed", "failed"),
        )
    )
    timers: Counts = field(
        default_factory=partial(
            Counts,
            "timers",
            "What the desk did by itself: remind, escalate (a promised time was missed), "
            "escalate_again, return, post_due, come_back, failed",
            ("done",),
            (*TimerKind, "come_back", "failed"),
        )
    )

    def called_slack(self, method: str, code: str, seconds: float) -> None:
        """Slack answered a call, or did not: `code` is ok, its error, or what broke."""
        self.slack.took(seconds, method)
        self.slack_answers.add(method, code if code.isidentifier() and len(code) < 50 else "other")

    @property
    def counts(self) -> Iterator[Counts]:
        """All that is counted."""
        return (found for found in vars(self).values() if isinstance(found, Counts))

    @property
    def times(self) -> Iterator[Times]:
        """All that takes time."""
        return (found for found in vars(self).values() if isinstance(found, Times))
