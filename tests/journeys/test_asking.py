"""`/social`, Home, the digest's preview, and what only admins hear."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.model import Message
from sandbox.people import Person
from tests.support.desk import Scene, scene


async def asked(s: Scene, text: str, who: str = "sam") -> Message:
    """What `/social text` answers."""
    person = getattr(s, who)
    await person.slash("/social", text, channel=s.general)
    found: Message = person.ephemerals[-1]
    return found


def in_thread(s: Scene, digest: Message) -> dict[str, Message]:
    """What hangs in the thread of a digest, by its headings."""
    found = s.ws.messages[digest.channel].values()
    replies = [m for m in found if m.thread_ts == digest.ts and m.ts != digest.ts]
    return {reply.text.splitlines()[0].strip("*"): reply for reply in replies}


async def decided(s: Scene) -> None:
    """Something that the digest has to say, and that nobody is reminded of."""
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Decided"})
    await s.settle()
    await s.cora.click(s.cards(s.content)[-1], "triage.decline")
    await s.cora.submit({"reason": "timing", "note": "Not now"})
    await s.settle()


@pytest.mark.parametrize("text", ["", "help", "HELP", "  help  me "])
async def test_help_names_every_command(at_work: Scene, text: str) -> None:
    answer = await asked(at_work, text)
    for command in ("/social-idea", "/social-testimonial", "/social-lead", "`queue`"):
        assert command in answer.text


async def test_an_unknown_word_gets_the_nearest(at_work: Scene) -> None:
    answer = await asked(at_work, "queu <b>")
    assert "queue" in answer.text
    assert "/social help" in answer.text
    assert "mine" in (await asked(at_work, "mein")).text
    assert "zzzzz" in (await asked(at_work, "zzzzz")).text
    answer = await asked(at_work, "idea Ten tips & more")
    assert "/social-idea" in answer.text.splitlines()[0]
    assert "Ten tips &amp; more" in answer.text
    assert "“R&amp;D”" in (await asked(at_work, "R&D")).text


async def test_mine_and_queue(at_work: Scene) -> None:
    s = at_work
    assert "1" not in (await asked(s, "mine")).text
    for title in ("First", "Second"):
        await s.sam.slash("/social-idea", "", channel=s.general)
        await s.sam.submit({"title": title})
    await s.settle()
    mine = await asked(s, "mine")
    assert mine.text.index("Second") < mine.text.index("First")
    queue = await asked(s, "queue", "cora")
    assert queue.text.index("First") < queue.text.index("Second")
    assert "First" not in (await asked(s, "queue", "lena")).text
    assert "First" not in (await asked(s, "queue")).text


async def test_home_shows_what_is_mine_and_hands_in(at_work: Scene) -> None:
    s = at_work
    await s.sam.open_home()
    await s.settle()
    assert s.sam.home is not None
    await s.sam.click(s.sam.home, "home.hand_in:lead")
    await s.sam.submit({"name": "Acme", "need": "Boxes"})
    await s.settle()
    await s.lena.open_home()
    await s.settle()
    assert s.lena.home is not None
    assert "Boxes" in str(s.lena.home.blocks)
    assert "Acme" not in str(s.lena.home.blocks)
    await s.lena.click(s.lena.home, "triage.open:1")
    assert s.lena.view is not None
    assert "Acme" in str(s.lena.view.blocks)
    await s.lena.click(s.lena.view, "triage.take")
    assert s.lena.view is not None
    assert "*Taken.*" in str(s.lena.view.blocks)
    await s.lena.click(s.lena.view, "triage.decline")
    await s.lena.submit({"reason": "timing", "note": "They moved away"})
    await s.settle()
    assert s.lena.view is None
    assert "Declined" in s.only_card(s.leads).text


async def test_home_follows_what_people_do(at_work: Scene) -> None:
    s = at_work

    def home(person: Person) -> str:
        assert person.home is not None
        return str(person.home.blocks)

    for person in (s.sam, s.cora):
        await person.open_home()
    await s.settle()
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Seen at once"})
    await s.settle()
    assert "Seen at once" in home(s.sam)
    await s.tried(s.cora, s.only_card(s.content), "triage.accept")
    assert "Accepted" in home(s.sam)
    assert "Under way (1)" in home(s.cora)
    await s.cora.click(s.only_card(s.content), "triage.publish")
    await s.cora.submit({"link": "https://example.com/p"})
    await s.settle()
    assert "Seen at once" not in home(s.cora)
    assert "https://example.com/p" in home(s.sam)


async def test_who_never_opened_home_gets_none_published(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "No Home"})
    await s.settle()
    await s.tried(s.cora, s.only_card(s.content), "triage.accept")
    assert (s.sam.home, s.cora.home) == (None, None)


async def test_what_was_accepted_is_listed_until_it_is_published(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Accepted and forgotten"})
    await s.settle()
    await s.tried(s.cora, s.only_card(s.content), "triage.accept")
    queue = await asked(s, "queue", "cora")
    assert "1 submission under way" in queue.text
    assert "Accepted and forgotten" in queue.text
    await s.cora.open_home()
    await s.settle()
    assert s.cora.home is not None
    assert "Under way (1)" in str(s.cora.home.blocks)
    await s.cora.click(s.cora.home, "triage.open:1")
    assert s.cora.view is not None
    await s.cora.click(s.cora.view, "triage.publish")
    await s.cora.submit({"link": "https://example.com/p"})
    await s.settle()
    assert "Accepted and forgotten" not in (await asked(s, "queue", "cora")).text


async def test_the_digest_says_what_waits_to_be_published_and_on_whom(at_work: Scene) -> None:
    s = at_work
    for title in ("First", "Second"):
        await s.sam.slash("/social-idea", "", channel=s.general)
        await s.sam.submit({"title": title})
        await s.settle()
    first, second = s.cards(s.content)
    await s.tried(s.cora, first, "triage.accept")
    await s.jump(MONDAY - timedelta(hours=4))  # after the week's end
    await s.tried(s.cora, second, "triage.accept")
    await s.jump(MONDAY + timedelta(minutes=1))
    week = in_thread(s, s.only_card(s.leadership))["The week in detail"]
    assert "*Under way:* 1 (last week 0), on Content lead: 1." in week.text
    await s.jump(MONDAY + timedelta(days=7, minutes=1))
    week = in_thread(s, s.cards(s.leadership)[-1])["The week in detail"]
    assert "*Under way:* 2 (last week 1), on Content lead: 2." in week.text


async def test_a_replayed_event_is_handled_once(at_work: Scene) -> None:
    s = at_work
    s.ws.fault("events_api", "ack_lost", times=3)
    await s.sam.open_home()
    await s.settle()
    await s.clock.advance(timedelta(minutes=10))
    await s.settle()
    assert s.sam.home is not None


async def test_the_preview_is_the_digest_to_the_letter(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Counted"})
    await s.jump(datetime(2026, 11, 22, 22, 30, tzinfo=UTC))
    await s.xena.slash("/social", "digest", channel=s.leadership)
    preview = s.xena.ephemerals[-1]
    await s.jump(datetime(2026, 11, 23, 8, 0, 30, tzinfo=UTC))
    digest = s.only_card(s.leadership)
    said = [line for line in preview.text.splitlines() if "review" not in line]
    thread = in_thread(s, digest)
    assert list(thread) == ["The week in detail", "The long run"]
    told = [digest, *thread.values()]
    assert said[2:] == [line for message in told for line in message.text.splitlines()]
    assert said[0] == "This channel gets the digest on Mondays at 09:00 (Europe/Berlin)."
    assert said[1] == "Next: Mon 23 Nov 2026, 09:00."
    charts = [block["type"] for message in told for block in message.blocks]
    assert "data_visualization" in charts


async def test_a_digest_without_a_chart_where_slack_refuses_charts(at_work: Scene) -> None:
    s = at_work
    await decided(s)
    s.ws.faults.unknown_blocks.add("data_visualization")
    await s.jump(MONDAY + timedelta(minutes=1))
    long = in_thread(s, s.only_card(s.leadership))["The long run"]
    assert [b["type"] for b in long.blocks] == ["header", "table", "section", "actions"]
    assert len(s.ws.problems) == 1
    for weeks, then in ((1, "table"), (4, "data_visualization")):
        if weeks == 4:
            assert len(s.ws.problems) == 1, "what was refused once is not tried again"
            s.ws.problems.clear()
            s.ws.faults.unknown_blocks.clear()
        await s.jump(MONDAY + timedelta(weeks=weeks, days=-1))
        await decided(s)
        await s.jump(MONDAY + timedelta(weeks=weeks, minutes=1))
        long = in_thread(s, s.cards(s.leadership)[-1])["The long run"]
        assert float(long.ts) > (MONDAY + timedelta(weeks=weeks)).timestamp()
        assert then in [b["type"] for b in long.blocks]


@pytest.mark.parametrize("trouble", ["kicked", "archived"])
async def test_a_channel_that_the_desk_can_t_post_to_is_told_to_the_admin(
    at_work: Scene, trouble: str
) -> None:
    s = at_work
    if trouble == "kicked":
        s.ws.kick(s.content, s.ws.identity.bot_user)
    else:
        s.ws.archive(s.content)
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Nobody can see it"})
    await s.settle()
    before, notice = s.dm(s.olga)
    assert before.text.startswith("The cards of the Content lead have no channel to go to.")
    assert f"<#{s.content}>" in before.text
    assert f"<#{s.content}>" in notice.text
    assert ("/invite @Social Desk" in notice.text) == (trouble == "kicked")
    assert len(s.dm(s.sam)) == 1
    if trouble == "kicked":
        s.ws.invite(s.content, s.ws.identity.bot_user)
    else:
        s.ws.unarchive(s.content)
    (told,) = await s.tried(s.olga, notice, "notice.retry")
    assert "Trying again" in told
    assert "Nobody can see it" in s.only_card(s.content).text
    (told,) = await s.tried(s.olga, notice, "notice.retry")
    assert "already" in told


async def test_what_was_decided_meanwhile_follows_the_card(at_work: Scene) -> None:
    s = at_work
    s.ws.kick(s.content, s.ws.identity.bot_user)
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Decided from Home"})
    await s.settle()
    s.ws.invite(s.content, s.ws.identity.bot_user)
    await s.tried(s.olga, s.dm(s.olga)[-1], "notice.retry")
    card = s.only_card(s.content)
    await s.tried(s.cora, card, "triage.accept")
    assert len(s.story(s.only_card(s.content))) == 1


async def test_an_unconfigured_desk_works_at_once(sqlite_url: str) -> None:
    async with scene(sqlite_url, is_set_up=False) as s:
        await s.sam.slash("/social-idea", "", channel=s.general)
        await s.sam.submit({"title": "Day one"})
        await s.settle()
        card, notice = s.dm(s.olga)
        assert "Day one" in card.text
        assert "Nobody holds the Content lead role" in notice.text
        assert await s.tried(s.olga, card, "triage.accept") == []
        assert "accepted" in s.dm(s.sam)[-1].text
        await s.sam.slash("/social-idea", "", channel=s.general)
        await s.sam.submit({"title": "Day two"})
        await s.settle()
        assert len([m for m in s.dm(s.olga) if "Nobody holds" in m.text]) == 1


async def test_a_digest_that_slack_kept_waiting_says_that_it_is_late(at_work: Scene) -> None:
    s = at_work
    await decided(s)
    s.ws.fault("chat.postMessage", "refused", times=200)
    await s.clock.jump_to(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    s.ws.faults.clear()
    await s.wait(minutes=10)
    assert "comes late" in s.only_card(s.leadership).text


async def test_a_preview_on_thursday_is_about_the_week_so_far(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Counted"})
    await s.xena.slash("/social", "digest", channel=s.leadership)
    preview = s.xena.ephemerals[-1].text
    assert "16 to 22 Nov 2026" in preview
    assert "*Handed in:* 1" in preview


MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""When the digest is due."""


