"""Several workspaces in one Slack, and the desk that they install, in process."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.fernet import Fernet
from pydantic import SecretStr
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.installation import Installation
from bot.installing import installed
from handlers.oauth import INSTALL_PATH, REDIRECT_PATH, InstallFlow
from runtime.compose import SocialDesk, Surroundings
from runtime.manifest import manifest_of
from runtime.settings import Settings
from sandbox.clock import FrozenClock
from sandbox.people import Person
from sandbox.realm import Realm
from sandbox.session import local_session
from sandbox.state import Identity
from sandbox.transports.in_process import InProcess
from sandbox.workspace import Workspace
from tests.support.desk import START, settings

KEY = Fernet.generate_key().decode()
BACK = "https://desk.test/slack/oauth_redirect"


def many_settings(database_url: str, **more: Any) -> Settings:
    """Settings of a desk that workspaces install by themselves."""
    return settings(
        database_url,
        **{
            "slack_bot_token": SecretStr(""),
            "slack_client_id": "1.1",
            "slack_client_secret": SecretStr("sandbox-client-secret"),
            "slack_redirect_uri": BACK,
            "encryption_keys": (SecretStr(KEY),),
            **more,
        },
    )


@dataclass(slots=True, kw_only=True)
class Place:
    """A workspace with its owner and somebody of sales, and one channel. All ids are the same in
    every workspace, but for its own.
    """

    ws: Workspace
    olga: Person
    sam: Person
    general: str

    @property
    def team_id(self) -> str:
        return self.ws.identity.team_id

    def told(self, person: Person) -> list[str]:
        """What the desk wrote to somebody, oldest first."""
        ims = [c.id for c in self.ws.channels.values() if c.is_im and c.user == person.user.id]
        return [m.text for im in ims for m in self.ws.messages.get(im, {}).values() if m.bot_id]


@dataclass(slots=True, kw_only=True)
class Town:
    """Two workspaces, north and south, and a process of the desk."""

    realm: Realm
    clock: FrozenClock
    desk: SocialDesk
    flow: InstallFlow
    north: Place
    south: Place

    @property
    def places(self) -> tuple[Place, Place]:
        return self.north, self.south

    async def settle(self) -> None:
        """Let everything that happens at once happen."""
        for _ in range(20):
            await self.desk.rest()
            for place in self.places:
                await place.ws.settled()
            before = self.clock.now()
            await self.clock.advance(timedelta(seconds=2))
            await self.desk.rest()
            if self.desk.dispatcher.alarms_before(before + timedelta(seconds=5)) == 0:
                return
        raise AssertionError("the desk does not come to rest")

    async def begin(self) -> tuple[str, str]:
        """Somebody's browser at the first page: where it is sent to, and its cookie."""
        answer = await self.flow.answer(INSTALL_PATH, {}, {})
        assert answer.status == 302
        (cookie,) = answer.headers["set-cookie"]
        (address,) = answer.headers["location"]
        return address, cookie.partition(";")[0]

    async def finish(self, back: str, cookie: str) -> BoltResponse:
        """The browser comes back from Slack."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
        return await self.flow.answer(REDIRECT_PATH, query, {"Cookie": cookie})

    async def install(self, place: Place | None) -> BoltResponse:
        """Its owner installs the app; None: to the whole organisation."""
        address, cookie = await self.begin()
        ws = None if place is None else place.ws
        owner = (place or self.north).olga.user.id
        answer = await self.finish(self.realm.allow(address, ws, owner), cookie)
        await self.settle()
        return answer

    async def installation(self, workspace_id: str) -> Installation | None:
        return await self.desk.database.read(workspace_id, installed, None, self.clock.now())


def build(realm: Realm, given: Settings, team_id: str, name: str) -> Place:
    """A workspace of the realm."""
    ws = Workspace.build(
        manifest_of(given, request_url="https://desk.example.com/slack/events", is_for_many=True),
        realm.clock,
        identity=Identity(team_id=team_id, team_name=name, domain=name.lower()),
        values_on_close=True,
    )
    realm.add(ws)
    owner = {"is_admin": True, "is_owner": True, "is_primary_owner": True}
    olga = ws.person(ws.add_user("olga", f"Olga {name}", tz="Europe/Berlin", **owner).id)
    sam = ws.person(ws.add_user("sam", f"Sam {name}", tz="Europe/Berlin").id)
    general = ws.add_channel("general", olga.user.id, sam.user.id, ws.identity.bot_user).id
    return Place(ws=ws, olga=olga, sam=sam, general=general)


def process(realm: Realm, given: Settings, owner: str = "test") -> SocialDesk:
    """A process of the desk, not yet started."""
    references = count(1)
    client = AsyncWebClient(
        token=None,
        base_url="http://sandbox.invalid/api/",
        session=local_session(realm),
        retry_handlers=[],
        timeout=10,
    )
    return SocialDesk(
        settings=given,
        surroundings=Surroundings(
            clock=realm.clock,
            owner=owner,
            jitter=lambda: 0.0,
            new_reference=lambda: f"REF{next(references)}",
            follows_clock=True,
        ),
        client=client,
        identity=None,
    )


@contextlib.asynccontextmanager
async def town(database_url: str, **options: Any) -> AsyncIterator[Town]:
    """Two workspaces without the app. `options` are the realm's."""
    clock = FrozenClock(START)
    given = many_settings(database_url)
    realm = Realm(clock, redirect_urls=(BACK,), **options)
    places = [build(realm, given, "T0NORTH", "North"), build(realm, given, "T0SOUTH", "South")]
    desk = process(realm, given)
    await desk.start()
    for place in places:
        place.ws.connect(InProcess(place.ws, desk.app))
    try:
        yield Town(
            realm=realm,
            clock=clock,
            desk=desk,
            flow=desk.install_flow(given),
            north=places[0],
            south=places[1],
        )
    finally:
        await desk.close()
    problems = [str(one) for place in places for one in place.ws.problems]
    assert problems == [], problems
