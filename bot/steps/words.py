"""The owner writes to the submitter: a question that stops the clock, or a word beside it."""

from bot.errors import FieldError, NotAllowedError
from bot.steps.base import Asked, Case, Detail, VerbRules
from bot.submission import HistoryEntry, Submission
from bot.text import clean

TEXT_LENGTH = 2000
"""How long a question, an answer or another word typed into a form may be, in characters."""


def _to_whom(case: Case) -> Asked:
    _check_reader(case)
    return Asked(submission=case.submission)


def _check(case: Case) -> Detail:
    """What is written is kept apart (`_keep`); the history says only that something was."""
    _check_reader(case)
    check_text(case.step.text("text"))
    return {}


def _keep(case: Case, _changed: Submission, entry: HistoryEntry) -> None:
    case.tx.conversations.add(entry.number, entry.seq, check_text(case.step.text("text")))


def _check_reader(case: Case) -> None:
    """Raise NotAllowedError to who would write to themselves, or to somebody who left."""
    number, reader = case.submission.number, case.submission.submitter_id
    if reader == case.step.actor_id:
        raise NotAllowedError(f"You handed in number {number} yourself; a word would go to you.")
    member = case.tx.members.get(reader)
    if member is not None and not member.is_active_person:
        raise NotAllowedError(f"<@{reader}>, who handed in number {number}, is not here any more.")


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


ASK = VerbRules(ask=_to_whom, check=_check, follow=_keep)
REPLY = VerbRules(ask=_to_whom, check=_check, follow=_keep, keeps_version=True)
