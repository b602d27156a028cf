"""The programs under load: started fresh for each round, each with a database of its own."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import urlopen

from bench.payloads import COMMAND, user_id
from bench.peer import PLACE as PEER
from bench.servers.limit import CHANNEL
from bot.configure import configure
from bot.desk import Role, default_desk
from storage.database import Database
from storage.migrate import upgrade
from tests.support.processes import ROOT, free_port

SECRET = "a-secret-of-the-bench"
READY_SECONDS = 30.0
ROWS = ROOT / "bench" / "rows.json"
CORES = sorted(os.sched_getaffinity(0))


@dataclass(slots=True)
class Program:
    """A program that listens on a port."""

    process: subprocess.Popen[bytes]
    port: int
    ready_after: float

    @property
    def resident_megabytes(self) -> float:
        """The memory that it holds now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    @property
    def cpu_seconds(self) -> float:
        """Processor time that it has used so far, all threads together."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def running(
    arguments: Sequence[str | Path],
    port: int,
    log: Path,
    *,
    is_under_load: bool = True,
    env: Mapping[str, str] | None = None,
) -> Iterator[Program]:
    """Start a program, wait until it is ready, and end it when left.

    What is under load has the first core for itself; everything else has the others.
    """
    begun = perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*map(str, arguments)],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", **(env or {})},
            stdout=output,
            stderr=output,
        )
    if is_under_load and len(CORES) > 1:
        os.sched_setaffinity(process.pid, CORES[:1])
    program = Program(process, port, 0.0)
    try:
        _wait_until_ready(program, f"http://127.0.0.1:{port}/readyz", log)
        program.ready_after = perf_counter() - begun
        yield program
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def leave_a_core() -> None:
    """Keep this process and what it starts away from the first core, if there is another."""
    if len(CORES) > 1:
        os.sched_setaffinity(0, CORES[1:])


@contextlib.contextmanager
def with_all_cores() -> Iterator[None]:
    """For what has no load from beside: this process may run where it likes, for now."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, CORES)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _wait_until_ready(program: Program, url: str, log: Path) -> None:
    end = perf_counter() + READY_SECONDS
    while perf_counter() < end and program.process.poll() is None:
        with contextlib.suppress(URLError, ConnectionError), urlopen(url, timeout=5):  # noqa: S310
            return
        sleep(0.005)
    raise RuntimeError(f"a program of the bench did not start: {log.read_text()[-2000:]}")


class Stage:
    """A folder with a migrated database to copy, and a Slack that answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.empty = folder / "empty.db"
        self.template = folder / "template.db"
        upgrade(f"sqlite:///{self.empty}")
        shutil.copy(self.empty, self.template)
        asyncio.run(set_up(f"sqlite:///{self.template}"))
        self._round = 0

    def fresh_database(self) -> Path:
        """A database with the set-up, and nothing handed in."""
        self._round += 1
        return Path(shutil.copy(self.template, self.folder / f"round-{self._round}.db"))

    def slack(self) -> contextlib.AbstractContextManager[Program]:
        """The local Slack."""
        port = free_port()
        arguments = (sys.executable, "-m", "bench.servers.slack", str(port))
        return running(arguments, port, self.folder / "slack.log", is_under_load=False)

    def desk(
        self, url: str, slack_port: int, role: str = "all", *, has_a_core: bool = True, **more: str
    ) -> contextlib.AbstractContextManager[Program]:
        """The desk as an operator starts it, over HTTP; `more` are settings."""
        port = free_port()
        env = {
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
            "DATABASE_URL": url,
            "PORT": str(port),
            "LOG_LEVEL": "WARNING",
            **more,
        }
        command = (sys.executable, "app.py", "serve", "--role", role)
        log = self.folder / "desk.log"
        return running(command, port, log, is_under_load=has_a_core, env=env)

    def limit(self, database: Path) -> contextlib.AbstractContextManager[Program]:
        """The bare handler."""
        port = free_port()
        arguments = (sys.executable, "-m", "bench.servers.limit", str(port), database, SECRET)
        return running(arguments, port, self.folder / "limit.log")

    def peer(self, database: Path) -> contextlib.AbstractContextManager[Program]:
        """bolt-js with better-sqlite3; `bench.peer.installed` must have said that it can run."""
        port = free_port()
        arguments = ("node", PEER / "index.js", str(port), database, SECRET, ROWS, COMMAND)
        return running(arguments, port, self.folder / "peer.log")

    def minimal(self) -> contextlib.AbstractContextManager[Program]:
        """The smallest Bolt app."""
        port = free_port()
        arguments = (sys.executable, "-m", "bench.servers.minimal", str(port), SECRET)
        return running(arguments, port, self.folder / "minimal.log")


async def set_up(url: str) -> None:
    """Set a migrated database up: somebody holds the role that gets ideas."""
    roles = dict(default_desk().roles)
    lead = Role(
        role_id="content_lead",
        label="Content lead",
        channel_id=CHANNEL,
        holders=(user_id(0), user_id(1)),
        fallback="social_lead",
    )
    desk = replace(default_desk(), roles=roles | {"content_lead": lead}, admins=(user_id(0),))
    database = Database(url)
    await database.transact("T00000001", configure, desk, datetime(2026, 1, 1, tzinfo=UTC))
    await database.close()
