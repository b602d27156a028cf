"""Answers to "what is mine?" and "what waits for me?", seen by the asking person alone."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.lifecycle import State
from bot.material import ListMaterial, QueueMaterial
from bot.served import Serves
from bot.submission import Submission
from handlers.ids import Action, Callback, TriageValue
from handlers.views import examples, serving, words
from handlers.views.blocks import button, context, modal, section
from handlers.views.message import Block, Message, View
from handlers.views.text import MESSAGE_LIMIT, cut, inline, lines, moment, plural, stored

TITLE_SHOWN = 100

NOTHING_MINE = (
    "You have not handed in anything yet. An idea, a customer's words, a hint at a lead: "
    "the buttons on Social Desk's Home tab open the form."
)
NOT_ASKED = "Say what to look for: words of a title or a text, such as `find press Graz`."
NOTHING_WAITS = "Nothing waits for your decision."

More = Callable[[int], str]
"""The sentence about so many entries that a list leaves out."""


def mine(material: ListMaterial) -> Message:
    """What the person handed in, newest first, and where each stands."""
    if not material.items:
        return Message(text=NOTHING_MINE, blocks=[section(NOTHING_MINE)])
    head = f"*You handed in {plural(material.total, 'submission', 'submissions')}*"
    return Message(
        text=_in_words(head, material, older, MESSAGE_LIMIT),
        blocks=[section(head), *mine_blocks(material)],
    )


def queue(material: QueueMaterial) -> Message:
    """What waits for the person's decision, first due first, and what is under way, the oldest
    decision first, each with a button to open it.
    """
    decide, publish = material.waiting, material.to_publish
    waits = plural(decide.total, "submission waits", "submissions wait")
    head = f"*{waits} for your decision*" if decide.items else NOTHING_WAITS
    blocks = [section(head), *queue_blocks(decide, to_decide)]
    if not publish.items:
        return Message(text=_in_words(head, decide, to_decide, MESSAGE_LIMIT), blocks=blocks)
    room = MESSAGE_LIMIT // 2
    second = f"*{plural(publish.total, 'submission', 'submissions')} under way*"
    parts = [
        _in_words(head, decide, to_decide, room),
        _in_words(second, publish, to_publish, room - 1),
    ]
    return Message(
        text="\n".join(parts),
        blocks=[*blocks, section(second), *queue_blocks(publish, to_publish)],
    )


def queue_page(material: QueueMaterial) -> View:
    """The same as a modal, for who asks for it where others are."""
    return modal(Callback.PAGE, "Your queue", queue(material).blocks, close="Close")


def found(material: ListMaterial, looked_for: str) -> Message:
    """What was found for `looked_for`, the newest first, each with a button to open it."""
    what = f"“{inline(looked_for, 100)}”"
    if not looked_for.strip():
        return Message(text=NOT_ASKED, blocks=[section(NOT_ASKED)])
    if not material.items:
        said = f"Nothing that you may see has {what} in it."
        return Message(text=said, blocks=[section(said)])
    count = plural(len(material.items), "submission", "submissions")
    head = f"*{count} with {what}, the newest first*"
    return Message(
        text=_in_words(head, material, narrower, MESSAGE_LIMIT),
        blocks=[section(head), *queue_blocks(material, narrower)],
    )


def mine_blocks(material: ListMaterial) -> list[Block]:
    """One section per submission, and how many more there are."""
    return [*(section(entry(material, item)) for item in material.items), *_more(material, older)]


def queue_blocks(material: ListMaterial, more: More) -> list[Block]:
    """One section per submission, with a button to open it, and how many more there are."""
    return [*open_blocks(material), *_more(material, more)]


def open_blocks(material: ListMaterial, place: str = "") -> list[Block]:
    """One section per submission, with a button to open it. `place` tells lists apart that may show
    the same submission in one view.
    """
    return [
        section(entry(material, item), _button(item, Action.TRIAGE_OPEN, "Open", place))
        for item in material.items
    ]


def answer_blocks(material: ListMaterial) -> list[Block]:
    """One section per question, with a button to answer it."""
    return [
        section(_question(item), _button(item, Action.WORDS_ANSWER, "Answer"))
        for item in material.items
    ]


def _question(item: Submission) -> str:
    since = f" since {moment(item.paused_at)}" if item.paused_at else ""
    return lines((words.heading(item, TITLE_SHOWN), f"Waits for your answer{since}."))


def entry(material: ListMaterial, item: Submission) -> str:
    """One submission of a list: number, title, state, whose turn it is, until when; of what is
    accepted the goal that it serves.
    """
    role_label = material.roles.get(item.role_id, item.role_id)
    standing = words.in_brief(item, role_label, material.now)
    goal = serving.served(material.serves.get(item.number))
    return lines((words.heading(item, TITLE_SHOWN), standing, goal))


def older(count: int) -> str:
    """What a person's own list leaves out."""
    receipts = "its receipt is" if count == 1 else "their receipts are"
    return f"{count} older; {receipts} in your messages with Social Desk."


