from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.configure import configure
from bot.desk import OnHoliday, Subscription
from bot.digest import (
    FIRED,
    SILENT,
    SKIPPED,
    FireDue,
    Preview,
    fire_due,
    preview,
)
from bot.digest_effects import GRACE, TO_POST
from bot.gathering import gather_material
from bot.lifecycle import Verb
from bot.material import DigestMaterial, DigestMoreMaterial, NoticeMaterial
from bot.outbox import TOGETHER, Effect, EffectKind
from bot.ports import Schedule
from bot.schedules import plan
from handlers.views.digest import digest
from tests.support import digests
from tests.support.core import ADA, CONTENT, CORA, SAM, STRANGER, Core, a_desk

MONDAYS = Subscription(
    subscription_id="heads", channel_id="C0HEADS", weekday=0, time="09:00", tz="Europe/Berlin"
)
PLANNED = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Monday of week 48, 09:00 in Berlin."""
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def news(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is always something to say: these tests are about when it is said."""
    monkeypatch.setattr("bot.digest.has_news", lambda _material: True)


async def subscribe(core: Core, subscription: Subscription, *, at: datetime = PLANNED) -> None:
    core.clock.at = at
    await core.do(configure, a_desk(subscription))


async def fire(core: Core, at: datetime) -> str | None:
    core.clock.at = at
    return await core.do(fire_due, FireDue("heads"))


def fired(core: Core) -> list[str]:
    """The digests that were enqueued, without what hangs in their threads."""
    return [key for key in core.effects("digest:") if key.count(":") == 2]


async def effect(core: Core, key: str) -> Effect:
    found = await core.read(lambda tx: tx.outbox.find(key))
    assert found is not None
    return found


async def notices(core: Core) -> list[str]:
    found = [await effect(core, key) for key in core.effects("notice:")]
    assert {one.target for one in found} <= {ADA}
    return [str(one.payload["sentence"]) for one in found]


async def next_at(core: Core) -> datetime | None:
    schedule = await core.read(lambda tx: tx.schedules.get("heads"))
    return schedule.next_at if schedule else None


@pytest.mark.parametrize(
    "late, is_late",
    [
        (timedelta(), False),
        (timedelta(minutes=10), False),
        (timedelta(minutes=10, seconds=1), True),
        (timedelta(hours=24), True),
    ],
)
async def test_within_a_day_it_is_posted_and_says_when_it_is_late(
    core: Core, late: timedelta, is_late: bool
) -> None:
    await subscribe(core, MONDAYS)
    assert await fire(core, DUE - SECOND) is None
    assert fired(core) == []
    assert await fire(core, DUE + late) == FIRED
    digest = await effect(core, "digest:heads:2026-W48")
    assert (digest.kind, digest.target) == (EffectKind.DIGEST, "C0HEADS")
    assert digest.expires_at == max(DUE + GRACE, DUE + late + TO_POST)
    assert await notices(core) == []
    material = await core.ask(gather_material, digest)
    assert isinstance(material, DigestMaterial)
    assert material.late_for == (DUE if is_late else None)
    assert (str(material.first_day), str(material.last_day)) == ("2026-11-16", "2026-11-22")


async def test_a_digest_knows_how_many_of_its_workspace_come_with_it(core: Core) -> None:
    others = [
        replace(MONDAYS, subscription_id="team", channel_id="C0TEAM"),
        replace(MONDAYS, subscription_id="later", channel_id="C0LATER", time="17:00"),
    ]
    core.clock.at = PLANNED
    await core.do(configure, a_desk(MONDAYS, *others))
    await fire(core, DUE)
    assert (await effect(core, "digest:heads:2026-W48")).payload[TOGETHER] == 2


