"""Lists that are turned page by page, older entries behind a button."""

from dataclasses import dataclass
from datetime import datetime

from handlers.ids import Action, BlockId
from handlers.learning_values import WORDS_LENGTH, PageValue
from handlers.views.blocks import actions, button, section
from handlers.views.message import Message
from handlers.views.text import MESSAGE_LIMIT, cut, inline


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A page: its entries ready to show, what was looked for, and from which moment on the older
    ones follow; None when these were the last. `none_yet` is said where there is none at all.
    """

    what: str
    many: str
    action: Action
    entries: tuple[str, ...]
    text: str
    is_first: bool
    before: datetime | None
    none_yet: str


def paged(page: Paged) -> Message:
    """The page as a message that one person sees."""
    looked_for = f" with “{inline(page.text, 100)}”" if page.text.strip() else ""
    if not page.entries:
        said = f"No {page.what}{looked_for} was found." if looked_for else page.none_yet
        return Message(text=said, blocks=[section(said)])
    order = "the newest first" if page.is_first else "older ones"
    head = f"*{page.many.capitalize()}{looked_for}, {order}*"
    blocks = [section(head), *(section(entry) for entry in page.entries)]
    if page.before is not None:
        value = PageValue(words=page.text[:WORDS_LENGTH], before=page.before.isoformat())
        older = button(page.action, "Older", value.dump(), label=f"Older {page.many}")
        blocks.append(actions(BlockId.PAGES.at(page.before.isoformat()), [older]))
    return Message(text=cut("\n".join([head, *page.entries]), MESSAGE_LIMIT), blocks=blocks)
