"""Whatever Slack does to a post: in the end it stands there once, or an admin knows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.erased import UnfileMaterial
from bot.kept_file import FileMaterial
from bot.material import HomeMaterial, Material, PaperMaterial
from bot.outbox import Effect, EffectKind
from bot.sheet_material import SheetMaterial
from handlers.looking import is_of
from handlers.messenger import SHOWN_BY
from handlers.workplaces import OneWorkspace
from handlers.workplaces import at_work as workplace_of
from runtime.slack import new_client, new_session
from sandbox.model import Message
from tests.support.desk import Scene, settings
from tests.support.processes import rows_of

CHART = "data_visualization"
POST = "chat.postMessage"
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("lost", {}),
    ("500", {}),
    ("timeout", {}),
    ("refused", {}),
    ("429", {"retry_after": 7}),
    ("html", {}),
    ("error", {"code": "internal_error", "applied": True}),
    ("error", {"code": "internal_error"}),
    ("error", {"code": "fatal_error", "applied": True}),
    ("error", {"code": "service_unavailable"}),
]
each_fault = pytest.mark.parametrize(
    "kind, options", FAULTS, ids=[" ".join([k, *map(str, o.values())]) for k, o in FAULTS]
)


async def hand_in(s: Scene) -> None:
    await s.sam.slash("/social-idea", "A new oven", channel=s.general)
    await s.sam.submit({"title": "Oven"})
    await s.wait(minutes=2)


async def take(s: Scene) -> None:
    await s.cora.click(s.only_card(s.content), "triage.take")
    await s.wait(minutes=2)


def all_is_told_once(s: Scene) -> None:
    """One card, one line in its thread, one receipt and one word in the receipt's thread."""
    card = s.only_card(s.content)
    assert len(s.story(card)) == 1
    receipt, word = s.dm(s.sam)
    assert word.thread_ts == receipt.ts
    assert s.dm(s.olga) == []


@each_fault
async def test_a_channel_and_a_dm_get_their_message_once(
    at_work: Scene, kind: str, options: dict[str, Any]
) -> None:
    s = at_work
    s.ws.fault(POST, kind, times=2, **options)  # the card's first try and the receipt's
    await hand_in(s)
    await take(s)
    all_is_told_once(s)


@each_fault
async def test_threads_get_their_message_once(
    at_work: Scene, kind: str, options: dict[str, Any]
) -> None:
    s = at_work
    await hand_in(s)
    s.ws.fault(POST, kind, times=2, **options)
    await take(s)
    all_is_told_once(s)


@each_fault
async def test_a_card_is_brought_up_to_date(
    at_work: Scene, kind: str, options: dict[str, Any]
) -> None:
    s = at_work
    await hand_in(s)
    s.ws.fault("chat.update", kind, **options)
    await take(s)
    all_is_told_once(s)
    assert "triage.accept" in str(s.only_card(s.content).blocks)


@each_fault
async def test_a_dm_is_opened_in_the_end(
    at_work: Scene, kind: str, options: dict[str, Any]
) -> None:
    s = at_work
    s.ws.fault("conversations.open", kind, **options)
    await hand_in(s)
    (_,) = s.dm(s.sam)


@each_fault
async def test_a_look_that_fails_is_repeated_before_anything_is_posted_again(
    at_work: Scene, kind: str, options: dict[str, Any]
) -> None:
    s = at_work
    s.ws.fault(POST, "lost", times=2)
    s.ws.fault("conversations.history", kind, times=2, **options)
    await hand_in(s)
    s.ws.fault(POST, "lost", times=2)
    s.ws.fault("conversations.replies", kind, times=2, **options)
    await take(s)
    all_is_told_once(s)


async def test_lost_again_and_again(at_work: Scene) -> None:
    s = at_work
    s.ws.fault(POST, "500", times=6)
    s.ws.fault(POST, "lost", times=2)
    await hand_in(s)
    await s.wait(minutes=10)
    assert s.ws.faults.waiting() == []
    await take(s)
    all_is_told_once(s)


async def test_a_message_is_found_behind_those_that_came_later(at_work: Scene) -> None:
    s = at_work
    s.ws.fault(POST, "lost", times=2)
    await s.sam.slash("/social-idea", "A new oven", channel=s.general)
    await s.sam.submit({"title": "Oven"})
    await s.desk.rest()
    for number in range(5):  # the workspace shows two messages a page
        await s.cora.say(s.content, f"what about that? {number}")
    await s.wait(minutes=2)
    s.only_card(s.content)


