"""Stories, one per submission."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from typing_extensions import override

from bot.learning_store import StoryStore
from bot.story import Story
from bot.text import folded
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
        return self._found(self._told(_c.told_at < before, *said).limit(limit))

    @override
    def between(self, since: datetime, until: datetime) -> tuple[Story, ...]:
        return self._found(self._told(_c.told_at >= since, _c.told_at < until))

    def _told(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        return (
            select(_STORY)
            .where(self._unit.here(_STORY), _c.dropped_at.is_(None), *conditions)
            .order_by(_c.told_at.desc(), _c.number.desc())
        )

    def _found(self, query: Select[Any]) -> tuple[Story, ...]:
        rows = self._unit.connection.execute(query)
        return tuple(Story(**{name: getattr(row, name) for name in _SAME}) for row in rows)
