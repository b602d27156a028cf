"""A code phrase, as data: what somebody says at the counter who saw a post (P26)."""

from dataclasses import dataclass
from datetime import datetime

from bot.text import folded, one_line


def phrase_key(text: str) -> str:
    """One form for however a phrase is said or typed: case, spaces and hyphens aside."""
    return "".join(char for char in folded(one_line(text)) if char.isalnum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """`words` as people say them. It stands for the post `number`, or for what `reference` names
    (an experiment, a fair); whoever says it did what `type_key` names.
    """

    words: str
    type_key: str
    number: int | None
    reference: str | None
    created_at: datetime
    created_by: str

    @property
    def key(self) -> str:
        """Its one form."""
        return phrase_key(self.words)
