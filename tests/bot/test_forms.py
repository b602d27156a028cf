from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FieldError
from bot.forms import (
    LINK_SENTENCE,
    PAST_SENTENCE,
    TITLE_LENGTH,
    CheckedForm,
    check_form,
    check_link,
    check_sentence,
)
from bot.kinds import KINDS, FieldType, Kind
from bot.submission import FieldValue
from bot.text import has_words

IDEA, TESTIMONIAL, LEAD = KINDS["idea"], KINDS["testimonial"], KINDS["lead"]
GOOD: Mapping[str, Mapping[str, FieldValue]] = {
    "idea": {"title": "Pump"},
    "testimonial": {"quote": "Works", "customer": "Rheinwerk"},
    "lead": {"name": "Nadia", "need": "A pump"},
}


TODAY = date(2026, 11, 19)


def checked(kind: Kind, raw: Mapping[str, FieldValue]) -> CheckedForm:
    return check_form(kind, raw, today=TODAY)


def faults(kind_key: str, **raw: FieldValue) -> Mapping[str, str]:
    """The sentences for a form that is good but for `raw`."""
    try:
        checked(KINDS[kind_key], {**GOOD[kind_key], **raw})
    except FieldError as error:
        return error.fields
    return {}


NO_WORDS = "Please write a word or two: this has no text."


@pytest.mark.parametrize(
    "title, sentence",
    [
        ("", "Please fill in: Title."),
        ("   \t", "Please fill in: Title."),
        ("\n\r\n", "Please fill in: Title."),
        ("\0\x07", "Please fill in: Title."),
        ("\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}", "Please fill in: Title."),
        ("\N{RIGHT-TO-LEFT MARK}", NO_WORDS),
        ("🎉🎉", NO_WORDS),
        (":tada:", NO_WORDS),
        ("...", NO_WORDS),
        ("x" * 151, "This has 151 characters; 150 fit. Please shorten it."),
        ("🎉" * 1234, "This has 1,234 characters; 150 fit. Please shorten it."),
    ],
)
def test_a_required_line(title: str, sentence: str) -> None:
    assert faults("idea", title=title) == {"title": sentence}


@pytest.mark.parametrize(
    "title, stored",
    [
        ("x" * 150, "x" * 150),
        ("  two \n lines ", "two lines"),
        ("مضخة جديدة", "مضخة جديدة"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}evil", "evil"),
        ("<!channel> look", "<!channel> look"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("we won 🎉", "we won 🎉"),
    ],
)
def test_what_was_typed_is_kept_as_it_is(title: str, stored: str) -> None:
    form = checked(IDEA, {"title": title})
    assert form.fields == {"title": stored}
    assert form.personal == {}


@pytest.mark.parametrize("empty", ["", "  ", "\n", "\0"])
def test_an_optional_field_left_empty_is_not_stored(empty: str) -> None:
    raw: dict[str, FieldValue] = dict.fromkeys(("text", "link", "content_type"), empty)
    assert checked(IDEA, {"title": "Pump", "platforms": (), **raw}).fields == {"title": "Pump"}


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com",
        "http://example.com/a?b=c#d",
        "HTTPS://EXAMPLE.COM",
        "https://bücher.example.com/straße",
        "https://пример.рф",
        "https://example.com:8443/x",
        "https://example.com/%20x",
        "  https://example.com  ",
    ],
)
def test_links(link: str) -> None:
    assert faults("idea", link=link) == {}
    assert check_link(link, field="link") == link.strip()


@pytest.mark.parametrize(
    "link",
    [
        "example.com",
        "www.example.com",
        "//example.com",
        "https:example.com",
        "https:/example.com",
        "https:///example.com",
        "https:\\\\example.com",
        "https://example.com\\@evil.example",
        "https://",
        "https://.",
        "https://..",
        "https://.com",
        "https://a..b",
        "https://localhost",
        "https://exa mple.com",
        "https://example.com/a b",
        "https://example.com:99999",
        "https://exa\N{ZERO WIDTH JOINER}mple.com",
        "javascript:alert(1)",
        "JavaScript://example.com/%0aalert(1)",
        "data:text/html,hello",
        "ftp://example.com",
        "mailto:sam@example.com",
        "slack://open",
        "<https://example.com|here>",
        "word",
        "🎉",
    ],
)
def test_what_is_no_link(link: str) -> None:
    assert faults("idea", link=link) == {"link": LINK_SENTENCE}
    with pytest.raises(FieldError) as refused:
        check_link(link, field="published")
    assert refused.value.fields == {"published": LINK_SENTENCE}


