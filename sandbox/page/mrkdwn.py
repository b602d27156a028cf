"""Slack's mrkdwn as HTML. What it does not know stays text, and text is escaped.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from sandbox.model import Json
from sandbox.page.dates import formatted
from sandbox.page.emoji import character
from sandbox.page.html import Html, h, join, tag
from sandbox.page.scene import Scene
from sandbox.text import unescape

_FENCE = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
_EMOJI = re.compile(r":([a-z0-9_+'-]+):")
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<control>[^<>\n]+)>"
    r"|(?P<url>https?://[^\s<>|]*[\w/=#&%$@+-])"
    r"|:(?P<emoji>[a-z0-9_+'-]+):"
    r"|(?<![\w*])\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<!\w)_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?!\w)"
    r"|(?<![\w~])~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
)
_DATE = re.compile(r"!date\^(?P<ts>-?\d{1,11})\^(?P<pattern>[^|^]*)(?:\^(?P<link>[^|]*))?$")
_SCHEMES = ("https://", "http://", "mailto:", "tel:")


def mrkdwn(text: str, scene: Scene) -> Html:
    """`text` as Slack keeps it (escaped) as HTML for the viewer."""
    parts = _FENCE.split(text)
    if len(parts) == 1:
        return _lines(text, scene)
    shown: list[Html] = []
    for index, part in enumerate(parts):
        if index % 2:
            shown.append(tag("pre", unescape(_flat(part, scene))))
        elif part.strip("\n"):
            shown.append(_lines(part.strip("\n"), scene))
    return join(shown)


def plain(text: Json | None) -> Html:
    """A plain_text object, its emoji names as characters."""
    given = text or {}
    content = str(given.get("text", ""))
    return h(emojis(content)) if given.get("emoji", True) else h(content)


def emojis(text: str) -> str:
    """Plain text with the common emoji names as characters."""
    return _EMOJI.sub(lambda match: character(match[1]), text)


def text_object(text: Json, scene: Scene) -> Html:
    """A text object of either type."""
    if text.get("type") == "mrkdwn":
        return mrkdwn(str(text.get("text", "")), scene)
    return join(
        (plain({**text, "text": line}) for line in text.get("text", "").split("\n")), "<br>"
    )


def link(url: str, label: str | Html, scene: Scene) -> Html:
    """A link out of the page; a link to a message of the workspace goes there instead.

    An address of any other scheme than web, mail and telephone is shown as text.
    """
    inside = f"https://{scene.ws.identity.domain}.slack.com/archives/"
    if url.startswith(inside):
        place, _, stamp = url.removeprefix(inside).partition("/p")
        ts = f"{stamp[:10]}.{stamp[10:16]}" if stamp else None
        return tag("a", label, href=f"?in={place}", data_do="go", data_place=place, data_ts=ts)
    if not url.startswith(_SCHEMES):
        return h(label)
    return tag("a", label, href=url, target="_blank", rel="noopener noreferrer")


def user_mention(user_id: str, scene: Scene) -> Html:
    """@Name; the viewer's own stands out."""
    own = " me" if user_id == scene.viewer.id else ""
    return tag("span", f"@{scene.name(user_id)}", class_=f"mention{own}")


def channel_mention(channel_id: str, label: str, scene: Scene) -> Html:
    """#name, to click on; a channel that the viewer may not see keeps its name to itself."""
    channel = scene.ws.channels.get(channel_id)
    if channel is None:
        return tag("span", f"#{label or channel_id}", class_="mention")
    if not scene.sees(channel):
        return tag("span", "🔒 private channel", class_="mention")
    return tag(
        "a",
        f"#{channel.name}",
        class_="mention",
        href=f"?in={channel.id}",
        data_do="go",
        data_place=channel.id,
    )


def date(timestamp: int, pattern: str, fallback: str, scene: Scene) -> Html:
    """A moment in the viewer's zone."""
    try:
        when = datetime.fromtimestamp(timestamp, scene.zone)
    except (OverflowError, ValueError, OSError):
        return h(fallback)
    return tag("time", formatted(when, pattern, scene.now), datetime=when.isoformat())


