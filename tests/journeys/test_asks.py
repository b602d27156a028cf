"""What a digest asks for: answered by a button, shown in its message, told a week later."""

from datetime import UTC, datetime, timedelta

from bot.ask import Reply
from bot.conversions import RecordConversion, Seen, record_conversion
from handlers.ids import Action
from sandbox.model import Message
from tests.support.desk import Scene
from tests.support.words import now, praised

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


def last_ask(message: Message) -> str:
    (line,) = [line for line in message.text.splitlines() if line.startswith("*Last ask:*")]
    return line


async def test_customers_are_to_sign_what_waits_for_their_consent(at_work: Scene) -> None:
    s = at_work
    for _ in range(2):
        card = await praised(s)
        await s.adam.click(card, "triage.accept")
        await s.settle()
    told = await digest(s)
    assert "*One ask:* have 2 customers sign (the Advocacy lead knows which), since" in told.text
    await s.xena.click(told, reply(Reply.NOT_NOW))
    await s.settle()
    card = now(s, s.cards(s.advocacy)[0])
    await s.adam.click(card, "triage.consent")
    await s.adam.submit({"wording": "Yes, said on the phone", "shown": "name"}, force=True)
    following = await digest(s, MONDAY + WEEK)
    assert "said no on Mon 23 Nov. It was: have 2 customers sign" in last_ask(following)
    assert last_ask(following).endswith(" 1 waits for that by now.")
    (again,) = [line for line in following.text.splitlines() if line.startswith("*One ask:*")]
    assert "publish the one that was accepted" in again, "a no is not asked again: the next best is"


async def post(s: Scene, platform: str) -> None:
    """An idea that is published there."""
    await s.sam.slash("/social-idea", f"A pump for {platform}", channel=s.general)
    await s.sam.submit()
    await s.settle()
    card = s.cards(s.content)[-1]
    await s.tried(s.cora, card, "triage.accept")
    await s.cora.click(now(s, card), "triage.publish")
    await s.cora.submit({"link": f"https://example.com/{platform}", "platform": platform})
    await s.settle()


async def signed_up(s: Scene, *, count: int, platform: str) -> None:
    """So many sign-ups that saw a post there last."""
    command = RecordConversion(
        source="crm",
        external_id=f"{platform}-{count}",
        type_key="signup",
        occurred_at=s.clock.now(),
        count=count,
        last=Seen(platform=platform),
    )
    here = s.desk.identity.workspace_id
    await s.desk.database.transact(here, record_conversion, command, s.clock.now())


async def test_a_platform_that_brought_nothing_is_to_be_dropped(at_work: Scene) -> None:
    s = at_work
    for platform in ("tiktok", "linkedin"):
        await post(s, platform)
    told = await digest(s)
    assert "*One ask:* name the one result" in told.text
    await s.xena.click(told, reply(Reply.NOT_NOW))
    twelfth = MONDAY + 11 * WEEK
    await s.jump(twelfth - timedelta(days=3))
    await signed_up(s, count=30, platform="linkedin")
    for platform in ("tiktok", "linkedin"):
        await post(s, platform)
    told = await digest(s, twelfth)
    assert (
        "*One ask:* leave TikTok, or say what it is for, since 2 posts there in 12 weeks brought "
        "nothing that can be measured and other platforms brought 30 conversions."
    ) in told.text
    await s.xena.click(told, reply(Reply.YES))
    await s.settle()
    await post(s, "linkedin")
    following = await digest(s, twelfth + WEEK)
    assert "said yes on Mon 8 Feb. It was: leave TikTok" in last_ask(following)
    assert last_ask(following).endswith(" No post went there since then.")
    assert "*One ask:*" not in following.text, "what was agreed is not asked again"
