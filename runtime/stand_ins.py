"""Modules that libraries load for what this process never does: three megabytes less.

A library loads all it has, however little is asked of it: Bolt its app for threads, Slack's SDK the
client for them, the settings a command line. When a process that serves imports one of the modules
below, nothing of it is loaded, and the names that others take from it are stand-ins. Who uses one,
by a call, as a base class, for anything of it, loads the module and has the real thing: nothing is
missing, and what is never used takes no memory.
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from threading import Lock
from types import ModuleType

STAND_INS: Mapping[str, tuple[str, ...]] = {
    # What it has stand in for is said where it is more than the module itself.
    "aiohttp.web_fileresponse": ("FileResponse",),  # all types of files that the machine knows
    "apscheduler.executors.pool": ("ThreadPoolExecutor",),  # processes for jobs
    "argparse": ("ArgumentParser", "Namespace"),
    "html.entities": ("html5",),
    "pydantic_settings.sources.providers.cli": (
        "CLI_SUPPRESS",
        "CliDualFlag",
        "CliExplicitFlag",
        "CliImplicitFlag",
        "CliMutuallyExclusiveGroup",
        "CliPositionalArg",
        "CliSettingsSource",
        "CliSubCommand",
        "CliSuppress",
        "CliToggleFlag",
        "CliUnknownArgs",
        "CliVariadicArg",
    ),
    "slack_bolt.app.app": ("App",),  # a server for it
    "slack_sdk.web.client": ("WebClient",),
    "sqlalchemy.dialects.sqlite.aiosqlite": (),  # connectors for asyncio
    "tzlocal": ("get_localzone",),  # the zones of Windows
    "urllib.request": (
        "HTTPSHandler",
        "OpenerDirector",
        "ProxyHandler",
        "Request",
        "getproxies",
        "proxy_bypass",
        "urlopen",
    ),
}
"""Per module the functions, classes and tables that others take from it when they are imported
themselves. Any other name that is asked of it loads it.
"""

_waiting = set(STAND_INS)
_turn = Lock()


class StandIn:
    """Stands for something of a module that was not needed so far."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def __call__(self, *positional: object, **named: object) -> object:
        return self._real()(*positional, **named)  # type: ignore[operator]  # as good as the real one

    def __getattr__(self, name: str) -> object:
        if _is_for_python(name):
            raise AttributeError(name)
        return getattr(self._real(), name)

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[object, ...]:
        """Who makes a class of it makes one of the real class (PEP 560)."""
        return (self._real(),)

    def __instancecheck__(self, one: object) -> bool:
        """Of a class that was never loaded there is no instance."""
        return self._module not in _waiting and isinstance(one, self._real())  # type: ignore[arg-type]

    def __subclasscheck__(self, one: type) -> bool:
        return self._module not in _waiting and issubclass(one, self._real())  # type: ignore[arg-type]

    def __contains__(self, one: object) -> bool:
        return one in self._real()  # type: ignore[operator]

    def __getitem__(self, key: object) -> object:
        return self._real()[key]  # type: ignore[index]

    def _real(self) -> object:
        return getattr(_loaded(self._module), self._name)


def stands_in(module: ModuleType) -> bool:
    """Whether the module may wait; then it answers with stand-ins until something of it is used."""
    name = module.__name__
    if name not in _waiting:
        return False

    def found(asked: str) -> object:
        if name in _waiting and asked in STAND_INS[name]:
            return StandIn(name, asked)
        if _is_for_python(asked):
            raise AttributeError(asked)
        return getattr(_loaded(name), asked)

    module.__getattr__ = found  # type: ignore[method-assign]
    return True


def waiting() -> frozenset[str]:
    """The modules of which nothing was used so far."""
    return frozenset(_waiting)


def _is_for_python(name: str) -> bool:
    """What Python asks of anything, to find out what it is."""
    return name.startswith("__")


def _loaded(name: str) -> ModuleType:
    """The real module, imported as any other as soon as its stand-in is out of the way."""
    with _turn:
        if name in _waiting:
            _waiting.discard(name)
            sys.modules.pop(name, None)
    return import_module(name)
