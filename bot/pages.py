"""What is told grows for years: it is looked for by words and turned page by page, the newest
first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")

SHOWN = 5
"""How many entries a page has."""

JUST_NOW = timedelta(microseconds=1)
"""Added to a moment, so that what was told at it was told before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Somebody looks for what was told with all words of `text` in it, before then; `before` None:
    the newest.
    """

    user_id: str
    text: str = ""
    before: datetime | None = None

    def until(self, now: datetime) -> datetime:
        """The moment before which it was told."""
        return self.before or now + JUST_NOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A page of entries. `before` is where the older ones begin, None where these are the last."""

    entries: tuple[T, ...]
    text: str = ""
    is_first: bool = True
    before: datetime | None = None


def page_of(command: Look, found: Iterable[T], told_at: Callable[[T], datetime]) -> Page[T]:
    """The first page of what was found, the newest first; no more of it is asked for than that
    takes.
    """
    entries = tuple(islice(found, SHOWN + 1))
    shown = entries[:SHOWN]
    return Page(
        entries=shown,
        text=command.text,
        is_first=command.before is None,
        before=told_at(shown[-1]) if len(entries) > SHOWN else None,
    )
