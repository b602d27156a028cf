"""Pieces of the set-up are changed on the version that somebody saw, or not at all."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.configure import current
from bot.desk import Department, Desk, Rule, Subscription, default_desk
from bot.errors import (
    ConfigurationError,
    DeskError,
    FieldError,
    NotAllowedError,
    NotFoundError,
    StaleError,
)
from bot.setting_up import (
    DropDepartment,
    HoursGiven,
    SetDepartment,
    SetPeople,
    SetRole,
    _new_id,
    drop_department,
    set_department,
    set_people,
    set_role,
)
from bot.subscriptions import DropDigest, SetDigest, drop_digest, set_digest, status_by_id
from tests.support.core import ADA, CORA, GUS, LENA, OLGA, PEOPLE, SAM, SUE, Core, a_desk

HEADS = Subscription(subscription_id="heads", channel_id="C0HEADS", tz="Europe/Berlin")
DESK = replace(
    a_desk(HEADS),
    departments=(Department(name="Sales"), Department(name="Product")),
    rules=(Rule(role_id="lead_desk", departments=("Sales",)),),
)


async def desk_of(core: Core) -> Desk:
    return await core.ask(current, None)


def a_role(version: int, *, by: str = ADA, **more: Any) -> SetRole:
    given_ = {"role_id": "content_lead", "label": "Content lead", **more}
    return SetRole(actor_id=by, version=version, **given_)


def a_digest(version: int, **more: Any) -> SetDigest:
    given_ = {"subscription_id": "heads", "channel_id": "C0HEADS", "weekday": 2, "time": "10:00"}
    return SetDigest(actor_id=ADA, version=version, **{**given_, "tz": "Europe/Berlin", **more})


async def test_only_an_admin_on_the_newest_version(core: Core) -> None:
    version = (await core.set_up(DESK)).version
    for command, error in (
        (a_role(version, by=SAM), NotAllowedError),
        (a_role(version, by=CORA), NotAllowedError),
        (a_role(version - 1), StaleError),
        (a_role(version + 1, by=OLGA), StaleError),
        (a_role(version, role_id="gone"), NotFoundError),
        (a_role(version, label=" "), FieldError),
        (a_role(version, label="x" * 76), FieldError),
        (a_role(version, holders=(SUE, SUE)), FieldError),
    ):
        with pytest.raises(error):
            await core.do(set_role, command)
    assert (await desk_of(core)).version == version
    assert (await core.do(set_role, a_role(version, holders=(SUE,)))).version == version + 1
    assert (await desk_of(core)).roles["content_lead"].holders == (SUE,)


async def test_what_makes_no_difference_is_no_version(core: Core) -> None:
    version = (await core.set_up(DESK)).version
    role = DESK.roles["content_lead"]
    same = a_role(version, holders=role.holders, channel_id=role.channel_id, fallback=role.fallback)
    assert (await core.do(set_role, same)).version == version
    assert (await core.do(set_role, a_role(version, holders=(SUE,)))).version == version + 1


async def test_the_first_change_of_a_new_desk_is_stored(empty: Core) -> None:
    await empty.write(lambda tx: tx.members.save(PEOPLE, empty.clock.now()))
    assert (await desk_of(empty)).version == 0
    with pytest.raises(NotAllowedError):
        await empty.do(set_role, a_role(0, by=ADA))
    desk = await empty.do(set_role, a_role(0, by=OLGA, fallback="social_lead"))
    assert desk == replace(default_desk(), version=1)


@pytest.mark.parametrize(
    "hours, field",
    [
        (HoursGiven(start="09:00"), "end"),
        (HoursGiven(end="09:00"), "start"),
        (HoursGiven(start="09:00", end="17:00", tz="UTC"), "weekdays"),
        (HoursGiven(start="09:00", end="17:00", weekdays=("monday",), tz="x"), "tz"),
        (HoursGiven(start="17:00", end="09:00", weekdays=("monday",), tz="UTC"), "end"),
        (HoursGiven(start="09:00", end="09:01", weekdays=("monday",), tz="UTC"), "end"),
    ],
)
async def test_hours_that_nobody_can_work(core: Core, hours: HoursGiven, field: str) -> None:
    version = (await core.set_up(DESK)).version
    with pytest.raises(FieldError) as wrong:
        await core.do(set_role, a_role(version, hours=hours))
    assert list(wrong.value.fields) == [field]


@given(label=st.text(min_size=1, max_size=75), taken=st.lists(st.text(), max_size=3))
def test_a_new_role_gets_an_id_that_the_file_takes(label: str, taken: list[str]) -> None:
    ids = list(taken)
    for _ in range(3):
        found = _new_id(label, ids)
        assert found not in ids
        assert found[0].isascii()
        assert found[0].isalpha()
        assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
        assert len(found) <= 64
        ids.append(found)


async def test_departments(core: Core) -> None:
    version = (await core.set_up(DESK)).version
    stale = SetDepartment(actor_id=ADA, version=version, known_as="Gone", name="X")
    with pytest.raises(NotFoundError):
        await core.do(set_department, stale)
    with pytest.raises(ConfigurationError, match="Rule 1: “Sales” is no department"):
        await core.do(drop_department, DropDepartment(actor_id=ADA, version=version, name="Sales"))
    renamed = replace(stale, known_as="Sales", name="Sales EMEA", members=(SAM,))
    desk = await core.do(set_department, renamed)
    assert desk.rules[0].departments == ("Sales EMEA",)
    desk = await core.do(
        drop_department, DropDepartment(actor_id=ADA, version=desk.version, name="Product")
    )
    assert desk.departments == (Department(name="Sales EMEA", members=(SAM,)),)


async def test_people(core: Core) -> None:
    version = (await core.set_up(DESK)).version
    for people in ({"admins": (ADA,), "guests": (SAM,)}, {"admins": (ADA, ADA), "guests": ()}):
        with pytest.raises(FieldError):
            await core.do(set_people, SetPeople(actor_id=ADA, version=version, **people))
    twice = SetPeople(actor_id=ADA, version=version, admins=(), guests=(), leaders=(LENA, LENA))
    with pytest.raises(FieldError) as refused:
        await core.do(set_people, twice)
    assert refused.value.fields == {"leaders": "Somebody is named twice among the leaders."}
    all_three = SetPeople(
        actor_id=ADA, version=version, admins=(SUE,), guests=(GUS,), leaders=(LENA,)
    )
    desk = await core.do(set_people, all_three)
    assert (desk.admins, desk.guests, desk.leaders) == ((SUE,), (GUS,), (LENA,))


async def test_digests(core: Core) -> None:
    version = (await core.set_up(DESK)).version
    wrong: tuple[tuple[dict[str, Any], type[DeskError]], ...] = (
        ({"tz": "Nowhere"}, FieldError),
        ({"time": "25:00"}, FieldError),
        ({"subscription_id": "gone"}, NotFoundError),
        ({"subscription_id": None}, FieldError),
    )
    for more, error in wrong:
        with pytest.raises(error):
            await core.do(set_digest, a_digest(version, **more))
    found = await core.do(set_digest, a_digest(version))
    assert found.subscription == replace(HEADS, weekday=2, time="10:00")
    assert found.next_at is not None
    new = a_digest(version + 1, subscription_id=None, channel_id="C0NEW")
    assert (await core.do(set_digest, new)).subscription.subscription_id == "c0new"
    drop = DropDigest(actor_id=ADA, version=version + 2, subscription_id="heads")
    desk = await core.do(drop_digest, drop)
    assert [one.subscription_id for one in desk.subscriptions] == ["c0new"]
    with pytest.raises(NotFoundError):
        await core.ask(status_by_id, "heads")


async def test_a_new_digest_takes_no_other_ones_place(core: Core) -> None:
    version = (await core.set_up(DESK)).version
    new = a_digest(version, subscription_id=None, channel_id="C0NEW")
    await core.do(set_digest, new)
    moved = a_digest(version + 1, subscription_id="c0new", channel_id="C0ELSE")
    await core.do(set_digest, moved)
    again = a_digest(version + 2, subscription_id=None, channel_id="C0NEW")
    await core.do(set_digest, again)
    channels = [one.channel_id for one in (await desk_of(core)).subscriptions]
    assert channels == ["C0HEADS", "C0ELSE", "C0NEW"]
