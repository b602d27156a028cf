"""Where the demo's past happens."""

from collections.abc import Mapping
from typing import Protocol

from bot.ports import Storage
from sandbox.clock import ShiftedClock
from sandbox.people import Person
from sandbox.workspace import Workspace


class Place(Protocol):
    """Where the past happens: a workspace with a desk in it."""

    @property
    def ws(self) -> Workspace: ...
    @property
    def clock(self) -> ShiftedClock: ...
    @property
    def people(self) -> Mapping[str, Person]: ...
    @property
    def storage(self) -> Storage: ...
    @property
    def workspace_id(self) -> str: ...
    @property
    def channels(self) -> Mapping[str, str]: ...

    async def settle(self) -> None: ...
