"""Nothing that a person or an app writes becomes markup by itself."""

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from sandbox.page.html import Html, h, join, slug, tag
from sandbox.page.mrkdwn import mrkdwn, plain
from sandbox.page.scene import Scene
from sandbox.page.tab import Tab
from sandbox.text import escape
from tests.support.page_app import Desk, card, chart, digest

NASTY = st.text(
    st.sampled_from("<>&\"'`*_~|!@#^:/•\n -=abhtps{}[]()1") | st.characters(codec="utf-8"),
    max_size=60,
)


class Reader(HTMLParser):
    """Which tags and attributes a browser would see, and which text."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    @override
    def handle_data(self, data: str) -> None:
        self.text += data


@given(NASTY)
def test_text_comes_back_as_text(text: str) -> None:
    read = Reader(tag("div", text, title=text))
    assert read.tags == ["div"]
    assert read.text.replace("\r", "\n") == text.replace("\r", "\n")
    assert dict(read.attributes)["title"] == text


def test_only_html_is_taken_as_it_is() -> None:
    assert h("<b>") == "&lt;b&gt;"
    assert h(Html("<b>")) == "<b>"
    assert join(["<", Html("<br>"), None, 3, ["&"]]) == "&lt;<br>3&amp;"
    assert tag("input", value='"', checked=True, disabled=False) == '<input value="&quot;" checked>'


@given(NASTY, NASTY)
def test_slugs_are_ids_and_differ(one: str, other: str) -> None:
    assert not any(char.isspace() or char in "\"'<>&" for char in slug(one))
    assert (slug(one) == slug(other)) == (one == other)


KNOWN_TAGS = {"a", "blockquote", "br", "code", "div", "em", "li", "pre", "s"}
KNOWN_TAGS |= {"span", "strong", "time", "ul"}
KNOWN_ATTRIBUTES = {"class", "data-do", "data-place", "data-ts", "datetime", "href"}
KNOWN_ATTRIBUTES |= {"rel", "target"}


@given(NASTY)
def test_mrkdwn_makes_only_its_own_markup(text: str) -> None:
    world = Desk().world
    scene = Scene(world.ws, world.ada.user)
    for given_text in (text, escape(text)):
        read = Reader(mrkdwn(given_text, scene))
        assert set(read.tags) <= KNOWN_TAGS
        names = {name for name, _ in read.attributes}
        assert names <= KNOWN_ATTRIBUTES
        links = [value or "" for name, value in read.attributes if name == "href"]
        assert all(
            link.startswith(("https://", "http://", "mailto:", "tel:", "?in=")) for link in links
        )


@given(NASTY)
def test_plain_text_has_no_markup(text: str) -> None:
    assert Reader(plain({"type": "plain_text", "text": text})).tags == []


MARK = "<img src=x onerror=alert(1)>\"'"


def _poisoned(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: MARK if key in {"text", "label", "name", "alt_text", "title"} and
            isinstance(value, str) else _poisoned(value)
            for key, value in node.items()
        }  # fmt: skip
    return [_poisoned(child) for child in node] if isinstance(node, list) else node


@pytest.mark.parametrize("kind", ["bar", "line", "area", "pie"])
async def test_no_block_lets_markup_through(kind: str) -> None:
    desk = Desk()
    world = desk.world
    blocks = _poisoned([*digest(), chart(kind), *card("x", "y")])
    await world.ada.say(world.ideas.id, MARK)
    message = world.ada.messages(world.ideas.id)[0]
    stored = [block | {"block_id": str(n)} for n, block in enumerate(blocks)]
    world.ws.post(replace(message, ts="1795161600.900000", bot_id="B1", blocks=tuple(stored)))
    world.ws.add_user(MARK, MARK, title=MARK)
    world.ws.problem("api", MARK, MARK)
    page = "".join(Tab(desk.page, world.ada.id, world.ideas.id).parts().values())
    assert "img" not in Reader(page).tags
    assert not any(name.startswith("on") for name, _ in Reader(page).attributes)
