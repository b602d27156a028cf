"""The messages of one digest: what stands on the screen, and what hangs in its thread."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.desk import Subscription
from bot.outbox import TOGETHER, Effect, EffectKind
from bot.periods import key_of
from bot.sections import DEFAULT_AUDIENCE, Place
from bot.windows import Week

GRACE = timedelta(hours=24)
"""How late a digest may still be posted, labelled as late; older ones are skipped."""

TO_POST = timedelta(hours=1)
"""How long a digest that fires at the very end of its grace has to get through."""


def digest_key(subscription_id: str, period: str) -> str:
    """The key of a digest's message; those of its thread follow from it."""
    return f"digest:{subscription_id}:{period}"


def effects_of(
    subscription: Subscription,
    week: Week,
    due: datetime,
    places: Collection[Place],
    now: datetime,
    *,
    period: str | None = None,
    together: int = 1,
) -> Iterator[Effect]:
    """The digest that was due at `due`, under the key of its period or another, and behind it a
    message in its thread for each place that has something to tell. `together` is how many of the
    workspace's digests come at that time, this one included.
    """
    period = period or key_of(subscription, week.day)
    thread = [place for place in Place if place is not Place.SCREEN and place in places]
    screen = Effect(
        key=digest_key(subscription.subscription_id, period),
        kind=EffectKind.DIGEST,
        target=subscription.channel_id,
        payload=_payload(subscription, week, due, period)
        | ({TOGETHER: together} if together > 1 else {}),
        expires_at=max(due + GRACE, now + TO_POST),
    )
    yield screen if thread else replace(screen, payload={**screen.payload, "is_end": 1})
    for place in thread:
        end = {"is_end": 1} if place is thread[-1] else {}
        yield replace(
            screen,
            key=f"{screen.key}:{place}",
            kind=EffectKind.DIGEST_MORE,
            payload={**screen.payload, "place": place.value, **end},
            parent_key=screen.key,
        )


def week_in(payload: Mapping[str, str | int | bool]) -> Week:
    """What a digest is about that was enqueued with this payload."""
    counted, month_day = payload.get("counted_until"), payload.get("month_day")
    return Week(
        subscription_id=str(payload["subscription_id"]),
        period=str(payload.get("period", "")),
        day=date.fromisoformat(str(payload["day"])),
        tz=str(payload["tz"]),
        audience=str(payload.get("audience", DEFAULT_AUDIENCE)),
        time=str(payload.get("time", "00:00")),
        month_day=None if month_day is None else int(month_day),
        counted_until=None if counted is None else datetime.fromisoformat(str(counted)),
        holiday=str(payload.get("holiday", "")),
        is_so_far=bool(payload.get("is_so_far")),
    )


def _payload(
    subscription: Subscription, week: Week, due: datetime, period: str
) -> dict[str, str | int]:
    counted = week.counted_until
    odd = {
        "is_so_far": 1 if week.is_so_far else None,
        "month_day": week.month_day,
        "counted_until": None if counted is None else counted.isoformat(),
    }
    return {
        "subscription_id": subscription.subscription_id,
        "period": period,
        "tz": subscription.tz,
        "audience": subscription.audience,
        "time": week.time,
        "day": week.day.isoformat(),
        "due_at": due.isoformat(),
        "holiday": week.holiday,
        **{name: value for name, value in odd.items() if value is not None},
    }
