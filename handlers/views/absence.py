"""Away until a day: what Home says about it, and the form."""

from collections.abc import Mapping
from datetime import date

from bot.material import AbsenceMaterial
from handlers.ids import Action, BlockId, Callback
from handlers.views import words
from handlers.views.blocks import button, context, divider, input_block, modal, section
from handlers.views.message import Block, View
from handlers.views.text import day, user


def absence_blocks(material: AbsenceMaterial) -> list[Block]:
    """The part of Home that says whether somebody is away, and for whom they stand in."""
    blocks = [divider(), _presence(material)]
    if material.stands_in_for:
        blocks.append(context(f"You stand in for {words.people(material.stands_in_for)}."))
    return blocks


def _presence(material: AbsenceMaterial) -> Block:
    if material.back_on is None:
        away = button(Action.ABSENCE_OPEN.value, "I'm away…", "away", label="Say that you are away")
        return section("*Away for a while?* Somebody can stand in for you.", away)
    who = f"{user(material.deputy_id)} stands" if material.deputy_id else "Nobody stands"
    back = button(Action.ABSENCE_BACK.value, "I'm back", "back", label="Say that you are back")
    return section(f"*You are away until {day(material.back_on)}.* {who} in for you.", back)


def absence_form() -> View:
    """Until when somebody is away, and who stands in for them."""
    until: Block = {"type": "datepicker", "action_id": Action.VALUE.value}
    deputy: Block = {"type": "users_select", "action_id": Action.VALUE.value}
    return modal(
        Callback.ABSENCE_FORM,
        "Away",
        [
            input_block(
                BlockId.UNTIL.value,
                "Away until",
                until,
                hint="Your first day back. From now until then work goes to others.",
            ),
            input_block(
                BlockId.DEPUTY.value,
                "Who stands in for you?",
                deputy,
                optional=True,
                hint="They get what is yours and may decide on it. Without anybody it goes to the "
                "others who hold your roles, then to backups and the fallback role.",
            ),
        ],
        submit="Save",
        close="Cancel",
    )


EXAMPLES: Mapping[str, AbsenceMaterial] = {
    "there": AbsenceMaterial(),
    "away": AbsenceMaterial(back_on=date(2026, 12, 7), deputy_id="U0CLEO"),
    "away-alone": AbsenceMaterial(back_on=date(2026, 12, 7)),
    "deputy": AbsenceMaterial(stands_in_for=("U0CLEO", "U0DAN")),
}
