"""Errors at Sentry: where in the code and in which request, and nothing that anybody typed."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from typing_extensions import override

from runtime.reports import reporting, scrubbed
from runtime.settings import SettingsError
from runtime.telemetry import telemetry
from tests.support.desk import Scene, settings

DSN = "https://key@sentry.example.com/1"
PERSONAL = ("Marker", "1234567", "whispered", "Sam Sales")


class Kept(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[dict[str, Any]] = []

    @override
    def capture_envelope(self, envelope: Envelope) -> None:
        event = envelope.get_event()
        if event is not None:
            self.events.append(dict(event))


@pytest.fixture
def kept() -> Iterator[Kept]:
    found = Kept()
    with reporting(DSN, found):
        yield found


async def test_a_bug_is_reported_with_its_reference_and_without_words(
    kept: Kept, at_work: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_tx: object, command: object, _now: object) -> None:
        try:
            int("whispered by Ben Marker")
        except ValueError as error:
            raise RuntimeError(f"{command}") from error

    s = at_work
    await s.sam.slash("/social-lead", "whispered at the fair", channel=s.general)
    monkeypatch.setattr("handlers.submit.hand_in", fails)
    await s.sam.submit({"name": "Ben Marker", "contact": "+49 170 1234567"})
    (event,) = kept.events
    assert event["tags"]["reference"] == "REF1"
    assert event["tags"]["surface"] == "view_submission"
    assert event["tags"]["request"]
    assert event["logentry"] == {"message": "a listener failed"}
    kinds = [one["type"] for one in event["exception"]["values"]]
    assert kinds == ["ValueError", "RuntimeError"]
    frames = event["exception"]["values"][-1]["stacktrace"]["frames"]
    assert frames[-1]["function"] == "fails"
    text = json.dumps(event, default=str)
    assert s.sam.user.id not in text
    for personal in PERSONAL:
        assert personal not in text


async def test_only_errors_are_reported(kept: Kept) -> None:
    logger = logging.getLogger("runtime.example")
    logger.warning("effect set aside", extra={"effect": "card:1"})
    logger.info("digest")
    assert kept.events == []
    logger.error("lane failed", extra={"lane": "U0SAM", "reference": "R1"})
    (event,) = kept.events
    assert event["tags"] == {"reference": "R1"}
    assert "U0SAM" not in json.dumps(event, default=str)


def test_what_is_not_known_to_be_harmless_is_dropped() -> None:
    event = {
        "event_id": "1",
        "request": {"data": "whispered", "headers": {"Authorization": "x"}},
        "user": {"id": "U1"},
        "extra": {"body": "whispered"},
        "breadcrumbs": {"values": [{"message": "whispered"}]},
        "contexts": {"state": "whispered"},
        "logentry": {"message": "a listener failed", "params": ["whispered"]},
        "exception": {
            "values": [
                {
                    "type": "ValueError",
                    "value": "whispered",
                    "stacktrace": {"frames": [{"function": "f", "vars": {"text": "whispered"}}]},
                }
            ]
        },
    }
    clean = scrubbed(event, {})
    assert "whispered" not in json.dumps(clean)
    assert set(clean) == {"event_id", "logentry", "exception"}
    assert clean["exception"]["values"][0]["stacktrace"]["frames"] == [{"function": "f"}]


def test_an_address_that_is_none_is_named() -> None:
    given = settings("sqlite:///x.db", sentry_dsn="sentry.example.com")
    with pytest.raises(SettingsError, match=r"^SENTRY_DSN: should be"), telemetry(given, "all"):
        pass
    with pytest.raises(ValueError, match="otel_exporter_otlp_endpoint"):
        settings("sqlite:///x.db", otel_exporter_otlp_endpoint="localhost:4318")


def test_nothing_is_reported_after_the_end() -> None:
    found = Kept()
    before = list(logging.getLogger().handlers)
    with reporting(DSN, found):
        pass
    logging.getLogger("runtime.example").error("late")
    assert found.events == []
    assert logging.getLogger().handlers == before
