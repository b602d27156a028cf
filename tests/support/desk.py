"""The whole desk against the sandbox, in process: real Bolt, real SQLite, a frozen clock."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from pydantic import SecretStr

from bot.configure import configure
from bot.delivery import Checkpoint, Pace
from bot.desk import Department, Desk, Role, Rule, Subscription, default_desk
from runtime.compose import SocialDesk, Surroundings
from runtime.manifest import manifest_of
from runtime.settings import Settings
from runtime.slack import CountedClient, identify
from runtime.spans import Spans
from sandbox.clock import FrozenClock
from sandbox.model import Message, View
from sandbox.people import Person
from sandbox.session import local_session
from sandbox.state import Identity
from sandbox.transports.in_process import InProcess
from sandbox.workspace import Workspace

START = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
"""A Thursday morning, 10:00 in Berlin."""

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
"""A key for scenes in which something is sealed."""


@dataclass(slots=True, kw_only=True)
class Scene:
    """A workspace with people, and the desk at work in it.

    Sam is in sales, Cora holds the content role, Adam and Ava hold the advocacy role, Lena the lead
    desk, Olga owns the workspace and Xena leads the company.
    """

    ws: Workspace
    clock: FrozenClock
    desk: SocialDesk
    sam: Person
    cora: Person
    adam: Person
    ava: Person
    lena: Person
    olga: Person
    xena: Person
    content: str
    advocacy: str
    leads: str
    general: str
    leadership: str

    async def settle(self) -> None:
        """Let everything that happens at once happen: deliveries, and those a second later."""
        for _ in range(20):
            await self.desk.rest()
            await self.ws.settled()
            before = self.clock.now()
            await self.clock.advance(timedelta(seconds=2))
            await self.desk.rest()
            if self.desk.dispatcher.alarms_before(before + timedelta(seconds=5)) == 0:
                return
        raise AssertionError("the desk does not come to rest")

    async def jump(self, to: datetime) -> None:
        """Move the clock; what is due on the way happens at its time."""
        await self.clock.jump_to(to)
        await self.settle()

    async def wait(self, **time: float) -> None:
        """Let time pass, as keywords of timedelta; what is due on the way happens at its time."""
        await self.desk.rest()
        await self.jump(self.clock.now() + timedelta(**time))

    def only_card(self, channel: str) -> Message:
        """The one card of a channel; more or fewer fail."""
        (card,) = self.cards(channel)
        return card

    def cards(self, channel: str) -> list[Message]:
        """Every message of the desk in a channel that is no reply."""
        found = self.ws.messages.get(channel, {}).values()
        return [m for m in found if m.bot_id and not m.is_reply and m.ephemeral_to is None]

    def story(self, card: Message) -> list[str]:
        """The texts in the thread of a card."""
        found = self.ws.messages[card.channel].values()
        return [m.text for m in found if m.thread_ts == card.ts and m.ts != card.ts]

    def dm(self, person: Person) -> list[Message]:
        """What the desk wrote to a person, oldest first."""
        ims = [c.id for c in self.ws.channels.values() if c.is_im and c.user == person.user.id]
        return [m for im in ims for m in self.ws.messages.get(im, {}).values() if m.bot_id]

    async def apply(self, desk: Desk) -> None:
        """Set the desk up, as `python app.py apply` does."""
        await self.desk.database.transact(
            self.desk.identity.workspace_id, configure, desk, self.clock.now()
        )
        await self.desk.load_desk()
        await self.desk.ticks.fire_digests()

    def modal(self, person: Person) -> View:
        """The modal that a person has open on top."""
        assert person.view is not None, f"{person.user.name} has no modal open"
        return person.view

    async def tried(self, person: Person, card: Message, action: str) -> list[str]:
        """Click, and return what only that person is told."""
        seen = len(person.ephemerals)
        await person.click(card, action)
        await self.settle()
        return [m.text for m in person.ephemerals[seen:]]


def settings(database_url: str, **more: Any) -> Settings:
    """Settings without a look at the environment."""
    return Settings.model_validate(
        {
            "slack_bot_token": SecretStr("xoxb-test"),
            "slack_signing_secret": SecretStr(Identity().signing_secret),
            "database_url": database_url,
            **more,
        }
    )


async def compose(
    ws: Workspace,
    clock: FrozenClock,
    database_url: str,
    *,
    pace: Pace | None = None,
    checkpoint: Checkpoint = lambda _: None,
    owner: str = "test",
    keys: tuple[str, ...] = (),
    spans: Spans | None = None,
) -> SocialDesk:
    """A desk in process, started; `keys` are its ENCRYPTION_KEYS."""
    client = CountedClient(
        token=ws.identity.bot_token,
        base_url=f"{ws.base_url}/api/",
        session=local_session(ws),
        retry_handlers=[],
        timeout=10,
    )
    client.spans = spans
    references = count(1)
    desk = SocialDesk(
        settings=settings(database_url, encryption_keys=",".join(keys)),
        surroundings=Surroundings(
            clock=clock,
            owner=owner,
            jitter=lambda: 0.0,
            new_reference=lambda: f"REF{next(references)}",
            pace=pace or Pace(),
            checkpoint=checkpoint,
            follows_clock=True,
            spans=spans,
        ),
        client=client,
        identity=await identify(client),
    )
    await desk.start()
    return desk


def set_up(scene_ids: dict[str, str]) -> Desk:
    """The desk of the scene."""
    ids = scene_ids
    roles = dict(default_desk().roles)
    roles |= {
        "content_lead": Role(
            role_id="content_lead",
            label="Content lead",
            channel_id=ids["content"],
            holders=(ids["cora"],),
            fallback="social_lead",
        ),
        "advocacy_lead": Role(
            role_id="advocacy_lead",
            label="Advocacy lead",
            channel_id=ids["advocacy"],
            holders=(ids["adam"], ids["ava"]),
            fallback="social_lead",
        ),
        "lead_desk": Role(
            role_id="lead_desk",
            label="Lead desk",
            channel_id=ids["leads"],
            holders=(ids["lena"],),
            fallback="social_lead",
        ),
        "video_lead": Role(role_id="video_lead", label="Video lead", holders=(ids["ava"],)),
    }
    return Desk(
        version=0,
        fallback_role="social_lead",
        roles=roles,
        rules=(Rule(role_id="video_lead", kinds=("idea",), content_types=("video",)),),
        departments=(Department(name="Sales", members=(ids["sam"],)),),
        subscriptions=(
            Subscription(
                subscription_id="leadership",
                channel_id=ids["leadership"],
                weekday=0,
                time="09:00",
                tz="Europe/Berlin",
            ),
        ),
        admins=(ids["olga"],),
    )


@contextlib.asynccontextmanager
async def scene(
    database_url: str,
    *,
    start: datetime = START,
    is_set_up: bool = True,
    values_on_close: bool = True,
    without_scopes: frozenset[str] = frozenset(),
    **options: Any,
) -> AsyncIterator[Scene]:
    """A workspace and a desk. At the end nothing may be left that real Slack would refuse."""
    clock = FrozenClock(start)
    ws = Workspace.build(
        manifest_of(settings(database_url)),
        clock,
        page_size=2,
        values_on_close=values_on_close,
        without_scopes=without_scopes,
    )
    people = {
        name: ws.person(ws.add_user(name, full, tz="Europe/Berlin", **rights).id)
        for name, full, rights in (
            ("olga", "Olga Owner", {"is_admin": True, "is_owner": True, "is_primary_owner": True}),
            ("sam", "Sam Sales", {}),
            ("cora", "Cora Content", {}),
            ("adam", "Adam Advocacy", {}),
            ("ava", "Ava Advocacy", {}),
            ("lena", "Lena Leads", {}),
            ("xena", "Xena Executive", {}),
        )
    }
    ids = {name: person.user.id for name, person in people.items()}
    bot = ws.identity.bot_user
    places = {
        "general": ws.add_channel("general", *ids.values(), bot).id,
        "content": ws.add_channel("content-desk", ids["cora"], ids["olga"], bot).id,
        "advocacy": ws.add_channel("advocacy", ids["adam"], ids["ava"], ids["olga"], bot).id,
        "leads": ws.add_channel("leads", ids["lena"], ids["olga"], bot, is_private=True).id,
        "leadership": ws.add_channel("leadership", ids["xena"], ids["olga"], bot).id,
    }
    desk = await compose(ws, clock, database_url, **options)
    ws.connect(InProcess(ws, desk.app))
    built = Scene(
        ws=ws,
        clock=clock,
        desk=desk,
        sam=people["sam"],
        cora=people["cora"],
        adam=people["adam"],
        ava=people["ava"],
        lena=people["lena"],
        olga=people["olga"],
        xena=people["xena"],
        **places,
    )
    try:
        if is_set_up:
            await built.apply(set_up(ids | places))
        yield built
        await built.settle()
    finally:
        await built.desk.close()
    assert ws.problems == []
