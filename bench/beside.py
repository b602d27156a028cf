"""How long handing in takes while digests over a long past are built, against when none is."""

import asyncio
import gc
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from itertools import count
from pathlib import Path
from statistics import quantiles
from threading import get_native_id
from time import perf_counter
from typing import IO

from bench.contenders import CORES
from bench.figures import NOW, WORKSPACE, fill
from bench.metronome import MOMENT
from bench.payloads import user_id
from bot.digest import gather
from bot.submit import HandIn, hand_in
from bot.windows import Week
from runtime.serve import TURN_SECONDS, settle_memory
from storage.database import Database

RATE = 100
"""Submissions a second."""

EACH = 300
"""How many of them in each turn."""

TURNS = 3
WARM_UP = 20
WEEK = Week(day=date(2026, 11, 16), tz="Europe/Berlin")


Found = tuple[float, float, float]
"""A ratio, and the milliseconds of both."""


def ratios(template: Path, total: int) -> tuple[Found, Found]:
    """p99 while digests are built one after the other against when none is, of all that some turns
    of both took: where those who read have other cores than the event loop, and wherever the system
    puts them. `total` submissions lie in the past.
    """
    file = Path(shutil.copy(template, template.with_name("beside.db")))
    fill(file, total)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE workspace SET last_number = ?", [total])
        connection.commit()
    usual = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(TURN_SECONDS)  # as it is served, and so is memory
    try:
        return asyncio.run(_both(f"sqlite:///{file}"))
    finally:
        sys.setswitchinterval(usual[0])
        gc.set_threshold(*usual[1])
        gc.unfreeze()
        file.unlink()


async def _both(url: str) -> tuple[Found, Found]:
    database = Database(url)
    await database.start()
    places = count(1)
    try:
        await _hand_in_many(database, places, WARM_UP)
        settle_memory()
        anywhere = await _p99s(database, places)
        with _own_core():
            apart = await _p99s(database, places)
    finally:
        await database.close()
    return apart, anywhere


@contextmanager
def _own_core() -> Iterator[None]:
    """The event loop has the first core, every other thread of this process the others; a machine
    with one core has no such thing.
    """
    threads = [int(found.name) for found in Path("/proc/self/task").iterdir()]
    others = [thread for thread in threads if thread != get_native_id()]
    try:
        os.sched_setaffinity(0, CORES[:1])
        for thread in others:
            os.sched_setaffinity(thread, CORES[1:] or CORES)
        yield
    finally:
        for thread in (0, *others):
            os.sched_setaffinity(thread, CORES)


async def _p99s(database: Database, places: Iterator[int]) -> Found:
    alone: list[float] = []
    beside: list[float] = []
    for _ in range(TURNS):
        alone += await _hand_in_many(database, places, EACH)
        digests = asyncio.create_task(_build(database))
        beside += await _hand_in_many(database, places, EACH)
        digests.cancel()
        with suppress(asyncio.CancelledError):
            await digests
    quiet, busy = _p99(alone), _p99(beside)
    return busy / quiet, busy * 1000, quiet * 1000


def _p99(latencies: list[float]) -> float:
    return quantiles(latencies, n=100)[98]


async def _build(database: Database) -> None:
    """One digest's figures after the other."""
    while True:
        await database.read(WORKSPACE, gather, WEEK, NOW)


async def _hand_in_many(database: Database, places: Iterator[int], many: int) -> list[float]:
    """Seconds from the moment at which each was due until it was stored."""
    tasks = []
    with _metronome(many) as heard:
        transport, moments = await _reader(heard)
        for _ in range(many):
            (due,) = MOMENT.unpack(await moments.readexactly(MOMENT.size))
            tasks.append(asyncio.create_task(_hand_in(database, next(places), due)))
        transport.close()
    return await asyncio.gather(*tasks)


@contextmanager
def _metronome(many: int) -> Iterator[IO[bytes]]:
    """What it says: the moments at which `many` are due, each when it has come."""
    command = [sys.executable, "-m", "bench.metronome", str(many), str(RATE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        if process.stdout is None:  # a pipe was asked for
            raise RuntimeError("The metronome is not heard.")
        os.sched_setaffinity(process.pid, CORES[1:] or CORES)
        yield process.stdout


async def _reader(pipe: IO[bytes]) -> tuple[asyncio.ReadTransport, asyncio.StreamReader]:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return transport, reader


async def _hand_in(database: Database, place: int, due: float) -> float:
    form = HandIn(
        kind_key="idea",
        submitter_id=user_id(place),
        fields={"title": "Bread from our own oven", "content_type": "video"},
        source_key=f"view:V{place}",
    )
    await database.transact(WORKSPACE, hand_in, form, NOW)
    return perf_counter() - due
