"""Small blocks for the tests of the rules."""

from typing import Any

from tests.support.sandbox_app import mrkdwn, option, plain

Block = dict[str, Any]


def section(text: str = "x", **more: Any) -> Block:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def select(**more: Any) -> Block:
    return {"type": "static_select", "action_id": "s", "options": [option("a")], **more}


def field(element: Block, block_id: str = "b") -> Block:
    return {"type": "input", "block_id": block_id, "label": plain("L"), "element": element}


def line(**more: Any) -> Block:
    chart = {
        "type": "line",
        "series": [{"name": "Posts", "data": [{"label": "Mon", "value": 1}]}],
        "axis_config": {"categories": ["Mon"]},
        **more,
    }
    return {"type": "data_visualization", "title": "Pace", "chart": chart}


def pie(*values: float) -> Block:
    segments = [{"label": f"s{number}", "value": value} for number, value in enumerate(values)]
    return {
        "type": "data_visualization",
        "title": "Share",
        "chart": {"type": "pie", "segments": segments},
    }


def cell(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def table(*rows: list[Block], **more: Any) -> Block:
    return {"type": "table", "rows": list(rows) or [[cell("a")]], **more}


def data_table(*rows: list[Block]) -> Block:
    return {"type": "data_table", "caption": "Goals", "rows": list(rows)}


def limited(**element: Any) -> Block:
    return field({"type": "plain_text_input", "action_id": "v", **element})
