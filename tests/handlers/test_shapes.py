"""Shapes are asked for by pydantic-core: it answers as the words of the shapes say."""

import re
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers.shapes import ADDRESS, ALL, BY_TYPE, COMMAND, EVENT, ID, Each, check_of, is_shaped

TEXT = st.sampled_from(["", "a", "U1", "a b", "a\n"])
LEAF = st.none() | st.booleans() | st.integers(0, 3) | TEXT
KEYS = ("a", "b", "c")
VALUE = st.recursive(
    LEAF,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(KEYS), below),
    max_leaves=12,
)


def _tables(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from([*KEYS, "a!", "b!"]), below, max_size=4)


SHAPE = st.recursive(
    st.sampled_from([str, bool, int, list, dict, ID]),
    lambda below: (
        _tables(below) | below.map(lambda one: [one]) | below.map(Each) | st.tuples(below, below)
    ),
    max_leaves=6,
)


def has(shape: Any, value: Any) -> bool:
    """The words of `handlers.shapes`, one by one."""
    match shape:
        case type():
            return isinstance(value, shape)
        case re.Pattern():
            return isinstance(value, str) and shape.fullmatch(value) is not None
        case tuple():
            return any(has(one, value) for one in shape)
        case [each]:
            return isinstance(value, list) and all(has(each, one) for one in value)
        case Each(each):
            return isinstance(value, dict) and all(has(each, one) for one in value.values())
        case _:
            return isinstance(value, dict) and all(
                has_key(key, one, value) for key, one in shape.items() if f"{key}!" not in shape
            )


def has_key(key: str, shape: Any, table: Mapping[str, Any]) -> bool:
    found = table.get(key.removesuffix("!"))
    return not key.endswith("!") if found is None else has(shape, found)


@given(shape=SHAPE, value=VALUE)
def test_a_value_has_a_shape_as_the_words_say(shape: Any, value: Any) -> None:
    assert check_of(shape)(value) == has(shape, value)


@given(text=st.text(max_size=30) | st.from_regex(ADDRESS) | st.from_regex(ID))
def test_patterns_hold_for_the_whole_text(text: str) -> None:
    for pattern in (ID, ADDRESS):
        assert check_of(pattern)(text) == (pattern.fullmatch(text) is not None)


def test_half_a_surrogate_pair_in_a_text_is_a_text() -> None:
    assert is_shaped({"command": "\ud800", "user_id": "U1", "team_id": "T1"})


def test_what_we_ask_for_can_be_had() -> None:
    """Each table holds for what has all its keys, and not when one that is needed is missing."""
    tables: list[Any] = [ALL, COMMAND, EVENT, *BY_TYPE.values()]
    for shape in tables:
        whole = example(shape)
        assert check_of(shape)(whole)
        for key in shape:
            if key.endswith("!"):
                assert not check_of(shape)({**whole, key.removesuffix("!"): None})


def example(shape: Any) -> Any:
    match shape:
        case type():
            return shape()
        case re.Pattern():
            return "https://hooks.slack.com/a" if shape is ADDRESS else "U1"
        case (first, *_):
            return example(first) if isinstance(shape, tuple) else [example(first)]
        case Each(each):
            return {"any": example(each)}
        case _:
            return {key.removesuffix("!"): example(one) for key, one in shape.items()}
