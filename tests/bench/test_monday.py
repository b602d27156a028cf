"""Monday at nine: what is due comes as soon as Slack's limits allow, and once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench.monday import SMALL, Plan, least_time, simulate, told


async def test_digests_come_within_a_fifth_of_the_least_time(tmp_path: Path) -> None:
    """By the clock of the simulation, whatever else this machine does."""
    result = await simulate(SMALL, tmp_path)
    assert result.digests == SMALL.digests == 300
    assert result.digests + result.parts == SMALL.messages == 900
    assert result.first.ratio <= 1.2
    assert result.whole.ratio <= 1.2
    assert result.is_as_wanted
    assert result.first_of_others.took < timedelta(seconds=3)
    assert "300 of 300 digests, 900 of 900 messages" in told(result)


async def test_a_busy_database_costs_time_and_nothing_else(tmp_path: Path) -> None:
    """What it refuses, of firing, of claiming, of recording what came of a try, the next tick and
    the next sweep take up: everything comes, and once.
    """
    plan = Plan(channels=(20, *[5] * 16), workers=2, busy_each=40)
    result = await simulate(plan, tmp_path)
    assert result.busy > 5
    assert result.digests == plan.digests == 100
    assert result.digests + result.parts == plan.messages == 300


async def test_the_least_time_is_no_excuse(tmp_path: Path) -> None:
    """One worker's slots are what it says: a slower Slack takes as much longer."""
    few = Plan(channels=(8,) * 8, workers=1)
    slow = replace(few, answers_after=10 * few.answers_after)
    folder = tmp_path / "slow"
    folder.mkdir()
    quick, slower = await simulate(few, tmp_path), await simulate(slow, folder)
    assert quick.digests == slower.digests == 64
    assert slower.first.took > 5 * quick.first.took


def test_the_least_time_goes_by_slots_and_by_each_workspace() -> None:
    second = timedelta(seconds=1)
    plan = Plan(channels=(), workers=2, answers_after=second, per_minute=60, burst=10)
    assert least_time(plan, (1,) * 64) == second
    assert least_time(plan, (1,) * 65) == 2 * second
    assert least_time(plan, (40,)) == 30 * second + second


def test_what_hangs_in_a_thread_takes_its_time_too() -> None:
    """Each is a message of its workspace, and comes a second after the one before it."""
    second = timedelta(seconds=1)
    plan = Plan(channels=(), workers=2, answers_after=second, per_minute=60, burst=10)
    assert least_time(plan, (1,), 3) == 2 * second + second
    assert least_time(plan, (1,) * 64, 3) == 3 * second
    assert least_time(plan, (1,) * 128, 3) == 6 * second
    assert least_time(replace(plan, answers_after=second / 4), (1,) * 128, 3) == 2.5 * second
    assert least_time(plan, (40,), 3) == 110 * second + second
