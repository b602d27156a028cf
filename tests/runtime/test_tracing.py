"""Traces: from the request to what Slack was asked for it, and nothing that anybody typed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.outbox import Effect, EffectKind
from runtime.doors import listening
from runtime.settings import SettingsError
from runtime.tallies import Tallies
from runtime.telemetry import telemetry
from runtime.tracing import tracing
from runtime.watching import Watching
from tests.support.desk import Scene, scene, settings
from tests.support.processes import ROOT, answers_at, free_port, program, rows_of, town


async def journey(s: Scene) -> None:
    await s.sam.slash("/social-lead", "whispered at the fair", channel=s.general)
    await s.sam.submit({"name": "Ben Marker", "contact": "+49 170 1234567"})
    await s.settle()


async def traced(sqlite_url: str) -> tuple[list[ReadableSpan], Scene]:
    exporter = InMemorySpanExporter()
    with tracing("all", SimpleSpanProcessor(exporter)) as spans:
        async with scene(sqlite_url, spans=spans) as s:
            await journey(s)
        found = list(exporter.get_finished_spans())
    return found, s


def child_of(found: list[ReadableSpan], parent: ReadableSpan) -> list[ReadableSpan]:
    assert parent.context is not None
    at = parent.context.span_id
    return [span for span in found if span.parent is not None and span.parent.span_id == at]


async def test_one_trace_from_the_request_to_slack(sqlite_url: str) -> None:
    found, _ = await traced(sqlite_url)
    (form,) = [span for span in found if span.name == "request view_submission"]
    below = child_of(found, form)
    names = {span.name for span in below}
    assert {"transaction hand_in", "effect card", "effect receipt"} <= names
    (card,) = [span for span in below if span.name == "effect card"]
    assert {"slack chat.postMessage", "transaction gather_briefly", "transaction end_try"} <= {
        span.name for span in child_of(found, card)
    }
    assert form.context is not None
    assert card.context is not None
    assert card.context.trace_id == form.context.trace_id
    attributes = card.attributes
    assert attributes is not None
    assert attributes["social_desk.submission"] == 1
    assert attributes["social_desk.outcome"] == "sent"
    (command,) = [span for span in found if span.name == "request command"]
    assert "slack views.open" in {span.name for span in child_of(found, command)}


async def test_the_log_names_the_trace(sqlite_url: str) -> None:
    exporter = InMemorySpanExporter()
    effect = Effect(key="card:1", kind=EffectKind.CARD, target="C1", payload={"number": 1})
    with tracing("all", SimpleSpanProcessor(exporter)) as spans:
        with Watching(Tallies(), "", spans).request("command", "T1") as around:
            pass
        with Watching(Tallies(), "", spans).effect("T1", effect, trace=around.trace) as trail:
            pass
    assert around.ids["trace"] == trail.ids["trace"]
    assert len(str(trail.ids["trace"])) == 32


async def test_nobody_is_named_in_a_trace(sqlite_url: str) -> None:
    found, s = await traced(sqlite_url)
    text = "\n".join(span.to_json() for span in found)
    assert "request view_submission" in text
    people = [person.user.id for person in (s.sam, s.lena, s.olga)]
    for personal in ("Marker", "1234567", "whispered", "at the fair", *people):
        assert personal not in text


async def test_without_a_collector_nothing_is_kept_of_traces(
    at_work: Scene, sqlite_url: str
) -> None:
    await journey(at_work)
    assert {row["trace"] for row in rows_of(sqlite_url, "outbox")} == {None}


def test_a_place_that_cannot_be_read_begins_a_trace() -> None:
    exporter = InMemorySpanExporter()
    with tracing("worker", SimpleSpanProcessor(exporter)) as spans:
        for below in ("", "nonsense", "00-0-0-00", "00-zz-11-01"):
            spans.begin("effect card", {}, below).end("sent")
        assert [span.parent for span in exporter.get_finished_spans()] == [None] * 4


def test_a_missing_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for package, given in (
        ("runtime.tracing", {"otel_exporter_otlp_endpoint": "http://127.0.0.1:1"}),
        ("runtime.reports", {"sentry_dsn": "https://key@example.com/1"}),
    ):
        monkeypatch.setitem(sys.modules, package, None)
        with (
            pytest.raises(SettingsError, match=r"requirements/telemetry\.txt") as told,
            telemetry(settings("sqlite:///x.db", **given), "all"),
        ):
            pass
        assert str(told.value).startswith(next(iter(given)).upper())


def test_nothing_of_it_is_loaded_where_nothing_is_set() -> None:
    code = (
        "import sys; from runtime.settings import Settings; import runtime.serve; "
        "from runtime.telemetry import telemetry\n"
        "with telemetry(Settings(_env_file=None), 'all') as spans: assert spans is None\n"
        "print([n for n in sys.modules if n.split('.')[0] in "
        "('opentelemetry', 'sentry_sdk', 'prometheus_client')])"
    )
    asked = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert json.loads(asked.stdout.replace("'", '"')) == []


@pytest.mark.slow
async def test_spans_arrive_at_a_collector(sqlite_url: str, tmp_path: Path) -> None:
    got: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        got.append(await request.read())
        return web.Response()

    port = free_port()
    given = settings(sqlite_url, port=0)
    async with (
        listening(given, [web.post("/v1/traces", take)]) as collector,
        town(sqlite_url) as t,
    ):
        more = {"otel_exporter_otlp_endpoint": collector}
        async with program(
            tmp_path, "serve", **t.settings(port=port, socket_mode=False, **more)
        ) as desk:
            await answers_at(port)
            await t.call_over_http(port)
            await t.sam.slash("/social-idea", "whispered", channel=t.general)
            await t.sam.submit({"title": "whispered"})
            await t.quiet()
            assert await desk.stop() == 0, desk.errors
    sent = b"".join(got)
    assert b"request view_submission" in sent
    assert b"effect card" in sent
    assert b"whispered" not in sent