async def test_with_nothing_to_say_it_is_silent_and_that_is_recorded(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    await subscribe(core, MONDAYS)
    assert await fire(core, DUE) == SILENT
    assert await fire(core, DUE + SECOND) is None
    assert (fired(core), await notices(core)) == ([], [])
    run = await core.read(lambda tx: tx.schedules.last_run("heads"))
    assert run is not None
    assert (run.period_key, run.status, run.due_at) == ("2026-W48", SILENT, DUE)
    assert await next_at(core) == DUE + WEEK
    await core.hand_in()
    assert await fire(core, DUE + WEEK) == FIRED
    idea = await core.stored(1)
    await core.step(idea, Verb.DECLINE, reason="timing", note="Not now")
    # What was decided in its week is news for the next digest, and for none after that.
    assert await fire(core, DUE + 2 * WEEK) == FIRED
    assert await fire(core, DUE + 3 * WEEK) == SILENT


async def test_later_than_a_day_it_is_skipped_and_the_admin_told(core: Core) -> None:
    await subscribe(core, MONDAYS)
    assert await fire(core, DUE + GRACE + SECOND) == SKIPPED
    assert fired(core) == []
    (sentence,) = await notices(core)
    assert sentence.startswith("One digest for <#C0HEADS> could not be posted")
    assert await next_at(core) == DUE + WEEK
    run = await core.read(lambda tx: tx.schedules.last_run("heads"))
    assert run is not None
    assert (run.period_key, run.status, run.due_at) == ("2026-W48", SKIPPED, DUE)


@pytest.mark.parametrize(
    "late, status, digests, sentence",
    [
        (timedelta(hours=3), FIRED, ["digest:heads:2026-W50"], "2 digests for"),
        (timedelta(days=2), SKIPPED, [], "3 digests for"),
    ],
)
async def test_after_missed_weeks_only_the_newest_counts_and_one_notice_tells(
    core: Core, late: timedelta, status: str, digests: list[str], sentence: str
) -> None:
    await subscribe(core, MONDAYS)
    now = DUE + 2 * WEEK + late
    assert await fire(core, now) == status
    assert await fire(core, now) is None
    assert fired(core) == digests
    (told,) = await notices(core)
    assert told.startswith(sentence)
    assert await next_at(core) == DUE + 3 * WEEK


async def test_a_replay_fires_once(core: Core) -> None:
    await subscribe(core, MONDAYS)
    assert await fire(core, DUE) == FIRED
    assert await fire(core, DUE) is None
    await core.write(
        lambda tx: tx.schedules.save(
            Schedule(subscription_id="heads", next_date="2026-11-23", next_at=DUE)
        )
    )
    assert await fire(core, DUE + SECOND) is None
    assert fired(core) == ["digest:heads:2026-W48"]
    assert await next_at(core) == DUE + WEEK


async def test_week_after_week(core: Core) -> None:
    await subscribe(core, MONDAYS)
    for week in range(6):
        assert await fire(core, DUE + week * WEEK) == FIRED
    assert [key[-8:] for key in fired(core)] == [
        "2026-W48",
        "2026-W49",
        "2026-W50",
        "2026-W51",
        "2026-W52",
        "2026-W53",
    ]
    assert await fire(core, DUE + 6 * WEEK) == FIRED
    assert fired(core)[-1] == "digest:heads:2027-W01"
    assert await notices(core) == []


@pytest.mark.parametrize(
    "sunday", ["2026-10-25", "2027-03-28"], ids=["to winter time", "to summer time"]
)
async def test_the_wall_time_holds_when_clocks_change(core: Core, sunday: str) -> None:
    change = datetime.fromisoformat(sunday).replace(tzinfo=UTC)
    await subscribe(core, MONDAYS, at=change - 2 * WEEK)
    hours = []
    for _ in range(4):
        at = await next_at(core)
        assert at is not None
        assert await fire(core, at) == FIRED
        hours.append((at.hour, at.astimezone(ZoneInfo("Europe/Berlin")).hour))
    assert len({utc for utc, _ in hours}) == 2
    assert {local for _, local in hours} == {9}
    assert len(fired(core)) == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"time": "17:00"},
        {"weekday": 4},
        {"weekday": 6, "time": "23:59"},
        {"tz": "America/New_York"},
        {"tz": "Pacific/Honolulu", "time": "23:59"},
        {"channel_id": "C0OTHER"},
    ],
)
async def test_no_edit_after_it_fired_makes_a_second_one_in_that_week(
    core: Core, changes: dict[str, str]
) -> None:
    await subscribe(core, MONDAYS)
    assert await fire(core, DUE) == FIRED
    edited = replace(MONDAYS, **changes)  # type: ignore[arg-type]  # one of several fields
    await subscribe(core, edited, at=DUE + timedelta(hours=1))
    while (at := await next_at(core)) is not None and at < DUE + WEEK:
        assert await fire(core, at) is None
    assert fired(core) == ["digest:heads:2026-W48"]
    assert await notices(core) == []
    assert at is not None
    assert await fire(core, at) == FIRED
    assert (await effect(core, "digest:heads:2026-W49")).target == edited.channel_id


