"""A customer's consent: what they agreed to, its withdrawal, and the lock that hangs on both.

Whoever records it says in which words the customer agreed; those words are a personal field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.desk import Desk
from bot.due import hours_of
from bot.errors import FieldError, NotAllowedError
from bot.forms import check_sentence
from bot.kinds import PLATFORMS
from bot.lifecycle import Verb
from bot.people import current_owner, everybody_with_a_role
from bot.ports import Transaction
from bot.submission import Consent, FieldValue, HistoryEntry, Submission, Use
from bot.verbs import NO_CONSENT

WORDING_LENGTH = 1000
"""How long the words in which a customer agreed may be, in characters."""

REASON_LENGTH = 500
"""How long the reason of a withdrawal may be, in characters."""

WORDING = "consent_wording"
"""The personal field that holds the customer's words."""

RESTS_ON = frozenset({"quote", "customer", "person", "position", "consent"})
"""The fields that a customer agreed to: when one of them changes, they have to be asked anew."""


class Shown(StrEnum):
    """How a customer may be shown."""

    NAME_AND_LOGO = "name_and_logo"
    NAME = "name"
    LOGO = "logo"
    ANONYMOUS = "anonymous"


SHOWN_LABELS = {
    Shown.NAME_AND_LOGO: "With name and logo",
    Shown.NAME: "With name, without logo",
    Shown.LOGO: "With logo, without name",
    Shown.ANONYMOUS: "Anonymously",
}


def shown(consent: Consent) -> Shown:
    """How this consent lets the customer be shown."""
    if consent.may_name:
        return Shown.NAME_AND_LOGO if consent.may_show_logo else Shown.NAME
    return Shown.LOGO if consent.may_show_logo else Shown.ANONYMOUS


def needs_consent(submission: Submission) -> bool:
    """Whether a customer's consent matters to it as it stands."""
    return submission.kind.needs_consent and submission.state not in NO_CONSENT


def is_granted(submission: Submission) -> bool:
    """Whether a consent is on record that nobody withdrew."""
    return submission.consent is not None and submission.consent.withdrawn_at is None


def has_words_on_record(submission: Submission, personal: Mapping[str, str]) -> bool:
    """Whether the customer's words were written down by who recorded their consent."""
    return submission.consent is not None and bool(personal.get(WORDING))


def uses_of(history: Sequence[HistoryEntry]) -> tuple[Use, ...]:
    """Everything that was ever marked as published, oldest first; also what was reopened since,
    because a link once given may still be up.
    """
    return tuple(
        Use(at=entry.at, link=entry.detail["link"], platform=entry.detail.get("platform"))
        for entry in history
        if entry.verb is Verb.PUBLISH and entry.detail.get("link")
    )


def check_consent(submission: Submission, today: date) -> None:
    """Raise NotAllowedError unless it may be published on `today`, as far as consent goes.

    `today` is the local day of the role (`today_of`). The sentence says what is missing.
    """
    if not submission.kind.needs_consent:
        return
    consent, subject = submission.consent, f"Number {submission.number}"
    if consent is None:
        raise NotAllowedError(
            f"{subject} can't be published yet: the customer's consent is not recorded. "
            "Press “Record consent” on its card."
        )
    if consent.withdrawn_at is not None:
        raise NotAllowedError(
            f"{subject} can't be published: the customer withdrew their consent. "
            "If they agree anew, record that first."
        )
    if consent.until is not None and consent.until < today:
        raise NotAllowedError(
            f"{subject} can't be published any more: the customer's consent ended on "
            f"{consent.until.isoformat()}. If they agree anew, record that first."
        )


def obstacle(tx: Transaction, desk: Desk, submission: Submission, now: datetime) -> str:
    """Why it may not be published now, as far as consent goes; empty when it may."""
    try:
        check_consent(submission, today_of(tx, desk, submission, now))
    except NotAllowedError as error:
        return error.sentence
    return ""


def check_may_publish(submission: Submission, platform: str | None, today: date) -> None:
    """Raise unless it may be published on `platform` (one of `PLATFORMS`; None: elsewhere).

    Raises NotAllowedError when there is no consent that holds on `today`, and FieldError on
    "platform" when the consent names platforms and this is none of them.
    """
    check_consent(submission, today)
    consent = submission.consent if submission.kind.needs_consent else None
    if consent is None or not consent.platforms or platform in consent.platforms:
        return
    named = ", ".join(platform_label(value) for value in consent.platforms)
    raise FieldError({"platform": f"The customer agreed to this only: {named}."})


