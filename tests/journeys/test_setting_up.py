"""Admins set the desk up in Slack: from nothing to a desk that works, piece by piece."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.configure import current
from bot.desk import Desk
from sandbox.model import View
from sandbox.people import Person
from tests.support.databases import sqlite_url
from tests.support.desk import Scene, scene

__all__ = ["sqlite_url"]

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


async def home(s: Scene, person: Person) -> View:
    """Somebody's Home tab, opened anew."""
    await person.open_home()
    await s.settle()
    assert person.home is not None
    return person.home


async def press(s: Scene, person: Person, action: str) -> None:
    """Press a button of somebody's Home tab."""
    await person.click(await home(s, person), action)


async def desk_of(s: Scene) -> Desk:
    return await s.desk.database.read(s.desk.identity.workspace_id, current, None, s.clock.now())


def words(view: Any) -> str:
    return str(view.blocks)


async def test_home_leads_the_first_through(sqlite_url: str) -> None:
    async with scene(sqlite_url, is_set_up=False) as s:
        assert "Set-up" not in words(await home(s, s.sam))
        first = words(await home(s, s.olga))
        assert "0 of 4 steps are done" in first
        assert "Say who holds which role. Admins act for the Social lead" in first
        for role_id, holder in (
            ("social_lead", s.olga),
            ("content_lead", s.cora),
            ("advocacy_lead", s.adam),
            ("lead_desk", s.lena),
        ):
            await press(s, s.olga, f"setup.role:{role_id}")
            await s.olga.submit({"holders": [holder.user.id]})
            assert s.olga.view is None
        assert "1 of 4 steps are done" in words(await home(s, s.olga))
        await press(s, s.olga, "setup.role:content_lead")
        await s.olga.submit({"channel": s.content, "backups": [s.ava.user.id]})
        await press(s, s.olga, "digest.set")
        await s.olga.submit({"channel": s.leadership})
        assert "It comes next Mon 23 Nov 2026, 09:00." in words(s.olga.view)
        await s.olga.close_view()
        await s.sam.slash("/social-idea", "", channel=s.general)
        await s.sam.submit({"title": "The first one"})
        await s.settle()
        assert "The first one" in s.only_card(s.content).text
        shown = words(await home(s, s.olga))
        assert "Everything is set up." in shown
        assert f"<@{s.ava.user.id}>" in shown
        await s.tried(s.cora, s.only_card(s.content), "triage.accept")
        assert [m.text for m in s.dm(s.olga)] == []
        await s.jump(MONDAY + timedelta(minutes=1))
        assert "Social digest" in s.only_card(s.leadership).text
        assert "Last: Mon 23 Nov 2026, 09:00." in words(await home(s, s.olga))


async def test_a_new_role_with_hours_of_its_own_and_its_mistakes(at_work: Scene) -> None:
    s = at_work
    await press(s, s.olga, "setup.role")
    await s.olga.submit({"label": "content LEAD"})
    assert s.olga.errors == {"label": "There is one of this name already."}
    await s.olga.submit({"label": "Vidéo & Co", "start": "10:00"})
    assert s.olga.errors == {"end": "Please give both a start and an end, like 09:00."}
    await s.olga.submit({"end": "09:00"})
    assert "is not before" in s.olga.errors["end"]
    await s.olga.submit({"end": "18:00", "tz": "Mars/Base"})
    assert s.olga.errors == {"tz": "“Mars/Base” is no time zone like Europe/Berlin."}
    await s.olga.submit({"tz": "Europe/Lisbon"})
    assert "can't have <, > or &" in s.olga.errors["label"]
    await s.olga.submit({"label": "Vidéo lead two", "end": "10:01", "weekdays": ["monday"]})
    assert "half a year" in s.olga.errors["end"]
    await s.olga.submit({"end": "18:00", "weekdays": ["monday", "friday"]})
    assert s.olga.view is None
    role = (await desk_of(s)).roles["vid_o_lead_two"]
    assert role.label == "Vidéo lead two"
    assert role.hours is not None
    assert (role.hours.weekdays, role.hours.tz) == (frozenset({0, 4}), "Europe/Lisbon")
    await press(s, s.olga, "setup.role:vid_o_lead_two")
    await s.olga.submit({"start": None, "end": None, "holders": [s.sam.user.id]})
    role = (await desk_of(s)).roles["vid_o_lead_two"]
    assert (role.hours, role.holders) == (None, (s.sam.user.id,))


async def test_of_two_admins_at_once_one_is_told(at_work: Scene) -> None:
    s = at_work
    ada = s.ws.person(s.ws.add_user("ada", "Ada Admin", is_admin=True).id)
    await s.settle()
    for admin in (s.olga, ada):
        await press(s, admin, "setup.role:content_lead")
    await s.olga.submit({"label": "Content chief"})
    await ada.submit({"label": "Content boss"})
    assert "Somebody changed the set-up while this was open" in words(ada.view)
    assert "Content boss" in words(ada.view)
    assert (await desk_of(s)).roles["content_lead"].label == "Content chief"


async def test_who_is_no_admin_any_more_can_t(at_work: Scene) -> None:
    s = at_work
    await press(s, s.olga, "setup.people")
    s.ws.change_user(s.olga.user.id, is_admin=False, is_owner=False, is_primary_owner=False)
    await s.settle()
    desk = await desk_of(s)
    await s.desk.database.transact(
        s.desk.identity.workspace_id,
        lambda tx, admins, now: tx.desk.replace(replace(desk, admins=admins), now),
        (),
        s.clock.now(),
    )
    assert s.olga.view is not None
    await s.olga.submit({"admins": [s.sam.user.id]})
    assert "Only admins of Social Desk can do this." in words(s.olga.view)
    await s.olga.close_view()
    assert (await desk_of(s)).admins == ()
    for action in ("setup.role", "setup.people", "setup.department", "digest.set"):
        assert s.olga.home is not None
        await s.olga.click(s.olga.home, action)  # it shows what it showed before
        await s.settle()
        assert "Only admins of Social Desk can do this." in words(s.olga.view)
        await s.olga.close_view()


