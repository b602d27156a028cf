"""The disk is full, the database is gone for a while, Slack can't be reached for an hour: what
people see then, and that afterwards all is there, once, without anybody restarting anything.
"""

import asyncio
import resource
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from sandbox.people import Person
from storage.migrate import upgrade
from tests.support.desk import Scene
from tests.support.postgres_server import DURABLE, PostgresServer, find_programs
from tests.support.processes import (
    LONG,
    DeskProcess,
    Nursery,
    Program,
    Town,
    answers_at,
    free_port,
    nursery,
    program,
    rows_of,
    town,
)
from tests.support.rows_in_flight import keys_in

CAN_T_SAVE = (
    "Social Desk can't save anything right now. Nothing was saved; please try again in a few"
)
NO_LIMIT = resource.RLIM_INFINITY


async def write_form(t: Town, person: Person, title: str) -> None:
    await person.slash("/social-idea", "", channel=t.general)
    person.fill({"title": title})


async def assert_told_and_nothing_lost(person: Person, title: str) -> None:
    """Handing in says that it can't be saved, and the form is still there with what was typed."""
    await person.submit()
    assert [said for said in person.errors.values() if said.startswith(CAN_T_SAVE)]
    assert person.view is not None
    assert title in str(person.view.values)


async def lacking_at(port: int) -> tuple[int, str]:
    """What `/readyz` answers."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/readyz") as response,
    ):
        return response.status, await response.text()


# -- The disk is full


@pytest.fixture(scope="module")
def mother() -> Iterator[Nursery]:
    with nursery() as found:
        yield found


@pytest.fixture
async def place(sqlite_url: str) -> AsyncIterator[Town]:
    async with town(sqlite_url) as found:
        yield found


@pytest.fixture
async def desk(mother: Nursery, tmp_path: Path) -> AsyncIterator[DeskProcess]:
    process = DeskProcess(mother, tmp_path)
    yield process
    await process.close()


def fill_disk(desk: DeskProcess) -> None:
    """Let no file of the desk's take another byte."""
    resource.prlimit(desk.pid, resource.RLIMIT_FSIZE, (0, NO_LIMIT))


def free_disk(desk: DeskProcess) -> None:
    resource.prlimit(desk.pid, resource.RLIMIT_FSIZE, (NO_LIMIT, NO_LIMIT))


@pytest.mark.slow
async def test_a_full_disk_is_said_in_the_form_and_nothing_typed_is_lost(
    place: Town, desk: DeskProcess
) -> None:
    t, port = place, free_port()
    await desk.start(t.settings(port=port))
    await t.linked()
    await answers_at(port)
    fill_disk(desk)
    await write_form(t, t.sam, "First")
    await assert_told_and_nothing_lost(t.sam, "First")
    status, said = await lacking_at(port)
    assert (status, "the database" in said) == (503, True)
    assert t.rows("submission") == []
    free_disk(desk)
    await t.sam.submit()
    assert t.sam.view is None
    await t.quiet()
    await answers_at(port)
    assert_came_once(t, "First")
    assert await desk.stop() == 0


@pytest.mark.slow
async def test_a_disk_that_fills_up_while_a_card_is_posted_makes_no_second_card(
    place: Town, desk: DeskProcess
) -> None:
    t, port = place, free_port()
    await desk.start(t.settings(port=port))
    await t.linked()
    await answers_at(port)
    posted = asyncio.Event()

    def watch() -> None:
        if t.cards() and not posted.is_set():
            fill_disk(desk)  # Slack has the card, and the desk can't write that down
            posted.set()

    stop = t.ws.on_change(watch)
    await write_form(t, t.sam, "First")
    await t.sam.submit()
    await asyncio.wait_for(posted.wait(), LONG)
    stop()
    assert (await lacking_at(port))[0] == 503
    (card,) = t.rows("outbox", "kind = 'card'")
    assert card["state"] == "sending"
    free_disk(desk)
    await t.quiet()
    assert_came_once(t, "First")
    assert await desk.stop() == 0


def assert_came_once(t: Town, *titles: str) -> None:
    assert sorted(row["title"] for row in t.rows("submission")) == sorted(titles)
    texts = [card.text for card in t.cards()]
    assert [sum(title in text for text in texts) for title in titles] == [1] * len(titles)
    assert max(Counter(keys_in(t.ws)).values()) == 1
    assert {row["state"] for row in t.rows("outbox")} <= {"sent", "superseded"}
    assert t.ws.problems == []


