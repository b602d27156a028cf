"""The thing that blocks stand on: a message, a modal, the Home tab."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox import blocks
from sandbox.model import Json, Message, View
from sandbox.page.html import slug
from sandbox.page.scene import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What the blocks of one message or view need to be drawn.

    `target` says on the wire what was clicked; `key` starts the ids of its elements, so that one
    message may stand on the page twice; `heading` is the level of a header block.
    """

    scene: Scene
    target: str
    key: str
    values: blocks.Values
    errors: Mapping[str, str] = field(default_factory=dict)
    heading: int = 2
    focus: str | None = None

    def id(self, block: Json, element: Json) -> str:
        """The id of an element: the same as long as its block_id and action_id stay the same."""
        return f"{self.key}-{slug(block['block_id'])}-{slug(element['action_id'])}"

    def held(self, block: Json, element: Json) -> Any:
        """What an element holds now: what was picked, or what it starts with."""
        there = self.values.get(block["block_id"], {}).get(element["action_id"])
        return blocks.held(there or blocks.initial(element))


def of_message(scene: Scene, message: Message, place: str) -> Surface:
    """A message, in the channel (`place` is "m") or in the thread beside it ("t")."""
    return Surface(
        scene=scene,
        target=f"message {message.channel} {message.ts}",
        key=message_id(message, place),
        values=message.values,
        heading=2 if place == "m" else 3,
    )


def message_id(message: Message, place: str) -> str:
    """The id of a message's element."""
    return f"{place}-{message.channel}-{message.ts}"


def of_view(
    scene: Scene, view: View, errors: Mapping[str, str] | None = None, *, heading: int
) -> Surface:
    """A modal or the Home tab; `errors` by block_id."""
    return Surface(
        scene=scene,
        target=f"view {view.id}",
        key=view.id,
        values=view.values,
        errors=errors or {},
        heading=heading,
    )
