"""What Slack sends for things people do, ready to be spoilt before it is sent."""

from collections.abc import Callable
from typing import Any

from handlers.ids import TriageValue
from sandbox import payloads
from tests.support.desk import Scene

OTHER_TEAM = "T99999999"
Payload = dict[str, Any]


async def click(scene: Scene) -> Payload:
    """A click on the card of a submission."""
    await scene.sam.slash("/social-idea", "A new oven", channel=scene.general)
    await scene.sam.submit({"title": "Oven"})
    await scene.settle()
    card = scene.only_card(scene.content)
    value = TriageValue(number=1, version=1, role_id="content_lead").dump()
    action = {"action_id": "triage.take", "block_id": "b", "value": value, "type": "button"}
    place = scene.ws.channels[card.channel]
    return payloads.message_actions(scene.ws, scene.cora.user, place, card, [action])


async def form(scene: Scene) -> Payload:
    """A filled-in form, ready to be handed in."""
    await scene.sam.slash("/social-idea", "A new oven", channel=scene.general)
    view = scene.sam.fill({"title": "Oven"})
    return payloads.view_submission(scene.ws, scene.sam.user, view)


async def message(scene: Scene) -> Payload:
    """The message shortcut."""
    said = await scene.sam.say(scene.general, "we should post this")
    place = scene.ws.channels[scene.general]
    return payloads.message_shortcut(scene.ws, scene.sam.user, place, said, "submit.message")


async def anywhere(scene: Scene) -> Payload:
    """The global shortcut."""
    return payloads.global_shortcut(scene.ws, scene.sam.user, "submit.global")


async def change(scene: Scene) -> Payload:
    """An event about a person."""
    event = {"type": "user_change", "user": {"id": scene.sam.user.id, "name": "sam"}}
    return payloads.envelope(scene.ws, event)


async def said(scene: Scene) -> Payload:
    """The event of a direct message that answers a question."""
    await scene.sam.slash("/social-idea", "", channel=scene.general)
    await scene.sam.submit({"title": "A thought"})
    await scene.settle()
    card = scene.cards(scene.content)[-1]
    await scene.cora.click(card, "triage.more", "Ask back")
    await scene.cora.submit({"text": "Which one?"})
    await scene.settle()
    question = scene.dm(scene.sam)[-1]
    event = {
        "type": "message",
        "channel_type": "im",
        "channel": question.channel,
        "user": scene.sam.user.id,
        "text": "The big one",
        "ts": "1795078999.000100",
        "thread_ts": question.thread_ts,
    }
    return payloads.envelope(scene.ws, event)


async def home(scene: Scene) -> Payload:
    """The event of an opened Home tab."""
    event = {"type": "app_home_opened", "user": scene.sam.user.id, "tab": "home"}
    return payloads.envelope(scene.ws, event)


def without(*path: str | int) -> Callable[[Payload], None]:
    def spoil(payload: Payload) -> None:
        node: Any = payload
        for step in path[:-1]:
            node = node[step]
        node.pop(path[-1])

    return spoil


def put(value: object, *path: str | int) -> Callable[[Payload], None]:
    def spoil(payload: Payload) -> None:
        node: Any = payload
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value

    return spoil


def named(value: object) -> str:
    """The id of a parameter: a function's name and what it closes over."""
    if isinstance(value, tuple) and all(callable(part) for part in value):
        return " and ".join(named(part) for part in value)
    if not callable(value):
        return str(value)
    cells = getattr(value, "__closure__", None) or ()
    name = str(getattr(value, "__qualname__", "")).partition(".")[0]
    return " ".join([name, *(named(cell.cell_contents) for cell in cells)])


def all_of(*spoilers: Callable[[Payload], None]) -> Callable[[Payload], None]:
    def spoil(payload: Payload) -> None:
        for each in spoilers:
            each(payload)

    return spoil


NOBODY = without("user")
NO_TEAM = all_of(without("team"), without("user", "team_id"))
FROM_OUTSIDE = all_of(put({"id": OTHER_TEAM}, "team"), put(OTHER_TEAM, "user", "team_id"))


def other_team(payload: Payload) -> None:
    """Nothing of it is about our workspace."""
    FROM_OUTSIDE(payload)
    if "view" in payload:
        payload["view"]["app_installed_team_id"] = OTHER_TEAM


def other_install(payload: Payload) -> None:
    """An event for another workspace's installation of the app."""
    payload["team_id"] = OTHER_TEAM
    payload["authorizations"][0]["team_id"] = OTHER_TEAM
