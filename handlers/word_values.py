"""What rides on the form for an answer."""

from typing import ClassVar

from handlers.carried import OLD_FORM, Carried, Number


class AnswerMetadata(Carried):
    """What the answer form has to know."""

    unreadable: ClassVar[str] = OLD_FORM

    number: Number
