"""The check-up: each culprit is named with numbers, or nothing is said (P38)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkup import (
    ENOUGH,
    Culprit,
    Facts,
    Finding,
    bandwagon,
    box_checking,
    bragging_rights,
    check,
    flawed_theories,
)
from bot.checkups import check_up, facts_of
from bot.conversions import Seen
from bot.lifecycle import Verb
from tests.bot.test_closing import set_one
from tests.bot.test_content_types import publish
from tests.bot.test_conversions import record
from tests.bot.test_experiments import start
from tests.support.core import Core

WELL = Facts(
    published=9,
    looked_at=9,
    unserving=4,
    goals=2,
    awareness=1,
    experiments=2,
    platforms={"LinkedIn": 9},
)
counts = st.integers(0, 12)
platforms = st.dictionaries(st.sampled_from(["X", "LinkedIn", "Blog", "TikTok", "YouTube"]), counts)


@given(
    st.builds(
        Facts,
        published=counts,
        looked_at=counts,
        unserving=counts,
        goals=counts,
        stale=counts,
        awareness=counts,
        experiments=counts,
        aimless=counts,
        unjudged=counts,
        closed=counts,
        missed=counts,
        platforms=platforms,
        brought=platforms,
        known=counts,
        conversions=counts,
    )
)
def test_each_says_what_it_saw_with_a_number_and_what_to_do_or_nothing(facts: Facts) -> None:
    found = check(facts)
    assert {one.culprit for one in found} == set(Culprit)
    for one in found:
        assert bool(one.evidence) is bool(one.to_do)
        assert not (one.evidence and one.is_unknown)
        for sentence in one.evidence:
            assert any(char.isdigit() for char in sentence)
            assert sentence.endswith(".")
    seen = [bool(one.evidence) for one in found]
    assert seen == sorted(seen, reverse=True)


def test_nothing_is_said_of_an_empty_desk_or_a_good_one() -> None:
    assert all(one.is_unknown for one in check(Facts()))
    assert all(not one.evidence and not one.is_unknown for one in check(WELL))


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"goals": 0, "awareness": 0}, "9 posts went out this quarter, and no goal runs"),
        ({"stale": 2}, "none of 2 goals was read for 3 weeks"),
        ({"goals": 1, "stale": 1}, "the one goal was not read for 3 weeks"),
        ({"unserving": 5}, "5 of the 9 posts of this quarter serve no goal."),
        ({"unserving": 5, "published": 20}, "5 of the newest 9 posts of this quarter"),
    ],
)
def test_box_checking(changed: dict[str, Any], sentence: str) -> None:
    found = box_checking(replace(WELL, **changed))
    assert sentence in found.evidence[0]
    assert box_checking(replace(WELL, **{**changed, "published": ENOUGH - 1})).is_unknown


def test_posts_that_serve_no_goal_are_told_beside_goals_that_nobody_reads() -> None:
    found = box_checking(replace(WELL, unserving=9, stale=2))
    assert len(found.evidence) == 2
    assert "`/social goals`" in found.to_do
    assert not box_checking(replace(WELL, unserving=2, looked_at=3)).evidence


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"aimless": 1}, "1 of 2 experiments serves no goal."),
        ({"aimless": 2}, "2 of 2 experiments serve no goal."),
        ({"unjudged": 1}, "1 experiment is over"),
        ({"experiments": 0, "closed": 3, "missed": 3}, "All 3 goals that ended were missed"),
    ],
)
def test_flawed_theories(changed: dict[str, Any], sentence: str) -> None:
    found = flawed_theories(replace(WELL, **changed))
    assert sentence in found.evidence[0]
    assert flawed_theories(replace(WELL, experiments=0)).is_unknown


def test_one_experiment_or_one_goal_is_no_pattern() -> None:
    assert flawed_theories(replace(WELL, experiments=1, aimless=1)).is_unknown
    assert flawed_theories(replace(WELL, experiments=0, closed=1, missed=1)).is_unknown
    assert flawed_theories(replace(WELL, experiments=1, unjudged=1)).evidence


def test_bandwagon() -> None:
    idle = replace(
        WELL, platforms={"X": 6, "Blog": 4, "LinkedIn": 8}, brought={"LinkedIn": 9}, known=9
    )
    found = bandwagon(idle)
    assert found.evidence == (
        "X: 6 of 18 posts, and no part in any of the 9 conversions of which a platform is known.",
    )
    assert "Say what X is for" in found.to_do
    many = replace(WELL, platforms={"X": 2, "Blog": 2, "LinkedIn": 2, "TikTok": 1})
    assert "7 posts went to 4 platforms" in bandwagon(many).evidence[0]
    assert bandwagon(replace(WELL, platforms={"X": 4})).is_unknown


def test_a_platform_that_brought_nothing_by_chance_is_not_blamed() -> None:
    few = replace(WELL, platforms={"X": 6, "LinkedIn": 94}, brought={"LinkedIn": 9}, known=9)
    assert bandwagon(few).is_unknown
    assert not bandwagon(few).evidence
    one_post = replace(WELL, platforms={"X": 1, "LinkedIn": 9}, brought={"LinkedIn": 90}, known=90)
    assert bandwagon(one_post) == Finding(culprit=Culprit.BANDWAGON)
    all_bring = replace(few, brought={"LinkedIn": 9, "X": 1})
    assert bandwagon(all_bring) == Finding(culprit=Culprit.BANDWAGON)


def test_bragging_rights() -> None:
    loud = replace(WELL, awareness=2)
    assert "All 2 goals count what was done" in bragging_rights(loud).evidence[0]
    assert not bragging_rights(replace(loud, conversions=1)).evidence
    one = bragging_rights(replace(loud, goals=1, awareness=1))
    assert one.evidence[0].startswith("The 1 goal that runs counts what was done")
    assert bragging_rights(replace(loud, goals=0)).is_unknown


async def test_the_facts_are_the_desks_own(core: Core) -> None:
    for _ in range(ENOUGH):
        await publish(core, "video")
    elsewhere = await core.stored(1)
    await core.step(elsewhere, Verb.PUBLISH, link="https://example.com/b", platform="blog")
    await set_one(core, "V1", measure="published", unit="")
    await set_one(core, "V2", new_objective="Another one")
    await start(core, last_day="2026-11-20")
    core.clock.at = core.clock.at + timedelta(days=28)
    facts = await core.read(lambda tx: facts_of(tx, core.clock.at))
    assert facts == Facts(
        published=ENOUGH,
        looked_at=ENOUGH,
        unserving=ENOUGH,
        goals=2,
        stale=1,
        awareness=1,
        experiments=1,
        aimless=1,
        unjudged=1,
        platforms={"LinkedIn": ENOUGH, "Blog": 1},
    )
    found = await core.ask(check_up, None)
    assert [one.culprit for one in found if one.evidence] == [
        Culprit.BOX_CHECKING,
        Culprit.FLAWED_THEORIES,
    ]


async def test_a_platform_that_only_began_it_had_its_part(core: Core) -> None:
    for _ in range(ENOUGH):
        await publish(core, "video")
    first, last = Seen(platform="linkedin"), Seen(platform="newsletter")
    await record(core, count=40, occurred_at=core.clock.at, first=first, last=last)
    core.clock.forward(minutes=1)
    facts = await core.read(lambda tx: facts_of(tx, core.clock.at))
    assert (dict(facts.brought), facts.known) == ({"LinkedIn": 40, "Newsletter": 40}, 40)
    assert not bandwagon(facts).evidence
