"""What rides on the buttons that ask for a digest as a file."""

from typing import Annotated

from pydantic import Field

from handlers.carried import Carried, SlackId

Key = Annotated[str, Field(max_length=200)]


class PaperValue(Carried):
    """Which digest: one that was posted, by its subscription and period; what one would say now, by
    its subscription; or the preview of a channel.
    """

    subscription: Key = ""
    period: Key = ""
    channel: SlackId | None = None
