"""Whoever has no business at a door is told so in a sentence, and nothing is stored."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from bot.lifecycle import Verb
from handlers.ids import Callback
from handlers.installing import EVENTS as INSTALL_EVENTS
from handlers.lifecycle import CHANNEL_EVENTS
from handlers.setup_values import SetupMetadata
from handlers.word_values import AnswerMetadata
from sandbox.people import Person
from tests.support.desk import KEY, Scene, scene
from tests.support.door_table import ACTIONS, CLOSED, COMMANDS, SHORTCUTS, TABLE_FORMS
from tests.support.door_verbs import OWN
from tests.support.doors import Doorstep, Make, Prepare, Try, text

KEPT_OUT = ("Guests can use Social Desk once", "Only people of this workspace can use Social Desk.")

EVENTS = {
    "app_home_opened": "Home tells why they are kept out",
    "message": "the direct message tells why they are kept out",
    "user_change": "about people, by Slack itself",
    "team_join": "about people, by Slack itself",
    **dict.fromkeys(CHANNEL_EVENTS, "about channels, by Slack itself"),
    **dict.fromkeys(INSTALL_EVENTS, "about the app, by Slack itself"),
}
"""The events, and why the door lets them pass."""


@pytest.fixture
async def doorstep(sqlite_url: str) -> AsyncIterator[Doorstep]:
    async with scene(sqlite_url, keys=(KEY,)) as found:
        yield await Doorstep.of(found, sqlite_url)


def test_each_listener_has_its_entry(at_work: Scene) -> None:
    """A new listener needs an entry in tests/support/door_table.py that says who may."""
    found = at_work.desk.listeners
    assert set(found.commands) == set(COMMANDS)
    assert set(found.actions) == set(ACTIONS)
    assert set(found.forms) == set(TABLE_FORMS)
    assert set(found.closed) == set(CLOSED)
    assert set(found.shortcuts) == set(SHORTCUTS)
    assert set(found.events) == set(EVENTS)


async def refused(d: Doorstep, one: Try, person: Person, name: str) -> list[str]:
    """Send it; everything that is stored is as before. What they were told."""
    payload = one.make(person)
    before = d.rows()
    told = await d.told(person, payload, one.kind)
    assert d.rows() == before, name
    return told


async def done(d: Doorstep, one: Try, name: str) -> None:
    """The same by who may: it is stored, or something is shown, and nobody is refused."""
    payload = one.make(one.may)
    before = d.rows()
    told = await d.told(one.may, payload, one.kind)
    assert d.rows() != before or told, name
    is_page = "page.show" in str(told) and "'text': 'Social Desk'" in str(told)
    assert not is_page or d.rows() != before, (name, told)
    assert "'response_action': 'errors'" not in str(told), (name, told)


async def check(d: Doorstep, name: str, prepare: Prepare, *, is_told: bool = True) -> None:
    one = await prepare(d)
    for what, person in d.outsiders.items():
        told = await refused(d, one, person, f"{name} by {what}")
        if is_told:
            assert any(said in str(told) for said in KEPT_OUT), (name, what, told)
            assert len(told) == 1, (name, what, told)
    for person in one.may_not:
        told = await refused(d, one, person, f"{name} by {person.user.name}")
        assert told, (name, person.user.name)
    await done(d, one, name)
    await d.scene.settle()
    d.scene.ws.problems.clear()


TABLES: Mapping[str, Mapping[Any, Prepare]] = {
    "commands": COMMANDS,
    "shortcuts": SHORTCUTS,
    "actions": ACTIONS,
    "forms": TABLE_FORMS,
    "own": OWN,
}


@pytest.mark.parametrize("surface", TABLES)
async def test_who_may_not_is_refused_and_who_may_is_not(doorstep: Doorstep, surface: str) -> None:
    for name, prepare in TABLES[surface].items():
        await check(doorstep, str(name), prepare)


async def test_a_form_of_an_outsider_that_closes_is_kept_nowhere(doorstep: Doorstep) -> None:
    for name, prepare in CLOSED.items():
        await check(doorstep, name, prepare, is_told=False)


async def test_home_tells_a_guest_why_and_shows_nothing_else(doorstep: Doorstep) -> None:
    s, gus = doorstep.scene, doorstep.outsiders["guest"]
    await s.cora.slash("/social", "goals", channel=s.general)
    await gus.open_home()
    await s.settle()
    assert gus.home is not None
    (block,) = gus.home.blocks
    assert block["text"]["text"].startswith(KEPT_OUT[0])


async def test_a_message_of_a_guest_is_answered_with_why(doorstep: Doorstep) -> None:
    s, gus = doorstep.scene, doorstep.outsiders["guest"]
    d = doorstep
    await d.submission("idea", s.sam)
    await gus.say(s.ws.dm(gus.user.id).id, "Hello?")
    await s.settle()
    assert [m.text for m in s.dm(gus)][-1].startswith(KEPT_OUT[0])


async def test_who_is_not_named_any_more_stays_outside(doorstep: Doorstep) -> None:
    s, d, gus = doorstep.scene, doorstep, doorstep.outsiders["guest"]
    await d.told(s.olga, _people(d, guests=[gus.user.id])(s.olga))
    found = await d.submission("idea", gus, (Verb.ASK, s.cora, {"text": "Which one?"}))
    await d.told(s.olga, _people(d, guests=[])(s.olga))
    metadata = AnswerMetadata(number=found.number).dump()
    answer = d.form(Callback.WORDS_ANSWER_FORM, metadata, {"text": text("The big one")})
    assert KEPT_OUT[0] in str(await refused(d, Try(make=answer, may=s.sam), gus, "answer"))


def _people(d: Doorstep, *, guests: list[str]) -> Make:
    s = d.scene
    picked = {"type": "multi_users_select", "selected_users": guests}
    admins = {"type": "multi_users_select", "selected_users": [s.olga.user.id]}
    metadata = SetupMetadata(version=d.desk().version).dump()
    return d.form(Callback.SETUP_PEOPLE_FORM, metadata, {"guests": picked, "admins": admins})
