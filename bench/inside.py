"""What is measured inside this process, where no network adds noise."""

import hashlib
import hmac
from collections.abc import Sequence
from statistics import median
from time import perf_counter, process_time
from urllib.parse import urlencode

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bench.payloads import COMMAND, user_id
from bench.servers.minimal import build
from handlers.ids import Action
from sandbox.clock import wall_time
from sandbox.model import Message
from sandbox.state import Identity
from tests.support.desk import Scene, scene

BATCH = 200
BATCHES = 9
CLICKS = 9


async def dispatch_ratio(database_url: str) -> float:
    """Processor time of dispatching a command: the desk with all its listeners / an app with one.

    The best of several batches each, taken in turn.
    """
    secret = Identity().signing_secret
    async with scene(database_url) as found:
        team = found.ws.identity.team_id
        apps = (found.desk.app, build(secret))
        best = [float("inf"), float("inf")]
        for _ in range(BATCHES):
            for place, app in enumerate(apps):
                best[place] = min(best[place], await _batch(app, secret, team))
    return best[0] / best[1]


async def _batch(app: AsyncApp, secret: str, team: str) -> float:
    body = urlencode(
        {"team_id": team, "user_id": user_id(0), "channel_id": "C1", "command": COMMAND, "text": ""}
    )
    timestamp = str(int(wall_time().timestamp()))
    base = f"v0:{timestamp}:{body}".encode()
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    headers: dict[str, str | Sequence[str]] = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature,
    }
    begun = process_time()
    for _ in range(BATCH):
        answer = await app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
        if answer.status != 200:
            raise RuntimeError(f"a command was answered with {answer.status}: {answer.body}")
    return process_time() - begun


async def click_to_card(database_url: str) -> float:
    """Milliseconds from a click on a card until the card shows it, in the sandbox."""
    async with scene(database_url) as found:
        times = [await _one_click(found, place) for place in range(CLICKS)]
    return median(times) * 1000


async def _one_click(found: Scene, place: int) -> float:
    await found.sam.slash("/social-idea", channel=found.general)
    await found.sam.submit({"title": f"Idea {place}"})
    await found.settle()
    card = max(found.cards(found.content), key=lambda message: message.ts)
    begun = perf_counter()
    await found.cora.click(card, Action.TRIAGE_TAKE)
    await found.ws.until(lambda: _shown(found, card) != card.blocks, seconds=5)
    took = perf_counter() - begun
    await found.settle()
    return took


def _shown(found: Scene, card: Message) -> object:
    return found.ws.messages[card.channel][card.ts].blocks
