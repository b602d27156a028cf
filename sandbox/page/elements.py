"""Buttons, menus and fields. Each knows its name on the wire and what it holds now.

Source: https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sandbox import blocks
from sandbox.model import Json
from sandbox.page import attached, choices
from sandbox.page.fields import field_name
from sandbox.page.html import Attribute, Html, join, tag
from sandbox.page.mrkdwn import plain
from sandbox.page.rich_text import as_text
from sandbox.page.surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One element in its block. `says` are the attributes that name and describe it."""

    surface: Surface
    block: Json
    element: Json
    says: Mapping[str, Attribute] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.surface.id(self.block, self.element)

    @property
    def dispatches(self) -> bool:
        """Whether the app hears of each change at once."""
        return self.block["type"] != "input" or bool(self.block.get("dispatch_action"))

    def wire(self) -> dict[str, Attribute]:
        """Who it is when it is pressed or changed."""
        return {
            "data-target": self.surface.target,
            "data-block": self.block["block_id"],
            "data-action": self.element["action_id"],
        }

    def attributes(self) -> dict[str, Attribute]:
        """What every single field has."""
        shared: dict[str, Attribute] = {
            "id": self.id,
            "name": field_name(self.block, self.element),
            "autofocus": self.surface.focus == self.id,
        }
        if self.dispatches:
            shared |= self.wire() | {"data-change": "press"}
        return shared | dict(self.says)


def element(spot: Spot) -> Html:
    """Draw an element; a type that the page does not know shows its name."""
    kind = str(spot.element["type"])
    if kind in choices.MANY:
        return _boxes(spot, "checkbox")
    if kind in choices.ONE:
        return _select(spot)
    return _DRAW.get(kind, _unknown)(spot)


def _unknown(spot: Spot) -> Html:
    return tag("p", f"[{spot.element['type']} can't be used in the sandbox]", class_="unknown")


def _placeholder(spot: Spot) -> str | None:
    given = spot.element.get("placeholder") or {}
    return given.get("text")


# -- buttons and menus


def _button(spot: Spot) -> Html:
    style = spot.element.get("style", "")
    shared: dict[str, Attribute] = {
        "id": spot.id,
        "class": f"btn {style}".strip(),
        "data-do": "press",
        "aria-label": spot.element.get("accessibility_label"),
        "autofocus": spot.surface.focus == spot.id,
        **spot.wire(),
    }
    url = str(spot.element.get("url", ""))
    if url.startswith(("https://", "http://")):
        out: dict[str, Attribute] = {"href": url, "target": "_blank", "rel": "noopener noreferrer"}
        return tag("a", plain(spot.element["text"]), attrs=shared | out)
    return tag("button", plain(spot.element["text"]), attrs=shared | {"type": "button"})


def _overflow(spot: Spot) -> Html:
    entries = [_entry(spot, option) for option in spot.element.get("options", [])]
    label = spot.element.get("accessibility_label") or "More actions"
    return menu(spot.id, "⋯", label, entries)


def _entry(spot: Spot, option: Json) -> Html:
    """One line of an overflow menu; with a `url` it opens that page as well."""
    wire = spot.wire() | {"data-do": "press", "data-value": option["value"]}
    more = option.get("description")
    text = join([plain(option["text"]), tag("small", plain(more)) if more else None])
    url = str(option.get("url", ""))
    if url.startswith(("https://", "http://")):
        out: dict[str, Attribute] = {"href": url, "target": "_blank", "rel": "noopener noreferrer"}
        return tag("a", text, attrs=wire | out)
    return tag("button", text, type="button", attrs=wire)


def menu(key: str, face: str, label: str, entries: list[Html], class_: str = "btn icon") -> Html:
    """A button that opens a small menu. `key` is the button's id."""
    opener = tag(
        "button",
        tag("span", face, aria_hidden="true"),
        type="button",
        id=key,
        class_=class_,
        popovertarget=f"{key}-menu",
        aria_label=label,
        title=label,
    )
    return join([opener, tag("div", entries, id=f"{key}-menu", class_="menu", popover="auto")])


# -- selects, radio buttons, checkboxes


def _select(spot: Spot) -> Html:
    held = spot.surface.held(spot.block, spot.element)
    chosen = held.get("value") if isinstance(held, dict) else held
    empty = tag("option", _placeholder(spot) or "Choose an option", value="")
    shown: list[Html] = [empty]
    for title, entries in choices.groups(spot.element, spot.surface.scene):
        options = [
            tag("option", entry.text, value=entry.value, selected=entry.value == chosen)
            for entry in entries
        ]
        shown.append(tag("optgroup", options, label=title) if title else join(options))
    return tag("select", shown, attrs=spot.attributes())


