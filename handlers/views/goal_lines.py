"""How a goal stands, in words: one line for digests and the Home tab, the same everywhere."""

from collections.abc import Iterator, Mapping, Sequence

from bot.choices import STAGES
from bot.goal import MEASURES, Confidence, Ending, Goal, Standing
from bot.kinds import KINDS
from bot.pace import Verdict
from bot.periods import local_date
from bot.text import in_unit
from handlers.views.text import inline, short_day

TITLE_SHOWN = 80
SMALL = 30
"""A share or a median of fewer submissions than this says of how many it is."""

ENDINGS: Mapping[Ending, str] = {
    Ending.REACHED: "Reached",
    Ending.PARTLY: "Partly reached",
    Ending.MISSED: "Missed",
}
"""What keepers say of a goal when its period is over."""

CONFIDENCES: Mapping[Confidence, str] = {
    Confidence.SURE: "Yes, I am sure",
    Confidence.UNSURE: "It may go either way",
    Confidence.DOUBTFUL: "I doubt it",
}
"""What keepers say of whether it will be reached."""

_THINKS: Mapping[Confidence, str] = {
    Confidence.SURE: "its keeper is sure to reach it",
    Confidence.UNSURE: "its keeper says it may go either way",
    Confidence.DOUBTFUL: "its keeper doubts it",
}


STAGE_LABELS: Mapping[str, str] = {option.value: option.label for option in STAGES}


def number(value: float) -> str:
    """A number with at most two decimals: "1,200", "12.5", "−3"."""
    shown = f"{round(value, 2) + 0.0:,.2f}".rstrip("0").rstrip(".")
    return shown.replace("-", "−")


def measured(value: float, unit: str) -> str:
    """A number with what people named its unit: "40 sign-ups"."""
    return in_unit(number(value), inline(unit, 25))


def amount(standing: Standing) -> str:
    """The value beside the target: "12 of 40 sign-ups", or "14.5 hours, target 8"."""
    course, unit = standing.goal.course, standing.goal.unit
    if standing.value is None:
        return f"target {measured(course.target, unit)}"
    if course.baseline == 0 and course.target > 0 and unit != "%":
        return f"{number(standing.value)} of {measured(course.target, unit)}"
    return f"{measured(standing.value, unit)}{_sample(standing)}, target {number(course.target)}"


def _sample(standing: Standing) -> str:
    is_level = not (standing.goal.is_by_hand or MEASURES[standing.goal.measure].is_count)
    return f" (of {standing.size})" if is_level and standing.size < SMALL else ""


def judgement(standing: Standing) -> str:
    """How it stands, in a word or two; once its keepers have said so, what became of it."""
    said = standing.closing
    return _judged(standing) if said is None else ENDINGS[said.ending]


_JUDGED: Mapping[Verdict, str] = {
    Verdict.BEHIND: "Behind",
    Verdict.STALE: "Stale",
    Verdict.ON_PACE: "On pace",
    Verdict.REACHED: "Reached",
    Verdict.MISSED: "Missed",
}


def _judged(standing: Standing) -> str:
    match standing.verdict:
        case Verdict.NOT_STARTED:
            return f"Begins {short_day(standing.goal.course.first_day)}"
        case Verdict.UNKNOWN:
            return "Not read yet" if standing.goal.is_by_hand else "Nothing to measure yet"
        case known:
            return _JUDGED[known]


def pace(standing: Standing) -> str:
    """Where linear pace is, while it says something: ", pace 18"."""
    if standing.verdict in {Verdict.BEHIND, Verdict.ON_PACE, Verdict.UNKNOWN}:
        return f", pace {number(standing.expected)}"
    return ""


def read_on(standing: Standing) -> str:
    """When its value is from: "read 3 Nov"."""
    if standing.reading is None:
        return "never read"
    return f"read {short_day(local_date(standing.reading.at, standing.goal.tz))}"


def chances(share: float) -> str:
    """A chance in words that claim no more than it carries: "about 2 in 10"."""
    tenths = round(share * 10)
    if tenths <= 0:
        return "unlikely"
    return f"about {tenths} in 10" if tenths < 10 else "all but certain"


