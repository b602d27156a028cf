"""The unit of work: runs use cases, each in one transaction."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, func, insert, select
from typing_extensions import override

from bot.brief import is_brief, is_patient
from bot.desk import Desk
from bot.ports import C, LaneRef, R, Storage, UseCase
from storage import due, postgresql, schema, sqlite_file
from storage.backend import PATIENCE, Backend, Writer, is_sqlite, parse_url
from storage.courtesy import give_way
from storage.desk_cache import DeskCache
from storage.group_commit import GroupCommits
from storage.leisure import Leisure
from storage.lock import SingleProcessLock
from storage.ready import ReadyLanes
from storage.runner import Runner, SingleCommits
from storage.sample_cache import SampleCache
from storage.sealing import BATCH, Key, Looked, SealedColumn, look_at, renew
from storage.tables import inbox_seen
from storage.transaction import SqlTransaction
from storage.unit import Unit
from storage.vault import Vault
from storage.workers import Workers

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _tell_nobody(_lanes: frozenset[LaneRef]) -> None:
    """For processes that deliver nothing."""


def _pass_by(_checkpoint: str) -> None:
    """Outside of tests, checkpoints are only passed."""


class Database(Storage):
    """A migrated SQLite file or PostgreSQL database.

    `on_effects` is called in the event loop, after the commit, with the lanes that got work.
    `checkpoint` is called where the use case runs with the name of each place where a crash is
    worth a test: "transact.before_commit", "transact.after_commit". `vault` seals what is
    personal; without one nothing is sealed.
    """

    def __init__(
        self,
        url: str,
        *,
        on_effects: Callable[[frozenset[LaneRef]], None] = _tell_nobody,
        checkpoint: Callable[[str], None] = _pass_by,
        vault: Vault | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """`patience`: seconds that a use case waits for its turn, before it is refused."""
        self._url = parse_url(url)
        self._on_effects = on_effects
        self._checkpoint = checkpoint
        self._vault = vault or Vault()
        self._desks = DeskCache()
        self._samples = SampleCache()
        self._ready_lanes = ReadyLanes()
        kind = sqlite_file if is_sqlite(self._url) else postgresql
        self._backend: Backend = kind.build(self._url)
        self._runner = Runner(self._backend)
        # With one writer the threads only read, and submissions are stored in the event loop.
        on_begin = give_way if self._backend.has_one_writer else None
        self._workers = Workers("storage", self._backend.threads, patience, on_begin=on_begin)
        has_leisure = self._backend.has_one_writer
        self._leisure = Leisure(self._runner, self._backend.road) if has_leisure else None
        self._writer: Writer = (
            GroupCommits(self._backend, patience)
            if self._backend.has_one_writer
            else SingleCommits(self._runner, self._workers)
        )

    async def start(self) -> None:
        """Open the database; raises StorageDownError or StorageBusyError when that fails."""
        await self.ping()

    async def close(self) -> None:
        """Finish what was begun, then close every connection."""
        await self._writer.close()
        await self._workers.close()
        if self._leisure is not None:
            await self._leisure.close()
        self._backend.dispose()

    def lock_for_serving(self) -> SingleProcessLock:
        """The lock that a serving process holds as long as it lives; free on PostgreSQL."""
        return SingleProcessLock(sqlite_file.file_of(self._url) if is_sqlite(self._url) else None)

    def cached_desk(self, workspace_id: str) -> Desk:
        """The set-up as last loaded, without asking the database; the default one at first."""
        return self._desks.newest(workspace_id)

    def has_desk(self, workspace_id: str) -> bool:
        """Whether the set-up is in memory; if not, any use case that loads it brings it there."""
        return workspace_id in self._desks

    def forget_desk(self, workspace_id: str) -> None:
        """Drop the set-up from memory: the desk does not work there any more."""
        self._desks.forget(workspace_id)

    async def ask(self, question: Callable[[Connection], T]) -> T:
        """What a question that is asked of no single workspace finds (`storage.installed`)."""
        return await self._query(question)

    async def time(self) -> datetime | None:
        """The database's own clock, by which all processes on PostgreSQL go; SQLite has none."""
        return None if is_sqlite(self._url) else await self._query(_clock_of)

    async def ahead(self, now: datetime) -> timedelta:
        """How far the database's clock is ahead of `now`; nothing where it has none."""
        return (await self.time() or now) - now

    async def schema_fit(self) -> schema.Fit:
        """How the database's schema and this program go together."""
        return await self._query(schema.fit)

    async def carries_wakeups(self) -> bool:
        """Whether PostgreSQL has what the installed Procrastinate calls; raises ConfigurationError
        when none is installed.
        """
        with postgresql.extra():
            from storage import wakeups_schema  # noqa: PLC0415  (PostgreSQL only)
        return await self._query(wakeups_schema.is_installed)

    async def schema_is_current(self) -> bool:
        """Whether this program can work on the database's schema: its own, or a newer one that has
        taken nothing away that it needs.
        """
        return await self.schema_fit() is schema.Fit.FITS

    @override
    async def transact(
        self, workspace_id: str, use_case: UseCase[C, R], command: C, now: datetime
    ) -> R:
        def body(connection: Connection) -> tuple[Unit, R]:
            unit = Unit(
                connection=connection,
                workspace_id=workspace_id,
                desks=self._desks,
                vault=self._vault,
            )
            result = use_case(SqlTransaction(unit), command, now)
            self._checkpoint("transact.before_commit")
            return unit, result

        def after(done: tuple[Unit, R]) -> None:
            unit, _ = done
            self._checkpoint("transact.after_commit")
            unit.remember()

        def tell(done: tuple[Unit, R]) -> None:
            unit, _ = done
            if unit.lanes:
                refs = (LaneRef(workspace_id, *of_lane) for of_lane in unit.lanes.items())
                self._on_effects(frozenset(refs))

        _, result = await self._writer.run(
            body, after=after, tell=tell, is_brief=is_brief(use_case)
        )
        return result

    @override
    async def read(
        self, workspace_id: str, use_case: UseCase[C, R], command: C, now: datetime
    ) -> R:
        def body(connection: Connection) -> tuple[Unit, R]:
            unit = Unit(
                connection=connection,
                workspace_id=workspace_id,
                desks=self._desks,
                samples=self._samples,
                vault=self._vault,
                is_writing=False,
            )
            return unit, use_case(SqlTransaction(unit), command, now)

        def after(done: tuple[Unit, R]) -> None:
            unit, _ = done
            unit.remember()

        if self._backend.has_one_writer and is_brief(use_case):
            # In the event loop, between two that write: a thread would take longer.
            return (await self._writer.run(body, after=after, is_brief=True))[1]
        leisure = self._leisure if is_patient(use_case) else None
        done = await (self._query(body) if leisure is None else leisure.read(body))
        after(done)
        return done[1]

    async def last_moment(self) -> datetime | None:
        """The last moment at which something happened, as far as the tables tell."""
        return await self._query(due.last_moment)

    async def workspaces(self) -> tuple[str, ...]:
        """The ids of all workspaces that were ever at work here."""
        return await self._query(due.workspaces)

    @override
    async def ready_lanes(self, now: datetime, *, limit: int) -> tuple[LaneRef, ...]:
        return await self._query(partial(self._ready_lanes, now=now, limit=limit))

    @override
    async def due_schedules(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        return await self._query(partial(due.due_schedules, now=now, limit=limit))

    @override
    async def due_timers(self, now: datetime, *, limit: int) -> tuple[tuple[str, int], ...]:
        return await self._query(partial(due.due_timers, now=now, limit=limit))

    @override
    async def due_returns(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        return await self._query(partial(due.due_returns, now=now, limit=limit))

    @override
    async def due_closings(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        return await self._query(partial(due.due_closings, now=now, limit=limit))

    @override
    async def due_check_ins(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        return await self._query(partial(due.due_check_ins, now=now, limit=limit))

    @override
    async def due_experiments(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        return await self._query(partial(due.due_experiments, now=now, limit=limit))

    @override
    async def due_pulses(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        return await self._query(partial(due.due_pulses, now=now, limit=limit))

    @override
    async def next_due(self) -> datetime | None:
        return await self._query(due.next_due)

    @override
    async def ping(self) -> None:
        await self._writer.run(_probe)
        await self._query(schema.current)

    async def look_at_seals(self, where: SealedColumn, limit: int) -> Looked:
        """How the values of a column are sealed, in any workspace; see storage.sealing."""
        return await self._query(
            lambda connection: look_at(connection, self._vault, where, limit=limit)
        )

    async def renew_seals(self, where: SealedColumn, after: Key | None) -> Looked:
        """Seal the next values of a column with the newest key, in one short transaction."""

        def body(connection: Connection) -> Looked:
            return renew(connection, self._vault, where, after, limit=BATCH)

        return await self._writer.run(body)

    async def scrub(self) -> bool:
        """Have what was erased leave SQLite's log as well; False when it is still needed there.
        PostgreSQL writes over what nobody needs by itself (vacuum).
        """
        if not is_sqlite(self._url):
            return True
        path = sqlite_file.file_of(self._url)
        return await self._workers.run(lambda _deadline: sqlite_file.empty_log(path))

    async def _query(self, body: Callable[[Connection], T]) -> T:
        return await self._workers.run(partial(self._runner.read, body))


def _clock_of(connection: Connection) -> datetime:
    moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return moment


def _probe(connection: Connection) -> None:
    """Write something that is taken back at once: proof that the database lets us write."""
    row = {"workspace_id": "", "event_id": "probe", "seen_at": _EPOCH}
    savepoint = connection.begin_nested()
    connection.execute(insert(inbox_seen), row)
    savepoint.rollback()
