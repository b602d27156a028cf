"""What people do, patiently: what is not acknowledged they press again, as anybody would."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from sandbox.filling import ClientRefused
from sandbox.people import Person
from tests.replicas.company import Company

PAUSE = 0.2
"""Seconds before somebody tries again."""


@dataclass(slots=True)
class Crowd:
    """Everybody who hands in. `acked`: title of what was acknowledged, by its desk's number."""

    company: Company
    chance: Random
    acked: dict[str, int] = field(default_factory=dict)
    tries: int = 0
    begun: int = 0

    async def hand_in(self, goes_on: Callable[[int], bool]) -> None:
        """All colleagues at once hand in, one after the other, as long as `goes_on` says so of the
        number that was begun.
        """

        async def one_after_the_other(person: Person) -> None:
            while goes_on(self.begun):
                self.begun += 1
                await self._one(person, self.begun)

        await asyncio.gather(*(one_after_the_other(person) for person in self.company.colleagues))

    async def _one(self, person: Person, number: int) -> None:
        """Hand in once. A form that is taken away unanswered is another one's business: whatever
        becomes of it, the next has a title of its own.
        """
        desk = self.chance.randrange(len(self.company.doors))
        attempt = 0
        while True:
            attempt += 1
            title = f"Number {number} try {attempt} desk {desk}"
            if await self._opened(person, desk) and await self._submitted(person, title):
                self.acked[title] = desk
                return
            await asyncio.sleep(PAUSE)

    async def _opened(self, person: Person, desk: int) -> bool:
        if person.view is not None:
            await person.close_view(cleared=True)
        ack = await person.slash("/social-idea", "", channel=self.company.doors[desk])
        return ack.failure is None and person.view is not None

    async def _submitted(self, person: Person, title: str) -> bool:
        """Press the button of this form until it is taken; False when the form is gone."""
        form = person.view
        while form is not None and person.view is not None and person.view.id == form.id:
            self.tries += 1
            try:
                ack = await person.submit({"title": title})
            except ClientRefused:
                return False  # the form gave way to a page with the typed text
            if ack.failure is None and person.view is None:
                return True
            await asyncio.sleep(PAUSE)
        return False

    async def take(self, share: float) -> None:
        """The owner takes some of the cards, as they come; until cancelled."""
        seen: set[str] = set()
        ws = self.company.ws
        while True:
            for channel in self.company.desks:
                for message in list(ws.messages.get(channel, {}).values()):
                    if message.ts in seen or message.is_reply or not message.bot_id:
                        continue
                    seen.add(message.ts)
                    if self.chance.random() < share and "triage.take" in str(message.blocks):
                        await self.company.owner.click(message, "triage.take")
            await asyncio.sleep(PAUSE)
