"""The phrases that several surfaces say about a submission, so that all say the same."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.consent import platform_label
from bot.declining import DECLINE_REASONS, DeclineReason
from bot.desk import Role
from bot.kinds import KINDS, Field, FieldType
from bot.lifecycle import DESK, OPERATOR, STATE_LABELS, VERB_PAST, State, Verb
from bot.story import TAKEN_BACK
from bot.submission import FieldValue, HistoryEntry, Submission, TimerKind
from bot.text import day_in
from handlers.views.text import day, inline, lines, link, listing, moment, quote, user

NOTE_LIMIT = 700
"""How much of a decline's sentence is shown, in escaped characters."""

NAMES_SHOWN = 4

CONSENT_LAPSED = (
    "The customer agreed to what stood there before: their consent is to be recorded anew."
)

NOT_TAKEN = "Not taken any more"
"""In place of "Taken" once whoever took it may not act any more."""


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


def standing(
    submission: Submission,
    role: Role,
    holders: Sequence[str] = (),
    called_in: Sequence[str] = (),
) -> str:
    """Where a submission stands, in words: its state, whose turn it is and until when, and who was
    called in because that has passed.
    """
    owner = role_name(role)
    owners = f"The {owner} ({people(holders)})" if holders else f"The {owner}"
    taker = user(submission.assignee_id) if submission.assignee_id else None
    match submission.state:
        case State.NEW | State.TAKEN:
            who = f"{taker} ({owner})" if taker else owners
            called = f" {people(called_in)} can decide as well." if called_in else ""
            return f"*{_state(submission)}.* {who} decides, {due(submission)}.{called}"
        case State.DECLINED:
            because = declined_because(submission.decline_reason, submission.decline_note)
            return lines((f"*Declined*{_decided(submission)}.", because))
        case State.PUBLISHED:
            return f"*Published*{_published(submission)}"
        case State.SCHEDULED if submission.scheduled_at:
            at = moment(submission.scheduled_at)
            return f"*Scheduled* for {at}. {taker or owners} publishes it then."
        case State.WITHDRAWN:
            at = f", {moment(submission.ended_at)}" if submission.ended_at else ""
            return f"*Withdrawn* by {user(submission.submitter_id)}{at}."
        case _:
            who = taker or owners
            return (
                f"*{_state(submission)}*{_decided(submission)}. {next_in(submission, who)}".rstrip()
            )


def next_in(submission: Submission, who: str) -> str:
    """Whose turn it is next once something was asked or decided, and for what; empty when nobody's.

    `who` is the taker or owner, ready to be shown.
    """
    at = f" {moment(submission.scheduled_at)}" if submission.scheduled_at else ""
    turns = {
        State.ASKED: f"It is {user(submission.submitter_id)}'s turn to answer; the due time waits.",
        State.ACCEPTED: f"{who} publishes it next.",
        State.SCHEDULED: f"{who} publishes it{at}.",
        State.PASSED_ON: f"{_has_it(submission)}{who} says what becomes of it.",
        State.DUPLICATE: f"Number {submission.duplicate_of} tells how it goes on.",
    }
    return turns.get(submission.state, "")


def due(submission: Submission) -> str:
    """Until when a decision is promised, and whether it was put off, or that it is overdue."""
    if submission.snoozed_until is not None:
        until = moment(submission.snoozed_until)
        return f"put off until {until}, then due {moment(submission.due_at)}"
    is_overdue = submission.escalation > 0
    return f"{'*overdue* since' if is_overdue else 'due'} {moment(submission.due_at)}"


def _has_it(submission: Submission) -> str:
    return f"{inline(submission.passed_to, 100)} has it; " if submission.passed_to else ""


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
    if entry.verb in _BY_ITSELF:
        at = moment(datetime.fromisoformat(entry.detail["due"]))
        called = people(entry.detail["people"].split())
        return _by_itself(entry, is_alone=not called).format(at=at, people=called)
    what = _answers(entry.detail) or _to_whom(entry.detail)
    sentence = f"{actor(entry, actor_name)} {past(entry)}{what}"
    if entry.detail.get("own"):
        sentence += " (their own submission; nobody else could)"
    link_given, note = entry.detail.get("link"), entry.detail.get("note")
    if entry.verb is Verb.DECLINE:
        return lines((f"{sentence}.", declined_because(entry.detail.get("reason"), note)))
    if link_given:
        return f"{sentence}: {link(link_given)}"
    lapsed = CONSENT_LAPSED if entry.verb is Verb.EDIT and entry.detail.get("consent") else ""
    return lines((f"{sentence}.", lapsed, quote(note, NOTE_LIMIT) if note else ""))