def outlook(standing: Standing) -> str:
    """Where its count will end, and how likely that is its target; then what its keeper thinks.

    "At this rate 24 to 37 by 31 Dec; about 1 in 10 to reach 40"; empty where nothing is known.
    """
    found, course = standing.outlook, standing.goal.course
    reading = standing.reading
    said = []
    if found is not None:
        chance = chances(found.chance)
        said.append(
            f"At this rate {number(found.low)} to {number(found.high)} by "
            f"{short_day(course.last_day)}: {chance} to reach {number(course.target)}"
        )
    is_open = standing.verdict in {Verdict.BEHIND, Verdict.ON_PACE}
    if reading is not None and reading.confidence is not None and is_open:
        said.append(_THINKS[reading.confidence])
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def line(standing: Standing) -> str:
    """One goal on one line; what was learned from one that has ended stands behind it."""
    title = inline(standing.goal.title, TITLE_SHOWN)
    since = f", {read_on(standing)}" if standing.verdict is Verdict.STALE else ""
    said = f"*{judgement(standing)}:* {title}, {amount(standing)}{pace(standing)}{since}"
    return f"{said}{_step(standing)}{_in_doubt(standing)}{learned(standing)}"


_STEPS: Mapping[str, str] = {
    "know": "to be known",
    "like": "to be liked",
    "trust": "to be trusted",
    "lead": "for leads",
    "customer": "for customers",
}
"""Each of `bot.choices.STAGES` in a word or two."""


def _step(standing: Standing) -> str:
    """For which step of customers' way it is, while it runs: ", to be trusted"."""
    is_running = standing.verdict not in {Verdict.REACHED, Verdict.MISSED, Verdict.NOT_STARTED}
    step = _STEPS.get(standing.goal.stage or "", "")
    return f", {step}" if step and is_running and standing.closing is None else ""


def _in_doubt(standing: Standing) -> str:
    """That its keeper doubts what the numbers say; they are told more where there is room."""
    reading, is_open = standing.reading, standing.verdict in {Verdict.BEHIND, Verdict.ON_PACE}
    is_doubted = reading is not None and reading.confidence is Confidence.DOUBTFUL
    return ", its keeper doubts it" if is_open and is_doubted else ""


def learned(standing: Standing) -> str:
    """What its keepers learned: ". Learned: …"; empty before they said so."""
    closing = standing.closing
    return f". Learned: {inline(closing.lesson, 300)}" if closing and closing.lesson else ""


def lines_of(standings: Sequence[Standing], limit: int) -> Iterator[str]:
    """The first `limit` goals, one line each, and how many more there are."""
    yield from (line(standing) for standing in standings[:limit])
    rest = len(standings) - limit
    if rest > 0:
        yield f"and {rest} more"


def customers(goal: Goal) -> str:
    """What it helps customers with, for which step of their way, and what they do next; empty where
    nobody said so.
    """
    serves = inline(goal.customer_objective or "", 120)
    stage = STAGE_LABELS.get(goal.stage or "", "").lower()
    said = f"Customers: {serves}" if serves else "Customers" if stage else ""
    step = f" ({stage})" if stage else ""
    then = f". Next: {inline(goal.next_step, 120)}" if goal.next_step else ""
    return f"{said}{step}{then}" if said else ""


def counted(standing: Standing) -> str:
    """What a measured goal counts: "counted by the desk (testimonial, Sales)"; empty for one that
    is kept by hand.
    """
    goal = standing.goal
    if goal.is_by_hand:
        return ""
    # Of conversions the unit says which.
    known = KINDS.get(goal.kind_key or "")
    kind = [known.label.lower()] if known else []
    department = [inline(goal.department, 60)] if goal.department else []
    of = ", ".join([*kind, *department])
    meaning = MEASURES[goal.measure]
    said = "counted by the desk" if meaning.is_count else meaning.label.lower()
    return f"{said} ({of})" if of else said
