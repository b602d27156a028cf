"""What real Slack would refuse without a word to the developer, or what is bad conduct."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from typing_extensions import override

Kind = Literal[
    "api",  # the bot's call broke a rule that does not depend on the state of the workspace
    "unknown_argument",  # Slack ignores it, so a misspelt one is never noticed
    "no_text",  # blocks without `text`: screen readers read only `text`
    "long_text",  # Slack splits or cuts it
    "stale_blocks",  # an update of the text alone: the blocks, and so what people see, stay
    "deactivated",  # Slack takes a message to somebody who has left, and nobody reads it
    "broadcast",  # <!channel>, <!here> or <!everyone>
    "escaping",  # typed text that went out unescaped, or escaped twice
    "no_ack",  # nothing came within 3 seconds
    "late_ack",  # it came after them
    "double_ack",
    "bad_ack",  # an ack that Slack does not understand, or an error for no input of the view
    "listener_raised",
    "unhandled",  # no listener for it
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One piece of bad conduct: what kind, where it happened, what it was."""

    kind: Kind
    where: str
    detail: str
    at: datetime
    more: Mapping[str, Any] = field(default_factory=dict)

    @override
    def __str__(self) -> str:
        return f"{self.kind} in {self.where}: {self.detail}"
