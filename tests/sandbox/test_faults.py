"""Faults of Web API calls, in process: the same that the server gives over sockets."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.session import local_session
from tests.support.sandbox_app import START, World, build


@pytest.fixture(autouse=True)
def not_running(world: World) -> None:
    """The app only calls here: no events reach it."""
    world.ws.connect(None)


async def post(world: World) -> None:
    await world.client.chat_postMessage(channel=world.ideas.id, text="x")


def count(world: World) -> int:
    return len(world.ada.messages(world.ideas.id))


@pytest.mark.parametrize(
    "kind,error,left",
    [
        ("lost", aiohttp.ServerDisconnectedError, 1),
        ("timeout", asyncio.TimeoutError, 0),
        ("refused", aiohttp.ClientConnectorError, 0),
        ("500", SlackApiError, 0),
        ("429", SlackApiError, 0),
        ("error", SlackApiError, 0),
        ("html", SlackApiError, 0),
    ],
)
async def test_a_fault_and_what_it_leaves(
    world: World, kind: str, error: type[Exception], left: int
) -> None:
    world.ws.fault("chat.postMessage", kind)
    with pytest.raises(error):
        await post(world)
    assert count(world) == left
    await post(world)
    assert count(world) == left + 1


async def test_an_error_may_come_after_the_effect(world: World) -> None:
    world.ws.fault("chat.postMessage", "error", code="fatal_error", applied=True)
    with pytest.raises(SlackApiError) as failed:
        await post(world)
    assert failed.value.response["error"] == "fatal_error"
    assert count(world) == 1


async def test_the_sdk_repeats_a_lost_answer_if_it_is_let(world: World) -> None:
    client = AsyncWebClient(token=world.ws.identity.bot_token, session=local_session(world.ws))
    world.ws.fault("chat.postMessage", "lost")
    await client.chat_postMessage(channel=world.ideas.id, text="twice")
    assert count(world) == 2


async def test_retry_after_is_what_was_asked_for(world: World) -> None:
    world.ws.fault("chat.postMessage", "429", retry_after=30, times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as limited:
            await post(world)
        assert limited.value.response.status_code == 429
        assert limited.value.response.headers["Retry-After"] == "30"
    await post(world)


async def test_a_slow_call_lets_the_clock_run(world: World) -> None:
    world.ws.fault("chat.postMessage", "slow", seconds=4)
    await post(world)
    assert world.clock.now() == START + timedelta(seconds=4)


def test_a_fault_must_fit() -> None:
    ws = build().ws
    with pytest.raises(ValueError, match="no fault 'twice'"):
        ws.fault("chat.postMessage", "twice")
    with pytest.raises(ValueError, match="no fault '500'"):
        ws.fault("events_api", "500")
    with pytest.raises(ValueError, match="no Socket Mode link"):
        ws.fault("link", "abort")
    with pytest.raises(ValueError, match="no fault 'late' for the link"):
        ws.fault("link", "late")
    assert ws.faults.waiting() == []
