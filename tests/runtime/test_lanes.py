"""`python app.py lanes` beside a running desk, with Slack or without."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from runtime.lanes import Table, age, printed
from tests.support.processes import Town, answers_at, free_port, program, town

slow = pytest.mark.slow

SetUp = tuple[Town, Path]


@pytest.fixture
async def place(sqlite_url: str) -> AsyncIterator[SetUp]:
    async with town(sqlite_url) as found:
        yield found, Path(sqlite_url.removeprefix("sqlite:///")).parent


async def run(place: SetUp, *arguments: str) -> tuple[int, list[list[str]], str]:
    """Its exit code, what it printed, cell by cell, and what it said on standard error."""
    t, folder = place
    async with program(folder, *arguments, database_url=t.database_url) as found:
        status, text = await found.ended()
        assert "Traceback" not in found.errors
        return status, [line.split("\t") for line in text.splitlines()], found.errors


async def refused(t: Town) -> None:
    """Number 1, whose card can't be posted, and the news of it."""
    t.ws.archive(t.content)
    await t.sam.slash("/social-idea", "Secret words", channel=t.general)
    await t.sam.submit({"title": "Secret title"})
    await t.quiet()


@slow
async def test_what_was_set_aside_is_seen_tried_again_and_taken_up(place: SetUp) -> None:
    t, folder = place
    port = free_port()
    async with program(folder, "serve", **t.settings(port=port)) as desk:
        await answers_at(port)
        assert (await run(place, "lanes"))[1] == [["Nothing waits, nothing is set aside."]]
        await refused(t)
        status, (head, row), _ = await run(place, "lanes")
        assert status == 0
        assert head == ["lane", "open", "waits", "state", "set aside", "error"]
        assert row[:5] == [f"{t.content} (#content)", "0", "", "idle", "1"]
        assert row[5].startswith("the channel is archived")
        status, (head, row), _ = await run(place, "lanes", "show", t.content)
        assert row[:4] == ["card:1", "The card of number 1", "set aside", "1"]
        assert "Secret" not in str((head, row))
        t.ws.unarchive(t.content)
        status, printed_lines, _ = await run(
            place, "lanes", "retry", "card:1", "--reason", "Opened again"
        )
        assert status == 0
        assert printed_lines[0][0].startswith("card:1: It is tried again")
        await t.ws.until(lambda: len(t.cards()) == 1, seconds=30)
        await t.quiet()
        assert (await run(place, "lanes"))[1] == [["Nothing waits, nothing is set aside."]]
        (entry,) = t.rows("history", "verb = 'retry'")
        assert (entry["actor_id"], "Opened again" in entry["detail"]) == ("operator", True)
        assert await desk.stop() == 0


@slow
async def test_without_slack_and_without_a_server_it_works_as_well(place: SetUp) -> None:
    t, folder = place
    async with program(folder, "serve", **t.settings()) as desk:
        await t.linked()
        await refused(t)
        assert await desk.stop() == 0
    await t.server.stop()
    status, printed_lines, _ = await run(
        place, "lanes", "drop", "--lane", t.content, "--reason", "Not wanted any more"
    )
    assert (status, printed_lines[0][0].split(":")[0]) == (0, "card")
    assert (await run(place, "lanes"))[1] == [["Nothing waits, nothing is set aside."]]


@slow
async def test_what_is_asked_wrongly_is_one_sentence(place: SetUp) -> None:
    calls = {
        ("lanes", "retry", "--reason", "x"): "Name the keys of effects",
        ("lanes", "drop", "card:1", "--reason", " "): "--reason: say why",
        ("lanes", "show", "C1", "--workspace", "T9"): "“T9” is none of the workspaces",
    }
    found = await asyncio.gather(*(run(place, *arguments) for arguments in calls))
    for (status, lines, errors), said in zip(found, calls.values(), strict=True):
        assert (status, lines) == (1, [])
        assert said in errors
        assert len(errors.splitlines()) == 1
    status, lines, _ = await run(place, "lanes", "drop", "card:1", "--reason", "x")
    assert (status, lines) == (1, [["card:1: There is no such effect."]])


@pytest.mark.parametrize(
    "seconds, words",
    [
        (-3, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_900, "1 h 5 min"),
        (7_200, "2 h"),
        (90_000, "1 d 1 h"),
    ],
)
def test_ages_are_short(seconds: int, words: str) -> None:
    assert age(timedelta(seconds=seconds)) == words


def test_people_see_a_table_and_pipes_see_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(("lane", "error"), (("C1 (#a)", "[red]is no colour"),), "One.")
    lines: list[str] = []
    printed(table, lines.append, is_for_people=False)
    assert lines == ["lane\terror", "C1 (#a)\t[red]is no colour", "One."]
    printed(table, lines.append, is_for_people=True)
    shown = capsys.readouterr().out
    assert "[red]is no colour" in shown
    assert "\t" not in shown
