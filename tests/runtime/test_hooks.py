"""Webhooks over HTTP: what is signed and fresh is taken once; all else is refused, and told why."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from bot.goals import SetGoal, set_goal
from bot.hook import path_of, secret_of
from bot.hooks import ChangeHook, MakeHook, make_hook, renew_secret, see_hooks, switch_off
from runtime.doors import listening
from runtime.hooks import BUCKETS, BURST, MOST_BYTES, PER_SECOND, Buckets, Hooks
from runtime.readiness import Condition
from runtime.web import FrontDoor
from tests.support.desk import Scene, scene, settings
from tests.support.door_table import GOAL
from tests.support.signed import Reply

SECRET, NEWER = secret_of(b"a" * 32), secret_of(b"b" * 32)
READING = {"type": "goal.reading", "data": {"goal": "Trial sign-ups", "value": 7}}


@dataclass(slots=True)
class Sender:
    """Another system that sends to a webhook, signed by the standard's own library."""

    scene: Scene
    session: aiohttp.ClientSession
    url: str

    async def send(
        self,
        body: object = None,
        message_id: str = "msg_1",
        *,
        secret: str = SECRET,
        late: float = 0,
        headers: dict[str, str | None] | None = None,
    ) -> Reply:
        """Send a message; `headers` replace the right ones, None leaves one out."""
        told = READING if body is None else body
        text = told if isinstance(told, str) else json.dumps(told)
        at = self.scene.clock.now() - timedelta(seconds=late)
        given = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(message_id, at, text),
            **(headers or {}),
        }
        sent = {name: value for name, value in given.items() if value is not None}
        return await self.raw(text.encode(), sent)

    async def raw(self, body: bytes, headers: Any) -> Reply:
        async with self.session.post(self.url, data=BytesIO(body), headers=headers) as response:
            return Reply(response.status, await response.text())

    async def readings(self) -> int:
        here, now = self.scene.desk.identity.workspace_id, self.scene.clock.now()
        return await self.scene.desk.database.read(
            here, lambda tx, _c, _n: len(tx.goals.trail("V7", limit=9)), None, now
        )

    async def do(self, use_case: Any, command: Any) -> Any:
        s = self.scene
        here = s.desk.identity.workspace_id
        return await s.desk.database.transact(here, use_case, command, s.clock.now())


@contextlib.asynccontextmanager
async def sender_to(s: Scene, database_url: str) -> AsyncIterator[Sender]:
    door = FrontDoor()

    async def ready() -> Condition:
        return Condition()

    door.open_up(ready, hooks=Hooks(s.desk.database, s.clock).answer)
    async with (
        listening(settings(database_url, port=0), door.routes()) as address,
        aiohttp.ClientSession() as session,
    ):
        path = path_of(s.desk.identity.workspace_id, "V1")
        made = Sender(s, session, f"{address}{path}")
        olga = s.olga.user.id
        await made.do(make_hook, MakeHook(form_id="V1", actor_id=olga, name="Shop", secret=SECRET))
        await made.do(set_goal, SetGoal(form_id="V7", actor_id=olga, given=GOAL))
        yield made


@pytest.fixture
async def sender(sqlite_url: str) -> AsyncIterator[Sender]:
    async with (
        scene(sqlite_url, keys=(Fernet.generate_key().decode(),)) as s,
        sender_to(s, sqlite_url) as made,
    ):
        yield made


async def test_a_message_is_taken_once(sender: Sender) -> None:
    for _ in range(2):
        assert await sender.send() == Reply(200, '{"ok": true}')
    assert await sender.readings() == 1
    assert (await sender.send(message_id="msg_2")).status == 200
    assert await sender.readings() == 2


async def test_on_postgresql_too(postgresql_url: str) -> None:
    async with (
        scene(postgresql_url, keys=(Fernet.generate_key().decode(),)) as s,
        sender_to(s, postgresql_url) as made,
    ):
        for message_id in ("msg_1", "msg_1", "msg_2"):
            assert (await made.send(message_id=message_id)).status == 200
        assert (await made.send({"type": "nothing"}, "msg_3")).status == 400
        assert await made.readings() == 2


