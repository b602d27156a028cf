"""What the workspace holds, and the small steps that change it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sandbox.clock import Clock
from sandbox.faults import LINK_FAULTS, Fault, Faults
from sandbox.ids import Ids
from sandbox.limits import most
from sandbox.manifest import Manifest
from sandbox.model import Channel, File, Hook, Json, Message, Trigger, Upload, User, View
from sandbox.problems import Kind, Problem
from sandbox.rates import Rates


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the workspace and the app are; tokens and secret are the sandbox's own."""

    team_id: str = "T00000001"
    team_name: str = "Sandbox"
    domain: str = "sandbox"
    app_id: str = "A00000001"
    bot_user: str = "U00000BOT"
    bot_id: str = "B00000BOT"
    bot_token: str = "xoxb-sandbox"  # noqa: S105  (opens nothing)
    app_token: str = "xapp-sandbox"  # noqa: S105  (the same)
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105  (the same)
    verification_token: str = "sandbox-verification"  # noqa: S105  (the same)


class Emit(Protocol):
    """How a change becomes an event for the app."""

    def __call__(self, subscription: str, event: Json) -> None:
        """Send the event, if the manifest subscribes to it."""


class State:
    """Everything the workspace knows. `Workspace` adds people and administration."""

    enterprise: Json | None = None
    """The organisation that the workspace belongs to: its id and name."""
    bot_token = ""
    """The token that the app has here now; see `sandbox.realm`."""
    is_org_install = False
    """Whether the app is here by its organisation's installation."""

    def __init__(
        self,
        *,
        manifest: Manifest,
        clock: Clock,
        identity: Identity,
        page_size: int,
        lenient: bool,
        values_on_close: bool = False,
    ) -> None:
        self.manifest = manifest
        self.clock = clock
        self.identity = identity
        self.page_size = page_size
        self.base_url = "http://sandbox.invalid"
        self.token_error: str | None = None
        self.values_on_close = values_on_close
        """Whether `view_closed` carries what was typed. Slack's page names `view.state.values` for
        `view_submission` only, and recorded payloads of `view_closed` have none: an app should
        bear both (https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload).
        """
        self.ids = Ids()
        self.faults = Faults()
        self.rates = Rates(clock, lenient=lenient)
        self.problems: list[Problem] = []
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.triggers: dict[str, Trigger] = {}
        self.spent: set[str] = set()
        self.hooks: dict[str, Hook] = {}
        self.files: dict[str, File] = {}
        self.uploads: dict[str, Upload] = {}
        self.tickets: set[str] = set()
        self.on_cut: Callable[[str], None] | None = None
        self.emit: Emit = lambda _subscription, _event: None
        self._watchers: list[Callable[[], None]] = []

    # -- watching, problems, faults

    def on_change(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` after each change (the page draws anew). Returns how to stop."""
        self._watchers.append(watcher)

        def stop() -> None:
            self._watchers.remove(watcher)

        return stop

    def changed(self) -> None:
        """Tell the watchers."""
        for watcher in list(self._watchers):
            watcher()

    def problem(self, kind: Kind, where: str, detail: str, **more: Any) -> None:
        """Put something on `problems`."""
        self.problems.append(
            Problem(kind=kind, where=where, detail=detail, at=self.clock.now(), more=more)
        )
        self.changed()

    def expect_problem(self, kind: Kind) -> Problem:
        """Take the first problem of this kind off the list; AssertionError if there is none."""
        for problem in self.problems:
            if problem.kind == kind:
                self.problems.remove(problem)
                return problem
        raise AssertionError(f"no problem {kind!r} among {[str(p) for p in self.problems]}")

    def fault(self, what: str, kind: str, times: int = 1, **options: Any) -> Fault | None:
        """Make the next `times` uses of `what` go wrong.

        `what` is a method ("chat.postMessage") with 429 (retry_after=1), 500, timeout (seconds=0),
        lost (the effect happens, the answer does not arrive), refused, error (code=
        "internal_error", applied=False), html or slow (seconds=1); "files.upload" and
        "files.download" are the bytes of a file on their way; or a delivery ("events_api",
        "interactive", "slash_commands", "deliveries" for any) with twice, dropped, ack_lost or
        late (seconds=4); or "link", which is cut at once: disconnect, close or abort.
        Returns the waiting fault, None for the link. ValueError for a kind that does not fit.
        """
        if what == "link":
            self._cut(kind)
            return None
        return self.faults.add(what, kind, times, options)

    def _cut(self, kind: str) -> None:
        if kind not in LINK_FAULTS:
            raise ValueError(f"no fault {kind!r} for the link: {', '.join(sorted(LINK_FAULTS))}")
        if self.on_cut is None:
            raise ValueError("there is no Socket Mode link")
        self.on_cut(kind)

    # -- messages

    def post(self, message: Message) -> Message:
        """Keep a message and return it."""
        self.messages.setdefault(message.channel, {})[message.ts] = message
        self.changed()
        return message

    def message(self, channel: str, ts: str) -> Message | None:
        """The message, or None."""
        return self.messages.get(channel, {}).get(ts)

    def remove(self, channel: str, ts: str) -> None:
        """Forget a message, if it is there."""
        self.messages.get(channel, {}).pop(ts, None)
        self.changed()

    def next_ts(self) -> str:
        """The ts of a message that is written now."""
        return self.ids.ts(self.clock.now())

    # -- channels

    def dm(self, user: str) -> Channel:
        """The direct message of the bot and this user; it is made when it is first asked for."""
        for channel in self.channels.values():
            if channel.is_im and channel.user == user:
                return channel
        channel = Channel(
            id=self.ids.next("D"),
            name="directmessage",
            is_im=True,
            is_private=True,
            user=user,
            members=(user, self.identity.bot_user),
            created=int(self.clock.now().timestamp()),
        )
        self.channels[channel.id] = channel
        return channel

    def group(self, users: Iterable[str]) -> Channel:
        """The group message of the bot and these users; made when it is first asked for."""
        members = (*sorted(set(users)), self.identity.bot_user)
        for channel in self.channels.values():
            if channel.is_mpim and channel.members == members:
                return channel
        channel = Channel(
            id=self.ids.next("C"),
            name=f"mpdm-{'--'.join(members).lower()}-1",
            is_mpim=True,
            is_private=True,
            members=members,
            created=int(self.clock.now().timestamp()),
        )
        self.channels[channel.id] = channel
        return channel

    def bot_is_in(self, channel: Channel) -> bool:
        return self.identity.bot_user in channel.members

    # -- triggers and response URLs

    def trigger(self, user: str, view_id: str | None = None, channel: str | None = None) -> str:
        """A new trigger_id, from a view or from a conversation."""
        stamp = int(self.clock.now().timestamp())
        trigger_id = f"{self.ids.number('trigger')}.{stamp}.{self.ids.digest('trigger')}"
        self.triggers[trigger_id] = Trigger(
            id=trigger_id,
            user=user,
            issued=self.clock.monotonic(),
            view_id=view_id,
            channel=channel,
        )
        return trigger_id

    def hook(self, user: str, channel: str, message_ts: str | None = None) -> str:
        """A new response_url."""
        hook = Hook(
            id=self.ids.digest("hook"),
            user=user,
            channel=channel,
            issued_at=self.clock.now().timestamp(),
            message_ts=message_ts,
        )
        self.hooks[hook.id] = hook
        return f"{self.base_url}/response/{hook.id}"

    # -- views

    def keep_view(self, view: View) -> View:
        """Keep a view and return it."""
        self.views[view.id] = view
        self.changed()
        return view

    def stack(self, user: str) -> list[View]:
        """The open modals of this user, the lowest first."""
        return [self.views[view_id] for view_id in self.stacks.get(user, [])]

    def show(self, view: View) -> View:
        """Put a modal on top of its user's stack."""
        stack = self.stacks.setdefault(view.user, [])
        if view.previous_view_id is None:
            for gone in stack:
                del self.views[gone]
            stack.clear()
        stack.append(view.id)
        return self.keep_view(view)

    def close(self, view_id: str) -> None:
        """Take a modal off the screen: it can't be updated any more."""
        view = self.views.pop(view_id)
        self.stacks[view.user].remove(view_id)
        self.changed()

    def has_room(self, user: str) -> bool:
        """Whether one more modal may be pushed."""
        return len(self.stacks.get(user, [])) < most("view_stack")

    def put_values(self, view_id: str, values: Mapping[str, Mapping[str, Json]]) -> View:
        """What a person typed or picked in a view."""
        return self.keep_view(replace(self.views[view_id], values=values))
