"""An operator tries again and gives up, with a reason that is kept."""

from datetime import timedelta
from typing import Any

import pytest

from bot.details import OpenDetails, see_details
from bot.errors import FieldError
from bot.lane_care import (
    REASON_LIMIT,
    Attend,
    channel_names,
    drop,
    effects_in,
    error_in_words,
    lanes_of,
    retry,
)
from bot.lifecycle import OPERATOR, Verb
from bot.outbox import Claim, Effect, EffectKind, Finish, Posted, Verdict
from bot.outbox_care import TryAgain, try_again
from bot.tries import ClaimLane, EndTry, claim_lane, end_try
from tests.support.core import ADA, CONTENT, CORA, OLGA, SAM, Core

WHY = "The channel is back"


async def end(core: Core, lane: str, **finish: Any) -> None:
    claim = await core.do(claim_lane, ClaimLane(lane, "w1", timedelta(minutes=1)))
    assert isinstance(claim, Claim), claim
    await core.do(end_try, EndTry(claim, Finish(**finish)))


async def refused(core: Core) -> None:
    """A card that Slack refused."""
    await core.hand_in()
    await end(core, CONTENT, verdict=Verdict.DEAD, error="is_archived")


async def test_an_operator_has_a_card_tried_again_with_a_reason_in_its_history(core: Core) -> None:
    await refused(core)
    (one,) = await core.do(retry, Attend(("card:1",), f" {WHY} "))
    assert one.is_done
    entry = (await core.history(1))[-1]
    assert (entry.actor_id, entry.verb) == (OPERATOR, Verb.RETRY)
    assert entry.detail == {"effect": "card:1", "note": WHY}
    assert entry.from_state is entry.to_state
    (shown,) = await core.ask(effects_in, CONTENT)
    assert [(note.what, note.reason) for note in shown.notes] == [("retry", WHY)]
    await end(core, CONTENT, verdict=Verdict.SENT, posted=Posted(CONTENT, "1.1"))
    assert await core.ask(lanes_of, None) != ()  # the receipt, and the notice to the admin


async def test_a_dropped_card_is_nobody_s_to_bring_back(core: Core) -> None:
    await refused(core)
    (one,) = await core.do(drop, Attend(("card:1",), WHY))
    assert one.is_done
    assert (await core.history(1))[-1].verb is Verb.DROP
    (again,) = await core.do(retry, Attend(("card:1",), WHY))
    assert (again.is_done, again.sentence) == (False, "An operator gave it up.")
    told = await core.do(try_again, TryAgain(key="card:1", actor_id=ADA))
    assert told == "That is done already; nothing waits for another try."
    assert len(await core.history(1)) == 2


async def test_what_can_t_be_done_says_why_and_leaves_no_trace(core: Core) -> None:
    await core.hand_in()
    before = await core.history(1)
    (waits, unknown) = await core.do(retry, Attend(("card:1", "card:9"), WHY))
    assert (waits.is_done, unknown.is_done) == (False, False)
    assert waits.sentence == "It waits already; it is tried by itself."
    assert unknown.sentence == "There is no such effect."
    await end(core, CONTENT, verdict=Verdict.SENT, posted=Posted(CONTENT, "1.1"))
    (sent, unknown) = await core.do(drop, Attend(("card:1", "card:9"), WHY))
    assert (sent.sentence, unknown.sentence) == ("It is done already.", "There is no such effect.")
    assert await core.history(1) == before


@pytest.mark.parametrize("reason", ["", "  ", "x" * (REASON_LIMIT + 1)])
async def test_a_reason_is_needed(core: Core, reason: str) -> None:
    await refused(core)
    for act in (retry, drop):
        with pytest.raises(FieldError, match="--reason"):
            await core.do(act, Attend(("card:1",), reason))


async def test_what_belongs_to_no_submission_has_its_own_book(core: Core) -> None:
    notice = Effect(key="notice:x", kind=EffectKind.NOTICE, target=OLGA, payload={"sentence": "!"})
    await core.write(lambda tx: tx.outbox.add(notice, core.clock.now()))
    await end(core, OLGA, verdict=Verdict.DEAD, error="user_disabled")
    (one,) = await core.do(retry, Attend(("notice:x",), WHY))
    assert one.is_done
    (shown,) = await core.ask(effects_in, OLGA)
    assert [(note.what, note.reason) for note in shown.notes] == [("retry", WHY)]


async def test_the_rules_of_try_again_hold(core: Core) -> None:
    due = core.clock.now() - timedelta(days=2)
    digest = Effect(
        key="digest:a:1",
        kind=EffectKind.DIGEST,
        target=CONTENT,
        payload={"subscription_id": "a", "due_at": due.isoformat()},
    )
    await core.write(lambda tx: tx.outbox.add(digest, core.clock.now()))
    await end(core, CONTENT, verdict=Verdict.DEAD, error="is_archived")
    (one,) = await core.do(retry, Attend(("digest:a:1",), WHY))
    assert not one.is_done
    assert one.sentence.startswith("That digest is more than a day old")


async def test_the_reason_is_for_those_who_decide(core: Core) -> None:
    await refused(core)
    await core.do(retry, Attend(("card:1",), WHY))
    owners = await core.ask(see_details, OpenDetails(1, CORA))
    assert owners.history[-1].detail["note"] == WHY
    theirs = await core.ask(see_details, OpenDetails(1, SAM))
    assert "note" not in theirs.history[-1].detail


async def test_errors_are_told_in_words_and_people_without_names(core: Core) -> None:
    await refused(core)
    await core.do(
        lambda tx, _c, now: tx.outbox.claim(SAM, owner="w", now=now, lease=timedelta(1)), None
    )
    lanes = await core.ask(lanes_of, None)
    shown = {one.lane: one.newest_dead or one.head for one in lanes}
    errors = {lane: error_in_words(one) for lane, one in shown.items() if one is not None}
    assert errors[CONTENT] == (
        "the channel is archived. Name another one on Social Desk's Home tab."
    )
    assert errors[SAM] == ""
    assert SAM not in await core.ask(channel_names, [CONTENT, SAM])
