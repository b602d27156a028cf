"""A PostgreSQL server of our own, from Debian's packages; it can be stopped as by a power cut."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

PROGRAMS = Path("/usr/lib/postgresql")
USER = "postgres"

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
"""For tests that throw the whole server away."""

DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"
"""What is acked survives a crash: PostgreSQL's own defaults."""


@cache
def find_programs() -> Path | None:
    """The folder with PostgreSQL's newest server programs, if there are any."""
    found = sorted(PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return None if on_path is None else Path(on_path).parent


class PostgresServer:
    """A cluster in a folder of its own, on a free port of this machine."""

    def __init__(self, options: str) -> None:
        """Make the cluster; AssertionError where there are no programs."""
        programs = find_programs()
        assert programs is not None, f"PostgreSQL's programs are missing: no initdb in {PROGRAMS}"
        self._who = _run_as()
        self._folder = Path(tempfile.mkdtemp(prefix="desk-pg-"))
        if self._who:
            shutil.chown(self._folder, **self._who)
        data = str(self._folder / "data")
        self._control = [str(programs / "pg_ctl"), "-D", data, "-s", "-w"]
        made = [str(programs / "initdb"), "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*made, "--no-sync"], check=True, capture_output=True, cwd=self._folder, **self._who
        )
        self.port = _free_port()
        self._options = (
            f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 "
            f"-c max_connections=150 {options}"
        )

    def url(self, database: str = "postgres") -> str:
        """The URL of one of its databases."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, after a crash with what its log says; wait until it answers."""
        log = str(self._folder / "log")
        self._run("-l", log, "-o", self._options, "start", check=True)

    def start_if_down(self) -> None:
        """Start it unless it runs."""
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)):
                self.start()

    def crash(self) -> None:
        """Stop it at once, with nothing written down that is not yet."""
        self._run("-m", "immediate", "stop", check=False)

    def remove(self) -> None:
        """Stop it, and away with everything."""
        self.crash()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, *arguments: str, check: bool) -> None:
        subprocess.run([*self._control, *arguments], check=check, cwd=self._folder, **self._who)


def _run_as() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then its own user has to do."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(USER)
    return {"user": account.pw_uid, "group": account.pw_gid}


def _free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
