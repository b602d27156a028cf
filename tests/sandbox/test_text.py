"""Escaping, mentions and lengths as Slack has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.text import broadcasts, escape, escaping_mistakes, stored_length, typed, unescape


@given(st.text())
def test_escaping_is_undone(text: str) -> None:
    assert unescape(escape(text)) == text


@given(st.text())
def test_escaped_text_is_no_mistake_and_as_long_as_it_is(text: str) -> None:
    escaped = escape(text.replace("&", "and"))
    assert escaping_mistakes(escaped) == []
    assert stored_length(escaped) == len(escaped)
    assert broadcasts(escaped) == []


@pytest.mark.parametrize(
    "text,length",
    [
        ("a & b", 9),
        ("a &amp; b", 9),
        ("<@U1> & co", 14),
        ("1 < 2", 8),
        ("<https://x.example|x>", 21),
    ],
)
def test_mrkdwn_is_counted_as_it_is_kept(text: str, length: int) -> None:
    assert stored_length(text) == length


@pytest.mark.parametrize("text", ["Q&A", "I <3 it", "a &amp;amp; b", "<script>"])
def test_signs_of_text_that_was_not_escaped_once(text: str) -> None:
    assert escaping_mistakes(text)


@pytest.mark.parametrize(
    "text",
    ["<@U1> said <#C1|ideas>", "<https://x.example?a=1&b=2|x>", "<!date^1^{date}|x>", "a < b"],
)
def test_markup_is_no_mistake(text: str) -> None:
    assert escaping_mistakes(text) == []


def test_broadcasts_are_found() -> None:
    assert broadcasts("<!channel> <!here|here> <!subteam^S1>") == ["<!channel>", "<!here|here>"]


def test_typed_text() -> None:
    def resolve(sign: str, name: str) -> str | None:
        return "<@U1>" if (sign, name) == ("@", "ada") else None

    said = "ask @ada & @bob, see https://x.example/a?b=1&c=2#d"
    assert typed(said, resolve, links=True) == (
        "ask <@U1> &amp; @bob, see <https://x.example/a?b=1&amp;c=2#d>"
    )
    assert typed("me@ada.example <@U1>", resolve, links=False) == "me@ada.example &lt;@U1&gt;"
