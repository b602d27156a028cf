"""`python app.py import` brings a file in, or only tells what it would bring."""

import re
from pathlib import Path

import pytest

from bot.errors import UnreadableError
from bot.goals import SetGoal, set_goal
from bot.sheet import LARGEST
from runtime.importing import import_file
from runtime.settings import Settings
from tests.support.databases import sqlite_url
from tests.support.desk import Scene, settings
from tests.support.door_table import GOAL
from tests.support.processes import rows_of

__all__ = ["sqlite_url"]

CONTENT = (
    "goal,date,value,note\n"
    "Trial sign-ups,2026-11-02,11,\n"
    "Trial sign-ups,2026-11-03,abc,\n"
    "Trial sign-ups,2026-11-04,12,\n"
)


@pytest.fixture
async def desk(at_work: Scene, sqlite_url: str) -> Settings:
    """The settings of a desk with a goal."""
    s = at_work
    command = SetGoal(form_id="V7", actor_id=s.olga.user.id, given=GOAL)
    await s.desk.database.transact(s.desk.identity.workspace_id, set_goal, command, s.clock.now())
    return settings(sqlite_url)


async def test_a_dry_run_tells_all_and_stores_nothing(
    desk: Settings, tmp_path: Path, sqlite_url: str
) -> None:
    file = tmp_path / "numbers.csv"
    file.write_text(CONTENT, encoding="utf-8")
    assert await import_file(desk, file, None, is_dry=True) == (
        "2 readings for “Trial sign-ups”; 1 line can't be read.\n"
        "Not read: the columns note.\n"
        "Line 3: value: “abc” is no number, like 1234.5."
    )
    assert rows_of(sqlite_url, "reading") == []


async def test_each_line_is_stored_once(desk: Settings, tmp_path: Path, sqlite_url: str) -> None:
    file = tmp_path / "numbers.csv"
    file.write_text(CONTENT, encoding="utf-8")
    first = await import_file(desk, file, None, is_dry=False)
    assert first.startswith("Imported: 2 lines are new.")
    again = await import_file(desk, file, None, is_dry=False)
    assert re.match(
        r"Imported: 0 lines are new; 2 came in with an earlier run, 2\d{3}-\d\d-\d\d \d\d:\d\d UTC",
        again,
    )
    stored = rows_of(sqlite_url, "reading")
    assert [(row["value"], row["source"], row["actor_id"]) for row in stored] == [
        (11, "file", "operator"),
        (12, "file", "operator"),
    ]


@pytest.mark.parametrize(
    "content, told", [(None, "can't be read"), (b"x" * (LARGEST + 1), "larger than 5 MB")]
)
async def test_a_file_that_can_t_be_had_is_told(
    desk: Settings, tmp_path: Path, content: bytes | None, told: str
) -> None:
    file = tmp_path / "numbers.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UnreadableError, match=told):
        await import_file(desk, file, None, is_dry=True)
