from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.configure import Replacement, apply, configure, current
from bot.desk import Subscription, default_desk
from bot.errors import ConfigurationError, StaleError
from tests.support.core import ADA, START, Core, a_desk

MONDAYS = Subscription(
    subscription_id="heads", channel_id="C0HEADS", weekday=0, time="09:00", tz="Europe/Berlin"
)


async def test_a_set_up_with_faults_changes_nothing(core: Core) -> None:
    before = await core.ask(current, None)
    with pytest.raises(ConfigurationError) as refused:
        await core.do(configure, replace(a_desk(), fallback_role="boss", admins=(ADA, ADA)))
    assert refused.value.sentence == (
        "The fallback role “boss” is not among the roles. Somebody is named twice among the admins."
    )
    assert await core.ask(current, None) == before


async def test_a_file_takes_the_place_of_what_was_looked_at_and_of_nothing_else(core: Core) -> None:
    version = (await core.ask(current, None)).version
    stored = await core.do(apply, Replacement(a_desk(MONDAYS), version))
    assert stored.version == version + 1
    with pytest.raises(StaleError):
        await core.do(apply, Replacement(a_desk(), version))
    assert await core.ask(current, None) == stored


async def test_each_set_up_is_a_version_of_its_own(empty: Core) -> None:
    assert await empty.ask(current, None) == default_desk()
    first = await empty.do(configure, a_desk())
    second = await empty.do(configure, a_desk(MONDAYS))
    assert (first.version, second.version) == (1, 2)
    assert await empty.ask(current, None) == second == replace(a_desk(MONDAYS), version=2)
    empty.workspace_id = "T2"
    assert await empty.ask(current, None) == default_desk()


async def planned(core: Core) -> dict[str, datetime]:
    return {row["subscription_id"]: row["next_at"] for row in core.rows("schedule")}


async def test_digests_are_planned_kept_moved_and_removed(core: Core) -> None:
    await core.do(configure, a_desk(MONDAYS))
    schedule = await core.read(lambda tx: tx.schedules.get("heads"))
    assert schedule is not None
    assert schedule.next_date == "2026-11-23"
    assert schedule.next_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    before = await planned(core)
    await core.do(configure, a_desk(replace(MONDAYS, channel_id="C0OTHER")))
    assert await planned(core) == before
    more = replace(MONDAYS, subscription_id="more", weekday=3, tz="UTC", time="09:00")
    await core.do(configure, a_desk(replace(MONDAYS, time="10:00"), more))
    after = await planned(core)
    assert set(after) == {"heads", "more"}
    assert after["heads"] != before["heads"]
    # 09:00 on this very Thursday is not later than now.
    found = await core.read(lambda tx: tx.schedules.get("more"))
    assert found is not None
    assert found.next_date == "2026-11-26"
    await core.do(configure, a_desk(more))
    assert set(await planned(core)) == {"more"}


async def test_a_subscription_that_was_never_planned_gets_its_plan(core: Core) -> None:
    await core.write(lambda tx: tx.desk.replace(a_desk(MONDAYS), START))
    await core.do(configure, a_desk(MONDAYS))
    assert set(await planned(core)) == {"heads"}
