"""Words between owners and submitters: what they change, where they are kept, who may."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation import HEARD_LENGTH, Heard, Words, answer, check_may_answer, hear
from bot.errors import FieldError, NotAllowedError, NotFoundError, StaleError
from bot.gathering import gather_material
from bot.lifecycle import State, Verb
from bot.material import Material, StoryMaterial, WordMaterial
from bot.outbox import Claim, Effect, EffectKind, Finish, Posted, Verdict
from bot.steps.base import Step
from bot.steps.words import TEXT_LENGTH
from bot.submission import FileRef, Submission
from bot.triage import check_step, take_step
from storage.stores.submissions import SqlSubmissionStore
from tests.support.core import CORA, LENA, PEOPLE, SAM, SUE, Core

DM = "D0SAM"


def words(text: str = "The big one", *, by: str = SAM, number: int = 1, source: str = "") -> Words:
    return Words(number=number, actor_id=by, text=text, source=source)


def heard(text: str = "The big one", *, event: str = "Ev1", thread: str | None = None) -> Heard:
    return Heard(event_id=event, user_id=SAM, channel_id=DM, text=text, thread_ts=thread)


async def asked(core: Core, kind: str = "idea", *, by: str = CORA) -> Submission:
    return await core.step(await core.hand_in(kind), Verb.ASK, by=by, text="Which <one>?")


async def receipt_stands(core: Core, ts: str = "1.1") -> None:
    """Sam's receipt was delivered into his direct messages, as the messenger records it."""
    await stands(core, SAM, ts)


async def stands(core: Core, lane: str, ts: str) -> None:
    """The first message of a lane was delivered into Sam's direct messages."""
    now = core.clock.now()
    claim = await core.write(
        lambda tx: tx.outbox.claim(lane, owner="w", now=now, lease=timedelta(minutes=1))
    )
    assert isinstance(claim, Claim)
    sent = Finish(verdict=Verdict.SENT, posted=Posted(DM, ts))
    await core.write(lambda tx: tx.outbox.finish(claim, sent, now))


async def texts(core: Core, number: int = 1) -> dict[int, str]:
    return dict(await core.read(lambda tx: tx.conversations.of(number)))


async def material(core: Core, key: str) -> Material:
    effect = await core.read(lambda tx: tx.outbox.find(key))
    assert effect is not None
    return await core.ask(gather_material, effect)


async def test_asking_stops_the_clock_and_answering_starts_it(core: Core) -> None:
    new = await core.hand_in()
    question = await core.step(new, Verb.ASK, text=" Which one? ")
    assert (question.state, question.paused_at) == (State.ASKED, core.clock.now())
    assert (question.assignee_id, question.timer) == (CORA, None)
    core.clock.forward(hours=3)
    answered = await core.do(answer, words())
    assert (answered.state, answered.paused_at) == (State.TAKEN, None)
    assert answered.due_at == new.due_at + timedelta(days=2, hours=19)  # Friday 17:00, then Monday
    assert answered.timer is not None
    assert answered == await core.stored(1)
    assert await texts(core) == {2: "Which one?", 3: "The big one"}
    assert [(e.verb, e.from_state, e.to_state, e.detail) for e in await core.history(1)][1:] == [
        (Verb.ASK, State.NEW, State.ASKED, {}),
        (Verb.ANSWER, State.ASKED, State.TAKEN, {}),
    ]


async def test_a_further_word_changes_nothing_else(core: Core) -> None:
    before = await core.hand_in()
    core.clock.forward(minutes=1)
    assert await core.do(answer, words("And blue")) == before
    entry = (await core.history(1))[-1]
    assert (entry.verb, entry.from_state, entry.to_state) == (Verb.ANSWER, State.NEW, State.NEW)
    assert core.effects("card:1:") == []
    assert core.effects("story:1") == ["story:1:2"]
    assert core.effects("word:") == []


async def test_a_reply_keeps_the_version_so_any_card_may_send_it(core: Core) -> None:
    new = await core.hand_in()
    taken = await core.step(new, Verb.TAKE)
    assert await core.step(new, Verb.REPLY, text="Nice") == taken
    assert await texts(core) == {3: "Nice"}
    assert core.effects("word:1:3") == ["word:1:3"]


async def test_the_same_form_again_is_the_same_word(core: Core) -> None:
    new = await core.hand_in()
    step = Step(
        number=1,
        version=new.version,
        verb=Verb.REPLY,
        actor_id=CORA,
        given={"text": "Nice"},
        source="form:V1",
    )
    assert not (await core.do(take_step, step)).is_repeat
    assert (await core.do(take_step, step)).is_repeat
    for _ in range(2):
        await core.do(answer, words(source="form:V2"))
    assert await texts(core) == {2: "Nice", 3: "The big one"}


