"""A channel that can't be posted to: the admin hears of it before as well as after."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.test_absence import home
from tests.support.desk import Scene

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""When the digest is due."""


def told(s: Scene) -> list[str]:
    """What the admin heard."""
    return [message.text for message in s.dm(s.olga) if message.ephemeral_to is None]


async def handed_in(s: Scene) -> None:
    """Something that the digest has to say."""
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "It waits"})
    await s.settle()


async def look(s: Scene) -> None:
    """What the desk does each hour."""
    await s.desk.refresh()
    await s.settle()


async def test_a_digest_into_a_channel_that_went_private_on_friday(at_work: Scene) -> None:
    s = at_work
    await handed_in(s)
    await s.jump(FRIDAY)
    s.ws.make_private(s.leadership)
    s.ws.kick(s.leadership, s.ws.identity.bot_user)
    await s.settle()
    for _ in range(3):
        await look(s)
    (first,) = told(s)
    assert first.startswith("The weekly digest has no channel to go to.")
    assert f"<#{s.leadership}>" in first
    assert "/invite @Social Desk" in first
    await s.jump(MONDAY - timedelta(hours=25))
    await look(s)
    assert len(told(s)) == 1
    await s.jump(MONDAY - timedelta(hours=23))
    for _ in range(2):
        await look(s)
    assert told(s) == [first, first]
    await s.jump(MONDAY + timedelta(minutes=1))
    notice = s.dm(s.olga)[-1]
    assert len(told(s)) == 3
    assert notice.text.startswith(f"The digest for <#{s.leadership}> is paused.")
    assert s.cards(s.leadership) == []
    s.ws.invite(s.leadership, s.ws.identity.bot_user)
    await look(s)
    assert len(told(s)) == 3
    await s.jump(MONDAY + timedelta(days=7, minutes=1))
    assert "Social digest" in s.only_card(s.leadership).text


async def test_a_channel_that_went_private_with_the_desk_in_it_is_no_trouble(
    at_work: Scene,
) -> None:
    s = at_work
    await handed_in(s)
    s.ws.make_private(s.leadership)
    await look(s)
    await s.jump(MONDAY + timedelta(minutes=1))
    assert told(s) == []
    assert "Social digest" in s.only_card(s.leadership).text


@pytest.mark.parametrize(
    "trouble, said",
    [
        ("archive", "is archived. Unarchive it, or name another channel."),
        ("kick", "Social Desk is not in"),
        ("delete", "it is private or was deleted"),
    ],
)
async def test_an_event_is_told_at_once_and_once(at_work: Scene, trouble: str, said: str) -> None:
    s = at_work
    match trouble:
        case "archive":
            s.ws.archive(s.content)
        case "kick":
            s.ws.kick(s.content, s.ws.identity.bot_user)
        case _:
            s.ws.delete_channel(s.content)
    await s.settle()
    await look(s)
    (only,) = told(s)
    assert only.startswith("The cards of the Content lead have no channel to go to.")
    assert said in only


async def test_a_channel_that_nobody_named_is_nobody_s_trouble(at_work: Scene) -> None:
    s = at_work
    s.ws.archive(s.general)
    s.ws.kick(s.general, s.ws.identity.bot_user)
    await look(s)
    assert told(s) == []


async def test_a_channel_that_breaks_twice_is_told_twice(at_work: Scene) -> None:
    s = at_work
    for _ in range(2):
        s.ws.archive(s.content)
        await s.settle()
        s.ws.unarchive(s.content)
        s.ws.invite(s.content, s.ws.identity.bot_user)
        await s.settle()
    assert len(told(s)) == 2


async def test_slack_does_not_tell_of_a_channel(at_work: Scene) -> None:
    s = at_work
    s.ws.fault("events_api", "dropped", times=4)
    s.ws.make_private(s.leadership)
    s.ws.kick(s.leadership, s.ws.identity.bot_user)
    await s.settle()
    s.ws.faults.clear()
    s.ws.fault("conversations.info", "500")
    await look(s)
    assert told(s) == []
    await look(s)
    assert len(told(s)) == 1


async def test_a_channel_that_another_company_joins_is_told_of_once(at_work: Scene) -> None:
    s = at_work
    stranger = s.ws.add_user("sid", "Sid Stranger", team_id="T0ELSEWHERE").id
    for place in (s.content, s.leadership, s.general):
        s.ws.share(place, stranger)
    await s.settle()
    for _ in range(2):
        await look(s)
    cards, digest = sorted(told(s))
    advice = "is shared with another company, whose people read along."
    assert cards.startswith("The cards of the Content lead go to a channel of two companies.")
    assert f"<#{s.content}> {advice}" in cards
    assert digest.startswith("The weekly digest goes to a channel of two companies.")
    shown = await home(s, s.olga)
    assert f":warning: <#{s.content}> {advice}" in shown
    assert f":warning: <#{s.leadership}> {advice}" in shown
    assert "can't be posted to" not in shown
    await handed_in(s)
    assert "It waits" in s.only_card(s.content).text  # who set it up may mean it
    await s.jump(MONDAY - timedelta(hours=23))
    await look(s)
    assert len(told(s)) == 2
    s.ws.unshare(s.content)
    await s.settle()
    assert f":warning: <#{s.content}>" not in await home(s, s.olga)


async def test_a_set_up_that_names_a_shared_channel_is_told(at_work: Scene) -> None:
    s = at_work
    s.ws.share(s.general)
    await s.settle()
    assert told(s) == []
    desk = s.desk.services.desk(s.desk.identity.workspace_id)
    role = replace(desk.roles["lead_desk"], channel_id=s.general)
    await s.apply(replace(desk, roles={**desk.roles, role.role_id: role}))
    await s.settle()
    (said,) = told(s)
    assert said.startswith("The cards of the Lead desk go to a channel of two companies.")
