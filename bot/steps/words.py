"""The owner writes to the submitter: a question that stops the clock, or a word beside it."""

from bot.errors import FieldError, NotAllowedError
from bot.steps.base import Asked, Case, Detail, VerbRules
from bot.submission import HistoryEntry, Submission
from bot.text import clean

TEXT_LENGTH = 2000
"""How long a question, an answer or another word typed into a form may be, in characters."""


def _to_somebody_else(case: Case) -> Asked:
    check_somebody_else(case.submission, case.step.actor_id)
    return Asked(submission=case.submission)


def _check(case: Case) -> Detail:
    """What is written is kept apart (`_keep`); the history says only that something was."""
    check_somebody_else(case.submission, case.step.actor_id)
    check_text(case.step.text("text"))
    return {}


def _keep(case: Case, _changed: Submission, entry: HistoryEntry) -> None:
    case.tx.conversations.add(entry.number, entry.seq, check_text(case.step.text("text")))


def check_somebody_else(submission: Submission, actor_id: str) -> None:
    """Raise NotAllowedError to who would write to themselves."""
    if submission.submitter_id == actor_id:
        raise NotAllowedError(
            f"You handed in number {submission.number} yourself; a word would go to you."
        )


def check_text(raw: str) -> str:
    """What was typed into a form; raises FieldError on `text`."""
    text = clean(raw)
    if not text:
        raise FieldError({"text": "Please write a word or two."})
    if len(text) > TEXT_LENGTH:
        raise FieldError(
            {"text": f"This has {len(text):,} characters; {TEXT_LENGTH:,} fit. Please shorten it."}
        )
    return text


ASK = VerbRules(ask=_to_somebody_else, check=_check, follow=_keep)
REPLY = VerbRules(ask=_to_somebody_else, check=_check, follow=_keep, keeps_version=True)
