"""Writes down what must be told in Slack, in the transaction that made it true."""

from collections.abc import Mapping
from datetime import datetime

from bot.cards import KEEP_TRYING, current_card, post_card, update_card
from bot.desk import Desk, Role
from bot.followers import followers
from bot.lifecycle import OUTCOMES
from bot.outbox import Effect, EffectKind
from bot.people import admin_to_tell, with_deputies
from bot.ports import Transaction
from bot.preferences import hears_of
from bot.routing import acting
from bot.story import CHANGED
from bot.submission import HistoryEntry, Submission


def receipt_key(number: int) -> str:
    """The key of a submission's receipt."""
    return f"receipt:{number}"


def number_of_receipt(key: str) -> int | None:
    """The submission whose receipt has this key; None for any other message."""
    kind, _, number = key.partition(":")
    return int(number) if kind == "receipt" and number.isdecimal() else None


def announce_new(
    tx: Transaction, desk: Desk, role: Role, submission: Submission, now: datetime
) -> None:
    """The card for the owner and the receipt for the submitter."""
    target = card_target(tx, desk, role)
    if target is not None:
        post_card(tx, submission, target, now)
    tx.outbox.add(
        Effect(
            key=receipt_key(submission.number),
            kind=EffectKind.RECEIPT,
            target=submission.submitter_id,
            payload={"number": submission.number},
            expires_at=now + KEEP_TRYING,
        ),
        now,
    )


def card_target(tx: Transaction, desk: Desk, role: Role) -> str | None:
    """Where a role's cards go: its channel, else a DM to the first who acts for it, else to the
    admin. None only when the workspace has nobody the desk knows of.
    """
    if role.channel_id is not None:
        return role.channel_id
    holders = acting(role, with_deputies(tx, (*role.holders, *role.backups)))
    return holders[0] if holders else admin_to_tell(tx, desk)


def announce_step(
    tx: Transaction, submission: Submission, entry: HistoryEntry, now: datetime
) -> None:
    """The card as it is now, a line in its thread, and a word to the submitter and to those of
    duplicates, if they want to hear of such a step; whoever took it themselves needs no word.
    """
    card = current_card(tx, submission)
    if card is not None:
        if submission.updated_at == entry.at:  # a word beside it leaves the card as it is
            update_card(tx, card, submission, f"v{submission.version}", now)
        tell_story(tx, card, entry, now)
    _tell_of(tx, submission, entry, now)
    if entry.verb in OUTCOMES:
        for duplicate in followers(tx, submission):
            _tell_of(tx, duplicate, entry, now)


def tell_story(tx: Transaction, card: Effect, entry: HistoryEntry, now: datetime) -> None:
    """A line in the thread of `card`."""
    suffix = card.key.removeprefix(f"card:{entry.number}")
    tx.outbox.add(
        Effect(
            key=f"story:{entry.number}:{entry.seq}{suffix}",
            kind=EffectKind.STORY,
            target=card.target,
            payload={"number": entry.number, "seq": entry.seq},
            parent_key=card.key,
            expires_at=now + KEEP_TRYING,
        ),
        now,
    )


def _tell_of(tx: Transaction, theirs: Submission, entry: HistoryEntry, now: datetime) -> None:
    """A word about a step to the submitter of `theirs`: of what the step was taken with, or of a
    duplicate of it.
    """
    submitter = tx.members.get(theirs.submitter_id)
    is_heard = submitter is None or (
        submitter.is_active_person and hears_of(submitter.hears, entry.verb)
    )
    is_said = entry.detail.get("story") == CHANGED  # they heard that it was told
    if entry.actor_id == theirs.submitter_id or is_said or not is_heard:
        return
    key, payload = f"word:{entry.number}:{entry.seq}", {"number": entry.number, "seq": entry.seq}
    if theirs.number != entry.number:
        key, payload = f"{key}:{theirs.number}", {**payload, "duplicate": theirs.number}
    tx.outbox.add(
        Effect(
            key=key,
            kind=EffectKind.WORD,
            target=theirs.submitter_id,
            payload=payload,
            parent_key=receipt_key(theirs.number),
            expires_at=now + KEEP_TRYING,
        ),
        now,
    )


def tell_unheld(tx: Transaction, desk: Desk, role: Role, now: datetime) -> None:
    """Tell the admin, once as long as nobody else is named, that nobody holds a role that work came
    for, or that its last active holder left (P07).
    """
    tell_admin(
        tx,
        desk,
        f"unheld:{role.role_id}:{'+'.join(role.holders)}",
        f"Nobody holds the {role.label} role. Until somebody does, the fallback role is "
        "accountable for what it owns. Name its holders on Social Desk's Home tab.",
        now,
    )


def tell_all_away(
    tx: Transaction, desk: Desk, role: Role, other: Role | None, cause: str, now: datetime
) -> None:
    """Tell the admin that everybody who holds a role is away and nobody stands in for them; `other`
    is the role that acts for it now, None when only admins do. Once per `cause`.
    """
    who = f"the {other.label} role acts" if other else "admins act"
    tell_admin(
        tx,
        desk,
        f"away:{role.role_id}:{cause}",
        f"Everybody who holds the {role.label} role is away, and nobody stands in for them. "
        f"Until somebody is back, {who} for what it owns.",
        now,
    )


def tell_admin(tx: Transaction, desk: Desk, about: str, sentence: str, now: datetime) -> None:
    """A sentence to the admin, once per `about`; with a button that tries a set-aside effect
    again when `about` begins with "effect:".
    """
    admin = admin_to_tell(tx, desk)
    if admin is None:
        return
    payload = {"sentence": sentence}
    if about.startswith("effect:"):
        payload["retry_key"] = about.removeprefix("effect:").rsplit("@", 1)[0]
    _tell(tx, admin, f"notice:{about}", payload, now)


def tell(tx: Transaction, user_id: str, key: str, sentence: str, now: datetime) -> None:
    """A sentence to one person by direct message, once per `key`."""
    _tell(tx, user_id, key, {"sentence": sentence}, now)


def _tell(
    tx: Transaction, user_id: str, key: str, payload: Mapping[str, str], now: datetime
) -> None:
    tx.outbox.add(
        Effect(
            key=key,
            kind=EffectKind.NOTICE,
            target=user_id,
            payload=payload,
            expires_at=now + KEEP_TRYING,
        ),
        now,
    )
