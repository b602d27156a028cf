"""What `/social find` looks into never holds what is personal."""

from hypothesis import given
from hypothesis import strategies as st

from bot.kinds import KINDS, Field, Kind
from bot.text import folded
from storage.stores.documents import words_of
from tests.support.storage_examples import make_submission

PERSONAL = [(kind, field) for kind in KINDS.values() for field in kind.fields if field.personal]

values = st.from_regex(r"personal[a-zß]{1,20}", fullmatch=True)


@given(st.sampled_from(PERSONAL), values)
def test_no_personal_field_is_among_the_words(which: tuple[Kind, Field], value: str) -> None:
    """Not even where a bug has left one among the open fields."""
    kind, personal = which
    fields = {field.name: f"open {field.name}" for field in kind.fields if not field.personal}
    one = make_submission(kind_key=kind.key, fields={**fields, personal.name: value})
    words = words_of(one)
    assert folded(value) not in words
    assert folded(fields[kind.text_field]) in words


def test_testimonials_and_leads_have_personal_fields() -> None:
    assert {kind.key for kind, _ in PERSONAL} >= {"testimonial", "lead"}
