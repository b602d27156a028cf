"""The Bolt app: what Bolt lets in is dispatched by our own table.

The acknowledgement leaves when the listener returns: what is acked is stored.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from http import HTTPStatus
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from typing_extensions import override

from bot.errors import NotFoundError, StorageBusyError, StorageDownError, TryLaterError
from bot.trail import UNWATCHED, Watch
from handlers.answers import NOTHING, Answer, Answers, Listener, sentence
from handlers.ids import Action, Callback
from handlers.installing import EVENTS as INSTALL_EVENTS
from handlers.listeners import Listeners
from handlers.requests import Request, request_of
from handlers.shapes import is_shaped
from handlers.workplaces import Workplaces

Body = dict[str, Any]
Surface = Callable[[AsyncAck, Body, str], Awaitable[BoltResponse]]
"""Acknowledges a payload that was authorised for a workspace, by its id."""

SHAPED = "is_shaped"
"""In a request's context: whoever took it in saw that it has Slack's shape."""

COMMAND = "command"
"""What we call the surface of slash commands; Slack gives the others their names."""


def build_app(
    *,
    workplaces: Workplaces,
    signing_secret: str,
    client: AsyncWebClient,
    listeners: Listeners,
    answers: Answers,
    watch: Watch = UNWATCHED,
) -> AsyncApp:
    """The Bolt app. Requests from workspaces that the app is not installed to are not authorised.

    `client` is one without a workspace; its proxy and timeout are Bolt's own.
    `watch` hears of every request.
    """

    async def authorize(
        team_id: str | None = None, enterprise_id: str | None = None
    ) -> AuthorizeResult | None:
        found = await workplaces.find(team_id or enterprise_id or "", enterprise_id)
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=found.identity.enterprise_id,
            team_id=found.workspace_id,
            bot_id=found.identity.bot_id,
            bot_user_id=found.identity.bot_user_id,
            bot_token=found.client.token,
        )

    app = _App(
        name="social-desk",
        logger=_quiet_logger(),
        signing_secret=signing_secret,
        client=client,
        authorize=authorize,  # type: ignore[arg-type]  # Bolt takes None for "not installed"
        process_before_response=True,
        # Bolt would run each of these on every request. Slack's look at the certificate is
        # answered at the door, and the desk offers no functions to workflows.
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
    )
    app.use(_Surfaces(workplaces, listeners, answers, watch))
    return app


class _App(AsyncApp):
    """Bolt's app without a client of Slack's for each request: our listeners ask their workspace
    for one. To make one takes as long as all else that Bolt does with a request.
    """

    @override
    def _init_context(self, req: AsyncBoltRequest) -> None:
        req.context["logger"] = self.logger
        req.context["token"] = None
        req.context["client"] = self._nobodys
        req.context["listener_runner"] = self.listener_runner

    @cached_property
    def _nobodys(self) -> "_Nobodys":
        return _Nobodys(self.client)


class _Nobodys:
    """What stands for the client in the context of every request: what Bolt itself asks of it, but
    for the token, which is one workspace's.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self.proxy, self.ssl = client.proxy, client.ssl

    @property
    def token(self) -> None:
        """Never there."""

    @token.setter
    def token(self, _: object) -> None:
        """Bolt's authorisation gives each request's client its own."""


def _quiet_logger() -> logging.Logger:
    """Bolt's own logger, for errors: at each start it warns that `authorize` replaces the token."""
    logger = logging.getLogger("slack_bolt.social_desk")
    logger.setLevel(logging.ERROR)
    return logger


