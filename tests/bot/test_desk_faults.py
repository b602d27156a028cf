"""What is wrong with a set-up is said in one sentence each."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import Department, Desk, Role, Rule, Subscription, default_desk
from bot.desk_faults import check
from bot.kinds import KINDS
from bot.sections import AUDIENCES, Audience, Section
from bot.working_time import WorkingHours, after_working_time
from tests.support.core import ADA, CORA, START, SUE, a_desk

MONDAYS = Subscription(
    subscription_id="heads", channel_id="C0HEADS", weekday=0, time="09:00", tz="Europe/Berlin"
)


def with_role(role_id: str, **changes: Any) -> Desk:
    desk = a_desk()
    role = desk.roles.get(role_id, Role(role_id=role_id, label="Extra"))
    return replace(desk, roles={**desk.roles, role_id: replace(role, **changes)})


def with_audience(key: str, label: str, *sections: Section) -> Desk:
    return replace(a_desk(), audiences=(Audience(key=key, label=label, sections=sections),))


def test_the_default_desk_and_a_usual_one_are_good() -> None:
    assert check(default_desk()) == ()
    assert check(a_desk(MONDAYS)) == ()


@pytest.mark.parametrize(
    "desk, fault",
    [
        (replace(a_desk(), fallback_role="boss"), "The fallback role “boss” is not among"),
        (with_role("extra", fallback="boss"), "Role extra: its fallback “boss” is no role."),
        (with_role("extra", label="<!channel>"), "Role extra: its label can't have <, > or &"),
        (with_role("extra", holders=(CORA, CORA)), "Role extra: somebody is named twice"),
        (replace(a_desk(), rules=(Rule(role_id="boss"),)), "Rule 1: “boss” is no role."),
        (
            a_desk(replace(MONDAYS, audience="board")),
            "Digest heads: “board” is no audience (leadership, team, sales, company).",
        ),
        (with_audience("board", "The board"), "Audience board: it reads no section."),
        (with_audience("board", "!", Section.GOALS), "Audience board: its label has no words."),
        (
            with_audience("team", "Team", Section.GOALS, Section.GOALS),
            "Audience team: a section is named twice.",
        ),
        (
            replace(a_desk(), audiences=(AUDIENCES["team"], AUDIENCES["team"])),
            "Two audiences have the same name.",
        ),
        (
            replace(a_desk(), rules=(Rule(role_id="social_lead"), Rule(role_id="boss"))),
            "Rule 2: “boss” is no role.",
        ),
        (
            replace(a_desk(), rules=(Rule(role_id="lead_desk", kinds=("gossip",)),)),
            "Rule 1: “gossip” is no kind.",
        ),
        (
            replace(a_desk(), rules=(Rule(role_id="lead_desk", content_types=("Video",)),)),
            "Rule 1: “Video” is no content type.",
        ),
        (
            replace(a_desk(), rules=(Rule(role_id="lead_desk", platforms=("fax",)),)),
            "Rule 1: “fax” is no platform.",
        ),
        (
            replace(a_desk(), rules=(Rule(role_id="lead_desk", departments=("Sales",)),)),
            "Rule 1: “Sales” is no department.",
        ),
        (a_desk(MONDAYS, MONDAYS), "Two digests have the same name."),
        (replace(a_desk(), admins=(ADA, SUE, ADA)), "Somebody is named twice among the admins."),
        (
            replace(a_desk(), departments=(Department(name="Sales"), Department(name="Sales"))),
            "Two departments have the same name.",
        ),
    ],
)
def test_faults(desk: Desk, fault: str) -> None:
    (found,) = check(desk)
    assert found.sentence.startswith(fault)


@pytest.mark.parametrize(
    "changes, fault",
    [
        ({"tz": ""}, "Digest heads: “” is no time zone like Europe/Berlin."),
        ({"tz": "CEST"}, "Digest heads: “CEST” is no time zone"),
        ({"tz": "+02:00"}, "Digest heads: “+02:00” is no time zone"),
        ({"tz": "Europe"}, "Digest heads: “Europe” is no time zone"),
        ({"tz": "Europe/Berlin "}, "Digest heads: “Europe/Berlin ” is no time zone"),
        ({"tz": "../Europe/Berlin"}, "Digest heads: “../Europe/Berlin” is no time zone"),
        ({"tz": "x" * 300}, "Digest heads: “xxx"),
        ({"tz": "a\0b"}, "Digest heads: “a"),
        ({"time": "9 am"}, "Digest heads: “9 am” is no time like 09:00."),
        ({"time": "24:00"}, "Digest heads: “24:00” is no time"),
        ({"weekday": 7}, "Digest heads: its weekday must be monday to sunday."),
        ({"weekday": -1}, "Digest heads: its weekday"),
    ],
)
def test_faults_of_a_digest(changes: dict[str, Any], fault: str) -> None:
    (found,) = check(a_desk(replace(MONDAYS, **changes)))
    assert found.sentence.startswith(fault)
    assert found.where[:2] == ("digests", "heads")


def test_every_kind_needs_its_role() -> None:
    roles = {"social_lead": a_desk().roles["social_lead"]}
    faults = check(replace(a_desk(), roles=roles))
    assert tuple(fault.sentence for fault in faults) == (
        "The ideas need the role “content_lead”.",
        "The testimonials need the role “advocacy_lead”.",
        "The leads need the role “lead_desk”.",
    )


ONE_HOUR = WorkingHours(start=time(9), end=time(10), weekdays=frozenset({0}), tz="UTC")


@pytest.mark.parametrize(
    "desk, fault, where",
    [
        (with_role("extra", backups=(CORA, CORA)), "Role extra: somebody is named twice",
         ("roles", "extra", "backups")),
        (replace(a_desk(), guests=(SUE, SUE)), "Somebody is named twice among the guests.",
         ("guests",)),
        (replace(a_desk(), due={"poem": timedelta(hours=1)}), "Due: “poem” is no kind.",
         ("due", "poem")),
        (replace(a_desk(), due={"idea": timedelta()}), "Due: the time for idea",
         ("due", "idea")),
        (replace(a_desk(), due={"idea": timedelta(hours=2000)}), "Due: with so few", ("due",)),
        (replace(a_desk(), hours=ONE_HOUR, due={"idea": timedelta(hours=26)}), "Due: with so few",
         ("hours",)),
        (
            replace(with_role("extra", hours=ONE_HOUR), due={"lead": timedelta(hours=26)}),
            "Role extra: with so few working hours a decision that may take 26 hours",
            ("roles", "extra", "hours"),
        ),
    ],
)  # fmt: skip
def test_faults_of_what_is_new(desk: Desk, fault: str, where: tuple[str, ...]) -> None:
    (found,) = check(desk)
    assert found.sentence.startswith(fault)
    assert found.where == where


@given(
    hours=st.builds(
        WorkingHours,
        start=st.builds(time, st.integers(0, 11)),
        end=st.builds(time, st.integers(12, 23)),
        weekdays=st.frozensets(st.integers(0, 6), min_size=1),
        tz=st.sampled_from(("UTC", "Europe/Berlin", "America/St_Johns")),
    ),
    due=st.dictionaries(
        st.sampled_from(sorted(KINDS)), st.timedeltas(timedelta(minutes=1), timedelta(hours=999))
    ),
)
def test_what_has_no_fault_can_be_reckoned(hours: WorkingHours, due: dict[str, timedelta]) -> None:
    if not check(replace(default_desk(), hours=hours, due=due)):
        for kind in KINDS.values():
            after_working_time(START, due.get(kind.key, kind.due) * 1.5, hours)
