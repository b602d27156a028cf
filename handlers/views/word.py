"""What the submitter hears of each step, as a direct message."""

from collections.abc import Mapping
from dataclasses import replace

from bot.consent import consent_told
from bot.lifecycle import DESK, ENDED, STATE_LABELS, UNDECIDED, VERB_PAST, State, Verb
from bot.material import WordMaterial
from bot.story import TAKEN_BACK
from handlers.views import consent, examples, words
from handlers.views.blocks import section
from handlers.views.message import Message
from handlers.views.text import (
    MESSAGE_LIMIT,
    chunks,
    cut,
    inline,
    lines,
    link,
    moment,
    quote,
    user,
)
from handlers.views.triage_card import verb_blocks

TEXT_SHOWN = 3300
"""How much of what somebody wrote is shown, in escaped characters."""


def word(material: WordMaterial) -> Message:
    """One step of the submitter's own submission: who did what, and what comes next."""
    said = lines((_happened(material), quote(material.text, TEXT_SHOWN), _next(material)))
    blocks = [section(part) for part in chunks(said)]
    if material.entry.verb is Verb.ASK:
        blocks += verb_blocks(material.submission, (Verb.ANSWER,), ())
    return Message(text=cut(said, MESSAGE_LIMIT), blocks=blocks)


_SAID = {
    Verb.TAKE: "took {}",
    Verb.ASK: "has a question about {}",
    Verb.REPLY: "wrote about {}",
    Verb.ACCEPT: "accepted {}",
    Verb.TRY: "accepted {} as an experiment",
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
    Verb.WITHDRAW: "withdrew {}",
    Verb.TELL: "told everybody the story of {}",
    Verb.CONSENT: "recorded the customer's consent for {}",
    Verb.CONSENT_WITHDRAWN: "recorded that the customer withdrew their consent for {}",
}
"""What is said of the verbs that a submitter hears of; of the others, what the history says."""


def _happened(material: WordMaterial) -> str:
    submission, entry = material.submission, material.entry
    is_back = entry.detail.get("story") == TAKEN_BACK
    said = "took back the story of {}" if is_back else _SAID.get(entry.verb)
    who = "Social Desk" if entry.actor_id == DESK else user(entry.actor_id)
    theirs = material.duplicate or submission
    if said is None:
        return f"{who} {VERB_PAST[entry.verb]}: {words.heading(theirs)}"
    return f"{who} {said.format(_called(material))}: {words.title(theirs)}"


def _called(material: WordMaterial) -> str:
    """Their own submission, or the one that theirs is a duplicate of."""
    name = words.name(material.submission)
    if material.duplicate is None:
        return f"your {name}"
    return f"{name}, which says the same as your {words.name(material.duplicate)}"


def _next(material: WordMaterial) -> str:
    """What the person wrote who did it, and what comes next."""
    entry = material.entry
    note = entry.detail.get("note")
    if entry.detail.get("story") == TAKEN_BACK:
        return "Nobody finds it in `/social stories` any more."
    if entry.verb is Verb.DECLINE:
        return words.declined_because(entry.detail.get("reason"), note)
    if entry.verb is Verb.CONSENT:
        return f"*Consent:* {consent.scope(consent_told(entry))}."
    if note is None or entry.verb is Verb.HAND_OVER:  # what is said there is between colleagues
        return _to_come(material)
    return lines((quote(note, words.NOTE_LIMIT), _to_come(material)))


def _to_come(material: WordMaterial) -> str:
    submission, detail = material.submission, material.entry.detail
    match material.entry.verb:
        case Verb.TAKE | Verb.SNOOZE | Verb.HAND_OVER | Verb.REOPEN:
            return _whose_turn(material)
        case Verb.PASS_ON:
            to = user(detail["person"]) if "person" in detail else inline(detail.get("to", ""), 100)
            return f"{f'{to} has it now. ' if to else ''}You hear here what became of it."
        case Verb.DUPLICATE:
            return _original(detail)
        case Verb.PUBLISH:
            return lines((link(detail["link"]) if detail.get("link") else "", THANKS))
        case Verb.SCHEDULE if submission.scheduled_at:
            return f"It gets published {moment(submission.scheduled_at)}; you get the link here."
        case _:
            return _PLAIN.get(material.entry.verb, "").format(role=words.role_name(material.role))


