"""An operator looks after lanes: what is in them, once more, not at all; beside a server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import FieldError
from bot.lane_store import DROPPED, RESTORED, EffectStanding, LaneStanding, OperatorNote
from bot.lifecycle import OPERATOR, Verb
from bot.outbox import Effect, EffectState
from bot.outbox_care import put_back
from bot.ports import Transaction
from bot.submission import HistoryEntry
from bot.trouble import WHAT, trouble

SHOWN = 200
"""How many effects of one lane are shown."""

REASON_LIMIT = 500

_WAITS = {
    "ratelimited": "Slack limits the rate",
    "no_connection": "Slack can't be reached",
    "connection_broken": "the connection to Slack broke",
    "timeout": "Slack did not answer in time",
    "lease_short": "it took too long to put together",
    "parent_dead": "the message that it belongs to was set aside",
    "parent_missing": "the message that it belongs to is gone",
    "erased": "what it tells of was erased",
    "not_installed": "the app is not installed in the workspace",
    RESTORED: "a backup was restored: looked up in Slack before it is posted",
    DROPPED: "an operator gave it up",
}


@dataclass(frozen=True, slots=True)
class ShownEffect:
    """An effect with what operators did to it."""

    standing: EffectStanding
    notes: tuple[OperatorNote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of one key: a sentence, and whether it was done."""

    key: str
    is_done: bool
    sentence: str


def _done(key: str, sentence: str) -> Settled:
    return Settled(key=key, is_done=True, sentence=sentence)


def _not_done(key: str, sentence: str) -> Settled:
    return Settled(key=key, is_done=False, sentence=sentence)


@dataclass(frozen=True, slots=True)
class Attend:
    """An operator wants these effects tried again, or dropped, for a reason."""

    keys: tuple[str, ...]
    reason: str


def lanes_of(tx: Transaction, _command: None, _now: datetime) -> tuple[LaneStanding, ...]:
    """Every lane in which something waits or was set aside."""
    return tx.lanes.standings()


def channel_names(tx: Transaction, lanes: Sequence[str], _now: datetime) -> dict[str, str]:
    """The names of the lanes that are channels. People have none here: they are personal."""
    found = ((lane, tx.channels.get(lane)) for lane in lanes if lane.startswith(("C", "G")))
    return {lane: channel.name for lane, channel in found if channel is not None}


def effects_in(tx: Transaction, lane: str, _now: datetime) -> tuple[ShownEffect, ...]:
    """What waits in a lane or was set aside there, with what operators did to it."""
    return tuple(
        ShownEffect(standing, _notes(tx, standing.effect))
        for standing in tx.lanes.effects(lane, limit=SHOWN)
    )


def retry(tx: Transaction, command: Attend, now: datetime) -> tuple[Settled, ...]:
    """Try set-aside effects again by the rules of *Try again*; the reason is kept.

    Raises FieldError for a reason that says nothing, or too much.
    """
    _check(command)
    return tuple(_retry(tx, key, command.reason.strip(), now) for key in command.keys)


def _retry(tx: Transaction, key: str, reason: str, now: datetime) -> Settled:
    standing = tx.lanes.standing(key)
    if standing is None:
        return _not_done(key, "There is no such effect.")
    if standing.done_at is None:
        return _not_done(key, "It waits already; it is tried by itself.")
    refusal = "An operator gave it up." if standing.error == DROPPED else put_back(tx, key, now)
    if refusal is not None:
        return _not_done(key, refusal)
    _keep(tx, standing.effect, Verb.RETRY, reason, now)
    return _done(key, "It is tried again, within seconds where a server runs.")


def drop(tx: Transaction, command: Attend, now: datetime) -> tuple[Settled, ...]:
    """Give effects up that wait or were set aside; the reason is kept. Raises as `retry` does."""
    _check(command)
    return tuple(_drop(tx, key, command.reason.strip(), now) for key in command.keys)


def _drop(tx: Transaction, key: str, reason: str, now: datetime) -> Settled:
    standing = tx.lanes.standing(key)
    if standing is None:
        return _not_done(key, "There is no such effect.")
    if not tx.lanes.drop(key, now):
        why = "It is being sent just now." if standing.done_at is None else "It is done already."
        return _not_done(key, why)
    _keep(tx, standing.effect, Verb.DROP, reason, now)
    return _done(key, "It is given up, and what belongs to its message with it.")


def recheck(tx: Transaction, since: datetime, now: datetime) -> int:
    """After a restore: whatever waits may have been posted since the backup, so it is looked up
    first. Returns how many effects that concerns.
    """
    return tx.lanes.doubt(since, now)


def said_of(standing: EffectStanding) -> str:
    """What an effect is, in words, as admins read it."""
    return WHAT[standing.effect.kind].format(number=standing.effect.number)


def error_in_words(standing: EffectStanding) -> str:
    """Why an effect waits or was set aside; empty when nothing is wrong with it."""
    if standing.error is None:
        return ""
    known = _WAITS.get(standing.error)
    if known is not None and standing.state is not EffectState.SENT:
        return known
    sentence = trouble(standing.effect, standing.error)
    return sentence.partition(": ")[2] or sentence


def _check(command: Attend) -> None:
    reason = command.reason.strip()
    if not reason or len(reason) > REASON_LIMIT:
        raise FieldError(
            {"reason": f"--reason: say why, in 1 to {REASON_LIMIT} characters; it is kept."}
        )


def _keep(tx: Transaction, effect: Effect, verb: Verb, reason: str, now: datetime) -> None:
    """In the history of its submission; what belongs to none has its own book."""
    submission = None if effect.number is None else tx.submissions.get(effect.number)
    if submission is None:
        tx.lanes.note(OperatorNote(key=effect.key, at=now, what=verb.value, reason=reason))
        return
    tx.history.append(
        HistoryEntry(
            number=submission.number,
            seq=tx.history.next_seq(submission.number),
            at=now,
            actor_id=OPERATOR,
            verb=verb,
            from_state=submission.state,
            to_state=submission.state,
            detail={"effect": effect.key, "note": reason},
        )
    )


def _notes(tx: Transaction, effect: Effect) -> tuple[OperatorNote, ...]:
    if effect.number is None:
        return tx.lanes.notes(effect.key)
    return tuple(
        OperatorNote(
            key=effect.key, at=entry.at, what=entry.verb.value, reason=entry.detail["note"]
        )
        for entry in tx.history.of(effect.number)
        if entry.actor_id == OPERATOR and entry.detail.get("effect") == effect.key
    )
