"""Taking, accepting and declining; leads passed on, won and lost."""

from dataclasses import replace

from bot.errors import FieldError
from bot.forms import check_sentence
from bot.lifecycle import DeclineReason
from bot.steps.base import Case, Detail, VerbRules
from bot.submission import Submission

NOTE_LENGTH = 500
"""How long the sentence beside a decline may be, in characters."""

TO_LENGTH = 150
"""How long the name of whom a lead is passed on to may be, in characters."""


def _taken(case: Case, moved: Submission, _detail: Detail) -> Submission:
    return replace(moved, assignee_id=case.step.actor_id)


def _why(case: Case) -> Detail:
    reason = case.step.text("reason")
    if reason not in set(DeclineReason):
        raise FieldError({"reason": "Please choose a reason."})
    note = check_sentence(
        case.step.text("note"),
        field="note",
        missing="Please say in a sentence why, so that they can learn from it.",
        length=NOTE_LENGTH,
    )
    return {"reason": reason, "note": note}


def _declined(_case: Case, moved: Submission, detail: Detail) -> Submission:
    return replace(moved, decline_reason=detail["reason"], decline_note=detail["note"])


def _to_whom(case: Case) -> Detail:
    missing = "Please say who has it now: a name or a team."
    return {
        "to": check_sentence(case.step.text("to"), field="to", missing=missing, length=TO_LENGTH)
    }


def _passed_on(_case: Case, moved: Submission, detail: Detail) -> Submission:
    return replace(moved, passed_to=detail["to"])


TAKE = VerbRules(change=_taken)
ACCEPT = VerbRules()
DECLINE = VerbRules(check=_why, change=_declined)
PASS_ON = VerbRules(check=_to_whom, change=_passed_on)
WIN = VerbRules()
LOSE = VerbRules()
