"""Secrets at rest: personal fields and Slack's tokens, encrypted when keys are set.

Fernet is AES-128-CBC with an HMAC; MultiFernet takes several keys, so that they can be changed
without a pause: the first one encrypts, all of them decrypt
(https://cryptography.io/en/latest/fernet/).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.errors import DeskError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

_MARK = "\x01f1:"
"""What an encrypted text begins with. No typed text does: control characters are taken out."""


class SealedError(DeskError):
    """A text in the database was encrypted with a key that this process does not have."""


class Vault:
    """Seals texts before they are stored and opens them again; without keys it lets them be."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        """`keys` are Fernet keys, 32 bytes in URL-safe base64; the first one seals.

        Raises ValueError for a key that is none.
        """
        self._fernet = _fernet(keys)
        self._first = _fernet(keys[:1])

    @property
    def has_keys(self) -> bool:
        """Whether it seals at all."""
        return self._fernet is not None

    def seal(self, text: str) -> str:
        """The text as it is to be stored; an empty one stays empty."""
        if self._fernet is None or not text:
            return text
        return _MARK + self._fernet.encrypt(text.encode()).decode()

    def open(self, stored: str) -> str:
        """The text that was sealed; what was stored before there were keys is given back as it is.

        Raises SealedError when none of the keys fits.
        """
        if not stored.startswith(_MARK):
            return stored
        found = _opened(self._fernet, stored)
        if found is None:
            raise SealedError(
                "A text in the database was encrypted with another key. Put the key that it was "
                "encrypted with back into ENCRYPTION_KEYS, behind the newest one."
            )
        return found

    def is_current(self, stored: str) -> bool:
        """Whether a stored text is as `seal` would store it now: sealed with the first key."""
        if self._first is None:
            return not stored.startswith(_MARK)
        return not stored or _opened(self._first, stored) is not None


def _fernet(keys: Sequence[str]) -> "MultiFernet | None":
    if not keys:
        return None
    # Only where there are keys: the library takes megabytes of memory.
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415

    return MultiFernet([Fernet(key) for key in keys])


def _opened(fernet: "MultiFernet | None", stored: str) -> str | None:
    if fernet is None or not stored.startswith(_MARK):
        return None
    from cryptography.fernet import InvalidToken  # noqa: PLC0415  (see above)

    try:
        return fernet.decrypt(stored.removeprefix(_MARK).encode()).decode()
    except InvalidToken:
        return None
