"""Everything that is stored about somebody, as plain data: for whoever asks what the desk knows."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.erasing import check_may_erase
from bot.forgetting import Colleague, named_in_set_up
from bot.lifecycle import VERB_PAST, Verb
from bot.persons import PAGE, drafts_naming
from bot.ports import Transaction
from bot.pulse import has_answered
from bot.steps.base import existing
from bot.submission import HistoryEntry, Submission

ALL = 100_000
"""More phrases and months of spending than anybody enters."""

Dossier = Mapping[str, Any]
"""Names and values as JSON takes them, but for moments and days."""


def about_submission(tx: Transaction, command: tuple[int, str], now: datetime) -> Dossier:
    """All of a submission, personal fields and conversation included; that somebody took it out is
    in its history from now on. `command` is its number and who asks.

    Raises NotFoundError, and NotAllowedError for who is no admin.
    """
    number, actor_id = command
    check_may_erase(tx, actor_id)
    submission = existing(tx, number)
    tx.history.append(
        HistoryEntry(
            number=number,
            seq=tx.history.next_seq(number),
            at=now,
            actor_id=actor_id,
            verb=Verb.EXPORT,
            from_state=submission.state,
            to_state=submission.state,
            detail={},
        )
    )
    texts = tx.conversations.of(number)
    return {
        **_known_to_all(submission),
        "personal": dict(tx.submissions.personal(number)),
        "history": [_entry(entry, texts) for entry in tx.history.of(number)],
    }


def drafts_about(tx: Transaction, text: str, now: datetime) -> tuple[Dossier, ...]:
    """The drafts in which a person is named."""
    named = drafts_naming(tx, text, now)
    return tuple(
        {"of": user_id, "kind": key, "fields": dict(fields)}
        for user_id, key, fields in tx.erasure.drafts()
        if (user_id, key) in named
    )


def about_colleague(tx: Transaction, command: Colleague, _now: datetime) -> Dossier:
    """What is known of a colleague themselves: as Slack tells it, in the set-up, drafts, and what
    of personal data they had before them beyond single submissions.
    """
    check_may_erase(tx, command.actor_id)
    member = tx.members.get(command.user_id)
    return {
        "user_id": command.user_id,
        "known": None if member is None else asdict(member),
        "set_up": list(named_in_set_up(tx, command.user_id)),
        "own_digests": [asdict(one) for one in tx.digests.own_of(command.user_id)],
        "drafts": {key: dict(one) for key, one in tx.erasure.drafts_of(command.user_id).items()},
        "webhooks": list(tx.hooks.made_by(command.user_id)),
        "entered": dict(tx.erasure.entered_by(command.user_id)),
        "pulse_answered": [
            one.quarter
            for one in tx.pulses.newest(limit=400)
            if has_answered(one, tx.pulses.marks(one.quarter, command.user_id))
        ],
        "conversions": [
            {"type": one.type_key, "at": one.occurred_at, "count": one.count, "as": one.external_id}
            for one in tx.conversions.entered_by(command.user_id)
        ],
        "phrases": [
            one.words for one in tx.phrases.newest(limit=ALL) if one.created_by == command.user_id
        ],
        "spending": [
            {"month": one.month, "amount": str(one.amount), "at": one.recorded_at}
            for one in tx.spend.entered(limit=ALL)
            if one.recorded_by == command.user_id
        ],
        "budgets": list(
            dict.fromkeys(
                one.period for one in tx.spend.budgets() if one.recorded_by == command.user_id
            )
        ),
        "accesses": [
            asdict(access) for access in tx.accesses.all() if access.actor_id == command.user_id
        ],
    }


def work_of(
    tx: Transaction, command: tuple[Colleague, int], _now: datetime
) -> tuple[tuple[Dossier, ...], int | None]:
    """What a colleague handed in and did, of the next submissions behind a number, and the last of
    these; None when there are no more. What they handed in of other people is not theirs: personal
    fields are left out.
    """
    colleague, after = command
    check_may_erase(tx, colleague.actor_id)
    page = tx.submissions.after(after, limit=PAGE)
    found = []
    for one in page:
        texts = tx.conversations.of(one.number)
        theirs = [
            _entry(entry, texts)
            for entry in tx.history.of(one.number)
            if entry.actor_id == colleague.user_id
        ]
        if one.submitter_id == colleague.user_id:
            found.append({**_known_to_all(one), "history": theirs})
        elif theirs:
            found.append({"number": one.number, "kind": one.kind_key, "history": theirs})
    return tuple(found), page[-1].number if len(page) == PAGE else None


def _known_to_all(submission: Submission) -> Dossier:
    values = asdict(submission)
    return {
        name: value
        for name, value in values.items()
        if name not in {"version", "card", "timer", "timer_at", "escalation"} and value is not None
    }


def _entry(entry: HistoryEntry, texts: Mapping[int, str]) -> Dossier:
    text = texts.get(entry.seq)
    return {
        "at": entry.at,
        "by": entry.actor_id,
        "what": VERB_PAST[entry.verb],
        "detail": dict(entry.detail),
        **({} if text is None else {"text": text}),
    }
