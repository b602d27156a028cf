"""The question for somebody's department, asked once, at the end of a hand-in form."""

from collections.abc import Sequence

from handlers.ids import BlockId
from handlers.views.blocks import input_block, select
from handlers.views.message import Block, View

MOST = 100
"""A select takes 100 options (https://docs.slack.dev/reference/block-kit/block-elements)."""


def with_department(view: View, departments: Sequence[str]) -> View:
    """`view` with a select of departments before its last line; unchanged when there are none."""
    if not departments:
        return view
    blocks: list[Block] = view["blocks"]
    asked = input_block(
        BlockId.DEPARTMENT.value,
        "Your department",
        select((name, name) for name in departments[:MOST]),
        optional=True,
        hint="Asked once; leave it empty if yours is not here.",
    )
    return {**view, "blocks": [*blocks[:-1], asked, blocks[-1]]}
