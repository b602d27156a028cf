"""kill -9 at each point between a click and what Slack shows of it, where web and worker are
processes of their own on PostgreSQL: nothing lost, nothing twice.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.configure import configure
from bot.desk import Subscription
from runtime.clocks import SystemClock
from storage.database import Database
from tests.support.databases import postgresql_url
from tests.support.processes import (
    LONG,
    DeskProcess,
    Nursery,
    Town,
    answers_at,
    ask,
    free_port,
    nursery,
    town,
)

__all__ = ["postgresql_url"]

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

OF_THE_WEB = (
    "transact.before_commit",
    "transact.after_commit",
    "wakeups.before_send",
    "wakeups.after_send",
)
OF_THE_WORKER = (
    "delivery.after_claim",
    "delivery.after_answer",
    "delivery.before_finish",
    "delivery.after_finish",
)
ON_THE_WAY: dict[str, tuple[str, str, dict[str, Any]]] = {
    "limited": ("chat.postMessage", "429", {"retry_after": 2}),
    "lost": ("chat.postMessage", "lost", {}),
    "unclear": ("chat.postMessage", "error", {"code": "internal_error"}),
    "looked for in vain": ("conversations.history", "500", {}),
}
"""What Slack does to the try at whose end the worker dies."""

KILLED = -9
SWEPT_WITHIN = 30.0

DEATHS = 3
"""How often a worker dies at most until it dies over the digest: other work may be first."""


@pytest.fixture(scope="module")
def mother() -> Iterator[Nursery]:
    with nursery() as found:
        yield found


@dataclass(slots=True)
class Pair:
    """A web process, a worker, and the workspace beside them."""

    t: Town
    web: DeskProcess
    worker: DeskProcess

    async def raise_web(self, point: str | None = None) -> None:
        await self.t.call_over_http(await self._raise(self.web, "web", point))

    async def raise_worker(self, point: str | None = None) -> None:
        await self._raise(self.worker, "worker", point)

    async def _raise(self, process: DeskProcess, role: str, point: str | None) -> int:
        port = free_port()
        given = self.t.settings(port=port, socket_mode=False)
        await process.start(given, point=point, role=role)
        await answers_at(port)
        return port

    async def open_form(self) -> None:
        await self.t.sam.slash("/social-idea", "Our canteen has a new oven", channel=self.t.general)
        self.t.sam.fill({"title": "New oven"})

    async def submit(self) -> bool:
        return (await self.t.sam.submit()).failure is None

    async def all_is_done(self) -> None:
        await self.t.ws.until(
            lambda: not self.t.rows("outbox", "done_at IS NULL"), seconds=SWEPT_WITHIN
        )

    def came_once(self) -> None:
        (submission,) = self.t.rows("submission")
        assert submission["title"] == "New oven"
        (card,) = self.t.cards()
        assert "New oven" in card.text
        assert len(self.t.dm(self.t.sam)) == 1
        assert {row["state"] for row in self.t.rows("outbox")} == {"sent"}
        assert self.t.sam.view is None


@pytest.fixture
async def pair(mother: Nursery, postgresql_url: str, tmp_path: Path) -> AsyncIterator[Pair]:
    web, worker = (DeskProcess(mother, tmp_path, name) for name in ("web", "worker"))
    async with town(postgresql_url) as t:
        try:
            yield Pair(t, web, worker)
        finally:
            await web.close()
            await worker.close()


@pytest.mark.parametrize("point", OF_THE_WEB)
async def test_a_web_process_dies(pair: Pair, point: str) -> None:
    """What it committed the worker does, told or not; what it did not is typed already."""
    await pair.raise_worker()
    await pair.raise_web(point)
    await pair.open_form()
    pair.web.arm()
    acked = await pair.submit()
    assert await pair.web.ended() == KILLED
    is_stored = point != "transact.before_commit"
    assert len(pair.t.rows("submission")) == is_stored
    if is_stored:
        await pair.all_is_done()
        assert len(pair.t.cards()) == 1
    if not acked:
        assert pair.t.sam.view is not None
        await pair.raise_web()
        assert await pair.submit()
    await pair.all_is_done()
    pair.came_once()


@pytest.mark.parametrize("point", OF_THE_WORKER)
async def test_a_worker_dies(pair: Pair, point: str) -> None:
    """Another one takes over when its lease is over, and looks before it posts."""
    await pair.raise_web()
    await pair.raise_worker(point)
    await pair.open_form()
    pair.worker.arm()
    assert await pair.submit()
    assert await pair.worker.ended() == KILLED
    await pair.raise_worker()
    await pair.all_is_done()
    pair.came_once()


@pytest.mark.parametrize("how", ON_THE_WAY)
@pytest.mark.parametrize("point", ["delivery.before_finish", "delivery.after_finish"])
async def test_a_worker_dies_over_what_slack_answers(pair: Pair, how: str, point: str) -> None:
    """Whether that was a limit, no answer, or one that says nothing: it comes, and once."""
    what, kind, options = ON_THE_WAY[how]
    await pair.raise_web()
    await pair.raise_worker(point)
    await pair.open_form()
    pair.worker.arm()
    pair.t.ws.fault(what, kind, times=2, **options)
    if what == "conversations.history":
        pair.t.ws.fault("chat.postMessage", "lost", times=2)
    assert await pair.submit()
    assert await pair.worker.ended() == KILLED
    await pair.raise_worker()
    await pair.all_is_done()
    pair.came_once()


async def test_a_wake_up_that_is_wiped_costs_seconds(pair: Pair) -> None:
    await pair.raise_worker()
    await pair.raise_web()
    await pair.open_form()
    wiped = asyncio.ensure_future(_wipe_all_the_while(pair.t.database_url))
    try:
        assert await pair.submit()
        await pair.all_is_done()
    finally:
        wiped.cancel()
        await asyncio.wait([wiped])
    pair.came_once()


async def _wipe_all_the_while(url: str) -> None:
    while True:
        await asyncio.to_thread(ask, url, "DELETE FROM procrastinate_jobs WHERE status = 'todo'")
        await asyncio.sleep(0)


@pytest.mark.parametrize("point", ["transact.before_commit", "transact.after_commit"])
async def test_a_worker_dies_while_it_fires_a_digest(pair: Pair, point: str) -> None:
    await pair.raise_web()
    await pair.raise_worker(point)
    await pair.open_form()
    assert await pair.submit()
    await pair.all_is_done()
    await _let_a_digest_be_due(pair.t)
    before: list[dict[str, Any]] = []
    for _ in range(DEATHS):
        pair.worker.arm()
        assert await pair.worker.ended() == KILLED
        before = pair.t.rows("period_run")
        if before or point != "transact.after_commit":
            break
        await pair.raise_worker(point)  # something else was committed first
    assert len(before) == (point == "transact.after_commit")
    await pair.raise_worker()
    await pair.t.ws.until(lambda: pair.t.rows("period_run"), seconds=LONG)
    await pair.all_is_done()
    (run,) = pair.t.rows("period_run")
    assert run["status"] == "fired"
    assert before in ([], [run])
    assert [row["state"] for row in pair.t.rows("outbox", "kind = 'digest'")] == ["sent"]
    posted = pair.t.ws.messages.get(pair.t.general, {}).values()
    told = [m for m in posted if m.bot_id and m.ephemeral_to is None]
    (digest,) = (m for m in told if m.thread_ts is None)
    # What it says in its thread comes once, too.
    titles = [m.text.splitlines()[0] for m in told if m is not digest]
    assert titles
    assert len(set(titles)) == len(titles)
    assert {m.thread_ts for m in told if m is not digest} == {digest.ts}


async def _let_a_digest_be_due(t: Town) -> None:
    """Subscribe the general channel to a digest that was due a minute ago, and has something to
    say: it is about the days before its own, so what came today would leave it silent.
    """
    ask(t.database_url, "UPDATE submission SET created_at = created_at - interval '2 days'")
    now = SystemClock().now()
    due = now - timedelta(minutes=1)
    weekly = Subscription(
        subscription_id="weekly",
        channel_id=t.general,
        weekday=due.weekday(),
        time=f"{due:%H:%M}",
        tz="UTC",
    )
    async with contextlib.AsyncExitStack() as stack:
        database = Database(t.database_url)
        stack.push_async_callback(database.close)
        here = t.ws.identity.team_id
        desk = await database.read(here, lambda tx, _command, _now: tx.desk.load(), None, now)
        changed = replace(desk, subscriptions=(weekly,))
        await database.transact(here, configure, changed, now - timedelta(minutes=3))
