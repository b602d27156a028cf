"""The phrases that several surfaces say about a submission, so that all say the same."""

from collections.abc import Sequence
from datetime import datetime

from bot.desk import Role
from bot.kinds import Field, FieldType
from bot.lifecycle import (
    DECLINE_REASONS,
    STATE_LABELS,
    VERB_PAST,
    DeclineReason,
    State,
    Verb,
)
from bot.submission import FieldValue, HistoryEntry, Submission
from handlers.views.text import inline, lines, link, listing, moment, quote, user

NOTE_LIMIT = 700
"""How much of a decline's sentence is shown, in escaped characters."""

NAMES_SHOWN = 4

NOT_TAKEN = "Not taken any more"
"""In place of "Taken" once whoever took it has left."""


def name(submission: Submission) -> str:
    """What a submission is called inside a sentence: "idea 12"."""
    return f"{submission.kind.label.lower()} {submission.number}"


def heading(submission: Submission, limit: int = 300) -> str:
    """The line that names a submission: its kind, number and title, the emoji beside them."""
    kind = submission.kind
    return f"{kind.emoji} *{kind.label} {submission.number}:* {title(submission, limit)}"


def title(submission: Submission, limit: int = 300) -> str:
    """A submission's title, to stand in a sentence."""
    return inline(submission.title, limit) or "(no title)"


def role_name(role: Role) -> str:
    """A role inside a sentence."""
    return f"*{inline(role.label, 100)}*"


def people(user_ids: Sequence[str]) -> str:
    """Mentions of the first few, and how many more there are."""
    names = [user(user_id) for user_id in user_ids[:NAMES_SHOWN]]
    more = len(user_ids) - len(names)
    return listing([*names, f"{more} more"] if more > 0 else names)


def submitter(submission: Submission) -> str:
    """Who handed it in, with the department."""
    who = user(submission.submitter_id)
    if submission.department is None:
        return who
    return f"{who}, {inline(submission.department, 100)}"


def reason(value: str | None) -> str:
    """A decline's reason in words; a stored value of another version as it is."""
    if value is None:
        return ""
    known = next((reason for reason in DeclineReason if reason.value == value), None)
    return inline(value) if known is None else DECLINE_REASONS[known]


def declined_because(value: str | None, note: str | None) -> str:
    """Reason and sentence of a decline, under each other."""
    is_named = value and value != DeclineReason.OTHER.value
    said = f"*Reason:* {reason(value)}" if is_named else ""
    return lines((said, quote(note or "", NOTE_LIMIT)))


def standing(submission: Submission, role: Role, holders: Sequence[str] = ()) -> str:
    """Where a submission stands, in words: its state, whose turn it is and until when."""
    owner = role_name(role)
    owners = f"{owner} ({people(holders)})" if holders else owner
    who = user(submission.assignee_id) if submission.assignee_id else owners
    match submission.state:
        case State.TAKEN if submission.assignee_id:
            return f"*Taken.* {who} ({owner}) decides, due {moment(submission.due_at)}."
        case State.NEW | State.TAKEN:
            return f"*{_state(submission)}.* {owners} decides, due {moment(submission.due_at)}."
        case State.ACCEPTED if not submission.has_ended:
            return f"*Accepted*{_decided(submission)}. {who} publishes it next."
        case State.ACCEPTED:
            return f"*Accepted*{_decided(submission)}."
        case State.DECLINED:
            because = declined_because(submission.decline_reason, submission.decline_note)
            return lines((f"*Declined*{_decided(submission)}.", because))
        case State.PUBLISHED:
            return f"*Published*{_published(submission)}"


def _state(submission: Submission) -> str:
    is_left = submission.state is State.TAKEN and submission.assignee_id is None
    return NOT_TAKEN if is_left else STATE_LABELS[submission.state]


def _decided(submission: Submission) -> str:
    by = f" by {user(submission.decided_by)}" if submission.decided_by else ""
    return f"{by}, {moment(submission.decided_at)}" if submission.decided_at else by


def _published(submission: Submission) -> str:
    by = f" by {user(submission.published_by)}" if submission.published_by else ""
    at = f", {moment(submission.published_at)}" if submission.published_at else ""
    where = f": {link(submission.published_url)}" if submission.published_url else "."
    return f"{by}{at}{where}"


def happened(entry: HistoryEntry, actor_name: str | None = None) -> str:
    """A history entry as a sentence, with the reason, sentence or link that belongs to it.

    With `actor_name` the person is named, without it mentioned, which pings them in a message.
    """
    who = f"*{inline(actor_name, 100)}*" if actor_name else user(entry.actor_id)
    sentence = f"{who} {VERB_PAST[entry.verb]}"
    if entry.detail.get("own"):
        sentence += " (their own submission; nobody else could)"
    match entry.verb:
        case Verb.DECLINE:
            because = declined_because(entry.detail.get("reason"), entry.detail.get("note"))
            return lines((f"{sentence}.", because))
        case Verb.PUBLISH if entry.detail.get("link"):
            return f"{sentence}: {link(entry.detail['link'])}"
        case _:
            return f"{sentence}."


def label(field: Field) -> str:
    """A field's label in front of its value."""
    return f"*{field.label}*" if field.label.endswith("?") else f"*{field.label}:*"


def answer(field: Field, value: FieldValue | None, limit: int = 300) -> str:
    """A short field's value in words, on one line; empty when it was left out."""
    if not isinstance(value, str):
        return listing([inline(field.option_label(entry)) for entry in value or ()])
    match field.type:
        case FieldType.CHOICE | FieldType.CHOICES:
            return inline(field.option_label(value)) if value else ""
        case FieldType.LINK:
            return link(value, limit=max(limit, 400)) if value else ""
        case FieldType.LINE | FieldType.CONTACT | FieldType.TEXT:
            return inline(value, limit)


def in_brief(submission: Submission, role_label: str, now: datetime) -> str:
    """Where a submission stands, in one short sentence for a list."""
    owner = inline(role_label, 100)
    who = user(submission.assignee_id) if submission.assignee_id else owner
    state = _state(submission)
    match submission.state:
        case State.NEW | State.TAKEN if submission.due_at < now:
            return f"{state}. {who} decides; overdue since {moment(submission.due_at)}."
        case State.NEW | State.TAKEN:
            return f"{state}. {who} decides, due {moment(submission.due_at)}."
        case State.ACCEPTED if not submission.has_ended:
            return f"{state}. {who} publishes it next."
        case State.DECLINED if submission.decline_reason:
            return f"{state}. {reason(submission.decline_reason)}."
        case State.PUBLISHED if submission.published_url:
            return f"{state}: {link(submission.published_url, limit=200)}"
        case _:
            return f"{state}."
