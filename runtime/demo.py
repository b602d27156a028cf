"""The demo: the desk at work in a local workspace, in one process, with a past to look back on."""

import asyncio
import contextlib
import random
import secrets
import signal
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import typer
from aiohttp import web
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from bot.configure import configure
from bot.desk import Department, Desk, Subscription, default_desk
from bot.ports import Storage
from bot.working_time import WorkingHours
from handlers.workplaces import at_work
from runtime import demo_company as company
from runtime import demo_story as story
from runtime.compose import SocialDesk, Surroundings
from runtime.demo_past import relive
from runtime.logs import set_up_logs
from runtime.manifest import manifest_of
from runtime.settings import Settings
from runtime.slack import identify
from sandbox.clock import ShiftedClock, wall_time
from sandbox.page.screen import GuideStep
from sandbox.page.server import add_page
from sandbox.people import Person
from sandbox.server import Server
from sandbox.session import local_session
from sandbox.state import Identity
from sandbox.transports.in_process import InProcess
from sandbox.workspace import Workspace
from storage.migrate import upgrade

START = timedelta(days=85)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A workspace with a desk in it. `people` and `channels` are by the story's names."""

    ws: Workspace
    clock: ShiftedClock
    desk: SocialDesk
    people: dict[str, Person]
    channels: dict[str, str]

    @property
    def storage(self) -> Storage:
        """What the desk remembers."""
        return self.desk.database

    @property
    def workspace_id(self) -> str:
        """The only one."""
        return self.desk.identity.workspace_id

    async def settle(self) -> None:
        """Let everything happen that happens at once."""
        await self.desk.rest()
        await self.ws.settled()
        await self.desk.rest()


@contextlib.asynccontextmanager
async def demo_desk(database: Path) -> AsyncIterator[Demo]:
    """The demo's workspace and desk, with their past, at the present."""
    settings = _settings(database)
    clock = ShiftedClock(-START)
    ws = Workspace.build(
        manifest_of(settings),
        clock,
        identity=Identity(team_name=company.TEAM, domain="northwind"),
        lenient=True,
    )
    people = {colleague.key: _hire(ws, colleague) for colleague in company.COLLEAGUES}
    channels = {
        name: ws.add_channel(
            name,
            *(people[key].user.id for key in members),
            ws.identity.bot_user,
            is_private=name in company.PRIVATE,
        ).id
        for name, members in company.CHANNELS.items()
    }
    await asyncio.to_thread(upgrade, settings.database_url)
    desk = await _compose(ws, clock, settings)
    ws.connect(InProcess(ws, desk.app))
    demo = Demo(ws=ws, clock=clock, desk=desk, people=people, channels=channels)
    try:
        await desk.start()
        await desk.database.transact(
            desk.identity.workspace_id, configure, set_up(demo), clock.now()
        )
        await desk.load_desk()
        await desk.ticks.fire_digests()
        await fill(demo)
        yield demo
    finally:
        await desk.close()
        clock.close()


def _settings(database: Path) -> Settings:
    from cryptography.fernet import Fernet

    return Settings.model_validate(
        {
            "database_url": f"sqlite:///{database}",
            "slack_bot_token": SecretStr("xoxb-sandbox"),
            "encryption_keys": (SecretStr(Fernet.generate_key().decode()),),
            "public_url": "https://desk.northwind.example",
        }
    )


async def _compose(ws: Workspace, clock: ShiftedClock, settings: Settings) -> SocialDesk:
    client = AsyncWebClient(
        token=ws.identity.bot_token,
        base_url=f"{ws.base_url}/api/",
        session=local_session(ws),
        retry_handlers=[],
    )
    surroundings = Surroundings(
        clock=clock,
        owner="demo",
        jitter=random.random,
        new_reference=lambda: secrets.token_hex(4).upper(),
        follows_clock=True,
    )
    return SocialDesk(
        settings=settings,
        surroundings=surroundings,
        client=client,
        identity=await identify(client),
    )


def _hire(ws: Workspace, colleague: company.Colleague) -> Person:
    user = ws.add_user(
        colleague.key,
        colleague.name,
        tz=colleague.tz,
        title=colleague.title,
        is_admin=colleague.is_owner,
        is_owner=colleague.is_owner,
        is_primary_owner=colleague.is_owner,
    )
    return ws.person(user.id)


def set_up(demo: Demo) -> Desk:
    """Who owns what in the demo's company."""

    def ids(keys: Sequence[str]) -> tuple[str, ...]:
        return tuple(demo.people[key].user.id for key in keys)

    roles = {
        role_id: replace(
            standard,
            holders=ids(holders),
            backups=ids(backups),
            channel_id=demo.channels[channel] if channel else None,
        )
        for role_id, standard in default_desk().roles.items()
        for holders, backups, channel in [company.ROLES[role_id]]
    }
    return replace(
        default_desk(),
        roles=roles,
        departments=tuple(
            Department(name=name, members=ids(members))
            for name, members in company.DEPARTMENTS.items()
        ),
        subscriptions=(
            Subscription(
                subscription_id="leadership",
                channel_id=demo.channels["leadership"],
                weekday=0,
                time="09:00",
                tz="Europe/Berlin",
            ),
        ),
        admins=ids(("elena",)),
        leaders=ids(company.LEADERS),
        hours=WorkingHours(tz="Europe/Berlin"),
    )


async def fill(demo: Demo) -> None:
    """The twelve weeks before today, and what people wrote this morning."""
    await relive(demo, wall_time())
    await demo.clock.jump_to(max(wall_time(), demo.clock.now()))
    for who, channel, text in story.CHATTER:
        await demo.people[who].say(demo.channels[channel], text)
    await demo.settle()
    for person in demo.people.values():
        person.ephemerals.clear()


def demo_server(demo: Demo) -> Server:
    """The demo's workspace on a port, with its page and what to try there."""
    guide = [GuideStep(title, text) for title, text in story.GUIDE.items()]

    def mount(app: web.Application) -> None:
        add_page(app, demo.ws, guide=guide)

    return Server(demo.ws, mount)


async def _started(demo: Demo, port: int) -> tuple[Server, str]:
    """The demo's server on `port`, or on a free one when that is taken; and its address."""
    server = demo_server(demo)
    try:
        url = await server.start(port=port)
    except OSError:
        typer.echo(f"Port {port} is taken; another one will do.")
        await server.stop()
        server = demo_server(demo)
        url = await server.start(port=0)
    # Files have the server's address from now on, and are fetched from where Slack is alone.
    client = at_work(demo.desk.workplaces, demo.workspace_id).client
    client.base_url = f"{url}/api/"
    return server, url


async def run_demo(*, port: int) -> None:
    """Start the demo, say where it is, and run until it is stopped."""
    set_up_logs("WARNING", "console")
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    with tempfile.TemporaryDirectory(prefix="social-desk-") as folder:
        typer.echo("Social Desk demo: filling the workspace …")
        async with demo_desk(Path(folder) / "demo.db") as demo:
            scheduler = demo.desk.ticks.start()
            server, url = await _started(demo, port)
            sam = demo.people["sam"].user.id
            typer.echo(f"Open {url}/?as={sam}&in={demo.channels['sales']}   (Ctrl+C ends it)")
            try:
                await stopping.wait()
            finally:
                scheduler.shutdown(wait=False)
                await server.stop()
