"""`python app.py backup` and `restore`, as an operator runs them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from runtime.backup import words_of
from storage.backup import Copy
from tests.support.processes import Town, program, town

pytestmark = pytest.mark.slow

SetUp = tuple[Town, Path]


@pytest.fixture
async def place(sqlite_url: str) -> AsyncIterator[SetUp]:
    async with town(sqlite_url) as found:
        yield found, Path(sqlite_url.removeprefix("sqlite:///")).parent


async def run(place: SetUp, *arguments: str) -> tuple[int, list[str], str]:
    t, folder = place
    async with program(folder, *arguments, database_url=t.database_url) as found:
        status, text = await found.ended()
        assert "Traceback" not in found.errors
        return status, text.splitlines(), found.errors


async def hand_in(t: Town, title: str) -> None:
    await t.sam.slash("/social-idea", "", channel=t.general)
    await t.sam.submit({"title": title})
    await t.quiet()


async def test_a_backup_beside_the_server_and_a_restore_once_it_is_stopped(place: SetUp) -> None:
    t, folder = place
    async with program(folder, "serve", **t.settings()) as desk:
        await t.linked()
        await hand_in(t, "First")
        status, (line,), _ = await run(place, "backup", "backup.db")
        assert status == 0
        assert line.startswith("backup.db: ")
        assert "whole; its newest submission is number 1, " in line
        await hand_in(t, "Second")
        status, lines, errors = await run(place, "backup", "backup.db")
        assert (status, lines) == (1, [])
        assert errors == "backup.db: exists already; name a new file.\n"
        status, lines, errors = await run(place, "restore", "backup.db")
        assert (status, lines) == (1, [])
        assert "Another Social Desk process is using" in errors
        assert await desk.stop() == 0
    status, lines, _ = await run(place, "restore", "backup.db")
    assert status == 0
    assert lines[0].startswith("Restored backup.db: ")
    assert lines[1].startswith("The database of before is kept: ")
    assert lines[2] == (
        f"{t.ws.identity.team_id}: 0 messages are looked up in Slack before they are sent."
    )
    assert [row["title"] for row in t.rows("submission")] == ["First"]
    async with program(folder, "serve", **t.settings()) as desk:
        await t.linked()
        await hand_in(t, "Third")
        assert [row["number"] for row in t.rows("submission")] == [1, 1001]
        assert len(t.cards()) == 3  # the second one's card still stands, and acts on nothing
        assert await desk.stop() == 0


async def test_what_is_no_backup_is_refused_in_one_sentence(place: SetUp) -> None:
    _, folder = place
    (folder / "letter.txt").write_text("Dear Sam", encoding="utf-8")
    for file, said in (("letter.txt", "can't be copied or read"), ("none.db", "no such file")):
        status, lines, errors = await run(place, "restore", file)
        assert (status, lines) == (1, [])
        assert said in errors
        assert len(errors.splitlines()) == 1


def test_a_backup_with_nothing_in_it_says_so() -> None:
    empty = Copy(size=120_000, revision="0001", last_at=None, newest_number=None, newest_at=None)
    assert words_of(empty) == "0.1 MB, whole, no submission in it."