@pytest.mark.parametrize(
    "old, new, edited_at, fires_at",
    [
        # Westwards before it fired: later the same day.
        ("Europe/Berlin", "America/New_York", -SECOND, DUE + timedelta(hours=6)),
        # Eastwards before both: at the new, earlier time.
        ("America/New_York", "Europe/Berlin", -SECOND, DUE),
        # Over the date line, on the Sunday before in Samoa's new Monday.
        ("Europe/Berlin", "Pacific/Apia", -timedelta(days=1), DUE - timedelta(hours=12)),
    ],
)
async def test_another_zone_on_the_due_day(
    core: Core, old: str, new: str, edited_at: timedelta, fires_at: datetime
) -> None:
    await subscribe(core, replace(MONDAYS, tz=old))
    await subscribe(core, replace(MONDAYS, tz=new), at=DUE + edited_at)
    assert await next_at(core) == fires_at
    assert await fire(core, fires_at) == FIRED
    assert fired(core) == ["digest:heads:2026-W48"]


async def test_a_zone_where_the_time_has_passed_starts_next_week(core: Core) -> None:
    """New York's 09:00 lies ahead, Berlin's has passed: an edit counts from now."""
    await subscribe(core, replace(MONDAYS, tz="America/New_York"))
    await subscribe(core, MONDAYS, at=DUE + timedelta(hours=1))
    assert await next_at(core) == DUE + WEEK
    assert await fire(core, DUE + timedelta(hours=8)) is None
    assert core.effects() == []


async def test_an_edit_of_something_else_keeps_what_is_due(core: Core) -> None:
    await subscribe(core, MONDAYS)
    await subscribe(core, replace(MONDAYS, channel_id="C0OTHER"), at=DUE + timedelta(minutes=5))
    assert await fire(core, DUE + timedelta(minutes=6)) == FIRED
    assert (await effect(core, "digest:heads:2026-W48")).target == "C0OTHER"


async def test_a_removed_subscription_is_silent(core: Core) -> None:
    await subscribe(core, MONDAYS)
    await core.do(configure, a_desk())
    assert await next_at(core) is None
    assert await fire(core, DUE) is None
    assert core.effects() == []


async def test_a_schedule_without_a_subscription_is_cleared_away(core: Core) -> None:
    now = core.clock.now()
    await core.write(lambda tx: plan(tx, MONDAYS, now))
    assert await fire(core, DUE) is None
    assert await next_at(core) is None
    assert core.effects() == []


@pytest.mark.parametrize(
    "changes", [{"time": "08:00"}, {"weekday": 6, "time": "08:00", "tz": "Asia/Tokyo"}, {}]
)
async def test_what_is_due_is_not_lost_by_an_edit_before_the_tick(
    core: Core, changes: dict[str, str]
) -> None:
    sundays = replace(MONDAYS, weekday=6)
    due = DUE - timedelta(days=1)
    await subscribe(core, sundays)
    edited = replace(sundays, **changes)  # type: ignore[arg-type]  # one of several fields
    await subscribe(core, edited, at=due + SECOND)
    assert await fire(core, due + 5 * SECOND) == FIRED
    assert await fire(core, due + 6 * SECOND) is None
    assert fired(core) == ["digest:heads:2026-W47"]


async def test_what_is_due_comes_later_in_its_week_when_it_is_moved_there(core: Core) -> None:
    await subscribe(core, MONDAYS)
    await subscribe(core, replace(MONDAYS, weekday=2), at=DUE + SECOND)
    assert await fire(core, DUE + 5 * SECOND) is None
    assert await fire(core, DUE + timedelta(days=2)) == FIRED
    assert fired(core) == ["digest:heads:2026-W48"]


async def test_an_edit_after_days_without_a_server_tells_what_was_missed(core: Core) -> None:
    await subscribe(core, MONDAYS)
    late = DUE + timedelta(days=2)
    await subscribe(core, replace(MONDAYS, time="08:30"), at=late)
    assert await fire(core, late) == SKIPPED
    assert len(await notices(core)) == 1
    assert await next_at(core) == DUE + WEEK - timedelta(minutes=30)


