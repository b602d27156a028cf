"""`python app.py serve` as an operator runs it, beside a workspace on a local port."""

import asyncio
import signal
from pathlib import Path

import aiohttp
import pytest

from sandbox.state import Identity
from tests.support.processes import LONG, Town, answers_at, free_port, program, town

pytestmark = pytest.mark.slow


async def hand_in(t: Town, title: str) -> None:
    await t.sam.slash("/social-idea", "Told by Sam's secret words", channel=t.general)
    await t.sam.submit({"title": title})


def titles(t: Town) -> list[str]:
    """How often each title stands on a card."""
    return sorted(
        title for card in t.cards() for title in ("First", "Second") if title in card.text
    )


async def reopened(t: Town, number: int) -> None:
    """Wait for the `number`th socket, and that it is the only one."""
    link = t.server.link
    await t.ws.until(lambda: link.opened == number and link.connections == 1, seconds=LONG)


@pytest.fixture
def beside(sqlite_url: str) -> Path:
    """A folder without an .env of anybody's."""
    return Path(sqlite_url.removeprefix("sqlite:///")).parent


async def test_the_main_flow_over_socket_mode_through_broken_links(
    sqlite_url: str, beside: Path
) -> None:
    async with (
        town(sqlite_url) as t,
        program(beside, "serve", **t.settings(log_level="DEBUG")) as desk,
    ):
        await t.linked()
        await hand_in(t, "First")
        await t.quiet()
        assert titles(t) == ["First"]
        for number, kind in enumerate(("disconnect", "close", "abort"), start=2):
            t.ws.fault("link", kind)
            await reopened(t, number)
        await hand_in(t, "Second")
        await t.cora.click(t.cards()[0], "triage.take")
        await t.quiet()
        assert titles(t) == ["First", "Second"]
        assert len(t.story()) == 1
        assert t.ws.problems == []
        assert await desk.stop() == 0
        assert "xoxb-" not in desk.errors.replace("xoxb-…", "")
        for marker in ("secret words", "Marker", "First", "Second"):
            assert marker not in desk.errors
        assert "Traceback" not in desk.errors


async def test_the_main_flow_over_http(sqlite_url: str, beside: Path) -> None:
    port = free_port()
    async with (
        town(sqlite_url) as t,
        program(beside, "serve", **t.settings(port=port, socket_mode=False)) as desk,
    ):
        await answers_at(port)
        await t.call_over_http(port)
        assert t.delivery is not None
        assert await t.delivery.verify()
        await hand_in(t, "First")
        await t.quiet()
        await t.cora.click(t.cards()[0], "triage.take")
        await t.quiet()
        assert titles(t) == ["First"]
        assert len(t.story()) == 1
        assert t.ws.problems == []
        assert await desk.stop() == 0


@pytest.mark.parametrize("socket_mode", [True, False])
async def test_webhooks_are_answered_however_slack_s_requests_come(
    sqlite_url: str, beside: Path, socket_mode: bool
) -> None:
    port = free_port()
    given = {
        "Content-Type": "application/json",
        "webhook-id": "msg_1",
        "webhook-timestamp": "1",
        "webhook-signature": "v1,AAAA",
    }
    async with (
        town(sqlite_url) as t,
        program(beside, "serve", **t.settings(port=port, socket_mode=socket_mode)) as desk,
        aiohttp.ClientSession() as session,
    ):
        await desk.said('"serving"')
        url = f"http://127.0.0.1:{port}/hooks/{t.ws.identity.team_id}.V1"
        async with session.post(url, data=b"{}", headers=given) as response:
            assert response.status == 404
            assert await response.json() == {"error": "There is no such webhook here."}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_it_ends_what_it_is_trying(
    sqlite_url: str, beside: Path, number: signal.Signals
) -> None:
    async with town(sqlite_url) as t, program(beside, "serve", **t.settings()) as desk:
        await t.linked()
        t.ws.fault("chat.postMessage", "slow", times=2, seconds=0.5)
        await hand_in(t, "First")
        desk.ask_to_stop(number)
        assert (await desk.ended())[0] == 0
        assert titles(t) == ["First"]
        assert {row["state"] for row in t.rows("outbox")} == {"sent"}
        assert "Traceback" not in desk.errors


