"""What I hear: one select, on the Home tab and below the help."""

from bot.desk import Hears
from handlers.ids import Action, BlockId
from handlers.views.blocks import section, select
from handlers.views.message import Block

HEARS_LABELS = {
    Hears.ALL: "Every step",
    Hears.DECISIONS: "Decisions and questions",
    Hears.QUESTIONS: "Questions only",
}

WHAT_I_HEAR = "*What I hear* of what I handed in"


def preference_blocks(hears: Hears) -> list[Block]:
    """The choice, as it stands."""
    chooser = select(
        ((choice.value, label) for choice, label in HEARS_LABELS.items()),
        hears.value,
        action_id=Action.PREFERENCES_HEARS.value,
    )
    block = section(WHAT_I_HEAR, chooser)
    # Another id for another choice: else Slack shows what was chosen in the block before.
    block["block_id"] = BlockId.PREFERENCES.at(hears.value)
    return [block]
