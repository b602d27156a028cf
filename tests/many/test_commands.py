"""Short commands where many workspaces are: they have to be told which one is meant."""

import pytest

from bot.configure import current
from runtime.doctor import _installations
from runtime.findings import Level
from runtime.place import Place, with_database
from runtime.settings import SettingsError
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


async def test_doctor_counts_them(both: Town, database_url: str) -> None:
    both.realm.uninstall(both.south.ws)
    await both.settle()
    found = await _installations(many_settings(database_url), both.desk.database)
    assert (found.level, "1 installed, 1 removed" in found.line()) == (Level.OK, True)


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
