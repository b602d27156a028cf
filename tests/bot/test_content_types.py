"""Content types ranked by result: advice only where the data carry it (P28)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content_types import (
    CARRIES,
    CARRIES_KEEP,
    Advice,
    Basis,
    Tally,
    byar,
    rank,
    see_content_types,
    wilson,
)
from bot.conversion import Conversion, Lens, Touch
from bot.lifecycle import Verb
from handlers.views.insights import type_lines
from tests.support.core import CORA, Core

tallies = st.lists(
    st.integers(0, 400).flatmap(
        lambda size: st.builds(
            Tally,
            key=st.text(min_size=1, max_size=3),
            good=st.integers(0, size),
            size=st.just(size),
        )
    ),
    max_size=8,
    unique_by=lambda tally: tally.key,
)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_of_shares_holds_the_share_and_narrows_with_more(of: tuple[int, int]) -> None:
    good, size = of
    low, high = wilson(good, size)
    assert 0 <= low <= good / size <= high <= 1
    less, more = wilson(4 * good, 4 * size)
    assert more - less < high - low


@given(st.integers(0, 2000), st.integers(1, 500))
def test_an_interval_of_rates_holds_the_rate_and_narrows_with_more(count: int, size: int) -> None:
    low, high = byar(count, size)
    assert 0 <= low <= count / size <= high
    less, more = byar(4 * count, 4 * size)
    assert more - less < high - low


@pytest.mark.parametrize(
    "found, known",
    [(wilson(8, 10), (0.490, 0.943)), (wilson(0, 10), (0.0, 0.278)), (byar(10, 1), (4.79, 18.39))],
)
def test_they_are_those_of_the_books(
    found: tuple[float, float], known: tuple[float, float]
) -> None:
    assert found == pytest.approx(known, abs=0.005)


@given(tallies, st.sampled_from(Basis))
def test_advice_only_where_the_interval_leaves_the_average(
    found: list[Tally], basis: Basis
) -> None:
    ranking = rank(basis, found)
    assert [one.rate for one in ranking.ranked] == sorted(
        (one.rate for one in ranking.ranked), reverse=True
    )
    assert {one.tally for one in ranking.ranked} == {one for one in found if one.size}
    for one in ranking.ranked:
        assert one.low <= one.rate <= one.high
        match one.advice:
            case Advice.MORE:
                assert one.low > ranking.average
            case Advice.STOP:
                assert one.high < ranking.average
            case Advice.KEEP:
                assert one.low <= ranking.average <= one.high
            case None:
                assert one.tally.size < CARRIES_KEEP or len(ranking.ranked) < 2
        if one.tally.size < CARRIES or len(ranking.ranked) < 2:
            assert one.advice is None
    advised = [one.advice for one in ranking.ranked]
    if Advice.MORE in advised and Advice.STOP in advised:
        assert advised.index(Advice.MORE) < advised.index(Advice.STOP)


def test_a_hand_computed_ranking() -> None:
    ranking = rank(
        Basis.PUBLISHED,
        (
            Tally(key="video", good=28, size=30),
            Tally(key="picture", good=20, size=40),
            Tally(key="story", good=12, size=18),
            Tally(key="interview", good=0, size=2),
        ),
    )
    assert ranking.average == pytest.approx(60 / 90)
    assert [(one.tally.key, one.advice) for one in ranking.ranked] == [
        ("video", Advice.MORE),
        ("story", None),
        ("picture", Advice.STOP),
        ("interview", None),
    ]


async def publish(core: Core, content_type: str, **more: Any) -> int:
    fields = {"title": "A video about the new pump", "content_type": content_type}
    found = await core.hand_in(fields=fields, **more)
    found = await core.step(found, Verb.ACCEPT)
    found = await core.step(found, Verb.PUBLISH, link="https://example.com/p", platform="linkedin")
    return found.number


async def test_it_counts_what_was_decided_and_published_and_then_what_it_brought(
    core: Core,
) -> None:
    number = await publish(core, "video")
    await publish(core, "picture")
    declined = await core.hand_in(fields={"title": "x pump", "content_type": "picture"})
    await core.step(declined, Verb.DECLINE, reason="timing", note="Not now.")
    await core.hand_in()
    core.clock.forward(minutes=1)
    ranking = await core.ask(see_content_types, None)
    assert ranking.basis is Basis.PUBLISHED
    assert [one.tally for one in ranking.ranked] == [
        Tally(key="video", good=1, size=1),
        Tally(key="picture", good=1, size=2),
    ]
    conversion = Conversion(
        type_key="signup",
        occurred_at=core.clock.at,
        source="hand",
        external_id="1",
        recorded_at=core.clock.at,
        recorded_by=CORA,
        count=3,
        touches=(Touch(lens=Lens.LAST, post=number, platform="linkedin"),),
    )
    await core.write(lambda tx: tx.conversions.add(conversion))
    core.clock.forward(minutes=1)
    ranking = await core.ask(see_content_types, None)
    assert ranking.basis is Basis.CONVERSIONS
    assert [one.tally for one in ranking.ranked] == [
        Tally(key="video", good=3, size=1),
        Tally(key="picture", good=0, size=1),
    ]


async def test_of_very_many_the_newest_are_ranked(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content_type in ("picture", "video", "video"):
        await publish(core, content_type)
        core.clock.forward(minutes=1)
    monkeypatch.setattr("bot.content_types.NEWEST", 4)
    ranking = await core.ask(see_content_types, None)
    assert [one.tally.size for one in ranking.ranked] == [2, 1]
    assert type_lines(ranking).startswith("*Content types, last half year*")
    monkeypatch.setattr("bot.content_types.NEWEST", 2)
    ranking = await core.ask(see_content_types, None)
    assert [one.tally for one in ranking.ranked] == [Tally(key="video", good=2, size=2)]
    assert type_lines(ranking).startswith("*Content types, newest 2 decisions*")