async def test_where_it_can_t_be_told_the_admin_is_asked_to_look(at_work: Scene) -> None:
    s = at_work
    s.ws.fault(POST, "lost", times=2)
    await s.sam.slash("/social-idea", "A new oven", channel=s.general)
    await s.sam.submit({"title": "Oven"})
    await s.desk.rest()
    for number in range(25):  # more than the pages that are read
        await s.cora.say(s.content, f"what about that? {number}")
    await s.wait(minutes=2)
    s.only_card(s.content)
    (notice,) = s.dm(s.olga)
    assert "may not read back whether it arrived" in notice.text
    assert f"<#{s.content}>" in notice.text


async def test_without_the_scope_to_look_it_is_set_aside(at_work: Scene, sqlite_url: str) -> None:
    s = at_work
    s.ws.manifest = replace(s.ws.manifest, scopes=s.ws.manifest.scopes - {"channels:history"})
    s.ws.fault(POST, "lost", times=2)
    await hand_in(s)
    s.ws.problems.clear()
    s.only_card(s.content)
    (_receipt,) = s.dm(s.sam)
    (notice,) = s.dm(s.olga)
    assert "The card of number 1 could not be delivered" in notice.text
    assert "Look there first" in notice.text
    (dead,) = rows_of(sqlite_url, "outbox", "state = 'dead'")
    assert (dead["key"], dead["error"]) == ("card:1", "outcome_unknown")


async def test_a_channel_that_is_gone_holds_up_nobody_else(at_work: Scene) -> None:
    s = at_work
    s.ws.archive(s.content)
    await hand_in(s)
    (_receipt,) = s.dm(s.sam)
    _of_the_channel, of_the_card = s.dm(s.olga)
    assert "the channel is archived" in of_the_card.text
    s.ws.problems.clear()


def kinds_of(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks]


@pytest.fixture
async def with_news(at_work: Scene) -> Scene:
    """A week in which there was something to chart."""
    await hand_in(at_work)
    await take(at_work)
    await at_work.jump(MONDAY - timedelta(minutes=1))  # past Friday's reminder
    return at_work


async def test_a_digest_whose_layout_is_refused_comes_as_text(with_news: Scene) -> None:
    s = with_news
    s.ws.fault(POST, "error", code="invalid_blocks")
    await s.jump(MONDAY)
    digest = s.only_card(s.leadership)
    assert digest.blocks == ()
    assert digest.text


@each_fault
async def test_a_digest_is_posted_once(
    with_news: Scene, kind: str, options: dict[str, Any]
) -> None:
    s = with_news
    s.ws.fault(POST, kind, **options)
    await s.jump(MONDAY)
    await s.wait(minutes=2)
    digest = s.only_card(s.leadership)
    thread = [m for m in s.ws.messages[s.leadership].values() if m.thread_ts == digest.ts]
    told = [m.text for m in thread if m is not digest]
    assert len(set(told)) == len(told)
    assert CHART in [kind for m in thread for kind in kinds_of(m)]


async def test_no_client_of_ours_repeats_a_call(at_work: Scene, sqlite_url: str) -> None:
    with pytest.raises(ValueError, match="must not repeat"):
        OneWorkspace(at_work.desk.identity, AsyncWebClient(token="xoxb-1"))
    async with new_session() as session:
        client = new_client(settings(sqlite_url), session)
    assert client.retry_handlers == []
    desk = at_work.desk
    assert workplace_of(desk.workplaces, desk.identity.workspace_id).client.retry_handlers == []
    assert at_work.desk.app.client.retry_handlers == []


def test_each_material_has_a_view() -> None:
    others = {HomeMaterial, FileMaterial, PaperMaterial, UnfileMaterial, SheetMaterial}
    assert {*SHOWN_BY, *others} == set(get_args(Material))


@pytest.mark.parametrize(
    "title, is_it", [("1-2 a.png", True), ("1-2", True), ("1-21 a.png", False)]
)
def test_a_kept_file_is_known_by_its_title(title: str, *, is_it: bool) -> None:
    """Slack takes the blank off the end of a title, so a file without a name has none."""
    effect = Effect(
        key="file:1:2", kind=EffectKind.FILE, target="C1", payload={"number": 1, "file": 2}
    )
    assert is_of({"files": [{"title": title}]}, effect) is is_it
