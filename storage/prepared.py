"""Statements that run with every submission and every message, prepared once.

Around a statement that SQLite runs in 5 µs, SQLAlchemy works for 25. So on SQLite these go straight
to the driver; tables and types stay SQLAlchemy's, which writes the text once and names what turns
values to and fro. On PostgreSQL, where a statement is a round trip, they go the usual way.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from sqlalchemy import Connection, Dialect, Select, TextClause, UpdateBase
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Statement = Select[Any] | UpdateBase | TextClause
Convert = Callable[[Any], Any]
Converts: TypeAlias = tuple[tuple[int, Convert], ...]
T = TypeVar("T")


class Record(Protocol):
    """A row, its columns by name: SQLAlchemy's, or the named tuple of a prepared statement."""

    def __getattr__(self, name: str) -> Any: ...

    def _asdict(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as the driver takes it: its text, what it binds in order, what it gives back."""

    text: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    bound: Converts
    found: Converts

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        """The driver's parameters; raises KeyError when a value is missing."""
        every = {**self.fixed, **values} if self.fixed else values
        return _converted(list(map(every.__getitem__, self.names)), self.bound)


class Made(Generic[T]):
    """What is made of rows that are read again and again: of a row that stands there as before, it
    is the same. `of` takes a row, and must make something that does not change.
    """

    def __init__(self, of: Callable[[Record], T], *, most: int) -> None:
        """Of `most` rows it is kept."""
        self.of = of
        self._made = lru_cache(maxsize=most)(self._make)

    def kept(self, raw: tuple[Any, ...], record: Any, found: "Converts") -> T:
        """What is made of a row as the driver gives it."""
        return self._made(raw, record, found)

    def _make(self, raw: tuple[Any, ...], record: Any, found: "Converts") -> T:
        return self.of(record._make(_converted(list(raw), found)))


class Prepared:
    """A statement to be run often, always with values by name, within an open transaction.

    Values are those of its `bindparam`s and, for an insert or an update, of the columns to write;
    columns that Python has a default for must be among them. Expanding parameters are not taken.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._columns = (
            () if isinstance(statement, TextClause) else tuple(statement.exported_columns)
        )
        names = [column.name for column in self._columns]
        self._record: Any = namedtuple("Record", names, rename=True)  # type: ignore[misc]  # noqa: PYI024  (the names are the statement's)
        self._forms: dict[tuple[str, ...], _Form] = {}

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[Record]:
        """The rows that it finds or gives back."""
        make = self._record._make
        if not _is_direct(connection):
            return [make(row) for row in connection.execute(self._statement, values)]
        form, cursor = self._run(connection, values)
        found = form.found
        return [make(_converted(list(raw), found)) for raw in cursor.fetchall()]

    def made(self, connection: Connection, values: Mapping[str, Any], make: "Made[T]") -> list[T]:
        """What `make` makes of its rows."""
        if not _is_direct(connection):
            return [make.of(row) for row in self.all(connection, values)]
        form, cursor = self._run(connection, values)
        return [make.kept(raw, self._record, form.found) for raw in cursor.fetchall()]

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Record | None:
        """The first of its rows, if there is one."""
        found = self.all(connection, values)
        return found[0] if found else None

    def scalar(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """The first column of its first row; None when there is no row."""
        found: Any = self.first(connection, values)
        return None if found is None else found[0]

    def write(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it for what it writes; how many rows an UPDATE or a DELETE found."""
        if not _is_direct(connection):
            return connection.execute(self._statement, values).rowcount
        _, cursor = self._run(connection, values)
        return cursor.rowcount

    def write_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each of `rows`; there must be one."""
        if not _is_direct(connection):
            connection.execute(self._statement, rows)
            return
        for values in rows:
            self._run(connection, values)

    def _run(
        self, connection: Connection, values: Mapping[str, Any]
    ) -> tuple[_Form, sqlite3.Cursor]:
        names = tuple(values)
        form = self._forms.get(names)
        if form is None:
            form = self._forms[names] = self._compiled(connection.dialect, names)
        driver: Any = connection.connection.dbapi_connection
        parameters: list[Any] = []
        try:
            parameters = form.parameters(values)
            listeners = connection.engine.dispatch.before_cursor_execute
            for listener in listeners or ():
                listener(connection, driver, form.text, tuple(parameters), None, False)  # noqa: FBT003  (SQLAlchemy's order)
            return form, driver.execute(form.text, parameters)
        except Exception as error:
            # As SQLAlchemy tells it, so that one place knows what a failure means.
            raise DBAPIError.instance(
                form.text,
                parameters,
                error,
                sqlite3.Error,
                hide_parameters=connection.engine.hide_parameters,
                dialect=connection.dialect,
            ) from error

    def _compiled(self, dialect: Dialect, names: tuple[str, ...]) -> _Form:
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=list(names))
        unknown = set(names) - set(compiled.positiontup)
        if unknown or compiled.post_compile_params or compiled.insert_prefetch:
            raise ValueError(f"This can't be prepared for {sorted(names)}: {compiled}")
        # What never changes is turned once: a path into a document among it, whose type would make
        # something of None.
        binds = {name: compiled.binds[name] for name in compiled.positiontup}
        turns = {name: _bind(one.type, dialect) for name, one in binds.items()}
        fixed = {
            name: _turned(one.value, turns[name])
            for name, one in binds.items()
            if not one.required and name not in names
        }
        return _Form(
            text=str(compiled),
            names=tuple(compiled.positiontup),
            fixed=fixed,
            bound=_placed(None if name in fixed else turns[name] for name in compiled.positiontup),
            found=_placed(_result(column.type, dialect) for column in self._columns),
        )


def _is_direct(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _converted(row: list[Any], converts: Converts) -> list[Any]:
    for place, convert in converts:
        value = row[place]
        if value is not None:
            row[place] = convert(value)
    return row


def _turned(value: Any, convert: Convert | None) -> Any:
    return value if value is None or convert is None else convert(value)


def _placed(converts: Iterable[Convert | None]) -> Converts:
    """Those that are needed, each with its place. None always stands for NULL."""
    found = tuple((place, one) for place, one in enumerate(converts) if one is not None)
    if any(convert(None) is not None for _, convert in found):
        raise ValueError("A column whose type makes something of None can't be prepared.")
    return found


def _bind(type_: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _result(type_: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)
