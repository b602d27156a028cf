"""The demo's company: who works there, where they talk, and who owns what."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    Colleague("tara", "Tara Onyango", "Sales, London", "Europe/London"),
    Colleague("priya", "Priya Nair", "Product"),
    Colleague("oliver", "Oliver Bauer", "Product, blending"),
    Colleague("lea", "Lea Brandt", "Social lead"),
    Colleague("noah", "Noah Weber", "Content lead"),
    Colleague("mia", "Mia Rossi", "Advocacy lead"),
    Colleague("jonas", "Jonas Lind", "Lead desk"),
    Colleague("marcus", "Marcus Holt", "Finance"),
    Colleague("elena", "Elena Ruiz", "Chief executive", is_owner=True),
)
EVERYBODY = tuple(colleague.key for colleague in COLLEAGUES)

CHANNELS: Mapping[str, tuple[str, ...]] = {
    "general": EVERYBODY,
    "sales": ("sam", "tara", "jonas", "elena"),
    "product": ("priya", "oliver", "noah"),
    "content-desk": ("noah", "lea", "mia", "elena"),
    "advocacy-desk": ("mia", "lea", "noah", "elena"),
    "lead-desk": ("jonas", "lea", "elena"),
    "leadership": ("elena", "marcus", "lea", "sam", "priya", "mia", "noah"),
}
PRIVATE = frozenset({"lead-desk"})

ROLES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], str | None]] = {
    "social_lead": (("lea",), (), None),
    "content_lead": (("noah",), ("lea",), "content-desk"),
    "advocacy_lead": (("mia",), ("lea",), "advocacy-desk"),
    "lead_desk": (("jonas",), ("lea",), "lead-desk"),
}
"""Holders, backups and channel of each role."""

LEADERS = ("elena", "marcus", "priya")
"""Whose own part digests count, whatever department they are in."""

DEPARTMENTS: Mapping[str, tuple[str, ...]] = {
    "Sales": ("sam", "tara"),
    "Product": ("priya", "oliver"),
    "Leadership": ("elena", "marcus"),
    "Marketing": ("lea", "noah", "mia", "jonas"),
}
