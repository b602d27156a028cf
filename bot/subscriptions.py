"""Which channels get the weekly digest: set by admins, with its next run and its last result."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot import digest
from bot.channels import trouble_of
from bot.check_ins import plan_checks
from bot.desk import Desk, OnHoliday, Subscription
from bot.errors import FieldError, NotFoundError
from bot.material import DigestMaterial
from bot.people import is_admin
from bot.ports import Transaction
from bot.sections import DEFAULT_AUDIENCE
from bot.setting_up import Change, change_desk
from bot.subscription import DigestStatus
from bot.targets import FEWEST, MOST, group_of, people_of
from bot.text import one_line

FIELDS = ("channel", "people", "audience", "weekday", "time", "tz", "holidays")
_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDigest(Change):
    """A digest as it is to be; `subscription_id` is None for a new one.

    It goes to a channel, or to `people` as a group. `weekday` counts from 0 for Monday; with a
    `month_day` it comes each month. `time` is local as "HH:MM", `tz` an IANA name, `audience` the
    key of one, `holidays` a country, like "DE" or "DE-BY".
    """

    subscription_id: str | None
    channel_id: str
    weekday: int
    time: str
    tz: str
    audience: str = DEFAULT_AUDIENCE
    people: tuple[str, ...] = ()
    month_day: int | None = None
    holidays: str = ""
    on_holiday: OnHoliday = OnHoliday.MOVE


@dataclass(frozen=True, slots=True, kw_only=True)
class DropDigest(Change):
    """A channel gets no digest any more."""

    subscription_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDigest:
    """What somebody sees who asks for a channel's digest: its preview and how it is set, None when
    it is not. `version` is that of the set-up.
    """

    material: DigestMaterial
    status: DigestStatus | None
    may_set: bool
    version: int


def see_digest(tx: Transaction, asked: digest.Preview, now: datetime) -> ChannelDigest:
    """The digest of a channel as far as its week has gone, and when it comes."""
    desk = tx.desk.load()
    found = next((one for one in desk.subscriptions if one.channel_id == asked.channel_id), None)
    return ChannelDigest(
        material=digest.preview(tx, asked, now),
        status=None if found is None else status_of(tx, found),
        may_set=is_admin(tx, desk, asked.user_id),
        version=desk.version,
    )


def status_of(tx: Transaction, subscription: Subscription) -> DigestStatus:
    """When a digest comes next, and what became of the last one."""
    run = tx.schedules.get(subscription.subscription_id)
    last = tx.schedules.last_run(subscription.subscription_id)
    return DigestStatus(
        subscription=subscription,
        next_at=None if run is None else run.next_at,
        last=None if last is None else last.status,
        last_at=None if last is None else last.due_at,
        trouble=trouble_of(tx.channels.get(subscription.channel_id)),
    )


def status_by_id(tx: Transaction, subscription_id: str, _now: datetime) -> DigestStatus:
    """The same by id; raises NotFoundError for a digest that is no more."""
    for one in tx.desk.load().subscriptions:
        if one.subscription_id == subscription_id:
            return status_of(tx, one)
    raise NotFoundError("This digest is no more.")


def set_digest(tx: Transaction, command: SetDigest, now: datetime) -> DigestStatus:
    """Give a channel its digest, or change it; never does a week get two.

    Raises FieldError, and what `bot.setting_up.to_change` raises.
    """
    ids = {one.subscription_id for one in tx.desk.load().subscriptions}
    target = _target(command)
    subscription = Subscription(
        subscription_id=command.subscription_id or _new_id(target, ids),
        channel_id=target,
        weekday=command.weekday if command.month_day is None else 0,
        time=command.time,
        tz=one_line(command.tz),
        audience=command.audience,
        month_day=command.month_day,
        holidays=one_line(command.holidays).upper(),
        on_holiday=command.on_holiday,
    )
    check_place(tx, subscription, now)

    def edit(desk: Desk) -> Desk:
        others = _without(desk, subscription.subscription_id)
        if command.subscription_id is not None and len(others) == len(desk.subscriptions):
            raise NotFoundError("This digest is no more.")
        if _reads(subscription) in {_reads(one) for one in others}:
            raise FieldError({"audience": "This digest goes there already."})
        if command.subscription_id is not None:
            return replace(
                desk,
                subscriptions=tuple(
                    subscription if one.subscription_id == subscription.subscription_id else one
                    for one in desk.subscriptions
                ),
            )
        return replace(desk, subscriptions=(*others, subscription))

    stored = change_desk(tx, command, edit, FIELDS, now)
    state = tx.digests.state(subscription.subscription_id)
    set_anew = replace(state, set_by=command.actor_id, paused=None, paused_until=None)
    tx.digests.save_state(set_anew)
    if state.paused is not None:
        plan_checks(tx, stored, now)
    return status_of(tx, subscription)


def _target(command: SetDigest) -> str:
    if bool(command.channel_id) == bool(command.people):
        raise FieldError({"channel": "Please choose either a channel or people."})
    if command.channel_id:
        return command.channel_id
    if not FEWEST <= len(set(command.people)) <= MOST:
        raise FieldError(
            {
                "people": f"Please choose {FEWEST} to {MOST} people. "
                "Who wants it alone types /social digest."
            }
        )
    return group_of(command.people)


def _reads(subscription: Subscription) -> tuple[str, str]:
    return subscription.channel_id, subscription.audience


def check_place(tx: Transaction, subscription: Subscription, now: datetime) -> None:
    """Raise FieldError for a country whose holidays nobody knows."""
    place = subscription.holidays
    if place and (not _PLACE.fullmatch(place) or tx.holidays.days(place, now.year) is None):
        raise FieldError({"holidays": f"“{place}” is no country like DE, or part like DE-BY."})


def _new_id(target: str, taken: Collection[str]) -> str:
    """An id that stays with the channel, unless a digest that began there has moved on with it."""
    stem = "group" if people_of(target) else target.lower()
    found, count = stem, 1
    while found in taken:
        count += 1
        found = f"{stem}_{count}"
    return found


def drop_digest(tx: Transaction, command: DropDigest, now: datetime) -> Desk:
    """Take the digest from a channel; raises what `bot.setting_up.to_change` raises."""
    return change_desk(
        tx,
        command,
        lambda desk: replace(desk, subscriptions=_without(desk, command.subscription_id)),
        (),
        now,
    )


def _without(desk: Desk, subscription_id: str) -> tuple[Subscription, ...]:
    return tuple(one for one in desk.subscriptions if one.subscription_id != subscription_id)