def platform_label(value: str) -> str:
    """What people read for a stored platform."""
    return next((option.label for option in PLATFORMS if option.value == value), value)


def consent_given(
    given: Mapping[str, FieldValue], *, known: str, actor_id: str, today: date, now: datetime
) -> tuple[Consent, str]:
    """A consent and its wording out of a form: `wording`, `platforms`, `shown`, `until` (ISO).

    `known` are the words on record, which stay when none are given. `today` is the role's day.
    Raises FieldError with a sentence for each field that can't be taken.
    """
    errors: dict[str, str] = {}
    wording = known
    if not known or _text(given, "wording").strip():
        try:
            wording = _wording(given)
        except FieldError as error:
            errors |= error.fields
    how = _text(given, "shown")
    if how not in set(Shown):
        errors["shown"] = "Please choose how they may be shown."
    platforms = given.get("platforms") or ()
    if isinstance(platforms, str) or not {o.value for o in PLATFORMS}.issuperset(platforms):
        errors["platforms"] = "Please choose from the list."
    until = _day(_text(given, "until"), today, errors)
    if errors:
        raise FieldError(errors)
    consent = Consent(
        recorded_by=actor_id,
        recorded_at=now,
        platforms=tuple(platforms),
        may_name=how in {Shown.NAME_AND_LOGO, Shown.NAME},
        may_show_logo=how in {Shown.NAME_AND_LOGO, Shown.LOGO},
        is_anonymous=how == Shown.ANONYMOUS,
        until=until,
    )
    return consent, wording


def _wording(given: Mapping[str, FieldValue]) -> str:
    return check_sentence(
        _text(given, "wording"),
        field="wording",
        missing="Please write down what they agreed to, in their words, and how they said it.",
        length=WORDING_LENGTH,
    )


def detail_of(consent: Consent) -> dict[str, str]:
    """What the history keeps of a consent."""
    until = {"last_day": consent.until.isoformat()} if consent.until else {}
    return {"platforms": ",".join(consent.platforms), "shown": shown(consent).value, **until}


def consent_told(entry: HistoryEntry) -> Consent:
    """The consent that a history entry tells of."""
    detail = entry.detail
    how, last_day = detail.get("shown"), detail.get("last_day")
    return Consent(
        recorded_by=entry.actor_id,
        recorded_at=entry.at,
        platforms=tuple(value for value in detail.get("platforms", "").split(",") if value),
        may_name=how in {Shown.NAME_AND_LOGO, Shown.NAME},
        may_show_logo=how in {Shown.NAME_AND_LOGO, Shown.LOGO},
        is_anonymous=how == Shown.ANONYMOUS,
        until=date.fromisoformat(last_day) if last_day else None,
    )


def withdrawal_given(given: Mapping[str, FieldValue]) -> str:
    """Why a consent was withdrawn, out of a form: `note`. Raises FieldError."""
    return check_sentence(
        _text(given, "note"),
        field="note",
        missing="Please say in a sentence how they withdrew it.",
        length=REASON_LENGTH,
    )


def withdrawn(submission: Submission, actor_id: str, now: datetime) -> Submission:
    """The same with its consent withdrawn; it stays on record that there was one."""
    consent = submission.consent
    if consent is None:
        return submission
    ended = replace(consent, withdrawn_at=now, withdrawn_by=actor_id)
    return replace(submission, consent=ended)


def today_of(tx: Transaction, desk: Desk, submission: Submission, now: datetime) -> date:
    """Which day it is for the role that owns a submission, in the zone of its working hours."""
    role = current_owner(tx, desk, submission.role_id).role
    hours = hours_of(tx, desk, role, everybody_with_a_role(tx, desk))
    return now.astimezone(ZoneInfo(hours.tz)).date()


def _text(given: Mapping[str, FieldValue], name: str) -> str:
    value = given.get(name, "")
    return value if isinstance(value, str) else ""


def _day(raw: str, today: date, errors: dict[str, str]) -> date | None:
    if not raw:
        return None
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        errors["until"] = "Please choose a day."
        return None
    if day < today:
        errors["until"] = "This day is over. Choose one that is still to come, or none."
    return day
