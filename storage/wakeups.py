"""Wake-ups between processes: "there is work in this lane", carried by Procrastinate.

A wake-up is a hint and nothing else: the work stands in the outbox, and the sweep finds a lane
whose wake-up was lost. So wake-ups are deferred after the commit, never within it: a submission
must not fail because of a hint, nor wait for the lock under which PostgreSQL sends notifications.
Imported only where the database is PostgreSQL.
"""

import contextlib
from collections.abc import Awaitable, Callable, Collection
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException, ProcrastinateException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import URL
from typing_extensions import override

from bot.errors import StorageDownError
from bot.ports import LaneRef
from storage.backend import PATIENCE, parse_url
from storage.wakeups_schema import SILENT

QUEUE = "social-desk"
DRAIN = "social_desk.drain"
TIDY = "social_desk.tidy"

LOOK_EVERY = 1.0
"""Seconds between two looks for jobs: a notification that comes while Procrastinate fetches is
dropped by it.
"""
HEARTBEAT = 10.0
STALLED = SILENT

_CONNECTIONS = 4

_OPTIONS = f"-c statement_timeout={int(PATIENCE * 1000)} -c timezone=UTC"

_TROUBLE = (ProcrastinateException, psycopg.Error, PoolTimeout, OSError)

# One that waits is enough for a lane. Procrastinate's own `defer` would tell so by an error, which
# the server logs each time, and which takes all others of the batch with it.
_SEND = """
INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, priority, args)
SELECT %(queue)s, %(task)s, told.of_lock, told.urgency,
       jsonb_build_object('workspace_id', told.workspace_id, 'lane', told.lane,
                          'urgency', told.urgency)
FROM unnest(%(workspaces)s::text[], %(lanes)s::text[], %(locks)s::text[], %(urgencies)s::int[])
     AS told (workspace_id, lane, of_lock, urgency)
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE
SET priority = excluded.priority, args = excluded.args
WHERE procrastinate_jobs.priority < excluded.priority
"""

Call = Callable[[LaneRef], Awaitable[None]]


class _Jobs(JobManager):
    """Procrastinate's jobs, of which none is worth an error when it is done."""

    @override
    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        # The database is away, or the job was tidied up meanwhile: what is left of it is removed
        # later, and whoever fetches the next job hears of a database that is away.
        with contextlib.suppress(ConnectorException):
            await super().finish_job(job, status, delete_job)


class Wakeups:
    """One process's end of the line. To be opened before it is used."""

    def __init__(self, url: str) -> None:
        self._pool = _pool(parse_url(url))
        self._connector = PsycopgConnector()
        self._jobs = _Jobs(self._connector)

    async def open(self) -> None:
        """Begin to connect, in the background: the database need not be there yet."""
        await self._pool.open(wait=False)
        await self._connector.open_async(self._pool)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()

    async def send(self, refs: Collection[LaneRef]) -> None:
        """Have some worker look after these lanes, each of which is named once; raises
        StorageDownError when nobody will.
        """
        found = sorted(refs, key=lambda ref: (ref.workspace_id, ref.lane))  # as all lock them
        given = {
            "queue": QUEUE,
            "task": DRAIN,
            "workspaces": [ref.workspace_id for ref in found],
            "lanes": [ref.lane for ref in found],
            "locks": [f"{QUEUE}:{ref.workspace_id}:{ref.lane}" for ref in found],
            "urgencies": [int(ref.is_urgent) for ref in found],
        }
        try:
            async with self._pool.connection() as connection:
                await connection.execute(_SEND, given)
        except _TROUBLE as error:
            raise StorageDownError from error

    async def hear(self, call: Call, *, at_once: int, patience: float) -> None:
        """Await `call` with each lane somebody wakes, `at_once` at the same time.

        Ends only when it is cancelled, after what is under way or `patience` seconds; raises
        StorageDownError when the connection is lost, and is then to be called again.
        """
        try:
            await self._listener(call).run_worker_async(
                queues=[QUEUE],
                concurrency=at_once,
                fetch_job_polling_interval=LOOK_EVERY,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED,
                shutdown_graceful_timeout=patience,
                delete_jobs="always",
                install_signal_handlers=False,
            )
        except _TROUBLE as error:
            raise StorageDownError from error
        raise StorageDownError from ConnectionError("the listener's connection was lost")

    def _listener(self, call: Call) -> App:
        """What Procrastinate's worker is to know."""
        app = App(connector=self._connector)
        app.job_manager = self._jobs

        @app.task(name=DRAIN, queue=QUEUE)
        async def drain(workspace_id: str, lane: str, urgency: int) -> None:
            await call(LaneRef(workspace_id, lane, is_urgent=bool(urgency)))

        # Procrastinate watches over its listener only as long as it has something periodic to do.
        @app.periodic(cron="* * * * *")
        @app.task(name=TIDY, queue=QUEUE, queueing_lock=TIDY)
        async def tidy(timestamp: int) -> None:  # noqa: ARG001  (Procrastinate passes it)
            await self.tidy()

        return app

    async def tidy(self, seconds: float = STALLED) -> int:
        """Remove the jobs of workers that gave no sign of life for so many seconds; returns how
        many. Nobody needs them: their lanes are swept.
        """
        await self._jobs.prune_stalled_workers(seconds)
        found = await self._jobs.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=seconds)
        stalled = [job.id for job in found if job.id is not None]
        for job_id in stalled:
            await self._jobs.finish_job_by_id_async(job_id, Status.FAILED, delete_job=True)
        return len(stalled)


def _pool(url: URL) -> AsyncConnectionPool[Any]:
    return AsyncConnectionPool(
        url.set(drivername="postgresql").render_as_string(hide_password=False),
        kwargs={
            "options": _OPTIONS,
            "connect_timeout": int(PATIENCE),
            "application_name": "social-desk wake-ups",
            # A listener says nothing for hours: a dead link has to show by itself.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
        },
        min_size=1,
        max_size=_CONNECTIONS,
        timeout=PATIENCE,
        reconnect_timeout=5,
        configure=_each_for_itself,
        check=AsyncConnectionPool.check_connection,
        open=False,
    )


async def _each_for_itself(connection: psycopg.AsyncConnection[Any]) -> None:
    """Nothing here needs a transaction of several statements."""
    await connection.set_autocommit(True)
