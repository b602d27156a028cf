"""Work follows when somebody leaves, comes back, or a role changes hands."""

from dataclasses import replace

from sandbox.model import Message
from sandbox.objects import user_object
from sandbox.people import Person
from tests.support.desk import Scene


async def handed_in(s: Scene, title: str = "Orphan") -> Message:
    """An idea of Sam's; returns its card, on which Cora may decide."""
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": title})
    await s.settle()
    return s.cards(s.content)[-1]


async def praised(s: Scene) -> Message:
    """A testimonial of Sam's; returns its card, on which Adam and Ava may decide."""
    await s.sam.slash("/social-testimonial", "Great", channel=s.general)
    await s.sam.submit({"customer": "Acme"})
    await s.settle()
    return s.only_card(s.advocacy)


def now(s: Scene, card: Message) -> Message:
    """The card as it stands in Slack."""
    return s.ws.messages[card.channel][card.ts]


def names(s: Scene, card: Message, person: Person) -> bool:
    """Whether the card as it stands mentions a person."""
    return f"<@{person.user.id}>" in now(s, card).text


async def queue(s: Scene, person: Person) -> str:
    """What `/social queue` tells a person."""
    await person.slash("/social", "queue", channel=s.general)
    return person.ephemerals[-1].text


async def hold(s: Scene, role_id: str, *holders: Person) -> None:
    """Give a role to these people, and to nobody else."""
    desk = s.desk.database.cached_desk(s.desk.identity.workspace_id)
    role = replace(desk.roles[role_id], holders=tuple(one.user.id for one in holders))
    await s.apply(replace(desk, roles={**desk.roles, role_id: role}))
    await s.settle()


async def test_when_the_only_holder_leaves_the_fallbacks_holders_go_on(at_work: Scene) -> None:
    s = at_work
    await hold(s, "social_lead", s.xena)
    card = await handed_in(s)
    s.ws.deactivate(s.cora.user.id)
    await s.settle()
    assert "Social lead" in now(s, card).text
    assert names(s, card, s.xena)
    assert not names(s, card, s.cora)
    assert "Orphan" in await queue(s, s.xena)
    assert "Orphan" not in await queue(s, s.olga)
    assert [m.text for m in s.dm(s.olga) if "Nobody holds the Content lead role" in m.text]
    s.ws.invite(s.content, s.xena.user.id)
    assert "Social lead" in (await s.tried(s.olga, now(s, card), "triage.accept"))[0]
    assert await s.tried(s.xena, now(s, card), "triage.accept") == []
    assert "Orphan" in await queue(s, s.xena)  # it waits to be published
    await s.xena.click(now(s, card), "triage.publish")
    await s.xena.submit({"link": "https://example.com/p"})
    await s.settle()
    assert "Published" in now(s, card).text


async def test_when_nobody_holds_the_fallback_either_admins_go_on(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    s.ws.deactivate(s.cora.user.id)
    await s.settle()
    assert names(s, card, s.olga)
    assert "Orphan" in await queue(s, s.olga)
    assert await s.tried(s.olga, now(s, card), "triage.accept") == []


async def test_who_comes_back_has_their_work_again(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    s.ws.deactivate(s.cora.user.id)
    await s.settle()
    s.ws.change_user(s.cora.user.id, deleted=False)
    s.ws.invite(s.general, s.cora.user.id)
    await s.settle()
    assert names(s, card, s.cora)
    assert "Orphan" in await queue(s, s.cora)
    assert "Orphan" not in await queue(s, s.olga)


async def test_what_somebody_took_who_left_is_free_again(at_work: Scene) -> None:
    s = at_work
    card = await praised(s)
    await s.tried(s.adam, card, "triage.take")
    assert "Taken" in now(s, card).text
    s.ws.deactivate(s.adam.user.id)
    await s.settle()
    assert "Not taken any more" in now(s, card).text
    assert names(s, card, s.ava)
    assert not names(s, card, s.adam)
    assert s.adam.user.id not in await queue(s, s.ava)
    assert not [m for m in s.dm(s.olga) if "Nobody holds" in m.text]  # Ava does
    assert await s.tried(s.ava, now(s, card), "triage.accept") == []
    assert f"<@{s.ava.user.id}> publishes it next" in now(s, card).text


async def test_a_role_in_other_hands_takes_its_work_along(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    s.ws.invite(s.content, s.xena.user.id)
    await hold(s, "content_lead", s.xena)
    assert names(s, card, s.xena)
    assert not names(s, card, s.cora)
    assert "Orphan" in await queue(s, s.xena)
    assert "Orphan" not in await queue(s, s.cora)
    (told,) = await s.tried(s.cora, now(s, card), "triage.accept")
    assert f"<@{s.xena.user.id}>" in told
    assert await s.tried(s.xena, now(s, card), "triage.accept") == []


async def test_home_follows_a_role_to_its_new_hands(at_work: Scene) -> None:
    s = at_work
    await handed_in(s)
    for person in (s.cora, s.xena):
        await person.open_home()
    await s.settle()
    await hold(s, "content_lead", s.xena)
    assert s.xena.home is not None
    assert s.cora.home is not None
    assert "Orphan" in str(s.xena.home.blocks)
    assert "Orphan" not in str(s.cora.home.blocks)


async def test_a_role_that_lost_its_holders_in_the_set_up_is_told(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    await hold(s, "content_lead")
    assert names(s, card, s.olga)
    assert [m.text for m in s.dm(s.olga) if "Nobody holds the Content lead role" in m.text]


async def test_a_role_with_another_name_is_called_so_on_its_cards(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    desk = s.desk.database.cached_desk(s.desk.identity.workspace_id)
    role = replace(desk.roles["content_lead"], label="Chief of stories")
    await s.apply(replace(desk, roles={**desk.roles, "content_lead": role}))
    await s.settle()
    assert "Chief of stories" in now(s, card).text


async def test_news_of_before_somebody_left_does_not_bring_them_back(at_work: Scene) -> None:
    """Slack's events come in any order."""
    s, ws = at_work, at_work.ws
    await hold(s, "social_lead", s.xena)
    card = await handed_in(s)
    older = {"type": "user_change", "user": user_object(ws, s.cora.user), "event_ts": ws.next_ts()}
    ws.deactivate(s.cora.user.id)
    await s.settle()
    assert names(s, card, s.xena)
    ws.emit("user_change", older)
    await s.settle()
    assert names(s, card, s.xena)
    assert not names(s, card, s.cora)
    ws.change_user(s.cora.user.id, deleted=False)
    await s.settle()
    assert names(s, card, s.cora)
