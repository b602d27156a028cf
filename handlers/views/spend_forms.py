"""The forms of what social cost: spending in a month, the marketing budget of a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot import spend as rules
from bot.kinds import PLATFORMS
from handlers.ids import Action, Callback
from handlers.views.blocks import input_block, modal, select
from handlers.views.message import Block, View

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_name(month: date) -> str:
    """A month for a sentence: "Nov 2026"."""
    return f"{_MONTHS[month.month - 1]} {month.year}"


def spend_form(today: date) -> View:
    """Asks what was spent."""
    months = [_month(today, back) for back in range(12)]
    return modal(
        Callback.SPEND_FORM,
        "Enter spending",
        [
            input_block(
                rules.PAID,
                "For what?",
                select(
                    (
                        ("paid", "Paid media: ads, boosted posts"),
                        ("organic", "Organic work: people, tools, an agency"),
                    )
                ),
            ),
            _line(rules.AMOUNT, "How much?", "1,250 EUR", is_optional=False),
            input_block(
                rules.MONTH,
                "In which month?",
                select(
                    [(one.isoformat(), month_name(one)) for one in months],
                    months[0].isoformat(),
                ),
            ),
            input_block(
                rules.PLATFORM,
                "On which platform?",
                select([(one.value, one.label) for one in PLATFORMS]),
                optional=True,
            ),
            _line(rules.CAMPAIGN, "For which campaign?", "As its links are tagged", length=60),
        ],
        submit="Save",
        close="Cancel",
    )


def budget_form(today: date) -> View:
    """Asks for a marketing budget."""
    return modal(
        Callback.SPEND_BUDGET_FORM,
        "Marketing budget",
        [
            _line(
                rules.PERIOD,
                "Of which year or quarter?",
                f"{today.year} or {today.year}-Q1",
                typed=str(today.year),
                is_optional=False,
                length=10,
                hint="A quarter without one of its own has a quarter of its year's, as that stood "
                "in it.",
            ),
            _line(
                rules.AMOUNT, "How much, for all of marketing?", "480,000 EUR", is_optional=False
            ),
        ],
        submit="Save",
        close="Cancel",
    )


def _month(today: date, back: int) -> date:
    months = today.year * 12 + today.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _line(
    name: str,
    label: str,
    placeholder: str,
    *,
    typed: str = "",
    is_optional: bool = True,
    length: int = 40,
    hint: str | None = None,
) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": Action.VALUE.value,
        "max_length": length,
        "placeholder": {"type": "plain_text", "text": placeholder},
    }
    if typed:
        element["initial_value"] = typed
    return input_block(name, label, element, optional=is_optional, hint=hint)


@dataclass(frozen=True, slots=True)
class SpendFormExample:
    """The day on which a form is opened."""

    today: date
    is_budget: bool = False

    def build(self) -> View:
        """The form that this asks for."""
        return (budget_form if self.is_budget else spend_form)(self.today)


EXAMPLES: Mapping[str, SpendFormExample] = {
    "form": SpendFormExample(date(2026, 1, 31)),
    "budget": SpendFormExample(date(2026, 1, 31), is_budget=True),
}
