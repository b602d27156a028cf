"""Taking, accepting and declining; leads passed on, won and lost."""

from dataclasses import replace

from bot.cards import KEEP_TRYING
from bot.choices import KNOW
from bot.declining import DeclineReason
from bot.errors import FieldError
from bot.forms import check_sentence
from bot.outbox import Effect, EffectKind
from bot.people import why_kept_out
from bot.serving import with_goal
from bot.steps.base import Asked, Case, Detail, VerbRules, note_given, note_if_given
from bot.submission import HistoryEntry, Submission

TO_LENGTH = 150
"""How long the name of whom a lead is passed on to may be, in characters."""


def _taken(case: Case, moved: Submission, _detail: Detail) -> Submission:
    return replace(moved, assignee_id=case.step.actor_id)


def _why_not(case: Case) -> Detail:
    reason = case.step.text("reason")
    if reason not in set(DeclineReason):
        raise FieldError({"reason": "Please choose a reason."})
    missing = "Please say in a sentence why, so that they can learn from it."
    return {"reason": reason, "note": note_given(case.step, missing=missing)}


def _declined(_case: Case, moved: Submission, detail: Detail) -> Submission:
    return replace(moved, decline_reason=detail["reason"], decline_note=detail["note"])


def _too_early(case: Case) -> Asked:
    """A stranger is passed on only by somebody who was asked whether they mean it (P23)."""
    submission = case.submission
    why = {"": "Nobody said how well they know us", KNOW: "They know us, and no more"}.get(
        submission.text("knows_us")
    )
    is_first = submission.passed_to is None
    notice = f"{why}: trust comes before the sale. Pass it on all the same?"
    return Asked(submission=submission, notice=notice if why and is_first else "")


def _to_whom(case: Case) -> Detail:
    person, typed = case.step.text("person"), case.step.text("to")
    if person and typed.strip():
        raise FieldError({"to": "Choose a colleague or write a name, not both."})
    if person:
        return _colleague(case, person)
    missing = "Please say who has it now: choose a colleague, or write a name or a team."
    return {"to": check_sentence(typed, field="to", missing=missing, length=TO_LENGTH)}


def _colleague(case: Case, user_id: str) -> Detail:
    member = case.tx.members.get(user_id)
    if member is None:
        raise FieldError({"person": "Social Desk does not know them yet; write their name below."})
    if not member.is_active_person:
        raise FieldError({"person": f"{member.name} is nobody who could take it on."})
    if why_kept_out(case.desk, member, user_id):
        raise FieldError({"person": f"{member.name} is a guest; an admin has to name them first."})
    return {"person": user_id, "to": member.name}


def _accepted(case: Case, moved: Submission, _detail: Detail) -> Submission:
    return with_goal(case.tx, moved, case.now)


def _passed_on(case: Case, moved: Submission, detail: Detail) -> Submission:
    return replace(with_goal(case.tx, moved, case.now), passed_to=detail["to"])


def _tell_colleague(case: Case, _changed: Submission, entry: HistoryEntry) -> None:
    """A colleague who gets a lead hears of it, and opens it to see whom to call."""
    person = entry.detail.get("person")
    if person is None or person == case.step.actor_id:
        return
    case.tx.outbox.add(
        Effect(
            key=f"nudge:{entry.number}:{entry.seq}:{person}",
            kind=EffectKind.NUDGE,
            target=person,
            payload={"number": entry.number, "seq": entry.seq},
            expires_at=case.now + KEEP_TRYING,
        ),
        case.now,
    )


def _why_lost(case: Case) -> Detail:
    return note_if_given(case.step)


TAKE = VerbRules(change=_taken)
ACCEPT = VerbRules(change=_accepted)
DECLINE = VerbRules(check=_why_not, change=_declined)
PASS_ON = VerbRules(ask=_too_early, check=_to_whom, change=_passed_on, follow=_tell_colleague)
WIN = VerbRules()
LOSE = VerbRules(check=_why_lost)
