"""A webhook into the desk, and how its messages are signed.

Source: Standard Webhooks, https://github.com/standard-webhooks/standard-webhooks
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PREFIX = "whsec_"
SECRET_BYTES = 32
"""The standard wants 24 to 64."""

WINDOW = timedelta(minutes=5)
"""By how much a message's time may be off the desk's, either way: older ones may be replayed."""

OLD_SECRET_LIVES = timedelta(days=1)
"""How long the secret before still works once there is a new one."""

KEPT = timedelta(days=7)
"""How long it is known that a message came: who follows the standard tries for three days."""

PATH = "/hooks/{place}"

NAME_LENGTH = 60
ID_LENGTH = 200
MOST_SIGNATURES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """An address at which another system tells of readings and conversions, without its secret.

    `hook_id` is the form that made it. `secret_form` is the one that made its secret. `refused`
    counts the messages in a row that could not be taken for what they say, `refusal` says why of
    the last; both times are of the last one. One that was deleted at `removed_at` has no secret any
    more: it is kept for its name, so that what came through it says from where.
    """

    hook_id: str
    name: str
    created_at: datetime
    created_by: str
    secret_form: str
    off_at: datetime | None = None
    received_at: datetime | None = None
    refused_at: datetime | None = None
    refusal: str = ""
    refused: int = 0
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """The secrets of a hook: the one that it has, and the one before, for as long as it works."""

    current: str
    old: str | None = None
    old_until: datetime | None = None

    def valid_at(self, now: datetime) -> tuple[str, ...]:
        """Those that sign what is taken now."""
        has_old = self.old is not None and self.old_until is not None and now < self.old_until
        return (self.current, self.old) if has_old and self.old else (self.current,)


@dataclass(frozen=True, slots=True)
class Signed:
    """What a message carries to prove itself: its headers, as they came, and its bytes."""

    message_id: str
    timestamp: str
    signatures: str
    body: bytes


def path_of(workspace_id: str, hook_id: str) -> str:
    """The path of a webhook's address."""
    return PATH.format(place=f"{workspace_id}.{hook_id}")


def secret_of(key: bytes) -> str:
    """A secret as the other system wants it, made of random bytes."""
    return PREFIX + base64.b64encode(key).decode()


def key_of(secret: str) -> bytes:
    """The bytes of a secret; raises ValueError for what is none."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        raise ValueError("a secret is whsec_ and base64") from None


def signature(secret: str, message: Signed) -> str:
    """How `message` is signed with `secret`; raises ValueError for a secret that is none."""
    head = f"{message.message_id}.{message.timestamp}.".encode("utf-8", "surrogateescape")
    digest = hmac.new(key_of(secret), head + message.body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def is_signed(secrets: Iterable[str], message: Signed) -> bool:
    """Whether one of its signatures is right with one of the secrets. Other versions' are passed
    over. Compared in constant time.
    """
    given = [one for one in _words(message.signatures) if one.startswith(b"v1,")]
    return any(
        hmac.compare_digest(signature(secret, message).encode(), one)
        for secret in secrets
        for one in given[:MOST_SIGNATURES]
    )


def _words(header: str) -> Sequence[bytes]:
    return header.encode("utf-8", "surrogateescape").split(b" ")


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether a message's time, in seconds since 1970, is close enough to now."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= WINDOW.total_seconds()
