"""What an operator sees of digests and does about them, from the command line."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot import digest
from bot.desk import Desk, Subscription
from bot.desk_changes import names_in
from bot.digest import FIRED, Preview
from bot.digest_store import DigestState
from bot.errors import ConfigurationError
from bot.material import DigestMaterial
from bot.periods import key_of, local_date, telling_day
from bot.ports import Transaction
from bot.resting import every_digest
from bot.rounds import send_so_far
from bot.schedules import next_day
from bot.subscription import DigestStatus
from bot.subscriptions import status_of
from bot.targets import people_of
from bot.windows import Week, week_of, windows

_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})")
THURSDAY = 4
"""The day to which an ISO week belongs, whichever year it is in."""

_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)
FORM = "should be a week like 2026-W47, or a day in it like 2026-11-18"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one digest goes its rounds; `names` are those of people and channels by their ids."""

    status: DigestStatus
    state: DigestState
    names: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """A digest, by its name or by where it goes; for another audience than its own, and of a week
    that was, as an operator types it. Empty: as it is.
    """

    which: str
    audience: str = ""
    week: str = ""


def standings(tx: Transaction, _asked: None, now: datetime) -> tuple[Standing, ...]:
    """Every digest, those of the set-up first."""
    found = []
    for one in every_digest(tx):
        state = tx.digests.state(one.subscription_id)
        ids = " ".join((*(people_of(one.channel_id) or (one.channel_id,)), state.set_by or ""))
        named = dict(names_in(tx, ids, now))
        found.append(Standing(status=status_of(tx, one), state=state, names=named))
    return tuple(found)


def show(tx: Transaction, asked: Show, now: datetime) -> DigestMaterial:
    """What a digest says now, or what one of the weeks before had to say.

    Raises ConfigurationError for a digest, an audience or a week that there is none of.
    """
    desk = tx.desk.load()
    digest.check_audience(desk, asked.audience)
    found = _named(tx, desk, asked.which)
    if asked.audience:
        found = replace(found, audience=asked.audience)
    if not asked.week:
        week = replace(week_of(tx, found, next_day(tx, found, now)), is_preview=True)
        return digest.gather(tx, week, now)
    return digest.gather(tx, _week_of(tx, found, asked.week, now), now)


def send_now(tx: Transaction, which: str, now: datetime) -> Subscription:
    """Send what a digest says so far, once per second; raises ConfigurationError as `show`."""
    found = _one_of(_matching(tx, which), tx, which)
    send_so_far(tx, found, f"operator-{now:%Y%m%d%H%M%S}", now)
    return found


def _named(tx: Transaction, desk: Desk, which: str) -> Subscription:
    """The digest; of a channel that gets none, the one that it would get."""
    found = _matching(tx, which)
    if found or not _is_id(which):
        return _one_of(found, tx, which)
    return digest.subscription_for(tx, desk, Preview(which, ""))


def _matching(tx: Transaction, which: str) -> list[Subscription]:
    every = every_digest(tx)
    named = [one for one in every if one.subscription_id == which]
    return named or [one for one in every if one.channel_id == which]


def _one_of(found: list[Subscription], tx: Transaction, which: str) -> Subscription:
    if len(found) == 1:
        return found[0]
    if found:
        named = ", ".join(one.subscription_id for one in found)
        raise ConfigurationError(f"{which} gets several digests: name one of {named}.")
    known = ", ".join(one.subscription_id for one in every_digest(tx)) or "none yet"
    raise ConfigurationError(f"There is no digest {which}. There are: {known}.")


def _is_id(which: str) -> bool:
    """Whether it is a Slack id, of any kind."""
    return re.fullmatch(r"[A-Z][A-Z0-9]{2,}", which) is not None


def _week_of(tx: Transaction, one: Subscription, text: str, now: datetime) -> Week:
    """The digest that told, or is to tell, of that day. One that was posted has its ask."""
    day = telling_day(one, _day(text))
    week = week_of(tx, one, day)
    told = windows(week)[-1]
    if told.since > now:
        began = local_date(told.since, one.tz)
        raise ConfigurationError(f"--week: {text} has not begun; its digest tells from {began} on.")
    if told.until > now:
        return replace(week, is_preview=True)
    run = tx.schedules.run_of(one.subscription_id, key_of(one, day))
    was_posted = run is not None and run.status == FIRED
    return replace(week, period=key_of(one, day) if was_posted else "")


def _day(text: str) -> date:
    """A day of the week that is meant."""
    week = _WEEK.fullmatch(text.upper())
    try:
        if week is None:
            found = date.fromisoformat(text)
        else:
            found = date.fromisocalendar(int(week[1]), int(week[2]), THURSDAY)
    except ValueError:
        raise ConfigurationError(f"--week: {FORM}.") from None
    if not _FIRST <= found <= _LAST:
        raise ConfigurationError(f"--week: {FORM}.")
    return found
