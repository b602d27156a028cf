"""One tab of the browser: what it shows in parts, and what happens when something is done in it.

It knows nothing of the browser, so a walk through the page can be tested without one.
"""

from sandbox import blocks
from sandbox.filling import ClientRefused
from sandbox.page import actions, conversation, frame
from sandbox.page.html import Html, h, join
from sandbox.page.modal import modal, question
from sandbox.page.screen import Event, Page, Screen
from sandbox.page.sidebar import sidebar


class Tab:
    """`parts()` is what stands on the page; `handle()` does what a person did there."""

    def __init__(self, page: Page, user_id: str | None = None, place: str | None = None) -> None:
        self.screen = Screen(page, user_id, place)

    async def open(self) -> None:
        """Tell the app if one of its tabs is what is looked at first."""
        await actions.opened(self.screen)

    def parts(self) -> dict[str, Html]:
        """The page in parts by the ids of their places, each after the one it stands in."""
        screen = self.screen
        _drop_what_is_gone(screen)
        if screen.channel is not None:
            screen.mark_read(screen.channel)
        return {
            "top": frame.top(screen),
            "problems": frame.problems(screen) or Html(""),
            "guide": frame.guide(screen) or Html(""),
            "side": sidebar(screen),
            **conversation.conversation(screen),
            **conversation.thread(screen),
            "overlay": _overlay(screen),
        }

    @property
    def title(self) -> str:
        """What the browser writes on the tab."""
        screen = self.screen
        channel = screen.channel
        named = channel is not None and not channel.is_im
        place = f"#{channel.name}" if channel and named else screen.ws.manifest.bot_name
        return f"{place} · {screen.scene.name(screen.person.id)} · {screen.ws.identity.team_name}"

    async def handle(self, event: Event) -> None:
        """Do what a person did. What Slack's client would refuse becomes a notice."""
        screen = self.screen
        screen.dismiss()
        action = actions.ACTIONS.get(event.do)
        try:
            if action is None:
                raise ClientRefused(f"nothing on the page does {event.do!r}")  # noqa: TRY301
            await action(screen, event)
        except ClientRefused as refused:
            screen.refusal = str(refused)


def _drop_what_is_gone(screen: Screen) -> None:
    """Close a thread that cannot be seen any more."""
    if screen.thread is not None:
        channel_id, ts = screen.thread
        if screen.channel is None or screen.ws.message(channel_id, ts) is None:
            screen.thread = None


def _overlay(screen: Screen) -> Html:
    """The modal on top, and the question of a button if it asks one."""
    person = screen.person
    shown: list[Html] = []
    if person.view is not None:
        shown.append(
            modal(
                person.view,
                screen.scene,
                errors=person.errors,
                notices=screen.notices(),
                depth=len(person.views),
            )
        )
    if screen.confirm is not None:
        shown.append(_question(screen, screen.confirm))
    return join(shown)


def _question(screen: Screen, event: Event) -> Html:
    try:
        target = screen.target(event["target"])
    except ClientRefused:
        return h("")
    found = blocks.find(target.blocks, event["action"], event["block"])
    return question(found[0][1]["confirm"], screen.scene) if found else h("")
