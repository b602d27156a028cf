"""From an effect to what its message is made of, read when it is sent, so that it tells the truth
of that moment and no rendered text lies about in the database.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot import digest, home
from bot.brief import brief, patient
from bot.cards import current_card, is_left_behind
from bot.check_ins import check_in_of
from bot.closing import closing_of
from bot.consent import obstacle, uses_of
from bot.crowds import crowd, crowd_left
from bot.desk import Role
from bot.digest_effects import week_in
from bot.erased import ClearMaterial, UnfileMaterial
from bot.errors import NotFoundError
from bot.experiment_end import trial_of
from bot.kept_file import FileMaterial
from bot.lifecycle import Verb
from bot.material import (
    CardMaterial,
    DigestMaterial,
    DigestMoreMaterial,
    Material,
    MovedMaterial,
    NoticeMaterial,
    NudgeMaterial,
    ReceiptMaterial,
    StoryMaterial,
    WordMaterial,
)
from bot.naming import message_of
from bot.outbox import Effect, EffectKind, file_title
from bot.papers import paper_of
from bot.people import (
    active_admins,
    called_in,
    everybody_with_a_role,
    owner_of,
    without_leavers,
)
from bot.ports import Transaction
from bot.pulses import question_of
from bot.sections import Place
from bot.serving import serves
from bot.sheet_import import sheet_of
from bot.steps.base import existing
from bot.submission import HistoryEntry, Submission, Use

BRIEF = frozenset(
    {
        EffectKind.CARD,
        EffectKind.CARD_UPDATE,
        EffectKind.STORY,
        EffectKind.RECEIPT,
        EffectKind.WORD,
        EffectKind.NUDGE,
        EffectKind.NOTICE,
    }
)
"""Kinds whose messages show a few rows, however much is stored. One about a crowd counts it."""

PATIENT = frozenset(
    {EffectKind.DIGEST, EffectKind.DIGEST_MORE, EffectKind.DIGEST_UPDATE, EffectKind.PAPER}
)
"""Kinds whose messages show much, and that come whenever they come."""


def gather_material(tx: Transaction, effect: Effect, now: datetime) -> Material:
    """Everything the message of `effect` shows.

    Raises NotFoundError when what it is about is gone (erased).
    """
    return _OTHERS.get(effect.kind, _of_submission)(tx, effect, now)


@patient
def gather_patiently(tx: Transaction, effect: Effect, now: datetime) -> Material:
    """The same for an effect that is among PATIENT."""
    return gather_material(tx, effect, now)


@brief
def gather_briefly(tx: Transaction, effect: Effect, now: datetime) -> Material:
    """The same for an effect that is among BRIEF."""
    return gather_material(tx, effect, now)


def gather_for(kind: EffectKind) -> Callable[[Transaction, Effect, datetime], Material]:
    """The use case that gathers for effects of a kind."""
    if kind in BRIEF:
        return gather_briefly
    return gather_patiently if kind in PATIENT else gather_material


def _of_submission(tx: Transaction, effect: Effect, now: datetime) -> Material:
    (submission,) = without_leavers(tx, [existing(tx, effect.number or 0)])
    desk = tx.desk.load()
    members = everybody_with_a_role(tx, desk)
    owner = owner_of(desk, submission.role_id, members)
    match effect.kind:
        case EffectKind.CARD | EffectKind.CARD_UPDATE if is_left_behind(effect, submission):
            card = current_card(tx, submission)
            return MovedMaterial(submission, owner.role, card.target if card else None)
        case EffectKind.STORY:
            return _story(tx, effect, submission)
        case EffectKind.WORD:
            return _word(tx, effect, submission, owner.role)
        case EffectKind.NUDGE:
            return NudgeMaterial(
                submission=submission,
                role=owner.role,
                entry=_entry(tx, effect, submission),
                holders=owner.holders,
                is_called_in=effect.target in called_in(tx, desk, submission, members),
                obstacle=obstacle(tx, desk, submission, now),
            )
        case EffectKind.RECEIPT:
            return ReceiptMaterial(submission=submission, role=owner.role)
        case _:
            return CardMaterial(
                submission=submission,
                role=owner.role,
                holders=owner.holders or active_admins(tx, desk),
                called_in=called_in(tx, desk, submission, members),
                has_personal=tx.submissions.has_personal(submission.number),
                uses=_to_take_down(tx, submission),
                serves=serves(tx, submission, now),
            )


def _word(tx: Transaction, effect: Effect, submission: Submission, role: Role) -> WordMaterial:
    theirs, entry = effect.payload.get("duplicate"), _entry(tx, effect, submission)
    is_for_them = theirs is None and entry.verb is not Verb.CONSENT
    text = tx.conversations.get(entry.number, entry.seq) if is_for_them else None
    return WordMaterial(
        submission=submission,
        role=role,
        entry=entry,
        text=text or "",
        duplicate=existing(tx, int(theirs)) if theirs is not None else None,
    )


def _story(tx: Transaction, effect: Effect, submission: Submission) -> StoryMaterial:
    entry = _entry(tx, effect, submission)
    actor = tx.members.get(entry.actor_id)
    text = tx.conversations.get(entry.number, entry.seq)
    is_apart = submission.kind.is_confidential and text is not None
    return StoryMaterial(
        submission=submission,
        entry=entry,
        actor_name=actor.name if actor else None,
        text="" if is_apart else text or "",
        is_apart=is_apart,
        uses=_to_take_down(tx, submission),
    )


def _to_take_down(tx: Transaction, submission: Submission) -> tuple[Use, ...]:
    """Where it was published, once its customer withdrew their consent."""
    if submission.consent is None or submission.consent.withdrawn_at is None:
        return ()
    return uses_of(tx.history.of(submission.number))


def _entry(tx: Transaction, effect: Effect, submission: Submission) -> HistoryEntry:
    seq = int(effect.payload["seq"])
    entry = tx.history.get(submission.number, seq)
    if entry is None:
        raise NotFoundError(f"Number {submission.number} has no history entry {seq}.")
    return entry


def _digest(tx: Transaction, effect: Effect, now: datetime) -> DigestMaterial:
    due_at = datetime.fromisoformat(str(effect.payload["due_at"]))
    posted = tx.outbox.posted(effect.key if effect.parent_key is None else effect.parent_key)
    said_at = now if posted is None else datetime.fromtimestamp(float(posted.ts), UTC)
    week = replace(
        week_in(effect.payload),
        late_for=due_at if said_at - due_at > digest.PUNCTUAL else None,
        place=Place(str(effect.payload.get("place", Place.SCREEN))),
    )
    changed_at = None if posted is None else tx.namings.changed_at(message_of(effect))
    is_end = bool(effect.payload.get("is_end"))
    return replace(digest.gather(tx, week, now), changed_at=changed_at, is_end=is_end)


def _retold(tx: Transaction, effect: Effect, now: datetime) -> Material:
    """What a message shows that named something erased; a crowd may have gone since."""
    told = tx.outbox.find(effect.parent_key or "")
    if told is None:
        raise NotFoundError("There is no such message any more.")
    if told.kind is EffectKind.CROWD:
        return crowd_left(tx, told, now)
    return gather_material(tx, told, now)


def _digest_more(tx: Transaction, effect: Effect, now: datetime) -> Material:
    found = _digest(tx, effect, now)
    return DigestMoreMaterial(found, Place(str(effect.payload["place"])))


def _file(tx: Transaction, effect: Effect, _now: datetime) -> Material:
    submission = existing(tx, effect.number or 0)
    place = int(effect.payload["file"])
    if is_left_behind(effect, submission) or place > len(submission.files):
        raise NotFoundError(f"Number {submission.number} has no file {place} there any more.")
    file = submission.files[place - 1]
    return FileMaterial(submission=submission, file=file, title=f"{file_title(effect)}{file.name}")


def _erased(_tx: Transaction, effect: Effect, _now: datetime) -> Material:
    """What goes out of Slack, where there is nothing to be read any more."""
    if effect.kind is EffectKind.UNFILE:
        return UnfileMaterial(title=file_title(effect))
    return ClearMaterial(number=effect.number or 0, is_whole=bool(effect.payload["is_whole"]))


def _notice(_tx: Transaction, effect: Effect, _now: datetime) -> Material:
    retry = effect.payload.get("retry_key")
    return NoticeMaterial(
        sentence=str(effect.payload["sentence"]),
        retry_key=str(retry) if retry is not None else None,
        digest=str(effect.payload["digest"]) if "digest" in effect.payload else None,
    )


def _home(tx: Transaction, effect: Effect, now: datetime) -> Material:
    return home.home(tx, home.asked_by(effect), now)


def _closing(tx: Transaction, effect: Effect, now: datetime) -> Material:
    return closing_of(tx, str(effect.payload["goal"]), now)


def _experiment(tx: Transaction, effect: Effect, now: datetime) -> Material:
    return trial_of(tx, str(effect.payload["experiment"]), now)


def _pulse(_tx: Transaction, effect: Effect, _now: datetime) -> Material:
    return question_of(str(effect.payload["quarter"]))


_OTHERS: Mapping[EffectKind, Callable[[Transaction, Effect, datetime], Material]] = {
    EffectKind.DIGEST: _digest,
    EffectKind.DIGEST_MORE: _digest_more,
    EffectKind.DIGEST_UPDATE: _digest,
    EffectKind.PAPER: paper_of,
    EffectKind.NOTICE: _notice,
    EffectKind.HOME: _home,
    EffectKind.CROWD: crowd,
    EffectKind.CLOSING: _closing,
    EffectKind.CHECK_IN: check_in_of,
    EffectKind.CHECK_IN_UPDATE: check_in_of,
    EffectKind.EXPERIMENT: _experiment,
    EffectKind.PULSE: _pulse,
    EffectKind.FILE: _file,
    EffectKind.SHEET: sheet_of,
    EffectKind.SHEET_END: sheet_of,
    EffectKind.CLEAR: _erased,
    EffectKind.RETELL: _retold,
    EffectKind.UNFILE: _erased,
}
"""What is not gathered from the submission that it is about."""
