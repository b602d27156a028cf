"""A file that somebody wants to import, on its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.conversion import ConversionType
from bot.goal import Goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a file's lines are read against: the goals, those of them that this person keeps, the
    types of conversions, the zone in which their days are, and the ids of webhooks by their names.
    """

    goals: tuple[Goal, ...]
    kept: frozenset[str]
    types: Mapping[str, ConversionType]
    tz: str
    hooks: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetMaterial:
    """A file as it is looked into at the moment `at`, for who gave it. `key` is the message that
    says what it brings. `is_wanted`: they said that it is to be imported, or not; None while they
    were not asked.
    """

    key: str
    file_id: str
    actor_id: str
    known: Known
    at: datetime
    is_wanted: bool | None = None
