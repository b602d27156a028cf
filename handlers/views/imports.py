"""A file's way in: the form, what it brings, and what came of it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.columns import LAYOUTS, Content, Fault
from bot.goal import Goal
from bot.importing import Stored
from bot.imports import Found, GivenReading
from bot.sheet import LARGEST, MOST_ROWS
from bot.sheet_import import FILES
from handlers.ids import Action, BlockId, Callback
from handlers.import_values import SheetValue
from handlers.views import goal_examples
from handlers.views.blocks import actions, button, context, input_block, modal, section, verbatim
from handlers.views.message import Block, Message, View
from handlers.views.text import (
    MESSAGE_LIMIT,
    chunks,
    cut,
    escape,
    inline,
    lines,
    listing,
    moment,
    plural,
    told,
)

ROOM = 3_400
ONE_RUN = timedelta(minutes=15)
"""Characters for lines that can't be read, of the 4,000 that a message has."""

GOALS_NAMED = 3

TEMPLATES = {
    Content.READINGS: "goal,date,value\nTrial sign-ups,2026-11-30,31",
    Content.CONVERSIONS: (
        "external_id,occurred_at,type,count,value,currency,utm_content\n"
        "order-4711,2026-11-30,revenue,1,99.50,EUR,42"
    ),
}
"""The smallest file of each sort, to be copied."""


def import_form() -> View:
    """Asks for the file."""
    element: Block = {
        "type": "file_input",
        "action_id": Action.VALUE.value,
        "filetypes": ["csv", "xlsx"],
        "max_files": 1,
    }
    hint = (
        f"Up to {LARGEST // 2**20} MB and {MOST_ROWS:,} lines. Nothing is stored before you say so."
    )
    blocks: list[Block] = [
        input_block(FILES, "CSV or XLSX", element, hint=hint),
        section("*Readings of goals*, a goal by its title:"),
        *verbatim(TEMPLATES[Content.READINGS], 2_000),
        section("*Conversions*; only type and occurred_at are needed:"),
        *verbatim(TEMPLATES[Content.CONVERSIONS], 2_000),
        context(
            "Besides: " + ", ".join(LAYOUTS[Content.CONVERSIONS].optional[5:]) + ". "
            "An external_id makes a line count once however it changes; with a webhook's name, "
            "also if it comes by that as well."
        ),
    ]
    return modal(
        Callback.IMPORT_FORM, "Import a file", blocks, submit="Look into it", close="Cancel"
    )


def brings(found: Found, goals: Sequence[Goal]) -> str:
    """What a file would bring: "214 readings for 3 goals; 2 lines can't be read."."""
    bad = len({one.line for one in found.faults})
    left = f"; {plural(bad, 'line', 'lines')} can't be read." if bad else "."
    if found.content is Content.CONVERSIONS:
        types = Counter(one.type_key for _, one in found.conversions)
        named = listing([f"{count} {key}" for key, count in types.items()])
        of = f" ({named})" if len(types) > 1 else ""
        return plural(len(found.conversions), "line", "lines") + f" of conversions{of}{left}"
    named_ids = {one.goal_id for one in found.readings}
    titles = [inline(one.title, 60) for one in goals if one.goal_id in named_ids]
    of = plural(len(titles), "goal", "goals")
    if 0 < len(titles) <= GOALS_NAMED:
        of = listing([f"“{title}”" for title in titles])
    for_them = f" for {of}" if titles else ""
    return f"{plural(len(found.readings), 'reading', 'readings')}{for_them}{left}"


def came_of_it(stored: Stored, told: Callable[[datetime], str] = moment) -> str:
    """What came of an import: "212 lines are new; 2 came in with an earlier run, 09:00.". `told`
    says a moment.
    """
    bad = f"; {len(stored.faults):,} could not be stored" if stored.faults else ""
    new = plural(stored.new, "line is new", "lines are new")
    return f"Imported: {new}{_before(stored, told)}{bad}."


def _before(stored: Stored, told: Callable[[datetime], str]) -> str:
    """What had come in before, and when: a run that broke off stored all that it had come to."""
    if not stored.before:
        return ""
    first, last = stored.earlier
    is_one = last - first < ONE_RUN
    when = f"an earlier run, {told(first)}" if is_one else f"earlier runs, the last {told(last)}"
    return f"; {stored.before:,} came in with {when}"


