"""The Home tab: hand in, what I have to decide and to publish, what is mine, and where help is."""

from collections.abc import Mapping

from bot.kinds import KINDS, Kind
from bot.material import HomeMaterial, ListMaterial, QueueMaterial
from handlers.ids import Action, Callback, HandInValue
from handlers.views import goals, lists
from handlers.views.blocks import button, context, divider, header, section
from handlers.views.goals import goals_blocks
from handlers.views.help import ANYWHERE
from handlers.views.message import Block, View


def home(material: HomeMaterial) -> View:
    """The Home tab of one person; useful too for somebody who never handed in anything."""
    blocks: list[Block] = [
        section(f"{k.emoji} *{k.label}* {k.purpose}", _hand_in(k)) for k in _KINDS
    ]
    blocks.append(context(ANYWHERE))
    if material.queue is not None:
        blocks += _queue(material.queue)
    blocks += goals_blocks(material.goals)
    if material.mine.items:
        blocks += _title("What you handed in", material.mine)
        blocks += lists.mine_blocks(material.mine)
    return {"type": "home", "callback_id": Callback.HOME.value, "blocks": blocks}


_KINDS = tuple(KINDS.values())


def _hand_in(kind: Kind) -> Block:
    return button(
        Action.HOME_HAND_IN.at(kind.key),
        f"Hand in {kind.label.lower()}",
        HandInValue(kind=kind.key).dump(),
        label=f"Hand in {kind.article}",
    )


def _queue(queue: QueueMaterial) -> list[Block]:
    blocks = _title("Waits for your decision", queue.waiting)
    if not queue.waiting.items:
        blocks.append(section(lists.NOTHING_WAITS))
    blocks += lists.queue_blocks(queue.waiting, lists.to_decide)
    if queue.to_publish.items:
        blocks += _title("To publish", queue.to_publish)
        blocks += lists.queue_blocks(queue.to_publish, lists.to_publish)
    return blocks


def _title(title: str, listed: ListMaterial) -> list[Block]:
    count = f" ({listed.total})" if listed.total else ""
    return [divider(), header(f"{title}{count}")]


EXAMPLES: Mapping[str, HomeMaterial] = {
    "newcomer": HomeMaterial(user_id="U0NEW", mine=lists.MINE["empty"], queue=None),
    "submitter": HomeMaterial(user_id="U0ANA", mine=lists.MINE["every-state"], queue=None),
    "lead": HomeMaterial(user_id="U0BEN", mine=lists.MINE["more"], queue=lists.QUEUE["several"]),
    "goals": HomeMaterial(
        user_id="U0BEN",
        mine=lists.MINE["empty"],
        queue=None,
        goals=goals.EXAMPLES["keeper"].material,
    ),
    "publisher": HomeMaterial(
        user_id="U0BEN", mine=lists.MINE["empty"], queue=lists.QUEUE["to-publish"]
    ),
    "lead-done": HomeMaterial(
        user_id="U0BEN", mine=lists.MINE["empty"], queue=lists.QUEUE["empty"]
    ),
}