@pytest.mark.parametrize("weekday", [0, 3])
async def test_called_by_another_name_a_channel_gets_one_digest_a_week(
    core: Core, weekday: int
) -> None:
    await subscribe(core, MONDAYS)
    assert await fire(core, DUE) == FIRED
    renamed = replace(MONDAYS, subscription_id="bosses", weekday=weekday, time="18:00")
    await subscribe(core, renamed, at=DUE + timedelta(hours=1))
    last = await core.read(lambda tx: tx.schedules.last_run("bosses"))
    assert last is not None
    assert (last.status, last.due_at) == (FIRED, DUE)
    run = await core.read(lambda tx: tx.schedules.get("bosses"))
    assert run is not None
    assert run.next_at == DUE + WEEK + timedelta(days=weekday, hours=9)
    assert await core.read(lambda tx: tx.schedules.get("heads")) is None


async def test_what_is_due_survives_another_name(core: Core) -> None:
    await subscribe(core, MONDAYS)
    renamed = replace(MONDAYS, subscription_id="bosses")
    await subscribe(core, renamed, at=DUE + SECOND)
    core.clock.at = DUE + 2 * SECOND
    assert await core.do(fire_due, FireDue("bosses")) == FIRED


async def test_removed_and_named_again_in_the_same_week_it_stays_one(core: Core) -> None:
    await subscribe(core, MONDAYS)
    assert await fire(core, DUE) == FIRED
    await core.do(configure, a_desk())
    await subscribe(core, replace(MONDAYS, time="18:00"), at=DUE + timedelta(hours=1))
    assert await fire(core, DUE + timedelta(hours=9)) is None
    assert fired(core) == ["digest:heads:2026-W48"]


async def test_new_rules_of_a_zone_move_what_was_planned(core: Core) -> None:
    """What was stored is an hour early by today's zone data."""
    await subscribe(core, MONDAYS)
    early = DUE - timedelta(hours=1)
    await core.write(
        lambda tx: tx.schedules.save(
            Schedule(subscription_id="heads", next_date="2026-11-23", next_at=early)
        )
    )
    assert await fire(core, early) is None
    assert await next_at(core) == DUE
    assert await fire(core, DUE) == FIRED


async def test_a_digest_counts_its_week_and_no_moment_more(core: Core) -> None:
    await subscribe(core, MONDAYS)
    midnight = datetime(2026, 11, 15, 23, 0, tzinfo=UTC)
    for at in (midnight - SECOND, midnight, midnight + WEEK - SECOND, midnight + WEEK):
        core.clock.at = at
        one = await core.hand_in(fields={"title": f"At {at:%H:%M:%S}"})
        one = await core.step(one, Verb.ACCEPT)
        await core.step(one, Verb.PUBLISH, link=f"https://example.com/{one.number}")
    core.clock.at = midnight + timedelta(days=1)
    await core.hand_in()
    assert await fire(core, DUE) == FIRED
    key = "digest:heads:2026-W48"
    assert core.effects(key) == [key, f"{key}:week", f"{key}:long"]
    screen = await core.ask(gather_material, await effect(core, key))
    week = await core.ask(gather_material, await effect(core, f"{key}:week"))
    long = await core.ask(gather_material, await effect(core, f"{key}:long"))
    assert isinstance(screen, DigestMaterial)
    assert isinstance(week, DigestMoreMaterial)
    assert isinstance(long, DigestMoreMaterial)
    assert not set(screen.parts) & {*week.digest.parts, *long.digest.parts}
    now = digests.numbers(screen)
    assert now.before is not None
    assert (now.week.handed_in, now.week.published) == (3, 2)
    assert (now.before.handed_in, now.before.published) == (1, 1)
    assert [item.number for item in digests.published(week.digest).items] == [2, 3]
    waiting = digests.waiting(week.digest).waiting
    assert waiting.by_role == {"content_lead": 1}
    assert waiting.overdue == 1
    assert now.waiting_before == 0
    weeks = digests.weeks(long.digest)
    assert len(weeks.weeks) == len(weeks.starts) == 12
    assert weeks.starts[-1] == "2026-11-16"


