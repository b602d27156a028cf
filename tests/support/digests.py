"""What a digest's parts are, by their sections."""

from typing import TypeVar

from bot.digest_parts import AskPart, GoalsPart, NumbersPart, PublishedPart, WaitingPart, WeeksPart
from bot.digest_rules import Ask
from bot.goal import Standing
from bot.material import DigestMaterial
from bot.sections import Part

P = TypeVar("P", bound=Part)

PRINTED = ("goals", "for-team", "for-sales", "for-company", "quiet", "first-week", "late")
"""Examples that are printed: all four audiences, a week in which nothing was handed in, one with
one, and one that came late.
"""


def part(material: DigestMaterial, kind: type[P]) -> P:
    """The part of that type; it must be there."""
    (found,) = (one for one in material.parts.values() if isinstance(one, kind))
    return found


def goals(material: DigestMaterial) -> tuple[Standing, ...]:
    """The goals that it tells of."""
    found = [one for one in material.parts.values() if isinstance(one, GoalsPart)]
    return found[0].standings if found else ()


def ask(material: DigestMaterial) -> Ask | None:
    """What it asks for."""
    found = [one for one in material.parts.values() if isinstance(one, AskPart)]
    return found[0].ask if found else None


def numbers(material: DigestMaterial) -> NumbersPart:
    """Its week in numbers."""
    return part(material, NumbersPart)


def waiting(material: DigestMaterial) -> WaitingPart:
    """What it says waits."""
    return part(material, WaitingPart)


def published(material: DigestMaterial) -> PublishedPart:
    """What it says was published."""
    return part(material, PublishedPart)


def weeks(material: DigestMaterial) -> WeeksPart:
    """Its weeks."""
    return part(material, WeeksPart)
