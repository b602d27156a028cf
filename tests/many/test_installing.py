"""Workspaces install the desk by themselves: each step of OAuth, and what is refused on the way."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.installing import WELCOME
from handlers.manifest import SCOPES
from handlers.views.install_page import REASONS
from sandbox.realm import NotAllowedError
from tests.support.processes import rows_of
from tests.support.town import BACK, Town


async def test_installed_in_one_pass_and_told_of_the_next_step(t: Town) -> None:
    answer = await t.install(t.north)
    assert answer.status == 200
    assert "open its Home tab in North" in answer.body
    assert "slack.com/app_redirect?app=A00000001&amp;team=T0NORTH" in answer.body
    assert t.north.told(t.north.olga) == [WELCOME]
    assert t.north.ws.homes, "the installer's Home tab is there before they open it"
    assert t.south.told(t.south.olga) == []
    await t.north.sam.slash("/social-idea", "Ten tips", channel=t.north.general)
    assert t.north.sam.view is not None


async def test_slack_is_asked_for_the_scopes_of_the_manifest(t: Town) -> None:
    address, cookie = await t.begin()
    parts = urlsplit(address)
    assert parts.path == "/oauth/v2/authorize"
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert set(asked["scope"].split(",")) == set(SCOPES)
    assert "user_scope" not in asked
    assert asked["redirect_uri"] == BACK
    assert asked["state"] in cookie


async def test_looking_at_the_first_page_stores_nothing(t: Town, database_url: str) -> None:
    for _ in range(5):
        await t.begin()
    if database_url.startswith("sqlite"):
        assert rows_of(database_url, "inbox_seen") == []


async def test_a_state_works_once(t: Town) -> None:
    address, cookie = await t.begin()
    back = t.realm.allow(address, t.north.ws, t.north.olga.user.id)
    assert (await t.finish(back, cookie)).status == 200
    again = t.realm.allow(address, t.south.ws, t.south.olga.user.id)
    answer = await t.finish(again, cookie)
    assert (answer.status, REASONS["invalid_state"] in answer.body) == (401, True)
    assert await t.installation("T0SOUTH") is None
    await t.settle()


async def test_a_state_lives_ten_minutes(t: Town) -> None:
    address, cookie = await t.begin()
    back = t.realm.allow(address, t.north.ws, t.north.olga.user.id)
    await t.clock.advance(timedelta(minutes=10, seconds=1))
    assert (await t.finish(back, cookie)).status == 401


async def test_a_state_that_was_made_up_is_refused(t: Town) -> None:
    address, _ = await t.begin()
    back = t.realm.allow(address, t.north.ws, t.north.olga.user.id)
    stamp = int(t.clock.now().timestamp())
    for made_up in ("x", "", f"{stamp}.abc.def", "ä.ö.ü", f"{stamp}.", "1.2.3"):
        forged = back.rpartition("state=")[0] + f"state={made_up}"
        cookie = f"slack-app-oauth-state={made_up}"
        assert (await t.finish(forged, cookie)).status in {400, 401}
    assert await t.installation("T0NORTH") is None


async def test_another_browser_is_refused(t: Town) -> None:
    """Whoever is sent a finished address installs nothing with it."""
    address, _ = await t.begin()
    _, other = await t.begin()
    back = t.realm.allow(address, t.north.ws, t.north.olga.user.id)
    assert (await t.finish(back, other)).status == 400
    assert (await t.finish(back, "")).status == 400
    assert await t.installation("T0NORTH") is None


async def test_who_cancels_is_told_so(t: Town) -> None:
    _, cookie = await t.begin()
    answer = await t.finish(f"{BACK}?error=access_denied&state=x", cookie)
    assert REASONS["access_denied"] in answer.body
    answer = await t.finish(f"{BACK}?error=<script>&state=x", cookie)
    assert "script" not in answer.body


async def test_a_bad_code_is_refused(t: Town) -> None:
    address, cookie = await t.begin()
    back = t.realm.allow(address, t.north.ws, t.north.olga.user.id)
    state = parse_qs(urlsplit(back).query)["state"][0]
    answer = await t.finish(f"{BACK}?code=nonsense&state={state}", cookie)
    assert (answer.status, REASONS["invalid_code"] in answer.body) == (401, True)


async def test_a_slack_that_does_not_answer_leaves_nothing_behind(t: Town) -> None:
    t.realm.faults.add("oauth.v2.access", "timeout", 1, {})
    assert (await t.install(t.north)).status == 401
    assert await t.installation("T0NORTH") is None
    assert (await t.install(t.north)).status == 200


async def test_slacks_own_refusals(t: Town) -> None:
    address, _ = await t.begin()
    olga = t.north.olga.user.id
    for bad in (
        address.replace("client_id=1.1", "client_id=2.2"),
        address.replace("desk.test", "elsewhere.test"),
    ):
        with pytest.raises(NotAllowedError):
            t.realm.allow(bad, t.north.ws, olga)


async def test_tokens_of_people_are_not_kept_and_ours_is_sealed(
    both: Town, database_url: str
) -> None:
    found = await both.installation("T0NORTH")
    assert found is not None
    assert found.tokens is not None
    assert found.tokens.access.startswith("xoxb-")
    assert (found.name, found.url) == ("North", "https://north.slack.com/")
    if database_url.startswith("sqlite"):
        rows = rows_of(database_url, "installation")
        assert len(rows) == 2
        assert "xoxb-" not in str(rows)
        assert "xoxe" not in str(rows)


async def test_slack_is_not_asked_who_we_are_at_each_request(both: Town) -> None:
    both.realm.calls.clear()
    for _ in range(3):
        await both.north.sam.slash("/social", "help", channel=both.north.general)
    assert "auth.test" not in both.realm.calls


async def test_installed_once_more_it_goes_on_and_greets_nobody_anew(both: Town) -> None:
    await both.install(both.north)
    assert both.north.told(both.north.olga) == [WELCOME]
    await both.north.sam.slash("/social-idea", "Ten tips", channel=both.north.general)
    assert both.north.sam.view is not None
