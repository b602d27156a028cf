"""What is drawn in a message, with the same in words, and how much of it one message takes."""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.views.blocks import section
from handlers.views.message import Block

MOST = {"table": 1, "data_visualization": 2}
"""How many of them a message takes; https://docs.slack.dev/reference/block-kit/blocks/table-block
and https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block.
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart or a table: the same in words, `block`, and what stands in its place in a workspace
    that refuses charts; None: the words.
    """

    words: tuple[str, ...]
    block: Block
    plain: Block | None = None


def all_drawn(pieces: Iterable[str | Drawn]) -> list[Block]:
    """The blocks for paper, which has room for all that is drawn."""
    return [section(piece) if isinstance(piece, str) else piece.block for piece in pieces]


def laid_out(
    pieces: Iterable[str | Drawn], *, is_plain: bool = False, in_words: bool = False
) -> list[Block]:
    """The blocks of a message; what is drawn beyond what a message takes is said in words.

    `is_plain`: without charts; `in_words`: with nothing drawn at all.
    """
    room = dict(MOST)
    blocks = []
    for piece in pieces:
        if isinstance(piece, str):
            blocks.append(section(piece))
            continue
        block = piece.plain if is_plain else piece.block
        kind = block["type"] if block is not None else ""
        if block is None or (in_words and kind in room) or room.get(kind, 1) < 1:
            blocks.append(section("\n".join(piece.words)))
            continue
        if kind in room:
            room[kind] -= 1
        blocks.append(block)
    return blocks
