"""Modals, the question before a dangerous button, and the Home tab."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sandbox import blocks
from sandbox.model import Json, View
from sandbox.page.blocks import render
from sandbox.page.html import Html, slug, tag
from sandbox.page.mrkdwn import plain, text_object
from sandbox.page.scene import Scene
from sandbox.page.surface import of_view


def modal(
    view: View, scene: Scene, *, errors: Mapping[str, str], notices: Sequence[str], depth: int
) -> Html:
    """The modal on top. `depth` is how many are open; from the second on there is a way back."""
    key, first = f"view-{view.id}", first_field(view)
    surface = replace(of_view(scene, view, errors, heading=3), focus=first)
    trouble = tag("div", [tag("p", text) for text in notices], class_="trouble", role="alert")
    form = tag(
        "form",
        _head(view, f"{key}-title", depth, surface.target),
        tag("div", trouble if notices else None, render(view.blocks, surface), class_="inner"),
        _foot(view, surface.target, focus=first is None),
        novalidate=True,
        data_do="submit",
        data_target=surface.target,
    )
    return tag(
        "dialog",
        form,
        id=key,
        class_="modal",
        aria_labelledby=f"{key}-title",
        data_escape="back",
        data_target=surface.target,
    )


def first_field(view: View) -> str | None:
    """The id of the element that has the focus when a modal opens."""
    surface_key = view.id
    for block, element in blocks.elements(view.blocks):
        if block["type"] == "input":
            return element_id(surface_key, block, element)
    return None


def element_id(key: str, block: Json, element: Json) -> str:
    """The id of a view's element, see `Surface.id`."""
    return f"{key}-{slug(block['block_id'])}-{slug(element['action_id'])}"


def first_error(view: View, errors: Mapping[str, str]) -> str | None:
    """The id of the first field with an error."""
    for block_id, block in blocks.inputs(view.blocks).items():
        if block_id in errors:
            return element_id(view.id, block, block["element"])
    return None


def _head(view: View, title_id: str, depth: int, target: str) -> Html:
    quiet = {"type": "button", "data-target": target}
    back = tag("button", "←", class_="quiet", data_do="back", aria_label="Back", attrs=quiet)
    away = tag("button", "×", class_="quiet x", data_do="close", aria_label="Close", attrs=quiet)
    title = tag("h2", plain(view.payload.get("title")), id=title_id)
    return tag("header", back if depth > 1 else None, title, away)


def _foot(view: View, target: str, *, focus: bool) -> Html:
    close, submit = view.payload.get("close"), view.payload.get("submit")
    send = tag("button", plain(submit), type="submit", class_="btn primary", autofocus=focus)
    away = tag(
        "button",
        plain(close) if close else "Close",
        type="button",
        class_="btn",
        data_do="back",
        data_target=target,
        autofocus=focus and not submit,
    )
    return tag("footer", away, send if submit else None)


def question(confirm: Json, scene: Scene) -> Html:
    """What a button asks before it does what it does.

    Source: https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
    """
    style = "danger filled" if confirm.get("style") == "danger" else "primary"
    return tag(
        "dialog",
        tag("header", tag("h2", plain(confirm["title"]), id="confirm-title")),
        tag("div", text_object(confirm["text"], scene), class_="inner"),
        tag(
            "footer",
            tag("button", plain(confirm["deny"]), type="button", class_="btn", data_do="deny"),
            tag(
                "button",
                plain(confirm["confirm"]),
                type="button",
                class_=f"btn {style}",
                data_do="sure",
                autofocus=True,
            ),
        ),
        id="confirm",
        class_="modal small",
        aria_labelledby="confirm-title",
        data_escape="deny",
    )


def home(view: View | None, scene: Scene) -> Html:
    """The app's Home tab as it was last published for the viewer."""
    if view is None:
        name = scene.ws.manifest.app_name
        return tag("p", f"{name} has not shown anything here yet.", class_="empty")
    surface = of_view(scene, view, heading=2)
    return tag("div", render(view.blocks, surface), class_="sheet", id=view.id, data_fields=True)
