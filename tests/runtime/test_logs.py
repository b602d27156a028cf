"""Logs: no tokens, whoever wrote them there, and no personal data."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from runtime.logs import set_up_logs
from tests.support.desk import Scene
from tests.support.processes import ROOT

PERSONAL = ("Marker", "marker@", "+49 170", "Sam Sales", "Cora Content", "whispered", "our-deal")


@pytest.fixture
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What would stand on standard error, at the level and in the style that is asked for."""
    level, style = request.param
    root = logging.getLogger()
    before = root.handlers[:], root.level
    set_up_logs(level, style)
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    handler.setStream(stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)


styles = pytest.mark.parametrize("log", [("DEBUG", "json"), ("DEBUG", "console")], indirect=True)
TOKENS = ("xoxb-1-2-abcDEF", "xoxp-1-abc", "xapp-1-A1-2-abc", "xoxe.xoxb-1-abc", "xoxe-1-abc")


@styles
@pytest.mark.parametrize("token", TOKENS)
def test_a_token_never_stands_in_a_log(log: io.StringIO, token: str) -> None:
    logger = logging.getLogger("bot.example")
    logger.info("with %s in it", token)
    logger.info("as a field", extra={"why": f"Bearer {token}", "more": {"token": [token]}})
    logging.getLogger("slack_sdk.web").warning("sent with %s", token)
    try:
        int(token)
    except ValueError:
        logger.exception("failed")
    text = log.getvalue()
    assert text.count("…") >= 5
    assert token.rpartition("-")[2] not in text.replace("example", "")


@pytest.mark.parametrize("log", [("INFO", "json")], indirect=True)
def test_a_line_is_one_json_object(log: io.StringIO) -> None:
    logger = logging.getLogger("runtime.example")
    logger.info("digest fired", extra={"subscription": "führung"})
    logger.debug("unheard")
    libraries = [logging.getLogger(name) for name in ("slack_bolt.App", "slack_sdk.web", "asyncio")]
    for library in libraries:
        library.setLevel(logging.DEBUG)  # as Bolt does with its own
        library.info("unheard")
        library.setLevel(logging.NOTSET)
    (line,) = log.getvalue().splitlines()
    found = json.loads(line)
    assert found["event"] == "digest fired"
    assert found["subscription"] == "führung"
    assert found["level"] == "info"
    assert found["logger"] == "runtime.example"
    assert found["timestamp"].endswith("Z")


@styles
async def test_a_journey_leaves_nobody_s_words_in_the_log(log: io.StringIO, at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-testimonial", "It works, whispered Ada Marker", channel=s.general)
    await s.sam.submit(
        {"customer": "our-deal", "person": "Ada Marker", "consent_wording": "marker@example.com"}
    )
    await s.sam.slash("/social-lead", "whispered at the fair", channel=s.general)
    await s.sam.submit({"name": "Ben Marker", "contact": "+49 170 1234567"})
    s.ws.fault("chat.postMessage", "lost", times=2)
    s.ws.fault("chat.update", "500")
    s.ws.fault("views.open", "500")
    await s.settle()
    await s.lena.click(s.only_card(s.leads), "triage.open")
    await s.adam.click(s.only_card(s.advocacy), "triage.take")
    await s.wait(minutes=2)
    await s.ava.click(s.only_card(s.advocacy), "triage.decline")
    await s.ava.submit({"reason": "already_covered", "note": "whispered before"})
    await s.sam.slash("/social", "whispered nonsense", channel=s.general)
    await s.sam.slash("/social", "mine", channel=s.general)
    await s.wait(days=5)
    text = log.getvalue()
    assert "effect waits" in text
    for personal in PERSONAL:
        assert personal not in text


@styles
async def test_a_bug_leaves_nobody_s_words_in_the_log(
    log: io.StringIO, at_work: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("a bug")

    s = at_work
    await s.sam.slash("/social-lead", "whispered at the fair", channel=s.general)
    monkeypatch.setattr("handlers.submit.hand_in", fails)
    await s.sam.submit({"name": "Ben Marker", "contact": "+49 170 1234567"})
    assert "reference REF1" in str(s.sam.errors)
    text = log.getvalue()
    assert "REF1" in text
    assert "RuntimeError: a bug" in text
    for personal in PERSONAL:
        assert personal not in text


def test_what_only_colours_stack_traces_is_not_loaded() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, runtime.logs; print('rich' in sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout.strip() == "False"
