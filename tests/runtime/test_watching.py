"""What a process counts of itself, and that each log line says where it happened."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime
from threading import current_thread, get_ident
from typing import Any

import pytest

from bot.brief import brief, patient
from bot.errors import StorageBusyError
from bot.ports import Transaction
from runtime.logs import set_up_logs
from runtime.tallies import MOST, Counts, Tallies, Times
from runtime.ticks import Tick, _guarded
from runtime.watching import WatchedDatabase, Watching
from tests.support.desk import Scene
from tests.support.storage_examples import NOW


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What would stand on standard error."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    set_up_logs("DEBUG", "json")
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    handler.setStream(stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)


def lines(log: io.StringIO, event: str) -> list[dict[str, Any]]:
    """The lines of one event."""
    found = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in found if line["event"] == event]


async def test_what_is_brief_stays_so_when_it_is_timed(sqlite_url: str) -> None:
    """Else SQLite would run it in a thread."""

    def where(_tx: Transaction, _command: None, _now: datetime) -> int:
        return get_ident()

    database = WatchedDatabase(sqlite_url)
    assert await database.transact("T1", where, None, NOW) != get_ident()
    assert await database.transact("T1", brief(where), None, NOW) == get_ident()
    await database.close()


async def test_who_is_patient_stays_so_when_they_are_timed(sqlite_url: str) -> None:
    def where(_tx: Transaction, _command: None, _now: datetime) -> str:
        return current_thread().name.rpartition("_")[0]

    database = WatchedDatabase(sqlite_url)
    assert await database.read("T1", where, None, NOW) == "storage"
    assert await database.read("T1", patient(where), None, NOW) == "storage-patient"
    await database.close()


async def test_a_request_is_named_with_its_submission(log: io.StringIO, at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", channel=s.general)
    await s.sam.submit({"title": "A thing"})
    await s.settle()
    await s.cora.click(s.only_card(s.content), "triage.take")
    command, form, click = lines(log, "acknowledged")
    assert [line["surface"] for line in (command, form, click)] == [
        "command",
        "view_submission",
        "block_actions",
    ]
    assert {line["workspace"] for line in (command, form, click)} == {s.ws.identity.team_id}
    assert len({line["request"] for line in (command, form, click)}) == 3
    assert "submission" not in command
    assert form["submission"] == click["submission"] == 1
    tried = {line["effect"]: line for line in lines(log, "tried")}
    assert tried["card:1"]["submission"] == 1
    assert tried["card:1"]["lane"] == s.content
    assert tried["card:1"]["outcome"] == "sent"
    assert "request" not in tried["card:1"]


async def test_a_bug_s_reference_stands_beside_the_request(
    log: io.StringIO, at_work: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("a bug")

    s = at_work
    await s.sam.slash("/social-idea", channel=s.general)
    monkeypatch.setattr("handlers.submit.hand_in", fails)
    await s.sam.submit({"title": "A thing"})
    (failed,) = lines(log, "a listener failed")
    assert failed["reference"] in str(s.sam.errors)
    assert failed["request"]
    assert failed["surface"] == "view_submission"
    assert failed["workspace"] == s.ws.identity.team_id
    (ended,) = lines(log, "request in trouble")
    assert ended["request"] == failed["request"]
    assert ended["outcome"] == "failed"


async def test_what_is_logged_on_the_database_s_thread_says_where(
    log: io.StringIO, at_work: Scene
) -> None:
    s = at_work
    await s.sam.slash("/social-idea", channel=s.general)
    s.ws.archive(s.content)
    await s.sam.submit({"title": "A thing"})
    await s.settle()
    (aside,) = lines(log, "effect set aside")
    assert aside["error"] == "is_archived"
    assert {aside["lane"], aside["submission"]} == {s.content, 1}
    assert aside["workspace"] == s.ws.identity.team_id


async def test_acks_transactions_and_tries_are_counted(at_work: Scene) -> None:
    s = at_work
    tallies = s.desk.watching.tallies
    reads, writes = tallies.database.counted("read", "ok"), tallies.database.counted("write", "ok")
    await s.sam.slash("/social-idea", channel=s.general)
    await s.sam.submit({"title": "A thing"})
    await s.settle()
    await s.lena.click(s.only_card(s.content), "triage.take")
    assert tallies.acks.counted("command", "ok") == 1
    assert tallies.acks.counted("view_submission", "ok") == 1
    assert tallies.acks.counted("block_actions", "refused") == 1
    assert tallies.tries.values["card", "sent"] == 1
    assert tallies.tries.values["receipt", "sent"] == 1
    assert tallies.database.counted("write", "ok") > writes
    assert tallies.database.counted("read", "ok") > reads
    refused = tallies.database.counted("write", "refused")
    assert refused == 1
    assert tallies.database_waits.counted("write") == tallies.database.counted("write", "ok") + 1


async def test_a_request_that_the_database_turns_away(
    log: io.StringIO, at_work: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise StorageBusyError

    s = at_work
    await s.sam.slash("/social-idea", channel=s.general)
    monkeypatch.setattr("handlers.submit.hand_in", busy)
    await s.sam.submit({"title": "A thing"})
    tallies = s.desk.watching.tallies
    assert tallies.acks.counted("view_submission", "busy") == 1
    assert tallies.database.counted("write", "busy") == 1
    (line,) = lines(log, "request in trouble")
    assert line["outcome"] == "busy"


async def test_what_happens_by_itself_is_counted(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", channel=s.general)
    await s.sam.submit({"title": "A thing"})
    await s.wait(days=14)
    tallies = s.desk.watching.tallies
    assert tallies.timers.values["escalate",] == 1
    assert tallies.timers.values["remind",] == 1
    assert tallies.digests.values["fired",] == 2


async def test_a_tick_that_fails_is_timed_and_named(log: io.StringIO) -> None:
    async def busy() -> None:
        raise StorageBusyError

    async def broken() -> None:
        raise RuntimeError("a bug")

    tallies = Tallies()
    every = Tick("sweep", every=None, jitter=None, run=busy)  # type: ignore[arg-type]  # not started
    await _guarded(every, Watching(tallies, ""))()
    also = Tick("tidy", every=None, jitter=None, run=broken)  # type: ignore[arg-type]  # the same
    await _guarded(also, Watching(tallies, ""))()
    assert tallies.ticks.counted("sweep", "busy") == 1
    assert tallies.ticks.counted("tidy", "failed") == 1
    assert [line["tick"] for line in lines(log, "tick failed")] == ["sweep", "tidy"]


def test_a_number_does_not_grow_without_end() -> None:
    calls = Counts("calls", "", ("method", "code"))
    times = Times("took", "", (1.0,), ("method",))
    for n in range(MOST + 50):
        calls.add("chat.postMessage", f"code_{n}")
        times.took(0.5, f"m{n}")
    assert len(calls.values) == MOST + 1
    assert calls.values["other", "other"] == 50
    assert times.counted("other") == 50


def test_a_time_stands_in_its_bucket() -> None:
    times = Times("took", "", (1.0, 2.0))
    for seconds in (0.5, 1.0, 1.5, 9.0):
        times.took(seconds)
    assert times.cells[()] == [2, 1, 1, 12.0]
