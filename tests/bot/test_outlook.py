"""Where a count will end: rules that hold for any weeks, and figures reckoned another way."""

import random
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outlook import outlook

WEEKS = st.lists(st.integers(0, 60), min_size=3, max_size=30)
LEFT = st.floats(0, 52, allow_nan=False)


@given(weeks=WEEKS, left=LEFT, so_far=st.integers(0, 500), target=st.integers(5, 2000))
def test_a_range_holds_the_middle_and_a_chance_is_one(
    weeks: list[int], left: float, so_far: int, target: int
) -> None:
    found = outlook(weeks, left, so_far, target)
    assert so_far <= found.low <= found.high
    assert 0 <= found.chance <= 1


@given(weeks=WEEKS, left=LEFT, so_far=st.integers(0, 300), target=st.integers(5, 600))
def test_a_target_farther_off_is_less_likely(
    weeks: list[int], left: float, so_far: int, target: int
) -> None:
    near, far = (outlook(weeks, left, so_far, one).chance for one in (target, target + 10))
    assert far <= near


@given(weeks=WEEKS, so_far=st.integers(0, 300), target=st.integers(5, 600))
def test_more_time_never_makes_it_less_likely(weeks: list[int], so_far: int, target: int) -> None:
    short, long = (outlook(weeks, left, so_far, target).chance for left in (2.0, 6.0))
    assert long >= short - 1e-9


@given(weeks=WEEKS, so_far=st.integers(0, 300))
def test_at_the_end_all_is_decided(weeks: list[int], so_far: int) -> None:
    assert outlook(weeks, 0, so_far, so_far).chance == 1
    assert outlook(weeks, 0, so_far, so_far + 1).chance == 0
    assert outlook(weeks, 0, so_far, so_far).high == so_far


def test_only_the_last_twelve_weeks_count() -> None:
    assert outlook([50] * 20 + [2] * 12, 4, 30, 40) == outlook([2] * 12, 4, 30, 40)


@pytest.mark.parametrize(
    "weeks, left, needed",
    [
        ((2, 3, 1, 2, 4), 7, 20),
        ((8, 9, 7, 8, 8, 10), 6, 55),
        ((0, 12, 0, 1, 9, 0), 5, 15),
        ((1, 0, 2), 9, 12),
    ],
)
def test_it_agrees_with_weeks_that_are_thrown_one_by_one(
    weeks: tuple[int, ...], left: int, needed: int
) -> None:
    """A Gamma rate, and a negative binomial rest with the spread that was measured."""
    spread = max(1.5, variance(weeks) / fmean(weeks))
    shape, rate = (1 + sum(weeks)) / spread, (0.25 + len(weeks)) / spread
    dice = random.Random(7)  # noqa: S311  (a simulation, no secret)
    thrown = [
        _spread_out(dice, dice.gammavariate(shape, 1 / rate) * left, spread) for _ in range(40_000)
    ]
    reached = sum(one >= needed for one in thrown) / len(thrown)
    found = outlook(weeks, left, 0, needed)
    assert found.chance == pytest.approx(reached, abs=0.03)
    within = sum(found.low <= one <= found.high for one in thrown) / len(thrown)
    assert 0.75 <= within <= 0.95


def _spread_out(dice: random.Random, mean: float, spread: float) -> int:
    """A negative binomial number: a Poisson one whose mean is a Gamma one."""
    return _poisson(dice, dice.gammavariate(mean / (spread - 1), spread - 1) if mean else 0)


def _poisson(dice: random.Random, mean: float) -> int:
    count, passed = 0, dice.expovariate(1)
    while passed < mean:
        count += 1
        passed += dice.expovariate(1)
    return count
