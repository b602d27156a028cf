"""Duplicate of: chains end at the original, circles don't come about, everybody hears of it."""

import contextlib
from functools import partial
from itertools import product

import pytest

from bot.errors import FieldError, NotAllowedError, StaleError
from bot.followers import followers
from bot.gathering import gather_material
from bot.lifecycle import State, Verb
from bot.material import WordMaterial
from bot.outbox import Effect
from bot.ports import Transaction
from bot.steps.duplicates import resolved
from bot.submission import Submission
from tests.support.core import CONRAD, CORA, LENA, SAM, SUE, Core

LINK = "https://example.com/p"


async def mark(core: Core, submission: Submission, of: str, by: str = CORA) -> Submission:
    return await core.step(submission, Verb.DUPLICATE, by=by, of=of)


async def test_a_duplicate_ends_and_names_its_original(core: Core) -> None:
    await core.set_up()
    original, copy = await core.hand_in(), await core.hand_in(by=SUE)
    merged = await mark(core, copy, " #1 ")
    assert (merged.state, merged.duplicate_of) == (State.DUPLICATE, original.number)
    assert merged.ended_at == merged.decided_at == core.clock.now()
    assert (await core.history(2))[-1].detail == {"of": "1", "as": "new"}


async def test_a_duplicate_of_a_duplicate_is_one_of_the_original(core: Core) -> None:
    await core.set_up()
    for _ in range(3):
        await core.hand_in()
    await mark(core, await core.stored(2), "1")
    third = await mark(core, await core.stored(3), "2")
    assert third.duplicate_of == 1


@pytest.mark.parametrize(
    "of, sentence",
    [
        ("", "write the number"),
        ("that one", "write the number"),
        ("1 2", "write the number"),
        ("1", "its own number"),
        ("99", "no number 99"),
        ("3", "Number 3 is a lead; this is an idea"),
        ("2", "Number 2 is itself marked as a duplicate of this one"),
        ("4", "Number 4 is itself marked as a duplicate of this one"),
    ],
)
async def test_what_it_cannot_be_a_duplicate_of(core: Core, of: str, sentence: str) -> None:
    await core.set_up()
    for kind in ("idea", "idea", "lead", "idea"):
        await core.hand_in(kind)
    await mark(core, await core.stored(4), "2")
    await mark(core, await core.stored(2), "1")
    before = await core.stored(1)
    with pytest.raises(FieldError) as refused:
        await mark(core, before, of)
    assert sentence in refused.value.fields["of"]
    assert await core.stored(1) == before


@pytest.mark.parametrize("start", [0, 7, 13, 19])
async def test_whatever_is_merged_there_is_no_circle(core: Core, start: int) -> None:
    await core.set_up()
    for _ in range(5):
        await core.hand_in()
    pairs = list(product(range(1, 6), repeat=2))
    for number, of in [*pairs[start:], *pairs[:start]]:
        submission = await core.stored(number)
        with contextlib.suppress(FieldError, StaleError):
            await mark(core, submission, str(of))
        core.clock.forward(minutes=1)
    everything = [await core.stored(number) for number in range(1, 6)]
    for one in everything:
        end = await core.read(partial(resolved, submission=one))
        assert end.state is not State.DUPLICATE


async def test_it_can_be_taken_back(core: Core) -> None:
    await core.set_up()
    await core.hand_in()
    merged = await mark(core, await core.hand_in(), "1")
    back = await core.step(merged, Verb.REOPEN, note="It is another pump.")
    assert (back.state, back.duplicate_of, back.ended_at) == (State.TAKEN, None, None)
    assert (back.decided_at, back.decided_by) == (None, None)
    # Now the circle is none any more.
    assert (await mark(core, await core.stored(1), "2")).duplicate_of == 2


async def words_to(core: Core, user: str) -> list[WordMaterial]:
    """What a person is about to hear of steps."""
    found = []
    for key in core.effects("word:"):
        effect = await core.read(partial(find, key=key))
        if effect.target == user:
            material = await core.ask(gather_material, effect)
            assert isinstance(material, WordMaterial)
            found.append(material)
    return found


def find(tx: Transaction, *, key: str) -> Effect:
    effect = tx.outbox.find(key)
    assert effect is not None
    return effect


async def test_its_submitter_hears_what_becomes_of_the_original(core: Core) -> None:
    await core.set_up()
    original = await core.hand_in(by=SAM)
    await mark(core, await core.hand_in(by=SUE), "1")
    await mark(core, await core.hand_in(by=SUE), "2")
    taken = await core.step(original, Verb.TAKE)
    accepted = await core.step(taken, Verb.ACCEPT)
    await core.step(accepted, Verb.PUBLISH, link=LINK)
    heard = await words_to(core, SUE)
    assert [(word.entry.verb, word.duplicate and word.duplicate.number) for word in heard] == [
        (Verb.DUPLICATE, None),
        (Verb.DUPLICATE, None),
        (Verb.ACCEPT, 2),
        (Verb.PUBLISH, 2),
    ]
    assert len(core.effects("word:1:")) == 5


async def test_its_submitter_hears_that_the_original_was_withdrawn(core: Core) -> None:
    await core.set_up()
    original = await core.hand_in(by=SAM)
    merged = await mark(core, await core.hand_in(by=SUE), "1")
    await core.step(original, Verb.WITHDRAW, by=SAM)
    last = (await words_to(core, SUE))[-1]
    assert (last.entry.verb, last.duplicate) == (Verb.WITHDRAW, merged)
    assert core.effects("word:1:") == ["word:1:2:2"]
    back = await core.step(merged, Verb.REOPEN, note="They still want it.")
    assert back.state is State.TAKEN


async def test_who_handed_in_both_hears_it_once(core: Core) -> None:
    await core.set_up()
    original = await core.hand_in(by=SAM)
    await mark(core, await core.hand_in(by=SAM), "1")
    await core.step(original, Verb.ACCEPT)
    assert core.effects("word:1:") == ["word:1:2"]


async def test_who_was_reopened_follows_no_more(core: Core) -> None:
    await core.set_up()
    original = await core.hand_in(by=SAM)
    merged = await mark(core, await core.hand_in(by=SUE), "1")
    await core.step(merged, Verb.REOPEN, note="It is another pump.")
    assert await core.read(lambda tx: followers(tx, original)) == ()


async def test_nobody_merges_their_own_while_another_could(core: Core) -> None:
    await core.set_up()
    await core.hand_in()
    own = await core.hand_in(by=CORA)
    with pytest.raises(NotAllowedError, match="You handed in number 2 yourself"):
        await mark(core, own, "1")
    assert (await mark(core, own, "1", by=CONRAD)).state is State.DUPLICATE


async def test_a_duplicate_of_what_has_ended_tells_how(core: Core) -> None:
    await core.set_up()
    accepted = await core.step(await core.hand_in(), Verb.ACCEPT)
    await core.step(accepted, Verb.PUBLISH, link=LINK)
    await mark(core, await core.hand_in(by=SUE), "1")
    assert (await core.history(2))[-1].detail == {"of": "1", "as": "published", "post": LINK}


async def test_a_lead_is_a_duplicate_of_a_lead(core: Core) -> None:
    await core.set_up()
    await core.hand_in("lead")
    merged = await mark(core, await core.hand_in("lead"), "1", by=LENA)
    assert (await core.read(lambda tx: resolved(tx, merged))).number == 1
