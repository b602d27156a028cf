"""The workspace: everything in one object.

ws = Workspace.build(manifest, FrozenClock(start), page_size=2)
ada = ws.person(ws.add_user("ada").id)
ideas = ws.add_channel("ideas", ada.id, ws.identity.bot_user)
app = AsyncApp(
    client=AsyncWebClient(token=ws.identity.bot_token, session=local_session(ws)),
    process_before_response=True,
)
ws.connect(InProcess(ws, app))
await ada.slash("/idea", "ten tips", channel=ideas.id)
assert ws.problems == []
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.admin import Admin
from sandbox.clock import Clock
from sandbox.delivery import PostOffice, Transport
from sandbox.manifest import Manifest
from sandbox.model import User
from sandbox.people import Person
from sandbox.state import Identity


class Workspace(Admin):
    """A Slack workspace with one app, described by the app's own manifest."""

    def __init__(
        self,
        *,
        manifest: Manifest,
        clock: Clock,
        identity: Identity,
        page_size: int = 100,
        lenient: bool = False,
        values_on_close: bool = False,
    ) -> None:
        super().__init__(
            manifest=manifest,
            clock=clock,
            identity=identity,
            page_size=page_size,
            lenient=lenient,
            values_on_close=values_on_close,
        )
        self.bot_token = identity.bot_token
        self.office = PostOffice(self)
        self.emit = self.office.emit
        self._people: dict[str, Person] = {}
        self.users[identity.bot_user] = User(
            id=identity.bot_user,
            name=manifest.bot_name.lower().replace(" ", "_"),
            real_name=manifest.bot_name,
            is_bot=True,
        )

    @classmethod
    def build(
        cls,
        manifest: Mapping[str, Any],
        clock: Clock,
        *,
        identity: Identity | None = None,
        without_scopes: frozenset[str] = frozenset(),
        page_size: int = 100,
        lenient: bool = False,
        values_on_close: bool = False,
    ) -> "Workspace":
        """A workspace with the app and nobody else in it.

        `manifest` is the app's manifest as a dict; `without_scopes` are optional scopes that were
        not granted; `page_size` is the most that a page of any list holds; `lenient` switches
        the rate limits off; for `values_on_close` see `State`. ManifestError for a manifest that
        Slack would not take.
        """
        return cls(
            manifest=Manifest.parse(manifest, without=without_scopes),
            clock=clock,
            identity=identity or Identity(),
            page_size=page_size,
            lenient=lenient,
            values_on_close=values_on_close,
        )

    def person(self, user_id: str) -> Person:
        """The colleague with this id, always the same object. KeyError if there is none."""
        user = self.users[user_id]
        if user.id not in self._people:
            self._people[user.id] = Person(self, self.office, user.id)
        return self._people[user.id]

    def connect(self, transport: Transport | None) -> None:
        """Deliver to the app this way from now on; None: the app is not running."""
        self.office.transport = transport

    async def settled(self) -> None:
        """Wait until all events and retries that are due now have been delivered."""
        await self.office.settled()

    async def until(self, condition: Callable[[], object], seconds: float = 2) -> None:
        """Wait on real time until `condition` holds, for tests over sockets; TimeoutError."""
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110  (any condition, not only the workspace's)
                await asyncio.sleep(0.005)
