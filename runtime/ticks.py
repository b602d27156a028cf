"""What happens by itself: one table of ticks. APScheduler only ticks; what is due is in the
database, and its unique rows decide that it happens once, however many processes tick.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.absence import ComeBack, end_absence
from bot.check_ins import LookAfter, look_after
from bot.closing import AskKeepers, ask_keepers
from bot.conversions import are_many_uncounted, sum_up
from bot.digest import FireDue, fire_due, judge
from bot.drafts import KEPT as DRAFTS_KEPT
from bot.drafts import forget_drafts
from bot.errors import DeskError
from bot.experiments import AskTesters, ask_testers
from bot.firing import FireTimer, fire_timer
from bot.hook import KEPT as HOOKS_KEPT
from bot.ports import C, Clock, Storage, Transaction, UseCase
from bot.pulses import AskPulse, ask_pulse, plan_pulse
from bot.retention import STEP, forget_outworn
from bot.submission import TimerKind
from bot.trail import UNWATCHED, Watch, ended_by, within
from runtime.clocks import Timer
from runtime.dispatcher import Dispatcher
from runtime.reading import Care
from runtime.tallies import Tallies
from runtime.watching import Watching

log = logging.getLogger(__name__)

DUE_AT_ONCE = 500
SWEEP_EVERY = timedelta(seconds=10)
EVENTS_KEPT = timedelta(days=1)
MOST_STEPS = 500
"""How many steps a tick takes at most that erases or counts a few at once; the next one goes on."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A thing to look after every so often."""

    name: str
    every: timedelta
    jitter: timedelta
    run: Callable[[], Awaitable[None]]


