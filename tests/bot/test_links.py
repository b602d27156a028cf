from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links import pages_of, slug, tagged, tags_in

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
SAFE = st.from_regex(r"[A-Za-z0-9_.~-]{1,12}", fullmatch=True)
QUERY = st.lists(st.tuples(SAFE, SAFE | st.just("")), max_size=4).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
LINKS = st.builds(
    lambda path, query, fragment: (
        f"https://example.com/{path}{'?' + query if query else ''}"
        f"{'#' + fragment if fragment else ''}"
    ),
    SAFE,
    QUERY,
    SAFE | st.just(""),
)


def tag(link: str, platform: str = "LinkedIn", campaign: str = "More trials!") -> str:
    return tagged(link, platform=platform, campaign=campaign, number=42)


def test_the_five_say_where_a_link_stood() -> None:
    assert tag("https://example.com/pump?size=2#buy") == (
        "https://example.com/pump?size=2&utm_source=linkedin&utm_medium=social"
        "&utm_campaign=more-trials&utm_content=42#buy"
    )
    assert tag("https://example.com", campaign="").endswith(
        "example.com?utm_source=linkedin&utm_medium=social&utm_content=42"
    )


def test_tags_that_were_there_go() -> None:
    old = "https://example.com/?UTM_Source=X&utm_term=pump&utm_content=7&a=b"
    found = dict(parse_qsl(urlsplit(tag(old)).query))
    assert found == {
        "utm_term": "pump",
        "a": "b",
        "utm_source": "linkedin",
        "utm_medium": "social",
        "utm_campaign": "more-trials",
        "utm_content": "42",
    }


@given(LINKS, WORDS, WORDS)
def test_the_same_again_gives_the_same(link: str, platform: str, campaign: str) -> None:
    once = tag(link, platform, campaign)
    assert tag(once, platform, campaign) == once


@given(LINKS, WORDS, WORDS)
def test_what_stood_there_stays_as_it_was(link: str, platform: str, campaign: str) -> None:
    before, after = urlsplit(link), urlsplit(tag(link, platform, campaign))
    assert after.query.startswith(before.query)
    assert after._replace(query="") == before._replace(query="")


@given(LINKS, WORDS, WORDS)
def test_tags_are_lower_case_and_read_back(link: str, platform: str, campaign: str) -> None:
    tags = tags_in(tag(link, platform, campaign))
    assert (tags.source, tags.campaign) == (slug(platform), slug(campaign))
    assert (tags.medium, tags.content) == ("social", "42")
    ours = urlsplit(tag("https://example.com/", platform, campaign)).query
    assert ours.partition("%")[0] == ours.partition("%")[0].lower()


@given(WORDS)
def test_a_slug_is_a_slug(text: str) -> None:
    found = slug(text)
    assert slug(found) == found
    assert len(found) <= 60
    assert not set(found) & set(" @&=?#/+")


@given(LINKS)
def test_a_page_is_found_again_with_tags_or_without(link: str) -> None:
    assert set(pages_of(link)) == set(pages_of(tag(link))[1:]) | {link}
    assert pages_of(link)[0] == link


def test_a_page_is_the_same_with_a_slash_and_without() -> None:
    found = pages_of("http://Example.com/a/?utm_source=x#top")
    assert "https://example.com/a" in found
    assert "http://example.com/a/" in found


@pytest.mark.parametrize("text", ["", "no link", "https://[", "https://"])
def test_what_is_no_link_has_neither_tags_nor_page(text: str) -> None:
    assert pages_of(text) == ()
    assert tags_in(text) == tags_in("")


def test_of_a_tag_that_stands_twice_the_first_counts() -> None:
    assert tags_in("https://a.example/?utm_source=A&utm_source=b").source == "a"


@pytest.mark.parametrize(
    "text, found",
    [("Größe & Süd", "grosse-sud"), ("売上 2026", "2026"), ("売上", "売上"), ("a@b.c", "a-b-c")],
)
def test_letters_of_any_script_become_a_slug(text: str, found: str) -> None:
    assert slug(text) == found
