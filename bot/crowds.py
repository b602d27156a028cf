"""A crowd of cards: where many wait for the same conversation, one message tells of all of them.

The cards are folded, not dropped. Each submission stands in the queue and on the Home tab as ever,
its submitter has the receipt, and its own card is posted as soon as somebody opens it, acts on it,
or the desk has something to say about it.
"""

from datetime import datetime, timedelta

from bot.brief import brief
from bot.cards import KEEP_TRYING, card_key
from bot.errors import NotFoundError
from bot.material import CrowdMaterial
from bot.outbox import Effect, EffectKind
from bot.people import everybody_with_a_role, owner_of, without_leavers
from bot.ports import Transaction
from bot.submission import Submission

SHOWN = 5
"""How many of a crowd are named."""


LOOKED_AT = 50
"""How many of a crowd are looked at for the message about it."""

AT_ONCE = 50
"""How many cards one transaction folds: a millisecond, for which others may have to wait."""

APART = timedelta(seconds=5)
"""How long after the cards of one crowd were folded the next is: while cards come without an end,
a channel is told as often, and not every second."""


@brief
def fold_crowd(tx: Transaction, lane: str, now: datetime) -> bool:
    """Fold the first cards that wait in a lane, and have one message tell of them in their place;
    whether there may be more.
    """
    folded = tx.outbox.fold(lane, now, limit=AT_ONCE, next_at=now + APART)
    if not folded:
        return False
    tx.outbox.add(
        Effect(
            key=f"crowd:{lane}:{now.isoformat()}",
            kind=EffectKind.CROWD,
            target=lane,
            collapse_key=f"crowd:{lane}",
            expires_at=now + KEEP_TRYING,
        ),
        now,
    )
    return folded == AT_ONCE


def show_card(tx: Transaction, submission: Submission, now: datetime) -> None:
    """Somebody takes a look at a submission: it gets its card, if that was folded."""
    tx.outbox.unfold(card_key(submission), now)


def crowd(tx: Transaction, effect: Effect, now: datetime) -> CrowdMaterial:
    """What a message about a crowd shows: what is still folded there and waits for a decision.

    Raises NotFoundError when that is nothing any more.
    """
    found = crowd_left(tx, effect, now)
    if not found.items:
        raise NotFoundError("Nothing waits there any more.")
    return found


def crowd_left(tx: Transaction, effect: Effect, now: datetime) -> CrowdMaterial:
    """The same for a message that stands there: also when nothing of it is left."""
    folded = tx.submissions.folded_in(effect.lane, limit=LOOKED_AT, shown=SHOWN)
    desk = tx.desk.load()
    members = everybody_with_a_role(tx, desk)
    return CrowdMaterial(
        items=without_leavers(tx, folded.first),
        total=folded.total,
        kinds=tuple(sorted(folded.kinds)),
        roles={id_: owner_of(desk, id_, members).role.label for id_ in folded.role_ids},
        now=now,
    )
