"""What rides on the buttons and forms of experiments, lessons and stories."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bot.errors import NotFoundError
from handlers.carried import OLD_FORM, Carried, Count, Number, Url, Words

LongId = Annotated[str, Field(min_length=1, max_length=100)]


class ExperimentValue(Carried):
    """The value of an experiment's button or menu: which one, and what is to be done with it."""

    experiment: LongId
    verb: Literal["end", "change"] = "end"


class ExperimentMetadata(Carried):
    """What a form about an experiment has to know: which one, none for a new one, and how often it
    was changed; and where the list stands from which it was opened, as a message's `response_url`.
    """

    unreadable: ClassVar[str] = OLD_FORM

    experiment: LongId | None = None
    changes: Count = 0
    response_url: Url | None = None


class PageValue(Carried):
    """The value of the button that turns to older entries: what was looked for, and from which
    moment on (ISO).
    """

    words: Words = ""
    before: Annotated[str, Field(max_length=40)]

    def moment(self) -> datetime:
        """The moment; raises NotFoundError for what is none."""
        try:
            found = datetime.fromisoformat(self.before)
        except ValueError:
            raise NotFoundError(self.unreadable) from None
        if found.tzinfo is None:
            raise NotFoundError(self.unreadable)
        return found


class PulseValue(Carried):
    """The value of a number to choose: the quarter that it answers for, and the number."""

    quarter: Annotated[str, Field(pattern=r"^[0-9]{4}-Q[1-4]$")]
    value: Annotated[int, Field(ge=1, le=7)]


class LessonValue(Carried):
    """The value of the button that changes a lesson, and what was looked for when it was found."""

    lesson: LongId
    words: Words = ""


class LessonMetadata(Carried):
    """What the form of a lesson has to know: the submission that it is about, None for none; the
    lesson that is changed, how often it was, and where the list stands that shows it.
    """

    unreadable: ClassVar[str] = OLD_FORM

    number: Number | None = None
    lesson: LongId | None = None
    changes: Count = 0
    words: Words = ""
    response_url: Url | None = None