def test_a_link_may_have_2000_characters() -> None:
    start = "https://example.com/"
    assert check_link(start.ljust(2000, "x"), field="link")
    with pytest.raises(FieldError, match="This link has 2,001 characters; 2,000 fit"):
        check_link(start.ljust(2001, "x"), field="link")


@pytest.mark.parametrize(
    "contact",
    [
        "nadia@example.com",
        "nadia+sales@sub.example.co.uk",
        "nadia@bücher.de",
        "Nadia <nadia@example.com>",
        "+49 (0)30 123-45 67",
        "030/1234567",
        "0041 44 668 18 00 ext. 7",
        "https://example.com/in/nadia",
        "www.example.com/nadia",
        "@nadia",
    ],
)
def test_contacts(contact: str) -> None:
    assert faults("lead", contact=contact) == {}


NO_EMAIL = "This is no e-mail address: name@example.com."
NO_CONTACT = "Please give an e-mail address, a phone number or a link to a profile."


@pytest.mark.parametrize(
    "contact, sentence",
    [
        ("nadia@", NO_EMAIL),
        ("nadia@example", NO_EMAIL),
        ("nadia @example.com", NO_EMAIL),
        ("a@example.com, b@example.com", NO_EMAIL),
        ("mailto:nadia@example.com", NO_EMAIL),
        ("@nadia@", NO_EMAIL),
        ("Nadia", NO_CONTACT),
        ("1234", NO_CONTACT),
        ("@", NO_CONTACT),
        ("@@ 🎉", NO_CONTACT),
        ("javascript:alert(1)", NO_CONTACT),
        ("https://", LINK_SENTENCE),
        ("https://localhost", LINK_SENTENCE),
        ("www.", LINK_SENTENCE),
        ("www. example.com", LINK_SENTENCE),
        ("x" * 301, "This has 301 characters; 300 fit. Please shorten it."),
    ],
)
def test_what_is_no_contact(contact: str, sentence: str) -> None:
    assert faults("lead", contact=contact) == {"contact": sentence}


LIST = "Please choose from the list."


@pytest.mark.parametrize(
    "raw, expected",
    [
        ({"content_type": "video"}, {}),
        ({"content_type": "Video"}, {"content_type": LIST}),
        ({"content_type": "movie"}, {"content_type": LIST}),
        ({"content_type": ("video", "story")}, {"content_type": LIST}),
        ({"platforms": ("linkedin", "blog")}, {}),
        ({"platforms": ("linkedin", "fax")}, {"platforms": LIST}),
        ({"platforms": ("",)}, {"platforms": LIST}),
        ({"title": ("a", "b")}, {"title": LIST}),
    ],
)
def test_choices(raw: dict[str, FieldValue], expected: dict[str, str]) -> None:
    assert faults("idea", **raw) == expected


CONSENT = {"consent_wording": "Please fill in: What exactly did they agree to."}


@pytest.mark.parametrize(
    "raw, expected",
    [
        ({}, {}),
        ({"consent": "asked"}, {}),
        ({"consent": "refused", "consent_wording": ""}, {}),
        ({"consent": "granted"}, CONSENT),
        ({"consent": "granted", "consent_wording": "  "}, CONSENT),
        ({"consent": " granted\n"}, CONSENT),
        ({"consent": "granted", "consent_wording": "👍"}, {"consent_wording": NO_WORDS}),
        ({"consent": "granted", "consent_wording": "Yes, by e-mail"}, {}),
        ({"consent": ("granted",)}, {"consent": LIST}),
    ],
)
def test_consent_needs_its_wording(raw: dict[str, FieldValue], expected: dict[str, str]) -> None:
    assert faults("testimonial", **raw) == expected


def test_every_bad_field_gets_its_sentence_at_once() -> None:
    raw = {"name": "", "contact": "nobody", "need": "🎉", "knows_us": "loves"}
    with pytest.raises(FieldError) as refused:
        checked(LEAD, raw)
    assert set(refused.value.fields) == {"name", "contact", "need", "knows_us"}
    assert "nobody" not in refused.value.sentence


