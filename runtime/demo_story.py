"""The demo's company: who works there, where they talk, and what they handed in before today."""

from collections.abc import Mapping
from dataclasses import dataclass, field

TEAM = "Northwind Tea"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the demo's company."""

    key: str
    name: str
    title: str
    tz: str = "Europe/Berlin"
    is_owner: bool = False


COLLEAGUES = (
    Colleague("sam", "Sam Carter", "Sales"),
    Colleague("priya", "Priya Nair", "Product"),
    Colleague("noah", "Noah Weber", "Content lead"),
    Colleague("mia", "Mia Rossi", "Advocacy lead"),
    Colleague("jonas", "Jonas Lind", "Lead desk"),
    Colleague("elena", "Elena Ruiz", "Chief executive", is_owner=True),
)

CHANNELS: Mapping[str, tuple[str, ...]] = {
    "general": ("sam", "priya", "noah", "mia", "jonas", "elena"),
    "sales": ("sam", "jonas", "elena"),
    "product": ("priya", "noah"),
    "content-desk": ("noah", "mia", "elena"),
    "advocacy-desk": ("mia", "noah", "elena"),
    "lead-desk": ("jonas", "elena"),
    "leadership": ("elena", "sam", "priya", "mia", "noah"),
}
PRIVATE = frozenset({"lead-desk"})


@dataclass(frozen=True, slots=True)
class Past:
    """Something handed in before today: `days_ago`, by whom, and what became of it.

    `then` are the verbs pressed after it, a few hours apart: "take", "accept", "decline",
    "consent", "publish". The owner of the kind presses them.
    """

    days_ago: int
    who: str
    kind: str
    fields: Mapping[str, str | tuple[str, ...]]
    then: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)


OWNERS = {"idea": ("noah", "content-desk"), "testimonial": ("mia", "advocacy-desk")}
OWNERS |= {"lead": ("jonas", "lead-desk")}


def _idea(title: str, content_type: str, text: str = "") -> dict[str, str | tuple[str, ...]]:
    return {"title": title, "text": text, "content_type": content_type}


def _quote(customer: str, quote: str, consent: str = "asked") -> dict[str, str | tuple[str, ...]]:
    return {"customer": customer, "quote": quote, "consent": consent}


def _agreed(customer: str, quote: str, person: str) -> dict[str, str | tuple[str, ...]]:
    wording = "You may quote me, with the name of our house, on your own pages."
    return {
        **_quote(customer, quote, "granted"),
        "person": person,
        "consent_wording": wording,
    }


def _lead(name: str, need: str, seen: str) -> dict[str, str | tuple[str, ...]]:
    return {"name": name, "need": need, "seen": seen, "knows_us": "know"}


DONE = ("take", "accept", "publish")
AGREED = ("take", "accept", "consent", "publish")
NO = ("decline",)
WON = ("pass_on", "win")
NOT_FOR_US = {
    "reason": "not_for_our_audience",
    "note": "Our buyers read us for tea, less for jokes.",
}
MORE_PLEASE = {
    "reason": "needs_more",
    "note": "Could you ask what changed for them since they order from us?",
}

HISTORY = (
    Past(38, "priya", "idea", _idea("How our tea bags lost their plastic", "story"), DONE),
    Past(
        37, "sam", "testimonial", _agreed("Café Lumen", "Guests want the tins.", "Jo Lumen"), AGREED
    ),
    Past(
        33, "sam", "lead", _lead("Hotel Aurora", "Tea for 80 rooms", "A call"), ("pass_on", "win")
    ),
    Past(31, "priya", "idea", _idea("How hot is too hot?", "expert_advice"), DONE),
    Past(30, "priya", "idea", _idea("A meme about Mondays", "picture"), NO, NOT_FOR_US),
    Past(26, "sam", "testimonial", _quote("Bistro Kern", "Never once late."), ("accept",)),
    Past(24, "priya", "idea", _idea("Inside the new blending room", "video"), DONE),
    Past(23, "sam", "lead", _lead("Marta Olsen", "Office tea, 40 desks", "LinkedIn"), ("take",)),
    Past(18, "elena", "idea", _idea("What I learned at the harvest", "interview"), DONE),
    Past(17, "sam", "testimonial", _agreed("Spa Vital", "Our quiet hour.", "Vera Lang"), AGREED),
    Past(16, "sam", "lead", _lead("Kiosk chain Brio", "A summer offer", "A fair"), ("pass_on",)),
    Past(11, "priya", "idea", _idea("Five ways to cold brew", "case_study"), DONE),
    Past(10, "sam", "idea", _idea("Why buyers ask for origin", "story"), ("take", "accept")),
    Past(9, "sam", "testimonial", _quote("Office Nord", "It is fine."), NO, MORE_PLEASE),
    Past(6, "priya", "idea", _idea("A day with our quality lab", "picture"), DONE),
    Past(5, "sam", "lead", _lead("Theatre on the Hill", "Tea at the bar", "A guest"), ("take",)),
    Past(4, "elena", "idea", _idea("Our promise for 2027", "story"), ("accept",)),
    Past(
        3, "sam", "testimonial", _agreed("Hostel Kompass", "They stay for it.", "Kim Ruf"), AGREED
    ),
    Past(2, "priya", "idea", _idea("Which cup for which tea?", "picture")),
)
"""What was handed in before today, oldest first."""

CHATTER = (
    ("sam", "sales", "Morning all. The tasting boxes for the fair are here."),
    ("jonas", "sales", "Great. I follow up with the two hotels today."),
    (
        "sam",
        "sales",
        "Ines at Pension Alma says: “Since your tea, guests praise breakfast in reviews.”",
    ),
    ("priya", "general", "The new blend passed its last test. Photos follow."),
)
"""What people wrote this morning: who, where, what."""

LINKS = "https://northwind.example/posts/"

GUIDE = {
    "Hand in a testimonial": (
        "You are Sam from sales. In #sales type /social-testimonial and what a customer said, "
        "press Enter, name the customer, and choose Hand in."
    ),
    "Decide on the card": (
        "Become Mia, the advocacy lead (top right), and open #advocacy-desk. Press Accept, record "
        "the customer's consent, then press Published and give a link."
    ),
    "Hear what became of it": (
        "Become Sam again and open Messages under Social Desk: every step is in one thread."
    ),
    "Read Monday's digest": (
        "Become Elena, the chief executive, open #leadership and press Jump to Monday 09:00."
    ),
}
"""What to try, in order."""
