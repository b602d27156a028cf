"""How a check tells what it found: messages in Slack's shape."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """The error code and `response_metadata.messages`; no messages means it passes."""

    code: str
    messages: Sequence[str]
