"""A digest on paper."""

import re
from datetime import UTC, datetime

import pytest

from bot.errors import ConfigurationError
from handlers.paper import Paper, Sheet, plain_words, print_pages
from handlers.views.chart import Series, bar_chart, table
from handlers.views.digest import on_paper
from handlers.views.digest_examples import EXAMPLES

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("sheet", Sheet)
def test_every_digest_is_printed_the_same_twice(name: str, sheet: Sheet) -> None:
    paper = Paper(made_at=AT, sheet=sheet)
    first, again = (print_pages("Digest", on_paper(EXAMPLES[name]), {}, paper) for _ in range(2))
    assert first == again
    assert first.startswith(b"%PDF-")
    size = (
        b"/MediaBox [0 0 595.28 841.89]" if sheet is Sheet.A4 else b"/MediaBox [0 0 612.00 792.00]"
    )
    assert size in first
    assert b"/Lang (en)" in first


def test_the_weeks_and_the_months_are_drawn_and_not_told_in_words() -> None:
    blocks = on_paper(EXAMPLES["busy"])
    titles = [block["title"] for block in blocks if block["type"] == "data_visualization"]
    assert any(re.fullmatch(r"The last \d+ weeks", title) for title in titles)
    assert "Per week, from" not in str(blocks)


def test_names_in_any_script_a_table_and_a_chart() -> None:
    series = [Series("Handed in", (3, 12)), Series("Published", (0, 4))]
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Ελένη* и Łukasz thank <@U1>"}},
        table("Week", ["2 Nov", "9 Nov"], series),
        bar_chart("Two weeks", ["2 Nov", "9 Nov"], series),
    ]
    assert len(print_pages("Digest", blocks, {"U1": "Zoë"}, Paper(made_at=AT))) > 5000


@pytest.mark.parametrize(
    "text, said",
    [
        ("*Published:* 3 by <@U1> in <#C1>", "Published: 3 by Zoë in #news"),
        (":warning: a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<https://example.com/1|The post>", "The post (https://example.com/1)"),
        ("<@U9>", "@U9"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("_2 more: `/social lessons`_ of an_id_here", "2 more: /social lessons of an_id_here"),
    ],
)
def test_what_a_text_says_on_paper(text: str, said: str) -> None:
    assert plain_words(text, {"U1": "Zoë", "C1": "#news"}) == said


def test_a_font_that_is_not_there_is_said() -> None:
    with pytest.raises(ConfigurationError, match=r"PDF_FONT: there is no file /nowhere\.ttf"):
        print_pages("Digest", [], {}, Paper(made_at=AT, font="/nowhere.ttf"))
