"""What a process remembers of workspaces is limited; what it forgot it reads again."""

from dataclasses import replace

import pytest

from bot.configure import configure
from bot.desk import default_desk
from runtime import many
from tests.support.town import Place, Town


async def set_up(t: Town, place: Place, label: str) -> None:
    """Sam's role has this label, and a channel."""
    desk = default_desk()
    role = replace(desk.roles["content_lead"], label=label, holders=(place.sam.user.id,))
    named = replace(desk, roles={**desk.roles, role.role_id: role})
    await t.desk.database.transact(place.team_id, configure, named, t.clock.now())


async def form(place: Place) -> str:
    """The form of ideas, which says who owns them, as the set-up in memory has it."""
    await place.sam.slash("/social-idea", "Ten tips", channel=place.general)
    assert place.sam.view is not None
    found = str(place.sam.view.blocks)
    await place.sam.close_view()
    return found


async def test_a_set_up_that_left_memory_is_there_again_for_the_next_form(both: Town) -> None:
    for place in both.places:
        await set_up(both, place, f"Editors of {place.team_id}")
    await both.settle()
    for _ in "12":
        for place in both.places:
            assert f"Editors of {place.team_id}" in await form(place)
            both.desk.database.forget_desk(place.team_id)


async def test_workplaces_with_too_many_people_go_the_longest_unused_first(
    both: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "PEOPLE_KEPT", 0)
    for place in (both.north, both.south, both.north):
        both.desk.workplaces.look_again(place.team_id)
        await set_up(both, place, "Editors")
        assert "Editors" in await form(place)
        known = [both.desk.workplaces.known(one.team_id) is not None for one in both.places]
        assert known == [one is place for one in both.places]
    await both.settle()


async def test_somebody_of_a_long_list_who_did_nothing_is_not_kept(both: Town) -> None:
    found = await both.desk.workplaces.find(both.north.team_id)
    assert found is not None
    before = set(found.directory.members)
    both.north.ws.change_user(both.north.olga.user.id, tz="America/New_York")
    await both.settle()
    assert set(found.directory.members) == before
