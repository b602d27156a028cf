"""What the submitter hears of each step, as a direct message."""

from collections.abc import Mapping

from bot.lifecycle import VERB_PAST, Verb
from bot.material import WordMaterial
from handlers.views import examples, words
from handlers.views.blocks import section
from handlers.views.message import Message
from handlers.views.text import MESSAGE_LIMIT, cut, lines, link, moment, user


def word(material: WordMaterial) -> Message:
    """One step of the submitter's own submission: who did what, and what comes next."""
    said = lines((_happened(material), _next(material)))
    return Message(text=cut(said, MESSAGE_LIMIT), blocks=[section(said)])


def _happened(material: WordMaterial) -> str:
    submission, entry = material.submission, material.entry
    yours = f"your {words.name(submission)}: {words.title(submission)}"
    who = user(entry.actor_id)
    match entry.verb:
        case Verb.TAKE:
            return f"{who} took {yours}"
        case Verb.ACCEPT:
            return f"{who} accepted {yours}"
        case Verb.DECLINE:
            return f"{who} declined {yours}"
        case Verb.PUBLISH:
            return f"{who} published {yours}"
        case Verb.HAND_IN | Verb.OPEN:
            return f"{who} {VERB_PAST[entry.verb]}: {words.heading(submission)}"


def _next(material: WordMaterial) -> str:
    submission, entry = material.submission, material.entry
    match entry.verb:
        case Verb.TAKE:
            return f"The decision is due {moment(submission.due_at)}."
        case Verb.ACCEPT if submission.kind.lifecycle.has_ended(entry.to_state):
            return f"The {words.role_name(material.role)} takes it from here."
        case Verb.ACCEPT:
            return "Next it gets published; you get the link here."
        case Verb.DECLINE:
            return words.declined_because(entry.detail.get("reason"), entry.detail.get("note"))
        case Verb.PUBLISH:
            url = entry.detail.get("link")
            return f"{link(url)}\nThank you for it." if url else "Thank you for it."
        case Verb.HAND_IN | Verb.OPEN:
            return ""


EXAMPLES: Mapping[str, WordMaterial] = {
    key: WordMaterial(submission=submission, role=examples.ROLES[submission.role_id], entry=entry)
    for key, (submission, entry) in examples.steps().items()
}