class _Surfaces(AsyncMiddleware):
    """Whatever Bolt lets in, one method per surface.

    A middleware, the last one: for every listener that it tries, Bolt puts together all that a
    listener could ask for.

    What Bolt has authorised concerns the workspace that it was authorised for, even when the person
    or the payload belongs to another one, as in a channel that two workspaces share.
    """

    def __init__(
        self, workplaces: Workplaces, listeners: Listeners, answers: Answers, watch: Watch
    ) -> None:
        self._workplaces = workplaces
        self._watch = watch
        self._listeners = listeners
        self._answers = answers
        self._by_type: Mapping[str, Surface] = {
            COMMAND: self.on_command,
            "block_actions": self.on_action,
            "view_submission": self.on_form,
            "view_closed": self.on_closed,
            "shortcut": self.on_shortcut,
            "message_action": self.on_shortcut,
            "event_callback": self.on_event,
        }

    @override
    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse | None:
        name = COMMAND if "command" in req.body else str(req.body.get("type"))
        surface = self._by_type.get(name)
        if SHAPED not in req.context and not is_shaped(req.body):  # over a socket
            return BoltResponse(status=HTTPStatus.BAD_REQUEST, body="")
        try:
            return await (next() if surface is None else self._run(name, surface, req))
        except NotFoundError:  # it names no person or no workspace
            return BoltResponse(status=HTTPStatus.BAD_REQUEST, body="")

    async def _run(self, name: str, surface: Surface, req: AsyncBoltRequest) -> BoltResponse:
        workspace_id = await self._where(req)
        if workspace_id is None:
            return await _ack(req.context.ack, NOTHING)
        with self._watch.request(name, workspace_id):
            return await surface(req.context.ack, req.body, workspace_id)

    async def _where(self, req: AsyncBoltRequest) -> str | None:
        """The workspace that a payload concerns. An organisation's installation may be all that
        Bolt found: then the payload names the workspace, or it is about the app itself.
        """
        found = req.context.authorize_result
        if found is None:
            return None
        if found.team_id is not None and found.team_id != found.enterprise_id:
            return found.team_id
        named = req.body.get("team_id")
        if isinstance(named, str):
            workplace = await self._workplaces.find(named, found.enterprise_id)
            return None if workplace is None else named
        is_about_us = (req.body.get("event") or {}).get("type") in INSTALL_EVENTS
        return found.enterprise_id if is_about_us else None

    async def on_command(self, ack: AsyncAck, body: Body, here: str) -> BoltResponse:
        listener = self._listeners.commands.get(str(body.get("command")))
        if listener is None:
            return await _ack(ack, sentence("Social Desk does not know this command any more."))
        return await _ack(ack, await self._answers.to_command(listener, _request(body, here)))

    async def on_action(self, ack: AsyncAck, body: Body, here: str) -> BoltResponse:
        request = _request(body, here)
        return await _ack(ack, await self._answers.to_click(self._action_of(body), request))

    async def on_form(self, ack: AsyncAck, body: Body, here: str) -> BoltResponse:
        listener = _by_callback(self._listeners.forms, body["view"].get("callback_id"))
        return await _ack(ack, await self._answers.to_form(listener, _request(body, here)))

    async def on_closed(self, ack: AsyncAck, body: Body, here: str) -> BoltResponse:
        listener = _by_callback(self._listeners.closed, body["view"].get("callback_id"))
        return await _ack(ack, await self._answers.to_closing(listener, _request(body, here)))

    async def on_shortcut(self, ack: AsyncAck, body: Body, here: str) -> BoltResponse:
        listener = _by_callback(self._listeners.shortcuts, body.get("callback_id"))
        return await _ack(ack, await self._answers.to_click(listener, _request(body, here)))

    async def on_event(self, ack: AsyncAck, body: Body, here: str) -> BoltResponse:
        event = body.get("event") or {}
        listener = self._listeners.events.get(str(event.get("type")))
        if listener is None:
            return await _ack(ack, NOTHING)
        user = event.get("user")
        user_id = user.get("id") if isinstance(user, Mapping) else user
        about_us = {"team_id": here} if event.get("type") in INSTALL_EVENTS else {}
        request = _request({"user_id": user_id or "", **body, **about_us}, here)
        try:
            return await _ack(ack, await self._answers.to_event(listener, request))
        except (StorageBusyError, StorageDownError, TryLaterError):
            return BoltResponse(status=503, body="")  # Slack sends it again

    def _action_of(self, body: Body) -> Listener:
        actions = body.get("actions") or [{}]
        try:
            return self._listeners.actions[Action.of(str(actions[0].get("action_id")))]
        except (KeyError, NotFoundError):
            return _gone


def _request(body: Body, workspace_id: str) -> Request:
    return request_of(body, workspace_id)


def _by_callback(table: Mapping[Callback, Listener], callback_id: object) -> Listener:
    try:
        return table[Callback(str(callback_id))]
    except (KeyError, ValueError):
        return _gone


async def _gone(_: object) -> Answer:
    raise NotFoundError(
        "This comes from another version of Social Desk and no longer works. "
        "Please start again; Social Desk's Home tab shows how."
    )


async def _ack(ack: AsyncAck, answer: Answer) -> BoltResponse:
    return await ack(**answer.ack)
