"""What is told, page by page; older ones are behind a button."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.pages import Page
from handlers.carried import WORDS_LENGTH
from handlers.ids import Action, BlockId
from handlers.learning_values import PageValue
from handlers.views.blocks import actions, button, section
from handlers.views.message import Block, Message
from handlers.views.text import MESSAGE_LIMIT, cut, inline

T = TypeVar("T")

Entry = tuple[str, Block | None]
"""What is said of one, and the button beside it, if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book(Generic[T]):
    """One kind of what is told, and what it is called. `show` makes an entry of one; `none_yet` is
    said where there is none at all, `older` is the button that turns to older ones.
    """

    what: str
    many: str
    older: Action
    none_yet: str
    show: Callable[[T, Page[T]], Entry]


def paged(book: Book[T], page: Page[T]) -> Message:
    """A page as a message that one person sees."""
    looked_for = f" with “{inline(page.text, 100)}”" if page.text.strip() else ""
    if not page.entries:
        said = f"No {book.what}{looked_for} was found." if looked_for else book.none_yet
        return Message(text=said, blocks=[section(said)])
    order = "the newest first" if page.is_first else "older ones"
    head = f"*{book.many.capitalize()}{looked_for}, {order}*"
    entries = [book.show(one, page) for one in page.entries]
    blocks = [section(head), *(section(*entry) for entry in entries)]
    if page.before is not None:
        value = PageValue(words=page.text[:WORDS_LENGTH], before=page.before.isoformat())
        older = button(book.older, "Older", value.dump(), label=f"Older {book.many}")
        blocks.append(actions(BlockId.PAGES.at(page.before.isoformat()), [older]))
    said = "\n".join([head, *(text for text, _ in entries)])
    return Message(text=cut(said, MESSAGE_LIMIT), blocks=blocks)
