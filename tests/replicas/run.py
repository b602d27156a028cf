"""One run: a server, a fleet, a company, people at work, trouble; then rest, and the verdict."""

import asyncio
import contextlib
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from storage.migrate import upgrade
from tests.replicas.company import Company, InTurn, found
from tests.replicas.digests import Digests, hand_in_before
from tests.replicas.fleet import Fleet
from tests.replicas.people import Crowd
from tests.replicas.trouble import Harm, Trouble
from tests.replicas.verdict import Verdict, judge
from tests.support.postgres_server import DURABLE, PostgresServer
from tests.support.processes import ask, nursery

PACE: dict[str, float] = {
    "lease": 6.0,
    "settle": 0.5,
    "gap": 0.02,
    "margin": 4.0,
    "longest_wait": 5.0,
    "posts_per_minute": 100_000,
    "crowd": 100_000,
}
"""Instead of `bot.delivery.Pace`, in seconds. A freeze has to be shorter than `margin`. Each card
is posted, however many wait, so that each can be looked for.
"""

REST_SECONDS = 300.0

OPEN = """
    SELECT 1 FROM outbox WHERE done_at IS NULL
    UNION ALL SELECT 1 FROM schedule WHERE next_at < now()
    UNION ALL SELECT 1 FROM submission WHERE timer_at < now()
    LIMIT 1
"""
"""What is left to do: messages, digests, reminders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long and how hard. `seconds`: go on for so long at least."""

    seed: int
    submissions: int
    harm: Harm
    people: int = 40
    desks: int = 24
    webs: int = 2
    workers: int = 3
    taken: float = 0.1
    seconds: float = 0


@dataclass(slots=True, kw_only=True)
class Result:
    """What a run came to."""

    verdict: Verdict
    befell: Counter[str]
    struck: Counter[str]
    exits: dict[str, int]
    seconds: float


async def run(plan: Plan, folder: Path | None = None) -> Result:
    """Play it; logs of the processes stand in `folder`, for as long as it is there."""
    with contextlib.ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = PostgresServer(DURABLE)
        stack.callback(server.remove)
        await asyncio.to_thread(server.start)
        url = server.url()
        await asyncio.to_thread(upgrade, url)
        chance = Random(plan.seed)  # noqa: S311  (to be repeated, not to be kept from anybody)
        begun = time.monotonic()
        company = await found(url, chance, people=plan.people, desks=plan.desks)
        try:
            await hand_in_before(company, url)
            digests = Digests(company, url, max(plan.harm.every / 2, plan.seconds / plan.desks))
            async with _fleet(plan, place, company, url) as fleet:
                crowd, befell = await _play(plan, chance, server, fleet, company, digests)
                exits = await fleet.close()
            verdict = await asyncio.to_thread(judge, company, url, crowd.acked, digests.subscribed)
        finally:
            await company.close()
        return Result(
            verdict=verdict,
            befell=befell + fleet.counted,
            struck=company.faults.struck,
            exits=exits,
            seconds=time.monotonic() - begun,
        )


@contextlib.asynccontextmanager
async def _fleet(plan: Plan, place: Path, company: Company, url: str) -> AsyncIterator[Fleet]:
    identity = company.ws.identity
    settings = {
        "slack_bot_token": identity.bot_token,
        "slack_signing_secret": identity.signing_secret,
        "slack_api_url": f"{company.ws.base_url}/api/",
        "database_url": url,
    }
    with nursery() as mother:
        fleet = await Fleet.start(
            mother, place, settings, PACE, webs=plan.webs, workers=plan.workers
        )
        try:
            yield fleet
        finally:
            await fleet.close()


async def _play(
    plan: Plan,
    chance: Random,
    server: PostgresServer,
    fleet: Fleet,
    company: Company,
    digests: Digests,
) -> tuple[Crowd, Counter[str]]:
    """People at work while things go wrong; then nothing goes wrong any more, until all is done."""
    transport = InTurn(company.ws, fleet.ports)
    company.ws.connect(transport)
    company.faults.may_strike = True
    crowd = Crowd(company, chance)
    trouble = Trouble(fleet, server, chance, plan.harm)
    loop = asyncio.get_running_loop()
    until = loop.time() + plan.seconds

    def goes_on(begun: int) -> bool:
        return begun < plan.submissions or loop.time() < until or trouble.owes or digests.owes

    background = [
        asyncio.ensure_future(trouble.go_on()),
        asyncio.ensure_future(crowd.take(plan.taken)),
        asyncio.ensure_future(digests.go_on()),
    ]
    try:
        await crowd.hand_in(goes_on)
    finally:
        for task in background:
            task.cancel()
        ended = await asyncio.gather(*background, return_exceptions=True)
    broken = [error for error in ended[:-1] if not isinstance(error, asyncio.CancelledError)]
    broken += [error for error in ended[-1:] if error is not None]  # digests end by themselves
    assert not broken, f"trouble came to an end by itself: {broken}"
    company.faults.may_strike = False
    await asyncio.to_thread(server.start_if_down)
    await fleet.ready()
    await _rested(company, digests.database_url)
    await transport.close()
    return crowd, trouble.struck + Counter({"tried": crowd.tries})


async def _rested(company: Company, url: str) -> None:
    """Wait until nothing is left to do."""
    await company.ws.settled()
    async with asyncio.timeout(REST_SECONDS):
        while await asyncio.to_thread(ask, url, OPEN):  # noqa: ASYNC110  (another process's)
            await asyncio.sleep(0.2)
