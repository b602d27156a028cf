"""The desk's workplaces: who it is in each workspace, and the client with the token of that one.

A request's workplace is looked up once, when Bolt asks whether to let it in; from then on it is in
memory, so listeners ask for it without waiting.
"""

from copy import copy
from dataclasses import dataclass
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient
from typing_extensions import override

from bot.errors import SlackError
from handlers.slack_directory import SlackDirectory


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the bot is in its workspace, as `auth.test` or the installation said.

    `url` is the workspace's address, with a slash at its end, `name` what it is called.
    `enterprise_id` is the organisation of a workspace on Enterprise Grid.
    """

    workspace_id: str
    bot_id: str
    bot_user_id: str
    url: str
    enterprise_id: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """The desk in one workspace. `client` repeats nothing by itself. Listeners use it for views and
    words that only one person sees; what must arrive goes through the outbox.
    """

    identity: Identity
    client: AsyncWebClient
    directory: SlackDirectory

    def __post_init__(self) -> None:
        if self.client.retry_handlers:
            raise ValueError("the posting client must not repeat calls: retry_handlers=[]")

    @property
    def workspace_id(self) -> str:
        """The workspace that this is the workplace in."""
        return self.identity.workspace_id


class Workplaces(Protocol):
    """Every workspace that the app is installed to."""

    def known(self, workspace_id: str) -> Workplace | None:
        """The workplace, from memory alone."""
        ...

    async def find(self, workspace_id: str, enterprise_id: str | None = None) -> Workplace | None:
        """The workplace, looked up where it is not in memory; None where the app is not installed.

        `enterprise_id` is the organisation that a request says it comes from. Raises the storage's
        errors.
        """
        ...

    def look_again(self, workspace_id: str) -> None:
        """What is in memory of this workspace may be out of date: it was installed or taken out,
        or Slack does not take its token.
        """
        ...

    async def rest(self) -> None:
        """Wait until nothing is being looked up."""
        ...


class OneWorkspace(Workplaces):
    """One token, one workspace."""

    def __init__(self, identity: Identity, client: AsyncWebClient) -> None:
        self._workplace = Workplace(
            identity=identity,
            client=client,
            directory=SlackDirectory(client, identity.workspace_id),
        )

    @override
    def known(self, workspace_id: str) -> Workplace | None:
        return self._workplace if workspace_id == self._workplace.workspace_id else None

    @override
    async def find(self, workspace_id: str, enterprise_id: str | None = None) -> Workplace | None:
        return self.known(workspace_id)

    @override
    def look_again(self, workspace_id: str) -> None:
        """There is no other token."""

    @override
    async def rest(self) -> None:
        """Nothing ever is."""


def client_with(base: AsyncWebClient, token: str, team_id: str | None = None) -> AsyncWebClient:
    """The same client with another token; with `team_id` every call names that workspace. Whoever
    counts the calls of `base` counts those of the copy, too.
    """
    client = copy(base)
    client.token = token
    client.default_params = {} if team_id is None else {"team_id": team_id}
    return client


def at_work(workplaces: Workplaces, workspace_id: str) -> Workplace:
    """The workplace of a request that was let in.

    Raises SlackError when it left memory since, as after the app was removed.
    """
    found = workplaces.known(workspace_id)
    if found is None:
        raise SlackError("Slack does not let Social Desk into this workspace any more.")
    return found
