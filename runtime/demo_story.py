"""The demo's company: who works there, where they talk, and what they handed in before today."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

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
    """Something handed in before today: `age` ago, by whom, and what became of it.

    `then` are the verbs pressed after it, a few hours apart: "take", "accept", "decline",
    "publish". The owner of the kind presses them.
    """

    age: timedelta
    who: str
    kind: str
    fields: Mapping[str, str | tuple[str, ...]]
    then: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)


OWNERS = {"idea": ("noah", "content-desk"), "testimonial": ("mia", "advocacy-desk")}
OWNERS |= {"lead": ("jonas", "lead-desk")}


def _idea(title: str, content_type: str, text: str = "") -> dict[str, str | tuple[str, ...]]:
    return {"title": title, "text": text, "content_type": content_type}


def _quote(customer: str, quote: str) -> dict[str, str | tuple[str, ...]]:
    return {"customer": customer, "quote": quote, "consent": "asked"}


def _lead(name: str, need: str, seen: str) -> dict[str, str | tuple[str, ...]]:
    return {"name": name, "need": need, "seen": seen, "knows_us": "know"}


def _days(number: float) -> timedelta:
    return timedelta(days=number)


DONE = ("take", "accept", "publish")
NO = ("decline",)
HISTORY = (
    Past(_days(38), "priya", "idea", _idea("How our tea bags lost their plastic", "story"), DONE),
    Past(
        _days(37), "sam", "testimonial", _quote("Café Lumen", "Guests ask us for the tins."), DONE
    ),
    Past(
        _days(33), "sam", "lead", _lead("Hotel Aurora", "Tea for 80 rooms", "A call"), ("accept",)
    ),
    Past(
        _days(31), "noah", "idea", _idea("Ask a taster: how hot is too hot?", "expert_advice"), DONE
    ),
    Past(
        _days(30),
        "priya",
        "idea",
        _idea("A meme about Mondays", "picture"),
        NO,
        {"reason": "not_for_our_audience", "note": "Our buyers read us for tea, less for jokes."},
    ),
    Past(_days(26), "sam", "testimonial", _quote("Bistro Kern", "Never once late."), ("accept",)),
    Past(_days(24), "priya", "idea", _idea("Inside the new blending room", "video"), DONE),
    Past(
        _days(23),
        "sam",
        "lead",
        _lead("Marta Olsen", "Office tea, 40 people", "LinkedIn"),
        ("take",),
    ),
    Past(_days(18), "elena", "idea", _idea("What I learned at the harvest", "interview"), DONE),
    Past(_days(17), "sam", "testimonial", _quote("Spa Vital", "Our quiet hour is your tea."), DONE),
    Past(
        _days(16), "sam", "lead", _lead("Kiosk chain Brio", "A summer offer", "A fair"), ("accept",)
    ),
    Past(_days(11), "priya", "idea", _idea("Five ways to cold brew", "case_study"), DONE),
    Past(_days(10), "sam", "idea", _idea("Why buyers ask for origin", "story"), ("take", "accept")),
    Past(
        _days(9),
        "sam",
        "testimonial",
        _quote("Office Nord", "It is fine."),
        NO,
        {"reason": "needs_more", "note": "Could you ask what changed for them since they order?"},
    ),
    Past(_days(6), "priya", "idea", _idea("A day with our quality lab", "picture"), DONE),
    Past(
        _days(5),
        "sam",
        "lead",
        _lead("Theatre on the Hill", "Tea at the bar", "A guest"),
        ("take",),
    ),
    Past(_days(4), "elena", "idea", _idea("Our promise for 2027", "story"), ("accept",)),
    Past(
        _days(2.5), "sam", "testimonial", _quote("Hostel Kompass", "Guests stay for the tea."), DONE
    ),
    Past(_days(1.2), "priya", "idea", _idea("Which cup for which tea?", "picture")),
)

LINKS = "https://northwind.example/posts/"

GUIDE = {
    "Hand in a testimonial": (
        "You are Sam from sales. In #sales type /social-testimonial and what a customer said, "
        "press Enter, name the customer, and choose Hand in."
    ),
    "Decide on the card": (
        "Become Mia, the advocacy lead (top right), and open #advocacy-desk. Press Accept, then "
        "Published, and give a link."
    ),
    "Hear what became of it": (
        "Become Sam again and open Messages under Social Desk: every step is in one thread."
    ),
    "Read Monday's digest": (
        "Become Elena, the chief executive, open #leadership and press Jump to Monday 09:00."
    ),
}
"""What to try, in order."""
