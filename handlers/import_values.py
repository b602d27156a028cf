"""What rides on the buttons below a file's preview."""

from typing import Annotated

from pydantic import Field

from handlers.carried import Carried


class SheetValue(Carried):
    """The value of both buttons: the key of the message that they stand below."""

    key: Annotated[str, Field(min_length=1, max_length=200)]
