"""Which goals submissions serve, as data."""

from dataclasses import dataclass

from bot.submission import Submission


@dataclass(frozen=True, slots=True)
class Serves:
    """What a card says of the goal that it serves: its title, empty where it serves none."""

    title: str = ""


@dataclass(frozen=True, slots=True)
class Unserved:
    """What is under way and serves no goal: some of it, and how much it is. The titles of those in
    `unnamed` say whom a testimonial or a lead is from, and are not for who reads this.
    """

    items: tuple[Submission, ...] = ()
    total: int = 0
    unnamed: frozenset[int] = frozenset()


NOTHING = Unserved()
