"""One effect that can't be delivered must not take others down, and the admin hears of it."""

from datetime import timedelta

import pytest

from bot.digest_effects import GRACE
from bot.lifecycle import Verb
from bot.outbox import Effect, EffectKind
from bot.outbox_care import TryAgain, try_again
from bot.ports import NotSent, Unclear
from tests.support.core import ADA, CONTENT, Core
from tests.support.deliveries import PACE, Bench, bench_of


@pytest.fixture
def bench(core: Core) -> Bench:
    return bench_of(core)


async def test_a_bug_sets_one_effect_aside_and_the_next_goes_on(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    async def bug() -> None:
        raise KeyError("a bug of ours")

    await bench.core.hand_in()
    await bench.core.hand_in()
    bench.messenger.answers.append(bug)
    await bench.drain_all(CONTENT)
    assert bench.outcome("card:1") == ("dead", "internal")
    assert bench.outcome("card:2") == ("sent", None)
    (notice,) = await bench.notices()
    assert "Social Desk itself failed" in notice.sentence
    assert notice.retry_key == "card:1"
    assert "effect failed" in caplog.text


@pytest.mark.parametrize("kind", [EffectKind.CARD, EffectKind.CARD_UPDATE])
async def test_what_gets_no_clear_answer_for_hours_gives_way(
    bench: Bench, kind: EffectKind
) -> None:
    submission = await bench.core.hand_in()
    if kind is EffectKind.CARD_UPDATE:
        await bench.drain_all(CONTENT)
        await bench.core.step(submission, Verb.TAKE)
    key = "card:1" if kind is EffectKind.CARD else "card:1:v2"
    await bench.core.hand_in()
    started = bench.core.clock.now()
    while bench.outcome(key)[0] != "dead":
        bench.messenger.answers.appendleft(Unclear("internal_error"))
        wait = await bench.drain()
        bench.messenger.answers.clear()
        bench.core.clock.forward(seconds=wait or 0)
        assert bench.core.clock.now() - started < 2 * PACE.give_up
    assert bench.core.clock.now() - started >= PACE.give_up
    await bench.drain_all(CONTENT)
    assert bench.outcome("card:2") == ("sent", None)
    assert any("internal_error" in notice.sentence for notice in await bench.notices())


async def test_while_slack_does_not_let_the_app_in_everything_waits(bench: Bench) -> None:
    await bench.core.hand_in()
    for _ in range(100):
        bench.messenger.answers.append(NotSent("token_revoked", timedelta(minutes=1)))
        wait = await bench.drain()
        assert wait is not None
        assert wait >= 60
        bench.core.clock.forward(seconds=wait)
    await bench.drain_all(CONTENT)
    assert bench.outcome("card:1") == ("sent", None)
    assert await bench.notices() == []


async def test_an_old_digest_is_not_tried_again(core: Core) -> None:
    due = core.clock.now()
    digest = Effect(
        key="digest:heads:2026-W47",
        kind=EffectKind.DIGEST,
        target=CONTENT,
        payload={"tz": "UTC", "day": due.date().isoformat(), "due_at": due.isoformat()},
    )
    await core.write(lambda tx: tx.outbox.add(digest, due))
    core.clock.forward(seconds=GRACE.total_seconds() + 1)
    said = await core.do(try_again, TryAgain(key=digest.key, actor_id=ADA))
    assert "more than a day old" in said
