"""When a digest that nobody reads asks whether to stop."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest_store import Reach
from bot.reach import asks_to_stop


def reach(reactions: int | None = 0, answers: int | None = 0, presses: int = 0) -> Reach:
    return Reach(
        subscription_id="s1", period="w", reactions=reactions, answers=answers, presses=presses
    )


COUNTS = st.none() | st.integers(0, 2)
REACHES = st.lists(st.builds(reach, COUNTS, COUNTS, st.integers(0, 1)) | st.none(), max_size=6)


@given(REACHES)
def test_it_asks_only_when_four_were_counted_and_nobody_did_anything(
    newest: list[Reach | None],
) -> None:
    four = newest[:4]
    nothing = len(four) == 4 and all(
        one is not None and one.reactions == one.answers == one.presses == 0 for one in four
    )
    assert asks_to_stop(newest) == nothing


@pytest.mark.parametrize("place", range(4))
def test_it_does_not_ask_again_before_four_more(place: int) -> None:
    newest = [reach() for _ in range(4)]
    newest[place] = Reach(
        subscription_id="s1", period="w", reactions=0, answers=0, presses=0, is_asked=True
    )
    assert not asks_to_stop(newest)
