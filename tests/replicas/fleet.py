"""Web and worker processes under a supervisor, which starts again whatever ends."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.processes import DeskProcess, Nursery, answers_at, free_port

WATCH_SECONDS = 0.2
READY_SECONDS = 60.0


@dataclass(slots=True, kw_only=True)
class Member:
    """One process: its place, its port, and whoever is in that place now."""

    role: str
    port: int
    process: DeskProcess
    skew: float

    @property
    def name(self) -> str:
        return f"{self.role} on {self.port}"


@dataclass(slots=True)
class Fleet:
    """The processes of one installation. `counted`: what became of them."""

    settings: Mapping[str, Any]
    pace: Mapping[str, float]
    members: list[Member] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    _watch: asyncio.Task[None] | None = None

    @classmethod
    async def start(
        cls,
        mother: Nursery,
        folder: Path,
        settings: Mapping[str, Any],
        pace: Mapping[str, float],
        *,
        webs: int,
        workers: int,
    ) -> "Fleet":
        """Start them all, each on a machine whose clock is wrong in its own way; wait until they
        are ready.
        """
        fleet = cls(settings, pace)
        for number, role in enumerate(["web"] * webs + ["worker"] * workers):
            process = DeskProcess(mother, folder, f"{role}-{number}")
            # Slack's signatures hold for five minutes by the machine's clock, right or wrong.
            skew = (0, 40, -40)[number % 3]
            member = Member(role=role, port=free_port(), process=process, skew=skew)
            fleet.members.append(member)
            await fleet.begin(member)
        await fleet.ready()
        fleet._watch = asyncio.ensure_future(fleet._supervise())
        return fleet

    @property
    def ports(self) -> list[int]:
        """Where Slack calls."""
        return [member.port for member in self.members if member.role == "web"]

    async def begin(self, member: Member) -> None:
        given = {**self.settings, "port": member.port}
        await member.process.start(given, role=member.role, pace=self.pace, skew=member.skew)

    async def ready(self) -> None:
        """Wait until each of them can do its work."""
        waits = (answers_at(member.port, seconds=READY_SECONDS) for member in self.members)
        await asyncio.gather(*waits)

    def kill(self, member: Member) -> None:
        """As a power cut; the supervisor starts it again."""
        if member.process.pid:
            member.process.kill()

    async def freeze(self, member: Member, seconds: float) -> None:
        """Let it stand still for a while."""
        if not member.process.pid:
            return
        member.process.freeze()
        try:
            await asyncio.sleep(seconds)
        finally:
            with contextlib.suppress(ProcessLookupError):
                member.process.thaw()

    async def close(self) -> dict[str, int]:
        """Tell all to stop; returns the exit codes, by name."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait([self._watch])
        return {
            member.name: await member.process.stop()
            for member in self.members
            if member.process.pid
        }

    async def _supervise(self) -> None:
        while True:
            for member in self.members:
                if member.process.pid and await member.process.has_ended():
                    self.counted["started again"] += 1
                    await self.begin(member)
            await asyncio.sleep(WATCH_SECONDS)
