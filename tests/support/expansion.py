"""What a migration does to those who still work on the schema before it.

Looked at from outside, whatever words the script uses: the schema before it against the one after.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect

from storage import scripts

Columns = dict[str, dict[str, Any]]


def faults_of(revision: str, folder: Path) -> list[str]:
    """What the script of `revision` takes away from programs that know the one before."""
    engine = create_engine(f"sqlite:///{folder}/{revision}.db", poolclass=NullPool)
    known = scripts.revisions()
    before = known[known.index(revision) - 1]
    _run(engine, before)
    with engine.connect() as connection:
        old = shape(connection)
    _run(engine, revision)
    with engine.connect() as connection:
        new = shape(connection)
    engine.dispose()
    return [*narrowed(old, new), *locking(script_of(revision).read_text(encoding="utf-8"))]


def _run(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        scripts.run_until(connection, revision)


def script_of(revision: str) -> Path:
    (path,) = (scripts._SCRIPTS / "versions").glob(f"{revision}_*.py")
    return path


def is_contraction(source: str) -> bool:
    """Whether a script says which release stopped using what it takes away, and that release's
    newest revision, the floor.
    """
    named = {
        target.id
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return {"contract", "floor"} <= named


def shape(connection: Connection) -> dict[str, tuple[Columns, set[str]]]:
    """Each table's columns, and what its rows have to be: keys, uniqueness, references, checks."""
    seen = inspect(connection)
    found = {}
    for table in seen.get_table_names():
        columns = {column["name"]: dict(column) for column in seen.get_columns(table)}
        demands = {
            f"primary key {seen.get_pk_constraint(table)['constrained_columns']}",
            *(f"unique {one['column_names']}" for one in seen.get_unique_constraints(table)),
            *(f"unique {i['column_names']}" for i in seen.get_indexes(table) if i["unique"]),
            *(f"reference {one['constrained_columns']}" for one in seen.get_foreign_keys(table)),
            *(f"check {one['sqltext']}" for one in seen.get_check_constraints(table)),
        }
        found[table] = (columns, demands)
    return found


def narrowed(
    old: dict[str, tuple[Columns, set[str]]], new: dict[str, tuple[Columns, set[str]]]
) -> Iterator[str]:
    """What a program that knows `old` would miss in `new`."""
    for table, (columns, demands) in old.items():
        if table not in new:
            yield f"table {table} is gone"
            continue
        now, demanded = new[table]
        for name, column in columns.items():
            yield from _narrowed(f"{table}.{name}", column, now.get(name))
        for name in now.keys() - columns.keys():
            if not now[name]["nullable"] and now[name]["default"] is None:
                yield f"{table}.{name} is needed and has no default"
        yield from (f"{table}: new {demand}" for demand in demanded - demands)


def _narrowed(name: str, old: dict[str, Any], new: dict[str, Any] | None) -> Iterator[str]:
    if new is None:
        yield f"{name} is gone"
    elif str(old["type"]) != str(new["type"]):
        yield f"{name} is another type"
    elif old["nullable"] and not new["nullable"]:
        yield f"{name} may not be empty any more"


def locking(source: str) -> Iterator[str]:
    """Indexes that PostgreSQL would build with writers kept out: on tables that were there."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    made = {_text(call.args[0]) for call in calls if _name(call) == "create_table"}
    for call in calls:
        if _name(call) == "create_index" and _text(call.args[1]) not in made:
            yield f"index {_text(call.args[0])} is for storage.migrations.steps.add_index"
        if _name(call) in {"create_foreign_key", "create_check_constraint"}:
            yield f"{_name(call)} looks through the whole table under its lock"


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _text(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)
