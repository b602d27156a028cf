"""After a slow transaction the event loop leaves the disk to the thread, the longer the worse."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from storage.caution import BRIEFLY, LONGEST, SLOW, Caution


def test_a_quick_disk_is_for_the_loop() -> None:
    found = Caution()
    found.judge(0.0, SLOW)
    assert found.is_over(SLOW)


def test_one_hiccup_is_soon_forgotten() -> None:
    found = Caution()
    found.judge(10.0, 10.1)
    assert not found.is_over(10.1 + BRIEFLY - 0.01)
    assert found.is_over(10.1 + BRIEFLY)
    found.judge(60.0, 60.1)
    assert found.is_over(60.1 + BRIEFLY)


def test_a_disk_that_stays_slow_is_tried_ever_more_seldom() -> None:
    found, now, rests = Caution(), 10.0, []
    for _ in range(10):
        found.judge(now, now + 0.1)
        rests.append(round(found.until - now - 0.1, 6))
        now = found.until
    assert rests[:6] == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0]
    assert set(rests[6:]) == {LONGEST}
    assert all(before <= after for before, after in pairwise(rests))


@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0, 1)), max_size=20))
def test_it_never_keeps_away_for_longer_than_the_longest(runs: list[tuple[float, float]]) -> None:
    found, now = Caution(), 0.0
    for pause, took in runs:
        begun_at = now + pause
        now = begun_at + took
        found.judge(begun_at, now)
        assert found.is_over(now + LONGEST)
