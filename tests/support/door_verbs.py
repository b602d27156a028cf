"""The verbs at the doors: what has to be so before each, who may carry it out, and who may not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.lifecycle import SUBMITTERS, Verb
from bot.triage import DECIDING
from handlers.ids import (
    TRIAGE_ACTIONS,
    Action,
    Callback,
    DecisionMetadata,
    MenuValue,
    TriageValue,
)
from handlers.triage import FORMS
from handlers.word_values import AnswerMetadata
from sandbox.model import Json
from sandbox.people import Person
from tests.support.doors import Doorstep, Prepare, Try, chosen, text

Before = tuple[tuple[Verb, Mapping[str, Any]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How a verb comes about: the kind, what was done before, and what its form says."""

    kind: str = "testimonial"
    before: Before = ()
    given: Mapping[str, Json] = field(default_factory=dict)


_TAKEN: Before = ((Verb.TAKE, {}),)
_ASKED = ((Verb.ASK, {"text": "Which one?"}),)
_ACCEPTED: Before = ((Verb.ACCEPT, {}),)
_PASSED = ((Verb.PASS_ON, {"to": "Sales north"}),)
_DECLINED = ((Verb.DECLINE, {"reason": "timing", "note": "Not now."}),)
_AGREED = ((Verb.CONSENT, {"wording": "Yes", "shown": "anonymous"}),)

TRIED = {
    "hypothesis": "Videos work.",
    "measured_by": "Sign-ups",
    "launch": "One a week.",
    "evaluation": "More than 20.",
    "last_day": "2026-12-10",
}
TRIED_FIELDS: Mapping[str, Json] = {
    name: {"type": "datepicker", "selected_date": value} if name == "last_day" else text(value)
    for name, value in TRIED.items()
}

VERBS: Mapping[Verb, Case] = {
    Verb.TRY: Case(given=TRIED_FIELDS),
    Verb.TAKE: Case(),
    Verb.ACCEPT: Case(),
    Verb.DECLINE: Case(given={"reason": chosen("timing"), "note": text("Not now.")}),
    Verb.PUBLISH: Case(
        kind="idea", before=_ACCEPTED, given={"link": text("https://example.com/p")}
    ),
    Verb.PASS_ON: Case(kind="lead", given={"to": text("Sales north")}),
    Verb.WIN: Case(kind="lead", before=_PASSED),
    Verb.LOSE: Case(kind="lead", before=_PASSED, given={"note": text("No budget.")}),
    Verb.EDIT: Case(kind="idea", given={"title": text("A better oven")}),
    Verb.WITHDRAW: Case(kind="idea", given={"note": text("Never mind.")}),
    Verb.SCHEDULE: Case(
        kind="idea",
        before=_ACCEPTED,
        given={
            "at": {"type": "datetimepicker", "selected_date_time": 1_796_000_000},
            "platform": chosen("linkedin"),
        },
    ),
    Verb.HAND_OVER: Case(given={"to": chosen("role:content_lead")}),
    Verb.SNOOZE: Case(given={"until": {"type": "datepicker", "selected_date": "2026-11-24"}}),
    Verb.DUPLICATE: Case(given={"of": text("1")}),
    Verb.REOPEN: Case(before=_DECLINED, given={"note": text("After all.")}),
    Verb.ASK: Case(before=_TAKEN, given={"text": text("Which one?")}),
    Verb.ANSWER: Case(before=_ASKED, given={"text": text("The big one.")}),
    Verb.REPLY: Case(before=_TAKEN, given={"text": text("Thank you.")}),
    Verb.CONSENT: Case(given={"wording": text("Yes"), "shown": chosen("anonymous")}),
    Verb.CONSENT_WITHDRAWN: Case(before=_AGREED, given={"note": text("No more.")}),
    Verb.SERVE: Case(kind="idea", before=_ACCEPTED, given={"goal": chosen("none")}),
    Verb.TELL: Case(
        kind="idea",
        before=(*_ACCEPTED, (Verb.PUBLISH, {"link": "https://example.com/p"})),
        given={"headline": text("It worked"), "story": text("Sales had the idea.")},
    ),
    Verb.OPEN: Case(),
}


def owner(d: Doorstep, kind: str) -> Person:
    """Who holds the role of a kind in the scene."""
    s = d.scene
    return {"idea": s.cora, "testimonial": s.adam, "lead": s.lena}[kind]


async def of_verb(d: Doorstep, verb: Verb) -> tuple[Any, Person, tuple[Person, ...]]:
    """A submission ready for a verb, who may carry it out, and which colleagues may not."""
    s, case = d.scene, VERBS[verb]
    holder = owner(d, case.kind)
    if not await _has_first(d):
        await d.submission("testimonial", s.sam)
    found = await d.submission(case.kind, s.sam, *((v, holder, given) for v, given in case.before))
    other_role = s.lena if case.kind != "lead" else s.cora
    if verb in SUBMITTERS or verb is Verb.ANSWER:
        return found, s.sam, (s.xena, holder, other_role, s.olga)
    admins = () if verb is Verb.OPEN else (s.olga,)
    submitter = () if verb is Verb.OPEN else (s.sam,)
    return found, holder, (s.xena, other_role, *admins, *submitter)


async def _has_first(d: Doorstep) -> bool:
    here = d.scene.desk.identity.workspace_id
    found = await d.scene.desk.database.read(
        here, lambda tx, number, _now: tx.submissions.get(number), 1, d.scene.clock.now()
    )
    return found is not None


def verb_button(verb: Verb, *, is_menu: bool = False) -> Prepare:
    async def prepare(d: Doorstep) -> Try:
        found, may, may_not = await of_verb(d, verb)
        if is_menu:
            value = MenuValue(number=found.number, version=found.version, verb=verb).dump()
            return Try(make=d.click(Action.TRIAGE_MORE, value, menu=True), may=may, may_not=may_not)
        carried = TriageValue(number=found.number, version=found.version, role_id=found.role_id)
        return Try(make=d.click(TRIAGE_ACTIONS[verb], carried.dump()), may=may, may_not=may_not)

    return prepare


def verb_form(verb: Verb) -> Prepare:
    async def prepare(d: Doorstep) -> Try:
        found, may, may_not = await of_verb(d, verb)
        callback = Callback.WORDS_ANSWER_FORM if verb is Verb.ANSWER else FORMS[verb].callback
        metadata = DecisionMetadata(number=found.number, version=found.version).dump()
        if verb is Verb.ANSWER:
            metadata = AnswerMetadata(number=found.number).dump()
        return Try(make=d.form(callback, metadata, VERBS[verb].given), may=may, may_not=may_not)

    return prepare


def own(verb: Verb) -> Prepare:
    """Somebody who holds the role wants to decide on what they handed in themselves."""

    async def prepare(d: Doorstep) -> Try:
        s, case = d.scene, VERBS[verb]
        kind = "testimonial"
        if verb is Verb.PASS_ON:
            raise AssertionError("a lead has one holder in the scene")
        found = await d.submission(kind, s.adam, *((v, s.ava, given) for v, given in case.before))
        value = TriageValue(number=found.number, version=found.version, role_id=found.role_id)
        make = d.click(TRIAGE_ACTIONS[verb], value.dump())
        return Try(make=make, may=s.ava, may_not=(s.adam,))

    return prepare


OWN: Mapping[Verb, Prepare] = {verb: own(verb) for verb in DECIDING - {Verb.PASS_ON}}