def _boxes(spot: Spot, kind: str) -> Html:
    """Radio buttons, checkboxes, and the menus of which many may be picked (as pills)."""
    held = spot.surface.held(spot.block, spot.element) or []
    picked = held if isinstance(held, list) else [held]
    chosen = {entry["value"] if isinstance(entry, dict) else entry for entry in picked}
    pills = spot.element["type"] in choices.MANY
    shared = spot.attributes()
    for name in ("id", "autofocus", *spot.says):
        shared.pop(name, None)
    entries = [
        entry for _, group in choices.groups(spot.element, spot.surface.scene) for entry in group
    ]
    boxes = [
        tag(
            "label",
            tag(
                "input",
                type=kind,
                id=f"{spot.id}-{index}",
                value=entry.value,
                checked=entry.value in chosen,
                autofocus=index == 0 and spot.surface.focus == spot.id,
                attrs=shared,
            ),
            tag("span", entry.text, tag("small", entry.more) if entry.more else None),
        )
        for index, entry in enumerate(entries)
    ]
    role = "radiogroup" if kind == "radio" else "group"
    says = {key: value for key, value in spot.says.items() if key != "aria-invalid"}
    if kind != "radio":
        says.pop("aria-required", None)
    class_ = "pills" if pills else "boxes"
    return tag("div", boxes, id=spot.id, role=role, class_=class_, attrs=says)


# -- fields to type in


def _typed(kind: str, mode: str | None = None) -> Callable[[Spot], Html]:
    def draw(spot: Spot) -> Html:
        shared = spot.attributes()
        if spot.dispatches:
            shared.pop("data-change", None)
            shared["data-enter"] = "on_enter_pressed" in _reported_on(spot)
            shared["data-typing"] = "on_character_entered" in _reported_on(spot)
        return tag(
            "input",
            type=kind,
            inputmode=mode,
            autocomplete="off",
            placeholder=_placeholder(spot),
            value=_text(spot),
            attrs=shared,
        )

    return draw


def _reported_on(spot: Spot) -> Sequence[str]:
    """What makes a field to type in report, if it reports at all."""
    config = spot.element.get("dispatch_action_config") or {}
    on: Sequence[str] = config.get("trigger_actions_on", ["on_enter_pressed"])
    return on


def _text(spot: Spot) -> str:
    held = spot.surface.held(spot.block, spot.element)
    return as_text(held) if isinstance(held, dict) else str(held or "")


def _area(spot: Spot) -> Html:
    shared = spot.attributes()
    shared.pop("data-change", None)
    if spot.dispatches:
        shared["data-typing"] = "on_character_entered" in _reported_on(spot)
    # A line break right after the tag is dropped by the browser, so one is given to drop.
    text = "\n" + _text(spot)
    return tag("textarea", text, rows=4, placeholder=_placeholder(spot), attrs=shared)


def _plain_text(spot: Spot) -> Html:
    return _area(spot) if spot.element.get("multiline") else _typed("text")(spot)


def _picker(kind: str) -> Callable[[Spot], Html]:
    def draw(spot: Spot) -> Html:
        held = spot.surface.held(spot.block, spot.element)
        if kind == "datetime-local" and held is not None:
            moment = datetime.fromtimestamp(int(held), spot.surface.scene.zone)
            held = f"{moment:%Y-%m-%dT%H:%M}"
        field = tag("input", type=kind, value=held or "", attrs=spot.attributes())
        said = _placeholder(spot)
        if spot.block["type"] != "actions" or not said:
            return field
        # Such a field has no room for the words that Slack shows in it.
        return tag("span", tag("small", said, aria_hidden="true"), field, class_="picks")

    return draw


def _files(spot: Spot) -> Html:
    """What was attached, and a button for more."""
    held = spot.surface.held(spot.block, spot.element) or []
    there = [spot.surface.scene.ws.files[entry["id"]] for entry in held]
    kinds = spot.element.get("filetypes", [])
    attrs: dict[str, Attribute] = {
        "id": f"{spot.id}-input",
        "multiple": int(spot.element.get("max_files", 2)) > 1,
        "accept": ",".join(f".{str(kind).lower().removeprefix('.')}" for kind in kinds) or None,
        "aria-describedby": spot.says.get("aria-describedby"),
        "autofocus": spot.surface.focus == spot.id,
    }
    says = {key: value for key, value in spot.says.items() if key == "aria-labelledby"}
    face = tag("span", "Add files" if attrs["multiple"] else "Add a file")
    inner = [
        attached.chosen(there, spot.id, spot.wire(), "detach"),
        attached.chooser(face, "btn", spot.wire() | {"data-upload": "attach"}, attrs),
    ]
    return tag("div", inner, id=spot.id, role="group", class_="filebox", attrs=says)


def _radio(spot: Spot) -> Html:
    return _boxes(spot, "radio")


def _checkboxes(spot: Spot) -> Html:
    return _boxes(spot, "checkbox")


_DRAW: Mapping[str, Callable[[Spot], Html]] = {
    "button": _button,
    "overflow": _overflow,
    "plain_text_input": _plain_text,
    "rich_text_input": _area,
    "email_text_input": _typed("text", "email"),
    "url_text_input": _typed("text", "url"),
    "number_input": _typed("text", "decimal"),
    "datepicker": _picker("date"),
    "timepicker": _picker("time"),
    "datetimepicker": _picker("datetime-local"),
    "radio_buttons": _radio,
    "checkboxes": _checkboxes,
    "file_input": _files,
}

GROUPS = choices.MANY | {"radio_buttons", "checkboxes", "file_input"}
"""Elements of several parts: their label names a group."""

KNOWN = frozenset(blocks.SLOTS) | blocks.STATELESS
