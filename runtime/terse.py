"""Modules without what a process that only serves has no use for: five megabytes less.

Their docstrings are what `python -OO` would leave out, without leaving out assertions, and without
compiled files of its own: the loader takes them out of the code that any process loads. And classes
that were made only to be made anew.
"""

import sys
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
)
from inspect import CO_OPTIMIZED
from opcode import opmap
from operator import is_
from types import CodeType, FunctionType, ModuleType

from typing_extensions import override

from runtime.stand_ins import stands_in

LOAD = opmap["LOAD_CONST"]


class TerseLoader(SourceFileLoader):
    """Loads a module without its docstrings, or has something stand in for it."""

    @override
    def exec_module(self, module: ModuleType) -> None:
        if not stands_in(module):
            super().exec_module(module)
            let_go_of_first_tries(module)

    @override
    def get_code(self, fullname: str) -> CodeType | None:
        code = super().get_code(fullname)
        return None if code is None else without_docstrings(code)


def be_terse() -> None:
    """Load modules without docstrings from now on; for this process alone."""
    loaders = (ExtensionFileLoader, EXTENSION_SUFFIXES), (TerseLoader, SOURCE_SUFFIXES)
    sys.path_hooks.insert(0, FileFinder.path_hook(*loaders))
    sys.path_importer_cache.clear()


def without_docstrings(code: CodeType) -> CodeType:
    """The same code, and all code within, without docstrings.

    Where CPython 3.11 keeps them (Python/compile.c, compiler_body and compiler_function): a
    function's is its first constant, which is None where it has none; a module's is the first, too,
    and a class's the second, behind its name. What the code itself uses as well is kept.
    """
    held = [without_docstrings(one) if isinstance(one, CodeType) else one for one in code.co_consts]
    place = _place_of_docstring(code)
    if place < len(held) and isinstance(held[place], str):
        is_function = bool(code.co_flags & CO_OPTIMIZED)
        if code.co_code.count(bytes((LOAD, place))) == (0 if is_function else 1):
            held[place] = None
    if all(map(is_, held, code.co_consts)):
        return code
    return code.replace(co_consts=tuple(held))


def let_go_of_first_tries(module: ModuleType) -> None:
    """Have nothing hold the classes from which `dataclass(slots=True)` made those of the module.

    Slots take a second class (Lib/dataclasses.py, _add_slots). In Python 3.11 the methods by which
    a frozen one refuses changes go on asking for the first, which is why it stays, three kilobytes
    each, and why setting what is no field raises TypeError instead of FrozenInstanceError.
    """
    for one in tuple(vars(module).values()):
        if isinstance(one, type) and "__dataclass_params__" in vars(one):
            for name in ("__setattr__", "__delattr__"):
                method = vars(one).get(name)
                if isinstance(method, FunctionType):
                    _mean(one, method)


def _mean(made: type, method: FunctionType) -> None:
    for cell in method.__closure__ or ():
        first = cell.cell_contents
        if isinstance(first, type) and first.__qualname__ == made.__qualname__:
            cell.cell_contents = made


def _place_of_docstring(code: CodeType) -> int:
    """Where among the constants it would be; behind all of them where there is none."""
    if code.co_flags & CO_OPTIMIZED:
        return len(code.co_consts) if code.co_name.startswith("<") else 0
    if "__doc__" not in code.co_names:
        return len(code.co_consts)
    return 0 if code.co_name == "<module>" else 1
