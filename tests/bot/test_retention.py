"""How long personal data is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.configure import configure
from bot.lifecycle import DESK, Verb
from bot.retention import MONTH, STEP, forget_outworn
from tests.support.core import LENA, Core, a_desk

KEPT = replace(a_desk(), keep_personal_months=6)


async def declined(core: Core) -> int:
    """A lead that has ended, with a question about it."""
    lead = await core.hand_in("lead")
    lead = await core.step(lead, Verb.ASK, by=LENA, text="Is it Nadia?")
    ended = await core.step(lead, Verb.DECLINE, by=LENA, reason="timing", note="Later")
    return ended.number


async def left(core: Core, number: int) -> tuple[bool, bool]:
    """Whether personal fields and texts are there."""
    return (
        bool(await core.read(lambda tx: tx.submissions.personal(number))),
        bool(await core.read(lambda tx: tx.conversations.of(number))),
    )


async def test_without_a_word_in_the_set_up_it_is_kept(core: Core) -> None:
    number = await declined(core)
    core.clock.forward(days=5000)
    assert await core.do(forget_outworn, None) == 0
    assert await left(core, number) == (True, True)


@pytest.mark.parametrize("early, is_left", [(timedelta(seconds=1), True), (-timedelta(1), False)])
async def test_it_goes_so_many_months_after_the_end(
    core: Core,
    early: timedelta,
    is_left: bool,
) -> None:
    await core.do(configure, KEPT)
    number = await declined(core)
    open_one = await core.hand_in("lead")
    core.clock.at += 6 * MONTH - early
    assert await core.do(forget_outworn, None) == (0 if is_left else 1)
    assert await left(core, number) == (is_left, is_left)
    assert await left(core, open_one.number) == (True, False)
    last = (await core.history(number))[-1]
    assert ((last.verb, last.actor_id) == (Verb.ERASE, DESK)) is not is_left
    assert await core.do(forget_outworn, None) == 0


async def test_it_goes_in_small_steps(core: Core) -> None:
    await core.do(configure, KEPT)
    for _ in range(STEP + 1):
        await declined(core)
    core.clock.at += 7 * MONTH
    assert [await core.do(forget_outworn, None) for _ in range(3)] == [STEP, 1, 0]


async def test_slack_is_left_alone(core: Core) -> None:
    await core.do(configure, KEPT)
    await declined(core)
    before = core.effects()
    core.clock.at += 7 * MONTH
    await core.do(forget_outworn, None)
    assert core.effects() == before
