"""What befalls an installation: processes die and stand still, the database loses its power."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal

from tests.replicas.fleet import Fleet
from tests.support.postgres_server import PostgresServer

Blow = Literal["kill web", "kill worker", "freeze web", "freeze worker", "crash"]

CHANCES: Mapping[Blow, int] = {
    "kill web": 12,
    "kill worker": 40,
    "freeze web": 8,
    "freeze worker": 35,
    "crash": 5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """How much of it. `every`: seconds between two blows, on average. `longest_freeze` stays below
    what a lease keeps back for a try (`Pace.margin`): a longer one may post twice, and no run can
    promise otherwise. `sure` are struck first, in any order.
    """

    every: float
    longest_freeze: float
    sure: tuple[Blow, ...]


class Trouble:
    """Does harm until it is cancelled."""

    def __init__(self, fleet: Fleet, server: PostgresServer, chance: Random, harm: Harm) -> None:
        self._fleet = fleet
        self._server = server
        self._chance = chance
        self._harm = harm
        self._sure = chance.sample(harm.sure, len(harm.sure))
        self.struck: Counter[str] = Counter()

    @property
    def owes(self) -> bool:
        """Whether something that is sure to come has not come yet."""
        return bool(self._sure)

    async def go_on(self) -> None:
        """One blow after the other."""
        while True:
            await asyncio.sleep(self._harm.every * (0.5 + self._chance.random()))
            (drawn,) = self._chance.choices(list(CHANCES), list(CHANCES.values()))
            await self._strike(self._sure[-1] if self._sure else drawn)
            if self._sure:
                self._sure.pop()

    async def _strike(self, blow: Blow) -> None:
        self.struck[blow] += 1
        if blow == "crash":
            await self._crash()
            return
        what, role = blow.split()
        member = self._chance.choice([m for m in self._fleet.members if m.role == role])
        if what == "kill":
            self._fleet.kill(member)
        else:
            await self._fleet.freeze(
                member, self._harm.longest_freeze * (0.3 + 0.7 * self._chance.random())
            )

    async def _crash(self) -> None:
        await asyncio.to_thread(self._server.crash)
        await asyncio.sleep(self._chance.random())
        await asyncio.to_thread(self._server.start)
