"""The app is removed: nothing is tried any more, everything goes after the promised days, and who
comes back in time finds it all.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from bot.configure import configure
from bot.desk import Subscription, default_desk
from bot.installing import WELCOME
from bot.ports import Transaction
from storage.tables import metadata
from tests.support.town import Place, Town

ORDERS = [
    ("tokens_revoked", "app_uninstalled"),
    ("app_uninstalled", "tokens_revoked"),
    ("app_uninstalled", "app_uninstalled", "tokens_revoked"),
    ("tokens_revoked",),
    ("app_uninstalled",),
]


async def hand_in(t: Town, place: Place, title: str) -> None:
    await place.sam.slash("/social-idea", title, channel=place.general)
    await place.sam.submit()
    await t.settle()


async def count(t: Town, place: Place) -> int:
    """How many rows there are of a workspace, in all tables."""

    def rows(connection: Connection) -> int:
        return sum(
            connection.execute(
                select(func.count()).where(table.c.workspace_id == place.team_id)
            ).scalar_one()
            for table in metadata.sorted_tables
        )

    return await t.desk.database.ask(rows)


async def numbers(t: Town, place: Place) -> list[int]:
    def read(tx: Transaction, _: None, _now: object) -> list[int]:
        return [one.number for one in tx.submissions.after(0, limit=99)]

    return await t.desk.database.read(place.team_id, read, None, t.clock.now())


@pytest.mark.parametrize("events", ORDERS, ids=" ".join)
async def test_in_whichever_order_slack_tells_nothing_is_tried_any_more(
    both: Town, events: tuple[str, ...]
) -> None:
    await hand_in(both, both.north, "Ten tips")
    both.realm.uninstall(both.north.ws, events)
    await both.settle()
    both.realm.calls.clear()
    await both.clock.advance(timedelta(days=3))
    await both.settle()
    assert both.realm.calls == [], "Slack hears nothing from a workspace that removed the app"
    found = await both.installation("T0NORTH")
    assert found is not None
    assert (found.tokens, found.parked_at is not None) == (None, True)
    other = await both.installation("T0SOUTH")
    assert other is not None
    assert other.is_served
    await hand_in(both, both.south, "It goes on here")
    assert await numbers(both, both.south) == [1]


async def test_what_was_under_way_waits_and_digests_do_not_come(both: Town) -> None:
    weekly = Subscription(
        subscription_id="weekly", channel_id=both.north.general, weekday=0, time="09:00", tz="UTC"
    )
    desk = replace(default_desk(), subscriptions=(weekly,))
    await both.desk.database.transact("T0NORTH", configure, desk, both.clock.now())
    both.north.ws.fault("chat.postMessage", "500", times=50)
    await hand_in(both, both.north, "Ten tips")
    both.north.ws.faults.clear()
    both.realm.uninstall(both.north.ws)
    await both.north.ws.settled()
    before = len(both.north.ws.messages.get(both.north.general, {}))
    both.realm.calls.clear()
    await both.clock.advance(timedelta(days=14))
    await both.settle()
    assert both.realm.calls == []
    assert len(both.north.ws.messages.get(both.north.general, {})) == before


async def test_who_comes_back_in_time_finds_everything_and_what_waited_goes_out(
    both: Town,
) -> None:
    await hand_in(both, both.north, "Ten tips")
    both.realm.uninstall(both.north.ws)
    await both.settle()
    await both.clock.advance(timedelta(days=29))
    await both.desk.care.erase()
    await both.install(both.north)
    assert await numbers(both, both.north) == [1]
    assert both.north.told(both.north.olga).count(WELCOME) == 2, "they are greeted once more"
    await hand_in(both, both.north, "Eleven tips")
    assert await numbers(both, both.north) == [1, 2]


async def test_after_the_promised_days_everything_is_gone_and_a_new_start_is_one(
    both: Town,
) -> None:
    for place in both.places:
        await hand_in(both, place, "Ten tips")
    kept = await count(both, both.south)
    both.realm.uninstall(both.north.ws)
    await both.settle()
    await both.clock.advance(timedelta(days=29, hours=23))
    await both.desk.care.erase()
    assert await count(both, both.north) > 0
    await both.clock.advance(timedelta(hours=2))
    await both.desk.care.erase()
    assert await count(both, both.north) == 0
    assert await count(both, both.south) >= kept
    await both.install(both.north)
    assert await numbers(both, both.north) == []
    await hand_in(both, both.north, "A new start")
    assert await numbers(both, both.north) == [1]


async def test_an_event_that_comes_late_does_not_take_out_who_came_back(both: Town) -> None:
    """Slack sends an event again for minutes; it tells of the installation before."""
    both.north.ws.fault("events_api", "dropped", times=2)
    both.realm.uninstall(both.north.ws, ("app_uninstalled",))
    await both.north.ws.settled()
    await both.clock.advance(timedelta(seconds=20))
    await both.install(both.north)
    await both.clock.advance(timedelta(minutes=10))
    await both.settle()
    found = await both.installation("T0NORTH")
    assert found is not None
    assert found.is_served


async def test_nobody_else_is_taken_out_by_somebodys_own_token(both: Town) -> None:
    event = {"type": "tokens_revoked", "tokens": {"oauth": ["U00000001"], "bot": []}}
    both.north.ws.emit("tokens_revoked", {**event, "event_ts": both.north.ws.next_ts()})
    await both.settle()
    found = await both.installation("T0NORTH")
    assert found is not None
    assert found.is_served
