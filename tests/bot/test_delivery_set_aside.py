"""What can't be delivered, and what the admin hears of it."""

import pytest

from bot.cards import KEEP_TRYING
from bot.lifecycle import Verb
from bot.material import WordMaterial
from bot.outbox import Effect, EffectKind
from bot.outbox_care import TryAgain, try_again
from bot.ports import NotSent, Refused
from tests.support.core import ADA, CONTENT, SAM, Core
from tests.support.deliveries import Bench, bench_of


@pytest.fixture
def bench(core: Core) -> Bench:
    return bench_of(core)


async def test_a_refusal_is_set_aside_told_once_and_the_lane_goes_on(bench: Bench) -> None:
    await bench.core.hand_in()
    await bench.core.hand_in()
    bench.messenger.answers.append(Refused("not_in_channel"))
    assert await bench.drain() is None
    assert bench.messenger.performed == ["card:1", "card:2"]
    assert bench.outcome("card:1") == ("dead", "not_in_channel")
    assert bench.outcome("card:2") == ("sent", None)
    (notice,) = await bench.notices()
    assert notice.retry_key == "card:1"
    assert notice.sentence == (
        f"The card of number 1 could not be delivered to <#{CONTENT}>: Social Desk is not in that "
        "channel. Type `/invite @Social Desk` there, then try again."
    )
    assert await bench.drain() is None
    assert await bench.notices() == []


async def test_refused_again_after_another_try_it_is_told_again(bench: Bench) -> None:
    await bench.core.hand_in()
    bench.messenger.answers += [Refused("not_in_channel"), Refused("is_archived")]
    await bench.drain()
    bench.core.clock.forward(minutes=1)
    await bench.core.do(try_again, TryAgain(key="card:1", actor_id=ADA))
    await bench.drain()
    first, second = bench.core.effects("notice:")
    assert first != second
    shown = await bench.notices()
    assert {one.retry_key for one in shown} == {"card:1"}
    assert "the channel is archived" in shown[-1].sentence


@pytest.mark.parametrize(
    "error, lane, why",
    [
        ("channel_not_found", CONTENT, "/invite @Social Desk"),
        ("is_archived", CONTENT, "the channel is archived"),
        ("invalid_blocks", CONTENT, "Slack answered “invalid_blocks”."),
        ("channel_not_found", SAM, "Slack answered “channel_not_found”."),
    ],
)
async def test_the_notice_says_what_helps(bench: Bench, error: str, lane: str, why: str) -> None:
    await bench.core.hand_in()
    bench.messenger.answers.append(Refused(error))
    await bench.drain(lane)
    (notice,) = await bench.notices()
    assert why in notice.sentence
    assert (f"<@{SAM}>" if lane == SAM else f"<#{CONTENT}>") in notice.sentence


@pytest.mark.parametrize("kind", [EffectKind.NOTICE, EffectKind.HOME])
async def test_what_nobody_could_mend_makes_no_notice(bench: Bench, kind: EffectKind) -> None:
    now = bench.core.clock.now()
    effect = Effect(key="k", kind=kind, target=ADA, payload={"sentence": "Trouble."})
    await bench.core.write(lambda tx: tx.outbox.add(effect, now))
    bench.messenger.answers.append(Refused("user_not_found"))
    assert await bench.drain(effect.lane) is None
    assert bench.outcome("k") == ("dead", "user_not_found")
    assert bench.core.effects() == ["k"]


async def test_a_notice_that_dies_makes_no_further_notice(bench: Bench) -> None:
    await bench.core.hand_in()
    bench.messenger.answers += [Refused("is_archived"), Refused("user_not_found")]
    await bench.drain()
    assert await bench.drain(ADA) is None
    assert len(bench.core.effects("notice:")) == 1


async def test_what_expired_untried_is_set_aside_and_the_admin_told(bench: Bench) -> None:
    await bench.core.hand_in()
    bench.core.clock.at += KEEP_TRYING
    await bench.core.hand_in()
    assert await bench.drain() is None
    assert bench.messenger.performed == ["card:2"]
    assert bench.outcome("card:1") == ("dead", "expired")
    (notice,) = await bench.notices()
    assert notice.retry_key == "card:1"
    assert "Slack could not be reached for too long" in notice.sentence
    await bench.core.hand_in()
    bench.core.clock.at += KEEP_TRYING
    assert await bench.drain() is None
    assert [one.retry_key for one in await bench.notices()] == ["card:3"]


async def test_what_expired_between_tries_is_set_aside_and_the_admin_told(bench: Bench) -> None:
    await bench.core.hand_in()
    bench.messenger.answers.append(NotSent("connection_refused", KEEP_TRYING))
    assert await bench.drain() == KEEP_TRYING.total_seconds()
    bench.core.clock.at += KEEP_TRYING
    assert await bench.drain() is None
    assert bench.messenger.performed == ["card:1"]
    assert bench.outcome("card:1") == ("dead", "expired")
    (notice,) = await bench.notices()
    assert notice.sentence.endswith("Try again if it is still wanted.")


async def test_a_notice_that_expired_is_no_news(bench: Bench) -> None:
    now = bench.core.clock.now()
    old = Effect(
        key="notice:old",
        kind=EffectKind.NOTICE,
        target=ADA,
        payload={"sentence": "."},
        expires_at=now,
    )
    await bench.core.write(lambda tx: tx.outbox.add(old, now))
    assert await bench.drain(ADA) is None
    assert bench.core.effects() == ["notice:old"]


async def test_what_was_erased_is_not_posted_and_nobody_is_bothered(bench: Bench) -> None:
    await bench.core.hand_in()
    now = bench.core.clock.now()
    effects = (
        Effect(key="card:9", kind=EffectKind.CARD, target=CONTENT, payload={"number": 9}),
        Effect(
            key="word:1:7", kind=EffectKind.WORD, target=CONTENT, payload={"number": 1, "seq": 7}
        ),
    )
    await bench.core.write(lambda tx: [tx.outbox.add(effect, now) for effect in effects])
    await bench.drain_all(CONTENT)
    assert bench.messenger.performed == ["card:1"]
    assert bench.outcome("card:9") == bench.outcome("word:1:7") == ("dead", "erased")
    assert await bench.notices() == []


async def test_what_hangs_on_a_dead_parent_dies_quietly_with_it(bench: Bench) -> None:
    submission = await bench.core.hand_in()
    await bench.core.step(submission, Verb.TAKE)
    bench.messenger.answers.append(Refused("not_in_channel"))
    assert await bench.drain() is None
    assert bench.messenger.performed == ["card:1"]
    assert bench.outcome("card:1:v2") == bench.outcome("story:1:2") == ("dead", "parent_dead")
    assert len(await bench.notices()) == 1
    await bench.drain_all(SAM)
    assert isinstance(bench.messenger.materials[-1], WordMaterial)
