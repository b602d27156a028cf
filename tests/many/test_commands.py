"""Short commands where many workspaces are: they have to be told which one is meant."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.configure import configure, current
from bot.desk import Subscription, default_desk
from runtime.doctor_many import examine_workspaces
from runtime.place import Place, with_database
from runtime.settings import SettingsError
from runtime.slack import new_session
from tests.support.town import Town, many_settings


async def test_one_is_named(both: Town, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = both.desk.app.client
    monkeypatch.setattr("runtime.place.new_client", lambda *_: client)
    given = many_settings(database_url)

    async def work(place: Place) -> tuple[str, int]:
        now = both.clock.now()
        desk = await place.database.read(place.workspace_id, current, None, now)
        return place.workspace_id, len((await place.directory.everything()).members) * (
            desk.version + 1
        )

    where, people = await with_database(given, work, "T0SOUTH")
    assert where == "T0SOUTH"
    assert people == len(both.south.ws.users)
    for wrong in (None, "T0NOWHERE"):
        with pytest.raises(SettingsError, match="--workspace"):
            await with_database(given, work, wrong)


async def said(t: Town, url: str, workspace: str | None = None) -> list[str]:
    """What doctor says of the workspaces."""
    async with new_session() as session:
        now = t.clock.now()
        found = await examine_workspaces(
            many_settings(url), t.desk.database, session, now, workspace
        )
    return [finding.line() for finding in found]


async def test_doctor_looks_into_each(
    both: Town, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = both.desk.app.client
    monkeypatch.setattr("runtime.place.new_client", lambda *_: client)
    assert await said(both, database_url) == [
        "ok    workspaces: 2 installed, 0 removed the app, 2 not set up yet; none with trouble."
    ]
    sam, general = both.north.sam.user.id, both.north.general
    roles = {
        one.role_id: replace(one, holders=(sam,), channel_id=general)
        for one in default_desk().roles.values()
    }
    desk = replace(
        default_desk(),
        roles=roles,
        subscriptions=(Subscription(subscription_id="all", channel_id=general),),
    )
    for place in both.places:
        await both.desk.database.transact(place.team_id, configure, desk, both.clock.now())
    assert (await said(both, database_url))[1:] == []
    both.north.ws.archive(both.north.general)
    await both.settle()
    await both.clock.advance(timedelta(days=9))
    both.south.ws.deactivate(both.south.sam.user.id)
    await both.settle()
    whole, north, south = await said(both, database_url)
    assert whole.endswith("0 not set up yet; 2 with trouble, a line each below.")
    assert north.startswith("fail  workspace T0NORTH (North): #general is archived.")
    assert south.startswith("warn  workspace T0SOUTH (South): Nobody holds the roles Social lead,")
    lines = await said(both, database_url, "T0NORTH")
    assert "ok    bot token: Slack takes it in T0NORTH." in lines
    assert any(line.startswith(f"fail  channel {both.north.general}") for line in lines)
    assert await said(both, database_url, "T0NOWHERE") == [
        "fail  workspace: the app is not installed to T0NOWHERE."
    ]


async def test_doctor_tells_of_a_token_that_slack_does_not_take(
    both: Town, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = both.desk.app.client
    monkeypatch.setattr("runtime.place.new_client", lambda *_: client)
    both.north.ws.faults.add("auth.test", "error", 1, {"code": "token_revoked"})
    lines = await said(both, database_url)
    assert lines[1:] == [
        "fail  workspace T0NORTH (North): Its token: Slack answers “token_revoked”."
    ]
    both.realm.uninstall(both.south.ws)
    await both.settle()
    (whole,) = await said(both, database_url)
    assert "1 installed, 1 removed the app" in whole


@pytest.mark.parametrize(
    "more, named",
    [
        ({"slack_client_id": ""}, "SLACK_CLIENT_ID"),
        ({"slack_bot_token": "xoxb-1"}, "SLACK_BOT_TOKEN"),
        ({"slack_app_token": "xapp-1"}, "SLACK_APP_TOKEN"),
        ({"encryption_keys": ()}, "ENCRYPTION_KEYS"),
        ({"slack_signing_secret": ""}, "SLACK_SIGNING_SECRET"),
    ],
)
def test_settings_that_contradict_each_other_are_named(more: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        many_settings("sqlite:///x.db", **more).check_for_serving()