# -- The database is gone


@pytest.fixture
def cluster() -> Iterator[PostgresServer]:
    if find_programs() is None:
        pytest.skip("PostgreSQL's programs are missing")
    found = PostgresServer(DURABLE)
    found.start()
    upgrade(found.url())
    yield found
    found.remove()


@pytest.mark.slow
@pytest.mark.postgres
async def test_a_database_that_is_gone_for_a_while_is_said_and_all_goes_on_when_it_is_back(
    cluster: PostgresServer, tmp_path: Path
) -> None:
    port = free_port()
    async with (
        town(cluster.url()) as t,
        program(tmp_path, "serve", **t.settings(port=port)) as desk,
    ):
        await t.linked()
        await answers_at(port)
        await write_form(t, t.sam, "Before")
        await t.sam.submit()
        await t.quiet()
        people = {"Sam's": t.sam, "Cora's": t.cora, "Olga's": t.olga}
        cluster.crash()
        await asyncio.gather(*(_hand_in_vain(t, who, title) for title, who in people.items()))
        (card,) = t.cards()
        seen = len(t.cora.ephemerals)
        await t.cora.click(card, "triage.take")
        await t.ws.until(lambda: len(t.cora.ephemerals) > seen, seconds=LONG)
        assert CAN_T_SAVE.partition(";")[0] in t.cora.ephemerals[-1].text
        status, said = await lacking_at(port)
        assert (status, "the database" in said) == (503, True)
        cluster.start()
        await answers_at(port)
        for who in people.values():
            await who.submit()
            assert who.view is None
        await t.quiet()
        assert_came_once(t, "Before", *people)
        await t.cora.click(t.cards()[0], "triage.take")
        await t.quiet()
        assert len(t.story()) == 1
        assert_still_the_same(desk)
        assert await desk.stop() == 0


async def _hand_in_vain(t: Town, person: Person, title: str) -> None:
    await write_form(t, person, title)
    await assert_told_and_nothing_lost(person, title)


def assert_still_the_same(desk: Program) -> None:
    assert desk._process.returncode is None
    assert "Traceback" not in desk.errors


# -- Slack is gone


async def test_what_slack_could_not_be_told_for_an_hour_comes_once_in_order_and_collapsed(
    at_work: Scene, sqlite_url: str
) -> None:
    s = at_work
    await hand_in(s, "Before")
    await s.settle()
    methods = ("chat.postMessage", "chat.update", "views.publish", "conversations.open")
    for method in methods:
        s.ws.fault(method, "refused", times=10_000)
    (before,) = s.cards(s.content)
    await s.cora.click(before, "triage.take")
    await s.wait(minutes=10)
    for number in range(5):
        await hand_in(s, f"During {number}")
        await s.wait(minutes=10)
    await s.cora.slash("/social", "1", channel=s.general)  # the card is behind, the details are not
    await s.cora.click(s.modal(s.cora), "triage.accept")
    assert len(s.cards(s.content)) == 1
    assert "Accepted" not in s.only_card(s.content).text
    s.ws.faults.clear()
    await s.wait(minutes=6)
    cards = sorted(s.cards(s.content), key=lambda card: card.ts)
    assert ["Before" in cards[0].text, "Accepted" in cards[0].text] == [True, True]
    assert [f"During {n}" in card.text for n, card in enumerate(cards[1:])] == [True] * 5
    assert max(Counter(keys_in(s.ws)).values()) == 1
    updates = [row for row in outbox_of(sqlite_url) if row[0].startswith("card:1:v")]
    assert [state for _, state in updates] == ["superseded", "sent"]
    assert {state for _, state in outbox_of(sqlite_url)} <= {"sent", "superseded"}
    words = s.dm(s.sam)
    assert [word.ts for word in words] == sorted(word.ts for word in words)
    assert ["took it" in str(s.story(before)[0]), len(s.story(before))] == [True, 2]


async def hand_in(s: Scene, title: str) -> None:
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": title})


def outbox_of(url: str) -> list[tuple[str, str]]:
    return [(row["key"], row["state"]) for row in rows_of(url, "outbox")]
