"""The desk on PostgreSQL: beside SQLite, in several processes, and how its workers hear of work."""

import asyncio
import contextlib
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter, sleep
from urllib.request import urlopen

import psycopg

from bench.contenders import CORES, SECRET, Program, Stage, leave_a_core, set_up
from bench.load import Load
from bench.payloads import USERS, Caller, Form, user_id
from bench.rounds import FASTEST, LINES, SETTLED_SECONDS, WARM_UP_SECONDS, Lengths, answered
from storage.migrate import upgrade
from tests.support.postgres_server import DURABLE, PostgresServer, find_programs

TEMPLATE = "desk"
MISSING = "PostgreSQL was left out: its programs are not installed."
ROUNDS = 2
GAP_SECONDS = 0.337
"""Between two submissions, so that each person's next one comes when Slack takes the next receipt;
and no multiple of the time after which workers ask."""

TOLD = 24
"""Of how many submissions it is timed when Slack gets the receipt."""

PATIENCE_SECONDS = 10.0


def missing() -> str | None:
    """The sentence that says why PostgreSQL can't be measured, or None."""
    return MISSING if find_programs() is None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Submissions a second by who stores them, and seconds from a commit until Slack has the
    receipt, by how workers hear of it.
    """

    sqlite: float
    postgresql: float
    one_web: float
    two_webs: float
    notified: float
    polled: float


def measure(stage: Stage, form: Form, lengths: Lengths) -> Shared:
    """All of it, on a server that keeps what it acknowledges through a crash.

    Programs, server and load share all cores: one alone would say nothing of two processes.
    """
    os.sched_setaffinity(0, CORES)
    try:
        with _server() as server:
            field = _Field(stage, form, lengths, server)
            rates: dict[str, list[float]] = defaultdict(list)
            for _ in range(min(ROUNDS, lengths.rounds)):
                rates["sqlite"].append(field.rate(f"sqlite:///{stage.fresh_database()}", "all"))
                rates["postgresql"].append(field.rate(field.fresh(), "all"))
                rates["one_web"].append(field.rate(field.fresh(), "web"))
                rates["two_webs"].append(field.rate(field.fresh(), "web", "web"))
            return Shared(
                **{name: median(found) for name, found in rates.items()},
                notified=field.told_after("notify"),
                polled=field.told_after("poll"),
            )
    finally:
        leave_a_core()


@contextlib.contextmanager
def _server() -> Iterator[PostgresServer]:
    """A server with a migrated database to copy."""
    server = PostgresServer(DURABLE)
    try:
        server.start()
        _administer(server, f"CREATE DATABASE {TEMPLATE}")
        upgrade(server.url(TEMPLATE))
        asyncio.run(set_up(server.url(TEMPLATE)))
        yield server
    finally:
        server.remove()


def _administer(server: PostgresServer, statement: str) -> None:
    url = server.url().replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


class _Field:
    """What every part of it needs."""

    def __init__(self, stage: Stage, form: Form, lengths: Lengths, server: PostgresServer) -> None:
        self._stage = stage
        self._form = form
        self._lengths = lengths
        self._server = server
        self._made = 0

    def fresh(self) -> str:
        """The URL of a database with the set-up, and nothing handed in."""
        self._made += 1
        name = f"{TEMPLATE}_{self._made}"
        _administer(self._server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self._server.url(name)

    def rate(self, url: str, *roles: str) -> float:
        """Submissions a second of one process for each role."""
        caller = Caller(self._form, SECRET)
        with self._desks(url, *roles) as (_, desks):
            seconds = self._lengths.closed
            with Load([desk.port for desk in desks], LINES) as load:
                warm_up = caller.forms(int(FASTEST * WARM_UP_SECONDS))
                answered(load.closed(warm_up, WARM_UP_SECONDS))
                forms = caller.forms(int(FASTEST * seconds))
                return answered(load.closed(forms, seconds)).rate

    def told_after(self, wake_ups: str) -> float:
        """Seconds from the answer to a form, which says that it is stored, until a worker that is
        another process has Slack tell who handed in; the median.
        """
        caller = Caller(self._form, SECRET)
        stored: list[tuple[str, float]] = []
        with self._desks(self.fresh(), "web", "worker", WAKE_UPS=wake_ups) as (slack, desks):
            with Load([desks[0].port], 1) as load:
                for place, form in enumerate(caller.forms(TOLD), start=1):
                    answered(load.closed([form], 0.0))
                    stored.append((user_id(place), perf_counter()))
                    sleep(GAP_SECONDS)
            return median(delays(stored, _receipts(slack)))

    @contextlib.contextmanager
    def _desks(
        self, url: str, *roles: str, **settings: str
    ) -> Iterator[tuple[Program, list[Program]]]:
        with contextlib.ExitStack() as stack:
            slack = stack.enter_context(self._stage.slack())
            desks = [
                stack.enter_context(
                    self._stage.desk(url, slack.port, role, has_a_core=False, **settings)
                )
                for role in roles
            ]
            sleep(SETTLED_SECONDS)
            yield slack, desks


def _receipts(slack: Program) -> dict[str, list[float]]:
    """When each person was written to, once all were; TimeoutError if that does not come."""
    end = perf_counter() + PATIENCE_SECONDS
    people = {user_id(place) for place in range(USERS)}
    while perf_counter() < end:
        with urlopen(f"http://127.0.0.1:{slack.port}/counts") as answer:
            moments: dict[str, list[float]] = json.load(answer)["moments"]
        found = {name: moments.get(f"D{name[1:]}", []) for name in people}
        if sum(map(len, found.values())) >= TOLD:
            return found
        sleep(0.1)
    raise TimeoutError("not everybody got a receipt")


def delays(stored: list[tuple[str, float]], came: dict[str, list[float]]) -> list[float]:
    """How long after each moment its person was written to: the first message belongs to the first
    moment, and so on.
    """
    waiting = {name: iter(sorted(moments)) for name, moments in came.items()}
    return [next(waiting[name]) - at for name, at in stored]
