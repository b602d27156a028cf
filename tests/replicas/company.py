"""A busy company in a local workspace, and a Slack in front of it that is not always well."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from typing_extensions import override

from bot.configure import configure
from bot.desk import Desk, Role, Rule, default_desk
from runtime.manifest import manifest_of
from sandbox.clock import ShiftedClock
from sandbox.delivery import Ack, Delivery
from sandbox.faults import Fault, Faults
from sandbox.people import Person
from sandbox.server import Server
from sandbox.transports.http import HttpDelivery
from sandbox.workspace import Workspace
from storage.database import Database
from tests.support.desk import settings

TROUBLES: tuple[tuple[str, str, float, dict[str, object]], ...] = (
    ("chat.postMessage", "lost", 0.03, {}),
    ("chat.postMessage", "error", 0.01, {"code": "internal_error", "applied": True}),
    ("chat.postMessage", "error", 0.01, {"code": "internal_error"}),
    ("chat.postMessage", "500", 0.02, {}),
    ("chat.postMessage", "429", 0.02, {"retry_after": 1}),
    ("chat.postMessage", "refused", 0.01, {}),
    ("chat.postMessage", "html", 0.01, {}),
    ("chat.postMessage", "slow", 0.01, {"seconds": 0.4}),
    ("chat.update", "lost", 0.02, {}),
    ("chat.update", "500", 0.02, {}),
    ("conversations.history", "500", 0.03, {}),
    ("conversations.replies", "lost", 0.03, {}),
    ("views.open", "500", 0.01, {}),
    ("interactive", "ack_lost", 0.02, {}),
    ("interactive", "twice", 0.02, {}),
)
"""What goes wrong, how, in what share of its occasions, with what options."""

LIMITED = 8
"""How often Slack says that it was called too often. Each time the desk slows down by half, and
takes minutes to grow faster again (`bot.gates`): by chance alone that would take for ever.
"""


class ChanceFaults(Faults):
    """Things go wrong by chance, as long as it `may_strike`; counted by what they were."""

    def __init__(self, chance: Random) -> None:
        super().__init__()
        self._chance = chance
        self.may_strike = False
        self.struck: Counter[str] = Counter()

    @override
    def take(self, *whats: str) -> Fault | None:
        if not self.may_strike:
            return None
        drawn = self._chance.random()
        for what, kind, share, options in TROUBLES:
            if what not in whats:
                continue
            drawn -= share
            if drawn < 0:
                if kind == "429" and self.struck[f"{what} {kind}"] >= LIMITED:
                    return None
                self.struck[f"{what} {kind}"] += 1
                return Fault(what, kind, 1, options)
        return None


class InTurn:
    """Slack's requests, signed, to one web process after the other."""

    def __init__(self, ws: Workspace, ports: list[int]) -> None:
        self._ways = [HttpDelivery(ws, f"http://127.0.0.1:{port}/slack/events") for port in ports]
        self._next = 0

    async def deliver(self, delivery: Delivery) -> Ack:
        """See `sandbox.delivery.Transport`."""
        self._next += 1
        return await self._ways[self._next % len(self._ways)].deliver(delivery)

    async def close(self) -> None:
        for way in self._ways:
            await way.close()


@dataclass(slots=True, kw_only=True)
class Company:
    """A workspace on a port: colleagues who hand in, and desks with a channel and an owner each."""

    ws: Workspace
    server: Server
    clock: ShiftedClock
    faults: ChanceFaults
    colleagues: list[Person]
    owner: Person
    doors: list[str]
    """In the i-th of these channels is handed in what goes to the i-th desk."""
    desks: list[str]

    async def close(self) -> None:
        await self.server.stop()
        self.clock.close()


async def found(database_url: str, chance: Random, *, people: int, desks: int) -> Company:
    """Bring a company to life and set its desk up; nothing of the desk runs yet."""
    clock = ShiftedClock()
    ws = Workspace.build(manifest_of(settings(database_url)), clock, lenient=True)
    faults = ChanceFaults(chance)
    ws.faults = faults
    bot = ws.identity.bot_user
    ids = [ws.add_user(f"colleague{number}", f"Colleague {number}").id for number in range(people)]
    owner = ws.add_user("owner", "Olga Owner", is_admin=True, is_owner=True).id
    everybody = (*ids, owner, bot)
    doors = [ws.add_channel(f"door-{number}", *everybody).id for number in range(desks)]
    cards = [ws.add_channel(f"desk-{number}", owner, bot).id for number in range(desks)]
    await _set_up(database_url, ws.identity.team_id, _desk(owner, doors, cards))
    server = Server(ws)
    await server.start()
    return Company(
        ws=ws,
        server=server,
        clock=clock,
        faults=faults,
        colleagues=[ws.person(user_id) for user_id in ids],
        owner=ws.person(owner),
        doors=doors,
        desks=cards,
    )


def _desk(owner: str, doors: list[str], cards: list[str]) -> Desk:
    desk = default_desk()
    roles = {
        f"desk_{number}": Role(
            role_id=f"desk_{number}",
            label=f"Desk {number}",
            channel_id=channel,
            holders=(owner,),
            fallback=desk.fallback_role,
        )
        for number, channel in enumerate(cards)
    }
    rules = tuple(
        Rule(role_id=f"desk_{number}", channels=(door,)) for number, door in enumerate(doors)
    )
    return replace(desk, roles={**desk.roles, **roles}, rules=rules, admins=(owner,))


async def _set_up(database_url: str, workspace_id: str, desk: Desk) -> None:
    database = Database(database_url)
    await database.transact(workspace_id, configure, desk, datetime(2026, 1, 1, tzinfo=UTC))
    await database.close()
