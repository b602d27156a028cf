"""Text as Slack keeps it: escaping, mentions, lengths.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Callable

_CONTROL = re.compile(r"<(?:[@#!][^<>]*|(?:https?|mailto|tel|slack):[^<>]*)>")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_BROADCAST = re.compile(r"<!(?:channel|here|everyone)(?:\|[^<>]*)?>")
_DOUBLE = re.compile(r"&amp;(?:amp|lt|gt);")
_URL = re.compile(r"https?://[^\s<>]+")
_MENTION = re.compile(r"(?<![\w&])([@#])([\w.-]*\w)")


def escape(text: str) -> str:
    """`&`, `<` and `>` as Slack sends them; nothing else is escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The reverse of `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def stored_length(text: str) -> int:
    """How long Slack takes mrkdwn to be: a bare `&`, `<` or `>` counts as its entity."""
    bare = _ENTITY.sub("e", _CONTROL.sub("", text))
    controls = sum(len(match) for match in _CONTROL.findall(text))
    entities = sum(len(match) - 1 for match in _ENTITY.findall(text))
    return controls + entities + len(escape(bare))


def broadcasts(text: str) -> list[str]:
    """The `<!channel>`, `<!here>` and `<!everyone>` in a text that goes out."""
    return _BROADCAST.findall(text)


def escaping_mistakes(text: str) -> list[str]:
    """Signs that typed text went out unescaped or escaped twice."""
    mistakes = [f"escaped twice: {match}" for match in _DOUBLE.findall(text)]
    rest = _CONTROL.sub("", text)
    if re.search(r"<[^\s<>]", rest):
        mistakes.append(f"a bare < that Slack may read as markup: {rest[:80]!r}")
    if re.search(r"&(?!(?:amp|lt|gt);)", rest):
        mistakes.append(f"a bare &: {rest[:80]!r}")
    return mistakes


def typed(text: str, resolve: Callable[[str, str], str | None], *, links: bool) -> str:
    """Typed text as it reaches an app: escaped, `@name` and `#channel` as ids, links in brackets.

    `resolve(sign, name)` gives the markup of a mention or None.
    """

    def mention(match: re.Match[str]) -> str:
        return resolve(match[1], match[2]) or match[0]

    parts: list[str] = []
    end = 0
    for url in _URL.finditer(text):
        parts.extend((_MENTION.sub(mention, escape(text[end : url.start()])), _link(url[0], links)))
        end = url.end()
    parts.append(_MENTION.sub(mention, escape(text[end:])))
    return "".join(parts)


def _link(url: str, links: bool) -> str:  # noqa: FBT001  (one private caller)
    return f"<{escape(url)}>" if links else escape(url)
