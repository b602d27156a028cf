"""HTTP in: what Slack never sends is refused, stores nothing, and breaks nothing."""

import json
from typing import Any

import pytest

from sandbox.clock import wall_time
from sandbox.transports.http import FORM, JSON, HttpDelivery
from tests.support.desk import Scene
from tests.support.signed import Caller

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


@pytest.mark.parametrize("offset", [-301, -86_400, 301, 86_400])
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
