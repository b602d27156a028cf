"""What is said of an experiment, on every surface."""

from collections.abc import Mapping
from datetime import date

from bot.experiment import Result, Trial
from bot.goal import MEASURES, Measure, Sample
from bot.periods import local_date
from bot.revision import Revision
from handlers.views.goal_lines import number
from handlers.views.text import inline, lines, plural, short_day, user

RESULTS: Mapping[Result, str] = {
    Result.WORKED: "It worked",
    Result.FAILED: "It did not work",
    Result.UNCLEAR: "It is not clear",
    Result.DROPPED: "Dropped",
}

CHANGES_SHOWN = 2

SMALL = 10
"""Of fewer submissions than this it is said that they are few."""


def entry(material: Trial) -> str:
    """One experiment in a list: what is expected, until when, and how it stands or went."""
    one = material.experiment
    of = f" (number {one.number})" if one.number is not None else ""
    return lines(
        (
            f"*{inline(one.hypothesis, 400)}*{of}",
            _standing(material),
            counted(material),
            f"For: {inline(material.goal, 120)}" if material.goal else "Serves no goal.",
            changes(material),
        )
    )


def _standing(material: Trial) -> str:
    one = material.experiment
    if one.result is not None:
        return f"*{RESULTS[one.result]}:* {inline(one.happened or '', 600)}"
    kept = inline(material.role, 60)
    if material.is_over:
        return f"*Over* since {short_day(one.last_day)}: the {kept} says how it went."
    return f"Until {short_day(one.last_day)} · {kept}"


def counted(material: Trial) -> str:
    """What is measured; of one of the desk's own measures what was counted before and since."""
    one = material.experiment
    if one.measure is Measure.HAND:
        return f"Measured by: {inline(one.measured_by, 200)}"
    meaning = MEASURES[one.measure]
    days = plural(one.days, "day", "days")
    said = f"{meaning.label}: {_value(material.during)} since it began"
    said += f", {_value(material.before)} in the {days} before."
    sizes = [sample.size for sample in (material.before, material.during) if sample]
    return f"{said} So few say little." if max(sizes, default=0) < SMALL else said


def changes(material: Trial) -> str:
    """What its plan was before it was changed, who changed it and when: the newest change first."""
    newest = material.changes[: -CHANGES_SHOWN - 1 : -1]
    rest = len(material.changes) - len(newest)
    more = f"and {plural(rest, 'earlier change', 'earlier changes')}" if rest else ""
    return lines((*(_change(one, material.experiment.tz) for one in newest), more))


def _change(one: Revision, tz: str) -> str:
    before = "; ".join(_was(name, value) for name, value in one.before.items())
    at = short_day(local_date(one.at, tz))
    return f"Changed {at} by {user(one.actor_id)}. Before: {before}"


def _was(name: str, value: str) -> str:
    said = f"“{inline(value, 120)}”" if value else "nothing"
    if name == "last_day":
        day = date.fromisoformat(value)
        said = f"{short_day(day)} {day.year}"
    return f"{_WAS[name]} {said}"


_WAS = {
    "hypothesis": "expected",
    "measured": "measured by",
    "evaluation": "judged by",
    "launch": "launched as",
    "last_day": "until",
    "goal": "for",
    "role": "kept by",
}
"""What stands before each part of a plan."""


def _value(sample: Sample | None) -> str:
    if sample is None or sample.value is None:
        return "nothing"
    return number(round(sample.value, 1))
