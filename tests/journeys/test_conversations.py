"""Asking back, answering, and a word beside it: who reads what, where."""

from datetime import timedelta

import pytest

from bot.lifecycle import State, Verb
from tests.support.desk import Scene
from tests.support.words import (
    SECRET,
    asked,
    everything_but,
    hinted,
    now,
    of_idea,
    praised,
    press,
    stored,
)


async def test_a_question_reaches_the_submitter_and_its_answer_the_cards_thread(
    at_work: Scene,
) -> None:
    s = at_work
    card = await of_idea(s)
    question = await asked(s, s.cora, card, "Which <pump> is it?")
    assert "Which &lt;pump&gt; is it?" in question.text
    assert f"<@{s.cora.user.id}> has a question" in question.text
    assert question.thread_ts == s.dm(s.sam)[0].ts
    assert "Question asked" in now(s, card).text
    await s.sam.click(question, "words.answer")
    assert "Which &lt;pump&gt; is it?" in str(s.modal(s.sam).blocks)
    await s.sam.submit({"text": "The big one"})
    await s.settle()
    assert s.sam.view is None
    line = s.story(card)[-1]
    assert line == f"*Sam Sales* answered <@{s.cora.user.id}>.\n> The big one"
    assert "Taken" in now(s, card).text
    assert s.dm(s.sam)[-1].ts == question.ts


