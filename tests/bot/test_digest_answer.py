"""The first line of a digest is the answer, whatever there is to tell."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.digest_answer import WELL, answer_of
from bot.digest_parts import AskPart, GoalsPart, NumbersPart
from bot.digest_rules import Ask, AskKind
from bot.figures import Counts
from bot.noise import is_level_moved, is_moved
from bot.pace import Verdict
from bot.sections import Part, Section
from handlers.views.digest_answer import answer
from handlers.views.goal_examples import BEHIND, EXAMPLE_DAY

ASK = AskPart(Ask(kind=AskKind.SET_GOAL), overdue=0)
COUNTS = st.integers(0, 10**6)


def numbers(handed_in: int, published: int, waiting: int) -> NumbersPart:
    week = Counts(handed_in=handed_in, published=published)
    return NumbersPart(week=week, before=None, waiting=waiting, waiting_before=0, under_way=0)


STANDINGS = st.lists(
    st.builds(
        lambda value, days: replace(BEHIND, value=value, on=EXAMPLE_DAY + timedelta(days=days)),
        st.none() | st.floats(0, 60),
        st.sampled_from((0, 30, 100)),
    ),
    max_size=8,
).map(tuple)


@given(STANDINGS, COUNTS, COUNTS, COUNTS, st.booleans())
def test_the_first_line_agrees_with_the_digest(
    standings: tuple[object, ...], handed_in: int, published: int, waiting: int, asks: bool
) -> None:
    goals = GoalsPart(standings)  # type: ignore[arg-type]  # as built above
    parts: dict[Section, Part] = {Section.NUMBERS: numbers(handed_in, published, waiting)}
    parts |= {Section.GOALS: goals} if standings else {}
    parts |= {Section.ASK: ASK} if asks else {}
    found = answer_of(parts)
    verdicts = [one.verdict for one in goals.standings]
    assert found.well == sum(one in WELL for one in verdicts)
    assert found.goals + found.missed == len(verdicts)
    assert (found.behind is not None) is (Verdict.BEHIND in verdicts)
    if found.behind is not None:
        assert found.behind.gap == max(
            one.gap for one in goals.standings if one.verdict is Verdict.BEHIND
        )
    line = answer(found)
    assert line.endswith(".")
    assert line[0] == line[0].upper()
    assert "\n" not in line
    assert len(line) <= 150, "a heading takes no more"
    assert ("one decision needed" in line) is asks


def test_the_first_line_in_words() -> None:
    three = (BEHIND, replace(BEHIND, value=30.0), replace(BEHIND, value=40.0))
    assert answer(answer_of({Section.GOALS: GoalsPart(three), Section.ASK: ASK})) == (
        "2 of 3 goals on pace; “Trial sign-ups from social” is 5 behind; one decision needed."
    )
    assert answer(answer_of({Section.GOALS: GoalsPart(three[1:])})) == "All 2 goals on pace."
    assert answer(answer_of({Section.NUMBERS: numbers(0, 0, 1)})) == (
        "A quiet week; 1 waits for a decision."
    )
    assert answer(answer_of({})) == "What there is to tell."


@given(COUNTS, COUNTS)
def test_what_is_news_is_so_both_ways_and_more_of_it_as_well(before: int, now: int) -> None:
    assert is_moved(before, now) is is_moved(now, before)
    assert not is_moved(now, now)
    if now >= before and is_moved(before, now):
        assert is_moved(before, now + 1)


def test_the_floor_of_counts_and_of_levels() -> None:
    assert not is_moved(0, 2)
    assert is_moved(0, 3)
    assert not is_moved(9, 16)
    assert is_moved(9, 18)
    assert not is_level_moved(80.0, 80.4)
    assert is_level_moved(80.0, 80.5)
    assert not is_level_moved(0.0, 0.0)
