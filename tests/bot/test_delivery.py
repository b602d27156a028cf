from collections import Counter
from datetime import timedelta

import pytest

from bot.cards import KEEP_TRYING
from bot.desk import Subscription
from bot.digest_effects import effects_of
from bot.lifecycle import Verb
from bot.material import CardMaterial
from bot.outbox import Posted
from bot.ports import CannotLook, NotSent, Unclear
from bot.windows import Week
from tests.support.core import CONTENT, SAM, Core
from tests.support.deliveries import GAP, LOST, PACE, SETTLE, Bench, bench_of


@pytest.fixture
def bench(core: Core) -> Bench:
    return bench_of(core)


async def test_what_is_sent_is_recorded_and_the_lane_is_empty(bench: Bench) -> None:
    submission = await bench.core.hand_in()
    assert await bench.drain() is None
    assert bench.messenger.performed == ["card:1"]
    assert bench.messenger.looked == []
    (material,) = bench.messenger.materials
    assert isinstance(material, CardMaterial)
    assert material.submission == submission
    assert bench.outcome("card:1") == ("sent", None)
    posted = await bench.core.read(lambda tx: tx.outbox.posted("card:1"))
    assert posted == Posted(CONTENT, "1.0")
    assert await bench.drain() is None
    assert bench.messenger.performed == ["card:1"]


async def test_posts_keep_slacks_gap_and_their_order(bench: Bench) -> None:
    await bench.enqueue("a", "b", "c")
    assert await bench.drain() == GAP
    assert await bench.drain() == GAP
    assert bench.messenger.performed == ["a"]
    await bench.drain_all(CONTENT)
    assert bench.messenger.performed == ["a", "b", "c"]
    first, second, third = bench.messenger.times
    assert second - first == third - second == PACE.gap


@pytest.mark.parametrize("together", [1, 600])
async def test_of_many_digests_the_threads_wait_for_the_first_messages_of_all(
    bench: Bench, together: int
) -> None:
    now = bench.core.clock.now()
    heads = Subscription(subscription_id="heads", channel_id=CONTENT)
    week = Week(day=now.date(), tz="UTC")
    (digest,) = effects_of(heads, week, now, (), now, together=together)
    await bench.core.write(lambda tx: tx.outbox.add(digest, now))
    await bench.enqueue("thread")
    await bench.drain_all(CONTENT)
    first, second = bench.messenger.times
    assert second - first == (PACE.gap if together == 1 else timedelta(minutes=2))


async def test_lanes_do_not_wait_for_each_other(bench: Bench) -> None:
    await bench.core.hand_in()
    bench.messenger.answers.append(NotSent("ratelimited", timedelta(minutes=5)))
    assert await bench.drain() == 300
    assert await bench.drain(SAM) is None
    assert bench.outcome("receipt:1") == ("sent", None)


async def test_children_know_where_their_parents_message_stands(bench: Bench) -> None:
    submission = await bench.core.hand_in()
    await bench.core.step(submission, Verb.TAKE)
    await bench.drain_all(CONTENT, SAM)
    by_key = {claim.effect.key: claim for claim in bench.messenger.claims}
    where = dict(bench.messenger.world)
    assert by_key["card:1:v2"].parent == by_key["story:1:2"].parent == where["card:1"]
    assert by_key["word:1:2"].parent == where["receipt:1"]
    assert by_key["card:1"].parent is None


@pytest.mark.parametrize("after, waits", [(None, 1.0), (0.5, 1.0), (30, 30.0), (3600, 3600.0)])
async def test_a_rate_limit_is_waited_out_without_a_look(
    bench: Bench, after: float | None, waits: float
) -> None:
    await bench.enqueue("a", "b")
    pause = None if after is None else timedelta(seconds=after)
    bench.messenger.answers.append(NotSent("ratelimited", pause))
    assert await bench.drain() == waits
    assert bench.outcome("a") == ("pending", "ratelimited")
    bench.core.clock.forward(seconds=waits - 0.1)
    assert await bench.drain() == pytest.approx(0.1)
    assert bench.messenger.performed == ["a"]
    bench.core.clock.forward(seconds=0.1)
    assert await bench.drain() == GAP
    assert bench.messenger.performed == ["a", "a"]
    assert bench.messenger.looked == []
    assert bench.messenger.arrived("a") == 1


@pytest.mark.parametrize(
    "jitter, waits",
    [
        (0.0, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]),
        (1.0, [1.5, 3, 6, 12, 24, 48, 96, 192, 384, 450, 450]),
    ],
)
async def test_the_back_off_grows_to_its_limit(
    core: Core, jitter: float, waits: list[float]
) -> None:
    bench = bench_of(core, jitter=jitter)
    await bench.enqueue("a")
    bench.messenger.answers += [NotSent("connection_refused")] * len(waits)
    seen = []
    for _ in waits:
        wait = await bench.drain()
        assert wait is not None
        seen.append(wait)
        core.clock.forward(seconds=wait)
    assert seen == waits
    assert await bench.drain() is None
    assert bench.messenger.arrived("a") == 1


