"""What the core asks the storage about webhooks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.hook import Hook, Secrets


class HookStore(Protocol):
    """Webhooks, their secrets, and which messages came."""

    @property
    def can_seal(self) -> bool:
        """Whether there are keys, so that secrets are stored encrypted."""
        ...

    def all(self) -> tuple[Hook, ...]:
        """All that were not deleted, the oldest first."""
        ...

    def get(self, hook_id: str) -> Hook | None:
        """One of them, also when it was deleted; locked for this transaction where the database
        can.
        """
        ...

    def names(self) -> Mapping[str, str]:
        """What each is called, by id; of those that were deleted too."""
        ...

    def made_by(self, user_id: str) -> tuple[str, ...]:
        """The names of those that somebody made, of those that were deleted too."""
        ...

    def secrets(self, hook_id: str) -> Secrets | None:
        """Its secrets, opened. Raises SealedError when the key is missing."""
        ...

    def save(self, hook: Hook) -> None:
        """Store a new hook, or what changed of it; its secrets stay."""
        ...

    def keep_secrets(self, hook_id: str, secrets: Secrets) -> None:
        """Store its secrets, sealed."""
        ...

    def drop_secrets(self, hook_id: str) -> None:
        """Forget its secrets."""
        ...

    def first_time(self, hook_id: str, message_id: str, now: datetime) -> bool:
        """Note that a message came; False when it came before."""
        ...

    def forget_before(self, moment: datetime) -> int:
        """Forget which messages came before that."""
        ...
