"""The clock that all processes share: whatever is done to a machine's own, they agree."""

from datetime import UTC, datetime, timedelta

from runtime.clocks import SystemClock

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Machine:
    """A machine whose clock anybody may set, beside one that keeps the true time."""

    def __init__(self, wrong_by: timedelta = timedelta()) -> None:
        self.up = 1000.0
        self.truth = NOON
        self.wrong_by = wrong_by
        self.answers_after = 0.0
        self.clock = SystemClock(wall=lambda: self.truth + self.wrong_by, uptime=lambda: self.up)

    def pass_time(self, seconds: float) -> None:
        self.up += seconds
        self.truth += timedelta(seconds=seconds)

    async def ask(self) -> datetime:
        self.pass_time(self.answers_after / 2)
        moment = self.truth
        self.pass_time(self.answers_after / 2)
        return moment

    @property
    def error(self) -> timedelta:
        return self.clock.now() - self.truth


async def test_a_clock_that_is_wrong_is_made_good_and_says_by_how_much() -> None:
    machine = Machine(wrong_by=timedelta(seconds=40))
    assert machine.error == timedelta(seconds=40)
    assert await machine.clock.follow(machine.ask) == timedelta(seconds=-40)
    assert machine.error == timedelta()
    machine.pass_time(3600)
    assert machine.error == timedelta()


async def test_setting_the_machine_s_clock_changes_nothing_any_more() -> None:
    machine = Machine()
    await machine.clock.follow(machine.ask)
    for wrong_by in (timedelta(hours=-1), timedelta(days=300)):
        machine.wrong_by = wrong_by
        machine.pass_time(1)
        assert machine.error == timedelta()


async def test_what_it_drifts_is_made_good_each_time() -> None:
    machine = Machine()
    await machine.clock.follow(machine.ask)
    machine.up += 0.2  # a crystal that is too fast
    machine.pass_time(60)
    assert machine.error == timedelta(seconds=0.2)
    assert await machine.clock.follow(machine.ask) == timedelta(seconds=-0.2)
    assert machine.error == timedelta()


async def test_the_way_to_the_database_is_reckoned_with() -> None:
    machine = Machine(wrong_by=timedelta(minutes=5))
    machine.answers_after = 0.4
    await machine.clock.follow(machine.ask)
    assert abs(machine.error) < timedelta(milliseconds=1)


async def test_an_answer_that_took_long_is_no_reason_to_move() -> None:
    machine = Machine(wrong_by=timedelta(minutes=5))
    machine.answers_after = 2.0
    await machine.clock.follow(machine.ask)  # better than nothing
    assert abs(machine.error) < timedelta(seconds=1)
    machine.answers_after = 0.0
    await machine.clock.follow(machine.ask)
    machine.answers_after = 1.0
    assert await machine.clock.follow(machine.ask) == timedelta()
    assert abs(machine.error) < timedelta(milliseconds=1)


async def test_where_the_database_has_no_clock_the_machine_s_holds() -> None:
    machine = Machine()

    async def nothing() -> None:
        return None

    assert await machine.clock.follow(nothing) == timedelta()
    machine.wrong_by = timedelta(hours=1)
    assert machine.error == timedelta(hours=1)


def test_a_real_clock_goes_on() -> None:
    clock = SystemClock()
    before = clock.now()
    assert before <= clock.now()
    assert before.tzinfo is UTC