async def test_a_preview_shows_the_week_of_the_next_digest_so_far(core: Core) -> None:
    await subscribe(core, MONDAYS)
    await core.hand_in()
    material = await core.ask(preview, Preview("C0HEADS", CORA))
    assert material.is_preview
    assert material.late_for is None
    assert (str(material.first_day), str(material.last_day)) == ("2026-11-16", "2026-11-22")
    assert digests.numbers(material).week.handed_in == 1
    assert fired(core) == []


@pytest.mark.parametrize(
    "channel, user, tz",
    [("C0HEADS", CORA, "Europe/Berlin"), (CONTENT, SAM, "Europe/Berlin"), (CONTENT, CORA, "UTC")],
)
async def test_a_preview_is_in_the_channels_zone_else_in_the_persons(
    core: Core, channel: str, user: str, tz: str
) -> None:
    await subscribe(core, MONDAYS)
    assert (await core.ask(preview, Preview(channel, user))).tz == tz
    assert (await core.ask(preview, Preview(CONTENT, STRANGER))).tz == "UTC"


async def test_the_notice_has_nothing_to_try_again(core: Core) -> None:
    await subscribe(core, MONDAYS)
    await fire(core, DUE + timedelta(days=3))
    (key,) = core.effects("notice:")
    material = await core.ask(gather_material, await effect(core, key))
    assert isinstance(material, NoticeMaterial)
    assert material.retry_key is None


async def test_a_holiday_moves_it_and_it_says_so(core: Core) -> None:
    """The Monday of Easter in Germany."""
    german = replace(MONDAYS, holidays="DE")
    await subscribe(core, german, at=datetime(2026, 4, 1, 9, 0, tzinfo=UTC))
    assert await next_at(core) == datetime(2026, 4, 7, 7, 0, tzinfo=UTC)
    assert await fire(core, datetime(2026, 4, 6, 7, 0, tzinfo=UTC)) is None
    assert await fire(core, datetime(2026, 4, 7, 7, 0, tzinfo=UTC)) == FIRED
    posted = await effect(core, "digest:heads:2026-W15")
    material = await gathered(core, posted)
    assert material.holiday
    assert (material.first_day.day, material.last_day.day) == (30, 5)
    assert await next_at(core) == datetime(2026, 4, 13, 7, 0, tzinfo=UTC)


async def test_a_holiday_drops_it_where_that_is_wanted(core: Core) -> None:
    german = replace(MONDAYS, holidays="DE", on_holiday=OnHoliday.SKIP)
    await subscribe(core, german, at=datetime(2026, 4, 1, 9, 0, tzinfo=UTC))
    assert await next_at(core) == datetime(2026, 4, 13, 7, 0, tzinfo=UTC)


async def test_a_monthly_one_tells_of_the_month_once(core: Core) -> None:
    monthly = replace(MONDAYS, month_day=1)
    await subscribe(core, monthly)
    first = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert await next_at(core) == first
    assert await fire(core, first) == FIRED
    assert await fire(core, first + SECOND) is None
    material = await gathered(core, await effect(core, "digest:heads:2026-12"))
    assert material.span == "month"
    assert (material.first_day.isoformat(), material.last_day.isoformat()) == (
        "2026-11-01",
        "2026-11-30",
    )
    assert await next_at(core) == datetime(2027, 1, 1, 8, 0, tzinfo=UTC)


async def test_another_zone_counts_on_where_the_last_digest_ended(core: Core) -> None:
    await subscribe(core, MONDAYS)
    assert await fire(core, DUE) == FIRED
    await subscribe(core, replace(MONDAYS, tz="America/New_York"), at=DUE + timedelta(days=1))
    due = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
    assert await fire(core, due) == FIRED
    before = await gathered(core, await effect(core, "digest:heads:2026-W48"))
    after = await gathered(core, await effect(core, "digest:heads:2026-W49"))
    assert before.counts_on is None
    assert after.counts_on == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # midnight in Berlin
    assert "counts on from Sun 22 Nov, 18:00" in digest(after).text


async def gathered(core: Core, found: Effect) -> DigestMaterial:
    material = await core.ask(gather_material, found)
    assert isinstance(material, DigestMaterial)
    return material
