"""Block Kit's blocks as HTML. A block that is not known shows its type.

Source: https://docs.slack.dev/reference/block-kit/blocks
"""

import logging
from collections.abc import Callable, Mapping, Sequence

from sandbox.model import Json
from sandbox.page.charts import chart
from sandbox.page.elements import GROUPS, KNOWN, Spot, element
from sandbox.page.html import Attribute, Html, join, slug, tag
from sandbox.page.mrkdwn import mrkdwn, plain, text_object
from sandbox.page.rich_text import rich_text
from sandbox.page.surface import Surface
from sandbox.page.tables import data_table, table

log = logging.getLogger(__name__)


def render(blocks: Sequence[Json], surface: Surface) -> Html:
    """All blocks, one below the other."""
    return join(_one(block, surface) for block in blocks)


def _one(block: Json, surface: Surface) -> Html:
    try:
        return _DRAW.get(str(block["type"]), _unknown)(block, surface)
    except Exception:
        # The rest of the page is still of use; a block that Slack takes is drawn, or it is a bug.
        log.exception("could not draw %s", block)
        return _unknown(block, surface)


def _unknown(block: Json, _surface: Surface) -> Html:
    return tag("p", f"[{block['type']}]", class_="unknown")


def _section(block: Json, surface: Surface) -> Html:
    text_id = f"{surface.key}-{slug(block['block_id'])}-text"
    text, fields = block.get("text"), block.get("fields", [])
    shown = None
    if text:
        shown = tag("div", text_object(text, surface.scene), id=text_id, class_="text")
    cells = [tag("div", text_object(cell, surface.scene)) for cell in fields]
    return tag(
        "div",
        tag(
            "div",
            shown,
            tag("div", cells, class_="fields") if cells else None,
            class_="grow",
        ),
        _accessory(block, surface, text_id if text else None),
        class_="block section",
    )


def _accessory(block: Json, surface: Surface, label: str | None) -> Html | None:
    given = block.get("accessory")
    if not given:
        return None
    if given["type"] == "image":
        return _picture(given, "thumb")
    if given["type"] not in KNOWN:
        return tag("p", f"[{given['type']}]", class_="unknown")
    says: dict[str, Attribute] = {"aria-labelledby": label} if label else _own_name(given)
    if given["type"] in {"button", "overflow"}:
        says = {}
    return tag("div", element(Spot(surface=surface, block=block, element=given, says=says)))


def _own_name(given: Json) -> dict[str, Attribute]:
    placeholder = (given.get("placeholder") or {}).get("text")
    return {"aria-label": given.get("accessibility_label") or placeholder or given["action_id"]}


def _header(block: Json, surface: Surface) -> Html:
    level = min(surface.heading + int(block.get("level", 1)) - 1, 6)
    return tag(f"h{level}", plain(block["text"]), class_="block header")


def _context(block: Json, surface: Surface) -> Html:
    parts = [
        _picture(part, "tiny")
        if part["type"] == "image"
        else tag("div", text_object(part, surface.scene))
        for part in block.get("elements", [])
    ]
    return tag("div", parts, class_="block context")


def _divider(_block: Json, _surface: Surface) -> Html:
    return tag("hr")


def _actions(block: Json, surface: Surface) -> Html:
    shown = [
        element(Spot(surface=surface, block=block, element=given, says=_says(given)))
        for given in block.get("elements", [])
    ]
    return tag("div", shown, class_="block actions")


def _says(given: Json) -> dict[str, Attribute]:
    return {} if given["type"] in {"button", "overflow"} else _own_name(given)


def _image(block: Json, _surface: Surface) -> Html:
    title = block.get("title")
    shown = _picture(block, "picture")
    return tag("div", tag("div", plain(title)) if title else None, shown, class_="block")


def _picture(image: Json, size: str) -> Html:
    """Nothing is loaded from anywhere: a box with the text that stands for the picture."""
    alt = str(image.get("alt_text", ""))
    inner = tag("span", "🖼", aria_hidden="true")
    if size == "tiny":
        return tag("span", inner, class_=size, role="img", aria_label=alt or "picture", title=alt)
    return tag("div", inner, tag("span", alt), class_=size)


def _rich_text(block: Json, surface: Surface) -> Html:
    return tag("div", rich_text(block, surface.scene), class_="block rich")


def _table(block: Json, surface: Surface) -> Html:
    return tag("div", table(block, surface.scene), class_="block")


def _data_table(block: Json, surface: Surface) -> Html:
    return tag("div", data_table(block, surface.scene), class_="block")


def _chart(block: Json, _surface: Surface) -> Html:
    return tag("div", chart(block), class_="block")


def _markdown(block: Json, surface: Surface) -> Html:
    return tag("div", mrkdwn(str(block.get("text", "")), surface.scene), class_="block")


def _input(block: Json, surface: Surface) -> Html:
    given = block["element"]
    key = surface.id(block, given)
    error, hint = surface.errors.get(block["block_id"]), block.get("hint")
    described = [f"{key}-error" if error else "", f"{key}-hint" if hint else ""]
    says: dict[str, Attribute] = {
        "aria-describedby": " ".join(filter(None, described)) or None,
        "aria-invalid": "true" if error else None,
        "aria-required": None if block.get("optional") else "true",
    }
    name = join(
        [
            plain(block["label"]),
            tag("span", " (optional)", class_="optional") if block.get("optional") else None,
        ]
    )
    if given["type"] in GROUPS:
        says["aria-labelledby"] = f"{key}-label"
        label = tag("span", name, id=f"{key}-label", class_="label")
    else:
        label = tag("label", name, for_=key, class_="label")
    return tag(
        "div",
        label,
        element(Spot(surface=surface, block=block, element=given, says=says)),
        tag("p", error, id=f"{key}-error", class_="error") if error else None,
        tag("p", plain(hint), id=f"{key}-hint", class_="hint") if hint else None,
        id=f"{key}-field",
        class_="block field wrong" if error else "block field",
    )


_DRAW: Mapping[str, Callable[[Json, Surface], Html]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "divider": _divider,
    "actions": _actions,
    "image": _image,
    "rich_text": _rich_text,
    "table": _table,
    "data_table": _data_table,
    "data_visualization": _chart,
    "markdown": _markdown,
    "input": _input,
}
