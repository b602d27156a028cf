from dataclasses import replace
from datetime import timedelta

import pytest

from bot.announce import card_target, tell_admin
from bot.cards import KEEP_TRYING
from bot.directory import Known, remember
from bot.gathering import gather_material
from bot.lifecycle import Verb
from bot.material import (
    CardMaterial,
    HomeMaterial,
    NoticeMaterial,
    ReceiptMaterial,
    StoryMaterial,
    WordMaterial,
)
from bot.outbox import Effect, EffectKind
from tests.support.core import (
    ADA,
    BOB,
    CONRAD,
    CONTENT,
    CORA,
    GUIDO,
    LENA,
    LEO,
    PEOPLE,
    SAM,
    SUE,
    Core,
    a_desk,
)


async def effect(core: Core, key: str) -> Effect:
    found = await core.read(lambda tx: tx.outbox.find(key))
    assert found is not None
    return found


async def test_a_step_updates_the_card_tells_its_story_and_the_submitter(core: Core) -> None:
    await core.step(await core.hand_in(), Verb.TAKE)
    update = await effect(core, "card:1:v2")
    story = await effect(core, "story:1:2")
    word = await effect(core, "word:1:2")
    assert (update.kind, update.target, update.parent_key) == (
        EffectKind.CARD_UPDATE,
        CONTENT,
        "card:1",
    )
    assert update.collapse_key == "card:1"
    assert (story.kind, story.target, story.parent_key) == (EffectKind.STORY, CONTENT, "card:1")
    assert (word.kind, word.target, word.parent_key) == (EffectKind.WORD, SAM, "receipt:1")
    assert story.payload == word.payload == {"number": 1, "seq": 2}
    now = core.clock.now()
    assert story.expires_at == word.expires_at == now + KEEP_TRYING
    assert update.expires_at is None


async def test_the_newest_update_replaces_those_that_wait(core: Core) -> None:
    taken = await core.step(await core.hand_in(), Verb.TAKE)
    await core.step(taken, Verb.ACCEPT)
    states = {row["key"]: row["state"] for row in core.rows("outbox")}
    assert states["card:1:v2"] == "superseded"
    assert states["card:1:v3"] == states["story:1:2"] == states["story:1:3"] == "pending"
    assert states["card:1"] == "pending"


async def test_before_anybody_is_known_the_submitter_hears_and_the_card_comes_later(
    empty: Core,
) -> None:
    submission = await empty.hand_in()
    assert empty.effects() == ["receipt:1"]
    await empty.set_up()
    assert empty.effects() == ["receipt:1", "card:1"]
    await empty.step(submission, Verb.TAKE, by=ADA)
    assert empty.effects()[2:] == ["card:1:v2", "story:1:2", "word:1:2"]


@pytest.mark.parametrize(
    "channel, holders, target",
    [
        (CONTENT, (CORA,), CONTENT),
        (CONTENT, (), CONTENT),
        (None, (CORA, CONRAD), CORA),
        (None, (LEO, BOB, CONRAD), CONRAD),
        (None, (LEO,), ADA),
        (None, (), ADA),
    ],
)
async def test_where_a_card_goes(
    core: Core, channel: str | None, holders: tuple[str, ...], target: str
) -> None:
    desk = a_desk()
    role = replace(desk.roles["content_lead"], channel_id=channel, holders=holders)
    assert await core.read(lambda tx: card_target(tx, desk, role)) == target


async def test_the_admin_is_told_once_about_one_thing(core: Core) -> None:
    now = core.clock.now()
    await core.write(lambda tx: tell_admin(tx, a_desk(), "thing", "First.", now))
    await core.write(lambda tx: tell_admin(tx, a_desk(), "thing", "Again.", now))
    assert core.effects() == ["notice:thing"]
    notice = await effect(core, "notice:thing")
    assert (notice.target, notice.payload) == (ADA, {"sentence": "First."})
    assert notice.expires_at == now + KEEP_TRYING


async def test_a_notice_about_an_effect_names_it_for_another_try(core: Core) -> None:
    now = core.clock.now()
    about = f"effect:digest:heads:2026-W48@{now.isoformat()}"
    await core.write(lambda tx: tell_admin(tx, a_desk(), about, "No.", now))
    material = await core.ask(gather_material, await effect(core, f"notice:{about}"))
    assert material == NoticeMaterial(sentence="No.", retry_key="digest:heads:2026-W48")


async def test_nobody_is_told_when_nobody_is_known(empty: Core) -> None:
    now = empty.clock.now()
    desk = replace(a_desk(), admins=())
    await empty.write(lambda tx: tell_admin(tx, desk, "thing", "No.", now))
    assert empty.effects() == []


async def test_messages_tell_the_truth_of_the_moment_they_are_sent(core: Core) -> None:
    await core.hand_in("lead")
    new = await core.stored(1)
    core.clock.at += timedelta(minutes=1)
    taken = await core.step(new, Verb.TAKE, by=GUIDO)
    entry = (await core.history(1))[-1]
    card = await core.ask(gather_material, await effect(core, "card:1"))
    assert isinstance(card, CardMaterial)
    assert (card.submission, card.role.role_id) == (taken, "lead_desk")
    assert card.holders == (LENA, GUIDO)
    receipt = await core.ask(gather_material, await effect(core, "receipt:1"))
    assert isinstance(receipt, ReceiptMaterial)
    assert (receipt.submission, receipt.role.role_id) == (taken, "lead_desk")
    story = await core.ask(gather_material, await effect(core, "story:1:2"))
    assert isinstance(story, StoryMaterial)
    assert (story.submission, story.entry) == (taken, entry)
    word = await core.ask(gather_material, await effect(core, "word:1:2"))
    assert isinstance(word, WordMaterial)
    assert (word.submission, word.entry, word.role.role_id) == (taken, entry, "lead_desk")
    home = Effect(key="home:x", kind=EffectKind.HOME, target=SAM)
    material = await core.ask(gather_material, home)
    assert isinstance(material, HomeMaterial)
    assert material.mine.total == 1


async def test_who_left_hears_nothing_any_more(core: Core) -> None:
    idea = await core.hand_in(by=SUE)
    gone = tuple(replace(one, is_deleted=True) for one in PEOPLE if one.user_id == SUE)
    await core.do(remember, Known(members=gone))
    await core.step(idea, Verb.ACCEPT)
    assert core.effects("word:") == []
