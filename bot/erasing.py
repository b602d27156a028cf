"""Erasing: the personal fields and the conversation of a submission, or all of it.

What was to be sent about it finds nothing any more and is set aside (`bot.delivery`); the messages
that stand in Slack lose their text, and the copies of files that the desk keeps there are deleted.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.announce import receipt_key, tell_story
from bot.cards import card_keys, current_card, update_card
from bot.erasure_store import Access, AccessKind
from bot.errors import NotAllowedError
from bot.homes import renew_homes
from bot.lifecycle import OPERATOR, State, Verb
from bot.naming import retell, told_of
from bot.outbox import Effect, EffectKind
from bot.people import called_in, everybody_with_a_role, is_admin, owner_of
from bot.ports import Transaction
from bot.steps.base import existing
from bot.submission import FileRef, HistoryEntry, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase:
    """Somebody erases the personal fields and the conversation of a submission; `is_whole`: the
    submission with everything that was written down about it.
    """

    number: int
    actor_id: str
    is_whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What goes, or went: `fields` are the labels of personal fields, `texts` how many texts of the
    conversation, `messages` how many messages in Slack lose their text, `copies` how many copies of
    files are deleted there, `retold` how many digests and messages about a crowd name it and are
    told anew. `given` are the files as people gave them: they are theirs, not ours.
    """

    submission: Submission
    is_whole: bool
    fields: tuple[str, ...]
    texts: int
    messages: int
    copies: int
    given: tuple[FileRef, ...]
    retold: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to erase."""
        return not self.is_whole and not self.fields and not self.texts


def foresee(tx: Transaction, command: Erase, _now: datetime) -> Erasure:
    """What `erase` would erase. Raises NotFoundError, and NotAllowedError for who is no admin."""
    return _plan(tx, command)[0]


def erase(tx: Transaction, command: Erase, now: datetime) -> Erasure:
    """Erase, and record that. Raises NotFoundError, and NotAllowedError for who is no admin."""
    erasure, gone = _plan(tx, command)
    if erasure.is_empty:
        return erasure
    submission, number = erasure.submission, command.number
    if command.is_whole:
        tx.erasure.drop_submission(number)
        retell(tx, str(number), f"number {number}, which was erased", now)
    else:
        tx.erasure.drop_texts(number, tx.erasure.texts(number))
        tx.submissions.replace_personal(number, {})
        _remember(tx, submission, command.actor_id, now)
    _clear(tx, gone, command, now)
    kind = AccessKind.ERASE_SUBMISSION if command.is_whole else AccessKind.ERASE_PERSONAL
    _record(tx, command.actor_id, kind, now, number=str(number))
    renew_homes(tx, _who_sees(tx, submission), f"{number}:erased{now.isoformat()}", now)
    return erasure


def _who_sees(tx: Transaction, submission: Submission) -> Iterator[str]:
    """Who may have it on their Home tab."""
    yield submission.submitter_id
    if submission.assignee_id is not None:
        yield submission.assignee_id
    desk = tx.desk.load()
    members = everybody_with_a_role(tx, desk)
    yield from owner_of(desk, submission.role_id, members).holders
    yield from called_in(tx, desk, submission, members)


def erase_quietly(tx: Transaction, number: int, actor_id: str, now: datetime) -> None:
    """Erase what is outworn of a submission that has ended long ago: texts, and personal fields
    unless its publication rests on them. Slack's messages stay as old as they are.
    """
    submission = existing(tx, number)
    tx.erasure.drop_texts(number, tx.erasure.texts(number))
    if not rests_on_consent(submission):
        tx.submissions.replace_personal(number, {})
    tx.history.append(_entry(tx, submission, actor_id, now))


def rests_on_consent(submission: Submission) -> bool:
    """Whether something is published that a customer agreed to: who did, and in which words, is
    kept as long as that stands (https://gdpr-info.eu/art-7-gdpr/: it has to be shown).
    """
    is_withdrawn = submission.consent is not None and submission.consent.withdrawn_at is not None
    return submission.state is State.PUBLISHED and not is_withdrawn


def check_may_erase(tx: Transaction, actor_id: str) -> None:
    """Raise NotAllowedError unless an admin asks, or an operator on the command line."""
    if actor_id != OPERATOR and not is_admin(tx, tx.desk.load(), actor_id):
        raise NotAllowedError("Only admins of Social Desk can do this.")


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseTexts:
    """Somebody erases what a colleague wrote in the conversation about one submission."""

    number: int
    user_id: str
    actor_id: str


def erase_texts(tx: Transaction, command: EraseTexts, now: datetime) -> int:
    """Erase a colleague's texts about one submission; returns how many. Raises as `erase` does."""
    check_may_erase(tx, command.actor_id)
    submission = existing(tx, command.number)
    theirs = _texts_of(tx, command.number, command.user_id)
    if not theirs:
        return 0
    gone = _told_of(tx, submission, theirs)
    tx.erasure.drop_texts(command.number, theirs)
    _remember(tx, submission, command.actor_id, now)
    _clear(tx, gone, Erase(number=command.number, actor_id=command.actor_id), now)
    return len(theirs)


def _plan(tx: Transaction, command: Erase) -> tuple[Erasure, tuple[Effect, ...]]:
    """What goes, and the effects whose messages go with it."""
    check_may_erase(tx, command.actor_id)
    submission = existing(tx, command.number)
    texts = tx.erasure.texts(command.number)
    told = _told_of(tx, submission, None if command.is_whole else texts)
    labels = {one.name: one.label for one in submission.kind.fields}
    erasure = Erasure(
        submission=submission,
        is_whole=command.is_whole,
        fields=tuple(labels.get(name, name) for name in tx.erasure.field_names(command.number)),
        texts=len(texts),
        messages=sum(effect.kind is not EffectKind.FILE for effect in told),
        copies=sum(effect.kind is EffectKind.FILE for effect in told),
        given=submission.files,
        retold=len(told_of(tx, str(command.number))) if command.is_whole else 0,
    )
    return erasure, told


def _told_of(
    tx: Transaction, submission: Submission, seqs: Collection[int] | None
) -> tuple[Effect, ...]:
    """The effects that told of a submission; with `seqs` those that carried the texts of these."""
    number = submission.number
    told = tx.erasure.messages(number, (*card_keys(submission), receipt_key(number)))
    if seqs is None:
        return told
    return tuple(
        effect
        for effect in told
        if effect.kind in {EffectKind.STORY, EffectKind.WORD}
        and effect.number == number
        and effect.payload.get("seq") in seqs
    )


def _texts_of(tx: Transaction, number: int, user_id: str) -> tuple[int, ...]:
    by = {entry.seq for entry in tx.history.of(number) if entry.actor_id == user_id}
    return tuple(seq for seq in tx.erasure.texts(number) if seq in by)


def _clear(tx: Transaction, gone: Sequence[Effect], command: Erase, now: datetime) -> None:
    """Have the messages of these effects lose their text. Files that were shared stand nowhere that
    is known: they are looked for in the thread of their card.
    """
    for effect in sorted(gone, key=lambda one: (one.target, one.key)):
        is_file = effect.kind is EffectKind.FILE and tx.outbox.posted(effect.key) is None
        payload = {"number": command.number, "is_whole": command.is_whole}
        tx.outbox.add(
            Effect(
                key=f"{'unfile' if is_file else 'clear'}:{effect.key}",
                kind=EffectKind.UNFILE if is_file else EffectKind.CLEAR,
                target=effect.target,
                payload={**payload, "file": effect.payload["file"]} if is_file else payload,
                parent_key=effect.parent_key if is_file else effect.key,
            ),
            now,
        )


def _remember(tx: Transaction, submission: Submission, actor_id: str, now: datetime) -> None:
    """The history, the card and its thread tell that something was erased."""
    entry = _entry(tx, submission, actor_id, now)
    tx.history.append(entry)
    card = current_card(tx, submission)
    if card is not None:
        update_card(tx, card, submission, f"erased{entry.seq}", now)
        tell_story(tx, card, entry, now)


def _entry(tx: Transaction, submission: Submission, actor_id: str, now: datetime) -> HistoryEntry:
    return HistoryEntry(
        number=submission.number,
        seq=tx.history.next_seq(submission.number),
        at=now,
        actor_id=actor_id,
        verb=Verb.ERASE,
        from_state=submission.state,
        to_state=submission.state,
        detail={},
    )


def _record(tx: Transaction, actor_id: str, kind: AccessKind, now: datetime, **detail: str) -> None:
    tx.accesses.append(Access(at=now, actor_id=actor_id, kind=kind, detail=detail))
