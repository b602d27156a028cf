"""The bad days of every form, button and word: the database is away, Slack does not answer, what
it is about is gone. One clear sentence, what was typed is kept, nothing is half done.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import make_url

from bot.errors import StorageBusyError, StorageDownError
from bot.lifecycle import Verb
from handlers.answers import KEEP_OPEN
from handlers.form_values import HandInValue
from handlers.ids import Action, Callback
from handlers.opening import NOT_IN_TIME
from handlers.social import SocialListeners
from sandbox import payloads
from sandbox.blocks import elements
from sandbox.delivery import Delivery
from sandbox.model import Json
from sandbox.people import Person
from tests.support.desk import KEY, scene
from tests.support.door_table import ACTIONS, COMMANDS, SHORTCUTS, TABLE_FORMS
from tests.support.doors import Doorstep, Prepare, Try


@pytest.fixture
async def doorstep(sqlite_url: str) -> AsyncIterator[Doorstep]:
    async with scene(sqlite_url, keys=(KEY,)) as found:
        yield await Doorstep.of(found, sqlite_url)


@contextmanager
def away(d: Doorstep, error: type[Exception]) -> Iterator[None]:
    """The database answers nothing but this."""

    async def instead(*_args: Any) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(d.scene.desk.database, "transact", instead)
        patch.setattr(d.scene.desk.database, "read", instead)
        yield


async def sent(d: Doorstep, one: Try, payload: Json) -> tuple[Json, list[str]]:
    """Send it: what the acknowledgement says, and all that the person is shown then."""
    s, person = d.scene, one.may
    seen = len(person.ephemerals)
    before = {view.id: view.hash for view in s.ws.stack(person.user.id)}
    ack = await s.ws.office.send(Delivery(kind=one.kind, payload=payload))
    await s.desk.background.rest()
    s.ws.faults.clear()
    assert ack.failure is None, ack
    shown = [m.text for m in person.ephemerals[seen:]]
    open_now = s.ws.stack(person.user.id)
    shown += [str(view.payload) for view in open_now if before.get(view.id) != view.hash]
    for view in reversed(open_now):
        s.ws.close(view.id)
    return ack.body or {}, shown


async def settled(d: Doorstep) -> None:
    """Whatever was left to do is done, and real Slack would have refused none of it, but for what
    the tables of doors make up themselves: channels and files that are none.
    """
    await d.scene.settle()
    d.scene.ws.problems.clear()


def typed_in(payload: Json) -> list[str]:
    """The texts in a form."""
    values = payload["view"]["state"]["values"].values()
    elements = [element for actions in values for element in actions.values()]
    return [one["value"] for one in elements if isinstance(one.get("value"), str)]


def assert_kept(name: Any, payload: Json, body: Json) -> str:
    """The form stays open with a sentence beside its first field, or gives way to a page with one
    sentence and all that was typed. The sentence.
    """
    if body.get("response_action") == "errors":
        ((field, said),) = body["errors"].items()
        assert field == payload["view"]["blocks"][0]["block_id"], name
        return str(said)
    assert body.get("response_action") == "update", (name, body)
    assert [text for text in typed_in(payload) if text not in str(body["view"])] == [], name
    return str(body["view"]["blocks"][0]["text"]["text"])


BUG = "Something went wrong on Social Desk's side and nothing was changed. Please try again; if"
SAID: dict[type[Exception], str] = {
    StorageBusyError: "Social Desk's database is busy just now. Nothing was saved; please try",
    StorageDownError: "Social Desk can't save anything right now. Nothing was saved; please try",
    RuntimeError: BUG,
}


@pytest.mark.parametrize("error", SAID)
async def test_a_form_that_cant_be_stored_stays_open_and_goes_through_afterwards(
    doorstep: Doorstep, error: type[Exception]
) -> None:
    d = doorstep
    for name, prepare in TABLE_FORMS.items():
        one = await prepare(d)
        payload = one.make(one.may)
        before = d.rows()
        with away(d, error):
            body, shown = await sent(d, one, payload)
        assert d.rows() == before, name
        said = assert_kept(name, payload, body)
        assert said.startswith(SAID[error]), name
        assert said.endswith(KEEP_OPEN), name
        assert shown == [], name
        again, _ = await sent(d, one, payload)
        assert again.get("response_action") != "errors", (name, again)
        assert d.rows() != before or again["response_action"] == "update", name
        await settled(d)


FAILED = {"views.open", "views.push", "views.update", "chat.postMessage", "chat.update"}
FAILED |= {"conversations.open", "conversations.info", "views.publish"}


@pytest.mark.parametrize("kind", ["429", "500"])
async def test_a_form_is_stored_though_slack_answers_nothing_else_and_the_rest_follows(
    doorstep: Doorstep, kind: str
) -> None:
    d = doorstep
    for name, prepare in TABLE_FORMS.items():
        one = await prepare(d)
        payload = one.make(one.may)
        before = d.rows()
        for method in FAILED:
            d.scene.ws.fault(method, kind)
        body, shown = await sent(d, one, payload)
        assert body.get("response_action") != "errors", (name, body)
        assert d.rows() != before or name is Callback.LINKS_FORM, name
        assert shown == [], name
        await settled(d)
    await d.scene.wait(minutes=10)
    waiting = [row for row in d.rows()["outbox"] if {"ready", "sending"} & set(row)]
    assert waiting == []


KEPT_WHEN_SEEN = {"history", "draft", "lane", "outbox"}
"""What a button may store though its page does not open: that somebody looked, or typed."""


async def slack_is_slow(d: Doorstep, kind: str) -> None:
    if kind == "late":
        await d.scene.clock.advance(timedelta(seconds=4))  # the trigger is over
        return
    for method in ("views.open", "views.update"):
        d.scene.ws.fault(method, kind)


@pytest.mark.parametrize("kind", ["429", "500", "late"])
async def test_a_button_either_did_it_or_asks_to_try_again(doorstep: Doorstep, kind: str) -> None:
    """Nobody is asked to do once more what was done: a digest would come twice."""
    d = doorstep
    for name, prepare in ACTIONS.items():
        one = await prepare(d)
        payload = one.make(one.may)
        before = d.rows()
        await slack_is_slow(d, kind)
        body, shown = await sent(d, one, payload)
        changed = {table for table, rows in d.rows().items() if rows != before[table]}
        assert body == {}, name
        assert len(shown) <= 1, (name, shown)
        if NOT_IN_TIME in str(shown):
            assert changed <= KEPT_WHEN_SEEN, (name, changed)
        assert changed or shown, name
        await settled(d)


async def test_what_was_done_and_cant_be_shown_is_told_as_done(doorstep: Doorstep) -> None:
    d = doorstep
    for name, said in {
        Action.ROUNDS_SEND: "It is on its way.",
        Action.ROUNDS_STOP: "This digest comes no more.",
        Action.ROUNDS_MONTHLY: "It comes once a month now.",
        Action.SETUP_DROP_DEPARTMENT: "Removed.",
        Action.CONVERSION_MORE: "It is undone.",
    }.items():
        one = await ACTIONS[name](d)
        payload = one.make(one.may)
        await slack_is_slow(d, "429")
        _, (shown,) = await sent(d, one, payload)
        assert f"{said} It could not be shown here in time." in shown, name
        await settled(d)


@pytest.mark.parametrize("name", [*COMMANDS, *SHORTCUTS])
@pytest.mark.parametrize("kind", ["429", "500", "late"])
async def test_a_command_whose_form_does_not_open_is_told_with_its_text(
    doorstep: Doorstep, name: Any, kind: str
) -> None:
    d = doorstep
    tables: dict[Any, Prepare] = {**COMMANDS, **SHORTCUTS}
    one = await tables[name](d)
    payload = one.make(one.may)
    if name in COMMANDS:
        payload["text"] = "decision Try newsletters" if name == "/social" else "Try newsletters"
    before = d.rows()
    await slack_is_slow(d, kind)
    body, shown = await sent(d, one, payload)
    told = [str(body.get("text"))] if body else shown
    if name == Callback.SUBMIT_GLOBAL and kind == "late":  # it comes from nowhere
        assert told == []
        await settled(d)
        assert [m.text for m in d.scene.dm(one.may)] == [NOT_IN_TIME]
        return
    assert len(told) == 1
    assert NOT_IN_TIME in told[0]
    assert not body or "Try newsletters" in body["text"]
    assert d.rows() == before


def words_of(d: Doorstep) -> set[str]:
    """All that `/social` knows."""
    behind_the_door: Any = d.scene.desk.listeners.commands["/social"]
    social = behind_the_door.args[0].__self__
    assert isinstance(social, SocialListeners)
    return set(social._words)


async def test_each_word_says_that_the_database_is_away_and_gives_the_text_back(
    doorstep: Doorstep,
) -> None:
    d = doorstep
    for word in words_of(d) - {"decision"}:  # its form is begun from memory
        typed = f"{word} 7"
        make = d.command("/social", typed)
        one = Try(make=make, may=d.scene.olga, kind="slash_commands")
        with away(d, StorageBusyError):
            body, shown = await sent(d, one, make(one.may))
        assert body["text"].startswith(SAID[StorageBusyError]), word
        assert body["text"].endswith(f"Your text:\n>>> {typed}"), word
        assert shown == [], word


@pytest.mark.parametrize("kind", ["429", "500"])
async def test_a_button_on_home_whose_form_does_not_open_says_so_in_a_page(
    doorstep: Doorstep, kind: str
) -> None:
    s = doorstep.scene
    await s.sam.open_home()
    await s.settle()
    assert s.sam.home is not None
    await slack_is_slow(doorstep, kind)
    await s.sam.click(s.sam.home, Action.HOME_HAND_IN.at("idea"))
    await s.settle()
    assert NOT_IN_TIME in str(s.modal(s.sam).blocks)


def pressed_on_home(d: Doorstep, person: Person, action: Action, value: str) -> Json:
    """What Slack sends of a button on Home, which has no channel and no response_url."""
    assert person.home is not None
    pressed = {"action_id": action.value, "block_id": "b", "type": "button", "value": value}
    return payloads.view_actions(
        d.scene.ws, person.user, person.home, [{**pressed, "action_ts": d.scene.ws.next_ts()}]
    )


async def test_a_button_on_home_that_is_too_late_is_told_in_a_message_once(
    doorstep: Doorstep,
) -> None:
    d, s = doorstep, doorstep.scene
    await s.sam.open_home()
    await s.settle()
    seen = len(s.dm(s.sam))
    payload = pressed_on_home(d, s.sam, Action.HOME_HAND_IN, HandInValue(kind="idea").dump())
    await s.clock.advance(timedelta(seconds=4))
    for _ in range(2):  # Slack sends it again when its answer is lost
        await s.ws.office.send(Delivery(kind="interactive", payload=payload))
        await settled(d)
    assert [m.text for m in s.dm(s.sam)[seen:]] == [NOT_IN_TIME]
    assert s.sam.view is None


async def test_who_is_kept_out_gets_no_message_for_what_is_too_late(doorstep: Doorstep) -> None:
    d, s = doorstep, doorstep.scene
    guest = d.outsiders["guest"]
    await guest.open_home()
    await settled(d)
    payload = pressed_on_home(d, guest, Action.HOME_HAND_IN, HandInValue(kind="idea").dump())
    await s.clock.advance(timedelta(seconds=4))
    before = d.rows()
    await s.ws.office.send(Delivery(kind="interactive", payload=payload))
    await s.desk.background.rest()
    assert d.rows() == before


# -- There is room for three forms, one on top of the other


async def pressed_from_the_queue(d: Doorstep) -> int:
    """Open the queue, in it an idea, in that its links: three modals. Its number."""
    s = d.scene
    idea = await d.submission("idea", s.sam, (Verb.ACCEPT, s.cora, {}))
    payload = d.click(Action.CROWD_QUEUE, "")(s.cora)
    await s.ws.office.send(Delivery(kind="interactive", payload=payload))
    for action in (Action.TRIAGE_OPEN, Action.LINKS_OPEN):
        (found,) = {
            element["action_id"]
            for _, element in elements(s.modal(s.cora).blocks)
            if element["action_id"].partition(":")[0] == action.value
        }
        await s.cora.click(s.modal(s.cora), found)
    assert [view.title for view in s.cora.views] == ["Your queue", f"Idea {idea.number}", LINKS]
    return idea.number


LINKS = "Links and phrase"


async def test_a_fourth_form_takes_the_place_of_the_third(doorstep: Doorstep) -> None:
    d, s = doorstep, doorstep.scene
    number = await pressed_from_the_queue(d)
    await s.cora.click(s.modal(s.cora), Action.PHRASE_NEW.value)
    assert [view.title for view in s.cora.views][2:] == ["A code phrase"]
    await s.cora.submit({"words": "Pump 24", "type": "request"})
    assert f"number {number}" in str(s.modal(s.cora).blocks)


async def test_what_a_third_form_cant_do_is_told_with_what_was_typed(doorstep: Doorstep) -> None:
    d, s = doorstep, doorstep.scene
    await pressed_from_the_queue(d)
    s.cora.fill({"landing": "https://example.com/pump"})
    with away(d, StorageBusyError):
        await s.cora.click(s.modal(s.cora), Action.PHRASE_NEW.value)
        await s.desk.background.rest()
    told = str(s.modal(s.cora).blocks)
    assert SAID[StorageBusyError] in told
    assert "https://example.com/pump" in told
    assert len(s.cora.views) == 3


# -- What it is about is gone

THINGS = ("submission", "goal", "experiment", "decision", "hook", "conversion")
NAMES_NOTHING = {
    Callback.SUBMIT_FORM,
    Callback.ABSENCE_FORM,
    Callback.EXPERIMENTS_FORM,
    Callback.CONVERSION_FORM,
    Callback.PHRASE_FORM,
    Callback.SPEND_FORM,
    Callback.SPEND_BUDGET_FORM,
    Callback.SETUP_ROLE_FORM,
    Callback.SETUP_DEPARTMENT_FORM,
    Callback.SETUP_PEOPLE_FORM,
    Callback.HOOKS_FORM,
    Callback.IMPORT_FORM,
    Callback.ROUNDS_PAUSE_FORM,
    Callback.ROUNDS_TAKE_FORM,
    Callback.DECISIONS_FORM,
    Callback.DIGEST_FORM,
    Callback.HOOKS_DELETE_FORM,  # what is gone is what was wanted
}
"""The forms that name nothing of these; what they name of the set-up is checked by its version."""


def run_sql(url: str, *statements: str) -> None:
    """Meanwhile, somebody else."""
    with closing(sqlite3.connect(str(make_url(url).database))) as connection, connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def meanwhile_gone(sqlite_url: str) -> Callable[[], None]:
    """Takes all things away, as if they had never been."""

    def take_away() -> None:
        with closing(sqlite3.connect(str(make_url(sqlite_url).database))) as connection, connection:
            for table in THINGS:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608

    return take_away


async def test_a_form_about_what_is_gone_says_so_and_gives_the_text_back(
    doorstep: Doorstep, meanwhile_gone: Callable[[], None]
) -> None:
    d = doorstep
    for name, prepare in TABLE_FORMS.items():
        if name in NAMES_NOTHING:
            continue
        one = await prepare(d)
        payload = one.make(one.may)
        meanwhile_gone()
        before = d.rows()
        body, shown = await sent(d, one, payload)
        assert d.rows() == before, name
        assert assert_kept(name, payload, body).endswith("."), name
        assert shown == [], name


MAY_FOLLOW = NAMES_NOTHING | {
    Callback.TRIAGE_EDIT_FORM,  # says beside the field that nothing is different
    Callback.TRIAGE_TELL_FORM,
    Callback.TRIAGE_REPLY_FORM,
    Callback.WORDS_ANSWER_FORM,
    Callback.GOALS_READING_FORM,
    Callback.LESSONS_FORM,
    Callback.LINKS_FORM,
    Callback.HOOKS_RENEW_FORM,
    Callback.HOOKS_RENAME_FORM,
} - {
    Callback.SETUP_ROLE_FORM,
    Callback.SETUP_DEPARTMENT_FORM,
    Callback.SETUP_PEOPLE_FORM,
    Callback.DIGEST_FORM,
}
"""The forms of which a second one is as good as the first."""


async def test_who_comes_second_with_the_same_form_is_told_and_keeps_the_text(
    doorstep: Doorstep,
) -> None:
    d = doorstep
    for name, prepare in TABLE_FORMS.items():
        one = await prepare(d)
        first, second = one.make(one.may), one.make(one.may)
        done, _ = await sent(d, one, first)
        assert done.get("response_action") != "errors", name
        await d.scene.wait(minutes=2)  # no double click
        before = d.rows()
        body, shown = await sent(d, one, second)
        if name not in MAY_FOLLOW:
            assert d.rows() | {"channel": []} == before | {"channel": []}, name
            assert assert_kept(name, second, body).endswith("."), name
        assert shown == [], name
        await settled(d)


async def test_a_form_is_taken_though_every_channel_of_cards_is_gone_and_admins_hear_of_it(
    doorstep: Doorstep,
) -> None:
    d, s = doorstep, doorstep.scene
    for channel in (s.content, s.advocacy, s.leads, s.leadership):
        s.ws.delete_channel(channel)
    await settled(d)
    for name, prepare in TABLE_FORMS.items():
        one = await prepare(d)
        before = d.rows()
        body, shown = await sent(d, one, one.make(one.may))
        assert body.get("response_action") != "errors", (name, body)
        assert d.rows() != before or name is Callback.LINKS_FORM, name
        assert shown == [], name
        if name is Callback.DIGEST_FORM:
            assert f"Social Desk can't see <#{s.content}>" in str(body)
        await settled(d)
    told = "".join(message.text for message in s.dm(s.olga))
    for channel in (s.content, s.advocacy, s.leads):
        assert f"could not be delivered to <#{channel}>" in told
