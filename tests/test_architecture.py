"""The rules of the house that no linter knows. The arrows between rooms are import-linter's."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Constraint, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from storage import scripts
from storage.tables import metadata
from tests.support.expansion import faults_of, is_contraction, script_of

ROOT = Path(__file__).parents[1]
MADE_AGAIN = {"__pycache__", "build"}
PRODUCT = ("bot", "handlers", "storage", "runtime", "sandbox")
OURS = ("bot", "handlers", "storage", "runtime")
"""The rooms that speak to Slack through the messenger; the sandbox is the other side."""

MIGRATIONS = ROOT / "storage" / "migrations" / "versions"
FILE_LINES = 300
FUNCTION_LINES = 40

LONG_FILES = {
    "bot/ports.py": "all that the core asks of the world, on one page",
}
LONG_FUNCTIONS = {
    "bot/submit.py:hand_in": "one use case, told in its order",
    "handlers/manifest.py:manifest": "one document",
    "sandbox/page/conversation.py:composer": "one form, as markup",
    "runtime/compose.py:__init__": "the composition root: a list of parts",
}
"""What is longer, counted without its docstring, and why."""

POSTING = {
    "say",
    "respond",
    "chat_postMessage",
    "chat_update",
    "chat_scheduleMessage",
    "views_publish",
}
PLAYS_PEOPLE = {"runtime/demo.py say", "runtime/demo_past.py say"}
"""In the demo's past it is colleagues who say things."""

SEARCHED_EVERYWHERE = {
    "ix_lane_ready",
    "ix_schedule_due",
    "ix_submission_timer",
    "ix_member_away",
    "ix_goal_ask",
    "ix_goal_check",
    "ix_experiment_ask",
    "ix_pulse_ask",
    "ix_installation_changed",
    "ix_installation_erase",
    "ix_installation_org",
}
"""What looks for what is due, in any workspace."""


def modules(*rooms: str) -> list[Path]:
    found = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if not path.is_relative_to(MIGRATIONS)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute):
                yield called.attr, node
            elif isinstance(called, ast.Name):
                yield called.id, node


def test_the_architecture_page_names_every_folder_and_no_other() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = page.partition("## The rooms")[2].partition("\n## ")[0]
    named = re.findall(r"^\| `([\w.]+)/` \|", rooms, re.MULTILINE)
    there = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and not path.name.startswith(".") and path.name not in MADE_AGAIN
    }
    assert sorted(named) == sorted(there)


def test_files_fit_on_a_few_screens() -> None:
    long = {
        name_of(path)
        for path in modules(*PRODUCT)
        if len(path.read_text(encoding="utf-8").splitlines()) > FILE_LINES
    }
    assert long == set(LONG_FILES)


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines it has, without its docstring."""
    last = function.end_lineno or function.lineno
    lines = last - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_functions_fit_on_one_screen() -> None:
    long = {
        f"{name_of(path)}:{node.name}"
        for path in modules(*PRODUCT)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and lines_of(node) > FUNCTION_LINES
    }
    assert long == set(LONG_FUNCTIONS)


def test_only_the_messenger_posts() -> None:
    elsewhere = {
        f"{name_of(path)} {called}"
        for path in modules(*OURS)
        if name_of(path) != "handlers/messenger.py"
        for called, _ in calls(path)
        if called in POSTING
    }
    assert elsewhere == PLAYS_PEOPLE


def test_the_messenger_does_post() -> None:
    called = {called for called, _ in calls(ROOT / "handlers" / "messenger.py")}
    assert {"chat_postMessage", "chat_update", "views_publish"} <= called


def test_no_client_of_slack_repeats_calls() -> None:
    clients = [
        (name_of(path), node)
        for path in modules(*OURS)
        for called, node in calls(path)
        if called in {"AsyncWebClient", "WebClient", "CountedClient"}
    ]
    assert clients
    for name, node in clients:
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        handlers = given.get("retry_handlers")
        assert isinstance(handlers, ast.List), name
        assert handlers.elts == [], name
    for path in modules(*OURS):
        assert "http_retry" not in path.read_text(encoding="utf-8"), name_of(path)


def leading_columns(table: Table) -> Iterator[tuple[str, str]]:
    """The first column of each key and index, by its name."""
    keys: list[Constraint | Index] = [*table.constraints, *table.indexes]
    for key in keys:
        if isinstance(key, PrimaryKeyConstraint | UniqueConstraint | Index):
            yield str(key.name), next(iter(key.columns)).name
    for foreign in table.foreign_key_constraints:
        yield f"{table.name}: foreign key", foreign.column_keys[0]


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_the_workspace_leads_every_key_and_index(name: str) -> None:
    found = dict(leading_columns(metadata.tables[name]))
    assert found
    for key, column in found.items():
        assert (column == "workspace_id") is (key not in SEARCHED_EVERYWHERE), key


def test_the_exceptions_are_there() -> None:
    names = {str(index.name) for table in metadata.tables.values() for index in table.indexes}
    assert names >= SEARCHED_EVERYWHERE


def test_migrations_only_add_or_say_since_when_nobody_needs_it(tmp_path: Path) -> None:
    """Expand, contract: programs of the release before work on beside a newer schema. A script that
    takes something away says `contract`, the release that stopped using it, and `floor`, that
    release's newest revision.
    """
    faults = {
        revision: faults_of(revision, tmp_path)
        for revision in scripts.revisions()
        if revision > "0003" and not is_contraction(script_of(revision).read_text("utf-8"))
    }
    assert faults == {revision: [] for revision in faults}
