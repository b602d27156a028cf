"""HTTP in: what Slack never sends is refused, stores nothing, and breaks nothing."""

import asyncio
import contextlib
import inspect
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from multidict import CIMultiDict
from slack_sdk.signature import SignatureVerifier

from sandbox.clock import wall_time
from sandbox.transports.http import FORM, JSON, HttpDelivery
from tests.support.desk import Scene
from tests.support.signed import Caller, counted, signed
from tests.support.spoilt import form

EVENT: dict[str, Any] = {
    "type": "event_callback",
    "team_id": "T00000001",
    "event_id": "Ev1",
    "event": {"type": "user_change", "user": {"id": "U1", "name": "eve"}},
}


@pytest.mark.parametrize(
    "timestamp",
    ["abc", "", "-1", "١٢٣", "9" * 400, "1e9", "{now}.5", " {now}x", "0x10", "+{now}"],
)
@pytest.mark.usefixtures("nothing_stored")
async def test_an_odd_timestamp_is_refused(call: Caller, timestamp: str) -> None:
    now = int(wall_time().timestamp())
    reply = await call.send(json.dumps(EVENT), timestamp=timestamp.replace("{now}", str(now)))
    assert reply.status == 401
    assert reply.body == {"error": "unauthorized"}


@pytest.mark.parametrize("offset", [-301, -86_400, 330, 86_400])
@pytest.mark.usefixtures("nothing_stored")
async def test_an_old_or_early_request_is_refused(call: Caller, offset: int) -> None:
    reply = await call.send(json.dumps(EVENT), timestamp=str(int(wall_time().timestamp()) + offset))
    assert reply.status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"signature": None},
        {"timestamp": None},
        {"signature": None, "timestamp": None},
        {"signature": ""},
        {"signature": "v0="},
        {"signature": "v0=" + "0" * 64},
        {"signature": "v1=é"},
        {"signature": "v0=" + "f" * 4_000},
    ],
)
@pytest.mark.usefixtures("nothing_stored")
async def test_an_unsigned_request_is_refused(call: Caller, headers: dict[str, str | None]) -> None:
    for body, kind in ((json.dumps(EVENT), JSON), ("command=%2Fsocial", FORM), ("", JSON)):
        reply = await call.send(body, kind, **headers)
        assert reply.status == 401
        assert reply.body == {"error": "unauthorized"}


@pytest.mark.usefixtures("nothing_stored")
async def test_another_secret_s_signature_is_refused(call: Caller) -> None:
    call.secret = "another"
    assert (await call.event(EVENT)).status == 401


@pytest.mark.parametrize(
    "body, kind",
    [
        ("", JSON),
        ("", FORM),
        ("{", JSON),
        ("[]", JSON),
        ("[[1]]", JSON),
        ("1", JSON),
        ("null", JSON),
        ("true", JSON),
        ('"text"', JSON),
        ("{}", JSON),
        ('{"type": 5}', JSON),
        ('{"type": null}', JSON),
        ("NaN", JSON),
        ("[" * 100_000, JSON),
        ('{"type":' + "[" * 50_000 + "]" * 50_000 + "}", JSON),
        ('{"type": "event_callback", "n": ' + "9" * 5_000 + "}", JSON),
        ("payload=", FORM),
        ("payload=[]", FORM),
        ("payload=null", FORM),
        ("payload={", FORM),
        ("payload=%FF%FE", FORM),
        ("payload={}&payload={}", FORM),
        ("something=else", FORM),
        ("&&&=", FORM),
        ("payload=" + json.dumps(EVENT), JSON),
    ],
)
@pytest.mark.usefixtures("nothing_stored")
async def test_a_malformed_body_is_refused(call: Caller, body: str, kind: str) -> None:
    reply = await call.send(body, kind)
    assert reply.status == 400
    assert reply.body == {"error": "bad request"}


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/xml",
    ],
)
@pytest.mark.usefixtures("nothing_stored")
async def test_a_type_that_slack_does_not_use_is_refused(call: Caller, kind: str) -> None:
    for body in (json.dumps(EVENT), "payload=" + json.dumps(EVENT), "<xml/>"):
        reply = await call.send(body, kind)
        assert reply.status == 415
        assert reply.body == {"error": "unsupported media type"}


@pytest.mark.usefixtures("nothing_stored")
async def test_bytes_that_are_no_text_are_refused(call: Caller) -> None:
    assert (await call.send(b'{"type": "\xff\xfe"}')).status == 400
    assert (await call.send(b"\x00\x01\x80", FORM)).status == 400


@pytest.mark.usefixtures("nothing_stored")
async def test_a_huge_body_is_refused(call: Caller) -> None:
    body = json.dumps({**EVENT, "more": "x" * 1_048_500})
    assert (await call.send(body)).status == 413


