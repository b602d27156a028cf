"""What a submitter hears of, by what they chose."""

import pytest

from bot.declining import DeclineReason
from bot.desk import Hears
from bot.errors import NotFoundError
from bot.lifecycle import OUTCOMES, Verb
from bot.preferences import Choose, choose, chosen, hears_of
from tests.support.core import CORA, SAM, STRANGER, Core


def test_who_chose_less_hears_less() -> None:
    heard = {hears: {verb for verb in Verb if hears_of(hears, verb)} for hears in Hears}
    assert heard[Hears.ALL] == set(Verb) - {Verb.SERVE}, "a goal is planning, no news of theirs"
    assert heard[Hears.QUESTIONS] < heard[Hears.DECISIONS] < heard[Hears.ALL]
    assert heard[Hears.QUESTIONS] == {Verb.ASK, Verb.REPLY}
    assert heard[Hears.DECISIONS] > OUTCOMES, "what becomes of an original"
    assert not {Verb.TAKE, Verb.SNOOZE, Verb.HAND_OVER} & heard[Hears.DECISIONS]


async def test_everything_is_heard_until_somebody_chooses(core: Core) -> None:
    assert await core.ask(chosen, SAM) is Hears.ALL
    assert await core.ask(chosen, STRANGER) is Hears.ALL
    await core.do(choose, Choose(SAM, Hears.QUESTIONS, "1"))
    assert await core.ask(chosen, SAM) is Hears.QUESTIONS
    assert await core.ask(chosen, CORA) is Hears.ALL
    with pytest.raises(NotFoundError):
        await core.do(choose, Choose(STRANGER, Hears.QUESTIONS, "1"))


async def test_the_choice_holds_for_words_and_for_nothing_else(core: Core) -> None:
    await core.do(choose, Choose(SAM, Hears.DECISIONS, "1"))
    taken = await core.step(await core.hand_in(), Verb.TAKE)
    note = {"reason": DeclineReason.TIMING.value, "note": "Not now"}
    await core.step(taken, Verb.DECLINE, **note)
    assert core.effects("word:") == ["word:1:3"]
    assert core.effects("story:") == ["story:1:2", "story:1:3"]
    assert core.effects("receipt:") == ["receipt:1"]
