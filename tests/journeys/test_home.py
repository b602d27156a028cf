"""The Home tab in daily use: parts, pages, and right with a long past."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import make_url

from bot.home import PAGE, SHORT, AskHome, home
from bot.material import HomePart
from handlers.views.home import home as home_view
from sandbox.people import Person
from tests.support.block_rules import view_problems
from tests.support.desk import Scene, scene
from tests.support.words import asked, of_idea

MANY = 100_000
PAST = """
WITH RECURSIVE place(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < :total)
INSERT INTO submission (workspace_id, number, kind_key, state, version, submitter_id, role_id,
  title, fields, created_at, updated_at, due_at, source_key, decided_at, decided_by, paused_at)
SELECT :workspace, n, 'idea', CASE n % 10 WHEN 0 THEN 'accepted' WHEN 1 THEN 'asked' ELSE 'new' END,
  1, CASE WHEN n % 2 THEN :sam ELSE :xena END, 'content_lead', 'Number ' || n, '{}', :at, :at, :at,
  'past:' || n, CASE n % 10 WHEN 0 THEN :at END, CASE n % 10 WHEN 0 THEN :cora END,
  CASE n % 10 WHEN 1 THEN :at END
FROM place
"""


def fill(url: str, s: Scene, total: int) -> None:
    """Write a past of `total` ideas straight into the table: every other is Sam's."""
    path = Path(str(make_url(url).database))
    with closing(sqlite3.connect(path)) as connection, connection:
        values: dict[str, Any] = {
            "workspace": s.desk.identity.workspace_id,
            "total": total,
            "at": "2026-11-18 09:00:00.000000",
            **{name: getattr(s, name).user.id for name in ("sam", "xena", "cora")},
        }
        connection.execute(PAST, values)
        connection.execute(
            "UPDATE workspace SET last_number = ? WHERE workspace_id = ?",
            (total, values["workspace"]),
        )


async def opened(s: Scene, person: Person) -> str:
    await person.open_home()
    await s.settle()
    return shown(person)


def shown(person: Person) -> str:
    assert person.home is not None
    return str(person.home.blocks)


def headings(person: Person) -> list[str]:
    assert person.home is not None
    return [block["text"]["text"] for block in person.home.blocks if block["type"] == "header"]


async def press(s: Scene, person: Person, action_id: str) -> None:
    assert person.home is not None
    await person.click(person.home, action_id)
    await s.settle()


@pytest.fixture
async def long_past(sqlite_url: str) -> AsyncIterator[Scene]:
    async with scene(sqlite_url) as s:
        fill(sqlite_url, s, 57)
        yield s


async def test_a_newcomer_reads_what_can_be_handed_in(at_work: Scene) -> None:
    s = at_work
    text = await opened(s, s.xena)
    assert headings(s.xena) == []
    assert "Somebody who may need what we do." in text
    assert f"*Next digest:* <#{s.leadership}>" in text
    assert "*This week:* 0 handed in" in text


async def test_home_says_what_is_mine_and_whose_turn_it_is(long_past: Scene) -> None:
    s = long_past
    await opened(s, s.sam)
    assert headings(s.sam) == ["Questions to you (6)", "What else you handed in (24)"]
    assert "Waits for your answer since" in shown(s.sam)
    await opened(s, s.cora)
    assert headings(s.cora)[:3] == [
        "Waits for your decision (46, 46 overdue)",
        "Under way (5)",
        "Waits for an answer (6)",
    ]


async def test_lists_are_turned_page_by_page(long_past: Scene) -> None:
    s = long_past
    await opened(s, s.sam)
    assert "Number 57" in shown(s.sam)
    await press(s, s.sam, f"home.page:mine:{PAGE}")
    assert "Number 57" not in shown(s.sam)
    assert "Number 35" in shown(s.sam)
    await press(s, s.sam, f"home.page:mine:{2 * PAGE}")
    assert "*Idea 3:* Number 3" in shown(s.sam)
    assert f"home.page:mine:{3 * PAGE}" not in shown(s.sam)
    await press(s, s.sam, f"home.page:mine:{PAGE}")
    assert "Number 35" in shown(s.sam)
    await s.sam.open_home()
    await s.settle()
    assert "Number 57" in shown(s.sam)


async def test_a_question_is_answered_on_home(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    await asked(s, s.cora, card, "Which one?")
    await opened(s, s.sam)
    assert headings(s.sam)[0] == "Questions to you (1)"
    await press(s, s.sam, "words.answer:1")
    assert "Which one?" in str(s.modal(s.sam).blocks)
    await s.sam.submit({"text": "The big one"})
    await s.settle()
    assert s.story(card)[-1].endswith("> The big one")
    assert "Questions to you" not in shown(s.sam)


async def test_what_is_mine_can_be_opened(long_past: Scene) -> None:
    s = long_past
    await opened(s, s.sam)
    await press(s, s.sam, "triage.open:57:mine")
    assert "Number 57" in str(s.modal(s.sam).blocks)


async def test_home_is_right_and_quick_with_a_long_past(sqlite_url: str) -> None:
    async with scene(sqlite_url) as s:
        fill(sqlite_url, s, MANY)
        await opened(s, s.cora)
        assert headings(s.cora)[:2] == [
            "Waits for your decision (80,000, 80,000 overdue)",
            "Under way (10,000)",
        ]
        last = AskHome(s.sam.user.id, HomePart.MINE, MANY // 2 - SHORT - PAGE)
        took: list[float] = []
        for asked in [AskHome(s.cora.user.id), AskHome(s.sam.user.id), last] * 3:
            began = perf_counter()
            found = await s.desk.database.read(
                s.desk.identity.workspace_id, home, asked, s.clock.now()
            )
            assert view_problems(home_view(found)) == []
            took.append(perf_counter() - began)
        assert [one.number for one in found.mine.items] == [25, 23, 19, 17, 15, 13, 9, 7, 5, 3]
        assert found.mine.total == MANY // 2 - SHORT  # those asked about stand above
        assert median(took) < 0.5, "no list is read as a whole"