@pytest.mark.parametrize(
    "headers, status, told",
    [
        ({"webhook-signature": None}, 401, "webhook-signature is missing."),
        ({"webhook-id": None}, 401, "webhook-id is missing."),
        ({"webhook-timestamp": ""}, 401, "webhook-timestamp is missing."),
        ({"webhook-signature": "v1,AAAA"}, 401, "The signature is wrong"),
        ({"webhook-id": "msg_9"}, 401, "The signature is wrong"),
        ({"webhook-id": "m" * 201}, 400, "webhook-id should be at most"),
        ({"webhook-id": "é"}, 400, "webhook-id should be at most"),
        ({"webhook-timestamp": "soon"}, 401, "The signature is wrong"),
        ({"Content-Type": "text/plain"}, 400, "Content-Type should be application/json."),
        ({"Content-Encoding": "identity"}, 400, "The body should not be compressed."),
    ],
)
async def test_what_is_not_signed_right_is_refused(
    sender: Sender, headers: dict[str, str | None], status: int, told: str
) -> None:
    reply = await sender.send(headers=headers)
    assert reply.status == status
    assert reply.body["error"].startswith(told)
    assert await sender.readings() == 0


@pytest.mark.parametrize("late, status", [(-301, 401), (-299, 200), (299, 200), (301, 401)])
async def test_a_message_is_taken_within_five_minutes(
    sender: Sender, late: float, status: int
) -> None:
    assert (await sender.send(late=late)).status == status


async def test_a_header_that_is_there_twice_proves_nothing(sender: Sender) -> None:
    assert (await sender.raw(b"{}", [("webhook-id", "a"), ("webhook-id", "b")])).status == 400
    twice = [("Content-Type", "application/json"), ("webhook-id", "a"), ("webhook-id", "b")]
    reply = await sender.raw(b"{}", twice)
    assert (reply.status, reply.body) == (401, {"error": "webhook-id is there twice."})


async def test_both_secrets_are_taken_for_a_day(sender: Sender) -> None:
    olga = sender.scene.olga.user.id
    command = ChangeHook(hook_id="V1", actor_id=olga, form_id="V2", secret=NEWER)
    await sender.do(renew_secret, command)
    assert (await sender.send(message_id="msg_1", secret=SECRET)).status == 200
    assert (await sender.send(message_id="msg_2", secret=NEWER)).status == 200
    await sender.scene.jump(sender.scene.clock.now() + timedelta(days=1))
    assert (await sender.send(message_id="msg_3", secret=SECRET)).status == 401
    assert (await sender.send(message_id="msg_4", secret=NEWER)).status == 200


async def test_what_was_switched_off_says_so_to_its_sender_alone(sender: Sender) -> None:
    olga = sender.scene.olga.user.id
    await sender.do(switch_off, ChangeHook(hook_id="V1", actor_id=olga))
    assert (await sender.send()).status == 410
    assert (await sender.send(secret=NEWER)).status == 401


@pytest.mark.parametrize("place", ["T1.V1", "V1", "T00000001.V2", "T1.V1.x", "a" * 500])
async def test_another_address_is_nowhere(sender: Sender, place: str) -> None:
    sender.url = f"{sender.url.rpartition('/')[0]}/{place}"
    reply = await sender.send()
    assert (reply.status, reply.body) == (404, {"error": "There is no such webhook here."})


async def test_a_body_may_have_20_kilobytes(sender: Sender) -> None:
    def padded(size: int) -> str:
        text = json.dumps(READING)
        return text[:-1] + " " * (size - len(text)) + "}"

    assert (await sender.send(padded(MOST_BYTES))).status == 200
    reply = await sender.send(padded(MOST_BYTES + 1), "msg_2")
    assert (reply.status, reply.body) == (413, {"error": "A message may have 20,000 bytes."})
    headers = {"Content-Type": "application/json", "webhook-id": "a", "webhook-timestamp": "1"}
    headers["webhook-signature"] = "v1,a"

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 1000

    async with sender.session.post(sender.url, data=pieces(), headers=headers) as response:
        assert response.status == 413


