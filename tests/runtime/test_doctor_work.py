"""What doctor says of the work: what is late, what was set aside, and what to do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest
from aiohttp import web
from sqlalchemy import make_url

from runtime.doctor_telemetry import examine_telemetry
from runtime.doctor_wakeups import examine_wakeups
from runtime.doctor_work import check_hooks, check_work, examine_work
from runtime.doors import listening
from runtime.findings import Level
from runtime.settings import Settings
from storage.database import Database
from storage.hooks import HooksAtWork
from storage.pulse import Line, Pulse
from tests.support.databases import new_postgresql_url
from tests.support.desk import START, Scene, settings

NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
DESK = "https://desk.example.com"


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def lines(**stands: Any) -> dict[str, tuple[Level, str]]:
    found = check_work(Pulse(at=NOW, **stands))
    return {finding.about: (finding.level, finding.sentence) for finding in found}


def test_all_is_well() -> None:
    assert {level for level, _ in lines().values()} == {Level.OK}
    busy = lines(
        effects={("card", "pending"): Line(1, ago(minutes=2))},
        ready=Line(1, ago(seconds=5)),
        leased=3,
    )
    assert busy["on its way"] == (Level.OK, "1 message.")
    assert busy["delivery"] == (Level.OK, "nothing waits for a process; 3 at work.")


@pytest.mark.parametrize(
    "about, stands, level, words",
    [
        (
            "delivery",
            {"ready": Line(2, ago(hours=3))},
            Level.FAIL,
            "2 lanes ready, the longest for 3",
        ),
        (
            "on its way",
            {"effects": {("card", "unknown"): Line(1200, ago(minutes=40))}},
            Level.WARN,
            "1,200 messages, the oldest since 40 minutes.",
        ),
        ("digests due", {"digests": Line(1, ago(days=1))}, Level.FAIL, "1, the latest by 1 day."),
        ("reminders due", {"timers": Line(9, ago(seconds=121))}, Level.FAIL, "9, the latest by 2"),
        ("set aside", {"set_aside": 3}, Level.WARN, "3 messages could not be delivered. `python"),
        (
            "set aside",
            {"set_aside": 3, "set_aside_lately": 1},
            Level.WARN,
            "3 messages could not be delivered, 1 of them within the hour.",
        ),
        ("promises", {"overdue": Line(1, ago(hours=30))}, Level.WARN, "1 submission overdue, the"),
    ],
)
def test_what_is_wrong_is_named(
    about: str, stands: dict[str, Any], level: Level, words: str
) -> None:
    found = lines(**stands)
    assert found[about][0] is level
    assert found[about][1].startswith(words)
    assert {other for other, (each, _) in found.items() if each is not Level.OK} == {about}


@pytest.mark.parametrize(
    "public_url, hooks, level, told",
    [
        ("", HooksAtWork(1, 0, NOW), Level.WARN, "1 webhook. Set PUBLIC_URL, so"),
        (DESK, HooksAtWork(2, 1, NOW), Level.WARN, "2 webhooks; what came last to 1 was refused."),
        (DESK, HooksAtWork(2, 0, None), Level.OK, "2 webhooks; nothing came so far."),
        (DESK, HooksAtWork(1, 0, ago(hours=3)), Level.OK, "1 webhook; the last message came 3 h"),
    ],
)
def test_what_becomes_of_webhooks(
    public_url: str, hooks: HooksAtWork, level: Level, told: str
) -> None:
    found = check_hooks(settings("sqlite:///x", public_url=public_url), hooks, NOW)
    assert found.level is level
    assert found.sentence.startswith(told)


async def test_from_the_database(at_work: Scene, sqlite_url: str) -> None:
    s = at_work
    s.ws.archive(s.content)
    await s.sam.slash("/social-idea", channel=s.general)
    await s.sam.submit({"title": "A thing"})
    await s.settle()
    database = Database(sqlite_url)
    found = await examine_work(settings(sqlite_url), database, s.clock.now())
    said = [finding.line() for finding in found]
    assert said[0] == "ok    delivery: nothing waits for a process; 0 at work."
    assert any(line.startswith("warn  set aside: 1 message could not") for line in said)
    assert "ok    webhooks: none; admins make them with /social hooks." in said
    assert said[-1] == "ok    metrics: off; METRICS_PORT or METRICS_TOKEN opens them."
    opened = settings(sqlite_url, metrics_port=9464, metrics_token="s3cret")
    (*_, last) = await examine_work(opened, database, s.clock.now())
    assert last.sentence == "at 127.0.0.1:9464 and 127.0.0.1:3000 with the token."
    await database.close()


async def test_a_database_that_does_not_tell(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/none.db"
    database = Database(url)
    (only,) = await examine_work(settings(url), database, START)
    assert only.line() == "warn  work: how everything stands is not known (StorageDownError)."
    await database.close()


@pytest.mark.postgres
async def test_the_clock_that_all_share(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    given = settings(postgresql_url)
    for off, level in ((0, Level.OK), (60, Level.WARN)):
        now = datetime.now(UTC) + timedelta(seconds=off)  # noqa: TID251  against a real clock
        found = {one.about: one for one in await examine_work(given, database, now)}
        assert found["database's clock"].level is level
        assert f"{off} s from this machine's." in found["database's clock"].sentence
    await database.close()


@pytest.mark.postgres
async def test_whether_workers_listen_for_wakeups(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    given = settings(postgresql_url)

    async def said(given: Settings) -> str:
        (found,) = [
            one for one in await examine_work(given, database, START) if one.about == "wake-ups"
        ]
        return found.line()

    assert (await said(given)).startswith("warn  wake-ups: no worker listens. Does a process")
    plain = make_url(postgresql_url).set(drivername="postgresql")
    with psycopg.connect(
        plain.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now()), (now() - interval '31 seconds')"
        )
    assert await said(given) == (
        "ok    wake-ups: 1 worker listens; Procrastinate's tables are current."
    )
    polls = settings(postgresql_url, wake_ups="poll")
    assert await said(polls) == "ok    wake-ups: workers ask five times a second (WAKE_UPS=poll)."
    await database.close()


@pytest.mark.postgres
async def test_a_database_that_carries_no_wakeups() -> None:
    url = new_postgresql_url(is_migrated=False)
    database = Database(url)
    (found,) = await examine_wakeups(settings(url), database)
    assert found.level is Level.FAIL
    assert "Run `python app.py migrate`, or set WAKE_UPS=poll" in found.sentence
    await database.close()


async def test_whether_those_are_there_who_are_told() -> None:
    async def hear(_request: web.Request) -> web.Response:
        return web.Response(status=404)

    url = "sqlite:///unused.db"
    given = settings(url, port=0)
    async with listening(given, [web.get("/", hear)]) as there, aiohttp.ClientSession() as session:
        assert await examine_telemetry(given, session) == []
        dsn = f"{there.replace('://', '://key@')}/1"
        opened = settings(url, otel_exporter_otlp_endpoint=there, sentry_dsn=dsn)
        said = [finding.line() for finding in await examine_telemetry(opened, session)]
        assert said == [
            f"ok    traces: go to {there}.",
            f"ok    error reports: go to {there}.",
        ]
    away = settings(url, otel_exporter_otlp_endpoint="http://127.0.0.1:9", sentry_dsn="none")
    async with aiohttp.ClientSession() as session:
        traces, reports = await examine_telemetry(away, session)
    assert traces.level is Level.WARN
    assert "Is OTEL_EXPORTER_OTLP_ENDPOINT right" in traces.sentence
    assert reports.level is Level.FAIL
    assert "SENTRY_DSN" in reports.sentence
