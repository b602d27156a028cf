"""Views as Slack keeps them: opened, updated, published."""

from dataclasses import replace

from sandbox import blocks
from sandbox.model import Json, View, ViewType
from sandbox.state import State


def _kept(state: State, payload: Json) -> Json:
    kept = payload | {"blocks": blocks.stored(payload["blocks"], state.ids)}
    for part in ("title", "submit", "close"):
        if kept.get(part):
            kept[part] = dict(kept[part])
            blocks.fill_text(kept[part])
    return kept


def _new(
    state: State,
    user: str,
    payload: Json,
    kind: ViewType,
    below: View | None,
    current: str | None = None,
) -> View:
    kept = _kept(state, payload)
    view_id = state.ids.next("V")
    return View(
        id=view_id,
        user=user,
        type=kind,
        hash=_hash(state),
        payload=kept,
        root_view_id=below.root_view_id if below else view_id,
        previous_view_id=below.id if below else None,
        values=blocks.initial_values(kept["blocks"], current),
    )


def _hash(state: State) -> str:
    return f"{int(state.clock.now().timestamp())}.{state.ids.digest('hash')[:8]}"


def opened(
    state: State,
    user: str,
    payload: Json,
    below: View | None = None,
    *,
    current: str | None = None,
) -> View:
    """A new modal on the user's screen, on top of `below`. The payload is checked already.

    `current` is the conversation that the user looks at, if that is known.
    """
    return state.show(_new(state, user, payload, "modal", below, current))


def updated(state: State, view: View, payload: Json) -> View:
    """Another payload in the same view; what was typed stays where both ids stay the same."""
    kept = _kept(state, payload)
    return state.keep_view(
        replace(
            view,
            hash=_hash(state),
            payload=kept,
            values=blocks.kept_values(kept["blocks"], view.values),
        )
    )


def published(state: State, user: str, payload: Json) -> View:
    """The user's Home tab with this payload."""
    before = state.homes.get(user)
    if before is not None:
        return updated(state, state.views[before], payload)
    view = _new(state, user, payload, "home", None)
    state.homes[user] = view.id
    return state.keep_view(view)


def home(state: State, user: str) -> View | None:
    """The user's Home tab, if one was published."""
    view_id = state.homes.get(user)
    return state.views[view_id] if view_id else None


def with_external_id(state: State, external_id: str) -> View | None:
    """The view that the app gave this name to."""
    for view in state.views.values():
        if external_id and view.payload.get("external_id") == external_id:
            return view
    return None
