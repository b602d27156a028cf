"""What the submitter hears of each step, as a direct message."""

from collections.abc import Mapping

from bot.lifecycle import DESK, VERB_PAST, Verb
from bot.material import WordMaterial
from handlers.views import examples, words
from handlers.views.blocks import section
from handlers.views.message import Message
from handlers.views.text import (
    MESSAGE_LIMIT,
    cut,
    inline,
    lines,
    link,
    moment,
    quote,
    user,
)


def word(material: WordMaterial) -> Message:
    """One step of the submitter's own submission: who did what, and what comes next."""
    said = lines((_happened(material), _next(material)))
    return Message(text=cut(said, MESSAGE_LIMIT), blocks=[section(said)])


_SAID = {
    Verb.TAKE: "took {}",
    Verb.ASK: "has a question about {}",
    Verb.REPLY: "wrote about {}",
    Verb.ACCEPT: "accepted {}",
    Verb.SCHEDULE: "scheduled {}",
    Verb.PASS_ON: "passed on {}",
    Verb.PUBLISH: "published {}",
    Verb.WIN: "won {}",
    Verb.LOSE: "says that nothing came of {}",
    Verb.DECLINE: "declined {}",
    Verb.HAND_OVER: "handed over {}",
    Verb.SNOOZE: "put off {}",
    Verb.DUPLICATE: "knows {} already",
    Verb.REOPEN: "reopened {}",
}
"""What is said of the verbs that a submitter hears of; of the others, what the history says."""


def _happened(material: WordMaterial) -> str:
    submission, entry = material.submission, material.entry
    said = _SAID.get(entry.verb)
    who = "Social Desk" if entry.actor_id == DESK else user(entry.actor_id)
    if said is None:
        return f"{who} {VERB_PAST[entry.verb]}: {words.heading(submission)}"
    return f"{who} {said.format(f'your {words.name(submission)}')}: {words.title(submission)}"


def _next(material: WordMaterial) -> str:
    """What the person wrote who did it, and what comes next."""
    entry = material.entry
    note = entry.detail.get("note")
    if entry.verb is Verb.DECLINE:
        return words.declined_because(entry.detail.get("reason"), note)
    return lines((quote(note, words.NOTE_LIMIT) if note else "", _to_come(material)))


def _to_come(material: WordMaterial) -> str:
    submission, detail = material.submission, material.entry.detail
    match material.entry.verb:
        case Verb.TAKE | Verb.SNOOZE | Verb.HAND_OVER:
            return f"The {words.role_name(material.role)} decides, {words.due(submission)}."
        case Verb.PASS_ON:
            to = inline(detail.get("to", ""), 100)
            return f"{f'{to} has it now. ' if to else ''}You hear here what became of it."
        case Verb.PUBLISH:
            return lines((link(detail["link"]) if detail.get("link") else "", THANKS))
        case Verb.SCHEDULE if submission.scheduled_at:
            return f"It gets published {moment(submission.scheduled_at)}; you get the link here."
        case _:
            return _PLAIN.get(material.entry.verb, "").format(submission.duplicate_of)


THANKS = "Thank you for it."
_PLAIN = {
    Verb.ACCEPT: "Next it gets published; you get the link here.",
    Verb.WIN: f"It became a customer. {THANKS}",
    Verb.DUPLICATE: "You hear here how number {} goes on.",
}


EXAMPLES: Mapping[str, WordMaterial] = {
    key: WordMaterial(submission=submission, role=examples.ROLES[submission.role_id], entry=entry)
    for key, (submission, entry) in examples.steps().items()
}
