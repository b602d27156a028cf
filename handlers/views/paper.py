"""The button that gives a digest as a file, and what stands in its place when it can't be made."""

from collections.abc import Mapping

from handlers.ids import Action
from handlers.paper_values import PaperValue
from handlers.views.blocks import actions, button, section
from handlers.views.message import Block, Message
from handlers.views.text import inline


def paper_button(*, subscription: str = "", period: str = "", channel: str | None = None) -> Block:
    """A row with the one button; `period` is that of a posted digest, `channel` that of a preview
    which is no subscription's.
    """
    value = PaperValue(subscription=subscription, period=period, channel=channel).dump()
    label = "Get this digest as a PDF, in your messages"
    return actions("paper", [button(Action.PAPER.value, "As PDF", value, label=label)])


def not_printed(title: str) -> Message:
    """A sentence in the place of a file."""
    said = (
        f"The PDF of “{inline(title, 150)}” could not be made. Your admin can ask an operator: "
        "`python app.py doctor` names what is missing, and the log says why."
    )
    return Message(text=said, blocks=[section(said)])


EXAMPLES: Mapping[str, str] = {"not-printed": "Digest for Sales & <service>, 2 to 8 Nov 2026"}