async def test_what_a_message_says_wrongly_is_told_and_kept_for_the_admins(sender: Sender) -> None:
    reply = await sender.send({"type": "order.paid", "data": {}})
    assert reply.status == 400
    assert reply.body["error"].startswith("type: Social Desk knows goal.reading")
    (hook,) = await sender.do(see_hooks, sender.scene.olga.user.id)
    assert hook.refusal == reply.body["error"]
    nobody = {"type": "goal.reading", "data": {"goal": "Nobody's", "value": 1}}
    assert (await sender.send(nobody)).body == {"error": "data.goal: this is no goal here."}
    (again,) = await sender.do(see_hooks, sender.scene.olga.user.id)
    assert again == hook  # once a minute at most
    assert (await sender.send()).status == 200  # the same id: what was refused may be sent again


async def test_too_many_at_a_time_wait(sender: Sender) -> None:
    for number in range(BURST):
        assert (await sender.send(message_id=f"msg_{number}")).status == 200
    reply = await sender.send(message_id="one more")
    assert reply.status == 429
    assert (await sender.send(message_id="other", secret=NEWER)).status == 401
    await sender.scene.clock.advance(timedelta(seconds=1))
    assert (await sender.send(message_id="one more")).status == 200


def test_a_bucket_fills_again_and_strangers_fill_no_memory() -> None:
    buckets, now = Buckets(), datetime(2026, 11, 19, tzinfo=UTC)
    assert [buckets.wait("a", now) for _ in range(BURST)] == [0] * BURST
    assert buckets.wait("a", now) == 1 / PER_SECOND
    assert buckets.wait("b", now) == 0
    assert buckets.wait("a", now - timedelta(hours=1)) > 0
    later = now + timedelta(seconds=1 / PER_SECOND)
    assert [buckets.wait("a", later), buckets.wait("a", later) > 0] == [0, True]
    for number in range(BUCKETS + 5):
        buckets.wait(str(number), now)
    assert len(buckets._left) == BUCKETS


async def test_before_the_desk_can_work_nothing_is_taken() -> None:
    door = FrontDoor()
    async with (
        listening(settings("sqlite:///x", port=0), door.routes()) as address,
        aiohttp.ClientSession() as session,
        session.post(f"{address}/hooks/T1.V1") as response,
    ):
        assert response.status == 503


FIELDS = st.sampled_from(["type", "data", "goal", "value", "at", "id", "timestamp"]) | st.text(
    max_size=4
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["goal.reading", "conversion.recorded", "Trial sign-ups", "2026-11-19"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=4),
    max_leaves=8,
)
BODIES = st.one_of(
    st.binary(max_size=60),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["goal.reading", "conversion.recorded"]),
            "data": st.dictionaries(FIELDS, JSON, max_size=6),
        }
    ).map(lambda value: json.dumps(value).encode()),
)
HEADERS = st.text(
    st.characters(min_codepoint=32, max_codepoint=255).filter(str.isprintable), max_size=30
)


async def test_nothing_that_is_sent_breaks_it(sender: Sender) -> None:
    """Signed and spoilt bodies, unsigned and spoilt headers: never a status of ours, and always one
    sentence.
    """

    async def check(body: bytes, spoilt: dict[str, str]) -> None:
        at = sender.scene.clock.now()
        text = body.decode("utf-8", "replace")
        headers = {
            "Content-Type": "application/json",
            "webhook-id": "msg",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(SECRET).sign("msg", at, text),
            **spoilt,
        }
        reply = await sender.raw(text.encode(), headers)
        assert reply.status in {200, 400, 401, 429}
        assert reply.status == 200 or set(reply.body) == {"error"}
        await sender.scene.clock.advance(timedelta(seconds=1))

    examples: list[tuple[bytes, dict[str, str]]] = []

    @hypothesis_settings(max_examples=100, suppress_health_check=list(HealthCheck))
    @given(
        BODIES,
        st.dictionaries(
            st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]),
            HEADERS,
            max_size=1,
        ),
    )
    def collect(body: bytes, spoilt: dict[str, str]) -> None:
        examples.append((body, spoilt))

    collect()
    for body, spoilt in examples:
        await check(body, spoilt)
    assert (await sender.send(message_id="after all that")).status in {200, 429}
