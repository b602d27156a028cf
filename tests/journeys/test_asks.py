"""What a digest asks for: answered by a button, shown in its message, told a week later."""

from datetime import UTC, datetime, timedelta

from bot.ask import Reply
from handlers.ids import Action
from sandbox.model import Message
from tests.support.desk import Scene

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


async def digest(s: Scene, at: datetime = MONDAY) -> Message:
    await s.jump(at + timedelta(minutes=1))
    return s.cards(s.leadership)[-1]


async def an_ask(s: Scene) -> Message:
    """The digest of a week in which something happened and no goal runs: it asks for one."""
    await s.sam.slash("/social-idea", "A pump at sea", channel=s.general)
    await s.sam.submit()
    await s.settle()
    await s.tried(s.cora, s.only_card(s.content), "triage.accept")
    await s.cora.click(s.only_card(s.content), "triage.publish")
    await s.cora.submit({"link": "https://example.com/pump"})
    return await digest(s)


def buttons(message: Message) -> list[str]:
    rows = [block for block in message.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


def reply(to: Reply) -> str:
    return Action.ASK_REPLY.at(to)


async def test_the_ask_is_answered_once_and_comes_back_in_a_week(at_work: Scene) -> None:
    s = at_work
    told = await an_ask(s)
    assert "one decision needed" in told.text.splitlines()[0]
    assert buttons(told) == ["Yes", "No", "Later"]
    await s.xena.click(told, reply(Reply.LATER))
    await s.settle()
    told = s.only_card(s.leadership)
    assert f"<@{s.xena.user.id}> comes back to it on Mon 23 Nov." in told.text
    assert buttons(told) == ["Yes", "No"]
    await s.olga.click(told, reply(Reply.YES))
    await s.settle()
    after = s.only_card(s.leadership)
    assert f"<@{s.olga.user.id}> said yes on Mon 23 Nov." in after.text
    assert "one decision needed" not in after.text
    assert buttons(after) == []
    following = await digest(s, MONDAY + WEEK)
    (line,) = [line for line in following.text.splitlines() if line.startswith("*Last ask:*")]
    assert line.startswith("*Last ask:* Olga")
    assert "said yes on Mon 23 Nov. It was: name the one result" in line
    await digest(s, MONDAY + 2 * WEEK)
    opened = [card for card in s.cards(s.leadership) if "*Last ask:*" in card.text]
    assert opened == [following], "once"


async def test_an_ask_that_nobody_answered_is_told_kindly(at_work: Scene) -> None:
    s = at_work
    await an_ask(s)
    await s.sam.slash("/social-idea", "Another pump", channel=s.general)
    await s.sam.submit()
    following = await digest(s, MONDAY + WEEK)
    assert "*Last ask:* nobody has answered yet. It was: name the one result" in following.text


async def test_a_preview_has_no_buttons_and_asks_nobody(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "A pump at sea", channel=s.general)
    await s.sam.submit()
    await s.settle()
    await s.xena.slash("/social", "digest", channel=s.leadership)
    assert "*One ask:*" in s.xena.ephemerals[-1].text
    assert "to the ask" not in str(s.xena.ephemerals[-1].blocks)
