"""What a view builder returns for a message."""

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
"""One Block Kit block, as Slack's JSON has it."""

View = dict[str, Any]
"""A modal or a Home tab, as Slack's JSON has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as chat.postMessage and chat.update take it.

    `text` says everything that `blocks` say, because screen readers and notifications read only
    that (https://docs.slack.dev/reference/methods/chat.postMessage#accessibility); it is at most
    4,000 characters, chat.update's limit. `plain_blocks` are the same blocks without charts, for a
    workspace that refuses charts; None when there is no chart.
    """

    text: str
    blocks: list[Block]
    plain_blocks: list[Block] | None = None
