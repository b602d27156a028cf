"""Undoing a decision that was wrong."""

from dataclasses import replace

from bot.steps.base import Case, Detail, VerbRules, note_given
from bot.submission import Submission


def _why(case: Case) -> Detail:
    return {"note": note_given(case.step, missing="Please say in a sentence why.")}


def _reopened(_case: Case, moved: Submission, _detail: Detail) -> Submission:
    """Nothing is left of what was undone; figures follow from these columns."""
    return replace(
        moved,
        decline_reason=None,
        decline_note=None,
        duplicate_of=None,
        published_at=None,
        published_by=None,
        published_url=None,
    )


REOPEN = VerbRules(check=_why, change=_reopened)
