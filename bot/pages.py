"""What is told grows for years: it is looked for by words and turned page by page, the newest
first.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")

SHOWN = 5
"""How many entries a page has."""

AT_ONCE = 20
"""How many are looked up at once, for some of them may not be shown."""

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


def backwards(
    find: Callable[[datetime, int], Sequence[T]], before: datetime, told_at: Callable[[T], datetime]
) -> Iterator[T]:
    """All that was told before then, the newest first. `find` gives the newest before a moment, as
    many as it is asked for at most; it is asked for more only when they are wanted.
    """
    while found := find(before, AT_ONCE):
        yield from found
        if len(found) < AT_ONCE:
            return
        before = told_at(found[-1])


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
