"""What the joint meeting decided comes back until somebody says what became of it (P34)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.desk import Department
from handlers.ids import Action
from tests.support.desk import Scene

MONDAY = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)
WEEK = timedelta(days=7)


async def test_a_decision_is_told_until_it_is_closed_and_then_what_became_of_it(
    at_work: Scene,
) -> None:
    s = at_work
    desk = await s.desk.database.read(
        s.desk.identity.workspace_id, lambda tx, _c, _n: tx.desk.load(), None, s.clock.now()
    )
    sales = replace(desk.subscriptions[0], audience="sales")
    await s.apply(replace(desk, subscriptions=(sales,)))
    await s.sam.slash("/social", "decision Sales names two customers", channel=s.general)
    await s.sam.submit({"owner": s.lena.user.id, "due": "2026-11-27"})
    await s.jump(MONDAY)
    told = s.only_card(s.leadership).text
    assert "*Open decisions*" in told
    assert f"Sales names two customers (<@{s.lena.user.id}>, by 27 Nov)" in told
    await s.xena.slash("/social", "decisions", channel=s.general)
    shown = s.xena.ephemerals[-1]
    (close,) = [block["accessory"]["action_id"] for block in shown.blocks if "accessory" in block]
    assert close.startswith(Action.DECISIONS_CLOSE)
    await s.lena.slash("/social", "decisions", channel=s.general)
    await s.lena.click(s.lena.ephemerals[-1], close)
    await s.lena.submit({"outcome": "Two are on video."})
    await s.jump(MONDAY + WEEK)
    told = s.cards(s.leadership)[-1].text
    assert "*Open decisions*" not in told
    assert "*Decisions that were closed*" in told
    assert "Two are on video." in told
    await s.lena.slash("/social", "decisions", channel=s.general)
    assert s.lena.ephemerals[-1].text.startswith("No decision is open.")


async def test_the_brief_tells_what_sales_asks_for_and_records_a_decision(at_work: Scene) -> None:
    s = at_work
    desk = await s.desk.database.read(
        s.desk.identity.workspace_id, lambda tx, _c, _n: tx.desk.load(), None, s.clock.now()
    )
    brief = replace(desk.subscriptions[0], audience="sales")
    sales = Department(name="Sales", members=(s.sam.user.id,))
    await s.apply(replace(desk, subscriptions=(brief,), departments=(sales,)))
    await s.sam.slash("/social-idea", "A sheet about prices", channel=s.general)
    await s.sam.submit()
    await s.settle()
    await s.jump(MONDAY)
    digest = s.only_card(s.leadership)
    (week,) = [
        message
        for message in s.ws.messages[s.leadership].values()
        if message.thread_ts == digest.ts and "The week in detail" in message.text
    ]
    assert "*Sales asks for:* 1 idea, not decided yet" in week.text
    assert "• A sheet about prices (number 1)" in week.text
    await s.xena.click(week, Action.DECISIONS_NEW.value)
    await s.xena.submit({"text": "Sales names two customers"})
    await s.lena.slash("/social", "decisions", channel=s.general)
    assert "Sales names two customers" in s.lena.ephemerals[-1].text
