"""What the menus of people and conversations offer to a person.

Source: https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element
"""

from collections.abc import Callable, Mapping

from sandbox import blocks
from sandbox.filling import ClientRefused
from sandbox.model import Channel, Json
from sandbox.state import State


def check_offered(state: State, user: str, element: Json, held: Json) -> None:
    """ClientRefused if an element holds somebody or something that its menu does not offer."""
    offer = _OFFERS.get(str(element["type"]).removeprefix("multi_"))
    if offer is None:
        return
    picked = blocks.held(held)
    chosen = picked if isinstance(picked, list) else [picked]
    for missing in {entry for entry in chosen if entry is not None} - offer(state, user, element):
        raise ClientRefused(f"the menu does not offer {missing}")


def _users(state: State, _user: str, _element: Json) -> set[str]:
    return {user.id for user in state.users.values() if not user.deleted}


def _channels(state: State, _user: str, _element: Json) -> set[str]:
    return {channel.id for channel in state.channels.values() if not channel.is_private}


def _conversations(state: State, user: str, element: Json) -> set[str]:
    wanted = element.get("filter") or {}
    kinds = set(wanted.get("include") or ("public", "private", "im", "mpim"))
    if wanted.get("exclude_bot_users"):
        # Each direct message that the sandbox has is one with the app.
        kinds.discard("im")
    return {
        channel.id
        for channel in state.channels.values()
        if _kind(channel) in kinds and (not channel.is_private or user in channel.members)
    }


def _kind(channel: Channel) -> str:
    return {
        "public_channel": "public",
        "private_channel": "private",
        "im": "im",
        "mpim": "mpim",
    }[channel.kind]


_OFFERS: Mapping[str, Callable[[State, str, Json], set[str]]] = {
    "users_select": _users,
    "channels_select": _channels,
    "conversations_select": _conversations,
}
