from bot.ports import PeriodRun, Schedule
from storage.database import Database
from tests.support.storage_examples import DAY, NOW, Workspace

MONDAY = Schedule(subscription_id="s1", next_date="2026-11-02", next_at=NOW)
NEXT = Schedule(subscription_id="s1", next_date="2026-11-09", next_at=NOW + 7 * DAY)
RUN = PeriodRun(
    subscription_id="s1", period_key="2026-W45", status="fired", due_at=NOW, ran_at=NOW + DAY
)


async def test_a_schedule_is_saved_moved_and_removed(here: Workspace) -> None:
    assert await here.write(lambda tx: tx.schedules.get("s1")) is None
    await here.write(lambda tx: tx.schedules.save(MONDAY))
    assert await here.write(lambda tx: tx.schedules.get("s1")) == MONDAY
    await here.write(lambda tx: tx.schedules.save(NEXT))
    assert await here.read(lambda tx: tx.schedules.get("s1")) == NEXT
    await here.write(lambda tx: tx.schedules.remove("s1"))
    assert await here.read(lambda tx: tx.schedules.get("s1")) is None


async def test_a_period_is_recorded_once(here: Workspace) -> None:
    assert await here.write(lambda tx: tx.schedules.record(RUN))
    other = PeriodRun(
        subscription_id="s1", period_key="2026-W45", status="skipped", due_at=NOW, ran_at=NOW
    )
    assert not await here.write(lambda tx: tx.schedules.record(other))
    assert await here.read(lambda tx: tx.schedules.last_run("s1")) == RUN


async def test_the_last_run_is_the_one_that_was_due_last(here: Workspace) -> None:
    newer = PeriodRun(
        subscription_id="s1",
        period_key="2026-W46",
        status="fired",
        due_at=NOW + 7 * DAY,
        ran_at=NOW + 7 * DAY,
    )
    assert await here.write(lambda tx: [tx.schedules.record(run) for run in (newer, RUN)])
    assert await here.read(lambda tx: tx.schedules.last_run("s1")) == newer
    assert await here.read(lambda tx: tx.schedules.last_run("s2")) is None


async def test_an_event_is_new_once_until_it_is_forgotten(here: Workspace) -> None:
    assert await here.write(lambda tx: tx.seen.first_time("Ev1", NOW))
    assert not await here.write(lambda tx: tx.seen.first_time("Ev1", NOW + DAY))
    assert await here.write(lambda tx: tx.seen.first_time("Ev2", NOW + DAY))
    assert await here.write(lambda tx: tx.seen.forget_before(NOW + DAY)) == 1
    assert await here.write(lambda tx: tx.seen.first_time("Ev1", NOW + DAY))
    assert not await here.write(lambda tx: tx.seen.first_time("Ev2", NOW + DAY))


async def test_due_digests_of_all_workspaces(
    database: Database, here: Workspace, elsewhere: Workspace
) -> None:
    later = Schedule(subscription_id="s2", next_date="2026-11-02", next_at=NOW + DAY)
    earlier = Schedule(subscription_id="s1", next_date="2026-11-01", next_at=NOW - DAY)
    await here.write(lambda tx: tx.schedules.save(MONDAY))
    await here.write(lambda tx: tx.schedules.save(later))
    assert await database.next_due() == NOW
    await elsewhere.write(lambda tx: tx.schedules.save(earlier))
    assert await database.due_schedules(NOW, limit=9) == (("T2", "s1"), ("T1", "s1"))
    assert await database.due_schedules(NOW, limit=1) == (("T2", "s1"),)
    assert await database.due_schedules(NOW - 2 * DAY, limit=9) == ()
    assert await database.next_due() == NOW - DAY
