from collections import Counter
from datetime import timedelta
from itertools import product

import pytest

from bot.announce import KEEP_TRYING
from bot.delivery import Pace
from bot.lifecycle import Verb
from bot.material import CardMaterial, NoticeMaterial, WordMaterial
from bot.outbox import Effect, EffectKind, Posted
from bot.outbox_care import TryAgain, try_again
from bot.ports import CannotLook, NotSent, Outcome, Refused, Unclear
from tests.support.core import ADA, CONTENT, SAM, Core
from tests.support.deliveries import LOST, Bench, CrashError, ScriptedMessenger, bench_of

PACE = Pace()
GAP = PACE.gap.total_seconds()
SETTLE = PACE.settle.total_seconds()
LEASE = PACE.lease.total_seconds()


@pytest.fixture
def bench(core: Core) -> Bench:
    return bench_of(core)


async def notices(bench: Bench) -> list[NoticeMaterial]:
    """What the admin is told."""
    seen = len(bench.messenger.materials)
    await bench.drain_all(ADA)
    return [one for one in bench.messenger.materials[seen:] if isinstance(one, NoticeMaterial)]


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


async def test_a_refusal_is_set_aside_told_once_and_the_lane_goes_on(bench: Bench) -> None:
    await bench.core.hand_in()
    await bench.core.hand_in()
    bench.messenger.answers.append(Refused("not_in_channel"))
    assert await bench.drain() is None
    assert bench.messenger.performed == ["card:1", "card:2"]
    assert bench.outcome("card:1") == ("dead", "not_in_channel")
    assert bench.outcome("card:2") == ("sent", None)
    (notice,) = await notices(bench)
    assert notice.retry_key == "card:1"
    assert notice.sentence == (
        f"The card of number 1 could not be delivered to <#{CONTENT}>: Social Desk is not in that "
        "channel. Type `/invite @Social Desk` there, then try again."
    )
    assert await bench.drain() is None
    assert await notices(bench) == []


async def test_refused_again_after_another_try_it_is_told_again(bench: Bench) -> None:
    await bench.core.hand_in()
    bench.messenger.answers += [Refused("not_in_channel"), Refused("is_archived")]
    await bench.drain()
    bench.core.clock.forward(minutes=1)
    await bench.core.do(try_again, TryAgain(key="card:1", actor_id=ADA))
    await bench.drain()
    first, second = bench.core.effects("notice:")
    assert first != second
    shown = await notices(bench)
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
    (notice,) = await notices(bench)
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
    (notice,) = await notices(bench)
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


async def test_what_expired_untried_is_set_aside_and_the_admin_told(bench: Bench) -> None:
    await bench.core.hand_in()
    bench.core.clock.at += KEEP_TRYING
    await bench.core.hand_in()
    assert await bench.drain() is None
    assert bench.messenger.performed == ["card:2"]
    assert bench.outcome("card:1") == ("dead", "expired")
    (notice,) = await notices(bench)
    assert notice.retry_key == "card:1"
    assert "Slack could not be reached for too long" in notice.sentence
    await bench.core.hand_in()
    bench.core.clock.at += KEEP_TRYING
    assert await bench.drain() is None
    assert [one.retry_key for one in await notices(bench)] == ["card:3"]


async def test_what_expired_between_tries_is_set_aside_and_the_admin_told(bench: Bench) -> None:
    await bench.core.hand_in()
    bench.messenger.answers.append(NotSent("connection_refused", KEEP_TRYING))
    assert await bench.drain() == KEEP_TRYING.total_seconds()
    bench.core.clock.at += KEEP_TRYING
    assert await bench.drain() is None
    assert bench.messenger.performed == ["card:1"]
    assert bench.outcome("card:1") == ("dead", "expired")
    (notice,) = await notices(bench)
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


async def test_what_may_have_arrived_is_looked_for_after_its_time_too(bench: Bench) -> None:
    await bench.core.hand_in()
    bench.messenger.answers.append(LOST)
    await bench.drain()
    bench.core.clock.at += KEEP_TRYING
    assert await bench.drain() is None
    assert bench.outcome("card:1") == ("sent", None)
    assert bench.messenger.performed == ["card:1"]


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
    assert await notices(bench) == []


async def test_what_hangs_on_a_dead_parent_dies_quietly_with_it(bench: Bench) -> None:
    submission = await bench.core.hand_in()
    await bench.core.step(submission, Verb.TAKE)
    bench.messenger.answers.append(Refused("not_in_channel"))
    assert await bench.drain() is None
    assert bench.messenger.performed == ["card:1"]
    assert bench.outcome("card:1:v2") == bench.outcome("story:1:2") == ("dead", "parent_dead")
    assert len(await notices(bench)) == 1
    await bench.drain_all(SAM)
    assert isinstance(bench.messenger.materials[-1], WordMaterial)