def to_decide(count: int) -> str:
    """What waits for a decision beyond what is listed."""
    return f"{plural(count, 'more moves', 'more move')} up as you decide."


def to_publish(count: int) -> str:
    """What is under way beyond what is listed."""
    return f"{plural(count, 'more moves', 'more move')} up as these end."


def narrower(_count: int) -> str:
    """What was found beyond what is listed."""
    return "There are more: add a word to find fewer."


def _more(material: ListMaterial, more: More) -> list[Block]:
    left_out = material.total - len(material.items)
    return [context(more(left_out))] if left_out > 0 else []


def _in_words(head: str, material: ListMaterial, more: More, room: int) -> str:
    """A list as text in at most `room` characters: as many whole entries as fit, and the rest
    counted.
    """
    entries = [entry(material, item) for item in material.items]
    while True:
        left_out = material.total - len(entries)
        rest = [more(left_out)] if left_out > 0 else []
        said = "\n".join([head, *entries, *rest])
        if stored(said) <= room or not entries:
            return cut(said, room)
        entries.pop()


def _button(item: Submission, action: Action, text: str, place: str = "") -> Block:
    value = TriageValue(number=item.number, version=item.version, role_id=item.role_id)
    return button(
        action.at(f"{item.number}{place}"),
        text,
        value.dump(),
        label=f"{text} {words.name(item)}",
    )


_LABELS = {role.role_id: role.label for role in examples.ROLES.values()}


def _material(items: tuple[Submission, ...], total: int | None = None) -> ListMaterial:
    count = len(items) if total is None else total
    return ListMaterial(
        items=items, total=count, roles=_LABELS, now=examples.NOW + timedelta(hours=10)
    )


MINE: Mapping[str, ListMaterial] = {
    "empty": _material(()),
    "one": _material((examples.IDEA,)),
    "asked": _material((examples.at_state(examples.IDEA, State.ASKED),)),
    "every-state": _material(tuple(examples.in_every_state().values())),
    "more": _material((replace(examples.IDEA, number=30), examples.TESTIMONIAL), total=12),
}
_ACCEPTED = (
    replace(examples.at_state(examples.TESTIMONIAL, State.ACCEPTED), number=7),
    replace(examples.at_state(examples.IDEA, State.ACCEPTED), number=9, assignee_id=None),
)
QUEUE: Mapping[str, QueueMaterial] = {
    "empty": QueueMaterial(waiting=_material(()), to_publish=_material(())),
    "one": QueueMaterial(waiting=_material((examples.LEAD,)), to_publish=_material(())),
    "several": QueueMaterial(
        waiting=_material(
            (
                examples.LEAD,
                examples.at_state(examples.IDEA, State.TAKEN),
                replace(examples.left_alone()["idea-taken-left"], number=11),
                replace(examples.TESTIMONIAL, title="دار الطباعة"),
            ),
            total=5,
        ),
        to_publish=replace(
            _material(_ACCEPTED, total=9), serves={7: Serves("More <trials>"), 9: Serves()}
        ),
    ),
    "to-publish": QueueMaterial(waiting=_material(()), to_publish=_material(_ACCEPTED[:1])),
}
EXAMPLES: Mapping[str, ListMaterial | QueueMaterial] = {
    **{f"mine-{key}": material for key, material in MINE.items()},
    **{f"queue-{key}": material for key, material in QUEUE.items()},
}
FOUND: Mapping[str, tuple[ListMaterial, str]] = {
    "found-nothing": (_material(()), "<press>"),
    "found-not-asked": (_material(()), " "),
    "found-more": (
        _material((replace(examples.IDEA, number=30), examples.TESTIMONIAL), total=3),
        "press & more",
    ),
}
