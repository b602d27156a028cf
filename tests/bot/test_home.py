"""What the Home tab shows of what there is, and its pages."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.desk import Channel, Subscription
from bot.digest import FireDue, Preview, fire_due, preview
from bot.home import PAGE, SHORT, AskHome, TurnPage, asked_by, home, turn_page
from bot.lifecycle import State, Verb
from bot.material import HomePart, ListMaterial
from bot.outbox import Effect
from bot.submission import Submission
from tests.support.core import ADA, CONTENT, CORA, SAM, START, SUE, Core, a_desk

NINE = Subscription(subscription_id="a", channel_id=CONTENT, tz="Europe/Berlin")
EIGHT = Subscription(subscription_id="b", channel_id="C0PRIVATE", tz="Europe/Berlin", time="08:00")


def numbers(listed: ListMaterial | None) -> list[int]:
    assert listed is not None
    return [one.number for one in listed.items]


async def ask(core: Core, submission: Submission) -> None:
    """Put it where it waits for its submitter's answer."""
    now = core.clock.now()
    asked = replace(submission, state=State.ASKED, version=2, paused_at=now)
    assert await core.write(lambda tx: tx.submissions.update(asked, expected_version=1))


async def test_the_queue_is_for_those_who_watch_a_role(core: Core) -> None:
    await core.hand_in(by=CORA)
    of_cora = await core.ask(home, AskHome(CORA))
    assert of_cora.mine.total == 1
    assert of_cora.queue is not None
    assert numbers(of_cora.queue.waiting) == [1]
    of_sam = await core.ask(home, AskHome(SAM))
    assert (of_sam.user_id, of_sam.mine.total, of_sam.queue) == (SAM, 0, None)


async def test_pages_together_show_each_entry_once(core: Core) -> None:
    for _ in range(2 * PAGE + 3):
        await core.hand_in(by=SAM)
    for part, order in ((HomePart.MINE, -1), (HomePart.WAITING, 1)):
        seen: list[int] = []
        for offset in range(0, 2 * PAGE + 3, PAGE):
            who = SAM if part is HomePart.MINE else CORA
            shown = await core.ask(home, AskHome(who, part, offset))
            assert shown.queue is not None or part is HomePart.MINE
            listed = shown.queue.waiting if shown.queue else shown.mine
            assert (listed.offset, listed.total) == (offset, 2 * PAGE + 3)
            seen += numbers(listed)
        assert seen == list(range(1, 2 * PAGE + 4))[::order]


async def test_turning_one_list_leaves_the_others_at_their_beginning(core: Core) -> None:
    for _ in range(PAGE + 1):
        await core.hand_in(by=CORA)
    shown = await core.ask(home, AskHome(CORA, HomePart.MINE, PAGE))
    assert numbers(shown.mine) == [1]
    assert shown.queue is not None
    assert numbers(shown.queue.waiting) == list(range(1, PAGE + 1))


async def test_a_page_that_is_gone_gives_way_to_the_last_one(core: Core) -> None:
    for _ in range(PAGE + 2):
        await core.hand_in(by=SAM)
    shown = await core.ask(home, AskHome(SAM, HomePart.MINE, 5 * PAGE))
    assert (shown.mine.offset, numbers(shown.mine)) == (PAGE, [2, 1])
    nothing = await core.ask(home, AskHome(SUE, HomePart.MINE, PAGE))
    assert (nothing.mine.offset, nothing.mine.total) == (0, 0)


async def test_a_question_is_its_submitters_turn_and_waits_in_the_queue(core: Core) -> None:
    first, second = await core.hand_in(), await core.hand_in(by=SUE)
    await ask(core, first)
    await ask(core, second)
    of_sam = await core.ask(home, AskHome(SAM))
    assert numbers(of_sam.questions) == [1]
    assert (numbers(of_sam.mine), of_sam.mine.total) == ([], 0)  # it is not shown twice
    of_cora = await core.ask(home, AskHome(CORA))
    assert of_cora.queue is not None
    assert numbers(of_cora.questions) == numbers(of_cora.queue.waiting) == []
    assert numbers(of_cora.queue.paused) == [1, 2]


