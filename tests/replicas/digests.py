"""Digests that become due while things go wrong, one channel after the other."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.configure import configure
from bot.desk import Subscription
from bot.errors import DeskError
from bot.ports import Transaction
from bot.submit import HandIn, hand_in
from sandbox.clock import wall_time
from storage.database import Database
from tests.replicas.company import Company

AGO = timedelta(minutes=1)
"""How long ago a digest was due when its channel is subscribed."""

OLD = timedelta(days=3)
"""How old is what waits at each desk: digests tell of the days before their own, and reminders and
escalations are due as soon as a worker is there.
"""

PAUSE = 0.2


def old_titles(company: Company) -> dict[str, int]:
    """What waits at each desk from before, by its title."""
    return {f"From before, desk {number}": number for number in range(len(company.doors))}


async def hand_in_before(company: Company, database_url: str) -> None:
    """An idea for each desk, days ago."""
    database = Database(database_url)
    here = company.ws.identity.team_id
    for title, door in zip(old_titles(company), company.doors, strict=True):
        command = HandIn(
            kind_key="idea",
            submitter_id=company.colleagues[0].user.id,
            fields={"title": title},
            source_key=f"before:{door}",
            channel_id=door,
        )
        await database.transact(here, hand_in, command, wall_time() - OLD)
    await database.close()


@dataclass(slots=True)
class Digests:
    """Subscribes the desks' channels. `subscribed`: the ids of what was due so far."""

    company: Company
    database_url: str
    every: float
    subscribed: list[str] = field(default_factory=list)

    @property
    def owes(self) -> bool:
        """Whether a channel is still without one."""
        return len(self.subscribed) < len(self.company.desks)

    async def go_on(self) -> None:
        """One after the other; whoever does it tries again while the database is away."""
        database = Database(self.database_url)
        try:
            for number, channel in enumerate(self.company.desks):
                await asyncio.sleep(self.every)
                due = wall_time() - AGO
                weekly = Subscription(
                    subscription_id=f"of_desk_{number}",
                    channel_id=channel,
                    weekday=due.weekday(),
                    time=f"{due:%H:%M}",
                    tz="UTC",
                )
                while not await self._done(database, weekly, due):  # noqa: ASYNC110  (a database)
                    await asyncio.sleep(PAUSE)
                self.subscribed.append(weekly.subscription_id)
        finally:
            await database.close()

    async def _done(self, database: Database, weekly: Subscription, due: datetime) -> bool:
        here = self.company.ws.identity.team_id
        try:
            await database.transact(here, subscribe, weekly, due - AGO)
        except DeskError:
            return False
        return True


def subscribe(tx: Transaction, weekly: Subscription, now: datetime) -> None:
    """Add a subscription, unless an earlier try did."""
    desk = tx.desk.load()
    if weekly not in desk.subscriptions:
        configure(tx, replace(desk, subscriptions=(*desk.subscriptions, weekly)), now)
