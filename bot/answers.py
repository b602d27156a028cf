"""The answers of a form, read one by one: whatever is wrong is collected, to be told at once."""

from collections.abc import Mapping
from datetime import date

from bot.errors import FieldError
from bot.text import has_words, one_line

MOST = 1_000_000_000_000
TOO_LARGE = "This number is too large."

ANY = "any"
"""Chosen where something is not to be narrowed down."""


def check_value(raw: str, *, field: str) -> float:
    """A reading's value; raises FieldError on `field` when it is no number."""
    form = Answers({field: raw})
    value = form.number(field)
    form.raise_errors()
    return value


def checked_number(value: float, *, field: str) -> float:
    """A number as goals keep them; raises FieldError on `field` when it is none or too large."""
    if not abs(value) <= MOST:
        raise FieldError({field: TOO_LARGE})
    return round(value, 2) + 0.0


class Answers:
    """The answers, and what is wrong with them so far."""

    def __init__(self, raw: Mapping[str, str]) -> None:
        self._raw = {name: one_line(value) for name, value in raw.items()}
        self.errors: dict[str, str] = {}

    def raise_errors(self) -> None:
        """Raise FieldError if anything is wrong."""
        if self.errors:
            raise FieldError({str(name): told for name, told in self.errors.items()})

    def given(self, field: str) -> str:
        """What was typed or chosen, empty when nothing was."""
        return self._raw.get(field, "")

    def text(self, field: str, length: int, missing: str = "") -> str:
        """A line of at most `length` characters; it may be empty when `missing` is."""
        text = self.given(field)
        if not text and missing:
            self.errors[field] = missing
        elif text and not has_words(text) and text != "%":
            self.errors[field] = "Please write a word or two: this has no text."
        elif len(text) > length:
            self.errors[field] = f"This has {len(text):,} characters; {length:,} fit."
        return text

    def number(self, field: str, default: float | None = None) -> float:
        """A number with two decimals at most that are kept."""
        text = self.given(field)
        if not text and default is not None:
            return default
        try:
            value = float(text)
        except ValueError:
            self.errors[field] = "Please give a number." if text else "Please fill in a number."
            return 0.0
        try:
            return checked_number(value, field=field)
        except FieldError as error:
            self.errors.update(error.fields)
            return 0.0

    def day(self, field: str) -> date | None:
        """A day in ISO form."""
        try:
            return date.fromisoformat(self.given(field))
        except ValueError:
            self.errors[field] = "Please choose a day."
            return None

    def choice(self, field: str, known: tuple[str, ...]) -> str | None:
        """One of those known, None when nothing was chosen."""
        value = self.given(field)
        if value in {"", ANY}:
            return None
        if value not in known:
            self.errors[field] = "Please choose from the list."
        return value