_TO_THE_END = re.compile(r"(?:^|\n)(?:&gt;|>){3} ?")
"""Three at the start of a line: a quote of everything behind them."""


def _lines(text: str, scene: Scene) -> Html:
    """Lines in groups: quotes, bullets, and the rest."""
    before, *rest = _TO_THE_END.split(text, maxsplit=1)
    if rest:
        quoted = tag("blockquote", _broken(rest[0].split("\n"), scene))
        return join([_lines(before, scene), quoted]) if before else quoted
    groups = [(kind, list(lines)) for kind, lines in groupby(text.split("\n"), _kind)]
    if len(groups) == 1 and groups[0][0] == "text":
        return _broken(groups[0][1], scene)
    return join(_GROUPS[kind](lines, scene) for kind, lines in groups)


def _kind(line: str) -> str:
    if line.startswith(("&gt;", ">")):
        return "quote"
    return "bullets" if line.startswith("• ") else "text"


def _quote(lines: Sequence[str], scene: Scene) -> Html:
    bare = [re.sub(r"^(?:&gt;|>) ?", "", line) for line in lines]
    return tag("blockquote", _broken(bare, scene))


def _bullets(lines: Sequence[str], scene: Scene) -> Html:
    return tag("ul", [tag("li", _inline(line[2:], scene)) for line in lines])


def _text(lines: Sequence[str], scene: Scene) -> Html:
    return tag("div", _broken(lines, scene))


_GROUPS: Mapping[str, Callable[[Sequence[str], Scene], Html]] = {
    "quote": _quote,
    "bullets": _bullets,
    "text": _text,
}


def _broken(lines: Sequence[str], scene: Scene) -> Html:
    return join((_inline(line, scene) for line in lines), "<br>")


def _inline(text: str, scene: Scene) -> Html:
    shown: list[Html] = []
    end = 0
    for match in _INLINE.finditer(text):
        shown.extend((h(unescape(text[end : match.start()])), _token(match, scene)))
        end = match.end()
    return join([*shown, h(unescape(text[end:]))])


_STYLES = {"bold": "strong", "italic": "em", "strike": "s"}


def _token(match: re.Match[str], scene: Scene) -> Html:
    kind = match.lastgroup or ""
    inner = match[kind]
    match kind:
        case "code":
            return tag("code", unescape(_flat(inner, scene)))
        case "control":
            return _control(inner, scene)
        case "url":
            return link(unescape(inner), unescape(inner), scene)
        case "emoji":
            return h(character(inner))
        case _:
            return tag(_STYLES[kind], _inline(inner, scene))


def _control(inner: str, scene: Scene) -> Html:
    """What stands between < and >."""
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return user_mention(target[1:], scene)
    if target.startswith("#"):
        return channel_mention(target[1:], unescape(label), scene)
    if target.startswith("!"):
        return _special(target, unescape(label), scene)
    if not target.startswith(_SCHEMES):
        return h(unescape(f"<{inner}>"))
    shown = _inline(label, scene) if label and "<" not in label else h(unescape(label or target))
    return link(unescape(target), shown, scene)


def _special(target: str, label: str, scene: Scene) -> Html:
    moment = _DATE.match(target)
    if moment:
        shown = date(int(moment["ts"]), unescape(moment["pattern"]), label, scene)
        return link(unescape(moment["link"]), shown, scene) if moment["link"] else shown
    name = target[1:].partition("^")[0]
    return tag("span", label or f"@{name}", class_="mention")


def _flat(text: str, scene: Scene) -> str:
    """The inside of code: links and mentions as bare text, still escaped."""

    def bare(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        if target.startswith("@"):
            return f"@{scene.name(target[1:])}"
        return label or target

    return re.sub(r"<([@#!][^<>\n]+|https?:[^<>\n]+)>", bare, text)
