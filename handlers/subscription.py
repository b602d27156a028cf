"""Admins set which channels get the weekly digest: in a channel, or from the Home tab."""

import asyncio
import logging
from collections.abc import Mapping
from typing import TypedDict

from bot import directory
from bot.desk import OnHoliday
from bot.desk_changes import WEEKDAYS
from bot.digest import Preview
from bot.errors import FieldError
from bot.setting_up import to_look_at
from bot.submission import FieldValue
from bot.subscription import DigestStatus
from bot.subscriptions import (
    DropDigest,
    SetDigest,
    drop_digest,
    see_digest,
    set_digest,
    status_by_id,
)
from handlers.answers import NOTHING, Answer, next_page
from handlers.ids import Action, Callback
from handlers.listeners import Listeners
from handlers.opening import already_done, is_in_modal, open_view, update_view
from handlers.outcomes import TROUBLE
from handlers.requests import Request, form_values
from handlers.services import Services
from handlers.setup_values import SetupField, SetupMetadata, SetupValue
from handlers.views import subscription
from handlers.views.message import Message

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How long a form waits for Slack to tell of a channel before it is stored without."""


class SubscriptionListeners:
    """The digest of a channel."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={
                Action.DIGEST_SET: self.open,
                Action.DIGEST_PREVIEW: self.preview,
                Action.DIGEST_DROP: self.drop,
            },
            forms={Callback.DIGEST_FORM: self.save},
        )

    async def answer(self, request: Request) -> Message:
        """`/social digest`: the preview, and how it is set."""
        asked = Preview(request.channel_id or "", request.user_id)
        found = await self._services.read(request, see_digest, asked)
        return subscription.answer(found, asked.channel_id)

    async def open(self, request: Request) -> Answer:
        """The form of a digest, for admins."""
        value = _value(request)
        desk = await self._services.read(request, to_look_at, request.user_id)
        found: DigestStatus | None = None
        if value.key is not None:
            found = await self._services.read(request, status_by_id, value.key)
        member = self._services.directory(request).members.get(request.user_id)
        view = subscription.form(
            desk,
            found,
            channel_id=value.channel_id,
            tz=member.tz if member else "UTC",
            is_inside=is_in_modal(request),
        )
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def preview(self, request: Request) -> Answer:
        """What the digest would say now, on top of its form."""
        asked = Preview(_value(request).channel_id or "", request.user_id)
        found = await self._services.read(request, see_digest, asked)
        await open_view(self._services.client(request), request, subscription.previewed(found))
        return NOTHING

    async def save(self, request: Request) -> Answer:
        """The form came back."""
        view = request.view
        metadata = SetupMetadata.parse(view.get("private_metadata"))
        values = form_values(view)
        channel_id = text_of(values, SetupField.CHANNEL)
        await know_channels(self._services, request, (channel_id,))
        command = SetDigest(
            actor_id=request.user_id,
            version=metadata.version,
            subscription_id=metadata.key,
            channel_id=channel_id,
            people=many_of(values, SetupField.PEOPLE),
            **rhythm_of(values),
            audience=text_of(values, SetupField.AUDIENCE),
        )
        found = await self._services.transact(request, set_digest, command)
        return next_page(subscription.saved(found))

    async def drop(self, request: Request) -> Answer:
        """The digest is not wanted any more; Slack asked whether that is meant."""
        metadata = SetupMetadata.parse(request.view.get("private_metadata"))
        command = DropDigest(
            actor_id=request.user_id,
            version=metadata.version,
            subscription_id=_value(request).key or "",
        )
        await self._services.transact(request, drop_digest, command)
        with already_done("This channel gets no digest any more."):
            await update_view(self._services.client(request), request, subscription.dropped())
        return NOTHING


def _value(request: Request) -> SetupValue:
    return SetupValue.parse(request.action.get("value"))


class Rhythm(TypedDict):
    """When a digest comes, as it was filled in."""

    weekday: int
    month_day: int | None
    time: str
    tz: str
    holidays: str
    on_holiday: OnHoliday


def rhythm_of(values: Mapping[str, FieldValue]) -> Rhythm:
    """When a digest is to come; raises FieldError without a day."""
    day = text_of(values, SetupField.WEEKDAY)
    if day not in dict(subscription.RHYTHMS):
        raise FieldError({SetupField.WEEKDAY.value: "Please choose a day."})
    off = text_of(values, SetupField.ON_HOLIDAY)
    return Rhythm(
        weekday=WEEKDAYS.index(day) if day in WEEKDAYS else 0,
        month_day=None if day in WEEKDAYS else int(day),
        time=text_of(values, SetupField.TIME),
        tz=text_of(values, SetupField.TZ),
        holidays=text_of(values, SetupField.HOLIDAYS),
        on_holiday=OnHoliday.SKIP if off == OnHoliday.SKIP else OnHoliday.MOVE,
    )


def many_of(values: Mapping[str, FieldValue], name: str) -> tuple[str, ...]:
    """What was picked in a field for several."""
    value = values.get(name, ())
    return value if isinstance(value, tuple) else ()


def text_of(values: Mapping[str, FieldValue], name: str) -> str:
    """What was filled into a field for one text or one choice."""
    value = values.get(name, "")
    return value if isinstance(value, str) else ""


async def know_channels(services: Services, request: Request, ids: tuple[str, ...]) -> None:
    """Look at channels before they are used, so that the admin hears at once what they lack;
    without Slack's answer the hourly read does. Raises NotAllowedError for who is no admin.
    """
    await services.read(request, to_look_at, request.user_id)
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            found = await services.directory(request).channels(id_ for id_ in ids if id_)
    except TROUBLE:
        log.warning("a channel could not be looked up")
        return
    await services.transact(request, directory.remember, directory.Known(channels=found))
