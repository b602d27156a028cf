"""The programs under load, in turn, several rounds of it: ratios of one run, medians of rounds."""

import contextlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from urllib.request import urlopen

from bench.contenders import SECRET, Program, Stage
from bench.load import Load, Sample
from bench.payloads import Caller, Form

LINES = 32
RATES = (200, 800)
SETTLED_SECONDS = 1.0
WARM_UP_SECONDS = 0.5
WATCHED_SECONDS = 4.2
"""For how long deliveries are watched once the load is over: four of the desk's gaps."""

LOOK_SECONDS = 0.02
"""How often is looked meanwhile what came."""
FASTEST = 4000
"""More submissions per second than any contender can take."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """Seconds of each load, and how many rounds."""

    rounds: int
    closed: float
    open: float


@dataclass(slots=True)
class Measured:
    """All values of one contender, by what they are, one per round."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, what: str, value: float) -> None:
        """Add a round's value."""
        self.values[what].append(value)

    def __getitem__(self, what: str) -> float:
        """The median of the rounds."""
        return median(self.values[what])


@dataclass(frozen=True, slots=True)
class Field:
    """Everything that the rounds need."""

    stage: Stage
    form: Form
    lengths: Lengths
    has_peer: bool

    def play(self) -> dict[str, Measured]:
        """All rounds; the contenders take turns within each."""
        found: dict[str, Measured] = defaultdict(Measured)
        names = ["bare", "minimal", *(["peer"] if self.has_peer else []), "desk"]
        for place in range(self.lengths.rounds):
            for name in names if place % 2 == 0 else reversed(names):
                self._turn(name, found[name], place)
        return found

    def _turn(self, name: str, found: Measured, place: int) -> None:
        database = self.stage.fresh_database()
        caller = Caller(self.form, SECRET)
        with self._running(name, database, found) as program:
            self._ack(program, caller, found)
            if name != "minimal":
                self._submit(program, caller, found, place)
            found.note("memory", program.resident_megabytes)
        stored = _count(database)
        if stored != caller.handed_in:
            raise RuntimeError(f"{name} stored {stored} of {caller.handed_in} submissions")

    @contextlib.contextmanager
    def _running(self, name: str, database: Path, found: Measured) -> Iterator[Program]:
        stage = self.stage
        match name:
            case "bare":
                with stage.limit(database) as program:
                    yield program
            case "minimal":
                with stage.minimal() as program:
                    yield program
            case "peer":
                with stage.peer(database) as program:
                    yield program
            case _:
                with (
                    stage.slack() as slack,
                    stage.desk(f"sqlite:///{database}", slack.port) as program,
                ):
                    sleep(SETTLED_SECONDS)
                    found.note("ready", program.ready_after)
                    found.note("idle memory", program.resident_megabytes)
                    yield program
                    _count_calls(slack, found)
                    _watch_posts(slack, found)

    def _ack(self, program: Program, caller: Caller, found: Measured) -> None:
        with Load([program.port], LINES) as load:
            load.closed(caller.commands(), WARM_UP_SECONDS)
            before = program.cpu_seconds
            sample = answered(load.closed(caller.commands(), self.lengths.closed))
            found.note("ack rate", sample.rate)
            used = program.cpu_seconds - before
            found.note("ack cpu", used / len(sample.latencies) * 1e6)

    def _submit(self, program: Program, caller: Caller, found: Measured, place: int) -> None:
        lengths = self.lengths
        with Load([program.port], LINES) as load:
            answered(load.closed(caller.forms(FASTEST), WARM_UP_SECONDS))
            before = program.cpu_seconds
            forms = caller.forms(int(FASTEST * lengths.closed))
            sample = answered(load.closed(forms, lengths.closed))
            used = program.cpu_seconds - before
            found.note("submit rate", sample.rate)
            found.note("submit cpu", used / len(sample.latencies) * 1e6)
            for rate in RATES:
                forms = caller.forms(int(rate * lengths.open) + 1)
                # In each round at other moments, which are the same for all.
                sample = answered(load.open(forms, rate, lengths.open, seed=place))
                found.note(f"p50 at {rate}", sample.percentile(50) * 1000)
                found.note(f"p99 at {rate}", sample.percentile(99) * 1000)


def answered(sample: Sample) -> Sample:
    """The sample; RuntimeError when anything in it was refused."""
    if sample.refused:
        raise RuntimeError(f"{sample.refused} of {len(sample.latencies)} requests were refused")
    return sample


def _count(database: Path) -> int:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM submission").fetchone()[0])


def _watch_posts(slack: Program, found: Measured) -> None:
    """How often each conversation that has a backlog gets a message: a share of once a second.

    From its first to its last while it is watched: how many fall into a span hangs on where it
    begins.
    """
    seen, moments = _posts(slack), defaultdict[str, list[float]](list)
    end = perf_counter() + WATCHED_SECONDS
    while perf_counter() < end:
        sleep(LOOK_SECONDS)
        present = _posts(slack)
        for name, count in present.items():
            if count != seen.get(name, 0):
                moments[name].append(perf_counter())
        seen = present
    several = [
        at for at in moments.values() if len(at) > 1
    ]  # the channel's cards are folded by then
    found.note("posts", median((len(at) - 1) / (at[-1] - at[0]) for at in several))


def _posts(slack: Program) -> dict[str, int]:
    with urlopen(f"http://127.0.0.1:{slack.port}/counts") as answer:
        counted: dict[str, int] = json.load(answer)["posts"]
    return counted


def _count_calls(slack: Program, found: Measured) -> None:
    with urlopen(f"http://127.0.0.1:{slack.port}/counts") as answer:
        counts = json.load(answer)
    found.note("auth.test", counts["calls"]["auth.test"])
    found.note("calls", sum(counts["calls"].values()))
    found.note("connections", counts["connections"])
