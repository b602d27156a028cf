"""What is stored as a JSON document, to and fro."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from bot.kinds import FieldType
from bot.submission import Consent, Submission
from bot.text import folded
from bot.working_time import WorkingHours

_SEARCHED = frozenset({FieldType.LINE, FieldType.TEXT, FieldType.LINK})


def consent_document(consent: Consent) -> dict[str, Any]:
    """A consent as JSON: dates and moments in ISO form."""
    values = asdict(consent)
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def consent_of(document: Mapping[str, Any]) -> Consent:
    """What `consent_document` wrote."""
    values = dict(document)
    until, withdrawn = values.pop("until"), values.pop("withdrawn_at")
    return Consent(
        recorded_at=datetime.fromisoformat(values.pop("recorded_at")),
        platforms=tuple(values.pop("platforms")),
        until=None if until is None else date.fromisoformat(until),
        withdrawn_at=None if withdrawn is None else datetime.fromisoformat(withdrawn),
        **values,
    )


def hours_document(hours: WorkingHours | None) -> dict[str, Any] | None:
    """Working hours as JSON: local times as "HH:MM", weekdays from 0 for Monday."""
    if hours is None:
        return None
    return {
        "start": hours.start.isoformat("minutes"),
        "end": hours.end.isoformat("minutes"),
        "weekdays": sorted(hours.weekdays),
        "tz": hours.tz,
    }


def hours_of(document: Mapping[str, Any] | None) -> WorkingHours | None:
    """What `hours_document` wrote."""
    if document is None:
        return None
    return WorkingHours(
        start=time.fromisoformat(document["start"]),
        end=time.fromisoformat(document["end"]),
        weekdays=frozenset(document["weekdays"]),
        tz=document["tz"],
    )


def words_of(submission: Submission) -> str:
    """What can be found in a submission: its title and its texts, never personal fields."""
    texts = (
        submission.text(field.name)
        for field in submission.kind.fields
        if field.type in _SEARCHED and not field.personal
    )
    return folded(" ".join(dict.fromkeys([submission.title, *texts])))
