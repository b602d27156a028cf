"""What the demo's past is made of: what was handed in, and what people did with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.lifecycle import Verb

Values = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Did:
    """A verb that somebody pressed: the owner of the kind, unless `by` says who else.

    `given` is what the verb's form was filled with, where a time is a number of days; `after` how
    many hours later than what came before it.
    """

    verb: Verb
    given: Values = field(default_factory=dict)
    by: str | None = None
    after: int = 3


@dataclass(frozen=True, slots=True)
class Past:
    """Something handed in `days_ago`, by whom, and what was done with it then."""

    days_ago: int
    who: str
    kind: str
    fields: Values
    then: tuple[Did, ...] = ()


def idea(title: str, content_type: str, text: str = "", **more: str) -> Values:
    """An idea's form."""
    return {"title": title, "text": text, "content_type": content_type, **more}


def quote(customer: str, said: str, **more: str) -> Values:
    """A testimonial's form; the customer was asked, and others come to trust us by it."""
    return {"customer": customer, "quote": said, "consent": "asked", "stage": "trust", **more}


def lead(name: str, need: str, seen: str, knows: str = "know") -> Values:
    """A lead's form."""
    return {"name": name, "need": need, "seen": seen, "knows_us": knows}


def no(reason: str, note: str) -> tuple[Did, ...]:
    """Declined, with the reason and a sentence."""
    return (Did(Verb.DECLINE, {"reason": reason, "note": note}),)


def passed(to: str, *then: Did) -> tuple[Did, ...]:
    """Taken, passed on to somebody, and what came of it."""
    return (Did(Verb.TAKE, after=1), Did(Verb.PASS_ON, {"to": to}, after=1), *then)


def asked(question: str, answer: str) -> tuple[Did, ...]:
    """A question to the submitter, and their answer."""
    return (Did(Verb.ASK, {"text": question}), Did(Verb.ANSWER, {"text": answer}, after=5))


def agreed(wording: str, **scope: str | tuple[str, ...]) -> Did:
    """The customer's consent, recorded the day after."""
    return Did(Verb.CONSENT, {"wording": wording, "shown": "name", **scope}, after=26)


def planned(days: int, platform: str) -> Did:
    """Scheduled so many days ahead."""
    return Did(Verb.SCHEDULE, {"at": str(days), "platform": platform})


TRIED = Did(
    Verb.TRY,
    {
        "hypothesis": "Answers to real questions bring more sign-ups than pictures.",
        "launch": "One question a week, each with a link to the tea letter.",
        "measured_by": "Sign-ups from those links",
        "evaluation": "More than from the pictures of the same weeks.",
        "last_day": "60",
    },
)
"""Accepted as an experiment that still runs."""

TOLD = Did(Verb.TELL, {"headline": "A blend that went wrong, and was read to the end"}, after=40)
TAKE, ACCEPT = Did(Verb.TAKE), Did(Verb.ACCEPT)
POST = Did(Verb.PUBLISH, {"platform": "linkedin"}, after=20)
DONE = (TAKE, ACCEPT, POST)
NAMED = "You may quote me with my name, on your own pages."
WON = Did(Verb.WIN, after=150)
LOST = Did(Verb.LOSE, {"note": "They stay with their supplier for another year."}, after=120)