async def test_a_question_is_answered_from_the_details_too(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    await asked(s, s.cora, card, "Which one?")
    await s.sam.slash("/social", "1", channel=s.general)
    assert "Which one?" in str(s.modal(s.sam).blocks)
    await s.sam.click(s.modal(s.sam), "words.answer")
    await s.sam.submit({"text": "The big one"})
    await s.settle()
    assert s.sam.view is None
    assert s.story(card)[-1].endswith("> The big one")
    await s.sam.slash("/social", "1", channel=s.general)
    assert "words.answer" not in str(s.modal(s.sam).blocks)


async def test_what_is_written_in_the_receipts_thread_is_the_answer(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    question = await asked(s, s.cora, card, "Which one?")
    await s.sam.say(question.channel, "The *big* one & <@U1>", thread_ts=question.thread_ts)
    await s.settle()
    assert s.story(card)[-1].endswith("\n> The *big* one &amp; &lt;@U1&gt;")
    assert (await stored(s, 1)).state is State.TAKEN
    await s.sam.say(question.channel, "And it is blue", thread_ts=question.thread_ts)
    await s.settle()
    assert s.story(card)[-1] == f"*Sam Sales* wrote to <@{s.cora.user.id}>.\n> And it is blue"
    assert len(s.dm(s.sam)) == 2


async def test_a_message_outside_the_thread_answers_the_only_open_question(
    at_work: Scene,
) -> None:
    s = at_work
    card = await of_idea(s)
    question = await asked(s, s.cora, card, "Which one?")
    await s.sam.say(question.channel, "The big one")
    await s.settle()
    assert s.story(card)[-1].endswith("> The big one")


@pytest.mark.parametrize("questions", [0, 2])
async def test_a_message_that_could_mean_anything_is_answered_with_how(
    at_work: Scene, questions: int
) -> None:
    s = at_work
    cards = [await of_idea(s, title) for title in ("One", "Two")]
    for card in cards[:questions]:
        await asked(s, s.cora, card, "Which one?")
    stories = [s.story(card) for card in cards]
    receipt = s.dm(s.sam)[0]
    await s.sam.say(receipt.channel, "The big one")
    await s.settle()
    assert "can't tell what this is about" in s.dm(s.sam)[-1].text
    assert [s.story(card) for card in cards] == stories


async def test_edits_deletions_and_repeated_events_say_nothing_twice(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    question = await asked(s, s.cora, card, "Which one?")
    s.ws.fault("events_api", "twice")
    said = await s.sam.say(question.channel, "The big one", thread_ts=question.thread_ts)
    await s.settle()
    lines = s.story(card)
    assert len(lines) == 2
    await s.sam.edit(said, "The small one")
    await s.sam.delete(s.ws.messages[said.channel][said.ts])
    await s.settle()
    assert s.story(card) == lines
    assert len(s.dm(s.sam)) == 2


async def test_the_cards_thread_is_the_teams_own(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    await s.cora.say(card.channel, "I don't believe a word of it", thread_ts=card.ts)
    await s.settle()
    assert len(s.dm(s.sam)) == 1


async def test_what_is_written_under_a_card_that_came_by_direct_message_stays_there(
    at_work: Scene,
) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "A film", "content_type": "video"})
    await s.settle()
    (card,) = s.dm(s.ava)
    await s.ava.say(card.channel, "A note to myself", thread_ts=card.ts)
    await s.settle()
    assert len(s.dm(s.ava)) == 1
    assert len(s.dm(s.sam)) == 1


async def test_a_reply_goes_out_in_the_name_of_who_wrote_it(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    await s.cora.click(card, "triage.more", "Reply")
    await s.cora.submit({"text": "Nice & short"})
    await s.settle()
    word = s.dm(s.sam)[-1]
    assert f"<@{s.cora.user.id}> wrote about your idea 1" in word.text
    assert "> Nice &amp; short" in word.text
    assert word.thread_ts == s.dm(s.sam)[0].ts
    assert s.story(card) == ["*Cora Content* wrote to the submitter.\n> Nice &amp; short"]
    assert now(s, card) == card
    await s.sam.say(word.channel, "Thanks", thread_ts=word.thread_ts)
    await s.settle()
    assert s.story(card)[-1] == "*Sam Sales* wrote.\n> Thanks"


async def test_nobody_writes_to_themselves_and_nobody_else_may(at_work: Scene) -> None:
    s = at_work
    await s.cora.slash("/social-idea", "", channel=s.general)
    await s.cora.submit({"title": "My own"})
    await s.settle()
    card = s.only_card(s.content)
    for verb, label in (("triage.ask", "Ask back"), ("triage.reply", "Reply")):
        await press(s, s.cora, card, verb, label)
        await s.settle()
        assert "would go to you" in s.cora.ephemerals[-1].text
        assert s.cora.view is None
    s.ws.invite(s.content, s.xena.user.id)
    await s.xena.click(card, "triage.more", "Reply")
    await s.settle()
    assert "Content lead" in s.xena.ephemerals[-1].text
    assert s.xena.view is None


async def test_an_answer_may_be_short_but_not_empty(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    question = await asked(s, s.cora, card, "Which one?")
    await s.sam.click(question, "words.answer")
    await s.sam.submit({"text": "   "}, force=True)
    assert list(s.sam.errors) == ["text"]
    await s.sam.submit({"text": "👍"})
    await s.settle()
    assert s.story(card)[-1].endswith("> 👍")


async def test_an_answer_after_the_decision_is_a_word_beside_it(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    question = await asked(s, s.cora, card, "Which one?")
    await s.cora.click(now(s, card), "triage.accept")
    await s.settle()
    await s.sam.click(question, "words.answer")
    await s.sam.submit({"text": "The big one"})
    await s.settle()
    assert "Accepted" in now(s, card).text
    assert s.story(card)[-1] == f"*Sam Sales* wrote to <@{s.cora.user.id}>.\n> The big one"


@pytest.mark.parametrize("kind", ["lead", "testimonial"])
async def test_words_about_people_outside_stay_behind_open_and_that_is_recorded(
    at_work: Scene, kind: str
) -> None:
    s = at_work
    card, owner = (await hinted(s), s.lena) if kind == "lead" else (await praised(s), s.adam)
    question = await asked(s, owner, card, f"Is it {SECRET}?")
    await s.sam.say(question.channel, f"Yes, {SECRET} it is", thread_ts=question.thread_ts)
    await s.settle()
    assert SECRET in question.text
    line = s.ws.messages[card.channel][max(s.ws.messages[card.channel])]
    assert line.text == f"*Sam Sales* answered <@{owner.user.id}>."
    assert SECRET not in everything_but(s, question.channel)
    outsider = s.ws.person(s.xena.user.id)
    s.ws.invite(card.channel, outsider.user.id)
    await outsider.click(line, "triage.open")
    await s.settle()
    assert outsider.view is None
    assert SECRET not in str([m.text for m in outsider.ephemerals])
    await owner.click(line, "triage.open")
    assert f"Yes, {SECRET} it is" in str(s.modal(owner).blocks)
    history = await s.desk.database.read(
        s.desk.identity.workspace_id, lambda tx, n, _: tx.history.of(n), 1, s.clock.now()
    )
    assert (history[-1].verb, history[-1].actor_id) == (Verb.OPEN, owner.user.id)
    assert SECRET not in str([entry.detail for entry in history])


async def test_the_due_time_waits_for_the_answer(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    before = (await stored(s, 1)).due_at
    question = await asked(s, s.cora, card, "Which one?")
    await s.wait(hours=2)
    await s.sam.say(question.channel, "The big one", thread_ts=question.thread_ts)
    await s.settle()
    after = await stored(s, 1)
    assert timedelta(hours=2) <= after.due_at - before < timedelta(hours=2, minutes=5)
    assert after.paused_at is None


async def test_files_of_an_answer_are_named_and_kept(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    question = await asked(s, s.cora, card, "A picture?")
    photo = s.sam.attach("pump & co.png", b"\x89PNG\r\n\x1a\n")
    await s.sam.say(question.channel, "", thread_ts=question.thread_ts, files=[photo])
    await s.settle()
    await s.wait(seconds=10)
    assert any(line.endswith("> Files: pump &amp; co.png") for line in s.story(card))
    assert "*Files:* pump &amp; co.png" in now(s, card).text
    kept = [file for file in s.ws.files.values() if file.title == "1-1 pump & co.png"]
    assert [(place, file.content) for file in kept for place, _ in file.shares] == [
        (s.content, photo.content)
    ]


async def test_a_form_whose_answer_was_lost_sends_its_words_once(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    await press(s, s.cora, card, "triage.reply", "Reply")
    s.ws.fault("interactive", "ack_lost")
    await s.cora.submit({"text": "Nice"})
    await s.cora.submit({})
    await s.settle()
    s.ws.problems.clear()
    assert s.story(card) == ["*Cora Content* wrote to the submitter.\n> Nice"]
    assert len(s.dm(s.sam)) == 2


async def test_what_people_write_is_in_no_log(
    at_work: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    s = at_work
    caplog.set_level("DEBUG")
    card = await hinted(s)
    question = await asked(s, s.lena, card, f"Is it {SECRET}?")
    s.ws.fault("chat.postMessage", "500", times=2)
    await s.sam.say(question.channel, f"Yes, {SECRET}", thread_ts=question.thread_ts)
    await s.settle()
    await s.wait(minutes=5)
    await s.sam.say(question.channel, f"{SECRET} again")
    await s.settle()
    ours = [r for r in caplog.records if not r.name.startswith(("slack_sdk", "slack_bolt"))]
    assert SECRET not in str([(r.getMessage(), r.__dict__, r.exc_text) for r in ours])
