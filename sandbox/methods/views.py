"""views.*: open, push, update, publish.

Source: https://docs.slack.dev/reference/methods, https://docs.slack.dev/surfaces/modals
"""

from sandbox import objects, views
from sandbox.checks.views import asks_for_files, check_view
from sandbox.limits import most
from sandbox.methods.access import require_scope
from sandbox.methods.base import ApiError, Args, invalid
from sandbox.model import Json, Trigger, View, ViewType
from sandbox.outgoing import watch_blocks
from sandbox.state import State

OPEN_ARGS = frozenset({"trigger_id", "view"})
UPDATE_ARGS = frozenset({"external_id", "hash", "view", "view_id"})
PUBLISH_ARGS = frozenset({"hash", "user_id", "view"})


def spend_trigger(state: State, trigger_id: str) -> Trigger:
    """Use a trigger: it lives 3 seconds and works once, also if the call then fails."""
    trigger = state.triggers.get(trigger_id)
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger_id in state.spent:
        raise ApiError("exchanged_trigger_id")
    if state.clock.monotonic() - trigger.issued > most("trigger_seconds"):
        raise ApiError("expired_trigger_id")
    state.spent.add(trigger_id)
    return trigger


def _payload(state: State, args: Args, where: str, kind: ViewType) -> Json:
    payload = args.tree("view", "invalid_arguments")
    verdict = check_view(payload, kind)
    if verdict.messages:
        raise invalid(verdict.code, verdict.messages)
    if asks_for_files(payload):
        # The page of the element asks for the scope; that the code is this one is our reading.
        require_scope(state, "files:read")
    watch_blocks(state, payload, where)
    checked: Json = payload
    return checked


def _unique(state: State, payload: Json, but: View | None = None) -> None:
    same = views.with_external_id(state, str(payload.get("external_id", "")))
    if same is not None and (but is None or same.id != but.id):
        raise ApiError("duplicate_external_id")


def open_view(state: State, args: Args) -> Json:
    """views.open: a new modal in place of what was open."""
    trigger = spend_trigger(state, args.need("trigger_id"))
    payload = _payload(state, args, "views.open", "modal")
    _unique(state, payload)
    view = views.opened(state, trigger.user, payload, current=trigger.channel)
    return {"view": objects.view_object(state, view)}


def push_view(state: State, args: Args) -> Json:
    """views.push: on top of the modal that the trigger came from."""
    trigger = spend_trigger(state, args.need("trigger_id"))
    payload = _payload(state, args, "views.push", "modal")
    stack = state.stack(trigger.user)
    if trigger.view_id is None or not stack:
        raise ApiError("invalid_trigger_id")
    if trigger.view_id not in {view.id for view in stack}:
        raise ApiError("not_found")
    if not state.has_room(trigger.user):
        raise ApiError("push_limit_reached")
    _unique(state, payload)
    view = views.opened(state, trigger.user, payload, below=stack[-1])
    return {"view": objects.view_object(state, view)}


def update_view(state: State, args: Args) -> Json:
    """views.update of a view that is still open; with `hash` only if nothing changed it since."""
    if args.text("view_id"):
        view = state.views.get(args.text("view_id"))
    else:
        view = views.with_external_id(state, args.need("external_id"))
    if view is None:
        raise ApiError("not_found")
    payload = _payload(state, args, "views.update", view.type)
    if args.text("hash") not in {"", view.hash}:
        raise ApiError("hash_conflict")
    _unique(state, payload, but=view)
    return {"view": objects.view_object(state, views.updated(state, view, payload))}


def publish_view(state: State, args: Args) -> Json:
    """views.publish of a user's Home tab."""
    user = state.users.get(args.need("user_id"))
    payload = _payload(state, args, "views.publish", "home")
    if user is None or user.is_bot:
        raise invalid("invalid_arguments", ["[ERROR] invalid `user_id`"])
    if not state.manifest.home_tab:
        raise ApiError("not_enabled")
    before = views.home(state, user.id)
    if args.text("hash") and (before is None or args.text("hash") != before.hash):
        raise ApiError("hash_conflict")
    _unique(state, payload, but=before)
    return {"view": objects.view_object(state, views.published(state, user.id, payload))}
