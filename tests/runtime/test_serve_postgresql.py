"""`python app.py serve` on PostgreSQL: web and worker processes as an operator runs them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import LONG, Program, Town, answers_at, ask, free_port, program, town

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

LISTENERS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
)


@dataclass(slots=True)
class Company:
    """A workspace, a web process that Slack calls, and a worker."""

    t: Town
    web: Program
    worker: Program

    async def hand_in(self, title: str) -> None:
        await self.t.sam.slash("/social-idea", "", channel=self.t.general)
        await self.t.sam.submit({"title": title})

    def titles(self) -> list[str]:
        return [card.text.splitlines()[0] for card in self.t.cards()]


@contextlib.asynccontextmanager
async def company(url: str, folder: Path, **more: Any) -> AsyncIterator[Company]:
    async with town(url) as t, contextlib.AsyncExitStack() as stack:
        programs = []
        for role in ("web", "worker"):
            port = free_port()
            given = t.settings(port=port, socket_mode=False, **more)
            programs.append(
                await stack.enter_async_context(program(folder, "serve", "--role", role, **given))
            )
            await answers_at(port)
            if role == "web":
                await t.call_over_http(port)
        yield Company(t, *programs)


@pytest.mark.parametrize("wake_ups", ["notify", "poll"])
async def test_the_main_flow(postgresql_url: str, tmp_path: Path, wake_ups: str) -> None:
    async with company(postgresql_url, tmp_path, wake_ups=wake_ups) as c:
        await c.hand_in("First")
        await c.t.quiet()
        await c.t.cora.click(c.t.cards()[0], "triage.take")
        await c.t.quiet()
        assert len(c.t.cards()) == len(c.t.story()) == 1
        owners = {row["owner"] for row in c.t.rows("lane", "owner IS NOT NULL")}
        assert owners == set()
        assert c.t.ws.problems == []
        for each in (c.web, c.worker):
            assert await each.stop() == 0
            assert "Traceback" not in each.errors
            assert '"level": "warning"' not in each.errors


async def test_a_web_process_delivers_nothing(postgresql_url: str, tmp_path: Path) -> None:
    async with company(postgresql_url, tmp_path) as c:
        assert await c.worker.stop() == 0
        await c.hand_in("First")
        waiting = "SELECT args FROM procrastinate_jobs WHERE args->>'lane' LIKE 'C%'"
        await c.t.ws.until(lambda: ask(postgresql_url, waiting), seconds=LONG)
        (job,) = ask(postgresql_url, waiting)
        assert job["args"]["lane"] == c.t.content
        await asyncio.sleep(0.5)
        assert c.t.cards() == []
        port = free_port()
        given = c.t.settings(port=port, socket_mode=False)
        async with program(tmp_path, "serve", "--role", "worker", **given) as second:
            await c.t.quiet()
            assert len(c.t.cards()) == 1
            assert await second.stop() == 0


async def test_one_process_that_does_it_all_hears_of_others_as_well(
    postgresql_url: str, tmp_path: Path
) -> None:
    async with company(postgresql_url, tmp_path) as c:
        assert await c.worker.stop() == 0
        port = free_port()
        given = c.t.settings(port=port, socket_mode=False)
        async with program(tmp_path, "serve", "--role", "all", **given) as both:
            await answers_at(port)
            await c.hand_in("First")
            await c.t.quiet()
            await c.t.call_over_http(port)
            await c.hand_in("Second")
            await c.t.quiet()
            assert len(c.t.cards()) == 2
            assert await both.stop() == 0


@pytest.mark.parametrize("role", ["web", "worker"])
async def test_without_procrastinate_s_tables_it_says_what_to_do(
    postgresql_url: str, tmp_path: Path, role: str
) -> None:
    ask(postgresql_url, "ALTER FUNCTION procrastinate_fetch_job_v2 RENAME TO procrastinate_gone")
    try:
        async with town(postgresql_url) as t:
            given = t.settings(socket_mode=False)
            async with program(tmp_path, "serve", "--role", role, **given) as desk:
                assert (await desk.ended())[0] == 1
                assert desk.errors.splitlines()[-1] == (
                    "DATABASE_URL: this database lacks Procrastinate's tables, or has older ones. "
                    "Run `python app.py migrate`, or set WAKE_UPS=poll to do without."
                )
    finally:
        ask(
            postgresql_url, "ALTER FUNCTION procrastinate_gone RENAME TO procrastinate_fetch_job_v2"
        )
