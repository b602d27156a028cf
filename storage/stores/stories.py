"""Stories, one per submission."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, select
from typing_extensions import override

from bot.learning_store import StoryStore
from bot.story import Story
from bot.text import folded
from storage.prepared import Prepared, Record
from storage.tables import story
from storage.unit import Unit

_STORY = story  # the name is also an argument below
_c = story.c
_SAME = (
    "number",
    "headline",
    "text",
    "told_at",
    "told_by",
    "changed_at",
    "changed_by",
    "dropped_at",
)
"""The columns that are fields of a story by the same name."""


@cache
def _between() -> Prepared:
    since, until = (bindparam(name, type_=_c.told_at.type) for name in ("since", "until"))
    here = _c.workspace_id == bindparam("in_workspace")
    return Prepared(_told(here, _c.told_at >= since, _c.told_at < until))


def _told(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Those that stand, the newest first."""
    newest = (_c.told_at.desc(), _c.number.desc())
    return select(_STORY).where(*conditions, _c.dropped_at.is_(None)).order_by(*newest)


class SqlStoryStore(StoryStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def save(self, story: Story) -> None:
        row = {name: getattr(story, name) for name in _SAME}
        row["words"] = folded(f"{story.headline}\n{story.text}")
        self._unit.save(_STORY, [row])

    @override
    def get(self, number: int) -> Story | None:
        found = self._found(select(_STORY).where(self._unit.here(_STORY), _c.number == number))
        return found[0] if found else None

    @override
    def find(self, words: Sequence[str], *, before: datetime, limit: int) -> tuple[Story, ...]:
        said = (_c.words.contains(word, autoescape=True) for word in words)
        told = _told(self._unit.here(_STORY), _c.told_at < before, *said)
        return self._found(told.limit(limit))

    @override
    def between(self, since: datetime, until: datetime) -> tuple[Story, ...]:
        values = {"in_workspace": self._unit.workspace_id, "since": since, "until": until}
        return tuple(_story(row) for row in _between().all(self._unit.connection, values))

    def _found(self, query: Select[Any]) -> tuple[Story, ...]:
        rows = self._unit.connection.execute(query)
        return tuple(_story(row) for row in rows)


def _story(row: Row[Any] | Record) -> Story:
    return Story(**{name: getattr(row, name) for name in _SAME})
