from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.errors import NotFoundError
from bot.submission import Origin
from handlers.form_values import FormMetadata, HandInValue
from handlers.ids import Action, BlockId, Callback, DecisionMetadata, RetryValue, TriageValue

PUBLIC = Origin(
    channel_id="C1",
    message_ts="1.2",
    author_id="U1",
    permalink="https://example.slack.com/archives/C1/p12",
    is_private=False,
)
EXAMPLES = [
    FormMetadata.of("idea", PUBLIC, response_channel="C2"),
    FormMetadata(kind="lead"),
    TriageValue(number=12, version=3, role_id="content_lead"),
    DecisionMetadata(number=12, version=3, channel_id="C1"),
    HandInValue(kind="testimonial"),
    RetryValue(key="card:12"),
]
TYPES = [FormMetadata, TriageValue, DecisionMetadata, HandInValue, RetryValue]


@pytest.mark.parametrize("carried", EXAMPLES, ids=lambda carried: type(carried).__name__)
def test_comes_back_as_it_was_dumped(carried: Any) -> None:
    assert type(carried).parse(carried.dump()) == carried


@pytest.mark.parametrize("model", TYPES)
@given(
    raw=st.none() | st.text() | st.sampled_from(["{}", "[]", "null", '{"number":"12"}', '{"x":1}'])
)
def test_what_is_malformed_gets_a_sentence(model: Any, raw: str | None) -> None:
    with pytest.raises(NotFoundError) as caught:
        model.parse(raw)
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize(
    "raw",
    [
        '{"number":12,"version":1,"role_id":"x","more":1}',
        '{"number":0,"version":1,"role_id":"x"}',
        '{"number":"12","version":1,"role_id":"x"}',
    ],
)
def test_a_button_of_another_shape_is_refused(raw: str) -> None:
    with pytest.raises(NotFoundError):
        TriageValue.parse(raw)


def test_a_form_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(NotFoundError):
        FormMetadata.parse('{"kind":"poem"}')


def test_no_link_leaves_a_private_conversation() -> None:
    private = Origin(
        channel_id="C1", message_ts="1.2", permalink="https://x.example", is_private=True
    )
    metadata = FormMetadata.of("idea", private)
    assert metadata.permalink is None
    assert metadata.origin is not None
    assert metadata.origin.permalink is None
    with pytest.raises(NotFoundError):
        FormMetadata.parse('{"kind":"idea","is_private":true,"permalink":"https://x.example"}')


def test_the_origin_of_a_form_comes_back() -> None:
    assert FormMetadata.of("idea", PUBLIC).origin == PUBLIC
    assert FormMetadata.of("idea", None).origin is None
    assert FormMetadata.of("idea", PUBLIC).with_kind("lead").origin == PUBLIC


def test_everything_fits_slacks_limits() -> None:
    longest = FormMetadata(
        kind="testimonial",
        channel_id="C" * 64,
        message_ts="1" * 64,
        author_id="U" * 64,
        is_private=False,
        permalink="x" * 1000,
        response_channel="C" * 64,
    )
    assert len(longest.dump()) <= 3000
    assert len(RetryValue(key="é" * 1500).dump()) <= 2000


def test_an_action_is_known_with_and_without_its_suffix() -> None:
    assert Action.of("triage.take") is Action.TRIAGE_TAKE
    assert Action.of(Action.HOME_HAND_IN.at("idea")) is Action.HOME_HAND_IN
    with pytest.raises(NotFoundError):
        Action.of("old.button")


def test_ids_name_their_journey() -> None:
    named = [*Action, *Callback]
    named.remove(Action.VALUE)
    assert all(len(entry.value.split(".")) == 2 for entry in named)
    assert BlockId.TRIAGE.at(12, 3) == "triage:12:3"


def test_what_people_typed_is_in_no_error() -> None:
    with pytest.raises(ValidationError) as bad:
        FormMetadata(kind="lead").with_kind("idea", aside={"name": "Nadia Neuland " * 100})
    assert "Nadia" not in str(bad.value)


def test_a_forms_metadata_is_read_once_unless_somebodys_text_rides_along() -> None:
    plain = FormMetadata(kind="idea", response_channel="C1")
    assert FormMetadata.parse(plain.dump()) is FormMetadata.parse(plain.dump())
    typed = plain.with_kind("lead", aside={"contact": "ada@example.com"})
    assert FormMetadata.parse(typed.dump()) == typed
    assert FormMetadata.parse(typed.dump()) is not FormMetadata.parse(typed.dump())
    with pytest.raises(NotFoundError):
        FormMetadata.parse('{"kind":"nothing","files":[],"aside":{}}')