def _faults(faults: Sequence[Fault], room: int) -> str:
    """As many lines as there is room for, and how many more there are."""
    shown: list[str] = []
    for place, fault in enumerate(faults):
        line = f"• Line {fault.line}: {escape(fault.sentence)}"
        room -= len(line) + 1
        if room < 0:
            more = len(faults) - place
            shown.append(f"• And {more:,} more. `python app.py import --dry-run` lists all.")
            break
        shown.append(line)
    return "\n".join(shown)


def preview(file_name: str, found: Found, goals: Sequence[Goal], value: SheetValue) -> Message:
    """What a file brings, and the question whether to take it."""
    unread = f"Not read: {inline(', '.join(found.unread), 200)}." if found.unread else ""
    head = lines((f"*{inline(file_name, 80)}:* {brings(found, goals)}", unread))
    said = lines((head, _faults(found.faults, ROOM - len(head))))
    blocks = [section(part) for part in chunks(said)]
    if found.readings or found.conversions:
        count = len(found.readings) + len(found.conversions)
        row = [
            button(
                Action.IMPORT_TAKE,
                "Import",
                value.dump(),
                label=f"Import {plural(count, 'line', 'lines')}",
                style="primary",
            ),
            button(Action.IMPORT_DROP, "Cancel", value.dump(), label="Import nothing"),
        ]
        blocks.append(actions(BlockId.IMPORT.at("ask"), row))
    else:
        said = lines((said, "Nothing in it can be imported."))
        blocks = [section(part) for part in chunks(said)]
    return _message(said, blocks)


def done(file_name: str, stored: Stored, faults: Sequence[Fault]) -> Message:
    """What came of it; the lines that were left out are told again."""
    head = f"*{inline(file_name, 80)}:* {came_of_it(stored)}"
    return _plain(lines((head, _faults((*faults, *stored.faults), ROOM - len(head)))))


def dropped() -> Message:
    """Somebody thought better of it."""
    return _plain("The file was not imported. Nothing was stored.")


def unreadable(file_name: str, sentence: str) -> Message:
    """The file can't be read; without a name where it can't even be had."""
    name = f"*{inline(file_name, 80)}:* " if file_name else ""
    return _plain(f"{name}{told(sentence)}")


def _plain(said: str) -> Message:
    return _message(said, [section(part) for part in chunks(said)])


def _message(said: str, blocks: list[Block]) -> Message:
    return Message(text=cut(said, MESSAGE_LIMIT), blocks=blocks)


_AT = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
_GOAL = goal_examples.BEHIND.goal
_FAULTS = (Fault(7, "value: “<abc>” is no number, like 1234.5."), Fault(9, "goal is missing."))
_READINGS = tuple(
    GivenReading(goal_id=_GOAL.goal_id, at=_GOAL.created_at, value=7, external_id=f"{line}")
    for line in (2, 3)
)
_FOUND = Found(content=Content.READINGS, readings=_READINGS, faults=_FAULTS, unread=("note",))
_VALUE = SheetValue(key="sheet:V1")

EXAMPLES: Mapping[str, Callable[[], Message | View]] = {
    "form": import_form,
    "preview": lambda: preview("numbers <&>.csv", _FOUND, (_GOAL,), _VALUE),
    "nothing": lambda: preview("x.csv", replace(_FOUND, readings=()), (_GOAL,), _VALUE),
    "many-faults": lambda: preview(
        "x.csv", replace(_FOUND, faults=_FAULTS * 500), (_GOAL,), _VALUE
    ),
    "done": lambda: done(
        "x.csv", Stored(1, 1, (Fault(3, "This goal was closed."),), (_AT, _AT)), _FAULTS
    ),
    "done-again": lambda: done("x.csv", Stored(0, 112, (), (_AT, _AT + 2 * ONE_RUN)), ()),
    "dropped": dropped,
    "gone": lambda: unreadable("", "This file can't be read: it was deleted."),
    "unreadable": lambda: unreadable("x.csv", "This file is empty."),
}
