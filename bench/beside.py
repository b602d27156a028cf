"""How long handing in takes while digests over a long past are built, against when none is."""

import asyncio
import gc
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from bench.figures import NOW, WORKSPACE, fill
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


def ratio(template: Path, total: int) -> tuple[float, float, float]:
    """p99 while digests are built one after the other, in milliseconds, against when none is; and
    both. `total` submissions lie in the past. The medians of some turns.
    """
    file = Path(shutil.copy(template, template.with_name("beside.db")))
    fill(file, total)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE workspace SET last_number = ?", [total])
        connection.commit()
    usual = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(TURN_SECONDS)  # as it is served, and so is memory
    try:
        alone, beside = asyncio.run(_medians(f"sqlite:///{file}"))
    finally:
        sys.setswitchinterval(usual[0])
        gc.set_threshold(*usual[1])
        gc.unfreeze()
        file.unlink()
    return beside / alone, beside * 1000, alone * 1000


async def _medians(url: str) -> tuple[float, float]:
    database = Database(url)
    await database.start()
    places = count(1)
    alone, beside = [], []
    try:
        await _p99(database, places, WARM_UP)
        settle_memory()
        for _ in range(TURNS):
            alone.append(await _p99(database, places, EACH))
            digests = asyncio.create_task(_build(database))
            beside.append(await _p99(database, places, EACH))
            digests.cancel()
            with suppress(asyncio.CancelledError):
                await digests
    finally:
        await database.close()
    return median(alone), median(beside)


async def _build(database: Database) -> None:
    """One digest's figures after the other."""
    while True:
        await database.read(WORKSPACE, gather, WEEK, NOW)


async def _p99(database: Database, places: Iterator[int], many: int) -> float:
    """Seconds from the moment at which each was due, as in the load over HTTP."""
    begun = perf_counter()
    tasks = []
    for place in range(many):
        due = begun + place / RATE
        await asyncio.sleep(max(due - perf_counter(), 0.0))
        tasks.append(asyncio.create_task(_hand_in(database, next(places), due)))
    return quantiles(await asyncio.gather(*tasks), n=100)[98]


async def _hand_in(database: Database, place: int, due: float) -> float:
    form = HandIn(
        kind_key="idea",
        submitter_id=user_id(place),
        fields={"title": "Bread from our own oven", "content_type": "video"},
        source_key=f"view:V{place}",
    )
    await database.transact(WORKSPACE, hand_in, form, NOW)
    return perf_counter() - due