async def test_unclear_then_found_is_recorded_without_a_second_post(bench: Bench) -> None:
    await bench.enqueue("a", "b")
    bench.messenger.answers.append(LOST)
    assert await bench.drain() == SETTLE
    assert bench.outcome("a") == ("unknown", "timeout")
    bench.core.clock.forward(seconds=SETTLE - 1)
    assert await bench.drain() == 1
    assert bench.messenger.looked == []
    bench.core.clock.forward(seconds=1)
    await bench.drain_all(CONTENT)
    assert bench.messenger.looked == ["a"]
    assert bench.messenger.performed == ["a", "b"]
    assert bench.outcome("a") == ("sent", None)
    posted = await bench.core.read(lambda tx: tx.outbox.posted("a"))
    assert posted == dict(bench.messenger.world)["a"]


async def test_unclear_then_absent_is_posted(bench: Bench) -> None:
    await bench.enqueue("a", "b")
    bench.messenger.answers.append(Unclear("http_503"))
    assert await bench.drain() == SETTLE
    bench.core.clock.forward(seconds=SETTLE)
    await bench.drain_all(CONTENT)
    assert bench.messenger.performed == ["a", "a", "b"]
    assert bench.messenger.looked == ["a"]
    assert bench.messenger.claims[1].was_tried
    assert bench.messenger.claims[1].first_try_at == bench.messenger.times[0]
    assert Counter(key for key, _ in bench.messenger.world) == {"a": 1, "b": 1}


async def test_unclear_and_no_way_to_look_is_set_aside_for_the_admin(bench: Bench) -> None:
    await bench.core.hand_in()
    await bench.core.hand_in()
    bench.messenger.answers.append(LOST)
    bench.messenger.looks.append(CannotLook("missing_scope"))
    await bench.drain()
    bench.core.clock.forward(seconds=SETTLE)
    assert await bench.drain() is None
    assert bench.messenger.performed == ["card:1", "card:2"]
    assert bench.outcome("card:1") == ("dead", "outcome_unknown")
    (notice,) = await bench.notices()
    assert "may not read back whether it arrived. Look there first" in notice.sentence
    assert notice.retry_key == "card:1"


async def test_while_the_look_gets_no_answer_nothing_is_posted(bench: Bench) -> None:
    await bench.enqueue("a")
    bench.messenger.answers.append(LOST)
    bench.messenger.looks += [NotSent("ratelimited", timedelta(seconds=60)), NotSent("timeout")]
    assert await bench.drain() == SETTLE
    bench.core.clock.forward(seconds=SETTLE)
    assert await bench.drain() == 60
    bench.core.clock.forward(seconds=60)
    assert await bench.drain() == 4
    bench.core.clock.forward(seconds=4)
    assert await bench.drain() is None
    assert (bench.messenger.performed, bench.messenger.looked) == (["a"], ["a"] * 3)
    assert bench.outcome("a") == ("sent", None)


@pytest.mark.parametrize("answer", [Unclear("timeout"), LOST])
async def test_what_may_be_repeated_is_repeated_without_a_look(
    bench: Bench, answer: Unclear | str
) -> None:
    submission = await bench.core.hand_in()
    await bench.drain_all(CONTENT)
    await bench.core.step(submission, Verb.TAKE)
    bench.core.clock.forward(seconds=5)
    bench.messenger.answers.append(answer)
    assert await bench.drain() == 1
    bench.core.clock.forward(seconds=1)
    assert await bench.drain() is None  # and no gap between an update and a post
    assert bench.messenger.performed == ["card:1", "card:1:v2", "card:1:v2", "story:1:2"]
    assert bench.messenger.looked == []


async def test_a_newer_update_takes_the_place_of_one_that_waits(bench: Bench) -> None:
    submission = await bench.core.hand_in()
    taken = await bench.core.step(submission, Verb.TAKE)
    await bench.core.step(taken, Verb.ACCEPT)
    await bench.drain_all(CONTENT)
    assert bench.messenger.performed == ["card:1", "story:1:2", "card:1:v3", "story:1:3"]


async def test_what_may_have_arrived_is_looked_for_after_its_time_too(bench: Bench) -> None:
    await bench.core.hand_in()
    bench.messenger.answers.append(LOST)
    await bench.drain()
    bench.core.clock.at += KEEP_TRYING
    assert await bench.drain() is None
    assert bench.outcome("card:1") == ("sent", None)
    assert bench.messenger.performed == ["card:1"]
