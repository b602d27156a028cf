"""People of another company in a channel that is shared with it (P04)."""

import pytest

from handlers.slack_directory import member_of
from sandbox.filling import ClientRefused
from sandbox.people import Person
from tests.support.desk import Scene
from tests.support.words import SECRET, now, praised

ELSEWHERE = "T0ELSEWHERE"
SAID = "Guests can use Social Desk once an admin has named them or given them a role."


@pytest.fixture
async def fred(at_work: Scene) -> Person:
    """Somebody of an agency, in the channel where the cards of testimonials go."""
    s = at_work
    stranger = s.ws.add_user("fred", "Fred Foreign", team_id=ELSEWHERE)
    s.ws.share(s.advocacy, stranger.id)
    await s.settle()
    return s.ws.person(stranger.id)


async def test_a_stranger_presses_a_card_and_is_told_once_and_politely(
    at_work: Scene, fred: Person
) -> None:
    s = at_work
    card = await praised(s)
    for action in ("triage.take", "triage.accept", "triage.decline", "triage.open"):
        (told,) = await s.tried(fred, card, action)
        assert told.startswith(SAID)
    assert fred.view is None
    assert s.story(card) == []
    assert SECRET not in str(fred.ephemerals)


async def test_a_stranger_with_a_role_works_like_everybody_in_it_and_only_in_it(
    at_work: Scene, fred: Person
) -> None:
    s = at_work
    await s.olga.open_home()
    await s.settle()
    assert s.olga.home is not None
    await s.olga.click(s.olga.home, "setup.role:advocacy_lead")
    await s.olga.submit({"holders": [s.adam.user.id, fred.user.id]})
    card = await praised(s)
    assert await s.tried(fred, card, "triage.take") == []
    assert f"<@{fred.user.id}>" in now(s, card).text
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Not for Fred"})
    await s.settle()
    s.ws.share(s.content, fred.user.id)
    (told,) = await s.tried(fred, s.only_card(s.content), "triage.take")
    assert "Content lead" in told


async def test_what_slack_lets_strangers_do(at_work: Scene, fred: Person) -> None:
    s = at_work
    for attempt in (
        fred.slash("/social", "goals", channel=s.advocacy),
        fred.global_shortcut("submit.global"),
        fred.open_home(),
    ):
        with pytest.raises(ClientRefused, match="the workspace that installed it"):
            await attempt


async def test_while_slack_is_silent_nobody_from_outside_is_let_in(
    at_work: Scene, fred: Person
) -> None:
    s = at_work
    card = await praised(s)
    s.ws.fault("users.info", "500", times=3)
    (told,) = await s.tried(fred, card, "triage.take")
    assert "can't look up who you are" in told
    assert s.story(card) == []
    s.ws.faults.clear()
    assert (await s.tried(fred, card, "triage.take"))[0].startswith(SAID)


async def test_an_admin_of_another_company_is_no_admin_here(at_work: Scene) -> None:
    """Slack tells of people's rights over there; and their `user_change` comes here, too."""
    s = at_work
    ada = s.ws.add_user("ada", "Ada Admin", team_id=ELSEWHERE)
    s.ws.share(s.general, ada.id)
    told = {"id": ada.id, "team_id": ELSEWHERE, "name": "ada", "is_admin": True, "is_owner": True}
    s.ws.emit("user_change", {"type": "user_change", "user": told | {"is_primary_owner": True}})
    await s.settle()
    here, at = s.desk.identity.workspace_id, s.clock.now()
    admins = await s.desk.database.read(here, lambda tx, _c, _now: tx.members.admins(), None, at)
    assert [one.user_id for one in admins] == [s.olga.user.id]


@pytest.mark.parametrize(
    "told, is_guest",
    [
        ({"team_id": "T1"}, False),
        ({}, False),
        ({"team_id": "T2"}, True),
        ({"team_id": "T1", "is_restricted": True}, True),
        ({"team_id": "T1", "is_ultra_restricted": True}, True),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1", "T2"]}}, False),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T3"]}}, True),
        ({"team_id": "T2", "enterprise_user": {"teams": "T1"}}, True),
        ({"team_id": "T2", "enterprise_user": None}, True),
    ],
)
def test_who_is_a_guest(told: dict[str, object], *, is_guest: bool) -> None:
    found = member_of({"id": "U1", "name": "x", "is_admin": True, **told}, "T1")
    assert found.is_guest is is_guest
    is_ours = told.get("team_id") != "T2" or not is_guest
    assert found.is_admin is is_ours
