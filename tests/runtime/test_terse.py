"""Modules of a process that serves carry no docstrings, and are the same otherwise."""

import gc
import subprocess
import sys
import weakref
from dataclasses import FrozenInstanceError, dataclass
from types import CodeType, ModuleType

import pytest

from runtime.terse import let_go_of_first_tries, without_docstrings
from tests.support.processes import ROOT

LONG = "Long enough to be a docstring, and nothing else."
SOURCE = f'''"""{LONG}"""

class Told:
    """{LONG}"""
    word = "kept"

    def says(self):
        """{LONG}"""
        return "also kept"

class Untold:
    first = "{LONG} But no docstring."

    def says(self):
        return "{LONG} But no docstring."

def short():
    """Brief."""
    return [word for word in ("{LONG} But no docstring.",)]

def named(word="{LONG}"):
    """{LONG}"""
    assert word
    return (lambda: "{LONG}")()

def echo():
    """{LONG}"""
    return "{LONG}"
'''


def run(code: CodeType) -> dict[str, object]:
    found: dict[str, object] = {"__name__": "told"}
    exec(code, found)  # noqa: S102  (ours)
    return found


def test_docstrings_are_gone_and_all_else_is_there() -> None:
    found = run(without_docstrings(compile(SOURCE, "told.py", "exec")))
    told, untold, short, named = (found[name] for name in ("Told", "Untold", "short", "named"))
    assert [one.__doc__ for one in (told, told.says, untold, named)] == [None] * 4  # type: ignore[attr-defined]
    assert found["__doc__"] is None
    assert (told.word, told().says()) == ("kept", "also kept")  # type: ignore[attr-defined, operator]
    assert untold.first == untold().says() == f"{LONG} But no docstring."  # type: ignore[attr-defined, operator]
    assert short() == [f"{LONG} But no docstring."]  # type: ignore[operator]
    assert named() == LONG  # type: ignore[operator]
    assert found["echo"]() == LONG  # type: ignore[operator]
    with pytest.raises(AssertionError):
        named("")  # type: ignore[operator]


def test_what_serves_is_loaded_so_and_other_commands_are_not() -> None:
    script = (
        "import sys; from runtime.terse import be_terse; be_terse(); "
        "import bot.submit, sqlalchemy; "
        "print(bot.submit.__doc__, bot.submit.hand_in.__doc__, sqlalchemy.Table.__doc__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["None", "None", "None"]
    help_ = [sys.executable, "app.py", "serve", "--help"]
    told = subprocess.run(help_, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Serve Slack until stopped." in told.stdout


def test_code_without_docstrings_stays_as_it_was_compiled() -> None:
    code = compile("def plain(word):\n    return [word for _ in word]", "plain.py", "exec")
    assert without_docstrings(code) is code


def test_a_class_from_which_another_was_made_is_let_go_of() -> None:
    class Kept:
        word: str

    first = weakref.ref(Kept)
    module = ModuleType("kept")
    module.__dict__["Kept"] = dataclass(frozen=True, slots=True)(Kept)
    del Kept
    gc.collect()
    assert first() is not None, "Python lets go of it by itself: so need not we"
    let_go_of_first_tries(module)
    gc.collect()
    assert first() is None
    kept = module.Kept("kept")
    for name in ("word", "other"):
        with pytest.raises(FrozenInstanceError):
            setattr(kept, name, "")
        with pytest.raises(FrozenInstanceError):
            delattr(kept, name)
    assert kept.word == "kept"