async def away_until(url: str, when: datetime) -> tuple[list[str], list[str]]:
    """Stop the desk on Thursday, start it again at `when`: digests and notices of that day."""
    async with scene(url) as s:
        await s.sam.slash("/social-idea", "", channel=s.general)
        await s.sam.submit({"title": "Before the break"})
        await s.settle()
    async with scene(url, start=when, is_set_up=False) as s:
        for _ in range(2):
            await s.desk.ticks.fire_digests()
            await s.settle()
        return [m.text for m in s.cards(s.leadership)], [m.text for m in s.dm(s.olga)]


async def test_a_digest_within_a_day_comes_late_and_says_so(sqlite_url: str) -> None:
    (digest,), notices = await away_until(sqlite_url, MONDAY + timedelta(hours=23))
    assert "late" in digest
    assert "Handed in:* 1" in digest
    assert notices == []


async def test_a_digest_of_the_day_before_is_skipped_and_the_admin_told(sqlite_url: str) -> None:
    digests, (notice,) = await away_until(sqlite_url, MONDAY + timedelta(hours=25))
    assert digests == []
    assert "One digest" in notice


async def test_of_three_missed_weeks_only_the_newest_comes(sqlite_url: str) -> None:
    (digest,), (notice,) = await away_until(sqlite_url, MONDAY + timedelta(days=14, hours=2))
    assert "30 Nov to 6 Dec 2026" in digest
    assert "2 digests" in notice