async def test_texts_lie_in_their_own_table_only(core: Core) -> None:
    secret = "Nadia Neuland, +49 30 1234567"
    submission = await core.step(
        await core.hand_in("lead"), Verb.ASK, by=LENA, text=f"Is it {secret}?"
    )
    await core.do(answer, words(f"Yes, {secret}"))
    await core.step(submission, Verb.REPLY, by=LENA, text=f"Thanks, {secret}")
    await core.do(hear, heard(f"Bye, {secret}"))
    holding = {
        table for table in core.tables() if "1234567" in json.dumps(core.rows(table), default=str)
    }
    assert holding == {"conversation"}


@pytest.mark.parametrize("kind, by, is_apart", [("idea", CORA, False), ("lead", LENA, True)])
async def test_a_story_holds_words_only_where_everybody_may_read_them(
    core: Core, kind: str, by: str, *, is_apart: bool
) -> None:
    await asked(core, kind, by=by)
    await core.do(answer, words())
    for seq, text in ((2, "Which <one>?"), (3, "The big one")):
        told = await material(core, f"story:1:{seq}")
        assert isinstance(told, StoryMaterial)
        assert (told.text, told.is_apart) == ("" if is_apart else text, is_apart)
    word = await material(core, "word:1:2")
    assert isinstance(word, WordMaterial)
    assert word.text == "Which <one>?"


@pytest.mark.parametrize(
    "raw, sentence",
    [("", "a word or two"), (" \u200b\n", "a word or two"), ("x" * (TEXT_LENGTH + 1), "fit")],
)
async def test_what_can_t_be_sent_is_told_beside_the_field(
    core: Core, raw: str, sentence: str
) -> None:
    new = await core.hand_in()
    for verb in (Verb.ASK, Verb.REPLY):
        with pytest.raises(FieldError) as bad:
            await core.step(new, verb, text=raw)
        assert sentence in bad.value.fields["text"]
    with pytest.raises(FieldError):
        await core.do(answer, words(raw))
    assert await core.stored(1) == new
    assert len(await core.history(1)) == 1


async def test_nobody_writes_to_themselves_or_to_who_left(core: Core) -> None:
    own = await core.hand_in(by=CORA)
    for verb in (Verb.ASK, Verb.REPLY):
        step = Step(number=1, version=own.version, verb=verb, actor_id=CORA)
        with pytest.raises(NotAllowedError, match="yourself"):
            await core.ask(check_step, step)
        with pytest.raises(NotAllowedError, match="yourself"):
            await core.step(own, verb, text="Me")
    sams = await core.hand_in()
    left = [replace(p, is_deleted=True) for p in PEOPLE if p.user_id == SAM]
    await core.write(lambda tx: tx.members.save(left, core.clock.now()))
    with pytest.raises(NotAllowedError, match="not here any more"):
        await core.step(sams, Verb.ASK, text="Still there?")


async def test_only_owners_ask_and_only_the_submitter_answers(core: Core) -> None:
    new = await core.hand_in()
    for verb in (Verb.ASK, Verb.REPLY):
        with pytest.raises(NotAllowedError):
            await core.step(new, verb, by=SUE, text="Me, too")
    for stranger in (SUE, CORA):
        with pytest.raises(NotAllowedError):
            await core.do(answer, words(by=stranger))
        with pytest.raises(NotAllowedError):
            await core.ask(check_may_answer, words(by=stranger))
    with pytest.raises(NotFoundError):
        await core.do(answer, words(number=9))


async def test_the_form_for_an_answer_shows_the_newest_question_while_it_is_open(
    core: Core,
) -> None:
    new = await core.hand_in()
    assert await core.ask(check_may_answer, words()) == (new, "")
    await core.step(new, Verb.ASK, text="First?")
    await core.do(answer, words())
    taken = await core.stored(1)
    again = await core.step(taken, Verb.ASK, text="Second?")
    assert await core.ask(check_may_answer, words()) == (again, "Second?")
    with pytest.raises(StaleError):
        await core.step(again, Verb.ASK, text="Third?")


async def test_a_message_in_the_receipts_thread_is_about_its_number(core: Core) -> None:
    await core.hand_in()
    await receipt_stands(core)
    await asked(core)
    await core.do(hear, heard("To the first", thread="1.1"))
    assert await texts(core, 1) == {2: "To the first"}
    await core.do(hear, heard("To the question", event="Ev2"))
    assert (await texts(core, 2))[3] == "To the question"
    assert core.effects("guide:") == []


