import pytest

from bot.desk import DEFAULT_FALLBACK, default_desk
from bot.kinds import KINDS, Field, FieldType, Kind
from bot.lifecycle import State, Verb

kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
fields = pytest.mark.parametrize(
    "kind, field",
    [(kind, field) for kind in KINDS.values() for field in kind.fields],
    ids=[f"{kind.key}-{field.name}" for kind in KINDS.values() for field in kind.fields],
)


@kinds
def test_a_kind_is_filed_under_its_key(kind: Kind) -> None:
    assert KINDS[kind.key] is kind


@kinds
def test_field_names_are_different(kind: Kind) -> None:
    names = [field.name for field in kind.fields]
    assert len(set(names)) == len(names)


@kinds
def test_what_was_typed_has_a_place_that_takes_long_text(kind: Kind) -> None:
    assert kind.field(kind.text_field).type is FieldType.TEXT
    assert kind.field(kind.text_field).max_length >= 3000


@kinds
def test_a_title_can_always_be_made_and_is_never_personal(kind: Kind) -> None:
    named = [kind.field(name) for name in kind.title_fields]
    assert not any(field.personal for field in named)
    assert any(field.required for field in named)


@kinds
def test_the_default_role_is_there_from_the_start(kind: Kind) -> None:
    assert kind.default_role in default_desk().roles


def test_every_default_role_ends_at_the_desks_fallback() -> None:
    roles = default_desk().roles
    for role_id, role in roles.items():
        assert role.fallback == (None if role_id == DEFAULT_FALLBACK else DEFAULT_FALLBACK)


@kinds
def test_labels_fit_into_slacks_views(kind: Kind) -> None:
    """A view's title takes 24 characters, a label 2,000, a button's text 75."""
    assert len(f"Hand in {kind.article}") <= 24
    assert len(kind.label) <= 75
    assert kind.emoji.startswith(":")
    assert kind.emoji.endswith(":")


@kinds
def test_a_decision_is_promised_within_days(kind: Kind) -> None:
    assert 0 < kind.due.total_seconds() <= 7 * 86_400
    decided = [kind.lifecycle.target(State.NEW, verb) for verb in (Verb.ACCEPT, Verb.PASS_ON)]
    assert sum(target is not None for target in decided) == 1
    assert kind.lifecycle.target(State.NEW, Verb.DECLINE) is not None


@fields
def test_a_fields_texts_fit_into_slacks_inputs(kind: Kind, field: Field) -> None:
    assert 0 < len(field.label) <= 75
    assert len(field.hint or "") <= 150
    assert len(field.placeholder or "") <= 150
    assert 0 < field.max_length <= 3000


@fields
def test_choices_and_only_they_have_options(kind: Kind, field: Field) -> None:
    is_choice = field.type in {FieldType.CHOICE, FieldType.CHOICES}
    assert bool(field.options) is is_choice
    values = [option.value for option in field.options]
    assert len(set(values)) == len(values) <= 100
    assert all(0 < len(option.label) <= 75 for option in field.options)
    assert all(0 < len(option.value) <= 150 for option in field.options)
    assert field.default is None or field.default in values


@fields
def test_what_makes_a_field_required_can_be_chosen(kind: Kind, field: Field) -> None:
    if field.required_with is not None:
        name, value = field.required_with
        assert not field.required
        assert value in {option.value for option in kind.field(name).options}


@pytest.mark.parametrize(
    "kind_key, personal",
    [
        ("idea", set()),
        ("testimonial", {"person", "position", "consent_wording"}),
        ("lead", {"name", "contact"}),
    ],
)
def test_the_personal_fields(kind_key: str, personal: set[str]) -> None:
    assert {field.name for field in KINDS[kind_key].fields if field.personal} == personal


def test_a_stored_value_that_is_no_option_any_more_is_shown_as_it_is() -> None:
    field = KINDS["idea"].field("content_type")
    assert field.option_label("video") == "Video"
    assert field.option_label("gone") == "gone"


def test_an_unknown_field_has_no_entry() -> None:
    with pytest.raises(KeyError):
        KINDS["idea"].field("nothing")


def test_a_name_has_one_label_in_all_kinds() -> None:
    """The history tells by the name alone which answer was changed."""
    labels = {(field.name, field.label) for kind in KINDS.values() for field in kind.fields}
    assert len(labels) == len({name for name, _ in labels})