class Ticks:
    """The ticks of one process."""

    def __init__(
        self,
        *,
        storage: Storage,
        dispatcher: Dispatcher,
        clock: Clock,
        care: Care,
        set_clock: Callable[[], Awaitable[None]] | None = None,
        count_reach: Callable[[], Awaitable[None]] | None = None,
        follow: Timer | None = None,
        watching: Watching | None = None,
    ) -> None:
        """`care` is what is done for each workspace; `set_clock` goes by the database's clock,
        `count_reach` counts what people did with digests.
        `follow` is a clock that may jump: digests are then also fired at their very moment on it.
        """
        self._follow = follow
        self._watching = watching or Watching(Tallies(), "")
        self._tallies = self._watching.tallies
        self._next_alarm: datetime | None = None
        self._storage = storage
        self._dispatcher = dispatcher
        self._clock = clock
        self._care = care
        self.table: tuple[Tick, ...] = (
            Tick("sweep", SWEEP_EVERY, timedelta(seconds=2), self.sweep),
            Tick("digests", timedelta(seconds=15), timedelta(seconds=2), self.fire_digests),
            Tick("timers", timedelta(seconds=15), timedelta(seconds=2), self.fire_timers),
            Tick("directory", care.every, min(care.every / 12, timedelta(minutes=5)), care.refresh),
            Tick("erase", timedelta(hours=1), timedelta(minutes=5), care.erase),
            Tick("count", timedelta(minutes=15), timedelta(minutes=2), self.count),
            Tick("tidy", timedelta(hours=6), timedelta(minutes=5), self.tidy),
        )
        if count_reach is not None:
            hour, jitter = timedelta(hours=1), timedelta(minutes=5)
            self.table += (Tick("reach", hour, jitter, count_reach),)
        if set_clock is not None:
            self.table += (Tick("clock", timedelta(minutes=1), timedelta(seconds=10), set_clock),)

    async def sweep(self) -> None:
        """Wake lanes whose wake-up was lost."""
        await self._dispatcher.sweep()

    async def fire_digests(self) -> None:
        """Fire every digest whose time has come."""
        await self._digests()
        await self.expect()

    async def _digests(self) -> None:
        """All that are due, a few hundred at a time; what failed waits for the next tick."""
        now = self._clock.now()
        tried: set[tuple[str, str]] = set()
        while True:
            due = await self._storage.due_schedules(now, limit=DUE_AT_ONCE)
            new = [one for one in due if one not in tried]
            for workspace_id, subscription_id in new:
                await self._fire(workspace_id, subscription_id, now)
            tried.update(new)
            if not new or len(due) < DUE_AT_ONCE:
                return

    async def _fire(self, workspace_id: str, subscription_id: str, now: datetime) -> None:
        """Fire one digest; a bug in one of them must not stop the others."""
        with within({"workspace": workspace_id, "subscription": subscription_id}):
            try:
                judged = await self._storage.read(workspace_id, judge, subscription_id, now)
                status = await self._storage.transact(
                    workspace_id, fire_due, FireDue(subscription_id, judged), now
                )
            except DeskError:
                raise
            except Exception:
                log.exception("digest failed")
                status = "failed"
            else:
                if status is not None:
                    log.info("digest", extra={"status": status})
        if status is not None:
            self._tallies.digests.add(status)

    async def fire_timers(self) -> None:
        """Remind, escalate and bring back what is due; end absences; ask what became of goals
        and experiments.
        """
        await self._timers()
        await self.expect()

    async def _timers(self) -> None:
        now = self._clock.now()
        # First who is back: after an outage both may be due, and timers ask who is there.
        for workspace_id, user_id in await self._storage.due_returns(now, limit=DUE_AT_ONCE):
            await self._do(workspace_id, end_absence, ComeBack(user_id), now)
        for workspace_id, number in await self._storage.due_timers(now, limit=DUE_AT_ONCE):
            await self._do(workspace_id, fire_timer, FireTimer(number), now)
        for workspace_id, goal_id in await self._storage.due_closings(now, limit=DUE_AT_ONCE):
            await self._do(workspace_id, ask_keepers, AskKeepers(goal_id), now)
        for workspace_id, goal_id in await self._storage.due_check_ins(now, limit=DUE_AT_ONCE):
            await self._do(workspace_id, look_after, LookAfter(goal_id), now)
        for workspace_id, one in await self._storage.due_experiments(now, limit=DUE_AT_ONCE):
            await self._do(workspace_id, ask_testers, AskTesters(one), now)
        for workspace_id, quarter in await self._storage.due_pulses(now, limit=DUE_AT_ONCE):
            await self._do(workspace_id, ask_pulse, AskPulse(quarter), now)

    async def _do(
        self, workspace_id: str, use_case: UseCase[C, object], command: C, now: datetime
    ) -> None:
        """Do one thing that is due; a bug in one of them must not stop the others."""
        with within({"workspace": workspace_id, "due": str(command)}):
            try:
                done = await self._storage.transact(workspace_id, use_case, command, now)
            except DeskError:
                raise
            except Exception:
                log.exception("what is due failed")
                self._tallies.timers.add("failed")
                return
            if done:
                self._tallies.timers.add(done if isinstance(done, TimerKind) else "come_back")
                log.info("done by itself", extra={"done": str(done)})

    async def expect(self) -> None:
        """Look what is due next and be woken then, where the clock may jump."""
        if self._follow is None:
            return
        try:
            due = await self._storage.next_due()
        except DeskError as error:
            log.warning("not known what is due next", extra={"why": str(error)})
            return
        if due is None:
            return
        at = max(due, self._follow.now() + SWEEP_EVERY)
        if self._next_alarm is not None and self._next_alarm <= at:
            return
        self._next_alarm = at
        self._follow.at(at, partial(self._ring, at))

    async def _ring(self, at: datetime) -> None:
        if self._next_alarm != at:
            return  # an earlier one was set since, or there is nobody any more to ring for
        self._next_alarm = None
        await self.sweep()
        await self._digests()
        await self._timers()
        await self.expect()
        await self._dispatcher.settle()

    async def tidy(self) -> None:
        """Forget events that Slack will not repeat, drafts that nobody took up, and personal data
        that is not to be kept any longer; plan the question of the quarter where no set-up was
        stored since there is one.
        """
        now = self._clock.now()
        for workspace_id in await self._care.workspaces():
            await self._storage.transact(workspace_id, forget_events, EVENTS_KEPT, now)
            await self._storage.transact(workspace_id, forget_drafts, DRAFTS_KEPT, now)
            await self._forget_outworn(workspace_id, now)
            await self._do(workspace_id, plan_pulse, None, now)

    async def _forget_outworn(self, workspace_id: str, now: datetime) -> None:
        """In small steps; what a bug leaves over must not keep it from ending."""
        for _ in range(MOST_STEPS):
            done = await self._storage.transact(workspace_id, forget_outworn, None, now)
            if done:
                log.info("personal data not kept any longer", extra={"submissions": done})
            if done < STEP:
                return

    async def count(self) -> None:
        """Count conversions by day where many came, so that reading a quarter stays quick."""
        now = self._clock.now()
        for workspace_id in await self._care.workspaces():
            for _ in range(MOST_STEPS):
                if not await self._storage.read(workspace_id, are_many_uncounted, None, now):
                    break
                if not await self._storage.transact(workspace_id, sum_up, None, now):
                    break

    def close(self) -> None:
        """Let an alarm that is still set ring in vain."""
        self._next_alarm = None

    def start(self, *names: str) -> AsyncIOScheduler:
        """Begin to tick on the running event loop, all ticks or those with these names; the caller
        shuts the scheduler down.
        """
        scheduler = AsyncIOScheduler(timezone="UTC")
        for tick in self.table:
            if names and tick.name not in names:
                continue
            scheduler.add_job(
                _guarded(tick, self._watching),
                "interval",
                id=tick.name,
                seconds=tick.every.total_seconds(),
                jitter=int(tick.jitter.total_seconds()),
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        scheduler.start()
        return scheduler


def forget_events(tx: Transaction, kept: timedelta, now: datetime) -> int:
    """Drop the memory of Slack's events older than `kept`, and of what came to webhooks and will
    not be sent again; returns how many.
    """
    return tx.seen.forget_before(now - kept) + tx.hooks.forget_before(now - HOOKS_KEPT)


def _guarded(tick: Tick, watch: Watch = UNWATCHED) -> Callable[[], Awaitable[None]]:
    """A tick that fails is logged and comes again; it never stops the others."""

    async def run() -> None:
        with watch.tick(tick.name) as trail:
            try:
                await tick.run()
            except DeskError as error:
                trail.outcome = ended_by(error)
                log.warning("tick failed", extra={"tick": tick.name, "why": str(error)})
            except Exception as error:
                trail.outcome = ended_by(error)
                log.exception("tick failed", extra={"tick": tick.name})

    return run
