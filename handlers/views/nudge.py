"""What somebody hears who has something to do: one direct message, one button."""

from collections.abc import Mapping
from dataclasses import replace

from bot.lifecycle import DESK, UNDECIDED, State, Verb
from bot.material import NudgeMaterial
from bot.submission import HistoryEntry, Submission, TimerKind
from handlers.views import examples, words
from handlers.views.blocks import section
from handlers.views.message import Message
from handlers.views.text import MESSAGE_LIMIT, cut, escape, lines, user
from handlers.views.triage_card import verb_blocks


def nudge(material: NudgeMaterial) -> Message:
    """Why somebody is told, what it is about and how it stands, with a button that opens it."""
    submission = material.submission
    standing = _standing(material)
    is_called = material.is_called_in and submission.state in UNDECIDED
    called = "You were called in: you can decide as well." if is_called else ""
    is_planned = submission.state is State.SCHEDULED
    missing = escape(material.obstacle) if is_planned else ""
    why = _why(material.entry, is_locked=bool(missing))
    said = lines((f"*{why}*", words.heading(submission), standing, missing, called))
    return Message(
        text=cut(said, MESSAGE_LIMIT),
        blocks=[section(said), *verb_blocks(submission, (Verb.OPEN,), ())],
    )


def _standing(material: NudgeMaterial) -> str:
    """How it stands; to whom it was passed on, what is wanted."""
    if material.entry.verb is Verb.PASS_ON:
        return f"Please tell {user(material.entry.actor_id)} what becomes of it."
    return words.standing(material.submission, material.role, material.holders)


def _why(entry: HistoryEntry, *, is_locked: bool) -> str:
    if entry.verb is Verb.PASS_ON:
        return f"{user(entry.actor_id)} passed this on to you"
    match TimerKind(entry.detail["about"]):
        case TimerKind.REMIND:
            return "Due soon"
        case TimerKind.ESCALATE | TimerKind.ESCALATE_AGAIN:
            return "Overdue"
        case TimerKind.RETURN:
            return "Back on your desk"
        case TimerKind.POST_DUE if is_locked:
            return "To publish now, but it can't be"
        case TimerKind.POST_DUE:
            return "To publish now"


def _example(about: TimerKind, verb: Verb, submission: Submission) -> NudgeMaterial:
    entry = HistoryEntry(
        number=submission.number,
        seq=2,
        at=examples.NOW,
        actor_id=DESK,
        verb=verb,
        from_state=submission.state,
        to_state=submission.state,
        detail={
            "about": about.value,
            "due": (submission.scheduled_at or submission.due_at).isoformat(),
            "people": "U0BEN",
        },
    )
    return NudgeMaterial(
        submission=submission,
        role=examples.CONTENT_LEAD,
        entry=entry,
        holders=examples.CONTENT_LEAD.holders,
        is_called_in=verb is Verb.ESCALATE,
    )


_OVERDUE = replace(examples.IDEA, escalation=1)
_SCHEDULED = replace(
    examples.IDEA, state=State.SCHEDULED, assignee_id="U0BEN", scheduled_at=examples.NOW
)
EXAMPLES: Mapping[str, NudgeMaterial] = {
    "remind": _example(TimerKind.REMIND, Verb.REMIND, examples.IDEA),
    "escalate": _example(TimerKind.ESCALATE, Verb.ESCALATE, _OVERDUE),
    "escalate-again": _example(TimerKind.ESCALATE_AGAIN, Verb.ESCALATE, _OVERDUE),
    "return": _example(TimerKind.RETURN, Verb.RETURN, examples.IDEA),
    "passed-on": NudgeMaterial(
        submission=examples.at_state(examples.LEAD, State.PASSED_ON),
        role=examples.LEAD_DESK,
        entry=replace(
            examples.entry(examples.LEAD, Verb.PASS_ON), detail={"person": "U0NINA", "to": "Nina"}
        ),
    ),
    "post-due": _example(TimerKind.POST_DUE, Verb.REMIND, _SCHEDULED),
    "post-due-locked": replace(
        _example(TimerKind.POST_DUE, Verb.REMIND, replace(_SCHEDULED, kind_key="testimonial")),
        obstacle="Number 12 can't be published yet: the customer's consent is not recorded.",
    ),
}
