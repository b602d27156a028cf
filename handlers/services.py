"""What every journey's listeners are given: one bundle, made by the composition root."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.ports import Clock, Storage, UseCase
from handlers.answers import Background
from handlers.requests import Request
from handlers.slack_directory import SlackDirectory
from handlers.workplaces import Workplaces, at_work

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """`workplaces` are the workspaces that the app is installed to. `desk` gives the newest set-up
    of one that this process has seen, without a look into the database. `commands` names the
    command of each kind, `command` the main one. `public_url` is where the desk is reached from
    outside, empty where nobody said. `new_secret` makes a random one for a webhook.
    """

    storage: Storage
    clock: Clock
    workplaces: Workplaces
    background: Background
    whisper: Callable[[Request, str], Coroutine[Any, Any, None]]
    desk: Callable[[str], Desk]
    command: str
    commands: Mapping[str, str]
    public_url: str
    new_secret: Callable[[], str]

    def client(self, request: Request) -> AsyncWebClient:
        """The client of the request's workspace; raises SlackError when the app is not in it."""
        return at_work(self.workplaces, request.workspace_id).client

    def directory(self, request: Request) -> SlackDirectory:
        """People and channels of the request's workspace; raises as above."""
        return at_work(self.workplaces, request.workspace_id).directory

    async def transact(self, request: Request, use_case: UseCase[C, R], command: C) -> R:
        """Run a use case in a writing transaction of the request's workspace."""
        return await self.storage.transact(
            request.workspace_id, use_case, command, self.clock.now()
        )

    async def read(self, request: Request, use_case: UseCase[C, R], command: C) -> R:
        """Run a use case in a reading transaction of the request's workspace."""
        return await self.storage.read(request.workspace_id, use_case, command, self.clock.now())
