"""Who gets a digest as a file, and how many of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk import Subscription
from bot.digest_effects import digest_key
from bot.errors import NotAllowedError, NotFoundError
from bot.gathering import gather_material
from bot.material import PaperMaterial
from bot.outbox import Claim, Effect, EffectKind, Finish, Posted, Verdict
from bot.papers import GONE, NO_GUESTS, AskPaper, ask_paper
from tests.support.core import CONTENT, CORA, GUIDO, LEO, OLGA, PEOPLE, SAM, Core, a_desk

DIGEST = Subscription(subscription_id="leadership", channel_id=CONTENT, tz="Europe/Berlin")
BELOW = AskPaper(actor_id=CORA, subscription_id="leadership", period="2026-W47", seen_in=CONTENT)
"""Cora presses the button of the digest that stands in the content channel."""

NOW = datetime(2026, 11, 19, 9, 0, 30, tzinfo=UTC)


@pytest.fixture
async def posted(core: Core) -> Core:
    """A digest stands in the content channel, of which Guido is a guest with a role."""
    core.clock.at = NOW
    await core.set_up(a_desk(DIGEST))
    payload = {
        "subscription_id": "leadership",
        "period": BELOW.period,
        "day": "2026-11-16",
        "tz": "Europe/Berlin",
        "due_at": NOW.isoformat(),
    }
    key = digest_key("leadership", BELOW.period)
    effect = Effect(key=key, kind=EffectKind.DIGEST, target=CONTENT, payload=payload)
    await core.write(lambda tx: tx.outbox.add(effect, NOW))
    lease = timedelta(minutes=1)
    claim = await core.write(lambda tx: tx.outbox.claim(CONTENT, owner="w", now=NOW, lease=lease))
    assert isinstance(claim, Claim)
    sent = Finish(verdict=Verdict.SENT, posted=Posted(CONTENT, "1795420802.100000"))
    await core.write(lambda tx: tx.outbox.finish(claim, sent, NOW))
    return core


async def test_one_file_however_often_it_is_pressed_within_a_minute(posted: Core) -> None:
    pressed = []
    for seconds in (0, 1, 35, 80, 200):
        posted.clock.at = NOW + timedelta(seconds=seconds)
        pressed.append(await posted.do(ask_paper, BELOW))
    assert pressed == [True, False, False, False, True]
    assert len(posted.effects("paper:")) == 2


async def test_each_gets_their_own(posted: Core) -> None:
    assert await posted.do(ask_paper, BELOW)
    assert await posted.do(ask_paper, replace(BELOW, actor_id=SAM))


@pytest.mark.parametrize(
    "asked, why",
    [
        (replace(BELOW, actor_id=GUIDO), NO_GUESTS),
        (replace(BELOW, actor_id=LEO), "Only people of this workspace"),
        (replace(BELOW, actor_id="U0STRANGER"), NO_GUESTS),
        (replace(BELOW, seen_in="C0ELSEWHERE"), "Only admins, and who gets this digest"),
        (replace(BELOW, seen_in=None), "Only admins, and who gets this digest"),
        (replace(BELOW, period=""), "Only admins, and who gets this digest"),
        (AskPaper(actor_id=SAM, channel_id=CONTENT), "Only admins, and who reads this digest"),
        (AskPaper(actor_id=SAM), "Only admins, and who reads this digest"),
    ],
)
async def test_nobody_else_gets_it(posted: Core, asked: AskPaper, why: str) -> None:
    with pytest.raises(NotAllowedError, match=why):
        await posted.do(ask_paper, asked)
    assert posted.effects("paper:") == []


async def test_admins_get_any_of_them(posted: Core) -> None:
    assert await posted.do(ask_paper, replace(BELOW, actor_id=OLGA, seen_in=None))
    assert await posted.do(ask_paper, replace(BELOW, actor_id=OLGA, period=""))


async def material(core: Core, **more: str) -> PaperMaterial:
    """What is printed for Cora, gathered now."""
    about = {"subscription_id": "leadership", "period": BELOW.period, "channel": "", **more}
    payload = {**about, "asked_at": "20261119-0900"}
    effect = Effect(key="paper:x", kind=EffectKind.PAPER, target=CORA, payload=payload)
    found = await core.ask(gather_material, effect)
    assert isinstance(found, PaperMaterial)
    return found


async def test_it_tells_of_the_week_that_was_posted_with_names(posted: Core) -> None:
    posted.clock.at = NOW + timedelta(days=40)
    found = await material(posted)
    assert f"{found.digest.last_day}" == "2026-11-15"
    assert found.digest.as_of == datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert found.at == posted.clock.now()
    of_a_channel = await material(posted, subscription_id="", period="", channel=CONTENT)
    assert of_a_channel.digest.is_preview


async def test_what_is_theirs_no_more_is_not_printed(posted: Core) -> None:
    for more in ({"period": "2026-W01"}, {"period": ""}):
        with pytest.raises(NotFoundError, match=GONE):
            await material(posted, **more)
    left = [replace(one, is_deleted=True) for one in PEOPLE if one.user_id == CORA]
    await posted.write(lambda tx: tx.members.save(left, posted.clock.now()))
    with pytest.raises(NotFoundError, match=GONE):
        await material(posted)
