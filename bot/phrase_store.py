"""What the core asks the storage about code phrases."""

from collections.abc import Sequence
from typing import Protocol

from bot.phrase import Phrase


class PhraseStore(Protocol):
    """Code phrases, each in one form."""

    def add(self, phrase: Phrase) -> bool:
        """Store a new phrase; False when its form is taken."""
        ...

    def get(self, key: str) -> Phrase | None: ...

    def of_post(self, number: int) -> Phrase | None:
        """The newest phrase of a submission."""
        ...

    def newest(self, *, limit: int) -> tuple[Phrase, ...]: ...

    def keys(self, *, limit: int) -> Sequence[str]:
        """The forms of the newest, to look for what somebody meant."""
        ...