async def test_an_event_counts_once(core: Core) -> None:
    await asked(core)
    for _ in range(3):
        await core.do(hear, heard())
    assert len(await core.history(1)) == 3


async def test_of_several_questions_none_is_guessed(core: Core) -> None:
    await asked(core)
    await asked(core)
    await core.do(hear, heard())
    assert core.effects("guide:") == ["guide:Ev1"]
    for number in (1, 2):
        assert (await core.stored(number)).state is State.ASKED


async def test_nothing_is_said_to_an_empty_message(core: Core) -> None:
    await core.do(hear, heard("  "))
    assert core.effects() == []


async def test_a_very_long_message_is_kept_up_to_its_limit(core: Core) -> None:
    await asked(core)
    await core.do(hear, heard("é" * (HEARD_LENGTH + 5)))
    assert len((await texts(core))[3]) == HEARD_LENGTH


PHOTO, NAMELESS = FileRef("F1", "pump.png"), FileRef("F2", " \u202e")


async def test_files_are_named_and_a_message_of_files_alone_is_an_answer(core: Core) -> None:
    await asked(core)
    told = replace(heard(""), files=(PHOTO, NAMELESS))
    await core.do(hear, told)
    assert (await texts(core))[3] == "Files: pump.png, a file"
    assert (await core.stored(1)).files == (PHOTO, NAMELESS)
    assert core.effects("file:1:") == ["file:1:1", "file:1:2"]


async def test_a_file_that_comes_again_is_kept_once_and_ten_are_enough(core: Core) -> None:
    await asked(core)
    many = tuple(FileRef(f"F{n}", f"{n}.png") for n in range(1, 15))
    await core.do(hear, replace(heard(), files=(PHOTO, *many)))
    assert (await core.stored(1)).files == (PHOTO, *many[1:10])


async def test_files_about_people_outside_are_named_and_not_brought_to_the_card(
    core: Core,
) -> None:
    lead = await core.hand_in("lead")
    question = await core.step(lead, Verb.ASK, by=LENA, text="A card?")
    await core.do(hear, replace(heard(), files=(PHOTO,)))
    assert (await core.stored(question.number)).files == ()
    assert (await texts(core))[3].endswith("Files: pump.png")


async def test_a_word_with_files_leaves_the_cards_buttons_good(core: Core) -> None:
    new = await core.hand_in()
    await receipt_stands(core)
    core.clock.forward(minutes=1)
    await core.do(hear, replace(heard(thread="1.1"), files=(PHOTO,)))
    told = await core.stored(1)
    assert (told.files, told.state) == ((PHOTO,), State.NEW)
    assert core.effects("card:1:") == ["card:1:files2"]
    assert (await core.step(new, Verb.ACCEPT)).files == (PHOTO,)


@pytest.mark.parametrize("kind", ["nudge", "guide"])
async def test_what_is_written_below_another_message_is_no_answer(core: Core, kind: str) -> None:
    await asked(core)
    key = f"{kind}:7:2"
    effect = Effect(key=key, kind=EffectKind.NOTICE, target=SUE, payload={"sentence": "Due"})
    now = core.clock.now()
    await core.write(lambda tx: tx.outbox.add(effect, now))
    await stands(core, SUE, "5.5")
    await core.do(hear, heard("A note about number 7", thread="5.5"))
    assert (await core.stored(1)).state is State.ASKED
    assert core.effects("guide:Ev1") == ["guide:Ev1"]


async def test_what_is_written_about_something_erased_is_no_answer_to_another(core: Core) -> None:
    gone = await core.hand_in()
    await receipt_stands(core)
    await asked(core)
    for table in ("history", "submission"):
        core.erase(table, gone.number)
    await core.do(hear, heard("About the first", thread="1.1"))
    assert (await core.stored(2)).state is State.ASKED
    assert core.effects("guide:") == ["guide:Ev1"]


async def test_an_answer_takes_nothing_back_that_the_desk_did_meanwhile(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = await asked(core)
    moved = replace(question, card=2)
    await core.write(lambda tx: tx.submissions.update(moved, expected_version=moved.version))
    # What was listed before the card moved.
    listed = lambda *_, **__: ((question,), 1)  # noqa: E731  (a fake of one line)
    monkeypatch.setattr(SqlSubmissionStore, "paused_of_submitter", listed)
    await core.do(hear, heard())
    stored = await core.stored(1)
    assert (stored.state, stored.card) == (State.TAKEN, 2)
