"""Which goal something serves, in words: on its card, and where goals are listed."""

from bot.served import Serves, Unserved
from handlers.views import words
from handlers.views.text import inline, lines, plural

TITLE_SHOWN = 80


def served(found: Serves | None) -> str:
    """Which goal something accepted serves, or that it serves none; empty where that is no
    question.
    """
    if found is None:
        return ""
    return f"Serves: {inline(found.title, 100)}" if found.title else "Serves no goal."


def count(found: Unserved) -> str:
    """How much of what is under way serves no goal; empty where all does."""
    return serve_none(found.total) if found.total else ""


def serve_none(total: int) -> str:
    """That so many serve no goal."""
    return f"{plural(total, 'accepted submission serves', 'accepted submissions serve')} no goal."


def listed(found: Unserved) -> str:
    """The same by name, the oldest first; by number alone where the title is not for the reader."""
    rows = [
        f"• {one.kind.emoji} *{one.kind.label} {one.number}*"
        if one.number in found.unnamed
        else f"• {words.heading(one, TITLE_SHOWN)}"
        for one in found.items
    ]
    rest = found.total - len(found.items)
    return lines(("*Under way, and serves no goal*", *rows, f"and {rest} more" if rest else ""))
