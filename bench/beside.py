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
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from statistics import median, quantiles
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

TURNS = 6
WARM_UP = 20
WEEK = Week(day=date(2026, 11, 16), tz="Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Beside:
    """Milliseconds until a submission is stored, of 99 in a hundred: while digests are built, and
    while none is; and what a digest takes meanwhile.
    """

    busy: float
    quiet: float
    digest: float


def measure(template: Path, total: int) -> Beside:
    """In some turns of both, wherever the system puts the threads. `total` submissions lie in the
    past.
    """
    file = Path(shutil.copy(template, template.with_name("beside.db")))
    fill(file, total)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE workspace SET last_number = ?", [total])
        connection.commit()
    usual = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(TURN_SECONDS)  # as it is served, and so is memory
    try:
        return asyncio.run(_beside(f"sqlite:///{file}"))
    finally:
        sys.setswitchinterval(usual[0])
        gc.set_threshold(*usual[1])
        gc.unfreeze()
        file.unlink()


async def _beside(url: str) -> Beside:
    database = Database(url)
    await database.start()
    try:
        return await _in_turns(database, count(1))
    finally:
        await database.close()


async def _in_turns(database: Database, places: Iterator[int]) -> Beside:
    await _hand_in_many(database, places, WARM_UP)
    settle_memory()
    alone: list[float] = []
    beside: list[float] = []
    digests: list[float] = []
    for _ in range(TURNS):
        alone += await _hand_in_many(database, places, EACH)
        building = asyncio.create_task(_build(database, digests))
        beside += await _hand_in_many(database, places, EACH)
        building.cancel()
        with suppress(asyncio.CancelledError):
            await building
    return Beside(_p99(beside), _p99(alone), median(digests) * 1000)


def _p99(latencies: list[float]) -> float:
    return quantiles(latencies, n=100)[98] * 1000


async def _build(database: Database, took: list[float]) -> None:
    """One digest's figures after the other; `took` gets the seconds."""
    while True:
        begun = perf_counter()
        await database.read(WORKSPACE, gather, WEEK, NOW)
        took.append(perf_counter() - begun)


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
