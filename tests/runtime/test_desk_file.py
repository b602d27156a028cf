"""The set-up file: each mistake is named with its line."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.conversion import ConversionType
from bot.desk import Department, Desk, PulseAsks, Role, Rule, Subscription, default_desk
from bot.desk_faults import check
from bot.errors import ConfigurationError
from bot.kinds import KINDS
from bot.sections import AUDIENCES, Audience, Section
from bot.text import has_words
from bot.working_time import WorkingHours
from runtime.desk_file import read_desk, write_desk
from runtime.desk_parts import DeskPart, RolePart, RulePart

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


def test_the_example_shows_every_setting() -> None:
    text = (Path(__file__).parents[2] / "desk.example.yaml").read_text(encoding="utf-8")
    tree = YAML(typ="safe").load(text)
    assert set(tree) == set(DeskPart.model_fields)
    roles = {name for role in tree["roles"].values() for name in role}
    assert roles == set(RolePart.model_fields)
    assert {name for rule in tree["rules"] for name in rule} == set(RulePart.model_fields)


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
        (changed("    channel: C0000DIR\n", ""), 19, "needs a channel, or people"),
        (changed("weekday: tuesday", "weekday: someday"), 21, "'monday', 'tuesday'"),
        (changed('time: "08:30"', "time: 8"), 22, "string"),
        (changed('"08:30"', '"25:00"'), 22, "a time like 09:00"),
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
    "text, line, said",
    [
        (changed("fallback_role: social_lead", "fallback_role: boss"), 2, "“boss” is not among"),
        (changed("fallback: content_lead", "fallback: nobody"), 10, "“nobody” is no role"),
        (changed("role: video_lead", "role: nobody"), 12, "Rule 1: “nobody” is no role"),
        (changed("kinds: [idea]", "kinds: [poem]"), 13, "Rule 1: “poem” is no kind"),
        (changed("[video]", "[video, opera]"), 14, "Rule 1: “opera” is no content type"),
        (changed("[U0000AVA, U0000BEN]", "[U0000AVA, U0000AVA]"), 9, "named twice"),
        (changed("Europe/Berlin", "Europe/Nowhere"), 23, "no time zone"),
        (changed("Europe/Berlin", "../../etc/passwd"), 23, "no time zone"),
        (changed("label: Video lead", "label: <b>"), 7, "can't have <"),
        (GOOD + "guests: [U0GUS, U0GUS]\n", 24, "named twice among the guests"),
        (GOOD + "leaders: [U0GUS, U0GUS]\n", 24, "named twice among the leaders"),
        (GOOD + "due:\n  idea: 8\n  poem: 3\n", 26, "“poem” is no kind"),
        (GOOD + "due:\n  lead: 2000\n", 24, "half a year"),
        (GOOD + "hours: {weekdays: [monday], end: '09:10', tz: UTC}\n", 24, "half a year"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_named_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(ConfigurationError) as wrong:
        read_desk(text, name="desk.yaml")
    assert wrong.value.sentence.startswith(f"desk.yaml:{line}: ")
    assert said in wrong.value.sentence


@pytest.mark.parametrize(
    "text, line, said",
    [
        ("hours: {}\n", 1, "hours.tz: is missing"),
        ("hours:\n  tz: Mars/Base\n", 1, "“Mars/Base” is no time zone"),
        ("hours:\n  start: '17:00'\n  end: '09:00'\n  tz: UTC\n", 1, "not before 09:00"),
        ("hours:\n  weekdays: []\n  tz: UTC\n", 1, "at least one weekday"),
        ("hours:\n  weekdays: [funday]\n  tz: UTC\n", 2, "'monday', 'tuesday'"),
        ("roles:\n  content_lead:\n    hours: {start: 25:00, tz: UTC}\n", 3, "a time like 09:00"),
        ("roles:\n  content_lead:\n    backups: [ben]\n", 3, "a person's Slack id"),
        ("due:\n  idea: soon\n", 2, "number"),
        ("due:\n  idea: 0\n", 2, "greater than 0"),
        ("guests:\n  - U0GUS\n  - gus\n", 3, "a person's Slack id"),
    ],
)
def test_a_mistake_in_hours_due_times_and_guests(text: str, line: int, said: str) -> None:
    with pytest.raises(ConfigurationError) as wrong:
        read_desk(text, name="desk.yaml")
    assert wrong.value.sentence.startswith(f"desk.yaml:{line}: ")
    assert said in wrong.value.sentence


def test_every_mistake_is_named_at_once() -> None:
    text = changed("[U0000ADM]", "[ada]").replace("weekday: tuesday", "weekday: x")
    with pytest.raises(ConfigurationError) as wrong:
        read_desk(text, name="desk.yaml")
    assert [line.split(":")[1] for line in wrong.value.sentence.splitlines()] == ["1", "21"]


people = st.lists(st.from_regex(r"[UW][A-Z0-9]{2,8}", fullmatch=True), unique=True).map(tuple)
places = st.from_regex(r"[CG][A-Z0-9]{2,8}", fullmatch=True)
keys = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
names = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=75).filter(
    has_words
)
labels = names.filter(lambda text: not set("<>&") & set(text))
zones = st.sampled_from(("UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"))
hours = st.none() | st.builds(
    WorkingHours,
    start=st.builds(time, st.integers(0, 9), st.integers(0, 59)),
    end=st.builds(time, st.integers(10, 23), st.integers(0, 59)),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    tz=zones,
)


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    own = draw(st.lists(keys, max_size=3))
    ids = tuple(dict.fromkeys([*default_desk().roles, *own]))
    roles = {
        role_id: Role(
            role_id=role_id,
            label=draw(labels),
            description=draw(st.sampled_from(("", "Looks after “it”: all, # and more"))),
            channel_id=draw(st.none() | places),
            holders=draw(people),
            fallback=draw(st.none() | st.sampled_from(ids)),
            backups=draw(people),
            hours=draw(hours),
        )
        for role_id in ids
    }
    departments = draw(st.lists(names, unique=True, max_size=3))
    rule = st.builds(
        Rule,
        role_id=st.sampled_from(ids),
        kinds=st.sampled_from(((), ("idea",), ("lead", "idea"))),
        channels=st.lists(places, max_size=2).map(tuple),
        words=st.lists(names, max_size=2).map(tuple),
    )
    audiences = tuple(
        Audience(
            key=key,
            label=draw(labels),
            sections=tuple(draw(st.lists(st.sampled_from(Section), min_size=1, unique=True))),
        )
        for key in draw(
            st.lists(keys | st.sampled_from(sorted(AUDIENCES)), unique=True, max_size=2)
        )
    )
    return Desk(
        version=0,
        fallback_role=draw(st.sampled_from(ids)),
        roles=roles,
        rules=tuple(draw(st.lists(rule, max_size=3))),
        departments=tuple(
            Department(name=name, members=draw(people), channels=tuple(draw(st.lists(places))))
            for name in departments
        ),
        subscriptions=tuple(
            Subscription(
                subscription_id=key,
                channel_id=draw(places),
                weekday=draw(st.integers(0, 6)),
                time=f"{draw(st.times()):%H:%M}",
                tz=draw(zones),
                audience=draw(st.sampled_from([*AUDIENCES, *(one.key for one in audiences)])),
            )
            for key in draw(st.lists(keys, unique=True, max_size=2))
        ),
        admins=draw(people),
        hours=draw(hours),
        due=draw(
            st.dictionaries(
                st.sampled_from(sorted(KINDS)),
                st.integers(1, 3000).map(lambda minutes: timedelta(minutes=minutes)),
            )
        ),
        guests=draw(people),
        leaders=draw(people),
        pulse=draw(st.sampled_from(PulseAsks)),
        keep_personal_months=draw(st.none() | st.integers(1, 600)),
        conversion_types=tuple(
            ConversionType(key=key, label=draw(labels)[:60], many=draw(labels)[:60])
            for key in draw(st.lists(keys, unique=True, max_size=2))
        ),
        audiences=audiences,
    )


@given(desk=desks())
@example(
    desk=replace(default_desk(), rules=(Rule(role_id="lead_desk", words=("?0", "? how", "-x")),))
)
def test_what_is_written_is_read_back(desk: Desk) -> None:
    if not check(desk):
        assert read_desk(write_desk(desk), name="desk.yaml") == desk


def test_the_default_desk_is_written_and_read_back() -> None:
    text = write_desk(replace(default_desk(), version=3))
    assert "version 3" in text
    assert read_desk(text, name="desk.yaml") == default_desk()


def test_a_time_is_kept_as_forms_take_it() -> None:
    """Slack's time picker takes "08:30" and not "8:30"."""
    for text in ('"8:30"', "8:30", "08:30"):
        desk = read_desk(changed('"08:30"', text), name="desk.yaml")
        assert desk.subscriptions[0].time == "08:30"


@pytest.mark.parametrize(
    "old, new, line",
    [("label: Video lead", 'label: "  "', 7), ("  Sales:", '  " ":', 16)],
)
def test_a_name_has_something_to_read(old: str, new: str, line: int) -> None:
    """Slack refuses a form with a blank option, and everybody's would have one."""
    with pytest.raises(ConfigurationError) as refused:
        read_desk(changed(old, new), name="desk.yaml")
    assert refused.value.sentence.startswith(f"desk.yaml:{line}: ")
