import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.views import text
from tests.support.block_rules import markup_problems

NASTY = st.text(
    st.sampled_from("&<>!@#|`*_~ \n\tab\u202e\u2066\u2069\u05d0\u0627\u200d👍🏽🇦🇹é\u0301:/.…")
    | st.characters(exclude_categories=["Cs"])
)


def test_escape_leaves_no_markup() -> None:
    assert text.escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


@given(NASTY, st.integers(1, 40))
def test_cut_keeps_its_limit_and_every_entity_whole(typed: str, limit: int) -> None:
    shown = text.cut(text.escape(typed), limit)
    assert text.width(shown) <= limit
    assert re.sub(r"&(?:amp|lt|gt);", "", shown).count("&") == 0


@given(NASTY, st.integers(1, 40))
def test_split_and_chunks_lose_nothing(typed: str, limit: int) -> None:
    head, rest = text.split(typed, max(limit, 2))
    assert head + rest == typed
    assert text.width(head) <= max(limit, 2)
    joined = "".join(text.chunks(typed, max(limit, 2)))
    assert "".join(joined.split()) == "".join(typed.split())


def test_cut_ends_before_a_character_that_would_break() -> None:
    assert text.cut("ab👍🏽cd", 5) == "ab…"
    assert text.cut("ab&amp;cd", 6) == "ab…"
    assert text.cut("ab<@U123>cd", 8) == "ab…"
    assert text.cut("abe\u0301fgh", 4) == "ab…"


def test_cut_of_one_endless_character_still_ends() -> None:
    assert text.width(text.cut("e" + "\u0301" * 50, 10)) <= 10


def test_short_text_is_left_alone() -> None:
    assert text.cut("abc", 3) == "abc"
    assert text.split("abc", 3) == ("abc", "")


@given(NASTY, st.integers(1, 300))
def test_inline_is_one_clean_line(typed: str, limit: int) -> None:
    shown = text.inline(typed, limit)
    assert "\n" not in shown
    assert markup_problems(shown) == []
    assert text.width(shown) <= limit + 2
    assert "\u202e" not in shown


def test_right_to_left_text_is_set_apart() -> None:
    assert text.inline("שלום") == "\u2068שלום\u2069"
    assert text.inline("plain") == "plain"


@given(NASTY, st.integers(1, 400))
def test_quote_is_marked_on_each_line(typed: str, limit: int) -> None:
    shown = text.quote(typed, limit)
    assert text.width(shown) <= limit
    assert markup_problems(shown) == []


def test_quote_marks_every_line() -> None:
    assert text.quote("One\n\n<Two>", 100) == "> One\n>\n> &lt;Two&gt;"
    assert text.quote("  \n ", 100) == ""


def test_web_addresses_in_typed_text_can_be_pressed() -> None:
    assert text.typed("See https://example.com/a?b=1&c=2, then <x>.") == (
        "See <https://example.com/a?b=1&amp;c=2>, then &lt;x&gt;."
    )
    assert text.typed("(https://example.com/x)") == "(<https://example.com/x>)"
    assert text.typed("https:// nothing") == "https:// nothing"


@pytest.mark.parametrize(
    "url,shown",
    [
        ("https://example.com/x", "<https://example.com/x|example.com/x>"),
        ("https://example.com/a|b", "<https://example.com/a%7Cb|example.com/a%7Cb>"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("example.com", "example.com"),
        ("https://exa<mple.com", "https://exa&lt;mple.com"),
        ("http://[", "http://["),
    ],
)
def test_only_a_web_address_becomes_a_link(url: str, shown: str) -> None:
    assert text.link(url) == shown


def test_a_label_stays_inside_its_link() -> None:
    assert text.link("https://a.example", "A | B") == "<https://a.example|A ¦ B>"
    assert text.link("https://a.example/" + "x" * 500, "Title") == "Title"


def test_a_told_sentence_keeps_its_mentions_only() -> None:
    told = text.told("<@U1A> did it in <#C2B>, not <!channel> & <https://x.example|y>")
    assert told.startswith("<@U1A> did it in <#C2B>, not &lt;!channel&gt; &amp; &lt;https")


def test_a_moment_says_utc_where_slack_can_not_tell() -> None:
    at = datetime(2026, 11, 12, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    token = f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}"
    assert text.moment(at) == f"{token}|Thu 12 Nov 2026, 09:30 UTC>"
    assert text.moment(at.astimezone(UTC)) == text.moment(at)


def test_days_counts_and_lists_in_words() -> None:
    assert text.day(date(2026, 11, 9)) == "Mon 9 Nov 2026"
    assert text.plural(1, "idea", "ideas") == "1 idea"
    assert text.plural(0, "idea", "ideas") == "0 ideas"
    assert [text.listing(items) for items in ((), ("A",), ("A", "B"), ("A", "B", "C"))] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]
