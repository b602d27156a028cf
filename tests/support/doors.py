"""Whoever comes to the desk's doors, and what they bring: one request per listener."""

import copy
import itertools
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from sqlalchemy import make_url

from bot.desk import Desk
from bot.lifecycle import Verb
from bot.ports import C, R, UseCase
from bot.steps.base import Step
from bot.submission import Submission
from bot.submit import HandIn, hand_in
from bot.triage import take_step
from handlers.ids import Action, Callback
from sandbox import payloads, views
from sandbox.delivery import Delivery, DeliveryKind
from sandbox.model import Json, Message, User, View
from sandbox.people import Person
from sandbox.workspace import Workspace
from storage.tables import metadata
from tests.support.core import FORMS
from tests.support.desk import Scene

ELSEWHERE = "T0ELSEWHERE"
NOBODY = "U0NOBODY"
"""An id that Slack tells nothing about."""
Make = Callable[[Person], Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """A request that a listener gets. `make` writes it for whoever comes with it; `may` is somebody
    for whom it is done, `may_not` are colleagues for whom it is not.
    """

    make: Make
    may: Person
    may_not: tuple[Person, ...] = ()
    kind: DeliveryKind = "interactive"


@dataclass(slots=True, kw_only=True)
class Doorstep:
    """The scene, and everybody who has no business with the desk: a guest whom nobody named,
    somebody who left, a bot, somebody of another company in a shared channel, an id that is nobody.
    """

    scene: Scene
    database_url: str
    outsiders: Mapping[str, Person]
    keys: "itertools.count[int]" = field(default_factory=itertools.count)
    _watcher: sqlite3.Connection | None = None
    _version: int = 0

    @classmethod
    async def of(cls, scene: Scene, database_url: str) -> "Doorstep":
        """Bring them in; the desk knows them afterwards, as far as Slack does."""
        ws = scene.ws
        given: dict[str, User] = {
            "guest": ws.add_user("gus", "Gus Guest", is_restricted=True),
            "left": ws.add_user("leo", "Leo Left", is_admin=True),
            "bot": ws.add_user("robo", "Robo", is_bot=True),
            "stranger": ws.add_user("fred", "Fred Foreign", team_id=ELSEWHERE),
        }
        ws.share(scene.general, given["stranger"].id)
        ws.invite(scene.general, given["guest"].id)
        ws.deactivate(given["left"].id)
        people = {name: ws.person(user.id) for name, user in given.items()}
        ghost = User(id=NOBODY, name="ghost", real_name="Ghost")
        ws.users[ghost.id] = ghost
        people["nobody"] = ws.person(ghost.id)
        found = cls(scene=scene, database_url=database_url, outsiders=people)
        await scene.settle()
        for person in people.values():  # who they are is looked up once
            await found.told(person, found.click(Action.GOALS_OPEN, "")(person))
        return found

    def desk(self) -> Desk:
        """The set-up as it is now."""
        return self.scene.desk.database.cached_desk(self.scene.desk.identity.workspace_id)

    # -- what they bring

    def command(self, name: str, text: str = "") -> Make:
        """A slash command in the shared channel."""
        place = self.scene.ws.channels[self.scene.general]
        return lambda one: payloads.slash(self.scene.ws, one.user, place, name, text)

    def shortcut(self, callback: Callback) -> Make:
        """A global shortcut."""
        return lambda one: payloads.global_shortcut(self.scene.ws, one.user, callback.value)

    def on_message(self, callback: Callback) -> Make:
        """A shortcut of a message in the shared channel."""
        ws, place = self.scene.ws, self.scene.ws.channels[self.scene.general]
        return lambda one: payloads.message_shortcut(
            ws, one.user, place, posted(ws, place.id), callback.value
        )

    def click(self, action: Action, value: object, *, menu: bool = False) -> Make:
        """A button (or an entry of a menu) below a message in the shared channel."""
        ws, place = self.scene.ws, self.scene.ws.channels[self.scene.general]
        held: Json = {"selected_option": option(value)} if menu else {"value": value}

        def make(person: Person) -> Json:
            pressed = {"action_id": action.value, "block_id": "b", **held}
            pressed |= {"type": "overflow" if menu else "button", "action_ts": ws.next_ts()}
            message = posted(ws, place.id)
            return payloads.message_actions(ws, person.user, place, message, [pressed])

        return make

    def click_inside(
        self, action: Action, value: object, callback: Callback, metadata: str = "", **more: Any
    ) -> Make:
        """A button in an open form, or what somebody types into it."""
        ws = self.scene.ws

        def make(person: Person) -> Json:
            view = self._open(person, callback, metadata, {"title": text("Oven")})
            pressed = {"action_id": action.value, "block_id": "b", "type": "button", "value": value}
            pressed |= {"action_ts": ws.next_ts(), **more}
            return payloads.view_actions(ws, person.user, view, [pressed])

        return make

    def form(self, callback: Callback, metadata: str, given: Mapping[str, Json]) -> Make:
        """A form that comes back; `given` is what stands in its elements, by block."""

        def make(person: Person) -> Json:
            view = self._open(person, callback, metadata, given)
            return payloads.view_submission(self.scene.ws, person.user, view)

        return make

    def closed(self, callback: Callback, metadata: str, given: Mapping[str, Json]) -> Make:
        """A form that is closed."""

        def make(person: Person) -> Json:
            view = self._open(person, callback, metadata, given)
            return payloads.view_closed(self.scene.ws, person.user, view, cleared=False)

        return make

    def _open(
        self, person: Person, callback: Callback, metadata: str, given: Mapping[str, Json]
    ) -> View:
        """The form on the person's screen, whoever they are."""
        view = views.opened(self.scene.ws, person.user.id, _modal(callback, metadata, given))
        held = {block: {"v": copy.deepcopy(element)} for block, element in given.items()}
        return self.scene.ws.keep_view(replace(view, values=held))

    # -- submissions, past the doors

    async def submission(
        self, kind: str, by: Person, *steps: tuple[Verb, Person, Mapping[str, Any]]
    ) -> Submission:
        """One that somebody handed in, and what was done with it since."""
        s = self.scene
        given = HandIn(
            kind_key=kind,
            submitter_id=by.user.id,
            fields=FORMS[kind],
            source_key=f"view:door{next(self.keys)}",
        )
        found = (await self._do(hand_in, given)).submission
        for verb, actor, filled in steps:
            step = Step(
                number=found.number,
                version=found.version,
                verb=verb,
                actor_id=actor.user.id,
                given=filled,
                source=f"form:door{next(self.keys)}",
            )
            found = (await self._do(take_step, step)).submission
        await s.settle()
        return found

    async def _do(self, use_case: UseCase[C, R], command: C) -> R:
        here = self.scene.desk.identity.workspace_id
        now = self.scene.clock.now()
        return await self.scene.desk.database.transact(here, use_case, command, now)

    # -- what comes of it

    async def told(
        self, person: Person, payload: Json, kind: DeliveryKind = "interactive"
    ) -> list[str]:
        """Send it, and all that this person is shown then; their forms are closed again."""
        ws = self.scene.ws
        seen = len(person.ephemerals)
        before = {view.id: view.hash for view in ws.stack(person.user.id)}
        if person.user.id == NOBODY:
            ws.fault("users.info", "error", code="user_not_found")
        ack = await ws.office.send(Delivery(kind=kind, payload=payload))
        await self.scene.desk.background.rest()
        ws.faults.clear()
        shown = [str(ack.body)] if ack.body else []
        shown += [f"{one.text} {one.blocks}" for one in person.ephemerals[seen:]]
        views_now = ws.stack(person.user.id)
        shown += [str(one.payload) for one in views_now if before.get(one.id) != one.hash]
        for view in reversed(views_now):
            ws.close(view.id)
        ws.problems.clear()
        return shown

    def is_as_before(self) -> bool:
        """Whether nobody has committed anything since the last time this was asked, where SQLite
        can tell.
        """
        if not self.database_url.startswith("sqlite"):
            return False
        if self._watcher is None:
            self._watcher = sqlite3.connect(str(make_url(self.database_url).database))
        (version,) = self._watcher.execute("PRAGMA data_version").fetchone()
        is_same, self._version = bool(version == self._version), version
        return is_same

    def close(self) -> None:
        """Let go of the database."""
        if self._watcher is not None:
            self._watcher.close()

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that is stored."""
        if not self.database_url.startswith("sqlite"):
            return rows_on_postgresql(self.database_url)
        connection = sqlite3.connect(str(make_url(self.database_url).database))
        try:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = [row[0] for row in found]
            return {
                name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)  # noqa: S608
                for name in names
            }
        finally:
            connection.close()


def rows_on_postgresql(database_url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of ours, in one look."""
    plain = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        return {
            table.name: sorted(
                connection.execute(f"SELECT * FROM {table.name}".encode()).fetchall(),  # noqa: S608
                key=repr,
            )
            for table in metadata.sorted_tables
        }


Prepare = Callable[[Doorstep], Awaitable[Try]]


def option(value: object) -> Json:
    """What was chosen in a menu."""
    return {"text": {"type": "plain_text", "text": "x"}, "value": value}


def text(value: str) -> Json:
    """A text field's element as `state.values` shows it."""
    return {"type": "plain_text_input", "value": value}


def chosen(value: str) -> Json:
    """A select's."""
    return {"type": "static_select", "selected_option": option(value)}


def many(*values: str) -> Json:
    """A multiple choice's."""
    return {"type": "checkboxes", "selected_options": [option(value) for value in values]}


def _modal(callback: Callback, metadata: str, given: Mapping[str, Json]) -> Json:
    blocks = [
        {
            "type": "input",
            "block_id": name,
            "label": {"type": "plain_text", "text": name},
            "element": {"type": "plain_text_input", "action_id": "v"},
        }
        for name in given or ("nothing",)
    ]
    return {
        "type": "modal",
        "callback_id": callback.value,
        "private_metadata": metadata,
        "title": {"type": "plain_text", "text": "A form"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": blocks,
        "notify_on_close": True,
    }


def posted(ws: Workspace, channel: str) -> Message:
    """Any message of the desk's, to press something below."""
    message = Message(
        ts=ws.next_ts(),
        channel=channel,
        text="Goals",
        user=ws.identity.bot_user,
        bot_id=ws.identity.bot_id,
    )
    return ws.post(message)
