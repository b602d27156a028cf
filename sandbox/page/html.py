"""HTML made by plain functions. A string is escaped unless it is of type `Html`."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import TypeAlias

VOID = frozenset({"br", "hr", "img", "input"})


class Html(str):
    """Markup that is safe to send as it is. Only this module and its callers' tags make it."""

    __slots__ = ()


Child: TypeAlias = "str | int | Iterable[Child] | None"
Attribute: TypeAlias = "str | int | bool | None"


def h(value: object) -> Html:
    """`value` as text: `& < > " '` escaped, unless it is `Html` already."""
    return value if isinstance(value, Html) else Html(escape(str(value)))


def join(children: Child, between: str = "") -> Html:
    """Children one after the other, each escaped; None is left out."""
    return Html(between.join(_flat(children)))


def tag(
    name: str, /, *children: Child, attrs: Mapping[str, Attribute] | None = None, **named: Attribute
) -> Html:
    """An element. `class_` becomes class, `data_do` becomes data-do; `attrs` are taken as named.

    True gives a bare attribute; None and False leave it out.
    """
    given = {key.rstrip("_").replace("_", "-"): value for key, value in named.items()}
    given.update(attrs or {})
    opening = "".join(_attribute(key, value) for key, value in given.items())
    if name in VOID:
        return Html(f"<{name}{opening}>")
    return Html(f"<{name}{opening}>{join(children)}</{name}>")


def slug(text: str) -> str:
    """Any text as a part of an element's id, which may hold no spaces; different texts differ."""
    return "".join(char if char.isalnum() or char == "-" else f"_{ord(char):x}_" for char in text)


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    return f" {key}" if value is True else f' {key}="{escape(str(value))}"'


def _flat(child: Child) -> Iterable[str]:
    if child is None:
        return
    if isinstance(child, (str, int)):
        yield h(child)
        return
    for entry in child:
        yield from _flat(entry)
