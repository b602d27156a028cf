"""Secrets at rest: personal fields and Slack's tokens, encrypted when keys are set.

Fernet is AES-128-CBC with an HMAC (https://cryptography.io/en/latest/fernet/). What is sealed names
its key, so that one look tells whether a newer key has to seal it anew, or which key is missing.
"""

import base64
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.errors import SealedError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

__all__ = ["SealedError", "Vault"]

MARK = "\x01f1:"
"""What an encrypted text begins with, before the name of its key and a colon. No typed text begins
so: control characters are taken out.
"""

NAME_LENGTH = 8
"""How long the name of a key is."""


class Vault:
    """Seals texts before they are stored and opens them again; without keys it lets them be."""

    def __init__(self, keys: Sequence[str] = (), secrets: Sequence[str] = ()) -> None:
        """`keys` are Fernet keys, 32 bytes in URL-safe base64; the first one seals, all open.
        `secrets` are others that the database does not hold: they mark where there are no keys.

        Raises ValueError for a key that is none.
        """
        marking = (b"mark:" + one.encode() for one in (*keys, *secrets))
        self._marking = [hashlib.sha256(one).digest() for one in marking] or [b""]
        self._keys = _fernets(keys)
        self._first = next(iter(self._keys), None)

    @property
    def has_keys(self) -> bool:
        """Whether it seals at all."""
        return self._first is not None

    def seal(self, text: str) -> str:
        """The text as it is to be stored; an empty one stays empty."""
        if self._first is None or not text:
            return text
        token = self._keys[self._first].encrypt(text.encode()).decode()
        return f"{MARK}{self._first}:{token}"

    def open(self, stored: str) -> str:
        """The text that was sealed; what was stored before there were keys is given back as it is.

        Raises SealedError when its key is not among ours, or it was changed since.
        """
        if not is_sealed(stored):
            return stored
        name, token = _named(stored)
        key = self._keys.get(name)
        if key is None:
            raise SealedError(
                f"Something in the database was encrypted with the key {name}, which is missing. "
                "Put that key back into ENCRYPTION_KEYS, behind the newest one "
                "(`python app.py doctor` names those that are set)."
            )
        # Loaded already: there is a key.
        from cryptography.fernet import InvalidToken  # noqa: PLC0415

        try:
            return key.decrypt(token.encode()).decode()
        except InvalidToken:
            raise SealedError(
                f"Something that the key {name} of ENCRYPTION_KEYS encrypted was changed in the "
                "database since: it can't be read any more. Look into a backup."
            ) from None

    def is_current(self, stored: str) -> bool:
        """Whether a stored text is as `seal` would store it now: sealed with the first key, or not
        at all where there is none.
        """
        if self._first is None:
            return not is_sealed(stored)
        return not stored or stored.startswith(f"{MARK}{self._first}:")

    def marks(self, text: str) -> tuple[str, ...]:
        """What stands for a text that is to be known again and not to be read: a keyed hash by each
        of its keys and secrets, the newest first. Who has the database alone can't work it out.
        """
        return tuple(
            hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()
            for key in self._marking
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its keys, the one that seals first; they tell nothing of the keys."""
        return tuple(self._keys)


def is_sealed(stored: str) -> bool:
    """Whether a stored text is encrypted, with whichever key."""
    return stored.startswith(MARK)


def _named(stored: str) -> tuple[str, str]:
    """The name of a sealed text's key, and the token."""
    name, _, token = stored.removeprefix(MARK).partition(":")
    return name, token


def _fernets(keys: Sequence[str]) -> "dict[str, Fernet]":
    if not keys:
        return {}
    # Only where there are keys: the library takes megabytes of memory.
    from cryptography.fernet import Fernet  # noqa: PLC0415

    found = [Fernet(key) for key in keys]
    return {_name_of(key): fernet for key, fernet in zip(keys, found, strict=True)}


def _name_of(key: str) -> str:
    """What a key is called: a part of its fingerprint. A key is chance, nothing to be guessed."""
    return hashlib.sha256(base64.urlsafe_b64decode(key)).hexdigest()[:NAME_LENGTH]
