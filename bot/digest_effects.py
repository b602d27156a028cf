"""The messages of one digest: what stands on the screen, and what hangs in its thread."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.desk import Subscription
from bot.outbox import TOGETHER, Effect, EffectKind
from bot.periods import key_of
from bot.sections import Place
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
    screen = Effect(
        key=digest_key(subscription.subscription_id, period),
        kind=EffectKind.DIGEST,
        target=subscription.channel_id,
        payload=_payload(subscription, week, due, period)
        | ({TOGETHER: together} if together > 1 else {}),
        expires_at=max(due + GRACE, now + TO_POST),
    )
    yield screen
    for place in Place:
        if place is not Place.SCREEN and place in places:
            yield replace(
                screen,
                key=f"{screen.key}:{place}",
                kind=EffectKind.DIGEST_MORE,
                payload={**screen.payload, "place": place.value},
                parent_key=screen.key,
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
