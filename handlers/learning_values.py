"""What rides on the buttons and forms of experiments, lessons and stories."""

from typing import Annotated, ClassVar

from pydantic import Field

from handlers.carried import OLD_FORM, Carried

LongId = Annotated[str, Field(min_length=1, max_length=100)]
Url = Annotated[str, Field(max_length=1000)]


class ExperimentValue(Carried):
    """The value of an experiment's button: which one."""

    experiment: LongId


class ExperimentMetadata(Carried):
    """What a form about an experiment has to know: which one, none for a new one; and where the
    list stands from which it was opened, as a message's `response_url`.
    """

    unreadable: ClassVar[str] = OLD_FORM

    experiment: LongId | None = None
    response_url: Url | None = None
