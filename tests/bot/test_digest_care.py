"""Digests on the command line: which there are, what one said in a week that was, sent by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import Subscription
from bot.digest import FireDue, fire_due
from bot.digest_care import Show, send_now, show, standings
from bot.digest_store import DigestState
from bot.errors import ConfigurationError
from bot.lifecycle import Verb
from bot.own_digests import TakeDigest, take
from bot.periods import planned_day, telling_day, window_of
from bot.rounds import SENT_NOW
from tests.support import digests
from tests.support.core import ADA, CONTENT, SAM, Core, a_desk

MONDAYS = Subscription(
    subscription_id="leadership", channel_id=CONTENT, time="08:00", tz="Europe/Berlin"
)
FRIDAYS = replace(MONDAYS, subscription_id="team", weekday=4, time="16:00", audience="team")
MONTHLY = replace(MONDAYS, subscription_id="board", channel_id="C0BOARD", month_day=1)


async def working(core: Core, *digests: Subscription) -> None:
    """A desk with digests; an idea each on 12 and on 18 November, and it is the 25th."""
    await core.set_up(a_desk(*digests))
    for day in (12, 18):
        core.clock.at = datetime(2026, 11, day, 9, tzinfo=UTC)
        await core.step(await core.hand_in(), Verb.ACCEPT)
    core.clock.at = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize("week", ["2026-W47", "2026w47", "2026-11-16", "2026-11-22"])
async def test_a_week_that_was_is_told_by_its_digest(core: Core, week: str) -> None:
    await working(core, MONDAYS)
    found = await core.ask(show, Show(which="leadership", week=week))
    assert (found.first_day, found.last_day) == (date(2026, 11, 16), date(2026, 11, 22))
    assert digests.numbers(found).week.handed_in == 1
    assert not found.is_preview
    assert found.as_of == datetime(2026, 11, 22, 23, tzinfo=UTC)
    by_channel = await core.ask(show, Show(which=CONTENT, week=week))
    assert by_channel == found


async def test_on_fridays_a_week_is_that_which_ends_then(core: Core) -> None:
    await working(core, FRIDAYS)
    found = await core.ask(show, Show(which="team", week="2026-W47"))
    assert found.last_day == date(2026, 11, 20)
    lasting = await core.ask(show, Show(which="team", week="2026-11-25"))
    assert lasting.is_preview
    assert lasting.as_of == core.clock.now()


async def test_a_month_is_named_by_a_day_in_it(core: Core) -> None:
    await working(core, MONTHLY)
    found = await core.ask(show, Show(which="board", week="2026-10-07"))
    assert (found.first_day, found.last_day) == (date(2026, 10, 1), date(2026, 10, 31))


async def test_what_was_posted_has_the_ask_that_it_had(core: Core) -> None:
    await working(core, MONDAYS)
    core.clock.at = datetime(2026, 11, 23, 7, 1, tzinfo=UTC)
    await core.write(
        lambda tx: tx.schedules.save(
            replace(found, next_at=core.clock.now(), next_date="2026-11-23")
            if (found := tx.schedules.get("leadership"))
            else pytest.fail("it is planned")
        )
    )
    assert await core.do(fire_due, FireDue("leadership")) == "fired"
    core.clock.at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    found = await core.ask(show, Show(which="leadership", week="2026-W47"))
    assert found.period == "2026-W48"
    before = await core.ask(show, Show(which="leadership", week="2026-W46"))
    assert before.period == ""


@pytest.mark.parametrize(
    "asked, said",
    [
        (Show(which="leadreship"), "There is no digest leadreship. There are: leadership, team."),
        (Show(which=CONTENT), f"{CONTENT} gets several digests: name one of leadership, team."),
        (Show(which="team", audience="board"), "There is no audience board."),
        (Show(which="team", week="W47"), "--week: should be a week like 2026-W47"),
        (Show(which="team", week="2026-W54"), "--week: should be a week like 2026-W47"),
        (Show(which="team", week="0001-01-01"), "--week: should be a week like 2026-W47"),
        (Show(which="leadership", week="2026-W50"), "--week: 2026-W50 has not begun"),
    ],
)
async def test_what_there_is_none_of_is_said(core: Core, asked: Show, said: str) -> None:
    await working(core, MONDAYS, FRIDAYS)
    with pytest.raises(ConfigurationError, match=said.replace("(", "\\(")):
        await core.ask(show, asked)


async def test_a_channel_without_a_digest_shows_what_it_would_get(core: Core) -> None:
    await working(core, MONDAYS)
    found = await core.ask(show, Show(which="C0OTHER", audience="company"))
    assert found.is_preview
    assert found.audience.key == "company"


async def test_all_are_listed_with_those_of_people(core: Core) -> None:
    await working(core, MONDAYS)
    await core.write(
        lambda tx: tx.digests.save_state(DigestState(subscription_id="leadership", set_by=ADA))
    )
    mine = await core.do(take, TakeDigest(user_id=SAM, form_id="V1", tz="Europe/Berlin"))
    listed = await core.ask(standings, None)
    assert [one.status.subscription.subscription_id for one in listed] == [
        "leadership",
        mine.status.subscription.subscription_id,
    ]
    assert listed[0].names == {ADA: "Ada, admin of the desk"}
    assert listed[1].state.set_by == SAM


async def test_one_is_sent_by_hand_once_and_the_next_comes_as_planned(core: Core) -> None:
    await working(core, MONDAYS)
    before = await core.read(lambda tx: tx.schedules.get("leadership"))
    for _ in range(2):
        await core.do(send_now, "leadership")
    sent = [key for key in core.effects("digest:leadership:now-operator-") if key.count(":") == 2]
    assert len(sent) == 1
    last = await core.read(lambda tx: tx.schedules.last_run("leadership"))
    assert last is not None
    assert last.status == SENT_NOW
    assert await core.read(lambda tx: tx.schedules.get("leadership")) == before
    with pytest.raises(ConfigurationError, match="There is no digest C0OTHER"):
        await core.do(send_now, "C0OTHER")


@given(
    day=st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    weekday=st.integers(0, 6),
    time=st.sampled_from(["00:00", "08:00", "12:00", "16:30"]),
    month_day=st.none() | st.integers(1, 28) | st.just(31),
)
def test_every_day_is_told_of_by_one_digest(
    day: date, weekday: int, time: str, month_day: int | None
) -> None:
    one = replace(MONDAYS, weekday=0 if month_day else weekday, time=time, month_day=month_day)
    planned = telling_day(one, day)
    window = window_of(one, planned)
    assert window.first_day <= day <= window.last_day
    assert planned_day(one, planned) == planned
    assert window_of(one, planned, back=1).last_day < day
    assert planned - day < timedelta(days=62)
