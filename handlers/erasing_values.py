"""What rides on the button and the form of erasing."""

from enum import StrEnum
from typing import ClassVar

from handlers.carried import OLD_FORM, Carried, Number


class EraseValue(Carried):
    """The value of the button: which submission."""

    number: Number


class EraseMetadata(Carried):
    """What the form has to know: which submission."""

    unreadable: ClassVar[str] = OLD_FORM

    number: Number


class Scope(StrEnum):
    """What is to go: the values of the form's choice."""

    PERSONAL = "personal"
    WHOLE = "whole"
