"""What rides on the buttons and forms of decisions."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from handlers.carried import OLD_FORM, Carried

DecisionId = Annotated[str, Field(min_length=1, max_length=64)]


class DecisionField(StrEnum):
    """block_ids of the forms' inputs."""

    TEXT = "text"
    OWNER = "owner"
    DUE = "due"
    OUTCOME = "outcome"


class DecisionValue(Carried):
    """Which decision a button is about."""

    decision: DecisionId


class DecisionMetadata(Carried):
    """Which decision a form closes."""

    unreadable: ClassVar[str] = OLD_FORM

    decision: DecisionId
