"""What rides on the buttons and forms of the page of digests."""

from typing import ClassVar

from handlers.carried import OLD_FORM, Carried, Count
from handlers.setup_values import Name


class RoundValue(Carried):
    """The digest that a button is about; of the list, from which on it shows them."""

    key: Name | None = None
    offset: Count = 0


class RoundMetadata(Carried):
    """The digest that a form is about; none for one's own."""

    unreadable: ClassVar[str] = OLD_FORM

    key: Name | None = None
