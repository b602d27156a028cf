"""`python app.py doctor`: each thing that the desk needs is looked at, and named when it lacks."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.configure import configure
from bot.desk import Role, Subscription, default_desk
from handlers.manifest import SCOPES
from runtime.doctor import check_clock, check_paper, examine
from runtime.doctor_scopes import check_scopes
from runtime.findings import Level
from runtime.settings import Settings
from storage.database import Database
from tests.support.processes import Town, program, town

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)


@pytest.fixture
async def place(sqlite_url: str) -> AsyncIterator[Town]:
    async with town(sqlite_url) as found:
        yield found


def settings(t: Town, **more: Any) -> Settings:
    return Settings.model_validate(t.settings(**more))


async def said(t: Town, **more: Any) -> dict[str, list[str]]:
    """What is said, by level."""
    found: dict[str, list[str]] = {level.value: [] for level in Level}
    for finding in await examine(settings(t, **more)):
        found[finding.level].append(f"{finding.about}: {finding.sentence}")
    return found


async def test_a_sound_desk(place: Town, tmp_path: Path) -> None:
    found = await said(place)
    assert found["fail"] == []
    lines = "\n".join(found["ok"])
    for about in ("bot token", "scopes", "clock", "requests", "database", "set-up"):
        assert f"{about}: " in lines
    assert "role content_lead: held by Cora Marker." in lines
    assert f"channel {place.content}: #content: the cards of the content lead." in lines
    assert "role social_lead: nobody holds it; admins act for it" in "\n".join(found["warn"])
    async with program(tmp_path, "doctor", **place.settings()) as doctor:
        status, printed = await doctor.ended()
    assert status == 0
    assert "ok    database: it answers" in printed
    assert "warn  next digest: no channel gets one" in printed


async def test_channels_and_people_that_are_not_there(place: Town) -> None:
    t = place
    bot = t.ws.identity.bot_user
    places = {c.name: c.id for c in t.ws.channels.values() if c.name}
    t.ws.archive(places["advocacy"])
    t.ws.kick(places["content"], bot)
    t.ws.make_private(places["leads"])
    t.ws.kick(places["leads"], bot)
    t.ws.deactivate(t.cora.user.id)
    found = await said(t)
    lines = "\n".join(found["fail"])
    assert f"channel {places['content']}: Social Desk is not in #content. Type `/invite" in lines
    assert f"channel {places['advocacy']}: #advocacy is archived." in lines
    assert f"channel {places['leads']}: Social Desk can't see it: it is private or" in lines
    assert "role content_lead: nobody holds it; admins act" in "\n".join(found["warn"])


async def test_digests_and_ids(place: Town) -> None:
    t = place
    database = Database(t.database_url)
    digest = Subscription(subscription_id="all", channel_id=t.general, tz="Europe/Berlin")
    roles = {
        **default_desk().roles,
        "extra": Role(role_id="extra", label="Extra", holders=("U0NOBODY",)),
    }
    desk = replace(default_desk(), roles=roles, subscriptions=(digest,))
    # Planned twenty years ago: it is overdue. Then planned for a far Monday.
    for when, level in ((NOW.replace(year=2006), "fail"), (NOW.replace(year=2066), "ok")):
        await database.transact(t.ws.identity.team_id, configure, default_desk(), when)
        await database.transact(t.ws.identity.team_id, configure, desk, when)
        lines = await said(t)
        (line,) = [line for line in lines[level] if line.startswith("next digest: all")]
        assert ("was due Mon 20 Nov 2006, 09:00 Europe/Berlin" in line) == (level == "fail")
    assert lines["fail"] == [
        "people: nobody here has the id U0NOBODY. Correct the id in the set-up."
    ]
    await database.close()


async def test_what_is_missing_is_named(place: Town, tmp_path: Path) -> None:
    t = place
    found = await said(t, slack_bot_token="", slack_app_token="", slack_signing_secret="")
    assert found["fail"] == [
        "bot token: SLACK_BOT_TOKEN is missing (xoxb-…).",
        "requests: neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set.",
    ]
    found = await said(t, slack_bot_token="xoxb-wrong", slack_app_token="xapp-wrong")
    assert [line[:40] for line in found["fail"]] == [
        "bot token: Slack answers “invalid_auth”.",
        "requests: Slack answers “invalid_auth”. ",
    ]
    found = await said(t, database_url=f"sqlite:///{tmp_path}/none.db")
    assert found["fail"][0].startswith("database: it can't be read and written.")
    (tmp_path / "empty.db").touch()
    found = await said(t, database_url=f"sqlite:///{tmp_path}/empty.db")
    assert "python app.py migrate" in found["fail"][0]
    found = await said(t, slack_api_url="http://127.0.0.1:9/api/")
    assert "Slack does not answer at SLACK_API_URL" in found["fail"][0]
    async with program(tmp_path, "doctor", **t.settings(slack_bot_token="")) as doctor:
        status, printed = await doctor.ended()
    assert status == 1
    assert "fail  bot token: " in printed


def test_scopes_against_the_manifest() -> None:
    every = ",".join(SCOPES)
    assert check_scopes(every).level is Level.OK
    assert check_scopes(f"{every}, files:boost").level is Level.WARN
    left_out = check_scopes(",".join(set(SCOPES) - {"groups:history"}))
    assert left_out.level is Level.WARN
    assert "the optional groups:history: a card or digest whose outcome" in left_out.line()
    found = check_scopes("chat:write")
    assert found.level is Level.FAIL
    assert "commands" in found.sentence
    assert "chat:write," not in found.sentence


@pytest.mark.parametrize(
    "off, level",
    [(1, Level.OK), (-29, Level.OK), (31, Level.WARN), (-200, Level.WARN), (301, Level.FAIL)],
)
def test_the_clock_against_slacks(off: int, level: Level) -> None:
    assert check_clock("Thu, 19 Nov 2026 09:00:00 GMT", NOW + timedelta(seconds=off)).level is level
    assert check_clock("yesterday", NOW).level is Level.WARN


def test_digests_as_pdf_need_a_font() -> None:
    assert check_paper("").line() == "ok    digests as PDF: printed in DejaVuSans.ttf."
    missing = check_paper("/nowhere.ttf")
    assert missing.line() == "warn  digests as PDF: PDF_FONT: there is no file /nowhere.ttf."
