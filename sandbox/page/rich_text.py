"""rich_text blocks as HTML.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from collections.abc import Callable, Mapping

from sandbox.model import Json
from sandbox.page.emoji import character
from sandbox.page.html import Html, h, join, tag
from sandbox.page.mrkdwn import channel_mention, date, link, user_mention
from sandbox.page.scene import Scene

_STYLES = (("code", "code"), ("strike", "s"), ("italic", "em"), ("bold", "strong"))


def rich_text(block: Json, scene: Scene) -> Html:
    """All parts of a rich_text block; a part that is not known shows its type."""
    return join(_part(element, scene) for element in block.get("elements", []))


def as_text(value: Json | None) -> str:
    """What is written in a rich_text, without its styles: for an input that starts with it."""
    if not value:
        return ""
    if "elements" in value:
        return "".join(as_text(element) for element in value["elements"])
    return str(value.get("text") or value.get("url") or "")


def _part(element: Json, scene: Scene) -> Html:
    leaves = _leaves(element, scene)
    match element.get("type"):
        case "rich_text_section":
            return tag("div", leaves)
        case "rich_text_quote":
            return tag("blockquote", leaves)
        case "rich_text_preformatted":
            return tag("pre", as_text(element))
        case "rich_text_list":
            items = [
                tag("li", _leaves(item, scene), value=_number(element, index))
                for index, item in enumerate(element.get("elements", []))
            ]
            name = "ol" if element.get("style") == "ordered" else "ul"
            return tag(name, items, class_=f"indent{min(int(element.get('indent', 0)), 8)}")
        case other:
            return h(f"[{other}]")


def _number(element: Json, index: int) -> int | None:
    if element.get("style") != "ordered" or not element.get("offset"):
        return None
    return int(element["offset"]) + index + 1


def _leaves(element: Json, scene: Scene) -> Html:
    return join(_leaf(leaf, scene) for leaf in element.get("elements", []))


def _leaf(leaf: Json, scene: Scene) -> Html:
    shown = _LEAVES.get(str(leaf.get("type")), _unknown)(leaf, scene)
    style = leaf.get("style") or {}
    for key, name in _STYLES:
        if style.get(key):
            shown = tag(name, shown)
    return shown


def _unknown(leaf: Json, _scene: Scene) -> Html:
    return h(f"[{leaf.get('type')}]")


def _text(leaf: Json, _scene: Scene) -> Html:
    return join(str(leaf.get("text", "")).split("\n"), "<br>")


def _link(leaf: Json, scene: Scene) -> Html:
    url = str(leaf.get("url", ""))
    return link(url, str(leaf.get("text") or url), scene)


def _user(leaf: Json, scene: Scene) -> Html:
    return user_mention(str(leaf.get("user_id")), scene)


def _channel(leaf: Json, scene: Scene) -> Html:
    return channel_mention(str(leaf.get("channel_id")), "", scene)


def _emoji(leaf: Json, _scene: Scene) -> Html:
    return h(character(str(leaf.get("name"))))


def _date(leaf: Json, scene: Scene) -> Html:
    fallback = str(leaf.get("fallback", ""))
    pattern = str(leaf.get("format", "{date_short}"))
    return date(int(leaf.get("timestamp", 0)), pattern, fallback, scene)


def _broadcast(leaf: Json, _scene: Scene) -> Html:
    return tag("span", f"@{leaf.get('range')}", class_="mention")


_LEAVES: Mapping[str, Callable[[Json, Scene], Html]] = {
    "text": _text,
    "link": _link,
    "user": _user,
    "channel": _channel,
    "emoji": _emoji,
    "date": _date,
    "broadcast": _broadcast,
}
