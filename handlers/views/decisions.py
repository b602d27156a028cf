"""Decisions of the joint meeting: a line each, the list, the forms, the digest's section."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.decision import Decision
from bot.decisions import TEXT_LENGTH
from bot.digest_parts import DecisionsPart
from bot.material import DigestMaterial
from handlers.decision_values import DecisionField, DecisionMetadata, DecisionValue
from handlers.ids import Action, Callback
from handlers.views.blocks import actions, button, input_block, modal, section
from handlers.views.message import Block, Message, View
from handlers.views.setup_forms import line as text_field
from handlers.views.text import cut, inline, lines, short_day, user

NONE = "No decision is open. `/social decision` and what was decided records one."


def line(decision: Decision) -> str:
    """One decision: what, who, by when; of one that is closed, what became of it."""
    by = f", by {short_day(decision.due)}" if decision.due else ""
    said = f"{inline(decision.text, 300)} ({user(decision.owner_id)}{by})"
    return f"{said}. {inline(decision.outcome, 300)}" if decision.closed_at else said


def decisions(found: Sequence[Decision]) -> Message:
    """Those that are open, each with a button to close it."""
    rows: list[Block] = [section(line(one), _close(one)) for one in found]
    text = lines(line(one) for one in found) or NONE
    new = button(Action.DECISIONS_NEW.value, "Record one…", "", label="Record a decision")
    return Message(text=text, blocks=[*(rows or [section(NONE)]), actions("decisions", [new])])


def _close(decision: Decision) -> Block:
    value = DecisionValue(decision=decision.decision_id).dump()
    action = Action.DECISIONS_CLOSE.at(decision.decision_id)
    return button(action, "Close…", value, label=cut(f"Close: {decision.text}", 75))


def new_form(text: str, owner_id: str) -> View:
    """Asks what was decided, who sees to it, and by when."""
    owner: Block = {"type": "users_select", "action_id": Action.VALUE.value}
    due: Block = {"type": "datepicker", "action_id": Action.VALUE.value}
    said = text_field(text[:TEXT_LENGTH], TEXT_LENGTH)
    blocks = [
        input_block(DecisionField.TEXT, "What was decided?", said),
        input_block(DecisionField.OWNER, "Who sees to it?", owner | {"initial_user": owner_id}),
        input_block(DecisionField.DUE, "By when?", due, optional=True),
    ]
    return modal(Callback.DECISIONS_FORM, "Decision", blocks, submit="Record", close="Cancel")


def close_form(decision: Decision) -> View:
    """Asks what became of a decision."""
    said = text_field("", TEXT_LENGTH)
    return modal(
        Callback.DECISIONS_CLOSE_FORM,
        "Decision",
        [
            section(line(decision)),
            input_block(DecisionField.OUTCOME, "What became of it?", said),
        ],
        submit="Close it",
        close="Cancel",
        metadata=DecisionMetadata(decision=decision.decision_id).dump(),
    )


def told(part: DecisionsPart, _material: DigestMaterial) -> Iterator[str]:
    """What became of decisions since the last digest, and which are open."""
    if part.closed:
        yield lines(["*Decisions that were closed*", *(f"• {line(one)}" for one in part.closed)])
    if part.open:
        yield lines(
            [
                "*Open decisions*",
                *(
                    f"• {line(one)}{' :warning: overdue' if one in part.overdue else ''}"
                    for one in part.open
                ),
                "`/social decisions` closes them.",
            ]
        )


EXAMPLE = Decision(
    decision_id="V7",
    text="Sales names two <customers> for a video",
    owner_id="U0ANA",
    due=date(2026, 11, 6),
    made_at=datetime(2026, 10, 26, 9, 0, tzinfo=UTC),
    made_by="U0BEN",
)
CLOSED = replace(
    EXAMPLE,
    decision_id="V6",
    text="Try newsletters",
    closed_at=datetime(2026, 11, 4, 9, 0, tzinfo=UTC),
    closed_by="U0ANA",
    outcome="12 sign-ups came; we go on.",
)
EXAMPLES: Mapping[str, Callable[[], Message | View]] = {
    "none": lambda: decisions(()),
    "list": lambda: decisions((EXAMPLE, replace(EXAMPLE, decision_id="V8", due=None))),
    "form": lambda: new_form("Try newsletters", "U0ANA"),
    "close": lambda: close_form(EXAMPLE),
}
