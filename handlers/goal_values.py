"""What rides on the buttons and forms of goals."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from handlers.carried import OLD_FORM, Carried, Count, Number

GoalId = Annotated[str, Field(min_length=1, max_length=64)]


class GoalValue(Carried):
    """The value of a goal's buttons and of its menu's entries, as they were shown: the goal, its
    version, how many readings it had, of an entry what it does, and how sure somebody is.
    """

    goal: GoalId
    version: Number
    seq: Count = 0
    verb: Literal["trail", "change", "drop", "answer"] | None = None
    confidence: Literal["sure", "unsure", "doubtful"] | None = None


class GoalFormMetadata(Carried):
    """What a form about a goal has to know: which goal at which version, none for a new one; and
    where the list stands from which it was opened, to bring it up to date: a message's
    `response_url`. `is_answer`: it was opened from a question.
    """

    unreadable: ClassVar[str] = OLD_FORM

    goal: GoalId | None = None
    version: Number | None = None
    response_url: Annotated[str, Field(max_length=1000)] | None = None
    is_answer: bool = False
