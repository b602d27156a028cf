"""A file is looked into, told of, and imported only when its giver says so."""

import pytest

from sandbox.model import Message
from sandbox.people import Person
from tests.journeys.test_goals import set_goal
from tests.support.databases import postgresql_url, sqlite_url
from tests.support.desk import Scene, scene
from tests.support.processes import rows_of

__all__ = ["postgresql_url", "sqlite_url"]

READINGS = (
    b"Goal;Date;Value\n"
    b"Trial sign-ups from social;17.11.2026;11\n"
    b"Trial sign-ups from social;18.11.2026;12,5\n"
    b"Nobody's;18.11.2026;1\n"
)


async def give(s: Scene, who: Person, content: bytes, name: str = "numbers.csv") -> Message:
    """Give a file; the message that says what it brings."""
    await who.slash("/social", "import", channel=s.general)
    await who.submit({"files": [who.attach(name, content)]})
    await s.settle()
    return s.dm(who)[-1]


def newest(s: Scene, message: Message) -> Message:
    return s.ws.messages[message.channel][message.ts]


async def test_a_file_is_looked_into_and_imported_once(at_work: Scene, sqlite_url: str) -> None:
    s = at_work
    await set_goal(s, s.cora)
    told = await give(s, s.cora, READINGS)
    assert told.text == (
        "*numbers.csv:* 2 readings for “Trial sign-ups from social”; 1 line can't be read.\n"
        "• Line 4: goal: “Nobody's” is no goal here."
    )
    assert rows_of(sqlite_url, "reading") == []
    assert "numbers" not in str(rows_of(sqlite_url, "outbox"))

    await s.cora.click(told, "import.take")
    await s.settle()
    after = newest(s, told)
    assert after.text.startswith("*numbers.csv:* Imported: 2 lines are new.\n• Line 4:")
    assert "import.take" not in str(after.blocks)
    assert [row["value"] for row in rows_of(sqlite_url, "reading")] == [11, 12.5]

    again = await give(s, s.cora, READINGS, "the same.csv")
    await s.cora.click(again, "import.take")
    await s.settle()
    assert (
        "Imported: 0 lines are new; 2 came in with an earlier run, <!date^" in newest(s, again).text
    )
    assert len(rows_of(sqlite_url, "reading")) == 2


async def test_on_postgresql_too(postgresql_url: str) -> None:
    async with scene(postgresql_url) as s:
        await set_goal(s, s.cora)
        for said in ("2 lines are new.", "0 lines are new; 2 came in with an earlier run, "):
            told = await give(s, s.cora, READINGS)
            await s.cora.click(told, "import.take")
            await s.settle()
            assert f"Imported: {said}" in newest(s, told).text
        assert [row["value"] for row in rows_of(postgresql_url, "reading")] == [11, 12.5]


async def test_who_thinks_better_of_it_stores_nothing(at_work: Scene, sqlite_url: str) -> None:
    s = at_work
    await set_goal(s, s.cora)
    told = await give(s, s.cora, READINGS)
    await s.cora.click(told, "import.drop")
    await s.settle()
    assert newest(s, told).text == "The file was not imported. Nothing was stored."
    assert rows_of(sqlite_url, "reading") == []


async def test_conversions_are_imported_too(at_work: Scene, sqlite_url: str) -> None:
    s = at_work
    content = (
        b"type,occurred_at,value,currency\nrevenue,2026-11-18,99.50,EUR\nsignup,2026-11-18,,\n"
    )
    told = await give(s, s.olga, content)
    assert told.text == "*numbers.csv:* 2 lines of conversions (1 revenue and 1 signup)."
    await s.olga.click(told, "import.take")
    await s.settle()
    assert len(rows_of(sqlite_url, "conversion")) == 2


async def test_who_keeps_nothing_gets_no_form(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social", "import", channel=s.general)
    assert s.sam.view is None
    told = s.sam.ephemerals[-1].text
    assert told.startswith("Files are imported by who keeps goals, and by admins.")


@pytest.mark.parametrize(
    "content, told",
    [
        (b"a,b\n1,2\n", "The first line does not tell which columns are which."),
        (b"goal,date,value\n", "This file has columns and no lines."),
        (b"PK\x03\x04 nothing", "This spreadsheet can't be read."),
        (b"goal,date,value\n<!channel>,2026-11-18,x\n", "Nothing in it can be imported."),
    ],
)
async def test_a_file_that_brings_nothing_is_told(
    at_work: Scene, content: bytes, told: str
) -> None:
    s = at_work
    message = await give(s, s.olga, content)
    assert told in message.text
    assert "<!channel>" not in message.text
    assert "import.take" not in str(message.blocks)


async def test_a_file_that_was_deleted_meanwhile_is_told(at_work: Scene, sqlite_url: str) -> None:
    s = at_work
    await set_goal(s, s.cora)
    told = await give(s, s.cora, READINGS)
    s.ws.files.clear()
    await s.cora.click(told, "import.take")
    await s.settle()
    assert newest(s, told).text == "This file can't be read: Social Desk may not see it."
    assert rows_of(sqlite_url, "reading") == []
    s.ws.problems.clear()
