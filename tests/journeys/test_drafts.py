"""A form that was closed is there again, whatever Slack tells of its closing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import StorageBusyError
from sandbox.people import Person
from tests.support.desk import Scene, scene


@pytest.fixture(params=[True, False], ids=["values-told", "values-withheld"])
async def at_desk(sqlite_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    """A workspace whose Slack tells what stood in a closed form, and one whose does not."""
    async with scene(sqlite_url, values_on_close=request.param) as found:
        yield found


async def type_in(person: Person, **fields: Any) -> None:
    """Type into the open form; each field reports it, as in Slack."""
    for name, value in fields.items():
        assert person.view is not None
        await person.click(person.view, "v", value, block_id=name)


def filled(person: Person) -> dict[str, Any]:
    """What stands in the open form."""
    assert person.view is not None
    held: dict[str, Any] = {}
    for block_id, actions in person.view.values.items():
        for value in actions.values():
            found = value.get("value") or value.get("selected_date")
            option = value.get("selected_option")
            options = [one["value"] for one in value.get("selected_options") or ()]
            held[block_id] = found or (option["value"] if option else None) or options or None
    return {name: value for name, value in held.items() if value}


def told(person: Person) -> str:
    assert person.view is not None
    return str([block for block in person.view.blocks if block["type"] == "section"])


async def test_a_closed_form_is_there_again_until_it_is_handed_in(at_desk: Scene) -> None:
    s = at_desk
    typed = {
        "title": "Half an idea & <more>",
        "text": "Once\n\nupon",
        "content_type": "video",
        "platforms": ["x", "blog"],
        "wanted_by": "2026-12-03",
    }
    await s.sam.slash("/social-idea", "", channel=s.general)
    assert "Start anew" not in told(s.sam)
    await type_in(s.sam, **typed)
    await s.sam.close_view()
    await s.settle()
    for _ in range(2):
        await s.sam.slash("/social-idea", "", channel=s.general)
        assert filled(s.sam) == typed
        assert "did not hand in" in told(s.sam)
        await s.sam.close_view()
        await s.settle()
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit()
    await s.settle()
    assert "Half an idea" in s.cards(s.dm(s.ava)[0].channel)[0].text
    await s.sam.slash("/social-idea", "", channel=s.general)
    assert filled(s.sam) == {}


async def test_what_is_typed_counts_though_nobody_closes_the_form(at_desk: Scene) -> None:
    """The machine goes down with the form open."""
    s = at_desk
    await s.sam.slash("/social-lead", "", channel=s.general)
    await type_in(s.sam, name="Jonas Marker")
    await s.settle()
    await type_in(s.sam, need="A press")
    await s.settle()
    s.sam.reload()
    await s.sam.slash("/social-lead", "", channel=s.general)
    assert filled(s.sam) == {"name": "Jonas Marker", "need": "A press"}


async def test_a_draft_is_its_writers_and_of_its_kind(at_desk: Scene) -> None:
    s = at_desk
    await s.sam.slash("/social-idea", "", channel=s.general)
    await type_in(s.sam, title="Mine")
    await s.sam.close_view()
    await s.settle()
    await s.cora.slash("/social-idea", "", channel=s.general)
    await s.sam.slash("/social-lead", "", channel=s.general)
    assert filled(s.cora) == filled(s.sam) == {}


async def test_a_form_begun_with_text_leaves_the_draft_and_offers_it(at_desk: Scene) -> None:
    s = at_desk
    await s.sam.slash("/social-idea", "", channel=s.general)
    await type_in(s.sam, title="The first")
    await s.sam.close_view()
    await s.settle()
    await s.sam.slash("/social-idea", "The second", channel=s.general)
    assert filled(s.sam) == {"title": "The second"}
    assert "You began an idea before" in told(s.sam)
    await type_in(s.sam, text="More of the second")
    await s.sam.click(s.modal(s.sam), "submit.draft")
    assert filled(s.sam) == {"title": "The first"}
    await s.sam.submit()
    await s.settle()
    assert s.sam.view is None
    assert "The first" in s.only_card(s.content).text
    await s.sam.slash("/social-idea", "", channel=s.general)
    assert filled(s.sam) == {"title": "The second", "text": "More of the second"}


async def test_a_new_one_can_be_begun_beside_the_draft(at_desk: Scene) -> None:
    s = at_desk
    await s.sam.slash("/social-idea", "", channel=s.general)
    await type_in(s.sam, title="The first")
    await s.sam.close_view()
    await s.settle()
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.click(s.modal(s.sam), "submit.draft")
    assert filled(s.sam) == {}
    await s.sam.submit({"title": "The second"})
    await s.settle()
    assert "The second" in s.only_card(s.content).text
    await s.sam.slash("/social-idea", "", channel=s.general)
    assert filled(s.sam) == {"title": "The first"}


async def test_the_text_of_a_message_alone_is_no_draft(at_desk: Scene) -> None:
    s = at_desk
    said = await s.sam.say(s.general, "They love the press")
    await s.sam.message_shortcut("submit.message", s.general, said.ts)
    await s.sam.close_view()
    await s.settle()
    await s.sam.slash("/social-idea", "", channel=s.general)
    assert filled(s.sam) == {}


async def test_a_draft_follows_the_kind_that_is_chosen(at_desk: Scene) -> None:
    s = at_desk
    await s.sam.global_shortcut("submit.global")
    await type_in(s.sam, text="It simply works")
    await s.sam.click(s.modal(s.sam), "submit.kind", "testimonial")
    await s.settle()
    await s.sam.close_view()
    await s.settle()
    await s.sam.slash("/social-idea", "", channel=s.general)
    assert filled(s.sam) == {}
    await s.sam.close_view()
    await s.sam.slash("/social-testimonial", "", channel=s.general)
    assert filled(s.sam)["quote"] == "It simply works"


async def test_a_form_opens_without_its_draft_when_the_database_is_slow(
    at_desk: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = at_desk
    await s.sam.slash("/social-idea", "", channel=s.general)
    await type_in(s.sam, title="Kept")
    await s.sam.close_view()
    await s.settle()

    async def slow(*_: object) -> None:
        await asyncio.sleep(60)

    async def busy(*_: object) -> None:
        raise StorageBusyError

    for trouble in (slow, busy):
        with monkeypatch.context() as patch:
            patch.setattr(s.desk.database, "read", trouble)
            await s.sam.slash("/social-idea", "", channel=s.general)
        assert filled(s.sam) == {}
        await type_in(s.sam, title="Beside it")
        await s.sam.close_view()
        await s.settle()
    await s.sam.slash("/social-idea", "", channel=s.general)
    assert filled(s.sam) == {"title": "Kept"}


async def test_a_draft_that_can_t_be_saved_is_nobody_s_trouble(
    at_desk: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = at_desk

    async def busy(*_: object) -> None:
        raise StorageBusyError

    await s.sam.slash("/social-idea", "", channel=s.general)
    with monkeypatch.context() as patch:
        patch.setattr(s.desk.database, "transact", busy)
        await type_in(s.sam, title="Lost")
        await s.desk.rest()
        await s.sam.close_view()
    await s.settle()
    assert s.sam.ephemerals == []
    await s.sam.slash("/social-idea", "", channel=s.general)
    assert filled(s.sam) == {}


async def test_late_news_of_a_form_that_was_handed_in_is_no_draft(at_desk: Scene) -> None:
    s = at_desk
    await s.sam.slash("/social-idea", "", channel=s.general)
    view = s.modal(s.sam)
    await type_in(s.sam, title="Done")
    await s.sam.submit()
    s.ws.views[view.id] = view
    await s.sam.click(view, "v", "Don", block_id="title")
    await s.settle()
    await s.sam.slash("/social-idea", "", channel=s.general)
    assert filled(s.sam) == {}


async def test_drafts_are_forgotten_after_thirty_days(at_desk: Scene) -> None:
    s = at_desk
    await s.sam.slash("/social-idea", "", channel=s.general)
    await type_in(s.sam, title="Old")
    await s.sam.close_view()
    await s.settle()
    await s.wait(days=31)
    await s.desk.ticks.tidy()
    await s.sam.slash("/social-idea", "", channel=s.general)
    assert filled(s.sam) == {}


async def test_typing_into_a_form_of_another_version_is_left_alone(at_desk: Scene) -> None:
    s = at_desk
    await s.sam.slash("/social-idea", "", channel=s.general)
    view = s.modal(s.sam)
    metadata = '{"kind":"idea","of_another_version":1}'
    old = replace(view, payload={**view.payload, "private_metadata": metadata})
    s.ws.views[view.id] = old
    await s.sam.click(old, "v", "Ten tips", block_id="title")
    await s.settle()
    assert s.modal(s.sam).id == view.id
