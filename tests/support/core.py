"""The core over a real SQLite database: people, a set-up, and use cases run at a fixed time."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import make_url

from bot.configure import configure
from bot.desk import Desk, Member, Role, Subscription, default_desk
from bot.lifecycle import Verb
from bot.ports import C, R, Transaction, UseCase
from bot.steps.base import Step
from bot.submission import FieldValue, HistoryEntry, Submission
from bot.submit import HandIn, hand_in
from bot.triage import take_step
from storage.database import Database

T = TypeVar("T")

START = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
"""A Thursday."""

SAM, SUE = "U0SAM", "U0SUE"
CORA, CONRAD = "U0CORA", "U0CONRAD"
LENA, GUIDO = "U0LENA", "U0GUIDO"
ADA, OLGA = "U0ADA", "U0OLGA"
GUS, LEO, BOB = "U0GUS", "U0LEO", "U0BOB"
STRANGER = "U0STRANGER"
CONTENT = "C0CONTENT"

PEOPLE = (
    Member(user_id=SAM, name="Sam Sales", tz="Europe/Berlin"),
    Member(user_id=SUE, name="Sue Sales"),
    Member(user_id=CORA, name="Cora Content"),
    Member(user_id=CONRAD, name="Conrad Content"),
    Member(user_id=LENA, name="Lena Leads"),
    Member(user_id=GUIDO, name="Guido, a guest with a role", is_guest=True),
    Member(user_id=ADA, name="Ada, admin of the desk"),
    Member(user_id=OLGA, name="Olga Owner", is_admin=True, is_primary_owner=True),
    Member(user_id=GUS, name="Gus Guest", is_guest=True),
    Member(user_id=LEO, name="Leo, who left", is_deleted=True, is_admin=True),
    Member(user_id=BOB, name="Bob the bot", is_bot=True),
)

FORMS: Mapping[str, Mapping[str, FieldValue]] = {
    "idea": {"title": "A video about the new pump"},
    "testimonial": {"quote": "It just works.", "customer": "Rheinwerk", "person": "Petra Privat"},
    "lead": {"name": "Nadia Neuland", "contact": "nadia@example.com", "need": "A pump for a ship"},
}


def a_desk(*subscriptions: Subscription, **holders: tuple[str, ...]) -> Desk:
    """Cora and Conrad hold the content role with a channel, Lena and a guest the lead desk without
    one; nobody holds the others, unless `holders` says so.
    """
    held = {"content_lead": (CORA, CONRAD), "lead_desk": (LENA, GUIDO), **holders}
    roles: dict[str, Role] = {
        role_id: replace(role, holders=held.get(role_id, ()))
        for role_id, role in default_desk().roles.items()
    }
    roles["content_lead"] = replace(roles["content_lead"], channel_id=CONTENT)
    return replace(default_desk(), roles=roles, subscriptions=subscriptions, admins=(ADA,))


@dataclass(slots=True)
class FixedClock:
    """Stands still until it is moved."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def forward(self, **duration: float) -> datetime:
        """Move on by a timedelta's arguments."""
        self.at += timedelta(**duration)
        return self.at


@dataclass(slots=True)
class Core:
    """One workspace of a database, and the time in it."""

    database: Database
    url: str
    workspace_id: str
    clock: FixedClock = field(default_factory=FixedClock)
    keys: "count[int]" = field(default_factory=count)

    async def do(self, use_case: UseCase[C, R], command: C) -> R:
        """Run a use case in a writing transaction, now."""
        return await self.database.transact(self.workspace_id, use_case, command, self.clock.now())

    async def ask(self, use_case: UseCase[C, R], command: C) -> R:
        """Run a use case in a reading transaction, now."""
        return await self.database.read(self.workspace_id, use_case, command, self.clock.now())

    async def write(self, body: Callable[[Transaction], T]) -> T:
        """What `body` makes of a writing transaction."""
        return await self.do(lambda tx, _command, _now: body(tx), None)

    async def read(self, body: Callable[[Transaction], T]) -> T:
        """What `body` makes of a reading transaction."""
        return await self.ask(lambda tx, _command, _now: body(tx), None)

    async def set_up(self, desk: Desk | None = None, people: tuple[Member, ...] = PEOPLE) -> Desk:
        """Make people known and apply a set-up, `a_desk()` when none is given."""
        now = self.clock.now()
        await self.write(lambda tx: tx.members.save(people, now))
        return await self.do(configure, desk or a_desk())

    async def hand_in(self, kind: str = "idea", *, by: str = SAM, **more: Any) -> Submission:
        """Hand a form in that is filled as in FORMS, unless `more` of HandIn says otherwise."""
        given = {"fields": FORMS[kind], "source_key": f"view:{next(self.keys)}", **more}
        handed_in = await self.do(hand_in, HandIn(kind_key=kind, submitter_id=by, **given))
        return handed_in.submission

    async def step(
        self, submission: Submission, verb: Verb, by: str = CORA, **given: FieldValue
    ) -> Submission:
        """Press a verb on the card that shows `submission`."""
        command = Step(
            number=submission.number,
            version=submission.version,
            verb=verb,
            actor_id=by,
            given=given,
        )
        return (await self.do(take_step, command)).submission

    async def stored(self, number: int) -> Submission:
        """A submission as it stands in the database."""
        found = await self.read(lambda tx: tx.submissions.get(number))
        assert found is not None
        return found

    async def history(self, number: int) -> tuple[HistoryEntry, ...]:
        """All that happened to a submission."""
        return await self.read(lambda tx: tx.history.of(number))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The workspace's rows of a table as they are on disk, past the stores, in their order."""
        return self._select(f"{table} WHERE workspace_id = ? ORDER BY rowid", self.workspace_id)

    def tables(self) -> list[str]:
        """The names of all tables with rows of workspaces."""
        found = self._select("sqlite_master WHERE type = 'table' AND sql LIKE '%workspace_id%'")
        return [row["name"] for row in found]

    def effects(self, beginning: str = "") -> list[str]:
        """The keys of all effects that begin so, in the order in which they were enqueued."""
        return [row["key"] for row in self.rows("outbox") if row["key"].startswith(beginning)]

    def erase(self, table: str, number: int) -> None:
        """Delete a submission's rows of a table, as an operator does."""
        with sqlite3.connect(str(make_url(self.url).database)) as connection:
            connection.execute(
                f"DELETE FROM {table} WHERE workspace_id = ? AND number = ?",  # noqa: S608  (as below)
                (self.workspace_id, number),
            )
        connection.close()

    def _select(self, what: str, *values: str) -> list[dict[str, Any]]:
        connection = sqlite3.connect(str(make_url(self.url).database))
        try:
            connection.row_factory = sqlite3.Row
            found = connection.execute(f"SELECT * FROM {what}", values)  # noqa: S608  (our own names)
            return [dict(row) for row in found]
        finally:
            connection.close()
