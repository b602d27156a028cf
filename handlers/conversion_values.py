"""What rides on the buttons and forms of conversions, phrases and spending."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bot.conversion import Dimension
from handlers.carried import OLD_FORM, Carried, Number

ConversionId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class ConversionValue(Carried):
    """The value of an entry's menu and of an undo button."""

    id: ConversionId
    verb: Literal["correct", "undo"] = "undo"


class SpendValue(Carried):
    """The value of an undo button of spending."""

    id: Annotated[str, Field(min_length=1, max_length=64)]


class EntryMetadata(Carried):
    """What the form of a conversion has to know: the entry that it corrects, if it does."""

    unreadable: ClassVar[str] = OLD_FORM

    replaces: ConversionId | None = None


class ResultsValue(Carried):
    """The value of a choice at the table of results: all that it shows then."""

    type: Annotated[str, Field(max_length=64)] | None = None
    by: Dimension = Dimension.PLATFORM


class LinksMetadata(Carried):
    """What the page of a post's links has to know."""

    unreadable: ClassVar[str] = OLD_FORM

    number: Number
