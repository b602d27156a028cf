"""Gates: what a 429 holds back, and how a workspace's pace shrinks and grows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gates import Gate, closed, grown, lined_up, needed, passed, start_of
from bot.outbox import Effect, EffectKind, Limited, MethodGroup

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def limited(at: datetime, *, after: float = 1, tried: datetime | None = None) -> Limited:
    """A 429 to a post."""
    return Limited(
        group=MethodGroup.POST,
        until=at + after * SECOND,
        per_minute=120,
        tried_at=tried or at - SECOND,
    )


def test_the_first_429_shuts_the_gate_and_sets_a_pace() -> None:
    gate = closed(None, limited(NOW, after=30), NOW)
    assert (gate.next_at, gate.per_minute) == (NOW + 30 * SECOND, 120)


def test_each_further_429_halves_the_pace_down_to_one() -> None:
    gate, at, seen = None, NOW, []
    for _ in range(9):
        gate = closed(gate, limited(at), at)
        seen.append(gate.per_minute)
        at += 10 * SECOND
    assert seen == [120, 60, 30, 15, 7, 3, 1, 1, 1]


def test_calls_that_were_under_way_together_count_as_one() -> None:
    gate = closed(None, limited(NOW), NOW)
    later = NOW + SECOND / 2
    again = closed(gate, limited(later, after=9, tried=NOW - SECOND / 2), later)
    assert again.per_minute == 120
    assert again.next_at == later + 9 * SECOND
    assert closed(again, limited(later), later).next_at == again.next_at


def test_quiet_minutes_open_the_gate_again() -> None:
    gate, minutes = closed(None, limited(NOW), NOW), 0
    while gate.per_minute is not None:
        minutes += 1
        gate = passed(gate, NOW + minutes * MINUTE)
    assert minutes == 6
    assert closed(gate, limited(NOW + 9 * MINUTE), NOW + 9 * MINUTE).per_minute == 120


def test_a_long_quiet_time_counts_as_all_its_minutes() -> None:
    gate = closed(None, limited(NOW), NOW)
    assert grown(gate, NOW + 59 * SECOND) == gate
    assert grown(gate, NOW + 3 * MINUTE).per_minute == 120 + 3 * 20
    assert grown(gate, NOW + 600 * MINUTE).per_minute is None


def test_one_call_a_minute_does_not_become_more_after_one_call() -> None:
    """What reads back may have one call a minute for good: it must not try each minute for two."""
    gate = replace(closed(None, limited(NOW), NOW), per_minute=1, most=2)
    assert passed(gate, NOW + MINUTE).per_minute == 1
    assert passed(gate, NOW + 5 * MINUTE).per_minute is None


@given(st.integers(1, 300), st.lists(st.floats(0, 3, allow_nan=False), min_size=2, max_size=60))
def test_no_more_pass_than_the_pace_says(pace: int, waits: list[float]) -> None:
    """Whenever they come: in any stretch of time there are as many as the pace allows, and one
    for what was late.
    """
    gate = Gate(next_at=NOW, per_minute=pace, most=10_000, changed_at=NOW + 1000 * MINUTE)
    at, times = NOW, []
    for wait in waits:
        at += wait * SECOND
        if gate.next_at <= at:
            gate = passed(gate, at)
            times.append(at)
    for first, start in enumerate(times):
        for count, end in enumerate(times[first:]):
            assert count <= (end - start) / gate.interval + 1 + 1e-6


def test_who_waits_stands_in_line_and_what_can_come_later_behind() -> None:
    gate = replace(closed(None, limited(NOW, after=30), NOW), per_minute=60)
    turns = []
    for is_urgent in (False, True, True, False):
        at, gate = lined_up(gate, is_urgent=is_urgent)
        turns.append((at - NOW) / SECOND)
    assert turns == [30, 30, 31, 32]
    _, gate = lined_up(gate, is_urgent=False)
    assert lined_up(replace(gate, next_at=NOW + 900 * SECOND), is_urgent=True)[0] == (
        NOW + 900 * SECOND
    )


def effect(kind: EffectKind, target: str = "C1", parent: str | None = None) -> Effect:
    return Effect(key="k", kind=kind, target=target, parent_key=parent)


@pytest.mark.parametrize(
    "one, was_tried, groups",
    [
        (effect(EffectKind.CARD), False, "post"),
        (effect(EffectKind.CARD), True, "post history"),
        (effect(EffectKind.STORY, parent="p"), True, "post replies"),
        (effect(EffectKind.RECEIPT, "U1"), False, "post dms"),
        (effect(EffectKind.RECEIPT, "U1"), True, "post dms history"),
        (effect(EffectKind.WORD, "U1", "p"), False, "post"),
        (effect(EffectKind.FILE, parent="p"), True, "files replies"),
        (effect(EffectKind.CARD_UPDATE, parent="p"), True, "update"),
        (effect(EffectKind.CLEAR, parent="p"), True, "update"),
        (effect(EffectKind.UNFILE, parent="p"), True, "files"),
        (effect(EffectKind.HOME, "U1"), True, "home"),
    ],
)
def test_what_a_try_has_to_pass(one: Effect, was_tried: bool, groups: str) -> None:
    assert needed(one, was_tried=was_tried) == {MethodGroup(name) for name in groups.split()}


@pytest.mark.parametrize(
    "group, after, pace",
    [
        (MethodGroup.POST, 30 * SECOND, 180),
        (MethodGroup.UPDATE, 30 * SECOND, 40),
        (MethodGroup.HISTORY, 60 * SECOND, 1),
        (MethodGroup.REPLIES, 2 * SECOND, 30),
        (MethodGroup.HISTORY, 3600 * SECOND, 1),
    ],
)
def test_where_a_pace_begins(group: MethodGroup, after: timedelta, pace: int) -> None:
    assert start_of(group, after, 180) == pace
