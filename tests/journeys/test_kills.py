"""kill -9 at each point between a click and what Slack shows of it: nothing lost, nothing twice.

The workspace runs here, the desk is a process that dies and is started again.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sandbox.delivery import Ack
from tests.support.processes import (
    LONG,
    DeskProcess,
    Nursery,
    Town,
    answers_at,
    free_port,
    nursery,
    town,
)

pytestmark = pytest.mark.slow

POINTS = (
    "transact.before_commit",
    "transact.after_commit",
    "delivery.after_claim",
    "delivery.after_answer",
    "delivery.before_finish",
    "delivery.after_finish",
)
KILLED = -9


@pytest.fixture(scope="module")
def mother() -> Iterator[Nursery]:
    with nursery() as found:
        yield found


@dataclass(slots=True)
class Stage:
    """The workspace, the desk beside it, and how Slack reaches it."""

    town: Town
    desk: DeskProcess
    over_http: bool
    port: int = 0

    async def raise_desk(self, point: str | None = None) -> None:
        self.port = free_port()
        given = self.town.settings(port=self.port, socket_mode=not self.over_http)
        await self.desk.start(given, point=point)
        if self.over_http:
            await self.town.call_over_http(self.port)
        await answers_at(self.port)

    async def arm(self) -> None:
        """Let the desk die from now on, once it is idle: readiness writes behind what is left."""
        await self.town.quiet()
        await answers_at(self.port)
        await answers_at(self.port)
        self.desk.arm()

    async def dies(self) -> None:
        """Wait for the death, for Slack to have noticed it, and for the dead one's lease to end."""
        assert await self.desk.ended() == KILLED
        if not self.over_http:
            link = self.town.server.link
            await self.town.ws.until(lambda: link.connections == 0, seconds=LONG)
        await self.town.ws.settled()
        now = self.town.ws.clock.now()
        leases = self.town.rows("lane", "lease_until IS NOT NULL")
        ends = (datetime.fromisoformat(f"{row['lease_until']}+00:00") for row in leases)
        until = max(ends, default=now)
        await asyncio.sleep(max((until - now).total_seconds(), 0))

    def refuse_to_outlive(self, channel: str) -> None:
        """Kill the desk when its message stands in the channel and its answer is not yet out."""
        before = len(self.town.ws.messages.get(channel, {}))

        def watch() -> None:
            if len(self.town.ws.messages.get(channel, {})) > before:
                stop()
                self.desk.kill()

        stop = self.town.ws.on_change(watch)


@pytest.fixture(params=["socket", "http"])
async def stage(
    request: pytest.FixtureRequest, mother: Nursery, sqlite_url: str, tmp_path: Path
) -> AsyncIterator[Stage]:
    desk = DeskProcess(mother, tmp_path)
    async with town(sqlite_url) as found:
        try:
            yield Stage(found, desk, over_http=request.param == "http")
        finally:
            await desk.close()


over_socket = pytest.mark.parametrize("stage", ["socket"], indirect=True)
over_http = pytest.mark.parametrize("stage", ["http"], indirect=True)


async def open_form(t: Town) -> None:
    await t.sam.slash("/social-idea", "Our canteen has a new oven", channel=t.general)
    t.sam.fill({"title": "New oven"})


def was_acked(ack: Ack) -> bool:
    return ack.failure is None


def handed_in_once(t: Town) -> None:
    (submission,) = t.rows("submission")
    assert submission["title"] == "New oven"
    (card,) = t.cards()
    assert "New oven" in card.text
    (receipt,) = t.dm(t.sam)
    assert "1" in receipt.text
    assert t.story() == []
    assert {row["state"] for row in t.rows("outbox")} == {"sent"}
    assert t.sam.view is None


