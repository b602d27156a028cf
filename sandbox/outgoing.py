"""Bad conduct in what the bot sends, which Slack lets pass without a word."""

from typing import Any

from sandbox.state import State
from sandbox.text import broadcasts, escaping_mistakes


def watch_text(state: State, text: str, where: str) -> None:
    """Put broadcasts and escaping mistakes of outgoing mrkdwn on `problems`."""
    for found in broadcasts(text):
        state.problem("broadcast", where, found)
    for mistake in escaping_mistakes(text):
        state.problem("escaping", where, mistake)


def watch_blocks(state: State, node: Any, where: str) -> None:
    """The same for each mrkdwn text in a tree of blocks."""
    if isinstance(node, list):
        for child in node:
            watch_blocks(state, child, where)
    elif isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            watch_text(state, str(node.get("text", "")), where)
        elif node.get("type") == "broadcast":
            state.problem("broadcast", where, str(node.get("range")))
        for child in node.values():
            watch_blocks(state, child, where)
