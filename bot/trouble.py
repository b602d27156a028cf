"""What the admin hears of an effect that was set aside."""

import logging
from datetime import datetime

from bot.announce import tell_admin
from bot.outbox import ERASING, Effect, EffectKind
from bot.ports import Transaction
from bot.resting import rest_after
from bot.targets import mention, people_of

log = logging.getLogger(__name__)

OURS = "internal"
"""The error of an effect on which a bug of ours shows."""

GONE = frozenset({"message_not_found", "thread_not_found"})
"""Slack's words for a message that somebody deleted: trying again can't help."""

WHAT = {
    EffectKind.CARD: "The card of number {number}",
    EffectKind.CROWD: "The message about cards that wait",
    EffectKind.CARD_UPDATE: "The newest state on the card of number {number}",
    EffectKind.STORY: "A line in the thread of number {number}",
    EffectKind.FILE: "A file of number {number}",
    EffectKind.RECEIPT: "The receipt of number {number}",
    EffectKind.WORD: "A word to the submitter of number {number}",
    EffectKind.NUDGE: "A reminder of number {number}",
    EffectKind.DIGEST: "The weekly digest",
    EffectKind.DIGEST_MORE: "A part of the weekly digest",
    EffectKind.DIGEST_UPDATE: "An answer to a digest's ask",
    EffectKind.PAPER: "A digest as PDF",
    EffectKind.CLOSING: "The question what became of a goal",
    EffectKind.CHECK_IN: "The question where a goal stands",
    EffectKind.CHECK_IN_UPDATE: "The answer on the question where a goal stands",
    EffectKind.EXPERIMENT: "The question how an experiment went",
    EffectKind.PULSE: "The question of the quarter",
    EffectKind.SHEET: "What a file would bring",
    EffectKind.SHEET_END: "The import of a file",
    EffectKind.NOTICE: "A notice",
    EffectKind.HOME: "A Home tab",
    EffectKind.CLEAR: "A text about number {number}",
    EffectKind.RETELL: "A title or name in an earlier message",
    EffectKind.UNFILE: "A file of number {number}",
}


def tell_trouble(tx: Transaction, effect: Effect, error: str, now: datetime) -> None:
    """Tell the admin of a dead effect, unless nobody can mend it: a notice about a notice would
    never end, a Home tab comes again, and what was erased is not wanted any more.
    """
    if effect.kind is EffectKind.DIGEST:
        rest_after(tx, effect.target, error, now)
    log.warning("effect set aside", extra={"effect": effect.key, "error": error})
    if effect.kind in {EffectKind.NOTICE, EffectKind.HOME} or error == "erased":
        return
    if effect.kind is EffectKind.DIGEST_MORE and error == "expired":
        return  # so did the digest, and that is told
    about = f"effect:{effect.key}@{now.isoformat()}"
    if error in GONE and effect.number is not None and effect.kind not in ERASING:
        about = f"gone:{effect.parent_key}"
    tell_admin(tx, tx.desk.load(), about, trouble(effect, error), now)


def trouble(effect: Effect, error: str) -> str:
    """One sentence for the admin: what could not be delivered where, why, and what helps."""
    what = WHAT[effect.kind].format(number=effect.number)
    is_person = bool(people_of(effect.target))
    where = mention(effect.target)
    if effect.kind in ERASING:
        return (
            f"{what} was erased and still stands in {where}: Slack answered “{error}”. "
            "Delete it there."
        )
    match error:
        case "not_in_channel" | "channel_not_found" if not is_person:
            why = (
                "Social Desk is not in that channel. Type `/invite @Social Desk` there, then try "
                "again."
            )
        case "is_archived":
            why = "the channel is archived. Name another one on Social Desk's Home tab."
        case "outcome_unknown":
            why = (
                "Slack did not answer, and Social Desk may not read back whether it arrived. "
                "Look there first; try again only if it is missing."
            )
        case "message_not_found" | "thread_not_found":
            return (
                f"The message that tells of number {effect.number} in {where} was deleted, so it "
                "can't be kept up to date. Its owner finds it in the queue and on the Home tab."
            )
        case "internal":
            why = "Social Desk itself failed on it. An operator finds the reason in the log."
        case "expired":
            why = "Slack could not be reached for too long. Try again if it is still wanted."
        case _:
            why = f"Slack answered “{error}”."
    return f"{what} could not be delivered to {where}: {why}"
