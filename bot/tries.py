"""Around a try: a worker leases an effect, and reports what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.brief import brief
from bot.outbox import Claim, Crowded, Finish, NotBefore, Verdict
from bot.ports import Transaction
from bot.trouble import tell_trouble

AT_ONCE = 100
"""How many effects that expired together are told one by one."""


@dataclass(frozen=True, slots=True)
class ClaimLane:
    """A worker asks for the first effect of a lane. More than `crowd` cards that wait in it are
    told of by one message; never, when that is 0.
    """

    lane: str
    owner: str
    lease: timedelta
    crowd: int = 0


@brief
def claim_lane(
    tx: Transaction, command: ClaimLane, now: datetime
) -> Claim | NotBefore | Crowded | None:
    """Lease the lane's first effect for `command.owner`; what expired on the way is told. Nothing
    is claimed where Slack does not let the app in any more, and where there is a crowd: that is to
    be folded first (`bot.crowds.fold_crowd`).
    """
    if tx.installations.is_parked():
        return None
    claim = tx.outbox.claim(
        command.lane,
        owner=command.owner,
        now=now,
        lease=command.lease,
        crowd=command.crowd,
    )
    if isinstance(claim, Crowded):
        return claim
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


@brief
def end_try(tx: Transaction, command: EndTry, now: datetime) -> bool:
    """Record a try; what died is shown to the admin. False when the lane was taken over since."""
    is_ours = tx.outbox.finish(command.claim, command.finish, now)
    if is_ours and command.finish.verdict is Verdict.DEAD:
        effect = command.claim.effect
        error = command.finish.error or "unknown"
        tell_trouble(tx, effect, error, now)
    return is_ours
