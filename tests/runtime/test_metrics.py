"""`/metrics`: what Prometheus reads, who may, and that it tells of nobody."""

import contextlib
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from slack_sdk.errors import SlackApiError

from bot.errors import StorageBusyError
from handlers.workplaces import client_with
from runtime.doors import listening, metrics_of
from runtime.metrics import PREFIX, Metrics, MetricsDoor, described
from runtime.pulse import FRESH, Pulses
from runtime.settings import Settings
from runtime.slack import CountedClient
from sandbox.clock import FrozenClock
from storage.database import Database
from storage.pulse import Pulse
from storage.schema import HEAD
from tests.support.desk import START, Scene, settings
from tests.support.processes import answers_at, free_port, program, town

Samples = dict[str, dict[tuple[str, ...], float]]


LABELS = ("surface", "method", "kind", "mode", "outcome", "code", "role", "database", "schema")


def samples(page: str) -> Samples:
    """Every sample, by its name without our prefix and the values of its labels, the most telling
    one first.
    """
    found: Samples = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            values = tuple(
                sample.labels[name]
                for name in (*LABELS, *sorted(set(sample.labels) - set(LABELS)))
                if name in sample.labels
            )
            found.setdefault(sample.name.removeprefix(PREFIX), {})[values] = sample.value
    return found


async def scraped(metrics: Metrics) -> Samples:
    return samples((await metrics.page()).decode())


def of(s: Scene, url: str) -> Metrics:
    pulses = Pulses(s.desk.database, s.clock)
    return metrics_of(settings(url), "all", s.desk, pulses)


async def test_a_journey_in_numbers(at_work: Scene, sqlite_url: str) -> None:
    s, metrics = at_work, of(at_work, sqlite_url)
    await s.sam.slash("/social-idea", channel=s.general)
    await s.sam.submit({"title": "A thing"})
    await s.settle()
    found = await scraped(metrics)
    assert found["info"] == {("all", "sqlite", HEAD): 1}
    assert found["database_up"] == {(): 1}
    assert found["ack_seconds_count"]["command", "ok"] == 1
    assert found["ack_seconds_bucket"]["view_submission", "ok", "+Inf"] == 1
    assert found["effect_tries_total"]["card", "sent"] == 1
    assert found["effects_dead"] == {(): 0}
    assert found["submissions_overdue"] == {(): 0}
    assert found["lane_oldest_seconds"] == {(): 0}
    assert "effects" not in found  # nothing is open
    assert found["process_resident_memory_bytes"][()] > 10_000_000


async def test_an_outage_of_slack_shows_in_ages_and_ends(at_work: Scene, sqlite_url: str) -> None:
    s, metrics = at_work, of(at_work, sqlite_url)
    s.ws.fault("chat.postMessage", "500", times=1000)
    s.ws.fault("conversations.history", "500", times=1000)
    await s.sam.slash("/social-idea", channel=s.general)
    await s.sam.submit({"title": "A thing"})
    ages = []
    for _ in range(3):
        await s.clock.advance(timedelta(minutes=10))
        await s.desk.rest()
        ages.append((await scraped(metrics))["effect_oldest_seconds"]["card",])
    assert ages == sorted(ages)
    assert ages[0] >= 600
    assert ages[-1] >= 1800
    s.ws.faults.clear()
    await s.wait(minutes=10)
    found = await scraped(metrics)
    assert "effect_oldest_seconds" not in found
    assert found["effect_tries_total"]["card", "sent"] == 1
    assert found["effect_tries_total"]["card", "unknown"] >= 3


async def test_a_dead_effect_and_a_missed_promise(at_work: Scene, sqlite_url: str) -> None:
    s, metrics = at_work, of(at_work, sqlite_url)
    s.ws.archive(s.content)
    await s.sam.slash("/social-idea", channel=s.general)
    await s.sam.submit({"title": "A thing"})
    await s.settle()
    found = await scraped(metrics)
    assert found["effects_dead_lately"] == {(): 1}
    assert found["effect_tries_total"]["card", "dead"] == 1
    await s.wait(days=14)
    found = await scraped(metrics)
    assert found["effects_dead"] == {(): 1}
    assert found["effects_dead_lately"] == {(): 0}
    assert found["submissions_overdue"] == {(): 1}
    assert found["submission_overdue_seconds"][()] > 86_400
    assert found["timers_total"]["escalate",] == 1


