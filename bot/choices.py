"""What can be chosen in the kinds' forms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a choice: what is stored, and what people read (75 characters at most)."""

    value: str
    label: str


CONSENT = (
    Option("not_asked", "Not asked yet"),
    Option("asked", "Asked, no answer yet"),
    Option("granted", "Granted"),
    Option("refused", "Refused"),
)
KNOWS_US = (
    Option("know", "Knows us"),
    Option("like", "Likes us"),
    Option("trust", "Trusts us"),
)
KNOW = "know"
STAGES = (
    Option(KNOW, "Get to know us"),
    Option("like", "Like us"),
    Option("trust", "Trust us"),
    Option("lead", "Become a lead"),
    Option("customer", "Stay a customer"),
)
