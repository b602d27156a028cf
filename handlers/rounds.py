"""All digests on one page, and those that somebody takes: `/social digests`."""

from datetime import date

from bot.configure import current
from bot.desk import Subscription
from bot.errors import FieldError
from bot.own_digests import TakeDigest, leave, take
from bot.ports import UseCase
from bot.reach import keep, make_monthly, stop
from bot.rounds import (
    About,
    Rest,
    Round,
    pause,
    preview_of,
    resume,
    see_round,
    see_rounds,
    send_now,
    skip_one,
)
from handlers.answers import NOTHING, Answer, next_page
from handlers.ids import Action, Callback
from handlers.listeners import Listeners
from handlers.opening import already_done, is_in_modal, open_view, update_view
from handlers.requests import Request, form_values
from handlers.rounds_values import RoundMetadata, RoundValue
from handlers.services import Services
from handlers.setup_values import SetupField
from handlers.subscription import rhythm_of, text_of
from handlers.views import rounds
from handlers.views.message import Message
from handlers.views.page import page


class RoundsListeners:
    """The page of digests."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={
                Action.ROUNDS_SEE: self.see,
                Action.ROUNDS_OPEN: self.open,
                Action.ROUNDS_PREVIEW: self.preview,
                Action.ROUNDS_SEND: self.send,
                Action.ROUNDS_PAUSE: self.ask_until,
                Action.ROUNDS_RESUME: self.resume,
                Action.ROUNDS_SKIP: self.skip,
                Action.ROUNDS_TAKE: self.ask_when,
                Action.ROUNDS_LEAVE: self.leave,
                Action.ROUNDS_KEEP: self.keep,
                Action.ROUNDS_MONTHLY: self.make_monthly,
                Action.ROUNDS_STOP: self.stop,
            },
            forms={
                Callback.ROUNDS_PAUSE_FORM: self.pause,
                Callback.ROUNDS_TAKE_FORM: self.take,
            },
        )

    async def answer(self, request: Request, _rest: str) -> Message:
        """`/social digests`: all of them for an admin, for anybody else their own."""
        return rounds.rounds(await self._services.read(request, see_rounds, request.user_id))

    async def see(self, request: Request) -> Answer:
        """The page, from an entry on."""
        found = await self._services.read(request, see_rounds, request.user_id)
        view = rounds.page(found, RoundValue.parse(request.action.get("value")).offset)
        show = update_view if is_in_modal(request) else open_view
        await show(self._services.client(request), request, view)
        return NOTHING

    async def open(self, request: Request) -> Answer:
        """One digest."""
        found = await self._services.read(request, see_round, _about(request))
        await open_view(self._services.client(request), request, rounds.one_page(found))
        return NOTHING

    async def preview(self, request: Request) -> Answer:
        """What it would say now."""
        found = await self._services.read(request, preview_of, _about(request))
        await open_view(self._services.client(request), request, rounds.previewed(found))
        return NOTHING

    async def send(self, request: Request) -> Answer:
        """Now, once per press."""
        return await self._do(request, send_now, "It is on its way.")

    async def resume(self, request: Request) -> Answer:
        """It comes again."""
        return await self._do(request, resume, "It comes again.")

    async def skip(self, request: Request) -> Answer:
        """The next one is left out."""
        return await self._do(request, skip_one, "The next one is left out.")

    async def _do(self, request: Request, use_case: UseCase[About, Round], said: str) -> Answer:
        found = await self._services.transact(request, use_case, _about(request))
        with already_done(said):
            view = rounds.one_page(found, said)
            await update_view(self._services.client(request), request, view)
        return NOTHING

    async def ask_until(self, request: Request) -> Answer:
        """The form of a pause, for who may let it rest."""
        about = _about(request)
        await self._services.read(request, see_round, about)
        view = rounds.pause_form(about.subscription_id)
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def pause(self, request: Request) -> Answer:
        """The form came back."""
        key = RoundMetadata.parse(request.view.get("private_metadata")).key
        until = text_of(form_values(request.view), rounds.UNTIL)
        command = Rest(actor_id=request.user_id, subscription_id=key or "", until=_day(until))
        return next_page(rounds.one_page(await self._services.transact(request, pause, command)))

    async def ask_when(self, request: Request) -> Answer:
        """The form of a digest of one's own, a new one or one to change."""
        key = RoundValue.parse(request.action.get("value")).key
        desk = await self._services.read(request, current, None)
        mine: Subscription | None = None
        if key is not None:
            found = await self._services.read(request, see_round, _about(request))
            mine = found.status.subscription
        member = self._services.directory(request).members.get(request.user_id)
        view = rounds.take_form(desk, mine, tz=member.tz if member else "UTC")
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def take(self, request: Request) -> Answer:
        """The form came back."""
        view = request.view
        values = form_values(view)
        command = TakeDigest(
            user_id=request.user_id,
            form_id=str(view["id"]),
            subscription_id=RoundMetadata.parse(view.get("private_metadata")).key,
            audience=text_of(values, SetupField.AUDIENCE),
            **rhythm_of(values),
        )
        found = await self._services.transact(request, take, command)
        return next_page(rounds.one_page(found, "Saved."))

    async def leave(self, request: Request) -> Answer:
        """It comes no more."""
        await self._services.transact(request, leave, _about(request))
        said = "You don't get this digest any more."
        with already_done(said):
            await update_view(self._services.client(request), request, page(said))
        return NOTHING

    async def keep(self, request: Request) -> Answer:
        """A digest that nobody reads is to stay."""
        return await self._decided(request, keep, "It stays as it is.")

    async def make_monthly(self, request: Request) -> Answer:
        """It is to come once a month."""
        return await self._decided(request, make_monthly, "It comes once a month now.")

    async def _decided(
        self, request: Request, use_case: UseCase[About, Round], said: str
    ) -> Answer:
        found = await self._services.transact(request, use_case, _about(request))
        with already_done(said):
            view = rounds.one_page(found, said)
            await open_view(self._services.client(request), request, view)
        return NOTHING

    async def stop(self, request: Request) -> Answer:
        """It is to come no more."""
        await self._services.transact(request, stop, _about(request))
        said = "This digest comes no more."
        with already_done(said):
            await open_view(self._services.client(request), request, page(said))
        return NOTHING


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FieldError({rounds.UNTIL: "Please choose a day."}) from None


def _about(request: Request) -> About:
    value = RoundValue.parse(request.action.get("value"))
    return About(
        actor_id=request.user_id,
        subscription_id=value.key or "",
        cause=f"{request.user_id}-{request.action.get('action_ts') or ''}",
    )