@over_socket
@pytest.mark.parametrize("point", POINTS)
async def test_handing_in_survives(stage: Stage, point: str) -> None:
    t = stage.town
    await stage.raise_desk(point)
    await open_form(t)
    await stage.arm()
    acked = was_acked(await t.sam.submit())
    await stage.dies()
    if acked:
        assert t.sam.view is None
    assert len(t.rows("submission")) == (0 if point == "transact.before_commit" else 1)
    if point.startswith("transact"):
        assert not acked

    await stage.raise_desk()
    if not acked:
        assert t.sam.view is not None
        assert was_acked(await t.sam.submit())
    await t.quiet()
    handed_in_once(t)


@over_http
async def test_handing_in_survives_a_death_while_slack_answers(stage: Stage) -> None:
    t = stage.town
    await stage.raise_desk()
    await open_form(t)
    stage.refuse_to_outlive(t.content)
    acked = was_acked(await t.sam.submit())
    await stage.dies()
    assert len(t.cards()) == 1

    await stage.raise_desk()
    if not acked:
        assert was_acked(await t.sam.submit())
    await t.quiet()
    handed_in_once(t)


def taken_once(t: Town) -> None:
    (submission,) = t.rows("submission")
    assert submission["assignee_id"] == t.cora.user.id
    assert len(t.rows("history", "verb = 'take'")) == 1
    (card,) = t.cards()
    assert "triage.take" not in str(card.blocks)
    assert "triage.accept" in str(card.blocks)
    assert len(t.story()) == 1
    receipt, word = t.dm(t.sam)
    assert word.thread_ts == receipt.ts
    assert {row["state"] for row in t.rows("outbox")} <= {"sent", "superseded"}


async def press_again_if_it_is_still_there(t: Town) -> None:
    (card,) = t.cards()
    if "triage.take" in str(card.blocks):
        assert was_acked(await t.cora.click(card, "triage.take"))


@over_http
@pytest.mark.parametrize("point", POINTS)
async def test_a_click_on_a_card_survives(stage: Stage, point: str) -> None:
    t = stage.town
    await stage.raise_desk(point)
    await open_form(t)
    await t.sam.submit()
    await t.quiet()
    (card,) = t.cards()

    await stage.arm()
    acked = was_acked(await t.cora.click(card, "triage.take"))
    await stage.dies()
    is_stored = point != "transact.before_commit"
    assert len(t.rows("history", "verb = 'take'")) == is_stored
    if point.startswith("transact"):
        assert not acked

    await stage.raise_desk()
    if not acked:
        await press_again_if_it_is_still_there(t)
    await t.quiet()
    taken_once(t)


@over_socket
@pytest.mark.parametrize("where", ["thread", "dm"])
async def test_a_click_survives_a_death_while_slack_answers(stage: Stage, where: str) -> None:
    t = stage.town
    await stage.raise_desk()
    await open_form(t)
    await t.sam.submit()
    await t.quiet()
    (card,) = t.cards()

    stage.refuse_to_outlive(t.content if where == "thread" else t.dm(t.sam)[0].channel)
    acked = was_acked(await t.cora.click(card, "triage.take"))
    await stage.dies()

    await stage.raise_desk()
    if not acked:
        await press_again_if_it_is_still_there(t)
    await t.quiet()
    taken_once(t)


@over_http
@pytest.mark.parametrize("point", ["transact.before_commit", "transact.after_commit"])
async def test_an_event_comes_again_and_is_heard_once(stage: Stage, point: str) -> None:
    t = stage.town
    await stage.raise_desk(point)
    await t.quiet()
    await stage.arm()
    t.ws.change_user(t.sam.user.id, tz="America/New_York")
    await stage.dies()
    is_stored = point != "transact.before_commit"
    assert len(t.rows("inbox_seen")) == is_stored

    await stage.raise_desk()
    await t.ws.clock.advance(timedelta(seconds=61))
    await t.ws.settled()
    assert len(t.rows("inbox_seen")) == 1
    (member,) = t.rows("member", f"user_id = '{t.sam.user.id}'")
    assert member["tz"] == "America/New_York"
