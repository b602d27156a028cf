"""The pulse: the question of the quarter, and what `/social pulse` shows (P29)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from bot.pulse import LEAST, SCALE, SURVEY, Pulse, PulseQuestion, trend
from bot.pulses import PulseMaterial
from handlers.ids import Action, BlockId
from handlers.learning_values import PulseValue
from handlers.views.blocks import actions, context, divider, plain, section, select
from handlers.views.message import Block, Message
from handlers.views.text import lines, listing, moment, short_day

ASKED = "How well is social integrated with sales, product and leadership?"
ENDS = "1: not at all. 7: completely."
LABELS = {1: "1, not at all", 7: "7, completely"}
ANONYMOUS = (
    "Your answer is counted without your name and without a time; nobody can see which one was "
    f"yours. Numbers are shown when the quarter is over, from {LEAST} answers on."
)
THANKS = "Thank you. Your answer is counted, without your name."
BESIDE = (
    f"In a published survey marketers gave themselves {SURVEY} on average. That is how they saw "
    "themselves, not a mark to reach."
)


def pulse_question(material: PulseQuestion) -> Message:
    """Asks one person, in one tap."""
    said, scale = _question(material), _scale(material)
    return Message(
        text=f"{said} {ANONYMOUS}",
        blocks=[
            section(said),
            actions(BlockId.PULSE.at(material.quarter), [scale]),
            context(ANONYMOUS),
        ],
    )


def pulse_blocks(material: PulseQuestion | None) -> list[Block]:
    """The same on the Home tab of somebody who has not answered."""
    if material is None:
        return []
    return [divider(), section(_question(material), _scale(material)), context(ANONYMOUS)]


def _question(material: PulseQuestion) -> str:
    return f"*{ASKED}*\n{ENDS} Until {short_day(material.until)}."


def _scale(material: PulseQuestion) -> Block:
    values = (
        (PulseValue(quarter=material.quarter, value=value).dump(), LABELS.get(value, str(value)))
        for value in SCALE
    )
    scale = select(values, action_id=Action.PULSE_ANSWER.value)
    return {**scale, "placeholder": plain("1 to 7")}


def pulse(material: PulseMaterial) -> Message:
    """The quarters, the newest first, beside the survey."""
    rows = [line(one) for one in material.shown]
    said = lines(
        (
            f"*{ASKED}* {ENDS}",
            *rows,
            change(material.shown),
            BESIDE if rows else "",
            _few(material),
            _unasked(material),
            _running(material),
        )
    )
    return Message(text=said, blocks=[section(said)])


def line(one: Pulse) -> str:
    """One quarter: its average, and of how many answers."""
    return f"*{named(one.quarter)}:* {one.mean:.1f} ({one.size:,} of {one.asked:,} answered)"


def named(quarter: str) -> str:
    """A quarter in words: "Q4 2026"."""
    year, _, number = quarter.partition("-")
    return f"{number} {year}"


def change(shown: tuple[Pulse, ...]) -> str:
    """How the newest differs from the one before; empty where there is none."""
    differs = trend(shown)
    if differs is None:
        return ""
    if abs(differs) < 0.05:
        return f"The same as in {named(shown[1].quarter)}."
    way = "up" if differs > 0 else "down"
    return f"{abs(differs):.1f} {way} from {named(shown[1].quarter)}."


def _few(material: PulseMaterial) -> str:
    if not material.few:
        return ""
    return f"Fewer than {LEAST} answers, so not shown: {listing(list(map(named, material.few)))}."


def _unasked(material: PulseMaterial) -> str:
    if not material.unasked:
        return ""
    quarters = listing(list(map(named, material.unasked)))
    return f"Not asked in {quarters}: fewer than {LEAST} people had a part in it."


def _running(material: PulseMaterial) -> str:
    if material.running:
        return f"{named(material.running)} is being asked; it is shown when the quarter is over."
    if material.next_at:
        return f"It is asked next {moment(material.next_at)}."
    if material.is_off:
        return "Nobody is asked: so the set-up says."
    return "" if material.shown else "It is asked once a quarter, in its last month."


_ASKED = Pulse(quarter="2026-Q4", asked=20, counts={3: 2, 4: 5, 5: 3, 7: 1})
_BEFORE = Pulse(quarter="2026-Q3", asked=18, counts={3: 4, 4: 4})
EXAMPLES: Mapping[str, PulseMaterial] = {
    "nothing": PulseMaterial(shown=()),
    "planned": PulseMaterial(shown=(), next_at=datetime(2026, 12, 10, 8, 0, tzinfo=UTC)),
    "trend": PulseMaterial(shown=(_ASKED, _BEFORE), few=("2026-Q2",), running="2027-Q1"),
    "unasked": PulseMaterial(shown=(), unasked=("2026-Q4",), is_off=True),
    "same": PulseMaterial(shown=(_BEFORE, _BEFORE)),
}
QUESTION = PulseQuestion(quarter="2026-Q4", until=date(2026, 12, 31))
