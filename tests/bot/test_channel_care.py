"""Channels that the set-up names, and what the admin is told of them."""

from dataclasses import replace

import pytest

from bot.channel_care import remember_channels, troubles
from bot.channels import Trouble, sentence, trouble_of, uses
from bot.configure import configure
from bot.desk import Channel, Subscription
from bot.directory import channel
from tests.support.core import ADA, CONTENT, Core, a_desk

HEADS = Subscription(subscription_id="heads", channel_id=CONTENT)
PLACE = Channel(channel_id=CONTENT, name="content", is_member=True)


def notices(core: Core) -> list[str]:
    return [row["target"] for row in core.rows("outbox") if row["kind"] == "notice"]


@pytest.mark.parametrize(
    "place, trouble",
    [
        (None, None),
        (PLACE, None),
        (replace(PLACE, is_private=True), None),
        (replace(PLACE, is_shared=True), Trouble.SHARED),
        (replace(PLACE, is_shared=True, is_member=False), Trouble.NOT_IN),
        (replace(PLACE, is_archived=True), Trouble.ARCHIVED),
        (replace(PLACE, is_member=False), Trouble.NOT_IN),
        (replace(PLACE, is_member=False, is_private=True), Trouble.UNSEEN),
        (replace(PLACE, is_member=False, is_archived=True), Trouble.ARCHIVED),
    ],
)
def test_what_is_wrong_with_a_channel(place: Channel | None, trouble: Trouble | None) -> None:
    assert trouble_of(place) is trouble


def test_the_sentence_says_what_the_channel_is_for() -> None:
    desk = a_desk(HEADS)
    assert uses(desk) == {CONTENT: ("The cards of the Content lead", "The weekly digest")}
    assert sentence(desk, CONTENT, Trouble.NOT_IN) == (
        "The cards of the Content lead and the weekly digest have no channel to go to. "
        "Social Desk is not in <#C0CONTENT>. Type `/invite @Social Desk` there."
    )


async def test_a_channel_that_is_not_shown_any_more_keeps_its_name(core: Core) -> None:
    unseen = Channel(channel_id=CONTENT, name=CONTENT, is_private=True)
    for one in (PLACE, unseen):
        await core.do(remember_channels, [one])
    assert await core.ask(channel, CONTENT) == replace(unseen, name="content")
    assert notices(core) == [ADA]


async def test_a_set_up_that_begins_to_use_a_bad_channel_is_told_once(core: Core) -> None:
    archived = Channel(channel_id="C0OLD", name="old", is_archived=True)
    await core.do(remember_channels, [archived])
    assert notices(core) == []
    desk = a_desk(replace(HEADS, channel_id="C0OLD"))
    for _ in range(2):
        await core.do(configure, desk)
    assert notices(core) == [ADA]
    assert await core.read(lambda tx: troubles(tx, desk)) == {"C0OLD": Trouble.ARCHIVED}
