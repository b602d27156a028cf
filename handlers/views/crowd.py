"""One message in place of many cards: how many wait, for whom, those due first, and the queue.

Numbers and due times only: what people typed stands on cards, where it can be erased.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.kinds import KINDS
from bot.material import CrowdMaterial
from bot.submission import Submission
from handlers.ids import Action, BlockId, TriageValue
from handlers.views import examples, words
from handlers.views.blocks import actions, button, context, section
from handlers.views.message import Block, Message
from handlers.views.text import MESSAGE_LIMIT, cut, escape, lines, listing, plural

NONE_LEFT = "What waited here was decided, erased, or has a card of its own."


def crowd(material: CrowdMaterial) -> Message:
    """The count as a headline, the first few with Open, what becomes of the rest, one button; one
    sentence once nothing of it is left.
    """
    if not material.items:
        return Message(text=NONE_LEFT, blocks=[section(NONE_LEFT)])
    head = f"*{_what(material)} for {_whom(material)}*"
    entries = [_entry(material, item) for item in material.items]
    rest = _rest(material.total - len(material.items))
    queue = button(
        Action.CROWD_QUEUE.value,
        "Open the queue",
        "queue",
        label="Open your queue",
        style="primary",
    )
    blocks = [
        section(head),
        *(section(said, _open(item)) for said, item in zip(entries, material.items, strict=True)),
        context(rest),
        actions(BlockId.CROWD.value, [queue]),
    ]
    text = lines((head, *entries, rest))
    return Message(text=cut(text, MESSAGE_LIMIT), blocks=blocks)


def _entry(material: CrowdMaterial, item: Submission) -> str:
    name = words.name(item)
    role_label = material.roles.get(item.role_id, item.role_id)
    return f"*{name[0].upper()}{name[1:]}.* {words.in_brief(item, role_label, material.now)}"


def _open(item: Submission) -> Block:
    value = TriageValue(number=item.number, version=item.version, role_id=item.role_id)
    return button(
        Action.TRIAGE_OPEN.at(item.number), "Open", value.dump(), label=f"Open {words.name(item)}"
    )


def _what(material: CrowdMaterial) -> str:
    one, many = "submission", "submissions"
    if len(material.kinds) == 1 and material.kinds[0] in KINDS:
        one = KINDS[material.kinds[0]].label.lower()
        many = f"{one}s"
    return f"{plural(material.total, f'{one} waits', f'{many} wait')}"


def _whom(material: CrowdMaterial) -> str:
    return listing([f"the {escape(label)}" for label in sorted(material.roles.values())])


def _rest(left_out: int) -> str:
    more = f"{left_out} more {'stands' if left_out == 1 else 'stand'} in the queue. "
    return (
        f"{more if left_out > 0 else ''}So many came at once that they share this message. Each "
        "has a card of its own here as soon as somebody opens it or decides."
    )


def _ideas(count: int) -> CrowdMaterial:
    items = tuple(
        replace(examples.IDEA, number=12 + place, due_at=examples.NOW + timedelta(hours=8 + place))
        for place in range(min(count, 5))
    )
    return CrowdMaterial(
        items=items,
        total=count,
        kinds=("idea",),
        roles={examples.CONTENT_LEAD.role_id: examples.CONTENT_LEAD.label},
        now=examples.NOW,
    )


EXAMPLES: Mapping[str, CrowdMaterial] = {
    "ideas": _ideas(23),
    "one-left": _ideas(1),
    "none-left": _ideas(0),
    "of-several": replace(
        _ideas(40),
        items=(examples.LEAD, examples.IDEA),
        kinds=("idea", "lead"),
        roles={role.role_id: role.label for role in (examples.LEAD_DESK, examples.CONTENT_LEAD)},
    ),
}
