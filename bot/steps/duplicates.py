"""Two submissions of the same: one goes on, the other one's submitter hears of that."""

import re
from dataclasses import replace

from bot.errors import FieldError
from bot.lifecycle import State
from bot.ports import Transaction
from bot.steps.base import Case, Detail, VerbRules
from bot.submission import Submission

_NUMBER = re.compile(r"[#№\s]*(\d{1,9})\s*", re.ASCII)


def _check_original(case: Case) -> Detail:
    typed = _NUMBER.fullmatch(case.step.text("of"))
    if typed is None:
        raise _wrong("Please write the number of the other one, like 12.")
    original = _original(case, int(typed[1]))
    found = {"of": str(original.number), "as": original.state.value}
    if original.published_url:
        return {**found, "post": original.published_url}
    return found


def _original(case: Case, number: int) -> Submission:
    """What `number` leads to: itself, or what it was marked as a duplicate of."""
    submission = case.submission
    if number == submission.number:
        raise _wrong("This is its own number. Which one is it a duplicate of?")
    named = case.tx.submissions.get(number)
    if named is None:
        raise _wrong(f"There is no number {number} in this workspace.")
    if named.kind_key != submission.kind_key:
        kind, other = submission.kind, named.kind
        raise _wrong(f"Number {number} is {other.article}; this is {kind.article}.")
    original = resolved(case.tx, named)
    if original.number == submission.number:
        raise _wrong(f"Number {number} is itself marked as a duplicate of this one.")
    if original.state is State.WITHDRAWN:
        raise _wrong(f"Number {original.number} was withdrawn; this one goes on without it.")
    return original


def resolved(tx: Transaction, submission: Submission) -> Submission:
    """The original at the end of a chain of duplicates; what is no duplicate is its own."""
    seen = {submission.number}
    while submission.state is State.DUPLICATE and submission.duplicate_of is not None:
        following = tx.submissions.get(submission.duplicate_of)
        if following is None or following.number in seen:
            break
        submission = following
        seen.add(submission.number)
    return submission


def _wrong(sentence: str) -> FieldError:
    return FieldError({"of": sentence})


def _merged(_case: Case, moved: Submission, detail: Detail) -> Submission:
    return replace(moved, duplicate_of=int(detail["of"]))


DUPLICATE = VerbRules(check=_check_original, change=_merged)
