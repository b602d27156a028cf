"""A whole journey, with faults, bugs and a database that fails, leaves nothing personal in the log,
in the metrics and in the outbox.
"""

import contextlib
import io
import json
import logging
import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.erasing import Erase, erase
from bot.errors import DeskError
from bot.lifecycle import OPERATOR
from runtime.logs import set_up_logs
from runtime.metrics import Metrics
from runtime.pulse import Pulses
from sandbox.state import Identity
from storage.database import Database
from tests.support.desk import Scene, scene
from tests.support.storage_examples import Workspace, make_submission
from tests.support.words import asked, now, press

MARKERS = {
    "name": "Nadia Markiert",
    "contact": "nadia@marker.example",
    "need": "needle-in-the-need",
    "quote": "quote-as-it-was-said",
    "customer": "Markerworks",
    "person": "Petra Markiert",
    "position": "Head of Marking",
    "consent_wording": "wording-that-they-agreed-to",
    "question": "question-to-sam",
    "answer": "answer-of-sam",
    "reply": "reply-of-lena",
    "note": "note-of-the-decline",
    "title": "title-of-the-idea",
    "typed": "typed-and-not-sent",
    "found": "looked-for",
}
PEOPLE = ("Sam Sales", "Lena Leads", "Adam Advocacy")


def secrets() -> tuple[str, ...]:
    identity = Identity()
    return (identity.bot_token, identity.signing_secret)


@pytest.fixture(params=["json", "console"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What would stand on standard error, as the serving process sets its logs up."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    set_up_logs("DEBUG", request.param)
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream := io.StringIO())
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)


def check_nothing_of_it(in_text: str) -> None:
    found = [marker for marker in (*MARKERS.values(), *PEOPLE, *secrets()) if marker in in_text]
    assert found == []


async def a_lead(s: Scene) -> None:
    """Handed in, asked about, answered, replied to, passed on, while Slack has its moods."""
    await s.sam.slash("/social-lead", MARKERS["need"], channel=s.general)
    given = {name: MARKERS[name] for name in ("name", "contact", "need")}
    s.ws.fault("chat.postMessage", "lost", times=2)
    await s.sam.submit(given)
    assert s.sam.errors == {}
    await s.wait(minutes=3)
    card = s.cards(s.leads)[-1]
    s.ws.fault("chat.update", "500")
    await asked(s, s.lena, card, MARKERS["question"])
    await s.sam.click(s.dm(s.sam)[-1], "words.answer")
    await s.sam.submit({"text": MARKERS["answer"]})
    await s.settle()
    await press(s, s.lena, card, "triage.reply", "Reply")
    s.ws.fault("chat.postMessage", "error", code="invalid_blocks")
    await s.lena.submit({"text": MARKERS["reply"]})
    await s.settle()
    await s.lena.click(now(s, card), "triage.open")
    await press(s, s.lena, card, "triage.pass_on", "Pass on")
    await s.lena.submit({"to": "Sales"})
    await s.settle()


async def a_testimonial(s: Scene) -> None:
    """Handed in with everything about its person, accepted, its consent recorded, published."""
    await s.sam.slash("/social-testimonial", MARKERS["quote"], channel=s.general)
    names = ("quote", "customer", "person", "position", "consent_wording")
    await s.sam.submit({**{name: MARKERS[name] for name in names}, "consent": "granted"})
    await s.settle()
    card = s.cards(s.advocacy)[-1]
    await s.adam.click(card, "triage.accept")
    await s.settle()
    await press(s, s.adam, card, "triage.consent", "Record consent")
    await s.adam.submit({"wording": MARKERS["consent_wording"], "shown": "name"})
    await s.settle()
    await press(s, s.adam, card, "triage.publish", "Published")
    await s.adam.submit({"link": "https://example.com/p"})
    await s.settle()


async def an_idea(s: Scene) -> None:
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": MARKERS["title"]})
    await s.settle()
    card = s.cards(s.content)[-1]
    await press(s, s.cora, card, "triage.decline", "Decline")
    await s.cora.submit({"reason": "already_covered", "note": MARKERS["note"]})
    await s.settle()
    await s.sam.slash("/social", f"find {MARKERS['found']}", channel=s.general)
    await s.sam.slash("/social", MARKERS["found"], channel=s.general)
    await s.settle()


async def bugs_and_failures(s: Scene, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener with a bug, a database that refuses a row, and one that is full."""

    def fails(*_: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr("handlers.submit.hand_in", fails)
        await s.sam.slash("/social-lead", MARKERS["typed"], channel=s.general)
        await s.sam.submit({"name": MARKERS["name"], "need": MARKERS["typed"]})
        assert "reference" in str(s.sam.errors)
    for refusal in ("RAISE(ABORT, 'refused')", "json('not json')"):
        with altered(database_url, refusal):
            await s.sam.submit({"name": MARKERS["name"], "need": MARKERS["typed"]})
            await s.settle()
    await s.sam.close_view()
    await s.settle()


@contextlib.contextmanager
def altered(database_url: str, refusal: str) -> Iterator[None]:
    """Meanwhile the database takes no personal field."""
    path = str(make_url(database_url).database)

    def run(statement: str) -> None:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute(statement)
            connection.commit()

    run(f"CREATE TRIGGER refusing BEFORE INSERT ON submission_personal BEGIN SELECT {refusal}; END")
    try:
        yield
    finally:
        run("DROP TRIGGER refusing")


async def test_a_whole_journey(
    log: io.StringIO, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene(sqlite_url) as s:
        await a_lead(s)
        await a_testimonial(s)
        await an_idea(s)
        await bugs_and_failures(s, sqlite_url, monkeypatch)
        await s.wait(days=5)
        assert any("digest" in m.text.lower() for m in s.ws.messages[s.leadership].values())
        here = s.desk.identity.workspace_id
        command = Erase(number=1, actor_id=OPERATOR, is_whole=True)
        await s.desk.database.transact(here, erase, command, s.clock.now())
        await s.settle()
        metrics = Metrics(
            s.desk.watching.tallies,
            Pulses(s.desk.database, s.clock),
            ("all", "sqlite", "0"),
        )
        page = (await metrics.page()).decode()
        s.ws.problems.clear()
    for event in ("effect waits", "a listener failed", "layout refused", "IntegrityError"):
        assert event in log.getvalue()
    assert "social_desk" in page
    check_nothing_of_it(log.getvalue())
    check_nothing_of_it(page)
    check_nothing_of_it(outbox(sqlite_url))


def outbox(database_url: str) -> str:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        rows = [dict(row._mapping) for row in connection.execute(text("SELECT * FROM outbox"))]
    engine.dispose()
    assert rows
    return json.dumps(rows, default=str, ensure_ascii=False)


async def test_a_row_that_postgresql_refuses_is_not_told(
    log: io.StringIO, postgresql_url: str
) -> None:
    """Its errors show the whole row.

    https://www.postgresql.org/docs/current/error-style-guide.html
    """
    engine = create_engine(postgresql_url)
    rule = "ALTER TABLE submission_personal {} CONSTRAINT odd"
    with engine.begin() as connection:
        connection.execute(text(f"{rule.format('ADD')} CHECK (value = '')"))
    database = Database(postgresql_url)
    try:
        await Workspace(database).add(make_submission(), personal={"name": MARKERS["name"]})
    except DeskError:
        raise
    except Exception:
        logging.getLogger("bot.example").exception("refused")
    finally:
        await database.close()
        with engine.begin() as connection:
            connection.execute(text(rule.format("DROP")))
        engine.dispose()
    assert "violates check constraint" in log.getvalue()
    check_nothing_of_it(log.getvalue())
