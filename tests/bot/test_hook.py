"""Messages are signed as Standard Webhooks has it; its own library says what is right."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from bot.hook import Secrets, Signed, is_fresh, is_signed, key_of, secret_of, signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
VECTOR = Signed(
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "1614265330",
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    b'{"test": 2432232314}',
)
"""The standard's own example, which its libraries in all languages test."""

NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
OTHER = secret_of(b"o" * 32)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1, max_size=30)


def test_the_standard_s_example() -> None:
    assert signature(SECRET, VECTOR) == VECTOR.signatures
    assert is_signed((SECRET,), VECTOR)


@given(
    key=st.binary(min_size=24, max_size=64),
    message_id=TEXTS,
    moment=st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001  (its zone is below)
    body=TEXTS,
)
def test_what_the_standard_s_library_signs_is_signed(
    key: bytes, message_id: str, moment: datetime, body: str
) -> None:
    at = moment.replace(microsecond=0, tzinfo=UTC)
    made = Webhook(secret_of(key)).sign(message_id, at, body)
    message = Signed(message_id, str(int(at.timestamp())), made, body.encode())
    assert is_signed((secret_of(key),), message)
    assert signature(secret_of(key), message) == made
    assert not is_signed((OTHER,), message)


@given(
    place=st.integers(0, 200),
    part=st.sampled_from(["message_id", "timestamp", "body"]),
)
def test_another_character_anywhere_is_not_signed(place: int, part: str) -> None:
    values = {
        "message_id": VECTOR.message_id,
        "timestamp": VECTOR.timestamp,
        "body": VECTOR.body.decode(),
    }
    text = values[part]
    at = place % len(text)
    values[part] = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    changed = Signed(
        values["message_id"], values["timestamp"], VECTOR.signatures, values["body"].encode()
    )
    assert not is_signed((SECRET,), changed)


@given(st.text(max_size=80) | st.from_regex(r"(v1,[A-Za-z0-9+/=]{0,50} ?){1,12}", fullmatch=True))
def test_any_header_is_judged_without_an_error(header: str) -> None:
    message = Signed(VECTOR.message_id, VECTOR.timestamp, header, VECTOR.body)
    assert is_signed((SECRET,), message) is (VECTOR.signatures in header.split(" "))


@pytest.mark.parametrize(
    "header, may",
    [
        (f"v1a,abc v1,bad {VECTOR.signatures}", True),
        (f"{VECTOR.signatures} v1,é", True),
        (VECTOR.signatures.replace("v1,", "v1a,"), False),
        (VECTOR.signatures.replace("v1,", ""), False),
        (" ".join(["v1,AAAA"] * 10 + [VECTOR.signatures]), False),
        ("\udcff\udcfe v1,\udcff", False),
    ],
)
def test_one_of_several_signatures_is_enough(header: str, may: bool) -> None:
    message = Signed(VECTOR.message_id, VECTOR.timestamp, header, VECTOR.body)
    assert is_signed((OTHER, SECRET), message) is may


@pytest.mark.parametrize(
    "seconds, is_in_time", [(-301, False), (-300, True), (300, True), (301, False)]
)
def test_a_message_is_fresh_for_five_minutes_either_way(seconds: int, is_in_time: bool) -> None:
    assert is_fresh(str(int(NOW.timestamp()) + seconds), NOW) is is_in_time


@pytest.mark.parametrize("timestamp", ["", "abc", "-1", "1e9", "١٢٣", "9" * 40, "1.5", " 1"])
def test_an_odd_time_is_not_fresh(timestamp: str) -> None:
    assert not is_fresh(timestamp, NOW)


def test_the_secret_before_works_for_a_day() -> None:
    secrets = Secrets(current=SECRET, old=OTHER, old_until=NOW)
    assert secrets.valid_at(NOW - timedelta(seconds=1)) == (SECRET, OTHER)
    assert secrets.valid_at(NOW) == (SECRET,)
    assert Secrets(current=SECRET).valid_at(NOW) == (SECRET,)


def test_a_secret_is_what_the_standard_s_libraries_take() -> None:
    assert secret_of(b"\0" * 32) == "whsec_" + "A" * 43 + "="
    assert key_of(secret_of(b"x" * 32)) == b"x" * 32
    with pytest.raises(ValueError, match="whsec_"):
        key_of("whsec_é!")
