"""Signed payloads that lack something, or have it in another shape: nothing is stored."""

import copy
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.transports.http import FORM, JSON
from tests.support.desk import Scene
from tests.support.processes import rows_of
from tests.support.signed import Caller, counted
from tests.support.spoilt import (
    FROM_OUTSIDE,
    NO_TEAM,
    NOBODY,
    OTHER_TEAM,
    Payload,
    all_of,
    anywhere,
    change,
    click,
    form,
    home,
    message,
    named,
    other_install,
    other_team,
    put,
    said,
    without,
)

Make = Callable[[Scene], Awaitable[Payload]]
Spoil = Callable[[Payload], None]

INTERACTIONS: list[tuple[Make, Spoil]] = [
    *((make, spoil) for make in (click, form, message, anywhere) for spoil in (
        NOBODY, other_team, put(5, "user"), put([], "user"), put({}, "user"),
        put({"id": 5}, "user"), put("unknown", "type"), put("", "type"),
    )),
    *((make, NO_TEAM) for make in (click, message, anywhere)),
    *((make, put(value, "team")) for make in (click, message, anywhere) for value in (5, "x")),
    (click, without("actions")),
    (click, put([], "actions")),
    (click, put({}, "actions")),
    (click, put("x", "actions")),
    (click, put([5], "actions")),
    (click, put([{}], "actions")),
    (click, put("unknown.action", "actions", 0, "action_id")),
    (click, put(5, "actions", 0, "action_id")),
    (click, without("actions", 0, "action_id")),
    (click, without("actions", 0, "value")),
    (click, put("", "actions", 0, "value")),
    (click, put("{}", "actions", 0, "value")),
    (click, put(5, "actions", 0, "value")),
    (click, put({"number": 1}, "actions", 0, "value")),
    (click, put('{"number":99,"version":1,"role_id":"x"}', "actions", 0, "value")),
    (click, put("submit.kind", "actions", 0, "action_id")),
    (click, put("home.hand_in", "actions", 0, "action_id")),
    (click, put("notice.retry", "actions", 0, "action_id")),
    (form, without("view")),
    (form, put(None, "view")),
    (form, put([], "view")),
    (form, put("x", "view")),
    (form, put({}, "view")),
    (form, without("view", "callback_id")),
    (form, put("unknown", "view", "callback_id")),
    (form, put(5, "view", "callback_id")),
    (form, without("view", "private_metadata")),
    (form, put("", "view", "private_metadata")),
    (form, put("[]", "view", "private_metadata")),
    (form, put({"kind": "idea"}, "view", "private_metadata")),
    (form, put('{"kind":"unknown"}', "view", "private_metadata")),
    (form, put("triage.decline_form", "view", "callback_id")),
    (form, without("view", "state")),
    (form, put([], "view", "state")),
    (form, put({"values": []}, "view", "state")),
    (form, put({"values": {"title": []}}, "view", "state")),
    (form, put({"values": {"title": {"v": 5}}}, "view", "state")),
    (form, put({"values": {"title": {"v": {"value": {"a": 1}}}}}, "view", "state")),
    (form, all_of(without("view", "blocks"), put("", "view", "private_metadata"))),
    (form, all_of(put([5], "view", "blocks"), put("", "view", "private_metadata"))),
    (form, without("view", "id")),
    (form, put(None, "view", "id")),
    (form, put("", "view", "id")),
    (form, put(5, "view", "id")),
    (message, without("message")),
    (message, put([], "message")),
    (message, without("channel")),
    (message, put("C1", "channel")),
    (message, put("unknown", "callback_id")),
    (message, without("callback_id")),
    (message, put(5, "callback_id")),
    (message, without("trigger_id")),
    (message, put(5, "trigger_id")),
    (message, put("1.2.3", "trigger_id")),
]  # fmt: skip


@pytest.mark.parametrize("make", [click, form, message, anywhere])
async def test_a_spoilt_interaction_stores_nothing(
    at_work: Scene, call: Caller, sqlite_url: str, make: Make
) -> None:
    original = await make(at_work)
    original.pop("response_url", None)  # Bolt would tell strangers there that they are none of ours
    before = counted(sqlite_url)
    for spoil in [spoil for maker, spoil in INTERACTIONS if maker is make]:
        payload = copy.deepcopy(original)
        spoil(payload)
        reply = await call.interact(payload)
        await at_work.desk.rest()
        assert reply.status in {200, 400, 404}, named(spoil)
        assert counted(sqlite_url) == before, named(spoil)
    at_work.ws.problems.clear()


EVENTS: list[tuple[Make, Spoil]] = [
    *((make, spoil) for make in (change, home) for spoil in (
        other_install, without("team_id"), put(5, "team_id"), without("event"),
        put([], "event"), put("x", "event"), put({}, "event"), put("unknown", "event", "type"),
        put(5, "event", "type"), without("event", "type"), without("event_id"), put(5, "event_id"),
        put("", "event_id"), put("unknown", "type"),
    )),
    (change, without("event", "user")),
    (change, put("U1", "event", "user")),
    (change, put({}, "event", "user")),
    (change, put({"id": 5}, "event", "user")),
    (change, put({"id": ""}, "event", "user")),
    (change, put("channel_rename", "event", "type")),
    (said, without("event", "user")),
    (said, put([], "event", "user")),
    (said, put("message_changed", "event", "subtype")),
    (said, put("message_deleted", "event", "subtype")),
    (said, put([], "event", "subtype")),
    (said, put("B1", "event", "bot_id")),
    (said, put("channel", "event", "channel_type")),
    (said, without("event_id")),
    (said, put(5, "event", "text")),
    (home, without("event", "user")),
    (home, put("", "event", "user")),
    (home, put(5, "event", "user")),
    (home, put([], "event", "user")),
    (home, without("event", "tab")),
    (home, put("messages", "event", "tab")),
]  # fmt: skip


