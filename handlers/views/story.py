"""One line of a submission's story, in the thread of its card."""

import sys
from collections.abc import Mapping
from dataclasses import replace

from bot.consent import consent_told
from bot.lifecycle import DESK, State, Verb
from bot.material import StoryMaterial
from bot.submission import HistoryEntry, TimerKind
from handlers.views import consent, examples, words
from handlers.views.blocks import section
from handlers.views.message import Message
from handlers.views.text import MESSAGE_LIMIT, cut, lines, quote, user
from handlers.views.triage_card import verb_blocks

TEXT_SHOWN = 2500
"""How much of what somebody wrote is shown, in escaped characters."""


def story(material: StoryMaterial) -> Message:
    """Who did what, with the reason, sentence or link that belongs to it.

    What a submitter wrote pings who took it. Where that is for the owner alone, a button opens it.
    """
    shown = quote(material.text, TEXT_SHOWN)
    more = "" if shown == quote(material.text, sys.maxsize) else "_Open shows all of it._"
    said = lines((_happened(material), shown, more))
    opens = material.is_apart and material.entry.verb is Verb.ANSWER
    offered = verb_blocks(material.submission, (Verb.OPEN,), ()) if opens else []
    return Message(text=cut(said, MESSAGE_LIMIT), blocks=[section(said), *offered])


def _happened(material: StoryMaterial) -> str:
    entry, taker = material.entry, material.submission.assignee_id
    said = words.happened(entry, material.actor_name)
    match entry.verb:
        case Verb.ANSWER if taker and taker != entry.actor_id:
            to = " to" if entry.from_state is entry.to_state else ""
            who = words.actor(entry, material.actor_name)
            return f"{who} {words.past(entry)}{to} {user(taker)}."
        case Verb.CONSENT:
            return f"{said.removesuffix('.')}: {consent.scope(consent_told(entry))}."
        case Verb.CONSENT_WITHDRAWN:
            is_told = material.uses and taker and taker != entry.actor_id
            whose = f"It is {user(taker)}'s turn." if is_told and taker else ""
            return lines((said, consent.to_take_down(material.uses), whose))
        case _:
            return said


def _by_itself(about: TimerKind, called: str = "") -> HistoryEntry:
    verb = Verb.ESCALATE if about is TimerKind.ESCALATE else Verb.REMIND
    plain = examples.entry(examples.IDEA, verb, actor=DESK)
    detail = {"about": about.value, "due": examples.NOW.isoformat(), "people": called}
    return replace(plain, detail=detail)


EXAMPLES: Mapping[str, StoryMaterial] = {
    key: StoryMaterial(submission=submission, entry=entry, actor_name="Cleo <Kim>")
    for key, (submission, entry) in examples.steps().items()
} | {
    "idea-hand_in": StoryMaterial(
        submission=examples.IDEA,
        entry=examples.entry(examples.IDEA, Verb.HAND_IN, seq=1, actor="U0ANA"),
    ),
    "idea-own": StoryMaterial(submission=examples.IDEA, entry=examples.own_accept()),
    "idea-asked": StoryMaterial(
        submission=examples.at_state(examples.IDEA, State.ASKED),
        entry=examples.entry(examples.IDEA, Verb.ASK),
        text=examples.QUESTION,
    ),
    "idea-answered": StoryMaterial(
        submission=examples.at_state(examples.IDEA, State.TAKEN),
        entry=examples.answered(examples.IDEA),
        actor_name="Ana",
        text=examples.ANSWER,
    ),
    "idea-wrote": StoryMaterial(
        submission=examples.at_state(examples.IDEA, State.ACCEPTED),
        entry=replace(examples.answered(examples.IDEA), from_state=State.TAKEN),
        actor_name="Ana",
        text="one\n" * 900,
    ),
    "idea-overdue": StoryMaterial(
        submission=examples.IDEA, entry=_by_itself(TimerKind.ESCALATE, "U0BEN U0CLEO")
    ),
    "idea-overdue-alone": StoryMaterial(
        submission=examples.IDEA, entry=_by_itself(TimerKind.ESCALATE)
    ),
    "idea-to-publish": StoryMaterial(
        submission=examples.IDEA, entry=_by_itself(TimerKind.POST_DUE)
    ),
    "lead-answered": StoryMaterial(
        submission=examples.at_state(examples.LEAD, State.TAKEN),
        entry=examples.answered(examples.LEAD),
        actor_name="Eve",
        is_apart=True,
    ),
    "consent-lapsed": StoryMaterial(
        submission=examples.TESTIMONIAL,
        entry=replace(
            examples.entry(examples.TESTIMONIAL, Verb.EDIT, actor="U0ANA"),
            detail={"fields": "quote", "consent": "lapsed"},
        ),
        actor_name="Ana",
    ),
    "consent": StoryMaterial(
        submission=examples.agreed(),
        entry=examples.consent_entry(Verb.CONSENT),
        actor_name="Cleo",
        is_apart=True,
    ),
    "consent-withdrawn": StoryMaterial(
        submission=examples.agreed(is_withdrawn=True),
        entry=examples.consent_entry(Verb.CONSENT_WITHDRAWN),
        actor_name="Cleo",
        is_apart=True,
        uses=examples.USES,
    ),
    "consent-withdrawn-unused": StoryMaterial(
        submission=examples.agreed(is_withdrawn=True),
        entry=examples.consent_entry(Verb.CONSENT_WITHDRAWN),
        actor_name="Cleo",
        is_apart=True,
    ),
}
