"""Admins make webhooks, rename them, give them new secrets, switch them off, and delete them."""

from bot.hook import Hook
from bot.hooks import (
    NAME,
    ChangeHook,
    MakeHook,
    Shown,
    delete_hook,
    hook_to_change,
    make_hook,
    rename_hook,
    renew_secret,
    see_hooks,
    switch_off,
    switch_on,
)
from handlers.answers import NOTHING, Answer, next_page
from handlers.hook_values import HookMetadata, HookValue
from handlers.ids import Action, Callback
from handlers.listeners import Listeners
from handlers.opening import already_done, open_view, update_parent, update_view
from handlers.requests import Request, form_values
from handlers.services import Services
from handlers.views import hooks as views


class HookListeners:
    """The journey of an admin who lets another system in."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={Action.HOOKS_NEW: self.ask_new, Action.HOOKS_MORE: self.on_menu},
            forms={
                Callback.HOOKS_FORM: self.make,
                Callback.HOOKS_RENEW_FORM: self.renew,
                Callback.HOOKS_RENAME_FORM: self.rename,
                Callback.HOOKS_DELETE_FORM: self.delete,
            },
        )

    async def open(self, request: Request, _rest: str) -> Answer:
        """All webhooks, as a page."""
        page = views.hooks_page(await self._hooks(request), self._addresses(request))
        await open_view(self._services.client(request), request, page)
        return NOTHING

    async def ask_new(self, request: Request) -> Answer:
        """The form of a new one."""
        await self._hooks(request)
        await open_view(self._services.client(request), request, views.hook_form())
        return NOTHING

    async def make(self, request: Request) -> Answer:
        """The form came back: the secret is shown, this once."""
        command = MakeHook(
            form_id=request.view["id"],
            actor_id=request.user_id,
            name=str(form_values(request.view).get(NAME, "")),
            secret=self._services.new_secret(),
        )
        return self._show(request, await self._services.transact(request, make_hook, command))

    async def on_menu(self, request: Request) -> Answer:
        """An entry of a webhook's menu."""
        chosen = request.action.get("selected_option") or {}
        value = HookValue.parse(chosen.get("value"))
        command = ChangeHook(hook_id=value.hook, actor_id=request.user_id)
        form = views.FORMS.get(value.verb)
        if form is not None:
            hook = await self._services.read(request, hook_to_change, command)
            await open_view(self._services.client(request), request, form(hook))
            return NOTHING
        switch = switch_off if value.verb == "off" else switch_on
        await self._services.transact(request, switch, command)
        with already_done():
            page = views.hooks_page(await self._hooks(request), self._addresses(request))
            await update_view(self._services.client(request), request, page)
        return NOTHING

    async def renew(self, request: Request) -> Answer:
        """Somebody means it: the new secret is shown, this once."""
        metadata = HookMetadata.parse(request.view.get("private_metadata"))
        command = ChangeHook(
            hook_id=metadata.hook,
            actor_id=request.user_id,
            form_id=request.view["id"],
            secret=self._services.new_secret(),
        )
        return self._show(request, await self._services.transact(request, renew_secret, command))

    async def rename(self, request: Request) -> Answer:
        """The form of another name came back."""
        command = self._change(request, name=str(form_values(request.view).get(NAME, "")))
        await self._services.transact(request, rename_hook, command)
        self._services.background.start(self._renew_page(request))
        return NOTHING

    async def delete(self, request: Request) -> Answer:
        """Somebody means it."""
        await self._services.transact(request, delete_hook, self._change(request))
        self._services.background.start(self._renew_page(request))
        return NOTHING

    def _change(self, request: Request, *, name: str = "") -> ChangeHook:
        """What a form that was sent wants of its webhook."""
        metadata = HookMetadata.parse(request.view.get("private_metadata"))
        return ChangeHook(hook_id=metadata.hook, actor_id=request.user_id, name=name)

    def _show(self, request: Request, shown: Shown) -> Answer:
        self._services.background.start(self._renew_page(request))
        return next_page(views.secret_page(shown, self._addresses(request)))

    async def _renew_page(self, request: Request) -> None:
        """The page below shows what is new."""
        page = views.hooks_page(await self._hooks(request), self._addresses(request))
        await update_parent(self._services.client(request), request, page)

    async def _hooks(self, request: Request) -> tuple[Hook, ...]:
        return await self._services.read(request, see_hooks, request.user_id)

    def _addresses(self, request: Request) -> views.Addresses:
        return views.Addresses(self._services.public_url, request.workspace_id)
