"""What rides on the button below a question and on the form for its answer."""

from typing import ClassVar

from handlers.carried import OLD_FORM, Carried, Number


class AnswerValue(Carried):
    """The value of "Answer" below a question."""

    number: Number


class AnswerMetadata(Carried):
    """What the answer form has to know."""

    unreadable: ClassVar[str] = OLD_FORM

    number: Number
