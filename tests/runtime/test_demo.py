"""The demo as it is started."""

import socket
from datetime import timedelta
from pathlib import Path

from bot.lifecycle import State, Verb
from bot.ports import Transaction
from bot.submission import HistoryEntry, Submission
from runtime.demo import Demo, demo_desk
from runtime.demo import _started as started
from runtime.demo_company import COLLEAGUES
from runtime.demo_history import HISTORY
from runtime.demo_numbers import SHOP
from runtime.demo_past import at_work
from tests.support.desk import START
from tests.support.processes import rows_of


async def lived(demo: Demo) -> list[tuple[Submission, tuple[HistoryEntry, ...]]]:
    """Every submission of the demo, with what happened to it."""

    def read(tx: Transaction, _none: None, _now: object) -> list[Submission]:
        found = [tx.submissions.get(number) for number in range(1, len(HISTORY) + 1)]
        return [one for one in found if one is not None]

    def history(tx: Transaction, number: int, _now: object) -> tuple[HistoryEntry, ...]:
        return tx.history.of(number)

    storage, workspace_id = demo.desk.database, demo.desk.identity.workspace_id
    now = demo.clock.now()
    found = await storage.read(workspace_id, read, None, now)
    return [(one, await storage.read(workspace_id, history, one.number, now)) for one in found]


async def test_it_lives_its_past_without_anything_that_slack_would_refuse(tmp_path: Path) -> None:
    async with demo_desk(tmp_path / "demo.db") as demo:
        assert demo.ws.problems == []
        assert len(demo.people) == len(COLLEAGUES) == 10
        posted = demo.ws.messages[demo.channels["leadership"]].values()
        digests = [m for m in posted if "Social digest" in m.text]
        assert 11 <= len(digests) <= 13
        assert not [m for m in digests if "late" in m.text]
        found = await lived(demo)
        assert len(found) == len(HISTORY)
        pressed = {entry.verb for _, history in found for entry in history}
        assert {did.verb for past in HISTORY for did in past.then} <= pressed
        assert {Verb.REMIND, Verb.ESCALATE, Verb.RETURN} <= pressed
        states = {one.state for one, _ in found}
        assert states >= {State.PUBLISHED, State.WON, State.LOST, State.DUPLICATE, State.ASKED}
        assert demo.clock.now() - min(one.created_at for one, _ in found) >= timedelta(weeks=11)


async def test_numbers_come_from_elsewhere_too_and_an_objective_hangs_on_another(
    tmp_path: Path,
) -> None:
    async with demo_desk(tmp_path / "demo.db"):
        url = f"sqlite:///{tmp_path / 'demo.db'}"
        came = {row["source"].partition(":")[0] for row in rows_of(url, "conversion")}
        assert came >= {"hand", "webhook", "file"}
        audiences = {row["audience"] for row in rows_of(url, "subscription")}
        assert audiences == {"leadership", "team", "sales", "company"}
        assert len(rows_of(url, "taken_digest")) == 1
        assert {row["source"] for row in rows_of(url, "reading")} == {"hand", "webhook"}
        (hook,) = rows_of(url, "hook")
        assert (hook["name"], hook["refused_at"]) == (SHOP, None)
        parents = [row["parent_id"] for row in rows_of(url, "objective") if row["parent_id"]]
        assert len(parents) == 1


async def test_a_taken_port_is_no_trouble(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        async with demo_desk(tmp_path / "demo.db") as demo:
            server, url = await started(demo, port)
            assert not url.endswith(f":{port}")
            # What is given in the browser has the server's address, and is fetched all the same.
            lea = demo.people["lea"]
            await lea.slash("/social", "import", channel=demo.channels["general"])
            await lea.submit(
                {"files": [lea.attach("x.csv", b"type,occurred_at\nsignup,2026-01-02\n")]}
            )
            await demo.settle()
            newest = max(demo.ws.messages[demo.ws.dm(lea.user.id).id].values(), key=lambda m: m.ts)
            assert "1 line of conversions" in newest.text
            await server.stop()


def test_the_past_happened_while_people_are_at_work() -> None:
    for hours in range(24 * 14):
        moment = START + timedelta(hours=hours)
        moved = at_work(moment)
        assert moved >= moment
        assert moved.weekday() < 5
        assert 8 <= moved.hour < 17
        assert moved - moment < timedelta(days=4)
