"""Days on which something is wrong: the database, an old form, another version, a bot's message."""

import asyncio
import sqlite3
from collections.abc import MutableMapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import pytest

from bot.configure import current
from bot.digest import FireDue, fire_due
from bot.directory import channel
from bot.kinds import IDEA, KINDS, Kind
from bot.lifecycle import LEAD
from bot.ports import Transaction
from handlers import form_values
from runtime.manifest import manifest_of
from tests.support.databases import postgresql_url, sqlite_url
from tests.support.desk import Scene, scene, settings

__all__ = ["postgresql_url", "sqlite_url"]


async def handed_in(s: Scene) -> None:
    """Something that the digest has to say."""
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "It waits"})
    await s.settle()


async def test_a_locked_database_keeps_the_form_open_with_its_text(sqlite_url: str) -> None:
    async with scene(sqlite_url) as s:
        await s.sam.slash("/social-idea", "", channel=s.general)
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await s.sam.submit({"title": "Not lost"})
        assert s.sam.view is not None
        assert "Nothing was saved" in s.sam.errors["title"]
        other.execute("ROLLBACK")
        other.close()
        await s.sam.submit({})
        await s.settle()
        assert "Not lost" in s.only_card(s.content).text


async def test_a_locked_database_answers_a_click_with_a_sentence(sqlite_url: str) -> None:
    async with scene(sqlite_url) as s:
        await s.sam.slash("/social-idea", "", channel=s.general)
        await s.sam.submit({"title": "Wait"})
        await s.settle()
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await s.cora.click(s.only_card(s.content), "triage.accept")
        other.execute("ROLLBACK")
        other.close()
        await s.settle()
        (told,) = s.cora.ephemerals
        assert "busy" in told.text
        assert await s.tried(s.cora, s.only_card(s.content), "triage.accept") == []
        assert "Accepted" in s.only_card(s.content).text


async def test_a_form_of_another_version_gives_the_text_back(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene(sqlite_url) as s:
        await s.sam.slash("/social-lead", "", channel=s.general)
        s.sam.fill({"name": "Acme", "need": "All of my words"})
        monkeypatch.delitem(cast("MutableMapping[str, Kind]", KINDS), "lead")
        form_values._parsed.cache_clear()  # as in a process of that version
        await s.sam.submit({})
        assert s.sam.view is not None
        assert "another version" in str(s.sam.view.blocks)
        assert "All of my words" in str(s.sam.view.blocks)


async def test_a_bug_gets_a_reference_and_the_form_stays(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene(sqlite_url) as s:
        await s.sam.slash("/social-idea", "", channel=s.general)
        broken = replace(IDEA, default_role="content_lead", due=cast("object", None))  # type: ignore[arg-type]  # the bug
        monkeypatch.setitem(cast("MutableMapping[str, Kind]", KINDS), "idea", broken)
        await s.sam.submit({"title": "Kept"})
        assert "REF1" in s.sam.errors["title"]
        assert "REF1" in caplog.text or any(
            getattr(record, "reference", "") == "REF1" for record in caplog.records
        )
        monkeypatch.setitem(cast("MutableMapping[str, Kind]", KINDS), "idea", IDEA)
        await s.sam.submit({})
        await s.settle()
        assert "Kept" in s.only_card(s.content).text


async def test_a_new_kind_is_one_entry(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mention = replace(
        IDEA,
        key="mention",
        label="Mention",
        article="a mention",
        emoji=":eyes:",
        default_role="content_lead",
        lifecycle=LEAD,
    )
    monkeypatch.setitem(cast("MutableMapping[str, Kind]", KINDS), "mention", mention)
    async with scene(sqlite_url) as s:
        await s.sam.slash("/social-mention", "They wrote about us", channel=s.general)
        await s.sam.submit({"title": "A review"})
        await s.settle()
        card = s.only_card(s.content)
        assert "Mention 1" in card.text
        await s.tried(s.cora, card, "triage.take")
        assert "mention 1" in s.dm(s.sam)[-1].text


async def test_commands_can_be_called_otherwise_and_the_manifest_follows() -> None:
    found = manifest_of(settings("sqlite:///x", command="/desk", command_names={"idea": "/idee"}))
    commands = [entry["command"] for entry in found["features"]["slash_commands"]]
    assert commands == ["/desk", "/idee", "/desk-testimonial", "/desk-lead"]


async def test_a_bot_s_message_can_be_handed_in_by_a_person(at_work: Scene) -> None:
    s = at_work
    robot = s.ws.person(s.ws.add_user("news", "News Robot", is_bot=True).id)
    s.ws.invite(s.general, robot.user.id)
    message = await robot.say(s.general, "A review came in <https://example.com/r|here>")
    await s.sam.message_shortcut("submit.message", s.general, message.ts)
    await s.sam.submit({"title": "A review"})
    await s.settle()
    assert "https://example.com/r" in s.only_card(s.content).text
    assert len(s.dm(s.sam)) == 1


@pytest.mark.postgres
async def test_the_main_job_on_postgresql(postgresql_url: str) -> None:
    async with scene(postgresql_url) as s:
        await s.sam.slash("/social-testimonial", "It works", channel=s.general)
        await s.sam.submit({"customer": "Acme", "person": "Pat"})
        await s.settle()
        card = s.only_card(s.advocacy)
        await asyncio.gather(
            s.adam.click(card, "triage.accept"), s.ava.click(card, "triage.accept")
        )
        await s.settle()
        assert len(s.story(card)) == 1
        assert len(s.adam.ephemerals) + len(s.ava.ephemerals) == 1
        assert len(s.dm(s.sam)) == 2
        await s.wait(days=5)
        assert "Waiting" in s.only_card(s.leadership).text


async def test_a_broken_digest_stops_no_other(
    at_work: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    s = at_work

    def broken(tx: Transaction, command: FireDue, now: datetime) -> str | None:
        if command.subscription_id == "aaa":
            raise KeyError("a bug of ours")
        return fire_due(tx, command, now)

    desk = await s.desk.database.read(s.desk.identity.workspace_id, current, None, s.clock.now())
    (leadership,) = desk.subscriptions
    first = replace(leadership, subscription_id="aaa", channel_id=s.general, time="08:30")
    await s.apply(replace(desk, subscriptions=(first, leadership)))
    monkeypatch.setattr("runtime.ticks.fire_due", broken)
    await handed_in(s)
    await s.jump(datetime(2026, 11, 23, 8, 1, tzinfo=UTC))
    assert len(s.cards(s.leadership)) == 1
    assert s.cards(s.general) == []
    assert "digest failed" in caplog.text
    monkeypatch.undo()
    await s.wait(minutes=1)


async def test_a_channel_event_that_slack_does_not_explain_comes_again(at_work: Scene) -> None:
    s = at_work
    s.ws.fault("conversations.info", "500")
    s.ws.archive(s.general)
    await s.settle()
    await s.wait(minutes=2)
    known = await s.desk.database.read(
        s.desk.identity.workspace_id, channel, s.general, s.clock.now()
    )
    assert known is not None
    assert known.is_archived
    assert {problem.kind for problem in s.ws.problems} == {"listener_raised"}
    s.ws.problems.clear()
