"""Erasing, as Slack shows it afterwards."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.desk import Desk
from bot.erasing import Erase, erase
from bot.lifecycle import OPERATOR
from tests.journeys.test_backlog import outage
from tests.journeys.test_files import PNG, kept
from tests.support.databases import database_url, postgresql_url, sqlite_url
from tests.support.desk import Scene, scene
from tests.support.words import SECRET, asked, hinted, now, of_idea, press

__all__ = ["database_url", "postgresql_url", "sqlite_url"]


async def erased(s: Scene, number: int, *, is_whole: bool) -> None:
    command = Erase(number=number, actor_id=OPERATOR, is_whole=is_whole)
    here = s.desk.identity.workspace_id
    await s.desk.database.transact(here, erase, command, s.clock.now())
    await s.settle()


async def test_messages_of_a_submission_that_was_erased_say_so_and_no_more(at_work: Scene) -> None:
    s = at_work
    photo = s.sam.attach("Nadia.png", PNG)
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Visit Nadia", "files": [photo]})
    await s.wait(seconds=10)
    card = s.only_card(s.content)
    await asked(s, s.cora, card, "Which Nadia?")
    await s.sam.click(s.dm(s.sam)[-1], "words.answer")
    await s.sam.submit({"text": "Nadia of Neuland"})
    await s.settle()
    assert len(kept(s, card)) == 1
    await erased(s, 1, is_whole=True)
    await s.wait(minutes=1)
    assert now(s, card).text == "Number 1 was erased."
    for message in (*s.ws.messages[s.content].values(), *s.dm(s.sam)):
        assert "Nadia" not in f"{message.text}{message.blocks}"
    assert set(s.story(card)) <= {"Number 1 was erased.", ""}
    assert {m.text for m in s.dm(s.sam)} == {"Number 1 was erased."}
    assert all(not content for _, content in kept(s, card))
    # What Sam gave is Sam's.
    assert s.ws.files[photo.id].content == PNG


async def test_what_is_personal_goes_and_the_work_goes_on(at_work: Scene) -> None:
    s = at_work
    card = await hinted(s)
    await asked(s, s.lena, card, f"Is {SECRET} still there?")
    await erased(s, 1, is_whole=False)
    assert SECRET not in str(s.ws.messages)
    assert "An operator erased personal data." in s.story(card)[-1]
    assert {m.text for m in s.dm(s.sam)} >= {"A text about number 1 was erased."}
    assert "A pump for a ship" in now(s, card).text
    await s.lena.click(now(s, card), "triage.open")
    assert SECRET not in str(s.modal(s.lena).blocks)
    await press(s, s.lena, card, "triage.pass_on", "Pass on")
    await s.lena.submit({"to": "Sales"})
    await s.settle()
    assert "*Passed on*" in now(s, card).text


async def test_what_waits_to_be_sent_is_not_sent(at_work: Scene) -> None:
    s = at_work
    s.ws.fault("chat.postMessage", "refused", times=100)
    await s.sam.slash("/social-lead", "A pump", channel=s.general)
    await s.sam.submit({"name": SECRET, "need": "A pump for a ship"})
    await erased(s, 1, is_whole=True)
    s.ws.faults.clear()
    await s.wait(minutes=30)
    assert s.cards(s.leads) == []
    assert s.dm(s.sam) == []
    assert s.dm(s.olga) == []


async def test_a_message_that_was_deleted_needs_no_erasing(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    del s.ws.messages[card.channel][card.ts]
    await erased(s, 1, is_whole=True)
    assert s.dm(s.olga) == []
    s.ws.problems.clear()


async def test_what_can_t_be_taken_out_of_slack_is_told_to_the_admin(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    s.ws.archive(s.content)
    await erased(s, 1, is_whole=True)
    told = "\n".join(m.text for m in s.dm(s.olga))
    assert "A text about number 1 was erased and still stands in" in told
    assert "Delete it there." in told
    assert card.text == now(s, card).text
    s.ws.problems.clear()


async def test_an_admin_erases_behind_open(at_work: Scene) -> None:
    s = at_work
    card = await hinted(s)
    await s.olga.click(card, "triage.open")
    await s.olga.click(s.modal(s.olga), "erase.open")
    shown = str(s.modal(s.olga).blocks)
    assert "Name or company" in shown
    assert SECRET not in shown
    await s.olga.submit()
    await s.settle()
    assert "erased personal data" in s.story(card)[-1]
    await s.lena.click(now(s, card), "triage.open")
    assert SECRET not in str(s.modal(s.lena).blocks)
    await s.olga.click(now(s, card), "triage.open")
    await s.olga.click(s.modal(s.olga), "erase.open")
    await s.olga.submit({"scope": "whole"})
    await s.settle()
    assert s.olga.view is None
    assert now(s, card).text == "Number 1 was erased."


async def test_nobody_else_is_offered_it(at_work: Scene) -> None:
    s = at_work
    card = await hinted(s)
    for person in (s.lena, s.sam):
        opened = card if person is s.lena else s.dm(s.sam)[-1]
        await person.click(opened, "triage.open")
        assert "erase.open" not in str(s.modal(person).blocks)


async def test_who_is_no_admin_any_more_erases_nothing(at_work: Scene) -> None:
    s = at_work
    card = await hinted(s)
    await s.olga.click(card, "triage.open")
    await s.olga.click(s.modal(s.olga), "erase.open")
    rights = {"is_admin": False, "is_owner": False, "is_primary_owner": False}
    s.ws.change_user(s.olga.user.id, **rights)
    desk = await stored_desk(s)
    await s.apply(replace(desk, admins=(s.xena.user.id,)))
    await s.settle()
    await s.olga.submit({"scope": "whole"})
    await s.settle()
    assert "Only admins of Social Desk can do this." in str(s.modal(s.olga).blocks)
    assert "A pump for a ship" in now(s, card).text


@pytest.fixture
async def on_both(database_url: str) -> AsyncIterator[Scene]:
    """The same on each database."""
    async with scene(database_url) as found:
        yield found


async def stored_desk(s: Scene) -> Desk:
    """The set-up."""
    return await s.desk.database.read(
        s.desk.identity.workspace_id, lambda tx, _, __: tx.desk.load(), None, s.clock.now()
    )


async def published(s: Scene, title: str) -> None:
    """An idea that is out."""
    card = await of_idea(s, title)
    await s.cora.click(card, "triage.accept")
    await s.settle()
    await s.cora.click(now(s, card), "triage.publish")
    await s.cora.submit({"link": "https://example.com/post"})
    await s.settle()


async def test_a_digest_and_its_thread_lose_what_was_erased(on_both: Scene) -> None:
    s = on_both
    desk = await stored_desk(s)
    (board,) = desk.subscriptions
    team = replace(board, subscription_id="team", channel_id=s.general, audience="team")
    await s.apply(replace(desk, subscriptions=(board, team)))
    for title in ("Visit Nadia", "A pump at sea"):
        await published(s, title)
    await s.jump(datetime(2026, 11, 23, 8, 1, tzinfo=UTC))
    await s.wait(minutes=1)
    told = [*s.ws.messages[s.leadership].values(), *s.ws.messages[s.general].values()]
    story, listed = (one for one in told if "Visit Nadia" in f"{one.text}{one.blocks}")
    assert story.thread_ts is None
    assert listed.thread_ts is not None, "in the thread"
    await erased(s, 1, is_whole=True)
    await s.wait(minutes=1)
    for message in (story, listed):
        after = now(s, message)
        assert "Nadia" not in f"{after.text}{after.blocks}"
        assert "A pump at sea" in f"{after.text}{after.blocks}"
        assert "Changed on Mon 23 Nov: something that it told of was erased." in after.text
    assert len(s.ws.messages[s.leadership]) + len(s.ws.messages[s.general]) == len(told)
    assert s.dm(s.olga) == []


async def test_a_digest_that_can_t_be_changed_is_named_to_the_admin(at_work: Scene) -> None:
    s = at_work
    await published(s, "Visit Nadia")
    await s.jump(datetime(2026, 11, 23, 8, 1, tzinfo=UTC))
    await s.wait(minutes=1)
    s.ws.archive(s.leadership)
    await erased(s, 1, is_whole=True)
    await s.wait(minutes=1)
    told = "\n".join(m.text for m in s.dm(s.olga))
    assert f"an earlier message was erased and still stands in <#{s.leadership}>" in told
    assert "Slack answered “is_inactive”" in told
    assert "Delete it there." in told
    s.ws.problems.clear()


async def test_the_message_about_a_crowd_lets_go_of_what_was_erased(on_both: Scene) -> None:
    s = on_both
    await outage(s, many=25)
    await s.wait(minutes=5)
    about = s.only_card(s.content)
    assert "*Idea 1.*" in about.text
    await erased(s, 1, is_whole=True)
    await s.wait(minutes=1)
    assert "*Idea 1.*" not in now(s, about).text
    assert "24 ideas wait for the Content lead" in now(s, about).text
    await s.cora.click(now(s, about), "triage.open:2")
    assert "Idea of the hour 2" in str(s.modal(s.cora).blocks)


async def test_who_may_decide_sees_it_on_home_no_more(at_work: Scene) -> None:
    s = at_work
    await of_idea(s, "Visit Nadia")
    await s.cora.open_home()
    await s.settle()
    assert "Visit Nadia" in str(s.cora.home)
    await erased(s, 1, is_whole=True)
    assert "Visit Nadia" not in str(s.cora.home)
