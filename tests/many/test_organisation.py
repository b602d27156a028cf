"""An organisation (Enterprise Grid) installs the app once, and grants it to its workspaces."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from handlers.slack_directory import member_of
from sandbox.transports.in_process import InProcess
from tests.support.town import Place, Town, town

ORG = {"id": "E0NORTHWIND", "name": "Northwind"}


@pytest.fixture
async def o(database_url: str) -> AsyncIterator[Town]:
    """The app is installed to the organisation, and in no workspace yet."""
    async with town(database_url, org=ORG) as found:
        answer = await found.install(None)
        assert answer.status == 200
        assert "add it to workspaces of Northwind" in answer.body
        assert "/manage/E0NORTHWIND/integrations/profile/A00000001/workspaces/add" in answer.body
        yield found


async def hand_in(t: Town, place: Place, title: str) -> None:
    await place.sam.slash("/social-idea", title, channel=place.general)
    await place.sam.submit()
    await t.settle()


async def test_it_is_in_no_workspace_before_it_was_granted(o: Town) -> None:
    assert await o.desk.workplaces.find("T0NORTH") is None
    assert await o.installation("T0NORTH") is None


async def test_each_workspace_that_it_was_granted_to_is_served_with_the_one_token(o: Town) -> None:
    for place in o.places:
        o.realm.serve_team(place.ws)
        await o.settle()
    await hand_in(o, o.north, "Ten tips")
    await hand_in(o, o.south, "Eleven tips")
    for place in o.places:
        found = await o.installation(place.team_id)
        assert found is not None
        assert (found.tokens, found.enterprise_id) == (None, "E0NORTHWIND")
        assert len(place.told(place.sam)) == 1, "the receipt, in their own workspace"
    tokens = {(await o.desk.workplaces.find(p.team_id)).client.token for p in o.places}  # type: ignore[union-attr]
    assert len(tokens) == 1


async def test_people_and_channels_are_read_with_the_team_named(o: Town) -> None:
    """Slack answers `missing_argument` without it, and the sandbox does."""
    o.realm.serve_team(o.north.ws)
    await o.settle()
    await o.desk.care.refresh()

    def names(tx, _command, _now):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return tx.members.get(o.north.sam.user.id)

    found = await o.desk.database.read("T0NORTH", names, None, o.clock.now())
    assert found is not None
    assert found.name == "Sam North"


async def test_what_slack_speaks_of_first_is_served_though_the_event_was_lost(o: Town) -> None:
    o.north.ws.connect(None)
    o.realm.serve_team(o.north.ws)
    o.north.ws.connect(InProcess(o.north.ws, o.desk.app))
    await hand_in(o, o.north, "Ten tips")
    found = await o.installation("T0NORTH")
    assert found is not None
    assert found.is_served


async def test_taken_back_from_one_workspace_it_works_in_the_others(o: Town) -> None:
    for place in o.places:
        o.realm.serve_team(place.ws)
    await o.settle()
    o.realm.unserve_team(o.north.ws)
    await o.settle()
    found = await o.installation("T0NORTH")
    assert found is not None
    assert not found.is_served
    await hand_in(o, o.south, "It goes on here")
    o.realm.serve_team(o.north.ws)
    await o.settle()
    await hand_in(o, o.north, "And here again")


async def test_removed_from_the_organisation_it_is_gone_everywhere(o: Town) -> None:
    for place in o.places:
        o.realm.serve_team(place.ws)
    await o.settle()
    o.realm.uninstall_org()
    await o.settle()
    for workspace_id in ("E0NORTHWIND", "T0NORTH", "T0SOUTH"):
        found = await o.installation(workspace_id)
        assert found is not None
        assert found.parked_at is not None
    o.realm.calls.clear()
    await o.settle()
    assert o.realm.calls == []


async def test_a_workspace_that_installed_it_by_itself_keeps_its_own_token(o: Town) -> None:
    await o.install(o.south)
    o.realm.serve_team(o.north.ws)
    await o.settle()
    o.realm.uninstall_org()
    await o.settle()
    own = await o.installation("T0SOUTH")
    assert own is not None
    assert own.is_served
    assert own.tokens is not None
    assert replace(own, version=0).enterprise_id == "E0NORTHWIND"


def test_people_of_an_organisation_go_by_their_id_there() -> None:
    user = {
        "id": "U1",
        "team_id": "T1",
        "name": "ann",
        "enterprise_user": {"id": "W1", "enterprise_id": "E1", "teams": ["T1", "T2"]},
    }
    assert member_of(user, "T1").user_id == "W1"
    assert member_of({**user, "enterprise_user": None}, "T1").user_id == "U1"