async def test_a_second_one_on_the_same_file_refuses(sqlite_url: str, beside: Path) -> None:
    async with town(sqlite_url) as t, program(beside, "serve", **t.settings()) as desk:
        await desk.said('"serving"')
        async with (
            program(beside, "serve", **t.settings()) as second,
            program(beside, "migrate", database_url=sqlite_url) as migration,
        ):
            for late in (second, migration):
                assert (await late.ended())[0] == 1
                assert "Another Social Desk process is using" in late.errors
                assert "Traceback" not in late.errors
        await hand_in(t, "First")
        await t.quiet()
        assert titles(t) == ["First"]


async def test_a_slack_that_does_not_answer_is_waited_for(sqlite_url: str, beside: Path) -> None:
    port = free_port()
    identity = Identity()
    given = {
        "slack_bot_token": identity.bot_token,
        "slack_app_token": identity.app_token,
        "slack_api_url": f"http://127.0.0.1:{port}/api/",
        "database_url": sqlite_url,
        "port": 0,
    }
    async with program(beside, "serve", **given) as desk:
        await desk.said("Slack does not answer yet")
        async with town(sqlite_url, port=port) as t:
            t.ws.fault("auth.test", "500")
            t.ws.fault("users.list", "500")
            t.ws.fault("apps.connections.open", "500")
            await t.linked()
            await hand_in(t, "First")
            await t.quiet()
            assert titles(t) == ["First"]
            assert await desk.stop() == 0


async def test_while_it_waits_for_slack_it_can_be_stopped(sqlite_url: str, beside: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/api/"
    given = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", "slack_api_url": url}
    async with program(beside, "serve", database_url=sqlite_url, **given) as desk:
        await desk.said("Slack does not answer yet")
        assert await desk.stop() == 0


async def test_a_worker_beside_sqlite_has_nothing_to_do(beside: Path) -> None:
    async with program(beside, "serve", "--role", "worker") as worker:
        await worker.said("nothing to do")
        assert await worker.stop() == 0
    assert not (beside / "social-desk.db").exists()


async def test_a_token_that_slack_does_not_know(sqlite_url: str, beside: Path) -> None:
    async with town(sqlite_url) as t:
        t.ws.fault("auth.test", "error", code="account_inactive")
        async with program(beside, "serve", **t.settings()) as desk:
            assert (await desk.ended())[0] == 1
            assert "SLACK_BOT_TOKEN: Slack answers “account_inactive”" in desk.errors
            assert "Traceback" not in desk.errors


async def test_an_app_token_that_slack_does_not_know(sqlite_url: str, beside: Path) -> None:
    async with town(sqlite_url) as t:
        given = t.settings() | {"slack_app_token": "xapp-from-another-app"}
        async with program(beside, "serve", **given) as desk:
            assert (await desk.ended())[0] == 1
            assert "SLACK_APP_TOKEN" in desk.errors
            assert "Traceback" not in desk.errors


async def test_a_port_that_is_taken(sqlite_url: str, beside: Path) -> None:
    async with town(sqlite_url) as t:
        taken = int(t.url.rpartition(":")[2])
        async with program(beside, "serve", **t.settings(port=taken)) as desk:
            assert (await desk.ended())[0] == 1
            assert f"PORT: {taken}" in desk.errors
            assert "Traceback" not in desk.errors


async def test_a_database_that_can_t_be_opened(beside: Path, tmp_path: Path) -> None:
    (tmp_path / "garbage.db").write_bytes(b"not a database at all" * 1000)
    urls = [f"sqlite:///{tmp_path}/nowhere/desk.db", f"sqlite:///{tmp_path}/garbage.db"]
    urls += [f"sqlite:///{tmp_path}", "postgresql://desk:s3cret@127.0.0.1:1/desk"]
    async with town("sqlite:///unused.db", is_set_up=False) as t:
        desks = await asyncio.gather(
            *(_ends(beside, **(t.settings() | {"database_url": url})) for url in urls)
        )
    for status, errors in desks:
        assert status == 1, errors
        assert "Traceback" not in errors
        assert "DATABASE_URL" in errors
        assert "s3cret" not in errors


async def _ends(folder: Path, **given: object) -> tuple[int, str]:
    async with program(folder, "serve", **given) as desk:
        return (await desk.ended())[0], desk.errors


async def test_an_env_file_is_read(sqlite_url: str, beside: Path) -> None:
    async with town(sqlite_url) as t:
        text = "".join(f"{name.upper()}={value}\n" for name, value in t.settings().items())
        (beside / ".env").write_text(text, encoding="utf-8")
        async with program(beside) as desk:
            await t.linked()
            assert await desk.stop() == 0
