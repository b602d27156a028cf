"""What rides on the buttons that answer a digest's ask."""

from typing import Annotated, Literal

from pydantic import Field

from handlers.carried import Carried

Name = Annotated[str, Field(min_length=1, max_length=100)]


class AskValue(Carried):
    """Which ask, by its subscription and period, and what is said to it."""

    subscription: Name
    period: Name
    reply: Literal["yes", "not_now", "later"]
