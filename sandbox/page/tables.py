"""table and data_table blocks as HTML.

Sources: https://docs.slack.dev/reference/block-kit/blocks/table-block and
https://docs.slack.dev/reference/block-kit/blocks/data-table-block
"""

from collections.abc import Sequence

from sandbox.model import Json
from sandbox.page.html import Attribute, Child, Html, h, tag
from sandbox.page.rich_text import rich_text
from sandbox.page.scene import Scene


def grid(
    head: Sequence[Child],
    rows: Sequence[Sequence[Child]],
    *,
    name: str,
    align: Sequence[str] = (),
    row_head: int | None = None,
    caption: str = "",
) -> Html:
    """A table in a box that scrolls sideways; `name` is what the box is called.

    `align` is left, center or right per column; `row_head` the column that names its row.
    """
    titles = [tag("th", cell, scope="col", class_=_side(align, n)) for n, cell in enumerate(head)]
    body = [
        tag("tr", [_cell(cell, n, align, row_head=row_head) for n, cell in enumerate(row)])
        for row in rows
    ]
    parts = [tag("thead", tag("tr", titles)), tag("tbody", body)]
    table = tag("table", tag("caption", caption) if caption else None, parts)
    return tag("div", table, class_="table", tabindex="0", role="group", aria_label=name)


def table(block: Json, scene: Scene) -> Html:
    """A table block: the first row is its head."""
    return _from_rows(block, scene, name="Table")


def data_table(block: Json, scene: Scene) -> Html:
    """A data_table block with its caption."""
    caption = str(block.get("caption", ""))
    return _from_rows(
        block,
        scene,
        name=caption or "Table",
        caption=caption,
        row_head=int(block.get("row_header_column_index", 0)),
    )


def _from_rows(
    block: Json, scene: Scene, *, name: str, caption: str = "", row_head: int | None = None
) -> Html:
    rows = [[_content(cell, scene) for cell in row] for row in block.get("rows", [])]
    settings = [setting or {} for setting in block.get("column_settings", [])]
    align = [str(setting.get("align", "left")) for setting in settings]
    if not settings and len(block.get("rows", [])) > 1:
        second = block["rows"][1]
        align = ["right" if cell.get("type") == "raw_number" else "left" for cell in second]
    head, body = (rows[0], rows[1:]) if rows else ([], [])
    return grid(head, body, name=name, align=align, row_head=row_head, caption=caption)


def _content(cell: Json, scene: Scene) -> Html:
    if cell.get("type") == "rich_text":
        return rich_text(cell, scene)
    return h(cell.get("text", cell.get("value", "")))


def _side(align: Sequence[str], column: int) -> str | None:
    side = align[column] if column < len(align) else "left"
    return None if side == "left" else side


def _cell(cell: Child, column: int, align: Sequence[str], *, row_head: int | None) -> Html:
    side = _side(align, column)
    if column == row_head:
        named: dict[str, Attribute] = {"scope": "row", "class": side}
        return tag("th", cell, attrs=named)
    return tag("td", cell, class_=side)
