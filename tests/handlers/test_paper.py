"""A digest on paper."""

import asyncio
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ConfigurationError, UnreadableError
from handlers import paper as printing
from handlers.paper import (
    PROGRAM,
    Item,
    Paper,
    Sheet,
    font_of,
    items_of,
    plain_words,
    print_pages,
    sheet_in,
)
from handlers.pdf_charts import said_of
from handlers.pdf_pages import Pages, fill
from handlers.views.chart import Series, bar_chart, line_chart, table
from handlers.views.digest import on_paper
from handlers.views.digest_examples import EXAMPLES
from tests.support.digests import PRINTED

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NAMES = {"U0ANA": "Ana Müßig", "C0NEWS": "#news"}


def text(words: str) -> Item:
    return {"kind": "text", "runs": [[words, False]]}


def heading(words: str) -> Item:
    return {"kind": "heading", "runs": [[words, False]]}


def drawn(items: Sequence[Item], **more: Any) -> Pages:
    """The pages of some items."""
    font = str(font_of(""))
    plain = {"sheet": "a4", "title": "Digest", "foot": "Northwind", "made_at": AT.isoformat()}
    pages = Pages({**plain, "font": font, "bold": font, **more})
    fill(pages, items)
    assert bytes(pages.output()).startswith(b"%PDF-")  # which closes the font's file, too
    return pages


@pytest.mark.parametrize("name", PRINTED)
def test_every_digest_is_printed_and_no_heading_is_the_last_on_its_page(name: str) -> None:
    pages = drawn(list(items_of(on_paper(EXAMPLES[name], AT), {})))
    placed = [*pages.placed, ("end", 99)]
    for (kind, on), (_, after) in pairwise(placed):
        assert kind not in {"title", "heading"} or on == after


async def test_a_program_prints_the_same_bytes_for_the_same_digest() -> None:
    for sheet, size in (
        (Sheet.A4, b"/MediaBox [0 0 595.28 841.89]"),
        (Sheet.LETTER, b"/MediaBox [0 0 612.00 792.00]"),
    ):
        paper = Paper(made_at=AT, sheet=sheet)
        blocks = on_paper(EXAMPLES["goals"], AT)
        first, again = [await print_pages("Digest", blocks, NAMES, paper) for _ in range(2)]
        assert first == again
        assert size in first
        assert b"/Lang (en)" in first


@pytest.mark.parametrize(
    "tz, sheet",
    [
        ("America/New_York", Sheet.LETTER),
        ("America/Toronto", Sheet.LETTER),
        ("Pacific/Honolulu", Sheet.LETTER),
        ("America/Sao_Paulo", Sheet.A4),
        ("Europe/Berlin", Sheet.A4),
        ("UTC", Sheet.A4),
    ],
)
def test_a_page_is_as_large_as_paper_is_there(tz: str, sheet: Sheet) -> None:
    assert sheet_in(tz) is sheet


def test_the_weeks_and_the_months_are_drawn_and_not_told_in_words() -> None:
    blocks = on_paper(EXAMPLES["busy"], AT)
    titles = [block["title"] for block in blocks if block["type"] == "data_visualization"]
    assert any(re.fullmatch(r"The last \d+ weeks", title) for title in titles)
    assert "Per week, from" not in str(blocks)


@pytest.mark.parametrize("lines_before", range(20, 24))
def test_a_heading_goes_where_its_table_or_its_chart_goes(lines_before: int) -> None:
    rows = [["Goal", "Now"], *([f"Goal {n}", str(n)] for n in range(40))]
    long = {"kind": "table", "right": [False, True], "rows": rows}
    lines = dict(items_of_chart(line_chart("Leads", ["a", "b"], [("Actual", (1, 2))])))
    for last in (long, lines):
        above = [text("A line") for _ in range(lines_before)]
        pages = drawn([*above, heading("Goals"), last, text("after")])
        (_, at), (_, after) = pages.placed[-3:-1]
        assert at == after


def items_of_chart(block: Mapping[str, Any]) -> Item:
    """The item of one block."""
    (found,) = items_of([dict(block)], {})
    return found


def test_a_goal_is_drawn_as_lines_and_counts_as_bars() -> None:
    goal = items_of_chart(line_chart("Leads", ["1 Oct", "8 Oct"], [("Actual", (1.5, 2))]))
    assert (goal["kind"], goal["series"][0]["values"]) == ("lines", [1.5, 2.0])
    weeks = items_of_chart(bar_chart("Weeks", ["1 Oct"], [Series("Handed in", (3,))]))
    assert weeks["kind"] == "bars"


