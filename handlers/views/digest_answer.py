"""The first line of a digest, in words: "4 of 6 goals on pace; Leads: 11 leads behind; …"."""

from collections.abc import Iterator

from bot.digest_answer import Answer
from bot.goal import Standing
from bot.text import in_unit, one_line
from handlers.views.goal_lines import number
from handlers.views.text import cut, isolate, plural

TITLE_SHOWN = 60


def answer(found: Answer) -> str:
    """The line as plain text: what people typed in it is not escaped yet."""
    parts = [*(_goals(found) if found.goals or found.missed else _week(found)), *_asks(found)]
    line = "; ".join(parts)
    return f"{line[:1].upper()}{line[1:]}."


def _goals(found: Answer) -> Iterator[str]:
    if found.goals == 1:
        yield "the goal is on pace" if found.well else "the goal is not on pace"
    elif found.goals:
        share = "all" if found.well == found.goals else f"{found.well} of"
        yield f"{share} {found.goals} goals on pace"
    if found.behind is not None:
        yield _behind(found.behind)
    if found.unread:
        yield f"{found.unread} not read yet"
    if found.missed:
        yield f"{plural(found.missed, 'goal', 'goals')} ended short of the target"


def _behind(standing: Standing) -> str:
    title = isolate(cut(one_line(standing.goal.title), TITLE_SHOWN))
    return f"“{title}” is {missing(standing)} behind"


def missing(standing: Standing) -> str:
    """How far a goal is behind its pace: "11", "0.42 %", with the unit where that is short."""
    gap = number(abs(standing.expected - (standing.value or 0)))
    return in_unit(gap, "%") if standing.goal.unit == "%" else gap


def _week(found: Answer) -> Iterator[str]:
    counts = [
        f"{count:,} {what}"
        for count, what in ((found.handed_in, "handed in"), (found.published, "published"))
        if count
    ]
    if counts:
        yield ", ".join(counts)
    elif found.handed_in is not None or found.published is not None:
        yield "a quiet week"
    else:
        yield "what there is to tell"
    if found.waiting:
        yield plural(found.waiting, "waits for a decision", "wait for a decision")


def _asks(found: Answer) -> Iterator[str]:
    if found.asks:
        yield "one decision needed"
