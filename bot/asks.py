"""Answers to what a digest asks for: by a button, once, and told in the digest of the next week."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.ask import FINAL, Asked, Reply
from bot.digest_effects import digest_key
from bot.digest_parts import AskPart
from bot.errors import NotAllowedError, NotFoundError, StaleError
from bot.outbox import EffectKind
from bot.ports import Transaction

SAID = {Reply.YES: "yes", Reply.NOT_NOW: "not now", Reply.LATER: "later"}
"""What was said, for a sentence."""

NO_MORE = "This ask is no more."


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAsk:
    """Somebody who reads a digest answers what it asks for."""

    subscription_id: str
    period: str
    reply: Reply
    actor_id: str


def stored(part: AskPart, subscription_id: str, period: str, now: datetime) -> Asked:
    """What a digest that is posted now asks for, to be kept."""
    ask = part.ask
    return Asked(
        subscription_id=subscription_id,
        period=period,
        kind=ask.kind,
        count=ask.count,
        goal_id=ask.standing.goal.goal_id if ask.standing else None,
        role_id=ask.role_id,
        overdue=part.overdue,
        at=now,
        platform=ask.platform,
        sample=ask.sample,
    )


def answer_ask(tx: Transaction, command: AnswerAsk, now: datetime) -> Asked:
    """Store the answer and show it in the digest's message.

    Whoever reads the digest may answer, since its channel decides who its readers are; guests may
    not. A yes or a no settles it. Raises NotAllowedError, NotFoundError, and StaleError when
    somebody was quicker.
    """
    member = tx.members.get(command.actor_id)
    if member is None or member.is_guest or not member.is_active_person:
        raise NotAllowedError("Only colleagues can answer this, no guests.")
    asked = tx.asks.get(command.subscription_id, command.period)
    if asked is None:
        raise NotFoundError(NO_MORE)
    if asked.reply is command.reply and asked.reply_by == command.actor_id:
        return asked
    if not tx.asks.reply(
        command.subscription_id, command.period, command.reply, command.actor_id, now
    ):
        said = SAID[asked.reply] if asked.reply else "something"
        raise StaleError(f"<@{asked.reply_by}> was quicker, and said {said}.")
    _show(tx, command, now)
    return replace(asked, reply=command.reply, reply_by=command.actor_id, reply_at=now)


def _show(tx: Transaction, command: AnswerAsk, now: datetime) -> None:
    """Bring the digest's message up to date, where it stands."""
    key = digest_key(command.subscription_id, command.period)
    posted = tx.outbox.find(key)
    if posted is None or tx.outbox.posted(key) is None:
        return
    update = replace(
        posted,
        key=f"{key}:answer:{command.reply}:{command.actor_id}:{now.isoformat()}",
        kind=EffectKind.DIGEST_UPDATE,
        parent_key=key,
        collapse_key=f"{key}:answer",
        expires_at=None,
    )
    tx.outbox.add(update, now)


def is_settled(asked: Asked) -> bool:
    """Whether nobody needs to answer any more."""
    return asked.reply in FINAL
