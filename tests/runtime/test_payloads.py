"""Forms are taken apart as Slack put them together, whichever way they are encoded."""

import json
import string
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from runtime.payloads import FORM, OddRequestError, parsed

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(string.printable, max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)
ENCODINGS: list[Callable[[str], str]] = [
    quote_plus,
    quote,
    lambda text: quote(
        text,
        safe=string.punctuation.replace("%", "").replace("&", "").replace("+", "").replace("=", ""),
    ),
    lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
]


@pytest.mark.parametrize("encode", ENCODINGS)
@pytest.mark.parametrize("is_ascii", [True, False])
@given(value=JSON_VALUES)
def test_a_payload_comes_back(encode: Callable[[str], str], is_ascii: bool, value: object) -> None:
    payload = {"type": "view_submission", "value": value}
    body = f"payload={encode(json.dumps(payload, ensure_ascii=is_ascii))}"
    assert parsed(FORM, body) == payload
    # Beside another field it is taken apart the other way.
    assert parsed(FORM, f"{body}&other=") == payload


@pytest.mark.parametrize(
    "broken",
    [
        "%\n",
        "%\r\n",
        "%\r",
        "a=41",
        "a%3D41",
        "%3d%3D",
        "%FF",
        "%C3",
        "%E2%82",
        "%25zz",
        "a&b",
        "%26",
        "+%2B+",
    ],
)
def test_what_looks_like_another_encoding_is_told_as_the_standard_does(broken: str) -> None:
    body = f"payload=%7B%22type%22%3A%22x%22%2C%22v%22%3A%22{broken}%22%7D"
    text = URL.build(query_string=body, encoded=True).query["payload"]
    try:
        wanted = json.loads(text)
    except ValueError:
        with pytest.raises(OddRequestError):
            parsed(FORM, body)
    else:
        assert parsed(FORM, body) == wanted
