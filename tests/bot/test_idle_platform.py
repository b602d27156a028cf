"""The platform that costs and brings nothing, where what the others brought shows it."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attribution import CARRIES
from bot.conversion import Lens
from bot.idle_platform import RULE_OF_THREE, Idle, PlatformUse, idle_of

LINKEDIN = PlatformUse(
    platform="linkedin",
    posts=20,
    spent={"EUR": 4_000_000},
    brought={Lens.FIRST: 12, Lens.LAST: 40, Lens.TOUCHED: 55},
    was_used_early=True,
    was_used_late=True,
)
TIKTOK = PlatformUse(platform="tiktok", posts=8, was_used_early=True, was_used_late=True)


def test_it_brought_nothing_while_others_did() -> None:
    # Like LinkedIn it would have brought 40 x 8 / 20 = 16.
    assert idle_of((LINKEDIN, TIKTOK)) == Idle("tiktok", 8, 40)


@pytest.mark.parametrize(
    "other, idle",
    [
        (LINKEDIN, replace(TIKTOK, brought={Lens.TOLD: 1})),
        (LINKEDIN, replace(TIKTOK, brought={Lens.TOUCHED: 1})),
        (LINKEDIN, replace(TIKTOK, was_used_early=False)),
        (LINKEDIN, replace(TIKTOK, was_used_late=False)),
        (LINKEDIN, replace(TIKTOK, posts=1)),
        (LINKEDIN, replace(TIKTOK, posts=0, spent={"USD": 9_000_000})),
        (replace(LINKEDIN, brought={Lens.LAST: CARRIES - 1, Lens.TOUCHED: 99}), TIKTOK),
        (replace(LINKEDIN, posts=0, spent={}), TIKTOK),
    ],
    ids=(
        "somebody told of it",
        "it was touched",
        "it is new",
        "it was left",
        "too few posts: two were to be expected",
        "no other money of that currency",
        "the others brought too few",
        "nothing to compare it with",
    ),
)
def test_else_nobody_is_asked(other: PlatformUse, idle: PlatformUse) -> None:
    assert idle_of((other, idle)) is None


def test_money_without_posts_is_a_cost_as_well() -> None:
    # 40 x 1,000 / 4,000 EUR = 10 were to be expected.
    paid = replace(TIKTOK, posts=0, spent={"EUR": 1_000_000})
    assert idle_of((LINKEDIN, paid)) == Idle("tiktok", 0, 40)


def test_of_two_the_one_of_which_more_was_to_be_expected() -> None:
    more = replace(TIKTOK, platform="x", posts=9)
    assert idle_of((TIKTOK, LINKEDIN, more)) == Idle("x", 9, 40)
    assert idle_of((replace(TIKTOK, posts=9), LINKEDIN, more)) == Idle("tiktok", 9, 40)


def test_three_expected_and_none_seen_is_hardly_chance() -> None:
    assert math.exp(-RULE_OF_THREE) < 0.05


USES = st.lists(
    st.builds(
        PlatformUse,
        platform=st.sampled_from(("linkedin", "x", "tiktok", "blog", "a forum")),
        posts=st.integers(0, 60),
        spent=st.dictionaries(st.sampled_from(("EUR", "USD")), st.integers(1, 10**7)),
        brought=st.dictionaries(st.sampled_from(Lens), st.integers(0, 80)),
        was_used_early=st.booleans(),
        was_used_late=st.booleans(),
    ),
    max_size=5,
    unique_by=lambda one: one.platform,
)


@given(USES)
def test_whoever_is_asked_about_cost_much_and_brought_nothing(uses: list[PlatformUse]) -> None:
    found = idle_of(uses)
    assert found == idle_of(uses[::-1])
    if found is None:
        return
    (one,) = (use for use in uses if use.platform == found.platform)
    others = [use for use in uses if use is not one]
    assert not any(one.brought.values())
    assert one.was_used_early
    assert one.was_used_late
    assert found.posts == one.posts
    assert found.sample >= CARRIES
    posts = sum(use.posts for use in others)
    by_posts = found.sample * one.posts / posts if posts else 0
    assert by_posts >= RULE_OF_THREE or one.spent


@given(USES, st.integers(1, 80))
def test_once_it_brings_anything_it_is_left_alone(uses: list[PlatformUse], count: int) -> None:
    found = idle_of(uses)
    if found is None:
        return
    better = [
        replace(use, brought={Lens.LAST: count}) if use.platform == found.platform else use
        for use in uses
    ]
    again = idle_of(better)
    assert again is None or again.platform != found.platform
