from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.configure import check, configure, current, differences
from bot.desk import Department, Desk, Role, Rule, Subscription, default_desk
from bot.errors import ConfigurationError
from tests.support.core import ADA, CORA, START, SUE, Core, a_desk

MONDAYS = Subscription(
    subscription_id="heads", channel_id="C0HEADS", weekday=0, time="09:00", tz="Europe/Berlin"
)


def with_role(role_id: str, **changes: Any) -> Desk:
    desk = a_desk()
    role = desk.roles.get(role_id, Role(role_id=role_id, label="Extra"))
    return replace(desk, roles={**desk.roles, role_id: replace(role, **changes)})


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
async def test_faults(core: Core, desk: Desk, fault: str) -> None:
    (found,) = check(desk)
    assert found.startswith(fault)
    before = await core.ask(current, None)
    with pytest.raises(ConfigurationError) as refused:
        await core.do(configure, desk)
    assert refused.value.sentence == found
    assert await core.ask(current, None) == before


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
    assert found.startswith(fault)


def test_every_kind_needs_its_role() -> None:
    roles = {"social_lead": a_desk().roles["social_lead"]}
    faults = check(replace(a_desk(), roles=roles))
    assert faults == (
        "The ideas need the role “content_lead”.",
        "The testimonials need the role “advocacy_lead”.",
        "The leads need the role “lead_desk”.",
    )


async def test_each_set_up_is_a_version_of_its_own(empty: Core) -> None:
    assert await empty.ask(current, None) == default_desk()
    first = await empty.do(configure, a_desk())
    second = await empty.do(configure, a_desk(MONDAYS))
    assert (first.version, second.version) == (1, 2)
    assert await empty.ask(current, None) == second == replace(a_desk(MONDAYS), version=2)
    empty.workspace_id = "T2"
    assert await empty.ask(current, None) == default_desk()


async def planned(core: Core) -> dict[str, datetime]:
    return {row["subscription_id"]: row["next_at"] for row in core.rows("schedule")}


async def test_digests_are_planned_kept_moved_and_removed(core: Core) -> None:
    await core.do(configure, a_desk(MONDAYS))
    schedule = await core.read(lambda tx: tx.schedules.get("heads"))
    assert schedule is not None
    assert schedule.next_date == "2026-11-23"
    assert schedule.next_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    before = await planned(core)
    await core.do(configure, a_desk(replace(MONDAYS, channel_id="C0OTHER")))
    assert await planned(core) == before
    more = replace(MONDAYS, subscription_id="more", weekday=3, tz="UTC", time="09:00")
    await core.do(configure, a_desk(replace(MONDAYS, time="10:00"), more))
    after = await planned(core)
    assert set(after) == {"heads", "more"}
    assert after["heads"] != before["heads"]
    # 09:00 on this very Thursday is not later than now.
    found = await core.read(lambda tx: tx.schedules.get("more"))
    assert found is not None
    assert found.next_date == "2026-11-26"
    await core.do(configure, a_desk(more))
    assert set(await planned(core)) == {"more"}


async def test_a_subscription_that_was_never_planned_gets_its_plan(core: Core) -> None:
    await core.write(lambda tx: tx.desk.replace(a_desk(MONDAYS), START))
    await core.do(configure, a_desk(MONDAYS))
    assert set(await planned(core)) == {"heads"}


@pytest.mark.parametrize(
    "old, new, lines",
    [
        (a_desk(), a_desk(), ()),
        (a_desk(), replace(a_desk(), version=9), ()),
        (a_desk(), a_desk(lead_desk=(SUE,)), ("~ role lead_desk",)),
        (a_desk(), with_role("extra"), ("+ role extra",)),
        (with_role("extra"), a_desk(), ("- role extra",)),
        (a_desk(), a_desk(MONDAYS), ("+ digest heads",)),
        (a_desk(MONDAYS), a_desk(), ("- digest heads",)),
        (a_desk(MONDAYS), a_desk(replace(MONDAYS, time="10:00")), ("~ digest heads",)),
        (
            a_desk(),
            replace(
                a_desk(),
                fallback_role="content_lead",
                rules=(Rule(role_id="lead_desk"),),
                departments=(Department(name="Sales"),),
                admins=(),
            ),
            ("~ fallback role", "~ rules", "~ departments", "~ admins"),
        ),
    ],
)
def test_differences(old: Desk, new: Desk, lines: tuple[str, ...]) -> None:
    assert differences(old, new) == lines
