"""Answers to "what is mine?" and "what waits for me?", seen by the asking person alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.lifecycle import State
from bot.material import ListMaterial
from bot.submission import Submission
from handlers.ids import Action, TriageValue
from handlers.views import examples, words
from handlers.views.blocks import button, context, section
from handlers.views.message import Block, Message
from handlers.views.text import MESSAGE_LIMIT, cut, plural

TITLE_SHOWN = 100

NOTHING_MINE = (
    "You have not handed in anything yet. An idea, a customer's words, a hint at a lead: "
    "the buttons on Social Desk's Home tab open the form."
)
NOTHING_WAITS = "Nothing waits for your decision."


def mine(material: ListMaterial) -> Message:
    """What the person handed in, newest first, and where each stands."""
    if not material.items:
        return _message([NOTHING_MINE], [section(NOTHING_MINE)])
    head = f"*You handed in {plural(material.total, 'submission', 'submissions')}*"
    blocks = [section(head), *(section(entry(material, item)) for item in material.items)]
    return _with_items(material, head, blocks)


def queue(material: ListMaterial) -> Message:
    """What waits for the person's decision, first due first, each with a button to open it."""
    if not material.items:
        return _message([NOTHING_WAITS], [section(NOTHING_WAITS)])
    waits = plural(material.total, "submission waits", "submissions wait")
    head = f"*{waits} for your decision*"
    return _with_items(material, head, [section(head), *queue_blocks(material)])


def queue_blocks(material: ListMaterial) -> list[Block]:
    """One section per submission, with a button to open it."""
    return [section(entry(material, item), _open_button(item)) for item in material.items]


def entry(material: ListMaterial, item: Submission) -> str:
    """One submission of a list: number, title, state, whose turn it is, until when."""
    role_label = material.roles.get(item.role_id, item.role_id)
    standing = words.in_brief(item, role_label, material.now)
    return f"{words.heading(item, TITLE_SHOWN)}\n{standing}"


def more(material: ListMaterial) -> str:
    """How many the list leaves out; empty when it shows all."""
    left_out = material.total - len(material.items)
    return f"{left_out} more not shown." if left_out > 0 else ""


def _open_button(item: Submission) -> Block:
    value = TriageValue(number=item.number, version=item.version, role_id=item.role_id)
    return button(
        Action.TRIAGE_OPEN.at(item.number),
        "Open",
        value.dump(),
        label=f"Open {words.name(item)}",
    )


def _with_items(material: ListMaterial, head: str, blocks: list[Block]) -> Message:
    rest = more(material)
    paragraphs = [head, *(entry(material, item) for item in material.items)]
    if rest:
        return _message([*paragraphs, rest], [*blocks, context(rest)])
    return _message(paragraphs, blocks)


def _message(paragraphs: list[str], blocks: list[Block]) -> Message:
    return Message(text=cut("\n".join(paragraphs), MESSAGE_LIMIT), blocks=blocks)


_LABELS = {role.role_id: role.label for role in examples.ROLES.values()}


def _material(items: tuple[Submission, ...], total: int | None = None) -> ListMaterial:
    count = len(items) if total is None else total
    return ListMaterial(
        items=items, total=count, roles=_LABELS, now=examples.NOW + timedelta(hours=10)
    )


MINE: Mapping[str, ListMaterial] = {
    "empty": _material(()),
    "one": _material((examples.IDEA,)),
    "every-state": _material(tuple(examples.in_every_state().values())),
    "more": _material((replace(examples.IDEA, number=30), examples.TESTIMONIAL), total=12),
}
QUEUE: Mapping[str, ListMaterial] = {
    "empty": _material(()),
    "one": _material((examples.LEAD,)),
    "several": _material(
        (
            examples.LEAD,
            examples.at_state(examples.IDEA, State.TAKEN),
            replace(examples.TESTIMONIAL, title="دار الطباعة"),
        ),
        total=5,
    ),
}
EXAMPLES: Mapping[str, ListMaterial] = {
    **{f"mine-{key}": material for key, material in MINE.items()},
    **{f"queue-{key}": material for key, material in QUEUE.items()},
}
