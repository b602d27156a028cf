"""Performs effects: lease, look, post, finish, over ports alone. The one asynchronous module here.

At least once inside, once outside: an effect whose earlier try may have reached Slack is looked up
there before it is tried again. No transaction is open while Slack is asked.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.crowds import fold_crowd
from bot.errors import DeskError, NotFoundError, SealedError
from bot.gates import start_of
from bot.gathering import gather_for
from bot.naming import NoteNames, message_of, names_in, note_names
from bot.outbox import (
    FETCHING,
    IDEMPOTENT,
    TOGETHER,
    Claim,
    Crowded,
    Effect,
    EffectKind,
    Finish,
    Limited,
    NotBefore,
    Posted,
    Verdict,
)
from bot.ports import (
    CannotLook,
    Clock,
    LaneRef,
    Messenger,
    NotSent,
    Outcome,
    Refused,
    Sent,
    Storage,
    Unclear,
)
from bot.trail import UNWATCHED, Watch
from bot.tries import ClaimLane, EndTry, claim_lane, end_try
from bot.trouble import OURS

log = logging.getLogger(__name__)

Checkpoint = Callable[[str], None]
"""Called by name at each point where a process may die; does nothing but in tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How patient delivery is.

    `lease`: how long a worker owns a lane it claimed. `settle`: how long after an unclear try
    Slack may still apply it; nothing is looked up before. `gap`: between two posts into one
    channel (https://docs.slack.dev/apis/web-api/rate-limits: one message a second). A try whose
    lease has less than `margin` left is not begun. An effect to which Slack gives no clear answer
    for `give_up` is set aside, so that it does not hold up those behind it for ever. Once Slack
    says that a workspace posts too much, it begins with `posts_per_minute` (`bot.gates`). More
    than `crowd` cards that wait in one lane are told of by one message (`bot.crowds`).
    """

    lease: timedelta = timedelta(seconds=60)
    settle: timedelta = timedelta(seconds=30)
    gap: timedelta = timedelta(seconds=1.05)
    margin: timedelta = timedelta(seconds=15)
    longest_wait: timedelta = timedelta(seconds=300)
    give_up: timedelta = timedelta(hours=6)
    posts_per_minute: int = 300
    crowd: int = 20

    def needed_for(self, kind: EffectKind) -> timedelta:
        """How much of a lease a try needs. A file is fetched before anything is done with it: that
        takes several calls.
        """
        return self.lease - self.margin if kind in FETCHING else self.margin


@dataclass(frozen=True, slots=True)
class Visit:
    """When a lane wants to be looked at again, None when it is empty; whether the last thing that
    was tried in it was sent, None when nothing was.
    """

    again_at: datetime | None
    has_sent: bool | None


class Delivery:
    """Empties lanes. One instance per process; `owner` names the process in leases."""

    def __init__(
        self,
        *,
        storage: Storage,
        messenger: Messenger,
        clock: Clock,
        owner: str,
        jitter: Callable[[], float],
        pace: Pace | None = None,
        checkpoint: Checkpoint = lambda _: None,
        watch: Watch = UNWATCHED,
    ) -> None:
        """`jitter` gives a number from 0 to 1 that spreads retries; `watch` hears of every try."""
        self._watch = watch
        self._storage = storage
        self._messenger = messenger
        self._clock = clock
        self._owner = owner
        self._jitter = jitter
        self._pace = pace or Pace()
        self._checkpoint = checkpoint

    async def drain(self, ref: LaneRef) -> datetime | None:
        """As `visit`; returns when the lane wants to be looked at again, None when it is empty."""
        return (await self.visit(ref)).again_at

    async def visit(self, ref: LaneRef) -> Visit:
        """Perform the lane's effects in order until it is empty or has to wait.

        Raises the storage's errors; what was begun is then taken up after its lease.
        """
        has_sent: bool | None = None
        command = ClaimLane(ref.lane, self._owner, self._pace.lease, self._pace.crowd)
        while True:
            claim = await self._claim(ref, command)
            if claim is None:
                return Visit(None, has_sent)
            if isinstance(claim, NotBefore):
                return Visit(claim.at, has_sent)
            self._checkpoint("delivery.after_claim")
            with self._watch.effect(ref.workspace_id, claim.effect, trace=claim.trace) as trail:
                finish = await self._try(ref.workspace_id, claim)
                trail.outcome = finish.verdict
                self._checkpoint("delivery.after_answer")
                self._checkpoint("delivery.before_finish")
                is_ours = await self._storage.transact(
                    ref.workspace_id, end_try, EndTry(claim, finish), self._clock.now()
                )
            self._checkpoint("delivery.after_finish")
            if not is_ours:
                return Visit(None, has_sent)
            has_sent = finish.verdict is Verdict.SENT

    async def _claim(self, ref: LaneRef, command: ClaimLane) -> Claim | NotBefore | None:
        """The lane's first effect. A crowd is folded before, in portions: others want to write."""
        here, transact = ref.workspace_id, self._storage.transact
        claim = await transact(here, claim_lane, command, self._clock.now())
        if isinstance(claim, Crowded):
            while await transact(here, fold_crowd, ref.lane, self._clock.now()):
                pass
            command = replace(command, crowd=0)
            claim = await transact(here, claim_lane, command, self._clock.now())
        return None if isinstance(claim, Crowded) else claim

    async def _try(self, workspace_id: str, claim: Claim) -> Finish:
        """Try once. A bug that shows on one effect sets that effect aside, and no other."""
        try:
            return await self._attempt(workspace_id, claim)
        except NotFoundError:
            return Finish(verdict=Verdict.DEAD, error="erased")
        except SealedError as error:
            # A key is missing: as soon as an operator has put it back it goes out as it is.
            log.error("can't decrypt", extra={"effect": claim.effect.key, "why": str(error)})  # noqa: TRY400  (a setting, no bug)
            return self._again(claim, Verdict.RETRY, "sealed", None)
        except DeskError:
            raise
        except Exception:
            log.exception("effect failed", extra={"effect": claim.effect.key})
            return Finish(verdict=Verdict.DEAD, error=OURS)

    async def _attempt(self, workspace_id: str, claim: Claim) -> Finish:
        effect = claim.effect
        now = self._clock.now()
        if claim.was_tried and effect.kind not in IDEMPOTENT:
            found = await self._messenger.look(workspace_id, claim)
            if found is not None:
                return self._looked(claim, found)
        if effect.expires_at is not None and effect.expires_at <= now:
            return Finish(verdict=Verdict.DEAD, error="expired")
        material = await self._storage.read(workspace_id, gather_for(effect.kind), effect, now)
        if named := names_in(material):
            noted = NoteNames(message_of(effect), named)
            if not await self._storage.transact(workspace_id, note_names, noted, now):
                return self._again(claim, Verdict.RETRY, "erased_meanwhile", None)
        if claim.lease_until - self._clock.now() < self._pace.needed_for(effect.kind):
            return Finish(verdict=Verdict.RETRY, error="lease_short", again_at=self._clock.now())
        return self._finish(claim, await self._messenger.perform(workspace_id, claim, material))

    def _looked(self, claim: Claim, found: Posted | CannotLook | NotSent) -> Finish:
        match found:
            case Posted():
                return Finish(verdict=Verdict.SENT, posted=found)
            case CannotLook():
                return Finish(verdict=Verdict.DEAD, error="outcome_unknown")
            case NotSent(group=group, after=after) if self._is_given_up(claim) and (
                group is not None or after is None
            ):
                return Finish(verdict=Verdict.DEAD, error="outcome_unknown")
            case NotSent():
                return replace(self._not_sent(claim, Verdict.UNKNOWN, found), only_looked=True)

    def _finish(self, claim: Claim, outcome: Outcome) -> Finish:
        now = self._clock.now()
        is_post = claim.effect.kind not in IDEMPOTENT
        match outcome:
            case Sent(posted):
                gate = now + self._gap(claim.effect) if is_post else None
                return Finish(verdict=Verdict.SENT, posted=posted, gate_until=gate)
            case NotSent():
                return self._not_sent(claim, Verdict.RETRY, outcome)
            case Unclear(error) if self._is_given_up(claim):
                return Finish(verdict=Verdict.DEAD, error=error)
            case Unclear(error):
                wait = self._pace.settle if is_post else None
                return self._again(claim, Verdict.UNKNOWN, error, wait)
            case Refused(error):
                return Finish(verdict=Verdict.DEAD, error=error)

    def _gap(self, effect: Effect) -> timedelta:
        """How long a lane rests after a post. Of many digests that come together the threads wait
        until the first messages of all had time to go, at the pace that Slack may ask for.
        """
        together = effect.payload.get(TOGETHER, 1)
        if effect.kind is not EffectKind.DIGEST or not isinstance(together, int):
            return self._pace.gap
        each = timedelta(minutes=1) / self._pace.posts_per_minute
        return max(self._pace.gap, together * each)

    def _is_given_up(self, claim: Claim) -> bool:
        return self._clock.now() - claim.first_try_at >= self._pace.give_up

    def _not_sent(self, claim: Claim, verdict: Verdict, outcome: NotSent) -> Finish:
        """Back off; what was too much for the workspace waits as long as Slack says and no longer,
        with everybody else's.
        """
        finish = self._again(claim, verdict, outcome.error, outcome.after)
        if outcome.group is None or not outcome.after:
            return finish
        until = self._clock.now() + outcome.after
        limited = Limited(
            group=outcome.group,
            until=until,
            per_minute=start_of(outcome.group, outcome.after, self._pace.posts_per_minute),
            tried_at=claim.lease_until - self._pace.lease,
        )
        return replace(finish, again_at=until, limited=limited)

    def _again(self, claim: Claim, verdict: Verdict, error: str, after: timedelta | None) -> Finish:
        """Back off 1, 2, 4 … seconds with jitter, never less than `after`."""
        seconds = min(2 ** min(claim.attempts - 1, 16), self._pace.longest_wait.total_seconds())
        wait = timedelta(seconds=seconds * (1 + self._jitter() / 2))
        again_at = self._clock.now() + max(wait, after or timedelta())
        log.info(
            "effect waits",
            extra={"effect": claim.effect.key, "error": error, "attempts": claim.attempts},
        )
        return Finish(verdict=verdict, error=error, again_at=again_at)
