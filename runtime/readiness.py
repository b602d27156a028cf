"""Whether this process can do its work, and what an operator should look at, by name.

Not ready is what another process may do better: the database or its schema, as this process sees
it, or a clock by which Slack's requests are refused. What no process can help is only told: while
Slack is away, work is taken in and kept. So readiness does not come and go with Slack.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import DeskError
from bot.ports import Clock
from handlers.answers import Background
from runtime.pulse import Pulses
from runtime.sight import Sight
from storage.database import Database

WAITS_LONG = 120.0
"""Seconds after which a lane that nobody looks at is told of: sweeps come every ten."""

SLOW_CLOCK = timedelta(seconds=30)
WRONG_CLOCK = timedelta(minutes=5)
"""Slack's signed requests are refused when they are older than this
(https://docs.slack.dev/authentication/verifying-requests-from-slack).
"""

SHARED_CLOCK = timedelta(seconds=5)
"""How far a process may be off the clock that all share: leases end by it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What keeps the process from its work, and what it works in spite of; a line each."""

    lacking: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Looks at everything. `clock` is the one that the process goes by. `ask_slack` is a cheap call
    of Slack's, `slack_lacks` what is known to be missing there. `is_called`: Slack's requests come
    over HTTP, signed with its time.
    """

    database: Database
    clock: Clock
    background: Background
    pulses: Pulses
    sight: Sight
    ask_slack: Callable[[], Awaitable[object]]
    slack_lacks: Callable[[], str | None] = lambda: None
    is_called: bool = True

    async def look(self) -> Condition:
        """How it is now. Slack is never waited for: what is not known yet is told the next time."""
        lacking = await self._database_lacks()
        warnings = [] if lacking else await self._late()
        self._of_the_clocks(lacking, warnings)
        if self.sight.is_to_be_asked():
            self.background.start(self.sight.ask(self.ask_slack))
        if self.sight.trouble is not None:
            warnings.append(f"Slack: it does not answer ({self.sight.trouble})")
        from_slack = self.slack_lacks()
        if from_slack is not None:
            warnings.append(from_slack)
        return Condition(tuple(lacking), tuple(warnings))

    async def _database_lacks(self) -> list[str]:
        try:
            await self.database.ping()
            if not await self.database.schema_is_current():
                return ["the database is not migrated: run `python app.py migrate`"]
        except DeskError as error:
            return [f"the database: {type(error).__name__}"]
        return []

    async def _late(self) -> list[str]:
        """What should have been done by now."""
        pulse = await self.pulses.newest()
        if pulse is None:
            return []
        late = (
            ("lanes", pulse.ready),
            ("digests", pulse.digests),
            ("reminders", pulse.timers),
        )
        found = [
            f"{what}: {line.count} wait, the longest for {line.age(pulse.at):.0f} s"
            for what, line in late
            if line.age(pulse.at) > WAITS_LONG
        ]
        try:
            off = abs(await self.database.ahead(self.clock.now()))
        except DeskError:
            return found  # the next look tells
        if off > SHARED_CLOCK:
            found.append(f"the clock: {off.total_seconds():.0f} s off the database's; set up NTP")
        return found

    def _of_the_clocks(self, lacking: list[str], warnings: list[str]) -> None:
        off = self.sight.ahead()
        if off is None or abs(off) < SLOW_CLOCK:
            return
        said = f"the clock: {abs(off).total_seconds():.0f} s off Slack's; set up NTP"
        is_refusing = self.is_called and abs(off) >= WRONG_CLOCK
        (lacking if is_refusing else warnings).append(said)
