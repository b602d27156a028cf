"""Slack's limits in one place, each with its page; where sources disagree, the smaller number.

Read on 2026-11-22. `D` is https://docs.slack.dev.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """A number and the page that gives it."""

    most: int
    page: str


BLOCKS = "https://docs.slack.dev/reference/block-kit/blocks"
ELEMENTS = "https://docs.slack.dev/reference/block-kit/block-elements"
OBJECTS = "https://docs.slack.dev/reference/block-kit/composition-objects"
VIEWS = "https://docs.slack.dev/reference/views"
METHODS = "https://docs.slack.dev/reference/methods"

TABLE: Mapping[str, Limit] = {
    # blocks
    "blocks_in_message": Limit(50, BLOCKS),
    "blocks_in_view": Limit(100, BLOCKS),
    "block_id": Limit(255, BLOCKS),
    "text_object": Limit(3000, f"{OBJECTS}/text-object"),
    "section_fields": Limit(10, f"{BLOCKS}/section-block"),
    "section_field": Limit(2000, f"{BLOCKS}/section-block"),
    "header": Limit(150, f"{BLOCKS}/header-block"),
    "header_level": Limit(4, f"{BLOCKS}/header-block"),
    "context_elements": Limit(10, f"{BLOCKS}/context-block"),
    "actions_elements": Limit(25, f"{BLOCKS}/actions-block"),
    "image_url": Limit(3000, f"{BLOCKS}/image-block"),
    "image_alt": Limit(2000, f"{BLOCKS}/image-block"),
    "image_title": Limit(2000, f"{BLOCKS}/image-block"),
    "input_label": Limit(2000, f"{BLOCKS}/input-block"),
    "input_hint": Limit(2000, f"{BLOCKS}/input-block"),
    "markdown_sum": Limit(12_000, f"{BLOCKS}/markdown-block"),
    "alert_text": Limit(200, f"{BLOCKS}/alert-block"),
    # tables and charts
    "table_rows": Limit(100, f"{BLOCKS}/table-block"),
    "table_columns": Limit(20, f"{BLOCKS}/table-block"),
    "table_characters": Limit(10_000, f"{BLOCKS}/table-block"),
    "tables_in_message": Limit(1, f"{BLOCKS}/table-block"),
    "data_table_rows": Limit(101, f"{BLOCKS}/data-table-block"),
    "data_table_page": Limit(100, f"{BLOCKS}/data-table-block"),
    "charts_in_message": Limit(2, f"{BLOCKS}/data-visualization-block"),
    "chart_title": Limit(50, f"{BLOCKS}/data-visualization-block"),
    "chart_series": Limit(12, f"{BLOCKS}/data-visualization-block"),
    "chart_points": Limit(20, f"{BLOCKS}/data-visualization-block"),
    "chart_label": Limit(20, f"{BLOCKS}/data-visualization-block"),
    "chart_axis": Limit(50, f"{BLOCKS}/data-visualization-block"),
    "pie_segments": Limit(6, f"{BLOCKS}/data-visualization-block"),
    # elements
    "action_id": Limit(255, ELEMENTS),
    "button_text": Limit(75, f"{ELEMENTS}/button-element"),
    "button_value": Limit(2000, f"{ELEMENTS}/button-element"),
    "button_url": Limit(3000, f"{ELEMENTS}/button-element"),
    "accessibility_label": Limit(75, f"{ELEMENTS}/button-element"),
    "placeholder": Limit(150, ELEMENTS),
    "options": Limit(100, f"{ELEMENTS}/select-menu-element"),
    "option_groups": Limit(100, f"{ELEMENTS}/select-menu-element"),
    "boxes": Limit(10, f"{ELEMENTS}/checkboxes-element"),
    "overflow": Limit(5, f"{ELEMENTS}/overflow-menu-element"),
    "option_text": Limit(75, f"{OBJECTS}/option-object"),
    "option_value": Limit(150, f"{OBJECTS}/option-object"),
    "option_description": Limit(75, f"{OBJECTS}/option-object"),
    "input_length": Limit(3000, f"{ELEMENTS}/plain-text-input-element"),
    "files": Limit(10, f"{ELEMENTS}/file-input-element"),
    "input_file_bytes": Limit(10_000_000, f"{ELEMENTS}/file-input-element"),
    "files_in_message": Limit(10, "https://slack.com/help/articles/201330736-Add-files-to-Slack"),
    "alt_txt": Limit(1000, f"{METHODS}/files.getUploadURLExternal"),
    "confirm_title": Limit(100, f"{OBJECTS}/confirmation-dialog-object"),
    "confirm_text": Limit(300, f"{OBJECTS}/confirmation-dialog-object"),
    "confirm_button": Limit(30, f"{OBJECTS}/confirmation-dialog-object"),
    # views
    "view_title": Limit(24, VIEWS),
    "callback_id": Limit(255, VIEWS),
    "private_metadata": Limit(3000, VIEWS),
    "external_id": Limit(255, VIEWS),
    "view_bytes": Limit(250_000, f"{METHODS}/views.open"),
    "view_stack": Limit(3, "https://docs.slack.dev/surfaces/modals"),
    # messages
    "message_text": Limit(4000, f"{METHODS}/chat.postMessage"),
    "message_text_cut": Limit(40_000, f"{METHODS}/chat.postMessage"),
    "update_text": Limit(4000, f"{METHODS}/chat.update"),
    # Not published: found by users at 13,172 and above, so a little less.
    "blocks_text": Limit(13_000, "https://github.com/slackapi/bolt-js/issues/2509"),
    # Slack has a limit and does not publish it; this one is ours.
    "metadata_bytes": Limit(8000, "https://docs.slack.dev/messaging/message-metadata"),
    # answers and links
    "response_url_uses": Limit(5, "https://docs.slack.dev/interactivity/handling-user-interaction"),
    "response_url_seconds": Limit(
        1800, "https://docs.slack.dev/interactivity/handling-user-interaction"
    ),
    "ack_seconds": Limit(3, "https://docs.slack.dev/interactivity/handling-user-interaction"),
    "trigger_seconds": Limit(3, "https://docs.slack.dev/interactivity/handling-user-interaction"),
    "connections": Limit(10, "https://docs.slack.dev/apis/events-api/using-socket-mode"),
    "page": Limit(999, f"{METHODS}/conversations.history"),
}


def most(name: str) -> int:
    """The limit of this name."""
    return TABLE[name].most
