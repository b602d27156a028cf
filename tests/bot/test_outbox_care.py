from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import NotAllowedError, NotFoundError
from bot.lifecycle import Verb
from bot.outbox import Claim, Effect, EffectKind, Finish, Posted, Verdict
from bot.outbox_care import TryAgain, try_again
from bot.tries import ClaimLane, EndTry, claim_lane, end_try
from tests.support.core import ADA, CONTENT, CORA, SAM, Core, a_desk

NOTHING = "That is done already; nothing waits for another try."


async def end(core: Core, lane: str, finish: Finish) -> Effect:
    """Claim the lane's first effect and end its try."""
    claim = await core.do(claim_lane, ClaimLane(lane, "w1", timedelta(minutes=1)))
    assert isinstance(claim, Claim), claim
    assert await core.do(end_try, EndTry(claim, finish))
    return claim.effect


DEAD = Finish(verdict=Verdict.DEAD, error="not_in_channel")


async def test_an_admin_tries_a_refused_card_again_where_cards_go_now(core: Core) -> None:
    submission = await core.hand_in()
    await end(core, CONTENT, DEAD)
    await core.step(submission, Verb.TAKE)
    moved = replace(a_desk().roles["content_lead"], channel_id="C0NEW")
    await core.set_up(replace(a_desk(), roles={**a_desk().roles, "content_lead": moved}))
    told = await core.do(try_again, TryAgain(key="card:1", actor_id=ADA))
    assert told == "Trying again now. You hear of it if it fails once more."
    sent = Finish(verdict=Verdict.SENT, posted=Posted("C0NEW", "1.1"))
    assert (await end(core, "C0NEW", sent)).key == "card:1"
    assert await core.do(try_again, TryAgain(key="card:1", actor_id=ADA)) == NOTHING
    states = {row["key"]: (row["target"], row["state"]) for row in core.rows("outbox")}
    assert states["card:1"] == ("C0NEW", "sent")


async def test_what_waited_for_a_dead_card_comes_after_it(core: Core) -> None:
    submission = await core.hand_in()
    await end(core, CONTENT, DEAD)
    await core.step(submission, Verb.TAKE)
    assert await core.do(claim_lane, ClaimLane(CONTENT, "w1", timedelta(minutes=1))) is None
    await core.do(try_again, TryAgain(key="card:1", actor_id=ADA))
    sent = Finish(verdict=Verdict.SENT, posted=Posted(CONTENT, "1.1"))
    tried = [(await end(core, CONTENT, sent)).key for _ in range(3)]
    assert tried == ["card:1", "card:1:v2", "story:1:2"]


async def test_other_effects_are_tried_where_they_were(core: Core) -> None:
    await core.hand_in()
    await end(core, SAM, Finish(verdict=Verdict.DEAD, error="user_disabled"))
    await core.do(try_again, TryAgain(key="receipt:1", actor_id=ADA))
    states = {row["key"]: (row["target"], row["state"]) for row in core.rows("outbox")}
    assert states["receipt:1"] == (SAM, "pending")


async def test_a_double_click_tries_once(core: Core) -> None:
    await core.hand_in()
    await end(core, CONTENT, DEAD)
    command = TryAgain(key="card:1", actor_id=ADA)
    assert (await core.do(try_again, command)).startswith("Trying again now")
    assert await core.do(try_again, command) == NOTHING


@pytest.mark.parametrize("key", ["card:1", "card:99", "", "nonsense"])
async def test_nothing_to_try_again(core: Core, key: str) -> None:
    await core.hand_in()
    assert await core.do(try_again, TryAgain(key=key, actor_id=ADA)) == NOTHING


async def test_only_admins(core: Core) -> None:
    await core.hand_in()
    await end(core, CONTENT, DEAD)
    for user in (SAM, CORA):
        with pytest.raises(NotAllowedError, match="Only admins of Social Desk can do this"):
            await core.do(try_again, TryAgain(key="card:1", actor_id=user))
    assert [one.key for one in await core.read(lambda tx: tx.outbox.set_aside(limit=9))] == [
        "card:1"
    ]


async def test_a_card_of_what_was_erased(core: Core) -> None:
    lost = Effect(key="card:9", kind=EffectKind.CARD, target=CONTENT, payload={"number": 9})
    now = core.clock.now()
    await core.write(lambda tx: tx.outbox.add(lost, now))
    await end(core, CONTENT, Finish(verdict=Verdict.DEAD, error="erased"))
    with pytest.raises(NotFoundError, match="There is no number 9"):
        await core.do(try_again, TryAgain(key="card:9", actor_id=ADA))
