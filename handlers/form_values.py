"""What rides on hand-in forms and on the buttons that open them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, ClassVar, Self, final

from pydantic import AfterValidator, Field, model_validator
from typing_extensions import override

from bot.errors import NotFoundError
from bot.kinds import KINDS
from bot.submission import FileRef, Origin
from bot.text import cut
from handlers.carried import OLD_FORM, Carried, SlackId


def _known_kind(key: str) -> str:
    if key not in KINDS:
        msg = "no such kind"
        raise ValueError(msg)
    return key


KindKey = Annotated[str, AfterValidator(_known_kind)]
Slot = Annotated[int, Field(ge=1, le=2)]


@final
class FormMetadata(Carried):
    """What a hand-in form has to know when it comes back.

    `channel_id` to `permalink` describe the message it was made from, if it was made from one.
    `response_channel` is the channel where the person stood, for a word that only they see. `slot`
    is the place of its draft (`bot.drafts`). `aside` holds what was typed into personal fields of a
    kind that is not chosen any more. `files` come with the message.
    """

    unreadable: ClassVar[str] = OLD_FORM

    kind: KindKey
    channel_id: SlackId | None = None
    message_ts: SlackId | None = None
    author_id: SlackId | None = None
    is_private: bool = True
    permalink: Annotated[str, Field(max_length=1000)] | None = None
    response_channel: SlackId | None = None
    slot: Slot = 1
    files: tuple[Annotated[str, Field(max_length=100)], ...] = ()
    aside: dict[str, Annotated[str, Field(max_length=1000)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _keep_private_links_in(self) -> Self:
        """A link never leads out of a private conversation."""
        if self.is_private and self.permalink is not None:
            msg = "a private message has no link"
            raise ValueError(msg)
        return self

    @classmethod
    @override
    def parse(cls, raw: str | None) -> Self:
        """As any, read once where nothing of anybody's rides along: most of those are alike."""
        if raw is None or not raw.endswith(_NOTHING_TYPED):
            return super().parse(raw)
        return _parsed(raw)

    @classmethod
    def of(cls, kind: str, origin: Origin | None, *, response_channel: str | None = None) -> Self:
        """The metadata of a form for `kind`, opened on the message `origin` or from scratch."""
        if origin is None:
            return cls(kind=kind, response_channel=response_channel)
        return cls(
            kind=kind,
            channel_id=origin.channel_id,
            message_ts=origin.message_ts,
            author_id=origin.author_id,
            is_private=origin.is_private,
            permalink=None if origin.is_private else origin.permalink,
            response_channel=response_channel,
        )

    @property
    def origin(self) -> Origin | None:
        """The message it was made from, None when there was none."""
        if self.channel_id is None or self.message_ts is None:
            return None
        return Origin(
            channel_id=self.channel_id,
            message_ts=self.message_ts,
            author_id=self.author_id,
            permalink=self.permalink,
            is_private=self.is_private,
        )

    def with_files(self, files: Sequence[FileRef]) -> Self:
        """The same with the files of its message, their names cut to what it can carry."""
        return self.model_copy(update={"files": tuple(cut(ref.given, 100) for ref in files)})

    def at_slot(self, slot: int) -> Self:
        """The same with its draft in that place."""
        return self.model_copy(update={"slot": slot})

    def with_kind(self, kind: str, *, aside: Mapping[str, str] | None = None) -> Self:
        """The same with another kind, after the person chose it in the form.

        `aside` is added to what waits for its kind to be chosen again. Raises NotFoundError for a
        kind that there is none of.
        """
        if kind not in KINDS:
            raise NotFoundError(OLD_FORM)
        kept = {**self.aside, **(aside or {})}
        return type(self).model_validate({**self.model_dump(), "kind": kind, "aside": kept})


_NOTHING_TYPED = '"files":[],"aside":{}}'
"""How a form's metadata ends that carries no file and no text."""


@lru_cache(maxsize=256)
def _parsed(raw: str) -> FormMetadata:
    return super(FormMetadata, FormMetadata).parse(raw)


class DraftValue(Carried):
    """The value of a form's button for another form: one that goes on with the draft in `slot`, or
    a new one (`is_new`) whose draft goes there.
    """

    unreadable: ClassVar[str] = OLD_FORM

    kind: KindKey
    slot: Slot
    is_new: bool = False


class HandInValue(Carried):
    """The value of a hand-in button on the Home tab."""

    kind: KindKey