@pytest.mark.parametrize("make", [change, said, home])
async def test_a_spoilt_event_stores_nothing(
    at_work: Scene, call: Caller, sqlite_url: str, make: Make
) -> None:
    original = await make(at_work)
    before = counted(sqlite_url)
    for spoil in [spoil for maker, spoil in EVENTS if maker is make]:
        payload = copy.deepcopy(original)
        spoil(payload)
        reply = await call.event(payload)
        await at_work.desk.rest()
        assert reply.status in {200, 400, 404}, named(spoil)
        assert counted(sqlite_url) == before, named(spoil)
    at_work.ws.problems.clear()


@pytest.mark.parametrize(
    "fields",
    [
        {"command": "/social-idea"},
        {"command": "/social-idea", "user_id": "U1"},
        {"command": "/social-idea", "team_id": "T00000001"},
        {"command": "", "user_id": "U1", "team_id": "T00000001"},
        {"command": "/unknown", "user_id": "U1", "team_id": "T00000001"},
        {"command": "/social", "user_id": "U1", "team_id": OTHER_TEAM},
        {"command": "/social-idea", "user_id": "U1", "team_id": "T00000001"},
        {"command": "/social", "user_id": "U1", "team_id": "T00000001", "text": "queue"},
        {"command": "/social", "user_id": "U1", "team_id": "T00000001", "text": "digest"},
        {"command": "/social-idea", "user_id": "U1", "team_id": "T00000001", "trigger_id": "1.2.3"},
    ],
)
@pytest.mark.usefixtures("nothing_stored")
async def test_a_spoilt_command_stores_nothing(call: Caller, fields: dict[str, str]) -> None:
    assert (await call.command(fields)).status < 500


@pytest.mark.usefixtures("nothing_stored")
async def test_an_unknown_command_and_an_old_form_are_answered_readably(
    at_work: Scene, call: Caller
) -> None:
    user = {"user_id": at_work.sam.user.id, "team_id": "T00000001"}
    reply = await call.command({"command": "/gone", **user})
    assert (reply.status, "does not know this command" in reply.text) == (200, True)
    reply = await call.command({"command": "/social-idea", "text": "my oven", **user})
    assert reply.status == 200
    assert "my oven" in reply.text
    payload = await form(at_work)
    payload["view"]["callback_id"] = "from.last.year"
    reply = await call.interact(payload)
    assert reply.body["response_action"] == "update"
    assert "Oven" in reply.text
    assert "another version" in reply.text


async def test_a_person_from_outside_in_a_shared_channel_acts_in_our_workspace(
    at_work: Scene, call: Caller, sqlite_url: str
) -> None:
    payload = await form(at_work)
    FROM_OUTSIDE(payload)
    assert (await call.interact(payload)).status == 200
    await at_work.settle()
    (submission,) = rows_of(sqlite_url, "submission")
    assert submission["workspace_id"] == at_work.desk.identity.workspace_id


@pytest.mark.parametrize("make", [click, form, change, home])
async def test_what_is_not_spoilt_is_stored(
    at_work: Scene, call: Caller, sqlite_url: str, make: Any
) -> None:
    payload = await make(at_work)
    before = counted(sqlite_url)
    send = call.event if payload["type"] == "event_callback" else call.interact
    assert (await send(payload)).status == 200
    await at_work.settle()
    assert counted(sqlite_url) != before


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
CHANGE = st.tuples(st.integers(0, 10_000), st.booleans(), VALUES)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in a payload."""
    steps = node.items() if isinstance(node, dict) else enumerate(node)
    for step, value in steps:
        yield (*path, step)
        if isinstance(value, dict | list):
            yield from places(value, (*path, step))


def spoilt(payload: Payload, changes: list[tuple[int, bool, Any]]) -> Payload:
    """A payload with parts left out or replaced."""
    found = copy.deepcopy(payload)
    for number, is_left_out, value in changes:
        paths = list(places(found))
        if paths:
            path = paths[number % len(paths)]
            (without(*path) if is_left_out else put(value, *path))(found)
    return found


@pytest.fixture
async def originals(at_work: Scene, call: Caller) -> list[Payload]:
    return [await make(at_work) for make in (click, form, message, anywhere, change, home)]


FUZZ = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@FUZZ
@given(number=st.integers(0, 5), changes=st.lists(CHANGE, min_size=1, max_size=3))
async def test_whatever_is_changed_in_a_payload_breaks_nothing(
    at_work: Scene,
    call: Caller,
    sqlite_url: str,
    originals: list[Payload],
    number: int,
    changes: list[tuple[int, bool, Any]],
) -> None:
    payload = spoilt(originals[number], changes)
    before = counted(sqlite_url)
    is_event = originals[number]["type"] == "event_callback"
    reply = await (call.event if is_event else call.interact)(payload)
    assert reply.status < 500
    if reply.status != 200:
        assert counted(sqlite_url) == before
    for row in rows_of(sqlite_url, "submission"):
        assert row["workspace_id"] == at_work.desk.identity.workspace_id
        assert row["submitter_id"]
    at_work.ws.problems.clear()


@FUZZ
@given(
    body=st.binary(max_size=200) | VALUES.map(json.dumps).map(str.encode),
    kind=st.sampled_from([JSON, FORM]),
)
async def test_whatever_is_signed_is_read_or_refused(
    call: Caller, sqlite_url: str, body: bytes, kind: str
) -> None:
    before = counted(sqlite_url)
    is_look_at_certificate = body.startswith(b"ssl_check=1")
    assert (await call.send(body, kind)).status == (200 if is_look_at_certificate else 400)
    assert counted(sqlite_url) == before
