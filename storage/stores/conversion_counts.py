"""Counts conversions by day. What came or was undone since is taken in now and then; until then it
is read row by row, so what is read is right at any time, whoever wrote it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date
from typing import Any

from sqlalchemy import Row, Select, select, update

from bot.conversion import Dimension
from storage.stores.conversion_statements import TOTAL
from storage.stores.conversion_sums import ANY, POSTS
from storage.tables import conversion, conversion_count, conversion_touch, uncounted
from storage.unit import Unit, insert_into

_c, _t, _n = conversion.c, conversion_touch.c, conversion_count.c

_SUMS = ("count", "entries", "thousandths")
_Key = tuple[str, date, str, str, str]
"""Dimension, day, type, lens, key."""


def has_uncounted(unit: Unit, least: int) -> bool:
    """Whether at least so many are not counted."""
    waits = _uncounted(unit, _c.occurred_at).offset(least - 1).limit(1)
    return unit.connection.execute(waits).first() is not None


def sum_up(unit: Unit, limit: int) -> int:
    """Take so many of what is not counted in; how many. What another process is at stays its."""
    rows = unit.connection.execute(
        _uncounted(unit, conversion, _c.count.label("people"))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not rows:
        return 0
    ids = [row.conversion_id for row in rows]
    touches: dict[str, list[Row[Any]]] = {}
    for touch in unit.connection.execute(
        select(conversion_touch).where(unit.here(conversion_touch), _t.conversion_id.in_(ids))
    ):
        touches.setdefault(touch.conversion_id, []).append(touch)
    _add(unit, _tally(rows, touches))
    unit.connection.execute(
        update(conversion)
        .where(unit.here(conversion), _c.conversion_id.in_(ids))
        .values(is_counted=_c.undone_at.is_(None))
    )
    return len(rows)


def _uncounted(unit: Unit, *what: Any) -> Select[Any]:
    """In the order of its index, which SQLite takes for it."""
    return select(*what).where(unit.here(conversion), uncounted).order_by(_c.occurred_at)


def _tally(
    rows: Sequence[Row[Any]], touches: Mapping[str, Sequence[Row[Any]]]
) -> Mapping[_Key, list[int]]:
    found: dict[_Key, list[int]] = {}
    for row in rows:
        sign = -1 if row.is_counted else 1
        amounts = (sign * row.people, sign, sign * (row.thousandths or 0))
        day = row.occurred_at.astimezone(UTC).date()
        keys = [(TOTAL, "", row.currency or ""), *_keys(touches.get(row.conversion_id, ()))]
        for dimension, lens, key in keys:
            sums = found.setdefault((dimension, day, row.type_key, lens, key), [0, 0, 0])
            for place, value in enumerate(amounts if dimension == TOTAL else (*amounts[:2], 0)):
                sums[place] += value
    return found


def _keys(touches: Sequence[Row[Any]]) -> Iterator[tuple[str, str, str]]:
    """Under which dimension, lens and key one conversion counts, each once."""
    for lens in sorted({touch.lens for touch in touches}):
        seen = [touch for touch in touches if touch.lens == lens]
        posts = sorted({touch.number for touch in seen if touch.number is not None})
        if posts:
            yield POSTS, lens, ",".join(map(str, posts))
        for dimension, keys in (
            (Dimension.PLATFORM, {touch.platform for touch in seen}),
            (Dimension.CAMPAIGN, {touch.campaign for touch in seen}),
            (Dimension.PAID, {"paid" if touch.is_paid else "organic" for touch in seen}),
        ):
            known = sorted(key for key in keys if key is not None)
            for key in (*known, *([ANY] if known else [])):
                yield dimension.value, lens, key


def _add(unit: Unit, counted: Mapping[_Key, Sequence[int]]) -> None:
    """Onto what was counted before; in one order, so that no two wait for each other."""
    insert = insert_into(unit.dialect, conversion_count)
    names = ("dimension", "day", "type_key", "lens", "key")
    unit.connection.execute(
        insert.on_conflict_do_update(
            index_elements=list(conversion_count.primary_key.columns),
            set_={name: _n[name] + insert.excluded[name] for name in _SUMS},
        ),
        [
            {
                "workspace_id": unit.workspace_id,
                **dict(zip(names, key, strict=True)),
                **dict(zip(_SUMS, sums, strict=True)),
            }
            for key, sums in sorted(counted.items())
        ],
    )