async def test_departments_are_made_renamed_and_removed(at_work: Scene) -> None:
    s = at_work
    await press(s, s.olga, "setup.department")
    await s.olga.submit({"name": "sales"})
    assert s.olga.errors == {"name": "There is one of this name already."}
    await s.olga.submit({"name": "Product", "members": [s.xena.user.id], "channels": [s.general]})
    assert [one.name for one in (await desk_of(s)).departments] == ["Sales", "Product"]
    await press(s, s.olga, "setup.department:1")
    await s.olga.submit({"name": "Products"})
    department = (await desk_of(s)).departments[1]
    assert (department.name, department.channels) == ("Products", (s.general,))
    await press(s, s.olga, "setup.department:0")
    assert s.olga.view is not None
    await s.olga.click(s.olga.view, "setup.drop_department")
    assert "Removed." in words(s.olga.view)
    assert [one.name for one in (await desk_of(s)).departments] == ["Products"]


async def test_admins_guests_and_leaders_are_named(at_work: Scene) -> None:
    s = at_work
    gus = s.ws.person(s.ws.add_user("gus", "Gus Guest", is_restricted=True).id)
    s.ws.invite(s.general, gus.user.id)
    await s.settle()
    await gus.slash("/social-idea", "", channel=s.general)
    assert gus.view is None
    assert "once an admin has" in gus.ephemerals[-1].text
    assert "once an admin has" in words(await home(s, gus))
    await press(s, s.olga, "setup.people")
    await s.olga.submit({"guests": [gus.user.id, s.sam.user.id]})
    assert s.olga.errors == {"guests": "No guest, may hand in anyway: Sam Sales."}
    await s.olga.submit(
        {"guests": [gus.user.id], "admins": [s.xena.user.id], "leaders": [s.xena.user.id]}
    )
    assert s.olga.view is None
    assert (await desk_of(s)).leaders == (s.xena.user.id,)
    await s.settle()
    assert "Hand in an idea" in words(gus.home)
    await gus.slash("/social-idea", "", channel=s.general)
    await gus.submit({"title": "From outside"})
    await s.settle()
    assert "From outside" in s.only_card(s.content).text
    assert "Set-up" in words(await home(s, s.xena))


async def test_the_digest_is_set_in_its_channel(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social", "digest", channel=s.general)
    others = s.sam.ephemerals[-1]
    assert others.text.startswith("This channel gets no weekly digest yet.")
    assert "digest.set" not in str(others.blocks)
    await s.olga.slash("/social", "digest", channel=s.general)
    await s.olga.click(s.olga.ephemerals[-1], "digest.set")
    await s.olga.submit({"weekday": "thursday", "time": "10:30", "tz": "Nowhere"})
    assert "no time zone like Europe/Berlin" in s.olga.errors["tz"]
    await s.olga.submit({"tz": "Europe/Berlin"})
    assert "It comes next Thu 19 Nov 2026, 10:30." in words(s.olga.view)
    await s.olga.close_view()
    await s.wait(minutes=31)
    await s.desk.ticks.fire_digests()  # nothing happened: silence, which only admins can see
    await s.settle()
    assert s.cards(s.general) == []
    await s.olga.slash("/social", "digest", channel=s.general)
    answer = s.olga.ephemerals[-1]
    assert "it had nothing to say, so nothing was posted" in answer.text
    assert "Next: Thu 26 Nov 2026, 10:30." in answer.text
    await s.olga.click(answer, "digest.set")
    assert s.olga.view is not None
    await s.olga.click(s.olga.view, "digest.preview")
    assert "Social digest" in words(s.olga.view)
    await s.olga.close_view()
    await s.olga.submit({"channel": s.leadership})
    assert s.olga.errors == {"audience": "This digest goes there already."}
    assert s.olga.view is not None
    await s.olga.click(s.olga.view, "digest.drop")
    assert "Removed." in words(s.olga.view)
    assert [one.channel_id for one in (await desk_of(s)).subscriptions] == [s.leadership]


async def test_never_two_digests_in_a_week_whatever_is_set(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "News"})
    await s.jump(MONDAY + timedelta(minutes=1))
    for day in ("tuesday", "wednesday"):
        await press(s, s.olga, "digest.set:leadership")
        await s.olga.submit({"weekday": day})
        assert "It comes next" in words(s.olga.view)
        assert "Dec 2026" in words(s.olga.view)
        await s.olga.close_view()
    await s.jump(MONDAY + timedelta(days=6))
    assert len(s.cards(s.leadership)) == 1


@pytest.mark.parametrize("trouble", ["not_in", "archived", "unknown"])
async def test_a_channel_that_can_t_take_it_is_said_at_once(at_work: Scene, trouble: str) -> None:
    s = at_work
    place = s.ws.add_channel("news", s.olga.user.id, is_private=trouble == "unknown").id
    if trouble == "archived":
        s.ws.archive(place)
    await s.settle()
    await press(s, s.olga, "digest.set")
    await s.olga.submit({"channel": place}, force=trouble == "archived")
    said = words(s.olga.view)
    assert ("is archived" in said) == (trouble == "archived")
    assert ("/invite @Social Desk" in said) == (trouble != "archived")
    await s.olga.close_view()
    await s.settle()
    (notice,) = s.dm(s.olga)
    assert notice.text.startswith("The weekly digest has no channel to go to.")
    assert "Look at the channels below" in words(await home(s, s.olga))