THANKS = "Thank you for it."
_PLAIN = {
    Verb.ASK: "Press Answer, or write it here in this thread.",
    Verb.REPLY: "What you write here in this thread reaches them.",
    Verb.CONSENT_WITHDRAWN: "Nothing more of it gets published.",
    Verb.ACCEPT: "Next it gets published; you get the link here.",
    Verb.TELL: f"`/social stories` shows it. {THANKS}",
    Verb.TRY: "Next it gets published; you get the link here, and later what came of it.",
    Verb.WITHDRAW: "If you still want yours, ask the {role} to reopen it.",
    Verb.WIN: f"It became a customer. {THANKS}",
}


def _whose_turn(material: WordMaterial) -> str:
    submission, role = material.submission, words.role_name(material.role)
    if submission.state in UNDECIDED - {State.ASKED}:
        return f"The {role} decides, {words.due(submission)}."
    return words.next_in(submission, f"The {role}")


def _original(detail: Mapping[str, str]) -> str:
    """How the original stood when this was marked as a duplicate of it."""
    of, state = detail.get("of", ""), detail.get("as", "")
    if state not in {ended.value for ended in ENDED}:
        return f"You hear here how number {of} goes on."
    post = f": {link(detail['post'])}" if detail.get("post") else "."
    return f"Number {of} is {STATE_LABELS[State(state)].lower()}{post}"


EXAMPLES: Mapping[str, WordMaterial] = {
    key: WordMaterial(submission=submission, role=examples.ROLES[submission.role_id], entry=entry)
    for key, (submission, entry) in examples.steps().items()
} | {
    "of-the-original": WordMaterial(
        submission=examples.at_state(examples.IDEA, State.PUBLISHED),
        role=examples.CONTENT_LEAD,
        entry=examples.entry(examples.IDEA, Verb.PUBLISH),
        duplicate=replace(examples.IDEA, number=19, title="The press in <Graz>"),
    ),
    "of-a-withdrawn-one": WordMaterial(
        submission=examples.at_state(examples.IDEA, State.WITHDRAWN),
        role=examples.CONTENT_LEAD,
        entry=examples.entry(examples.IDEA, Verb.WITHDRAW, actor="U0ANA"),
        duplicate=replace(examples.IDEA, number=19, title="The press in <Graz>"),
    ),
    "of-an-end": WordMaterial(
        submission=examples.at_state(examples.IDEA, State.DUPLICATE),
        role=examples.CONTENT_LEAD,
        entry=replace(
            examples.entry(examples.IDEA, Verb.DUPLICATE),
            detail={"of": "9", "as": State.PUBLISHED.value, "post": examples.LINK},
        ),
    ),
    "idea-asked": WordMaterial(
        submission=examples.at_state(examples.IDEA, State.ASKED),
        role=examples.CONTENT_LEAD,
        entry=examples.entry(examples.IDEA, Verb.ASK),
        text=examples.QUESTION,
    ),
    "handed-over-while-asked": WordMaterial(
        submission=examples.at_state(examples.IDEA, State.ASKED),
        role=examples.LEAD_DESK,
        entry=replace(
            examples.entry(examples.IDEA, Verb.HAND_OVER),
            detail={"to": "Lead desk", "role": "lead_desk"},
        ),
    ),
    "lead-reply": WordMaterial(
        submission=examples.LEAD,
        role=examples.LEAD_DESK,
        entry=examples.entry(examples.LEAD, Verb.REPLY),
        text="We call them <today>.",
    ),
    "story-taken-back": WordMaterial(
        submission=examples.at_state(examples.IDEA, State.PUBLISHED),
        role=examples.CONTENT_LEAD,
        entry=replace(examples.entry(examples.IDEA, Verb.TELL), detail={"story": TAKEN_BACK}),
    ),
    "consent": WordMaterial(
        submission=examples.agreed(),
        role=examples.ADVOCACY_LEAD,
        entry=examples.consent_entry(Verb.CONSENT),
    ),
    "consent-withdrawn": WordMaterial(
        submission=examples.agreed(is_withdrawn=True),
        role=examples.ADVOCACY_LEAD,
        entry=examples.consent_entry(Verb.CONSENT_WITHDRAWN),
        text="They called on Monday.",
    ),
}