@contextlib.contextmanager
def gone(sqlite_url: str) -> Iterator[None]:
    """The database's file is somewhere else meanwhile."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    aside = path.rename(path.with_name("aside"))
    yield
    aside.rename(path)


async def test_when_the_database_does_not_tell(at_work: Scene, sqlite_url: str) -> None:
    metrics = of(at_work, sqlite_url)
    with gone(sqlite_url):
        found = await scraped(metrics)
    assert found["database_up"] == {(): 0}
    assert "effects_dead" not in found


async def test_the_database_is_asked_now_and_then_only(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    clock = FrozenClock(START)

    async def ask(_database: Database, _question: object) -> Pulse:
        asked.append(clock.now())
        if len(asked) == 2:
            raise StorageBusyError
        return Pulse(at=clock.now())

    monkeypatch.setattr(Database, "ask", ask)
    database = Database(sqlite_url)
    pulses = Pulses(database, clock)
    first = await pulses.newest()
    assert await pulses.newest() is first
    await clock.advance(FRESH)
    assert await pulses.newest() is None
    assert await pulses.newest() is None  # one that has trouble is not asked at once again
    await clock.advance(FRESH)
    assert await pulses.newest() == Pulse(at=clock.now())
    assert len(asked) == 3
    await database.close()


async def test_every_metric_is_described_and_labels_name_nobody(
    at_work: Scene, sqlite_url: str
) -> None:
    s, metrics = at_work, of(at_work, sqlite_url)
    await s.sam.slash("/social-lead", "whispered at the fair", channel=s.general)
    await s.sam.submit({"name": "Ben Marker", "contact": "+49 170 1234567"})
    await s.settle()
    page = (await metrics.page()).decode()
    known = {PREFIX + name.removesuffix("_total"): labels for name, _, _, labels in described()}
    for family in text_string_to_metric_families(page):
        if family.name.startswith("process_"):
            continue
        for sample in family.samples:
            assert set(sample.labels) - {"le"} == set(known[family.name])
    for personal in ("Marker", "4917", "+49", "whispered", s.sam.user.id, s.leads):
        assert personal not in page
    assert s.ws.identity.team_id not in page


@contextlib.asynccontextmanager
async def listening_with(door: MetricsDoor) -> AsyncIterator[str]:
    async with listening(settings("sqlite:///unused.db", port=0), door.routes()) as url:
        yield f"{url}/metrics"


async def test_only_with_the_token(at_work: Scene, sqlite_url: str) -> None:
    door = MetricsDoor("s3cret")
    door.open_up(of(at_work, sqlite_url))
    async with listening_with(door) as url, aiohttp.ClientSession() as session:
        for shown in ({}, {"Authorization": "Bearer other"}, {"Authorization": "s3cret"}):
            async with session.get(url, headers=shown) as response:
                assert response.status == 401
                assert await response.text() == ""
        async with session.get(url, headers={"Authorization": "Bearer s3cret"}) as response:
            assert response.status == 200
            assert samples(await response.text())["database_up"] == {(): 1}


async def test_before_there_is_something_to_show() -> None:
    async with (
        listening_with(MetricsDoor()) as url,
        aiohttp.ClientSession() as session,
        session.get(url) as response,
    ):
        assert response.status == 503


@pytest.mark.slow
async def test_a_server_shows_metrics_where_it_is_told_to(sqlite_url: str, tmp_path: Path) -> None:
    port, inner = free_port(), free_port()
    async with town(sqlite_url) as t, aiohttp.ClientSession() as session:
        given = t.settings(port=port, socket_mode=False)
        async with program(tmp_path, "serve", **given, metrics_port=inner):
            await answers_at(port)
            async with session.get(f"http://127.0.0.1:{port}/metrics") as response:
                assert response.status == 404
            async with session.get(f"http://127.0.0.1:{inner}/metrics") as response:
                found = samples(await response.text())
            assert found["slack_calls_total"]["auth.test", "ok"] == 1
            async with session.post(f"http://127.0.0.1:{port}/slack/events", data=b"x") as response:
                assert response.status == 401
            async with session.get(f"http://127.0.0.1:{inner}/metrics") as response:
                found = samples(await response.text())
            assert found["requests_refused_total"] == {("401",): 1}


def test_names_are_as_prometheus_wants_them() -> None:
    for name, kind, meaning, labels in described():
        assert re.fullmatch(r"[a-z_]+", name)
        assert name.endswith("_total") == (kind == "counter")
        assert meaning[0].isupper() or meaning[0].isdigit()
        assert set(labels) <= {
            *("surface", "outcome", "status", "mode", "method", "code", "kind", "state", "tick"),
            *("done", "role", "database", "schema"),
        }
    assert Settings.model_fields["metrics_port"].default == 0


async def test_a_workspace_s_own_client_is_counted_too(at_work: Scene) -> None:
    heard: list[tuple[str, str]] = []
    base = at_work.desk.app.client
    assert isinstance(base, CountedClient)
    base.heard = lambda method, code, _seconds, _date: heard.append((method, code))
    own = client_with(base, "xoxb-other", "T1")
    with pytest.raises(SlackApiError):
        await own.auth_test()
    await base.api_test()
    assert heard == [("auth.test", "invalid_auth"), ("api.test", "ok")]
    assert (own.token, base.token) == ("xoxb-other", at_work.ws.identity.bot_token)
    assert own.default_params == {"team_id": "T1"}
