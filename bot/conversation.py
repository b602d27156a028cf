"""What owners and submitters write to each other: a word of the owner's goes to the submitter's
direct messages, what the submitter writes there reaches the card's thread.

The texts live in a store of their own (`ConversationStore`), by the history entry that tells of
them. The card's thread is the team's own: nothing that is written there goes out.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.announce import announce_step, number_of_receipt, tell
from bot.cards import current_card, keep_files, update_card
from bot.errors import NotAllowedError
from bot.forms import MOST_FILES
from bot.homes import renew_homes
from bot.lifecycle import State, Verb
from bot.people import why_kept_out
from bot.ports import Transaction
from bot.steps.base import existing, moved
from bot.steps.words import check_text
from bot.submission import FileRef, HistoryEntry, Submission
from bot.text import clean
from bot.timers import on_time

HEARD_LENGTH = 12_000
"""How much of a direct message is kept, in characters; Slack cuts longer ones itself
(https://docs.slack.dev/changelog/2018-truncating-really-long-messages).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What somebody writes about a submission, from a form. `source` is the form's own key: the
    same form again is the same word.
    """

    number: int
    actor_id: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A direct message to the desk. `thread_ts` names the message that it answers, if any.
    `files` came along.
    """

    event_id: str
    user_id: str
    channel_id: str
    text: str
    thread_ts: str | None = None
    files: tuple[FileRef, ...] = ()


def check_may_answer(tx: Transaction, command: Words, _now: datetime) -> tuple[Submission, str]:
    """The submission and the question that is open (empty when none is), for its submitter.

    Raises NotFoundError and NotAllowedError.
    """
    submission = existing(tx, command.number)
    if submission.submitter_id != command.actor_id:
        raise NotAllowedError(
            f"Only <@{submission.submitter_id}>, who handed it in, can answer this."
        )
    return submission, open_question(tx, submission)


def open_question(tx: Transaction, submission: Submission) -> str:
    """The question that waits for the submitter's answer; empty when none does."""
    if submission.state is not State.ASKED:
        return ""
    asked = [entry.seq for entry in tx.history.of(submission.number) if entry.verb is Verb.ASK]
    return (tx.conversations.get(submission.number, asked[-1]) or "") if asked else ""


def answer(tx: Transaction, command: Words, now: datetime) -> Submission:
    """A word of the submitter's; if a question waits it is the answer, and the due time runs on.

    Raises NotFoundError, NotAllowedError, and FieldError on `text`.
    """
    submission, _ = check_may_answer(tx, command, now)
    text = check_text(command.text)
    if command.source and not tx.seen.first_time(command.source, now):
        return submission
    return _answered(tx, submission, Word(text), now)


def hear(tx: Transaction, command: Heard, now: datetime) -> None:
    """A direct message: in the thread of a receipt it is about that number; below no message of
    the desk's it is the answer, if exactly one question waits for this person. Otherwise they are
    told how to answer: what is written below a reminder may be about anything.

    Each event counts once. What is written under a card that came by direct message is left alone.
    """
    text = _heard(command)
    if not text or not tx.seen.first_time(command.event_id, now):
        return
    desk = tx.desk.load()
    kept_out = why_kept_out(desk, tx.members.get(command.user_id), command.user_id)
    if kept_out:
        tell(tx, command.user_id, f"guide:{command.event_id}", kept_out, now)
        return
    key = tx.outbox.key_at(command.channel_id, command.thread_ts) if command.thread_ts else None
    if key is not None and key.startswith("card:"):
        return
    about = _of_thread(tx, key) if key else _only_question(tx, command.user_id)
    if about is None or about.submitter_id != command.user_id:
        tell(tx, command.user_id, f"guide:{command.event_id}", _HOW, now)
        return
    _answered(tx, about, Word(text, command.files), now)


def _of_thread(tx: Transaction, key: str) -> Submission | None:
    """What a message of ours is the receipt of."""
    number = number_of_receipt(key)
    return tx.submissions.get(number) if number else None


def _only_question(tx: Transaction, user_id: str) -> Submission | None:
    asked, total = tx.submissions.paused_of_submitter(user_id, limit=2)
    # Read anew, locked: the desk may have moved its card since it was listed.
    return tx.submissions.get(asked[0].number) if total == 1 else None


_HOW = (
    "Social Desk can't tell what this is about. Answer in the thread of the receipt, or press "
    "Answer below the question. To hand something in, open Social Desk's Home tab."
)


@dataclass(frozen=True, slots=True)
class Word:
    """What a submitter wrote, and the files that came along."""

    text: str
    files: tuple[FileRef, ...] = ()


def _answered(tx: Transaction, submission: Submission, word: Word, now: datetime) -> Submission:
    changed = _with_files(submission, _resumed(tx, submission, now), word.files)
    is_changed = changed is not submission
    if is_changed and not tx.submissions.update(changed, expected_version=submission.version):
        # A colleague was quicker: what they made of it decides what this word is.
        return _answered(tx, existing(tx, submission.number), word, now)
    entry = HistoryEntry(
        number=submission.number,
        seq=tx.history.next_seq(submission.number),
        at=now,
        actor_id=submission.submitter_id,
        verb=Verb.ANSWER,
        from_state=submission.state,
        to_state=changed.state,
        detail={},
    )
    tx.history.append(entry)
    tx.conversations.add(entry.number, entry.seq, word.text)
    announce_step(tx, changed, entry, now)
    card = current_card(tx, changed)
    if card is not None and changed.files != submission.files:
        update_card(tx, card, changed, f"files{entry.seq}", now)
    keep_files(tx, changed, now)
    people = {submission.submitter_id, submission.assignee_id or submission.submitter_id}
    renew_homes(tx, people, f"{entry.number}:{entry.seq}", now)
    return changed


def _with_files(before: Submission, after: Submission, files: tuple[FileRef, ...]) -> Submission:
    """`after` with the files of an answer, as many as fit. About people outside nothing goes into
    the card's thread but what was handed in for it: there the answer tells their names.

    Files alone make no new version, so what somebody is deciding meanwhile is not refused.
    """
    if before.kind.is_confidential:
        return after
    by_id = {file.file_id: file for file in before.files}
    for file in files:
        by_id.setdefault(file.file_id, file)
    kept = tuple(by_id.values())[:MOST_FILES]
    return after if kept == before.files else replace(after, files=kept)


def _resumed(tx: Transaction, submission: Submission, now: datetime) -> Submission:
    """Out of its pause if it waited for this answer; the same object otherwise."""
    target = submission.kind.lifecycle.target(submission.state, Verb.ANSWER)
    if target is None:
        return submission
    resumed = moved(submission, target, submission.submitter_id, now)
    return on_time(tx, tx.desk.load(), submission, resumed, now)


def _heard(command: Heard) -> str:
    text = clean(command.text)[:HEARD_LENGTH]
    if not command.files:
        return text
    names = ", ".join(clean(file.name) or "a file" for file in command.files)
    return clean(f"{text}\nFiles: {names}")
