"""The set-up file: each mistake is named with its line."""

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from runtime.desk_file import read_desk

GOOD = """\
admins: [U0000ADM]
fallback_role: social_lead
roles:
  social_lead:
    holders: [U0000SOC]
  video_lead:
    label: Video lead
    channel: C0000VID
    holders: [U0000AVA, U0000BEN]
    fallback: content_lead
rules:
  - role: video_lead
    kinds: [idea]
    content_types: [video]
departments:
  Sales:
    members: [U0000SAM]
digests:
  leadership:
    channel: C0000DIR
    weekday: tuesday
    time: "08:30"
    tz: Europe/Berlin
"""


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_good_file_is_read() -> None:
    desk = read_desk(GOOD, name="desk.yaml")
    assert desk.roles["video_lead"].holders == ("U0000AVA", "U0000BEN")
    assert desk.roles["lead_desk"].holders == ()
    (digest,) = desk.subscriptions
    assert (digest.subscription_id, digest.weekday, digest.time) == ("leadership", 1, "08:30")
    assert desk.admins == ("U0000ADM",)


def test_a_time_needs_no_quotes() -> None:
    (digest,) = read_desk(changed('"08:30"', "08:30"), name="desk.yaml").subscriptions
    assert digest.time == "08:30"


def test_the_example_is_a_good_file() -> None:
    path = Path(__file__).parents[2] / "desk.example.yaml"
    assert read_desk(path.read_text(encoding="utf-8"), name=path.name).subscriptions


def test_an_empty_file_is_the_default_desk() -> None:
    for text in ("", "\n", "# nothing\n", "{}", "---\n"):
        assert read_desk(text, name="desk.yaml").subscriptions == ()


@pytest.mark.parametrize(
    "text, line, said",
    [
        (changed("[U0000ADM]", "[ada]"), 1, "a person's Slack id"),
        (changed("[U0000ADM]", "U0000ADM"), 1, "list"),
        (changed("admins: [U0000ADM]", "admin: [U0000ADM]"), 1, "there is no such setting"),
        (changed("fallback_role: social_lead", "fallback_role: Social Lead"), 2, "lower-case"),
        (changed("fallback_role: social_lead", "fallback_role: 5"), 2, "string"),
        (changed("holders: [U0000SOC]", "holders: [U0000SOC, C0000VID]"), 5, "a person's"),
        (changed("  video_lead:\n", "  Video-Lead:\n"), 6, "lower-case"),
        (changed("label: Video lead", "label: ''"), 7, "at least 1 character"),
        (changed("label: Video lead", f"label: {'x' * 76}"), 7, "at most 75 character"),
        (changed("channel: C0000VID", "channel: '#video'"), 8, "a channel's Slack id"),
        (changed("fallback: content_lead", "falback: content_lead"), 10, "no such setting"),
        (changed("  - role: video_lead\n", "  - rol: video_lead\n"), 12, "no such setting"),
        (changed("- role: video_lead\n    kinds", "- kinds"), 12, "is missing"),
        (changed("content_types: [video]", "content_types: video"), 14, "list"),
        (changed("members: [U0000SAM]", "members: [sam]"), 17, "a person's"),
        (changed("channel: C0000DIR", "channel: general"), 20, "a channel's"),
        (changed("    channel: C0000DIR\n", ""), 19, "is missing"),
        (changed("weekday: tuesday", "weekday: someday"), 21, "'monday', 'tuesday'"),
        (changed('time: "08:30"', "time: 8"), 22, "string"),
        ("admins: []\nroles: []\n", 2, "dictionary"),
        (changed("[U0000ADM]", "[U0000ADM"), 2, ""),
        (changed("fallback_role", "\tfallback_role"), 2, ""),
        (GOOD + "rules: []\n", 24, "duplicate key"),
        ("- a\n- b\n", 1, "should be"),
        ("just words\n", 1, "should be"),
        ("admins: &a [*a]\n", 1, ""),
        ("admins: !!python/object:os.system [x]\n", 1, ""),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(ConfigurationError) as wrong:
        read_desk(text, name="desk.yaml")
    first = wrong.value.sentence.splitlines()[0]
    assert first.startswith(f"desk.yaml:{line}: "), first
    assert said in wrong.value.sentence


@pytest.mark.parametrize(
    "text, said",
    [
        (changed("fallback_role: social_lead", "fallback_role: nobody"), "“nobody” is not among"),
        (changed("fallback: content_lead", "fallback: nobody"), "“nobody” is no role"),
        (changed("role: video_lead", "role: nobody"), "Rule 1: “nobody” is no role"),
        (changed("kinds: [idea]", "kinds: [poem]"), "Rule 1: “poem” is no kind"),
        (changed("[video]", "[opera]"), "Rule 1: “opera” is no content type"),
        (changed("[U0000AVA, U0000BEN]", "[U0000AVA, U0000AVA]"), "named twice"),
        (changed("Europe/Berlin", "Europe/Nowhere"), "no time zone"),
        (changed("Europe/Berlin", "../../etc/passwd"), "no time zone"),
        (changed('"08:30"', '"25:00"'), "no time like 09:00"),
        (changed("label: Video lead", "label: <b>"), "can't have <"),
    ],
)
def test_what_does_not_fit_together_is_named(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as wrong:
        read_desk(text, name="desk.yaml")
    assert wrong.value.sentence.startswith("desk.yaml: ")
    assert said in wrong.value.sentence


def test_every_mistake_is_named_at_once() -> None:
    text = changed("[U0000ADM]", "[ada]").replace("weekday: tuesday", "weekday: x")
    with pytest.raises(ConfigurationError) as wrong:
        read_desk(text, name="desk.yaml")
    assert [line.split(":")[1] for line in wrong.value.sentence.splitlines()] == ["1", "21"]
