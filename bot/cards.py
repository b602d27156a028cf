"""The cards of a submission: one at a time, and a new one when it moves to another place (P07)."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.outbox import Effect, EffectKind
from bot.ports import Transaction
from bot.submission import Submission

KEEP_TRYING = timedelta(days=7)
"""How long a message waits for a Slack that does not answer before it is set aside."""


def card_key(submission: Submission) -> str:
    """The key of the card that a submission has now."""
    return _key(submission.number, submission.card)


def card_keys(submission: Submission) -> tuple[str, ...]:
    """The keys of all the cards that a submission ever had."""
    return tuple(_key(submission.number, card) for card in range(1, submission.card + 1))


def current_card(tx: Transaction, submission: Submission) -> Effect | None:
    """The card that a submission has now, posted or still to be; None when it never had any."""
    return tx.outbox.find(card_key(submission))


def is_left_behind(effect: Effect, submission: Submission) -> bool:
    """Whether `effect` is about a card that stood where the submission is not any more."""
    key = effect.parent_key or effect.key
    return key in card_keys(submission)[:-1]


def with_new_card(submission: Submission) -> Submission:
    """The submission as it is to be stored before `post_card` puts its card elsewhere."""
    return replace(submission, card=submission.card + 1)


def post_card(
    tx: Transaction, submission: Submission, target: str, now: datetime, *, tells_old: bool = True
) -> None:
    """The card of a stored submission, in a channel or a person's direct messages. The one that it
    had before, if any, then tells where it went, unless it is out of reach (`tells_old`).
    """
    if submission.card > 1 and tells_old:
        before = replace(submission, card=submission.card - 1)
        left = current_card(tx, before)
        if left is not None:
            update_card(tx, left, submission, f"moved{submission.card}", now)
    tx.outbox.add(
        Effect(
            key=card_key(submission),
            kind=EffectKind.CARD,
            target=target,
            payload={"number": submission.number},
            expires_at=now + KEEP_TRYING,
        ),
        now,
    )
    keep_files(tx, submission, now)


def keep_files(tx: Transaction, submission: Submission, now: datetime) -> None:
    """Each file in the thread of the present card, where it is not yet there."""
    if not submission.files:
        return
    card = current_card(tx, submission)
    if card is None:
        return
    suffix = card.key.removeprefix(f"card:{submission.number}")
    for place in range(1, len(submission.files) + 1):
        tx.outbox.add(
            Effect(
                key=f"file:{submission.number}:{place}{suffix}",
                kind=EffectKind.FILE,
                target=card.target,
                payload={"number": submission.number, "file": place},
                parent_key=card.key,
                expires_at=now + KEEP_TRYING,
            ),
            now,
        )


def update_card(
    tx: Transaction, card: Effect, submission: Submission, cause: str, now: datetime
) -> None:
    """The card as it is when this is sent; of several waiting updates the newest stays.

    `cause` tells the update from others of the same card.
    """
    tx.outbox.add(
        Effect(
            key=f"{card.key}:{cause}",
            kind=EffectKind.CARD_UPDATE,
            target=card.target,
            payload={"number": submission.number},
            parent_key=card.key,
            collapse_key=card.key,
        ),
        now,
    )


def _key(number: int, card: int) -> str:
    return f"card:{number}" if card == 1 else f"card:{number}.{card}"
