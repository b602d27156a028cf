"""What one process stores, another delivers: told of, or asked for; and a line that breaks."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from typing import cast

import pytest

from bot.errors import StorageDownError
from bot.ports import LaneRef
from runtime.compose import SocialDesk
from runtime.dispatcher import Dispatcher
from runtime.wakeups import Line, NotifyLine, again_and_again, line_to, listening_to, reason
from storage.wakeups import Wakeups
from tests.support.desk import Scene, compose, scene

LONG = 20.0
A, B = LaneRef("T1", "A"), LaneRef("T1", "B")


@contextlib.asynccontextmanager
async def line(url: str, *, polls: bool) -> AsyncIterator[Line]:
    async with line_to(url, polls=polls, jitter=lambda: 0.0, checkpoint=lambda _: None) as found:
        yield found


@contextlib.asynccontextmanager
async def apart(s: Scene, url: str, *, polls: bool) -> AsyncIterator[SocialDesk]:
    """Nothing ticks: the scene's desk takes requests, another one delivers, a line between them."""
    worker = await compose(s.ws, s.clock, url, owner="worker")
    async with line(url, polls=polls) as here, line(url, polls=polls) as there:
        s.desk.announce = here.tell
        async with listening_to(there, worker.dispatcher):
            yield worker
        await worker.close()
        s.desk.announce = s.desk.dispatcher.wake


@pytest.mark.postgres
@pytest.mark.parametrize("polls", [False, True])
async def test_what_one_process_stores_another_delivers(postgresql_url: str, polls: bool) -> None:
    async with scene(postgresql_url) as s, apart(s, postgresql_url, polls=polls):
        for title in ("First", "Second"):
            await s.sam.slash("/social-idea", "", channel=s.general)
            await s.sam.submit({"title": title})
            await s.ws.until(lambda: titles(s)[-1:] == [title], seconds=LONG)  # noqa: B023  (now)
            await s.ws.until(lambda: len(s.dm(s.sam)) == len(titles(s)), seconds=LONG)
            await s.clock.advance(timedelta(seconds=2))
        assert s.desk.dispatcher.is_idle


def titles(s: Scene) -> list[str]:
    found = ("First", "Second")
    return [title for card in s.cards(s.content) for title in found if title in card.text]


class FakeWakeups:
    """Sends nothing, breaks down on demand, and can be made to take its time."""

    def __init__(self) -> None:
        self.sent: list[set[LaneRef]] = []
        self.errors: list[Exception] = []
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def send(self, refs: Iterable[LaneRef]) -> None:
        self.sent.append(set(refs))
        await self.may_go_on.wait()
        if self.errors:
            raise self.errors.pop()


def notify(fake: FakeWakeups) -> NotifyLine:
    sender = cast("Wakeups", fake)
    return NotifyLine(sender, jitter=lambda: 0.0, checkpoint=lambda _: None)


async def test_what_comes_while_one_batch_is_on_its_way_goes_with_the_next() -> None:
    fake = FakeWakeups()
    told = notify(fake)
    fake.may_go_on.clear()
    told.tell([A])
    await asyncio.sleep(0)
    told.tell([A])
    told.tell([B, A])
    assert fake.sent == [{A}]
    fake.may_go_on.set()
    await told.flush()
    assert fake.sent == [{A}, {A, B}]


async def test_a_wake_up_that_can_t_be_sent_is_said_once_and_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake = FakeWakeups()
    fake.errors.append(StorageDownError())
    told = notify(fake)
    with caplog.at_level(logging.WARNING):
        told.tell([A, B])
        await told.flush()
    told.tell([A])
    await told.flush()
    (record,) = caplog.records
    assert record.getMessage() == "wake-ups lost; the sweep finds their lanes"
    assert record.__dict__["lanes"] == 2
    assert fake.sent == [{A, B}, {A}]


async def test_a_broken_line_is_taken_up_again_more_and_more_patiently(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    breaks: list[Exception] = [StorageDownError() for _ in range(7)]
    breaks.insert(2, KeyError("a bug"))
    done = asyncio.Event()

    async def work() -> None:
        if breaks:
            raise breaks.pop(0)
        done.set()
        await asyncio.Event().wait()

    async def nap(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("runtime.wakeups.asyncio.sleep", nap)
    with caplog.at_level(logging.WARNING):
        task = asyncio.ensure_future(again_and_again(work, lambda: 0.0, what="broken"))
        await done.wait()
        task.cancel()
    assert waits == [1, 2, 30, 4, 8, 16, 30, 30]
    assert {record.getMessage() for record in caplog.records} == {"broken"}
    assert sum(record.levelno == logging.ERROR for record in caplog.records) == 1


def test_a_log_names_what_began_it() -> None:
    error = StorageDownError()
    error.__cause__ = ValueError("Database error.")
    error.__cause__.__cause__ = ConnectionError("server closed\n\tthe connection")
    assert reason(error) == "server closed the connection"


async def test_listening_ends_even_when_the_end_is_turned_into_an_error() -> None:
    """As Procrastinate does when it can't sign off because the database is away."""
    begun = asyncio.Event()

    class Broken:
        def tell(self, lanes: Iterable[LaneRef]) -> None: ...

        async def listen(self, dispatcher: Dispatcher) -> None:  # noqa: ARG002  (a Line has it)
            async def hear() -> None:
                begun.set()
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    raise StorageDownError from None

            await again_and_again(hear, lambda: 0.0, what="broken")

    async with asyncio.timeout(LONG), listening_to(Broken(), cast("Dispatcher", None)):
        await begun.wait()
