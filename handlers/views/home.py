"""The Home tab: hand in, what waits for me, what is mine, and where help is."""

from collections.abc import Mapping

from bot.kinds import KINDS, Kind
from bot.material import HomeMaterial, ListMaterial
from handlers.ids import Action, Callback, HandInValue
from handlers.views import lists
from handlers.views.blocks import button, context, divider, header, section
from handlers.views.help import ANYWHERE
from handlers.views.message import Block, View


def home(material: HomeMaterial) -> View:
    """The Home tab of one person; useful too for somebody who never handed in anything."""
    blocks: list[Block] = [
        section(f"{k.emoji} *{k.label}* {k.purpose}", _hand_in(k)) for k in _KINDS
    ]
    blocks.append(context(ANYWHERE))
    if material.queue is not None:
        blocks += _part("Waits for your decision", material.queue, lists.NOTHING_WAITS)
        blocks += lists.queue_blocks(material.queue)
        blocks += _more(material.queue)
    if material.mine.items:
        blocks += _part("What you handed in", material.mine, "")
        blocks += [section(lists.entry(material.mine, item)) for item in material.mine.items]
        blocks += _more(material.mine)
    return {"type": "home", "callback_id": Callback.HOME.value, "blocks": blocks}


_KINDS = tuple(KINDS.values())


def _hand_in(kind: Kind) -> Block:
    return button(
        Action.HOME_HAND_IN.at(kind.key),
        f"Hand in {kind.label.lower()}",
        HandInValue(kind=kind.key).dump(),
        label=f"Hand in {kind.article}",
    )


def _part(title: str, listed: ListMaterial, empty: str) -> list[Block]:
    count = f" ({listed.total})" if listed.total else ""
    blocks = [divider(), header(f"{title}{count}")]
    return blocks if listed.items else [*blocks, section(empty)]


def _more(listed: ListMaterial) -> list[Block]:
    rest = lists.more(listed)
    return [context(rest)] if rest else []


EXAMPLES: Mapping[str, HomeMaterial] = {
    "newcomer": HomeMaterial(user_id="U0NEW", mine=lists.MINE["empty"], queue=None),
    "submitter": HomeMaterial(user_id="U0ANA", mine=lists.MINE["every-state"], queue=None),
    "lead": HomeMaterial(user_id="U0BEN", mine=lists.MINE["more"], queue=lists.QUEUE["several"]),
    "lead-done": HomeMaterial(
        user_id="U0BEN", mine=lists.MINE["empty"], queue=lists.QUEUE["empty"]
    ),
}
