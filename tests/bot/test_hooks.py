"""Admins make webhooks; what comes through them counts once."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.columns import NAMES
from bot.errors import (
    ConfigurationError,
    DeskError,
    FieldError,
    NotAllowedError,
    NotFoundError,
    UnreadableError,
)
from bot.goal import Goal, ReadingSource
from bot.goal_trail import AskTrail, see_trail
from bot.goals import DropGoal, drop_goal
from bot.hook import Secrets, Signed, secret_of, signature
from bot.hook_events import ConversionRecorded, GoalReading, read_event
from bot.hooks import (
    MOST_HOOKS,
    ChangeHook,
    Delivered,
    Door,
    Knock,
    MakeHook,
    RefusedMessage,
    Shown,
    delete_hook,
    hook_to_change,
    look,
    make_hook,
    note_refusal,
    rename_hook,
    renew_secret,
    see_hooks,
    switch_off,
    switch_on,
    take,
)
from bot.importing import found_in, known_to, parts_of, store_lines
from bot.sheet import read_csv
from storage.database import Database
from storage.migrate import upgrade
from storage.vault import Vault
from tests.bot.test_goals import set_one
from tests.support.core import ADA, CORA, SAM, START, Core

SECRET, NEWER = secret_of(b"a" * 32), secret_of(b"b" * 32)


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    """A workspace with a set-up, and a key for secrets."""
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    upgrade(url)
    database = Database(url, vault=Vault([Fernet.generate_key().decode()]))
    core = Core(database, url, "W1")
    await core.set_up()
    yield core
    await database.close()


async def make(core: Core, form_id: str = "V1", by: str = ADA, name: str = "Shop") -> Shown:
    command = MakeHook(form_id=form_id, actor_id=by, name=name, secret=SECRET)
    return await core.do(make_hook, command)


def change(form_id: str = "", secret: str = "") -> ChangeHook:
    return ChangeHook(hook_id="V1", actor_id=ADA, form_id=form_id, secret=secret)


async def deliver(core: Core, message_id: str, **data: object) -> bool:
    event = GoalReading.model_validate({"goal": "Trial sign-ups", "value": 7, **data})
    return await core.do(take, Delivered("V1", message_id, event))


async def knock(core: Core, secret: str) -> Door | None:
    message = Signed("msg_1", "1", "", b"{}")
    signed = replace(message, signatures=signature(secret, message))
    return await core.ask(look, Knock("V1", signed))


def values(core: Core) -> list[float]:
    return [row["value"] for row in core.rows("reading")]


async def test_the_same_form_twice_is_one_webhook_with_one_secret(core: Core) -> None:
    first = await make(core)
    again = await core.do(
        make_hook, MakeHook(form_id="V1", actor_id=ADA, name="Other", secret=NEWER)
    )
    assert first == again
    assert first.secret == SECRET
    assert await core.ask(see_hooks, ADA) == (first.hook,)


@pytest.mark.parametrize("by", [SAM, CORA])
async def test_webhooks_are_the_admins(core: Core, by: str) -> None:
    await make(core)
    for use_case, command in (
        (make_hook, MakeHook(form_id="V2", actor_id=by, name="B", secret=SECRET)),
        (renew_secret, replace(change("V3", NEWER), actor_id=by)),
        (switch_off, replace(change(), actor_id=by)),
    ):
        with pytest.raises(NotAllowedError):
            await core.do(use_case, command)  # type: ignore[arg-type]
    with pytest.raises(NotAllowedError):
        await core.ask(see_hooks, by)


@pytest.mark.parametrize("name", ["", " — ", "x" * 61, "SHOP"])
async def test_a_name_that_tells_nobody_apart_is_refused(core: Core, name: str) -> None:
    await make(core)
    with pytest.raises(FieldError):
        await make(core, "V2", name=name)


async def test_there_are_ten_at_most(core: Core) -> None:
    for number in range(MOST_HOOKS):
        await make(core, f"V{number}", name=f"Shop {number}")
    with pytest.raises(FieldError, match="10 webhooks"):
        await make(core, "V99", name="One more")


async def test_without_a_key_there_are_none(empty: Core) -> None:
    await empty.set_up()
    with pytest.raises(ConfigurationError, match="ENCRYPTION_KEYS"):
        await make(empty)
    assert empty.rows("hook") == []


async def test_a_new_secret_leaves_the_old_one_valid_for_a_day(core: Core) -> None:
    await make(core)
    for _ in range(2):  # the same form again changes nothing
        shown = await core.do(renew_secret, change("V2", NEWER))
        assert shown.secret == NEWER
    for secret in (SECRET, NEWER):
        door = await knock(core, secret)
        assert door is not None
        assert door.is_signed
    core.clock.forward(days=1)
    old, new = await knock(core, SECRET), await knock(core, NEWER)
    assert old is not None
    assert new is not None
    assert (old.is_signed, new.is_signed) == (False, True)


async def test_off_and_on(core: Core) -> None:
    await make(core)
    off = await core.do(switch_off, change())
    assert off.off_at == START
    assert (await core.do(switch_on, change())).off_at is None
    with pytest.raises(NotFoundError):
        await core.do(switch_on, replace(change(), hook_id="V9"))
    assert await core.ask(look, Knock("V9", Signed("m", "1", "v1,", b""))) is None


async def test_another_name_has_the_same_rules(core: Core) -> None:
    await make(core)
    await make(core, form_id="V2", name="Site")
    for name, told in ((" ", "name the system"), ("SITE", "one of this name")):
        with pytest.raises(FieldError) as caught:
            await core.do(rename_hook, replace(change(), name=name))
        assert told in caught.value.fields["name"]
    await core.do(rename_hook, replace(change(), name="shop"))  # its own name, in other letters
    await core.do(rename_hook, replace(change(), name="Online shop"))
    assert [one.name for one in await core.ask(see_hooks, ADA)] == ["Online shop", "Site"]
    assert await knock(core, SECRET) is not None


async def test_what_came_through_a_deleted_one_stays_and_says_from_where(core: Core) -> None:
    goal = await set_one(core)
    await make(core)
    await deliver(core, "msg_1")
    for _ in range(2):
        await core.do(delete_hook, change())
    assert await core.ask(see_hooks, ADA) == ()
    assert await knock(core, SECRET) is None
    assert await knock(core, "whsec_") is None
    assert await deliver(core, "msg_2", value=9) is False
    assert values(core) == [7]
    (row,) = core.rows("hook")
    assert (row["secret"], row["old_secret"]) == ("", None)
    trail = await core.ask(see_trail, AskTrail(goal.goal_id))
    (reading,) = trail.readings
    assert trail.hooks[reading.hook_id or ""] == "Shop"
    for verb in (rename_hook, renew_secret, switch_on, hook_to_change):
        with pytest.raises(NotFoundError):
            await core.do(verb, change("V9", NEWER))
    with pytest.raises(NotFoundError):
        await make(core)  # the form that made it, sent once more
    await make(core, form_id="V2")  # another one may have its name
    assert [one.hook_id for one in await core.ask(see_hooks, ADA)] == ["V2"]


async def test_deleting_is_the_admins(core: Core) -> None:
    await make(core)
    with pytest.raises(NotAllowedError):
        await core.do(delete_hook, replace(change(), actor_id=CORA))
    assert await knock(core, SECRET) is not None


async def test_a_reading_counts_once_by_the_message_s_id(core: Core) -> None:
    await make(core)
    goal = await set_one(core, "V7")
    assert await deliver(core, "msg_1")
    assert not await deliver(core, "msg_1", value=8)
    (row,) = core.rows("reading")
    assert (row["goal_id"], row["value"], row["actor_id"]) == (goal.goal_id, 7, ADA)
    assert (row["source"], row["external_id"]) == (ReadingSource.WEBHOOK, "V1:msg_1")
    (hook,) = await core.ask(see_hooks, ADA)
    assert hook.received_at == START


async def test_a_reading_counts_once_by_its_own_id_in_another_message(core: Core) -> None:
    await make(core)
    await set_one(core)
    assert await deliver(core, "msg_1", id="row 8")
    assert await deliver(core, "msg_2", id="row 8")
    assert values(core) == [7]


async def test_two_webhooks_may_use_the_same_ids(core: Core) -> None:
    await make(core)
    await make(core, "V2", name="Site")
    await set_one(core)
    event = GoalReading(goal="Trial sign-ups", value=8)
    assert await deliver(core, "msg_1")
    assert await core.do(take, Delivered("V2", "msg_1", event))
    assert values(core) == [7, 8]


async def test_what_can_t_be_stored_may_be_sent_again(core: Core) -> None:
    await make(core)
    with pytest.raises(UnreadableError, match=r"^data\.goal: this is no goal here\.$"):
        await deliver(core, "msg_1")
    await set_one(core)
    assert await deliver(core, "msg_1")
    assert values(core) == [7]


async def told(core: Core, message_id: str, **data: object) -> bool:
    """A conversion comes."""
    event = ConversionRecorded.model_validate({"type": "signup", **data})
    return await core.do(take, Delivered("V1", message_id, event))


async def test_a_conversion_counts_once_with_its_touches(core: Core) -> None:
    await make(core)
    idea = await core.hand_in()
    given = {"type": "Sale", "id": "order 7", "value": 99.5, "currency": "eur", "count": 2}
    seen = {"utm_content": str(idea.number), "first_touch": "LinkedIn", "self_reported": "Twitter"}
    assert await told(core, "msg_1", **given, **seen)
    assert await told(core, "msg_2", **given)
    (row,) = core.rows("conversion")
    assert (row["type_key"], row["count"]) == ("revenue", 2)
    assert (row["source"], row["external_id"]) == ("webhook:V1", "order 7")
    touches = {(t["lens"], t["number"], t["platform"]) for t in core.rows("conversion_touch")}
    assert touches >= {
        ("first", None, "linkedin"),
        ("last", idea.number, None),
        ("touched", idea.number, None),
        ("told", None, "x"),
    }


@pytest.mark.parametrize("first", ["file", "webhook"])
async def test_a_file_that_names_it_counts_the_same_once(core: Core, first: str) -> None:
    await make(core)

    async def by_file() -> bool:
        known = await core.ask(known_to, ADA)
        table = b"type,occurred_at,external_id,webhook\nrevenue,2026-11-18,order 7,shop\n"
        (part,) = parts_of(found_in(read_csv(table, NAMES), known, core.clock.now()), ADA)
        return (await core.do(store_lines, part)).new == 1

    async def by_webhook() -> bool:
        before = len(core.rows("conversion"))
        await told(core, "msg_1", type="revenue", id="order 7")
        return len(core.rows("conversion")) > before

    ways = (by_file, by_webhook) if first == "file" else (by_webhook, by_file)
    assert [await way() for way in ways] == [True, False]
    (row,) = core.rows("conversion")
    assert (row["source"], row["external_id"]) == ("webhook:V1", "order 7")


@pytest.mark.parametrize(
    "data, words",
    [
        ({"type": "wish"}, "data.type: There is no such type."),
        ({"id": "sam@example.com"}, "data.id: An e-mail address"),
        ({"first_touch": "sam@example.com"}, "data.first_touch: There is an e-mail"),
        ({"self_reported": "sam@example.com"}, "data.self_reported: There is an e-mail"),
        ({"value": 5}, "data.currency: This is missing"),
        ({"value": 5, "currency": "XYZ"}, "data.currency: There is no currency"),
        ({"value": -5, "currency": "EUR"}, "data.value: An amount looks like"),
        ({"count": 0}, "data.count: This has to be"),
        ({"occurred_at": START + timedelta(days=3)}, "data.occurred_at: This lies in the fut"),
    ],
)
async def test_what_is_wrong_with_a_conversion_names_the_field(
    core: Core, data: dict[str, object], words: str
) -> None:
    await make(core)
    with pytest.raises(UnreadableError) as caught:
        await told(core, "msg_1", **data)
    assert caught.value.sentence.startswith(words)
    assert core.rows("conversion") == core.rows("hook_seen") == []


async def drop(core: Core, goal: Goal) -> None:
    command = DropGoal(goal_id=goal.goal_id, version=goal.version, actor_id=CORA)
    await core.do(drop_goal, command)


@pytest.mark.parametrize(
    "data",
    [
        {"value": 1e13},
        {"at": START + timedelta(days=1)},
        {"at": START - timedelta(days=40)},
        {"goal": "V1 "},
    ],
)
async def test_what_no_goal_takes_is_refused(core: Core, data: dict[str, object]) -> None:
    await make(core)
    await set_one(core)
    if "goal" in data:
        await drop(core, await set_one(core))
    with pytest.raises(DeskError):
        await deliver(core, "msg_1", **data)
    assert core.rows("reading") == core.rows("hook_seen") == []


async def test_an_admin_hears_once_a_day_that_a_sender_s_messages_can_t_be_taken(
    core: Core,
) -> None:
    await make(core)

    async def refuse(times: int, *, is_signed: bool = True) -> int:
        for _ in range(times):
            await core.do(note_refusal, RefusedMessage("V1", "type: no.", is_signed))
        return len(core.effects("notice:hook:V1"))

    assert await refuse(5, is_signed=False) == 0
    assert await refuse(2) == 0
    assert await refuse(9) == 1
    core.clock.forward(days=1)
    assert await refuse(1) == 2
    (hook,) = await core.ask(see_hooks, ADA)
    assert (hook.refusal, hook.refused_at) == ("type: no.", core.clock.now())
    payload = json.loads(core.rows("outbox")[-1]["payload"])
    assert payload == {
        "sentence": "What “Shop” sends through its webhook can't be taken: type: no."
    }
    await set_one(core)
    assert await deliver(core, "msg_1")
    core.clock.forward(days=1)
    assert await refuse(2) == 2  # something came between: counted from nothing


@pytest.mark.parametrize(
    "body, told",
    [
        (b"", "The body should be JSON"),
        (b"\xff", "The body should be JSON"),
        (b"[1]", "The body: input should be an object."),
        (b"{}", "type: field required."),
        (b'{"type": 5}', "type: input should be a valid string."),
        (b'{"type": "x"}', "type: Social Desk knows goal.reading and conversion.recorded."),
        (b'{"type": "goal.reading"}', "data: field required."),
        (b'{"type": "goal.reading", "data": {"goal": "G"}}', "data.value: field required."),
        (
            b'{"type": "goal.reading", "data": {"goal": "G", "value": "5"}}',
            "data.value: input should be a valid number.",
        ),
        (
            b'{"type": "goal.reading", "data": {"goal": "G", "value": NaN}}',
            "data.value: input should be a finite number.",
        ),
        (
            b'{"type": "goal.reading", "data": {"goal": " \\u0000", "value": 5}}',
            "data.goal: should have text in it.",
        ),
        (
            b'{"type": "goal.reading", "data": {"goal": "G", "value": 5, "at": "2026-11-19"}}',
            "data.at: ",
        ),
        (
            b'{"type": "goal.reading","data": {"goal": "G", "value": 5, "at": "2026-11-19T10:00"}}',
            "data.at: input should have timezone info.",
        ),
    ],
)
def test_what_is_wrong_with_a_message_is_told_in_a_sentence(body: bytes, told: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_event(body)
    assert caught.value.sentence.startswith(told)
    assert caught.value.sentence.endswith(".")


def test_a_message_may_say_more_than_is_read() -> None:
    body = b'{"type": "goal.reading", "timestamp": "x", "data": {"goal": "A", "value": 1, "b": 2}}'
    assert read_event(body) == GoalReading(goal="A", value=1)


async def test_secrets_are_gone_from_the_page_of_all(core: Core) -> None:
    await make(core)
    assert SECRET not in str(await core.ask(see_hooks, ADA))
    assert SECRET not in str(core.rows("hook"))
    assert await core.read(lambda tx: tx.hooks.secrets("V1")) == Secrets(current=SECRET)