async def test_a_try_is_not_begun_when_the_lease_is_nearly_over(bench: Bench) -> None:
    await bench.enqueue("a")
    bench.messenger.answers.append(Unclear("timeout"))
    await bench.drain()
    bench.core.clock.forward(seconds=SETTLE)
    slow = LEASE - PACE.margin.total_seconds() + 1
    bench.messenger.looks.append(lambda: bench.core.clock.forward(seconds=slow))
    assert await bench.drain() is None
    assert bench.messenger.performed == ["a", "a"]
    last = bench.messenger.claims[-1]
    assert last.attempts == 3
    assert last.lease_until - bench.messenger.times[-1] == PACE.lease
    assert bench.messenger.arrived("a") == 1


async def test_a_lane_is_one_workers_until_the_lease_ends(core: Core) -> None:
    one = bench_of(core)
    other = bench_of(core, messenger=one.messenger, owner="w2")
    await one.enqueue("a")
    waits = []

    async def meanwhile() -> None:
        waits.append(await other.drain())

    one.messenger.answers.append(meanwhile)
    assert await one.drain() is None
    assert waits == [LEASE]
    assert one.messenger.performed == ["a"]


@pytest.mark.parametrize("arrives", ["before", "after"])
async def test_a_frozen_workers_lane_is_taken_over(core: Core, arrives: str) -> None:
    """The first worker sleeps longer than its lease, before or after Slack took the message."""
    one = bench_of(core)
    other = bench_of(core, messenger=one.messenger, owner="w2")
    await one.enqueue("a", "b")

    async def sleep() -> None:
        if arrives == "before":
            one.messenger.world.append(("a", Posted(CONTENT, "0.5")))
        core.clock.forward(seconds=LEASE)
        await other.drain_all(CONTENT)

    one.messenger.answers.append(sleep)
    assert await one.drain() is None
    assert one.messenger.looked == ["a"]
    taken_over = ["a", "b"] if arrives == "before" else ["a", "a", "b"]
    assert one.messenger.performed == taken_over
    posted = await core.read(lambda tx: tx.outbox.posted("a"))
    first = next(where for key, where in one.messenger.world if key == "a")
    assert posted == first  # the one that became known first stays
    assert one.outcome("a") == one.outcome("b") == ("sent", None)
    assert await one.drain() is None


async def test_the_late_answer_of_a_frozen_worker_does_not_undo(core: Core) -> None:
    one = bench_of(core)
    other = bench_of(core, messenger=one.messenger, owner="w2")
    await one.core.hand_in()

    async def freeze_then_refuse() -> Refused:
        core.clock.forward(seconds=LEASE)
        await other.drain_all(CONTENT)
        return Refused("is_archived")

    one.messenger.answers.append(freeze_then_refuse)
    assert await one.drain() is None
    assert one.outcome("card:1") == ("sent", None)
    assert one.messenger.arrived("card:1") == 1
    assert await notices(one) == []


POINTS = (
    "delivery.after_claim",
    "delivery.after_answer",
    "delivery.before_finish",
    "delivery.after_finish",
)


class DiesAt:
    """A checkpoint at which the process dies once."""

    def __init__(self) -> None:
        self.point: str | None = None

    def __call__(self, name: str) -> None:
        if name == self.point:
            self.point = None
            raise CrashError(name)


@pytest.mark.parametrize("point", POINTS)
async def test_a_crash_delays_and_repeats_nothing(core: Core, point: str) -> None:
    dies = DiesAt()
    bench = bench_of(core, checkpoint=dies)
    await bench.enqueue("a", "b")
    dies.point = point
    with pytest.raises(CrashError):
        await bench.drain()
    after = bench_of(core, messenger=bench.messenger, owner="w2")
    waits = await after.drain()
    assert waits == (GAP if point == "delivery.after_finish" else LEASE)
    await after.drain_all(CONTENT)
    assert [key for key, _ in bench.messenger.world] == ["a", "b"]
    assert after.outcome("a") == after.outcome("b") == ("sent", None)


FAULTS: tuple[Outcome | str, ...] = (
    LOST,
    Unclear("http_500"),
    NotSent("connection_refused"),
    NotSent("ratelimited", timedelta(seconds=20)),
    *POINTS,
)


async def test_after_any_two_faults_each_message_is_there_once_and_in_order(core: Core) -> None:
    dies = DiesAt()
    messenger = ScriptedMessenger(core)
    bench = bench_of(core, messenger=messenger, checkpoint=dies)
    for place, faults in enumerate(product(FAULTS, repeat=2)):
        keys = [f"{place}a", f"{place}b"]
        await bench.enqueue(*keys)
        for fault in faults:
            if isinstance(fault, str) and fault in POINTS:
                dies.point = fault
            else:
                messenger.answers.append(fault)
            try:
                wait = await bench.drain()
            except CrashError:
                wait = LEASE
            core.clock.forward(seconds=wait or 0)
        await bench.drain_all(CONTENT)
        assert [key for key, _ in messenger.world] == keys, faults
        assert {bench.outcome(key)[0] for key in keys} == {"sent"}, faults
        messenger.world.clear()
        messenger.answers.clear()
        core.clock.forward(seconds=10)