@pytest.mark.parametrize("values", [(0, 0, 0), (-5, 3, 0), (10**9, 1, 0)])
def test_any_numbers_make_a_chart(values: Sequence[float]) -> None:
    lines = [("Actual", values), ("Pace", values[::-1]), ("Last period", values)]
    charts = [
        items_of_chart(line_chart("A" * 50, ["a", "b", "c"], lines)),
        items_of_chart(bar_chart("Bars", ["a", "b", "c"], [Series("x", tuple(map(int, values)))])),
    ]
    assert len(drawn(charts).placed) == 2


@pytest.mark.parametrize(
    "value, said", [(12, "12"), (2.5, "2.5"), (12_345, "12.3k"), (1_200_000, "1.2M"), (-3, "-3")]
)
def test_a_number_beside_a_bar_is_short(value: float, said: str) -> None:
    assert said_of(value) == said


def test_names_in_any_script_a_table_and_a_chart() -> None:
    series = [Series("Handed in", (3, 12)), Series("Published", (0, 4))]
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Ελένη* и Łukasz thank <@U1>"}},
        table("Week", ["2 Nov", "9 Nov"], series),
        bar_chart("Two weeks", ["2 Nov", "9 Nov"], series),
    ]
    pages = drawn(list(items_of(blocks, {"U1": "Zoë"})))
    assert not pages.is_lacking


def test_emoji_that_the_font_lacks_are_left_out_and_letters_are_shown_as_missing() -> None:
    pages = drawn([text("Party \U0001f389\ufe0f on 東京")])
    assert pages.known("Party \U0001f389\ufe0f on 東京") == "Party on □□"
    assert pages.is_lacking
    pages = drawn([text("Party \U0001f389")])
    assert not pages.is_lacking
    assert pages.known("3 on pace \U0001f389; 1 behind \U0001f389\nnext  line") == (
        "3 on pace; 1 behind\nnext  line".replace("  ", " ")
    )


def test_a_title_of_one_endless_word_fits_its_cell_and_a_foot_its_line() -> None:
    rows = [["Goal", "Now"], ["Donaudampfschifffahrt" * 12, "1"], ["W " * 150, "2"]]
    found = {"kind": "table", "right": [False, True], "rows": rows}
    pages = drawn([heading("x" * 300), found], foot="Northwind " * 40, title="t" * 300)
    assert pages.page_no() == 1


@pytest.mark.parametrize(
    "written, said",
    [
        ("*Published:* 3 by <@U1> in <#C1>", "Published: 3 by Zoë in #news"),
        (":warning: a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<https://example.com/1|The post>", "The post (https://example.com/1)"),
        ("<@U9> in <#C9>", "a colleague in a channel"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("_2 more: `/social lessons`_ of an_id_here", "2 more: /social lessons of an_id_here"),
    ],
)
def test_what_a_text_says_on_paper(written: str, said: str) -> None:
    assert plain_words(written, {"U1": "Zoë", "C1": "#news"}) == said


def test_what_is_strong_is_a_run_of_its_own() -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "*Story:* by <@U1>, *new*"}}
    (found,) = items_of([block], {"U1": "Zoë"})
    assert found["runs"] == [["Story:", True], [" by Zoë, ", False], ["new", True]]


async def test_a_font_that_is_not_there_or_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"PDF_FONT: there is no file /nowhere\.ttf"):
        await print_pages("Digest", [], {}, Paper(made_at=AT, font="/nowhere.ttf"))
    (tmp_path / "font.ttf").write_text("no font")
    with pytest.raises(ConfigurationError, match=r"font\.ttf can't be read as a font"):
        await print_pages("Digest", [], {}, Paper(made_at=AT, font=str(tmp_path / "font.ttf")))


async def test_what_takes_too_much_ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine = PROGRAM.read_text(encoding="utf-8")
    greedy = tmp_path / "greedy.py"
    greedy.write_text(
        fine.replace("parents[1]", f"parent / {str(PROGRAM.parents[1])!r}").replace(
            "    job = json.load", "    bytearray(MEMORY)\n    job = json.load"
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(printing, "PROGRAM", greedy)
    with pytest.raises(UnreadableError, match=r"could not be printed \(MemoryError\)"):
        await print_pages("Digest", [], {}, Paper(made_at=AT))
    greedy.write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    monkeypatch.setattr(printing, "PRINT_SECONDS", 0.2)
    with pytest.raises(UnreadableError, match="it took too long"):
        await print_pages("Digest", [], {}, Paper(made_at=AT))


async def test_a_process_that_prints_does_not_load_what_draws() -> None:
    seen = "import sys, handlers.paper; sys.exit('fpdf' in sys.modules)"
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", seen)
    assert await program.wait() == 0
