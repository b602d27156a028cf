"""Webhooks where many workspaces install the app: each one's own, over HTTP, and nobody else's."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
from standardwebhooks import Webhook

from bot.goals import SetGoal, set_goal
from bot.hook import path_of, secret_of
from bot.hooks import ChangeHook, MakeHook, delete_hook, make_hook
from runtime.doors import listening
from runtime.hooks import Hooks
from runtime.readiness import Condition
from runtime.web import FrontDoor
from tests.support.door_table import GOAL
from tests.support.town import Place, Town, many_settings

SECRETS = {"T0NORTH": secret_of(b"n" * 32), "T0SOUTH": secret_of(b"s" * 32)}
DAY = timedelta(days=1)
READING = {"type": "goal.reading", "data": {"goal": "Trial sign-ups", "value": 7}}
SIGN_UP = {"type": "conversion.recorded", "data": {"type": "signup", "count": 3}}


@dataclass(slots=True)
class Senders:
    """Other systems, each with a secret; webhooks have the same id in every workspace."""

    town: Town
    session: aiohttp.ClientSession
    url: str

    async def send(
        self, at: str, secret_of_: str, body: object = READING, message_id: str = "msg_1"
    ) -> int:
        """Send to the workspace `at`, signed with the secret of another or the same."""
        text, now = json.dumps(body), self.town.clock.now()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRETS[secret_of_]).sign(message_id, now, text),
        }
        url = f"{self.url}{path_of(at, 'V1')}"
        async with self.session.post(url, data=text.encode(), headers=headers) as answer:
            return answer.status

    async def stored(self, place: Place) -> tuple[int, int]:
        """How many readings and conversions a workspace has."""
        now = self.town.clock.now()
        return await self.town.desk.database.read(
            place.team_id,
            lambda tx, _c, _n: (
                len(tx.goals.trail("V7", limit=9)),
                sum(one.count for one in tx.conversions.totals(now - DAY, now + DAY)),
            ),
            None,
            now,
        )


@contextlib.asynccontextmanager
async def sending_to(t: Town, database_url: str) -> AsyncIterator[Senders]:
    """A process of the desk that listens, and a webhook and a goal in each workspace."""
    door = FrontDoor()

    async def ready() -> Condition:
        return Condition()

    door.open_up(ready, hooks=Hooks(t.desk.database, t.clock).answer)
    for place in t.places:
        olga, here = place.olga.user.id, place.team_id
        hook = MakeHook(form_id="V1", actor_id=olga, name="Shop", secret=SECRETS[here])
        goal = SetGoal(form_id="V7", actor_id=olga, given=GOAL)
        await t.desk.database.transact(here, make_hook, hook, t.clock.now())
        await t.desk.database.transact(here, set_goal, goal, t.clock.now())
    async with (
        listening(many_settings(database_url, port=0), door.routes()) as address,
        aiohttp.ClientSession() as session,
    ):
        yield Senders(t, session, address)


@pytest.fixture
async def senders(both: Town, database_url: str) -> AsyncIterator[Senders]:
    async with sending_to(both, database_url) as found:
        yield found


async def test_a_signature_of_one_workspace_lets_nothing_into_another(senders: Senders) -> None:
    t = senders.town
    for at, signed in (("T0NORTH", "T0SOUTH"), ("T0SOUTH", "T0NORTH")):
        for body in (READING, SIGN_UP):
            assert await senders.send(at, signed, body) == 401
    assert [await senders.stored(place) for place in t.places] == [(0, 0), (0, 0)]

    assert await senders.send("T0NORTH", "T0NORTH") == 200
    assert await senders.send("T0NORTH", "T0NORTH", SIGN_UP, "msg_2") == 200
    assert [await senders.stored(place) for place in t.places] == [(1, 3), (0, 0)]
    # The same ids come to the other one: they are its own, and count.
    assert await senders.send("T0SOUTH", "T0SOUTH") == 200
    assert [await senders.stored(place) for place in t.places] == [(1, 3), (1, 0)]
    # What north sent, word by word with its signature, is nothing to south.
    assert await senders.send("T0SOUTH", "T0NORTH", SIGN_UP, "msg_2") == 401
    assert await senders.stored(t.south) == (1, 0)


async def test_a_workspace_that_has_no_desk_has_no_webhooks(senders: Senders) -> None:
    assert await senders.send("T0NOWHERE", "T0NORTH") == 404
    assert await senders.send("t0north", "T0NORTH") == 404


async def test_who_deletes_a_webhook_or_takes_the_app_out_shuts_their_own_door_alone(
    senders: Senders,
) -> None:
    t = senders.town
    command = ChangeHook(hook_id="V1", actor_id=t.north.olga.user.id)
    await t.desk.database.transact("T0NORTH", delete_hook, command, t.clock.now())
    assert await senders.send("T0NORTH", "T0NORTH") == 404
    assert await senders.send("T0SOUTH", "T0SOUTH") == 200

    t.south.ws.uninstall()
    await t.settle()
    assert await senders.send("T0SOUTH", "T0SOUTH", message_id="msg_2") == 404
    assert await senders.stored(t.south) == (1, 0)
