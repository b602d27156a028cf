"""Who hears of a submission because theirs was marked as a duplicate of it."""

from bot.lifecycle import State
from bot.ports import Transaction
from bot.submission import Submission


def followers(tx: Transaction, submission: Submission) -> tuple[Submission, ...]:
    """Everything that is a duplicate of `submission`, also by way of another duplicate: the first
    of each submitter, without the submitter of the original.
    """
    found: dict[str, Submission] = {}
    seen, waiting = {submission.number}, [submission.number]
    while waiting:
        for one in tx.submissions.duplicates_of(waiting.pop(0)):
            if one.number in seen or one.state is not State.DUPLICATE:
                continue
            seen.add(one.number)
            waiting.append(one.number)
            if one.submitter_id != submission.submitter_id:
                found.setdefault(one.submitter_id, one)
    return tuple(found.values())
