"""What travels through Slack and comes back on buttons, menus and forms: typed and checked."""

from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import NotFoundError

OLD_BUTTON = (
    "This button comes from another version of Social Desk and no longer works. "
    "Open Social Desk's Home tab to go on."
)
OLD_FORM = (
    "This form comes from another version of Social Desk and can't be read any more. "
    "Copy what you typed, close the form and open it again."
)

LARGEST = 2**31 - 1
"""No number of ours is larger, and none that is fits into the database."""

SlackId = Annotated[str, Field(min_length=1, max_length=64)]
Number = Annotated[int, Field(ge=1, le=LARGEST)]
Count = Annotated[int, Field(ge=0, le=LARGEST)]
Url = Annotated[str, Field(max_length=1000)]

WORDS_LENGTH = 200
Words = Annotated[str, Field(max_length=WORDS_LENGTH)]
"""What somebody looked for, as much of it as is carried along."""


class Carried(BaseModel):
    """Data that travels through Slack and comes back, as compact JSON."""

    # Its errors reach the log, and may be about what people typed.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    unreadable: ClassVar[str] = OLD_BUTTON
    """The sentence for a person whose button or form can't be read."""

    def dump(self) -> str:
        """This as JSON, without what is unset."""
        return self.model_dump_json(exclude_none=True)

    @classmethod
    def parse(cls, raw: str | None) -> Self:
        """What `dump` wrote; raises NotFoundError for anything else."""
        try:
            return cls.model_validate_json(raw or "")
        except ValidationError:
            raise NotFoundError(cls.unreadable) from None
