"""Performs effects: lease, look, post, finish, over ports alone. The one asynchronous module here.

At least once inside, once outside: an effect whose earlier try may have reached Slack is looked up
there before it is tried again. No transaction is open while Slack is asked.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.announce import tell_admin
from bot.errors import DeskError, NotFoundError, SealedError
from bot.gathering import gather_material
from bot.outbox import IDEMPOTENT, Claim, Effect, EffectKind, Finish, NotBefore, Posted, Verdict
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
    Transaction,
    Unclear,
)
from bot.trail import UNWATCHED, Watch

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
    for `give_up` is set aside, so that it does not hold up those behind it for ever.
    """

    lease: timedelta = timedelta(seconds=60)
    settle: timedelta = timedelta(seconds=30)
    gap: timedelta = timedelta(seconds=1.05)
    margin: timedelta = timedelta(seconds=15)
    longest_wait: timedelta = timedelta(seconds=300)
    give_up: timedelta = timedelta(hours=6)

    def needed_for(self, kind: EffectKind) -> timedelta:
        """How much of a lease a try needs. A file is fetched and brought over before it is shared:
        that takes several calls.
        """
        return self.lease - self.margin if kind is EffectKind.FILE else self.margin


AT_ONCE = 100
"""How many effects that expired together are told one by one."""


@dataclass(frozen=True, slots=True)
class ClaimLane:
    """A worker asks for the first effect of a lane."""

    lane: str
    owner: str
    lease: timedelta


def claim_lane(tx: Transaction, command: ClaimLane, now: datetime) -> Claim | NotBefore | None:
    """Lease the lane's first effect for `command.owner`; what expired on the way is told. Nothing
    is claimed where Slack does not let the app in any more.
    """
    if tx.installations.is_parked():
        return None
    claim = tx.outbox.claim(command.lane, owner=command.owner, now=now, lease=command.lease)
    newest = tx.outbox.set_aside(limit=1)
    if newest and newest[0].at == now:
        for one in tx.outbox.set_aside(limit=AT_ONCE):
            effect = tx.outbox.find(one.key)
            if effect is not None and one.at == now and one.error == "expired":
                tell_trouble(tx, effect, one.error, now)
    return claim


@dataclass(frozen=True, slots=True)
class EndTry:
    """A worker reports what came of a try."""

    claim: Claim
    finish: Finish


def end_try(tx: Transaction, command: EndTry, now: datetime) -> bool:
    """Record a try; what died is shown to the admin. False when the lane was taken over since."""
    is_ours = tx.outbox.finish(command.claim, command.finish, now)
    if is_ours and command.finish.verdict is Verdict.DEAD:
        effect = command.claim.effect
        error = command.finish.error or "unknown"
        tell_trouble(tx, effect, error, now)
    return is_ours


def tell_trouble(tx: Transaction, effect: Effect, error: str, now: datetime) -> None:
    """Tell the admin of a dead effect, unless nobody can mend it: a notice about a notice would
    never end, a Home tab comes again, and what was erased is not wanted any more.
    """
    log.warning("effect set aside", extra={"effect": effect.key, "error": error})
    if effect.kind in {EffectKind.NOTICE, EffectKind.HOME} or error == "erased":
        return
    about = f"effect:{effect.key}@{now.isoformat()}"
    if error in GONE and effect.number is not None:
        about = f"gone:{effect.parent_key}"
    tell_admin(tx, tx.desk.load(), about, trouble(effect, error), now)


OURS = "internal"
"""The error of an effect on which a bug of ours shows."""

GONE = frozenset({"message_not_found", "thread_not_found"})
"""Slack's words for a message that somebody deleted: trying again can't help."""

WHAT = {
    EffectKind.CARD: "The card of number {number}",
    EffectKind.CARD_UPDATE: "The newest state on the card of number {number}",
    EffectKind.STORY: "A line in the thread of number {number}",
    EffectKind.FILE: "A file of number {number}",
    EffectKind.RECEIPT: "The receipt of number {number}",
    EffectKind.WORD: "A word to the submitter of number {number}",
    EffectKind.NUDGE: "A reminder of number {number}",
    EffectKind.DIGEST: "The weekly digest",
    EffectKind.CLOSING: "The question what became of a goal",
    EffectKind.NOTICE: "A notice",
    EffectKind.HOME: "A Home tab",
}


