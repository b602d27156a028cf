"""Another workspace sends everything that works here, with the same numbers, ids and metadata: it
works on what is its own, and neither sees nor changes anything of ours.
"""

import copy
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from bot.lifecycle import Verb
from runtime.compose import SocialDesk
from runtime.manifest import manifest_of
from sandbox.delivery import Delivery
from sandbox.model import Json
from sandbox.state import Identity
from sandbox.transports.in_process import InProcess
from sandbox.workspace import Workspace
from tests.support.desk import KEY, Scene, compose, scene, settings
from tests.support.door_table import ACTIONS, CLOSED, COMMANDS, SHORTCUTS, TABLE_FORMS
from tests.support.door_verbs import OWN
from tests.support.doors import Doorstep, Prepare, Try

NEXT = "T0NEXT"
WORD, SECRET = "Quetzal", "plumage"


@dataclass(slots=True, kw_only=True)
class Neighbour:
    """A workspace with people and channels of the very same ids, and its desk on our database."""

    here: Doorstep
    ws: Workspace
    desk: SocialDesk

    @property
    def scene(self) -> Scene:
        return self.here.scene

    async def send(self, one: Try, payload: Json) -> str:
        """Send what was made here as their own; all that anybody there is shown then."""
        ours, theirs = self.scene.ws, self.ws
        for name in ("triggers", "hooks", "views", "stacks"):
            getattr(theirs, name).clear()
            getattr(theirs, name).update(copy.deepcopy(getattr(ours, name)))
        moved = json.loads(json.dumps(payload).replace(ours.identity.team_id, NEXT))
        person = theirs.person(one.may.user.id)
        seen = len(person.ephemerals)
        ack = await theirs.office.send(Delivery(kind=one.kind, payload=moved))
        await self.desk.rest()
        shown = [str(ack.body), *(f"{m.text} {m.blocks}" for m in person.ephemerals[seen:])]
        before = {view.id: view.hash for view in ours.views.values()}
        shown += [
            str(view.payload) for view in theirs.views.values() if before.get(view.id) != view.hash
        ]
        shown += [str(m.text) for place in theirs.messages.values() for m in place.values()]
        theirs.problems.clear()
        for view in reversed(ours.stack(one.may.user.id)):
            ours.close(view.id)
        return " ".join(shown)

    def ours(self) -> dict[str, list[Any]]:
        """Every row of our workspace."""
        team = self.scene.ws.identity.team_id
        return {
            name: [row for row in rows if row and row[0] == team]
            for name, rows in self.here.rows().items()
        }


@pytest.fixture
async def at_work(sqlite_url: str) -> AsyncIterator[Scene]:
    async with scene(sqlite_url, keys=(KEY,)) as found:
        yield found


@pytest.fixture
async def n(at_work: Scene, sqlite_url: str) -> AsyncIterator[Neighbour]:
    here = await Doorstep.of(at_work, sqlite_url)
    ws = Workspace.build(
        manifest_of(settings(sqlite_url)),
        at_work.clock,
        identity=Identity(team_id=NEXT, team_name="Next door", domain="next"),
        lenient=True,
    )
    ws.users.update(at_work.ws.users)
    ws.channels.update(at_work.ws.channels)
    desk = await compose(ws, at_work.clock, sqlite_url, owner="next", keys=(KEY,))
    ws.connect(InProcess(ws, desk.app))
    yield Neighbour(here=here, ws=ws, desk=desk)
    await desk.close()


TABLES: Mapping[str, Mapping[Any, Prepare]] = {
    "commands": COMMANDS,
    "shortcuts": SHORTCUTS,
    "actions": ACTIONS,
    "forms": TABLE_FORMS,
    "closed": CLOSED,
    "own": OWN,
}


@pytest.mark.parametrize("surface", TABLES)
async def test_what_works_here_touches_nothing_of_ours_from_next_door(
    n: Neighbour, surface: str
) -> None:
    for name, prepare in TABLES[surface].items():
        one = await prepare(n.here)
        await n.scene.settle()
        payload = one.make(one.may)
        before = n.ours()
        await n.send(one, payload)
        assert n.ours() == before, name
        n.scene.ws.problems.clear()


@pytest.mark.parametrize(
    "words", ["{number}", f"find {WORD}", "mine", "queue", "goals", "digest", "help"]
)
async def test_what_stands_here_is_not_told_next_door(n: Neighbour, words: str) -> None:
    s = n.scene
    steps = (Verb.ASK, s.cora, {"text": f"{WORD} {SECRET}?"})
    await s.sam.slash("/social-idea", f"{WORD} {SECRET}", channel=s.general)
    await s.sam.submit()
    await n.here.submission("idea", s.sam, steps)
    await s.settle()
    make = n.here.command("/social", words.format(number=1))
    for person in (s.sam, s.cora, s.olga):
        mine = Try(make=make, may=person, kind="slash_commands")
        assert SECRET not in await n.send(mine, make(person)), person.user.name
    assert SECRET in str(n.ours()["submission"]), "there was something to tell"


async def test_home_next_door_tells_nothing_of_ours(n: Neighbour) -> None:
    s = n.scene
    await s.sam.slash("/social-idea", f"{WORD} {SECRET}", channel=s.general)
    await s.sam.submit()
    await s.settle()
    for person in (s.sam, s.cora, s.olga):
        there = n.ws.person(person.user.id)
        await there.open_home()
        await n.ws.settled()
        await n.desk.rest()
        assert there.home is not None
        assert SECRET not in str(there.home.payload)
    n.ws.problems.clear()
