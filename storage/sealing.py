"""Which columns are sealed, and sealing them anew when the keys have changed."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Select,
    Table,
    Text,
    case,
    cast,
    func,
    select,
    tuple_,
    update,
)

from storage.tables import conversation, draft, hook, installation, submission_personal
from storage.vault import MARK, NAME_LENGTH, SealedError, Vault

EMPTY = "-"
"""What an empty value counts under: no key is called so."""

BATCH = 200
"""How many rows one transaction seals anew: on SQLite whoever hands something in waits for it."""


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column whose values go through the vault. `is_document`: it holds JSON, which is stored as
    one text when it is sealed (`seal_document`).
    """

    table: Table
    name: str
    is_document: bool = False

    @property
    def column(self) -> Column[Any]:
        """The column itself."""
        found: Column[Any] = self.table.c[self.name]
        return found

    @property
    def key(self) -> tuple[Column[Any], ...]:
        """The primary key of its rows."""
        return tuple(self.table.primary_key.columns)


SEALED: tuple[SealedColumn, ...] = (
    SealedColumn(submission_personal, "value"),
    SealedColumn(conversation, "text"),
    SealedColumn(draft, "fields", is_document=True),
    SealedColumn(installation, "bot_token"),
    SealedColumn(installation, "refresh_token"),
    SealedColumn(hook, "secret"),
    SealedColumn(hook, "old_secret"),
)
"""Everything that is sealed. Who seals another column adds it here: then new keys reach it, too."""


def seal_document(vault: Vault, document: Mapping[str, Any]) -> Mapping[str, Any] | str:
    """A JSON document as it is to be stored: one sealed text where there are keys."""
    return vault.seal(json.dumps(document)) if vault.has_keys else document


def open_document(vault: Vault, stored: Mapping[str, Any] | str) -> Mapping[str, Any]:
    """What `seal_document` stored. Raises SealedError."""
    if not isinstance(stored, str):
        return stored
    document: Mapping[str, Any] = json.loads(vault.open(stored))
    return document


Key = tuple[Any, ...]
"""The primary key of the last row that was looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What some rows of a column look like. `last` is None when there are no more.

    `current` are sealed with the newest key (without keys: not at all), `older` with another one
    that is known, `plain` not at all, `locked` with a key that is missing. `renewed` were sealed
    anew just now.
    """

    last: Key | None
    current: int = 0
    older: int = 0
    plain: int = 0
    locked: int = 0
    renewed: int = 0


def look_at(connection: Connection, vault: Vault, where: SealedColumn, limit: int) -> Looked:
    """How the values of a column are sealed, counted by the database; changes nothing.

    At most the first and the last `limit` of them, by their keys: `last` is None when that was all.
    """
    first = _rows_of(where).order_by(*where.key).limit(limit)
    counts = _count(connection, where, first)
    beyond = connection.execute(first.with_only_columns(*where.key).offset(limit - 1)).first()
    if beyond is None:
        return _sorted(vault, counts, None)
    last = _rows_of(where).where(tuple_(*where.key) > tuple_(*beyond))
    backwards = last.order_by(*(column.desc() for column in where.key)).limit(limit)
    counts.update(_count(connection, where, backwards))
    between = backwards.with_only_columns(*where.key).limit(1).offset(limit)
    is_all = connection.execute(between).first() is None
    return _sorted(vault, counts, None if is_all else tuple(beyond))


def _rows_of(where: SealedColumn) -> Select[Any]:
    text = cast(where.column, Text) if where.is_document else where.column
    return select(text.label("stored")).where(where.column.is_not(None))


def _count(connection: Connection, where: SealedColumn, rows: Select[Any]) -> Counter[str]:
    """How many begin as sealed with which key; under "" what is not sealed."""
    mark = json.dumps(MARK)[:-1] if where.is_document else MARK
    stored = rows.subquery().c.stored
    name = func.substr(stored, len(mark) + 1, NAME_LENGTH)
    begun = case(
        (func.substr(stored, 1, len(mark)) == mark, name),
        (stored == "", EMPTY),
        else_="",
    )
    found = connection.execute(select(begun, func.count()).group_by(begun)).all()
    return Counter({name: count for name, count in found})  # noqa: C416  (rows are no tuples to mypy)


def _sorted(vault: Vault, counts: Counter[str], last: Key | None) -> Looked:
    """What the names of the keys mean to a vault. What is empty is never sealed."""
    newest = next(iter(vault.names), None)
    plain, empty = counts.pop("", 0), counts.pop(EMPTY, 0)
    current = counts.pop(newest, 0) if newest else plain
    older = sum(counts.pop(name, 0) for name in vault.names)
    return Looked(
        last=last,
        current=current + empty,
        older=older,
        plain=plain if newest else 0,
        locked=counts.total(),
    )


def renew(
    connection: Connection, vault: Vault, where: SealedColumn, after: Key | None, limit: int
) -> Looked:
    """Seal the next `limit` values behind `after` with the newest key, where they are not yet.

    What can't be opened stays as it is, and is counted.
    """
    rows = _rows(connection, where, after, limit, is_locking=True)
    renewed = locked = 0
    for *key, stored in rows:
        text = _text(stored)
        if vault.is_current(text):
            continue
        try:
            value = _stored_anew(vault, where, text)
        except SealedError:
            locked += 1
            continue
        connection.execute(
            update(where.table)
            .where(*(column == part for column, part in zip(where.key, key, strict=True)))
            .values({where.name: value})
        )
        renewed += 1
    current = len(rows) - renewed - locked
    return Looked(last=_last(rows, limit), current=current, locked=locked, renewed=renewed)


def _rows(
    connection: Connection, where: SealedColumn, after: Key | None, limit: int, *, is_locking: bool
) -> Sequence[Any]:
    query = select(*where.key, where.column).where(where.column.is_not(None))
    if after is not None:
        query = query.where(tuple_(*where.key) > tuple_(*after))
    if is_locking:
        query = query.with_for_update()  # which SQLite, with its one writer, leaves out
    return connection.execute(query.order_by(*where.key).limit(limit)).all()


def _last(rows: Sequence[Any], limit: int) -> Key | None:
    return tuple(rows[-1][:-1]) if len(rows) == limit else None


def _text(stored: Any) -> str:
    """A value as the vault takes it. A document that is stored as such is not sealed."""
    return stored if isinstance(stored, str) else json.dumps(stored)


def _stored_anew(vault: Vault, where: SealedColumn, text: str) -> Any:
    opened = vault.open(text)
    if where.is_document:
        return seal_document(vault, json.loads(opened))
    return vault.seal(opened)