async def test_many_questions_are_counted_and_the_oldest_shown(core: Core) -> None:
    for _ in range(SHORT + 2):
        core.clock.forward(minutes=1)
        await ask(core, await core.hand_in())
    shown = await core.ask(home, AskHome(SAM))
    assert shown.questions is not None
    assert (shown.questions.total, numbers(shown.questions)) == (SHORT + 2, [1, 2, 3, 4, 5])
    assert (numbers(shown.mine), shown.mine.total) == ([7, 6], 2)


async def test_what_is_overdue_is_counted(core: Core) -> None:
    await core.hand_in()
    core.clock.forward(days=14)
    await core.hand_in()
    shown = await core.ask(home, AskHome(CORA))
    assert shown.queue is not None
    assert (shown.queue.overdue, shown.queue.waiting.total) == (1, 2)


async def test_what_is_overdue_is_counted_beyond_the_page_that_is_shown(core: Core) -> None:
    for _ in range(PAGE + 3):
        await core.hand_in()
    core.clock.forward(days=14)
    for part, offset in ((None, 0), (HomePart.WAITING, PAGE), (HomePart.MINE, PAGE)):
        shown = await core.ask(home, AskHome(CORA, part, offset))
        assert shown.queue is not None
        assert shown.queue.overdue == PAGE + 3


async def test_the_week_begins_on_monday_where_the_person_lives(core: Core) -> None:
    """Sam lives in Berlin, where Monday begins at 23:00 UTC; Sue by UTC."""
    core.clock.at = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    idea = await core.hand_in()
    await core.step(idea, Verb.ACCEPT)
    core.clock.at = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    of_sam, of_sue = [(await core.ask(home, AskHome(user))).week for user in (SAM, SUE)]
    assert of_sam is not None
    assert of_sue is not None
    assert (of_sam.handed_in, of_sam.decided) == (1, 1)
    assert (of_sue.handed_in, of_sue.decided) == (0, 0)


async def test_the_next_digest_is_one_that_the_person_may_see(core: Core) -> None:
    assert (await core.ask(home, AskHome(SAM))).next_digest is None
    await core.set_up(a_desk(NINE, EIGHT))
    channels = [
        Channel(channel_id=CONTENT, name="content"),
        Channel(channel_id="C0PRIVATE", name="secret", is_private=True),
    ]
    await core.write(lambda tx: tx.channels.save(channels, START))
    of_sam = (await core.ask(home, AskHome(SAM))).next_digest
    of_ada = (await core.ask(home, AskHome(ADA))).next_digest
    assert of_sam is not None
    assert of_ada is not None
    berlin = ZoneInfo("Europe/Berlin")
    assert (of_sam.channel_id, of_sam.at) == (CONTENT, datetime(2026, 11, 23, 9, tzinfo=berlin))
    assert (of_ada.channel_id, of_ada.at.hour) == ("C0PRIVATE", 7)


async def test_the_next_digest_is_the_one_that_is_planned(core: Core) -> None:
    """A week gets no second one: moved to a later day of it, it comes in the next."""
    await core.set_up(a_desk(NINE))
    core.clock.at = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    await core.do(fire_due, FireDue("a"))
    desk = await core.set_up(a_desk(replace(NINE, weekday=2)))
    (planned,) = (await core.ask(home, AskHome(ADA))).setup.digests  # type: ignore[union-attr]  # she is an admin
    told = (await core.ask(home, AskHome(ADA))).next_digest
    assert desk.subscriptions[0].weekday == 2
    assert told is not None
    assert told.at == planned.next_at == datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
    shown = await core.ask(preview, Preview(CONTENT, SAM))
    assert str(shown.last_day) == "2026-12-01"


async def test_turning_a_page_publishes_the_tab_at_that_page(core: Core) -> None:
    command = TurnPage(user_id=SAM, part=HomePart.MINE, offset=20, cause="1.5")
    await core.do(turn_page, command)
    await core.do(turn_page, command)
    (key,) = core.effects(f"home:{SAM}:page")
    effect: Effect | None = await core.read(lambda tx: tx.outbox.find(key))
    assert effect is not None
    assert asked_by(effect) == AskHome(SAM, HomePart.MINE, 20)
    assert asked_by(replace(effect, payload={})) == AskHome(SAM)
