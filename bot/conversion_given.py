"""A conversion as files and other systems tell of it: texts, which become what the desk records."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.amount import Amount
from bot.conversion import ConversionType
from bot.conversions import RecordConversion, Seen
from bot.errors import FieldError
from bot.links import is_link
from bot.text import folded, one_line

_POST = re.compile(r"#?(?:post-)?[1-9][0-9]{0,8}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenConversion:
    """What is told, by the names of a file's columns. `value` is in `currency`, of all `count`
    together. `utm_content` or `post_url` is what the link said by which they came: the last touch,
    unless `last_touch` says otherwise.
    """

    type: str
    occurred_at: datetime
    count: int = 1
    value: float | None = None
    currency: str = ""
    utm_content: str = ""
    post_url: str = ""
    first_touch: str = ""
    last_touch: str = ""
    self_reported: str = ""

    @property
    def came_by(self) -> str:
        """What the link said by which they came."""
        return self.utm_content or self.post_url

    def command(
        self, source: str, external_id: str, types: Mapping[str, ConversionType]
    ) -> RecordConversion:
        """What the desk is to record; raises FieldError for an amount that is none."""
        came_by = Seen(post=self.came_by) if self.came_by else None
        return RecordConversion(
            source=source,
            external_id=external_id,
            type_key=type_key(self.type, types),
            occurred_at=self.occurred_at,
            count=self.count,
            amount=self._amount(),
            first=seen_in(self.first_touch),
            last=seen_in(self.last_touch) or came_by,
            touched=() if came_by is None else (came_by,),
            told=seen_in(self.self_reported),
        )

    def _amount(self) -> Amount | None:
        if self.value is None:
            return None
        if not self.currency:
            raise FieldError({"currency": "This is missing: a value needs it, like EUR."})
        try:
            return Amount.of(Decimal(repr(self.value)), self.currency)
        except ValueError as error:
            wrong = "currency" if "currency" in str(error) else "value"
            raise FieldError({wrong: str(error)}) from None


def type_key(given: str, types: Mapping[str, ConversionType]) -> str:
    """The key of the type that is named by its key or as people read it; else what was given."""
    plain = folded(one_line(given))
    for key, one in types.items():
        if plain in {folded(key), folded(one.label), folded(one.many)}:
            return key
    return plain


def seen_in(text: str) -> Seen | None:
    """What a text says was seen: a post by its number, tag or link, else a platform by name."""
    plain = one_line(text)
    if not plain:
        return None
    is_post = is_link(plain) or _POST.fullmatch(plain)
    return Seen(post=plain) if is_post else Seen(platform=plain)
