"""One message in place of many cards: how many wait, for whom, those due first, and the queue."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.kinds import KINDS
from bot.material import CrowdMaterial, ListMaterial
from handlers.ids import Action, BlockId
from handlers.views import examples
from handlers.views.blocks import actions, button, context, section
from handlers.views.lists import entry, open_blocks
from handlers.views.message import Message
from handlers.views.text import MESSAGE_LIMIT, cut, escape, lines, listing, plural


def crowd(material: CrowdMaterial) -> Message:
    """The count as a headline, the first few with Open, what becomes of the rest, one button."""
    head = f"*{_what(material)} for {_whom(material)}*"
    shown = ListMaterial(
        items=material.items, total=material.total, roles=dict(material.roles), now=material.now
    )
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
        *open_blocks(shown),
        context(rest),
        actions(BlockId.CROWD.value, [queue]),
    ]
    text = lines((head, *(entry(shown, item) for item in material.items), rest))
    return Message(text=cut(text, MESSAGE_LIMIT), blocks=blocks)


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
    "of-several": replace(
        _ideas(40),
        items=(examples.LEAD, examples.IDEA),
        kinds=("idea", "lead"),
        roles={role.role_id: role.label for role in (examples.LEAD_DESK, examples.CONTENT_LEAD)},
    ),
}