_BY_ITSELF = {
    Verb.REMIND: "Social Desk reminded the owner: due {at}.",
    Verb.ESCALATE: "Overdue since {at}. Social Desk called in {people}.",
    Verb.RETURN: "Social Desk brought it back: due {at}.",
}
"""What the desk does by itself, in the history and in the card's thread."""


def _by_itself(entry: HistoryEntry, *, is_alone: bool) -> str:
    if entry.verb is Verb.ESCALATE and is_alone:
        return "Overdue since {at}. There is nobody else to call in."
    if entry.detail.get("about") == TimerKind.POST_DUE.value:
        return "Social Desk reminded the owner: to be published {at}."
    return _BY_ITSELF[entry.verb]


def past(entry: HistoryEntry) -> str:
    """What was done, to complete a sentence that begins with who did it; with the platform that it
    was done for or on.
    """
    platform = entry.detail.get("platform")
    place = f" on {inline(platform_label(platform))}" if platform else ""
    again = entry.from_state is entry.to_state
    match entry.verb:
        case Verb.PUBLISH if again:
            return f"published it elsewhere, too{place}"
        case Verb.ANSWER if again:
            return "wrote"
        case Verb.TELL if told := entry.detail.get("story"):
            return "took its story back" if told == TAKEN_BACK else "changed its story"
        case _:
            return f"{VERB_PAST[entry.verb]}{place}"


_NOBODY = {DESK: "Social Desk", OPERATOR: "An operator"}


def actor(entry: HistoryEntry, name_known: str | None) -> str:
    """Who did it; named without a mention when the name is known."""
    if name_known and entry.actor_id not in _NOBODY:
        return f"*{inline(name_known, 100)}*"
    return who(entry.actor_id)


def who(actor_id: str) -> str:
    """A mention of a colleague; the desk itself and operators by what they are."""
    return _NOBODY.get(actor_id) or user(actor_id)


def _answers(detail: Mapping[str, str]) -> str:
    """Which answers were changed."""
    names = detail.get("fields", "").split()
    return f": {listing([_LABELS.get(name, name) for name in names])}" if names else ""


def _to_whom(detail: Mapping[str, str]) -> str:
    """What a verb was aimed at: a person, a role, another submission, a moment."""
    if detail.get("person"):
        role = f" ({inline(detail['to'], 100)})" if detail.get("role") else ""
        return f" to {user(detail['person'])}{role}"
    if detail.get("to"):
        return f" to {inline(detail['to'], 100)}"
    if detail.get("of"):
        return f" of number {detail['of']}"
    if detail.get("until"):
        return f" until {moment(datetime.fromisoformat(detail['until']))}"
    if detail.get("at"):
        return f" for {moment(datetime.fromisoformat(detail['at']))}"
    return ""


_LABELS = {field.name: field.label.rstrip("?") for kind in KINDS.values() for field in kind.fields}
"""How each field is called; what two kinds ask by the same name has the same label."""


def label(field: Field) -> str:
    """A field's label in front of its value."""
    return f"*{field.label}*" if field.label.endswith("?") else f"*{field.label}:*"


def is_told(submission: Submission, field: Field, value: FieldValue) -> bool:
    """Whether a field says nothing that the heading, or the consent on record, does not say."""
    is_title = field.name in submission.kind.title_fields and value == submission.title
    return is_title or (field.name == "consent" and submission.consent is not None)


def answer(field: Field, value: FieldValue | None, limit: int = 300) -> str:
    """A short field's value in words, on one line; empty when it was left out."""
    if not isinstance(value, str):
        return listing([inline(field.option_label(entry)) for entry in value or ()])
    match field.type:
        case FieldType.CHOICE | FieldType.CHOICES:
            return inline(field.option_label(value)) if value else ""
        case FieldType.LINK:
            return link(value, limit=max(limit, 400)) if value else ""
        case FieldType.DATE:
            named = day_in(value)
            return day(named) if named else inline(value, limit)
        case FieldType.LINE | FieldType.CONTACT | FieldType.TEXT | FieldType.FILES:
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
            return f"{state}. {who} decides, {due(submission)}."
        case State.DECLINED if submission.decline_reason:
            return f"{state}. {reason(submission.decline_reason)}."
        case State.PUBLISHED if submission.published_url:
            return f"{state}: {link(submission.published_url, limit=200)}"
        case _:
            return f"{state}. {next_in(submission, who)}".rstrip()
