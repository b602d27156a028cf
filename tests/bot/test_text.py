import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.text import clean, cut, first_line, has_words, one_line

FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"


@pytest.mark.parametrize(
    "raw, cleaned",
    [
        ("", ""),
        (" \t\n ", ""),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("bell\a null\0 escape\x1b[31m", "bell null escape[31m"),
        ("u\N{COMBINING DIAERESIS}ber", "über"),
        ("u\N{SOFT HYPHEN}\N{COMBINING DIAERESIS}ber", "über"),
        ("zero\N{ZERO WIDTH SPACE}width\N{ZERO WIDTH NO-BREAK SPACE}", "zerowidth"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}txt.exe\N{POP DIRECTIONAL FORMATTING}", "txt.exe"),
        ("\N{LEFT-TO-RIGHT ISOLATE}x\N{POP DIRECTIONAL ISOLATE}", "x"),
        (f"{FAMILY} stays", f"{FAMILY} stays"),
        ("می\N{ZERO WIDTH NON-JOINER}خواهم", "می\N{ZERO WIDTH NON-JOINER}خواهم"),
        ("\N{RIGHT-TO-LEFT MARK}שלום", "\N{RIGHT-TO-LEFT MARK}שלום"),
        ("lone \ud83d surrogate", "lone  surrogate"),
        ("<!channel> & <b>", "<!channel> & <b>"),
    ],
)
def test_cleaning(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


any_text = st.text(st.characters(exclude_categories=()))


@given(any_text)
@example("e\N{SOFT HYPHEN}\N{COMBINING ACUTE ACCENT}")
def test_what_is_clean_stays_as_it_is(raw: str) -> None:
    once = clean(raw)
    assert clean(once) == once
    assert one_line(one_line(raw)) == one_line(raw)


@given(any_text)
def test_cleaned_text_can_be_stored_and_shown(raw: str) -> None:
    text = clean(raw)
    text.encode()  # raises for what no database and no JSON takes
    assert text == unicodedata.normalize("NFC", text)
    assert not any(unicodedata.category(char) == "Cc" for char in text if char not in "\n\t")
    assert text == text.strip()
    assert len(one_line(raw).splitlines()) <= 1


@pytest.mark.parametrize(
    "text, readable",
    [
        ("", False),
        ("   ", False),
        ("🎉", False),
        (f"{FAMILY} 🇩🇪", False),
        (":tada: :+1:", False),
        ("---- ??? …", False),
        ("\N{ZERO WIDTH JOINER}\N{RIGHT-TO-LEFT MARK}", False),
        ("ok", True),
        ("7", True),
        ("🎉 we won", True),
        (":tada: we won :tada:", True),
        ("شكرا", True),
        ("ありがとう", True),
        ("१", True),
    ],
)
def test_whether_there_is_something_to_read(text: str, readable: bool) -> None:
    assert has_words(text) is readable


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_a_cut_never_exceeds_its_length_and_shows_that_it_cut(text: str, length: int) -> None:
    shown = cut(text, length)
    assert len(shown) <= length
    if len(text) <= length:
        assert shown == text
    else:
        assert shown.endswith("…")
        assert text.startswith(shown[:-1])


@pytest.mark.parametrize(
    "text, line",
    [
        ("", ""),
        ("\n \n", ""),
        ("one", "one"),
        ("\n\n  two   words \nthree", "two words"),
        ("-----\nOur best customer\n", "Our best customer"),
        (":tada:\nWe won", "We won"),
        ("🎉\n---", "🎉"),
        ("one\N{LINE SEPARATOR}two", "one"),
    ],
)
def test_the_first_line_names_the_text(text: str, line: str) -> None:
    assert first_line(text) == line
