"""Away until a day, with a deputy: work goes to who is there, and comes back (P09)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.cards import KEEP_TRYING
from bot.desk import Desk, Member
from bot.errors import FieldError, NotAllowedError
from bot.handover import Handover, hand_over, hands
from bot.homes import renew_homes
from bot.outbox import Effect, EffectKind
from bot.people import today_of
from bot.periods import instant, known_zone
from bot.ports import Transaction

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoAway:
    """Somebody is away from now on. `back_on` is their first day back, where they live."""

    user_id: str
    back_on: date
    deputy_id: str | None = None


def go_away(tx: Transaction, command: GoAway, now: datetime) -> datetime:
    """Somebody is away: what comes and what is open goes to their deputy, else to the others of
    their roles, the backups, the fallback role. Returns when that ends.

    Raises FieldError (`until`, `deputy`) for a day or a deputy that does not do.
    """
    member = tx.members.get(command.user_id)
    if member is None:
        raise NotAllowedError("Social Desk doesn't know you yet. Please try again in a minute.")
    desk = tx.desk.load()
    _check(tx, desk, member, command, now)
    until = instant(command.back_on, time.min, known_zone(member.tz))
    deputy_id = command.deputy_id

    def leave() -> None:
        tx.members.set_away(member.user_id, until, deputy_id)

    _turn(tx, desk, leave, member.user_id, f"a{member.user_id}:{now.isoformat()}", now)
    if deputy_id is not None and (deputy_id, until) != (member.deputy_id, member.away_until):
        _tell_deputy(tx, desk, command, deputy_id, now)
    return until


@dataclass(frozen=True, slots=True)
class ComeBack:
    """Somebody is there again, whether their absence is over or not."""

    user_id: str


def come_back(tx: Transaction, command: ComeBack, now: datetime) -> bool:
    """Work comes back to them. False when they were not away."""
    member = tx.members.get(command.user_id)
    if member is None or member.away_until is None:
        return False
    _return(tx, member, now.isoformat(), now)
    return True


def end_absence(tx: Transaction, command: ComeBack, now: datetime) -> bool:
    """The same by itself, once the absence is over: any process may try at any time."""
    member = tx.members.get(command.user_id)
    if member is None or member.away_until is None or member.away_until > now:
        return False
    _return(tx, member, f"until:{member.away_until.isoformat()}", now)
    return True


def _return(tx: Transaction, member: Member, occasion: str, now: datetime) -> None:
    def arrive() -> None:
        tx.members.set_away(member.user_id, None, None)

    cause = f"b{member.user_id}:{occasion}"
    _turn(tx, tx.desk.load(), arrive, member.user_id, cause, now)


def _turn(
    tx: Transaction,
    desk: Desk,
    change: Callable[[], None],
    user_id: str,
    cause: str,
    now: datetime,
) -> None:
    """Carry out a change of somebody's presence, and hand over what it moves."""
    before = hands(tx, desk)
    change()
    after = hands(tx, desk)
    handover = Handover(before=before, after=after, turned=(user_id,), cause=cause)
    hand_over(tx, desk, handover, now)
    renew_homes(tx, (user_id,), cause, now)


def _check(tx: Transaction, desk: Desk, member: Member, command: GoAway, now: datetime) -> None:
    today = today_of(member, now)
    faults = {}
    if command.back_on <= today:
        faults["until"] = "Please choose a day after today: the first on which you are back."
    elif command.back_on > today + LONGEST:
        faults["until"] = "Please choose a day within the next year."
    unfit = _unfit(tx, desk, member, command.deputy_id)
    if unfit:
        faults["deputy"] = unfit
    if faults:
        raise FieldError(faults)


def _unfit(tx: Transaction, desk: Desk, member: Member, deputy_id: str | None) -> str | None:
    """Why somebody can't be the deputy; None when they can, or nobody was named."""
    if deputy_id is None:
        return None
    if deputy_id == member.user_id:
        return "Please choose somebody else: you are away."
    deputy = tx.members.get(deputy_id)
    if deputy is None:
        return "Social Desk doesn't know them yet. Please try again in a minute."
    return _why_not(desk, deputy)


def _why_not(desk: Desk, deputy: Member) -> str | None:
    if not deputy.is_active_person:
        return "Please choose a person who is in this workspace."
    if deputy.is_guest and not desk.roles_of(deputy.user_id):
        return "A guest can stand in only once they hold a role."
    if deputy.away_until is not None:
        return "They are away themselves. Please choose somebody who is there."
    return None


def _tell_deputy(
    tx: Transaction, desk: Desk, command: GoAway, deputy_id: str, now: datetime
) -> None:
    roles = desk.roles_of(command.user_id)
    if not roles:
        return
    role_ids = [role.role_id for role in roles]
    _, waiting = tx.submissions.undecided_of_roles(role_ids, limit=1)
    _, under_way = tx.submissions.unpublished_of_roles(role_ids, limit=1)
    back_on = command.back_on
    names = ", ".join(role.label for role in roles)
    sentence = (
        f"<@{command.user_id}> is away until {back_on.day} {back_on:%B %Y}, and you stand in for "
        f"them as {names}: {waiting} to decide, {under_way} under way. Your Home tab lists what "
        "waits for you."
    )
    tx.outbox.add(
        Effect(
            key=f"notice:deputy:{command.user_id}:{deputy_id}:{now.isoformat()}",
            kind=EffectKind.NOTICE,
            target=deputy_id,
            payload={"sentence": sentence},
            expires_at=now + KEEP_TRYING,
        ),
        now,
    )