def trouble(effect: Effect, error: str) -> str:
    """One sentence for the admin: what could not be delivered where, why, and what helps."""
    what = WHAT[effect.kind].format(number=effect.number)
    is_person = effect.target.startswith(("U", "W"))
    where = f"<@{effect.target}>" if is_person else f"<#{effect.target}>"
    match error:
        case "not_in_channel" | "channel_not_found" if not is_person:
            why = (
                "Social Desk is not in that channel. Type `/invite @Social Desk` there, then try "
                "again."
            )
        case "is_archived":
            why = "the channel is archived. Name another one on Social Desk's Home tab."
        case "outcome_unknown":
            why = (
                "Slack did not answer, and Social Desk may not read back whether it arrived. "
                "Look there first; try again only if it is missing."
            )
        case "message_not_found" | "thread_not_found":
            return (
                f"The message that tells of number {effect.number} in {where} was deleted, so it "
                "can't be kept up to date. Its owner finds it in the queue and on the Home tab."
            )
        case "internal":
            why = "Social Desk itself failed on it. An operator finds the reason in the log."
        case "expired":
            why = "Slack could not be reached for too long. Try again if it is still wanted."
        case _:
            why = f"Slack answered “{error}”."
    return f"{what} could not be delivered to {where}: {why}"


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
        """Perform the lane's effects in order until it is empty or has to wait.

        Returns when it wants to be looked at again, None when it is empty. Raises the storage's
        errors; what was begun is then taken up after its lease.
        """
        command = ClaimLane(ref.lane, self._owner, self._pace.lease)
        while True:
            claim = await self._storage.transact(
                ref.workspace_id, claim_lane, command, self._clock.now()
            )
            if claim is None:
                return None
            if isinstance(claim, NotBefore):
                return claim.at
            self._checkpoint("delivery.after_claim")
            with self._watch.effect(ref.workspace_id, claim.effect) as trail:
                finish = await self._try(ref.workspace_id, claim)
                trail.outcome = finish.verdict
                self._checkpoint("delivery.after_answer")
                self._checkpoint("delivery.before_finish")
                is_ours = await self._storage.transact(
                    ref.workspace_id, end_try, EndTry(claim, finish), self._clock.now()
                )
            self._checkpoint("delivery.after_finish")
            if not is_ours:
                return None

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
        material = await self._storage.read(workspace_id, gather_material, effect, now)
        if claim.lease_until - self._clock.now() < self._pace.needed_for(effect.kind):
            return Finish(verdict=Verdict.RETRY, error="lease_short", again_at=self._clock.now())
        return self._finish(claim, await self._messenger.perform(workspace_id, claim, material))

    def _looked(self, claim: Claim, found: Posted | CannotLook | NotSent) -> Finish:
        match found:
            case Posted():
                return Finish(verdict=Verdict.SENT, posted=found)
            case CannotLook():
                return Finish(verdict=Verdict.DEAD, error="outcome_unknown")
            case NotSent():
                return self._again(claim, Verdict.UNKNOWN, found.error, found.after)

    def _finish(self, claim: Claim, outcome: Outcome) -> Finish:
        now = self._clock.now()
        is_post = claim.effect.kind not in IDEMPOTENT
        match outcome:
            case Sent(posted):
                gate = now + self._pace.gap if is_post else None
                return Finish(verdict=Verdict.SENT, posted=posted, gate_until=gate)
            case NotSent(error, after):
                return self._again(claim, Verdict.RETRY, error, after)
            case Unclear(error) if now - claim.first_try_at >= self._pace.give_up:
                return Finish(verdict=Verdict.DEAD, error=error)
            case Unclear(error):
                wait = self._pace.settle if is_post else None
                return self._again(claim, Verdict.UNKNOWN, error, wait)
            case Refused(error):
                return Finish(verdict=Verdict.DEAD, error=error)

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
