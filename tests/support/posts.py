"""What the desk has posted, wherever it stands."""

from datetime import UTC, datetime

from sandbox.model import Message
from tests.support.desk import Scene


def posts_of(s: Scene) -> list[tuple[datetime, Message]]:
    """Every message of the desk with its time, replies included, the oldest first."""
    found = [
        (datetime.fromtimestamp(float(message.ts), UTC), message)
        for messages in s.ws.messages.values()
        for message in messages.values()
        if message.bot_id and message.ephemeral_to is None
    ]
    return sorted(found, key=lambda one: one[0])
