"""Many cards for one conversation: one message tells of them, and none is lost."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.absence import GoAway, go_away
from bot.cards import post_card, with_new_card
from bot.configure import configure
from bot.crowds import APART, AT_ONCE
from bot.details import OpenDetails, open_details
from bot.lifecycle import Verb
from bot.material import CardMaterial, CrowdMaterial, MovedMaterial
from bot.ports import NotSent, Transaction, Unclear
from tests.support.core import ADA, CONTENT, CORA, SAM, START, Core, a_desk
from tests.support.deliveries import GAP, PACE, Bench, bench_of

CROWD = PACE.crowd


@pytest.fixture
def bench(core: Core) -> Bench:
    return bench_of(core)


async def hand_in(core: Core, many: int) -> None:
    for _ in range(many):
        await core.hand_in()


def kinds(bench: Bench) -> list[str]:
    """What was performed, by kind."""
    return [claim.effect.kind.value for claim in bench.messenger.claims]


def told_of(bench: Bench) -> list[CrowdMaterial]:
    """What the messages about many showed."""
    return [one for one in bench.messenger.materials if isinstance(one, CrowdMaterial)]


async def test_as_many_as_are_no_crowd_are_posted_one_by_one(bench: Bench) -> None:
    await hand_in(bench.core, CROWD)
    await bench.drain_all(CONTENT)
    assert kinds(bench) == ["card"] * CROWD


async def test_one_more_and_one_message_tells_of_all(bench: Bench) -> None:
    await hand_in(bench.core, CROWD + 1)
    await bench.drain_all(CONTENT)
    assert kinds(bench) == ["crowd"]
    (told,) = told_of(bench)
    assert told.total == CROWD + 1
    assert [item.number for item in told.items] == [1, 2, 3, 4, 5]
    assert told.kinds == ("idea",)
    assert told.roles == {"content_lead": "Content lead"}
    assert bench.outcome("card:1") == ("folded", None)


async def test_of_hundreds_all_are_folded_and_counted(bench: Bench) -> None:
    """In several transactions, and without reading each of them for the message."""
    many = 2 * AT_ONCE + 7
    await hand_in(bench.core, many)
    await bench.drain_all(CONTENT)
    assert kinds(bench) == ["crowd"]
    (told,) = told_of(bench)
    assert told.total == many
    assert [item.number for item in told.items] == [1, 2, 3, 4, 5]
    assert bench.outcome(f"card:{many}") == ("folded", None)


async def test_who_comes_while_it_waits_is_told_of_in_the_same_message(bench: Bench) -> None:
    await hand_in(bench.core, CROWD + 1)
    bench.messenger.answers += [NotSent("no_connection")] * 3
    await bench.drain()
    await hand_in(bench.core, 3)
    await bench.drain_all(CONTENT)
    assert kinds(bench)[-1:] == ["crowd"]
    assert "card" not in kinds(bench)
    assert told_of(bench)[-1].total == CROWD + 4
    assert len(bench.messenger.world) == 1


async def test_a_message_that_may_have_arrived_swallows_nobody(bench: Bench) -> None:
    """It may stand there with those of that time: who comes later has a card."""
    await hand_in(bench.core, CROWD + 1)
    bench.messenger.answers.append(Unclear("timeout"))
    await bench.drain()
    await hand_in(bench.core, 2)
    await bench.drain_all(CONTENT)
    assert kinds(bench) == ["crowd", "crowd", "card", "card"]
    assert [claim.effect.number for claim in bench.messenger.claims[2:]] == [22, 23]


async def test_each_crowd_has_its_message(bench: Bench) -> None:
    for _ in range(2):
        await hand_in(bench.core, CROWD + 1)
        await bench.drain_all(CONTENT)
    assert kinds(bench) == ["crowd", "crowd"]
    assert [told.total for told in told_of(bench)] == [CROWD + 1, 2 * (CROWD + 1)]


async def test_while_they_come_without_an_end_a_message_tells_of_them_every_five_seconds(
    bench: Bench,
) -> None:
    clock, times = bench.core.clock, list[datetime]()
    begun = clock.now()
    while clock.now() - begun < 3 * APART:
        await hand_in(bench.core, CROWD + 1)
        before = len(told_of(bench))
        await bench.drain()
        times += [clock.now()] * (len(told_of(bench)) - before)
        clock.forward(seconds=1)
    assert times == [begun + place * APART for place in range(3)]
    assert set(kinds(bench)) == {"crowd"}


async def test_a_card_that_is_wanted_meanwhile_does_not_wait_for_the_next_crowd(
    bench: Bench,
) -> None:
    await hand_in(bench.core, CROWD + 1)
    await bench.drain()
    await bench.core.do(open_details, OpenDetails(4, CORA))
    bench.core.clock.forward(seconds=GAP)
    await bench.drain()
    assert kinds(bench) == ["crowd", "card"]


async def test_what_has_more_to_it_than_a_card_keeps_its_own(bench: Bench) -> None:
    """A step or a file needs the card that it belongs to."""
    taken = await bench.core.hand_in()
    await bench.core.step(taken, Verb.TAKE)
    await hand_in(bench.core, 1)
    await hand_in(bench.core, CROWD + 1)
    await bench.drain_all(CONTENT)
    assert kinds(bench) == ["card", "card_update", "story", "crowd"]
    assert told_of(bench)[0].total == CROWD + 2


async def test_whoever_opens_it_brings_the_card_once(bench: Bench) -> None:
    await hand_in(bench.core, CROWD + 1)
    await bench.drain_all(CONTENT)
    for _ in range(2):
        await bench.core.do(open_details, OpenDetails(4, CORA))
        await bench.drain_all(CONTENT)
    assert kinds(bench) == ["crowd", "card"]
    assert isinstance(bench.messenger.materials[-1], CardMaterial)
    assert bench.messenger.materials[-1].submission.number == 4


async def test_whoever_handed_it_in_opens_it_without_a_card(bench: Bench) -> None:
    await hand_in(bench.core, CROWD + 1)
    await bench.drain_all(CONTENT)
    await bench.core.do(open_details, OpenDetails(4, SAM))
    assert await bench.drain() is None
    assert bench.outcome("card:4") == ("folded", None)


async def test_a_step_brings_the_card_before_its_story(bench: Bench) -> None:
    await hand_in(bench.core, CROWD + 1)
    await bench.drain_all(CONTENT)
    await bench.core.step(await bench.core.stored(4), Verb.ACCEPT)
    await bench.drain_all(CONTENT)
    assert [claim.effect.key for claim in bench.messenger.claims[1:]] == ["card:4", "story:4:2"]
    where = dict(bench.messenger.world)
    assert bench.messenger.claims[-1].parent == where["card:4"]


async def test_what_was_decided_is_not_told_of_any_more(bench: Bench) -> None:
    await hand_in(bench.core, CROWD + 1)
    bench.messenger.answers.append(NotSent("no_connection"))
    await bench.drain()
    await bench.core.step(await bench.core.stored(1), Verb.ACCEPT)
    await bench.drain_all(CONTENT)
    (_, told) = told_of(bench)
    assert told.total == CROWD
    assert told.items[0].number == 2


async def test_nothing_is_said_when_nothing_waits_any_more(bench: Bench) -> None:
    await hand_in(bench.core, CROWD + 1)
    bench.messenger.answers.append(NotSent("no_connection"))
    await bench.drain()
    for number in range(1, CROWD + 2):
        await bench.core.step(await bench.core.stored(number), Verb.ACCEPT)
    await bench.drain_all(CONTENT, tries=200)
    assert kinds(bench).count("crowd") == 1
    assert kinds(bench).count("card") == CROWD + 1
    assert await bench.notices() == []


async def test_a_renewal_brings_no_card(bench: Bench) -> None:
    """Who is away changes every open card; what is not posted is told as it is then."""
    await hand_in(bench.core, CROWD + 1)
    await bench.drain_all(CONTENT)
    back_on = (START + timedelta(days=4)).date()
    await bench.core.do(go_away, GoAway(user_id=CORA, back_on=back_on, deputy_id=None))
    await bench.drain_all(CONTENT)
    assert kinds(bench) == ["crowd"]


async def test_what_is_handed_over_has_its_card_in_the_new_place(bench: Bench) -> None:
    """The old place says where it went, as ever: a step was taken there."""
    core = bench.core
    await hand_in(core, CROWD + 1)
    await bench.drain_all(CONTENT)
    desk = a_desk()
    other = replace(desk.roles["advocacy_lead"], channel_id="C0OTHER", holders=(ADA,))
    await core.do(configure, replace(desk, roles={**desk.roles, "advocacy_lead": other}))
    await core.step(await core.stored(4), Verb.HAND_OVER, to="role:advocacy_lead", note="Yours")
    await bench.drain_all(CONTENT, "C0OTHER")
    shown = {
        claim.effect.key: material
        for claim, material in zip(bench.messenger.claims, bench.messenger.materials, strict=True)
    }
    assert isinstance(shown["card:4.2"], CardMaterial)
    assert isinstance(shown["card:4"], MovedMaterial)


async def test_what_moves_with_its_role_leaves_nothing_behind(bench: Bench) -> None:
    """Nobody acted on it: where only a message about many stands there is nothing to tell."""
    core = bench.core
    await hand_in(core, CROWD + 1)
    await bench.drain_all(CONTENT)
    submission = await core.stored(4)

    def move(tx: Transaction) -> None:
        moved = with_new_card(replace(submission, version=submission.version + 1))
        tx.submissions.update(moved, expected_version=submission.version)
        post_card(tx, moved, "C0OTHER", core.clock.now())

    await core.write(move)
    await bench.drain_all(CONTENT, "C0OTHER")
    assert [claim.effect.key for claim in bench.messenger.claims[1:]] == ["card:4.2"]
    assert bench.outcome("card:4") == ("folded", None)