@pytest.mark.usefixtures("nothing_stored")
async def test_other_methods_and_paths_are_refused(call: Caller) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        async with call.session.request(method, call.url) as response:
            assert response.status == 405
    async with call.session.get(call.url) as response:
        assert response.status == 401
    async with call.session.post(f"{call.url}/more") as response:
        assert response.status == 404


async def test_a_new_request_url_is_verified(call: Caller) -> None:
    reply = await call.event({"type": "url_verification", "token": "x", "challenge": "3eZbr"})
    assert (reply.status, reply.body) == (200, {"challenge": "3eZbr"})
    unsigned = await call.send('{"type": "url_verification", "challenge": "x"}', signature=None)
    assert unsigned.status == 401
    assert "challenge" not in unsigned.text


async def test_slack_s_look_at_the_certificate_is_answered(call: Caller) -> None:
    """Source: https://docs.slack.dev/interactivity/implementing-slash-commands"""
    assert await call.send("ssl_check=1&token=x", FORM) == await call.send(
        "ssl_check=1&token=x", FORM, signature=None, timestamp=None
    )
    async with call.session.get(call.url, params={"ssl_check": "1", "token": "x"}) as response:
        assert (response.status, await response.text()) == (200, "")


@pytest.mark.parametrize("offset", [-295, 295])
async def test_within_five_minutes_on_either_side_a_request_is_taken(
    call: Caller, offset: int
) -> None:
    fresh = str(int(wall_time().timestamp()) + offset)
    assert (await call.send(json.dumps(EVENT), timestamp=fresh)).status == 200


def test_signatures_are_compared_in_constant_time() -> None:
    """The library does; nothing of ours compares one."""
    assert "hmac.compare_digest" in inspect.getsource(SignatureVerifier.is_valid)


@pytest.mark.usefixtures("nothing_stored")
async def test_two_signatures_are_none(call: Caller) -> None:
    body = json.dumps(EVENT).encode()
    now = str(int(wall_time().timestamp()))
    good = signed(call.secret, now, body)
    for headers in (
        [("X-Slack-Signature", good), ("X-Slack-Signature", "v0=0")],
        [("X-Slack-Signature", good), ("X-Slack-Signature", good)],
        [("X-Slack-Signature", good), ("X-Slack-Request-Timestamp", "1")],
    ):
        given = CIMultiDict([("X-Slack-Request-Timestamp", now), *headers])
        given["Content-Type"] = JSON
        async with call.session.post(call.url, data=body, headers=given) as response:
            assert response.status == 401


@pytest.mark.usefixtures("nothing_stored")
async def test_a_field_twice_is_refused(call: Caller) -> None:
    payload = urlencode({"payload": json.dumps(EVENT)})
    assert (await call.send(f"{payload}&{payload}", FORM)).status == 400
    assert (await call.send("command=%2Fsocial&command=%2Fsocial-idea", FORM)).status == 400


@pytest.mark.usefixtures("nothing_stored")
async def test_a_huge_body_in_chunks_is_refused(call: Caller) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65_536

    with contextlib.suppress(aiohttp.ClientOSError):  # it may hang up while we still send
        async with call.session.post(call.url, data=chunks()) as response:
            assert response.status == 413


@pytest.mark.usefixtures("nothing_stored")
async def test_a_body_that_does_not_come_is_not_waited_for(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.web.BODY_SECONDS", 0.05)

    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(1)
        yield b"}"

    with contextlib.suppress(aiohttp.ClientOSError):
        async with call.session.post(call.url, data=trickle()) as response:
            assert response.status == 408


async def test_the_same_request_again_changes_nothing_more(
    at_work: Scene, call: Caller, sqlite_url: str
) -> None:
    """What was recorded and is sent again within the five minutes is done already."""
    payload = await form(at_work)
    assert (await call.interact(payload)).status == 200
    await at_work.settle()
    before = counted(sqlite_url)
    for _ in range(3):
        assert (await call.interact(payload)).status == 200
    await at_work.settle()
    assert counted(sqlite_url) == before


async def test_each_answer_tells_browsers_to_be_careful(call: Caller) -> None:
    for path in ("healthz", "readyz", "slack/events", "nothing"):
        async with call.session.get(f"{call.url.rpartition('/slack')[0]}/{path}") as response:
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Cache-Control"] == "no-store"
            assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
            assert "aiohttp" not in response.headers["Server"]


async def works(scene: Scene, call: Caller) -> None:
    """The main flow over signed HTTP."""
    transport = HttpDelivery(scene.ws, call.url)
    scene.ws.connect(transport)
    await scene.sam.slash("/social-idea", "A new oven", channel=scene.general)
    await scene.sam.submit({"title": "Oven"})
    await scene.settle()
    assert "Oven" in scene.only_card(scene.content).text
    await transport.close()


async def test_after_all_that_it_still_works(at_work: Scene, call: Caller) -> None:
    for body in ("", "[" * 100_000, "{}", '{"type":"block_actions"}', '{"type":"event_callback"}'):
        await call.send(body)
        await call.interact(body)
    await works(at_work, call)
