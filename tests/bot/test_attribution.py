"""Sums, each once, in any order: what conversions are put down to."""

from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.attribution import CARRIES, Attribution, attribute
from bot.conversion import Credit, Lens

SINGLE = (Lens.FIRST, Lens.LAST, Lens.TOLD)
Journey = tuple[int, dict[Lens, frozenset[str]]]
"""How many people, and what each lens says that they saw: of `touched` several keys."""

keys = st.sampled_from(("linkedin", "x", "12", "7"))
one = st.frozensets(keys, max_size=1)
journeys = st.lists(
    st.tuples(
        st.integers(1, 50),
        st.fixed_dictionaries(dict.fromkeys(SINGLE, one)).flatmap(
            lambda single: st.frozensets(keys).map(
                lambda more: {**single, Lens.TOUCHED: more.union(*single.values())}
            )
        ),
    ),
    max_size=12,
)


def credits_of(found: Sequence[Journey]) -> list[Credit]:
    """What the database would count: each journey once per key, and once at all."""
    return [
        Credit(lens=lens, type_key="signup", key=key, count=count, entries=1)
        for count, seen in found
        for lens, shown in seen.items()
        for key in (*shown, *([None] if shown else []))
    ]


def put_down(found: Sequence[Journey]) -> Attribution:
    return attribute(credits_of(found), sum(count for count, _ in found))


@given(journeys)
def test_what_is_known_and_what_is_unknown_is_all_there_is(found: list[Journey]) -> None:
    result = put_down(found)
    for lens in SINGLE:
        assert sum(row[lens] for row in result.rows) + result.unknown(lens) == result.total
    for lens in Lens:
        assert 0 <= result.unknown(lens) <= result.total


@given(journeys)
def test_what_touched_several_counts_once_at_all(found: list[Journey]) -> None:
    result = put_down(found)
    touched = sum(count for count, seen in found if seen[Lens.TOUCHED])
    assert result.known.get(Lens.TOUCHED, 0) == touched
    for row in result.rows:
        assert row[Lens.TOUCHED] <= touched
        assert row[Lens.TOUCHED] >= max(row[lens] for lens in SINGLE)


@given(journeys, st.integers())
def test_the_order_in_which_it_is_counted_is_no_matter(found: list[Journey], seed: int) -> None:
    shuffled = credits_of(found)
    Random(seed).shuffle(shuffled)  # noqa: S311  (an order, no secret)
    assert attribute(shuffled, sum(count for count, _ in found)) == put_down(found)


@given(journeys)
def test_no_order_is_made_of_too_few(found: list[Journey]) -> None:
    result = put_down(found)
    if result.sample < CARRIES:
        assert result.ranked_by is None
        assert result.leader is None
    else:
        assert result.ranked_by is not None
        counts = [row[result.ranked_by] for row in result.rows]
        assert counts == sorted(counts, reverse=True)


def of(*counts: int) -> Attribution:
    found = [
        Credit(lens=Lens.LAST, type_key="signup", key=str(nth), count=count, entries=count)
        for nth, count in enumerate(counts, start=1)
    ]
    total = Credit(
        lens=Lens.LAST, type_key="signup", key=None, count=sum(counts), entries=sum(counts)
    )
    return attribute([*found, total], sum(counts) + 5)


def test_who_is_ahead_is_ahead_by_more_than_chance() -> None:
    assert of(20, 9).leader is None
    assert of(20, 9).ranked_by is None
    assert of(20, 10).ranked_by is Lens.LAST
    assert of(20, 10).leader is None  # ten apart, where chance makes eleven
    assert of(24, 10).leader == "1"
    assert of(30).leader == "1"
    assert of(16, 16).leader is None
    assert of(20, 10).unknown(Lens.LAST) == 5
    assert of(20, 10).unknown(Lens.TOLD) == 35


def test_posts_stand_the_newest_first_while_nothing_is_ranked() -> None:
    assert [row.key for row in of(1, 1, 1).rows] == ["3", "2", "1"]
    assert put_down([]) == Attribution(total=0, rows=(), known={})