@pytest.mark.parametrize("kind_key", KINDS)
def test_unknown_fields_are_ignored(kind_key: str) -> None:
    form = checked(KINDS[kind_key], {**GOOD[kind_key], "version": "7", "state": "published"})
    assert {**form.fields, **form.personal} == GOOD[kind_key]


def test_personal_fields_are_kept_apart_and_out_of_the_title() -> None:
    form = checked(LEAD, {"name": "Nadia", "contact": "@nadia", "need": "A pump"})
    assert form.personal == {"name": "Nadia", "contact": "@nadia"}
    assert form.fields == {"need": "A pump"}
    assert form.title == "A pump"


@pytest.mark.parametrize(
    "need, title",
    [
        ("A pump\nfor a ship", "A pump"),
        ("-----\nA pump", "A pump"),
        ("p" * 121, "p" * (TITLE_LENGTH - 1) + "…"),
    ],
)
def test_the_title_is_one_line(need: str, title: str) -> None:
    assert checked(LEAD, {"name": "Nadia", "need": need}).title == title


@pytest.mark.parametrize(
    "raw, sentence",
    [
        ("", "Say why."),
        ("\N{ZERO WIDTH SPACE} ", "Say why."),
        (":shrug: 🤷", "Say why."),
        ("x" * 21, "This has 21 characters; 20 fit. Please shorten it."),
    ],
)
def test_what_is_no_sentence(raw: str, sentence: str) -> None:
    with pytest.raises(FieldError) as refused:
        check_sentence(raw, field="note", missing="Say why.", length=20)
    assert refused.value.fields == {"note": sentence}


def test_a_sentence_may_have_lines() -> None:
    given = " Not now.\r\nNext year! "
    assert check_sentence(given, field="note", missing="", length=20) == "Not now.\nNext year!"


anything = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=200),
    st.sampled_from(["granted", "video", "https://example.com", "sam@example.com", "+49 3012345"]),
    st.lists(st.sampled_from(["linkedin", "video", "x", ""]), max_size=3).map(tuple),
)


@pytest.mark.parametrize("kind_key", KINDS)
@given(raw=st.dictionaries(st.sampled_from([*"ab", "title", "need", "quote", "consent"]), anything))
def test_whatever_comes_is_stored_well_or_refused_by_field(
    kind_key: str, raw: dict[str, FieldValue]
) -> None:
    kind = KINDS[kind_key]
    refused = faults(kind_key, **raw)
    if refused:
        assert set(refused) <= {field.name for field in kind.fields}
        assert all(refused.values())
        return
    form = checked(kind, {**GOOD[kind_key], **raw})
    assert form.title
    assert len(form.title) <= TITLE_LENGTH
    assert "\n" not in form.title
    assert has_words(form.title)
    for name, value in (*form.fields.items(), *form.personal.items()):
        field = kind.field(name)
        assert field.personal is (name in form.personal)
        assert isinstance(value, str) or field.type is FieldType.CHOICES
        assert value
        assert len(value) <= field.max_length


@pytest.mark.parametrize(
    "day, sentence",
    [
        ("", None),
        ("2026-11-18", PAST_SENTENCE),
        ("2026-11-19", None),
        ("2030-01-01", None),
        ("2026-13-01", "This is no date. Please choose a day."),
        ("tomorrow", "This is no date. Please choose a day."),
    ],
)
@pytest.mark.parametrize("kind_key", ["idea", "testimonial"])
def test_nothing_is_wanted_by_a_day_that_has_passed(
    kind_key: str, day: str, sentence: str | None
) -> None:
    assert faults(kind_key, wanted_by=day) == ({"wanted_by": sentence} if sentence else {})


@given(day=st.dates(), today=st.dates())
def test_a_day_that_stands_already_may_pass(day: date, today: date) -> None:
    raw = {**GOOD["idea"], "wanted_by": day.isoformat()}
    standing = {"wanted_by": day.isoformat()}
    assert check_form(IDEA, raw, today=today, standing=standing).fields == raw
    if day < today:
        with pytest.raises(FieldError):
            check_form(IDEA, raw, today=today)
    else:
        assert check_form(IDEA, raw, today=today).fields == raw
