"""What a person can do on the page. Each action changes the screen or the workspace."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from sandbox import blocks
from sandbox.filling import ClientRefused
from sandbox.model import File, Message, View
from sandbox.page.dates import next_monday
from sandbox.page.fields import filled, given
from sandbox.page.modal import element_id, first_error
from sandbox.page.screen import HOME, MESSAGES, Event, Screen, composer_id

Action = Callable[[Screen, Event], Awaitable[None]]


async def opened(screen: Screen) -> None:
    """Tell the app which of its tabs is on the screen, if one is."""
    if screen.place == HOME:
        await screen.person.open_home()
    elif screen.place == MESSAGES:
        await screen.person.open_messages()


async def be(screen: Screen, event: Event) -> None:
    """Be another colleague in this tab."""
    screen.become((event.form.get("as") or [event.data.get("user", "")])[0])
    await opened(screen)


async def go(screen: Screen, event: Event) -> None:
    """Open a channel or a tab of the app, perhaps at a message."""
    screen.go(event["place"])
    ts = event.data.get("ts")
    channel = screen.channel
    if ts and channel is not None:
        message = screen.ws.message(channel.id, ts)
        if message is not None and message.is_reply:
            screen.thread = (channel.id, message.thread_ts or ts)
        screen.focus = f"{'t' if screen.thread else 'm'}-{channel.id}-{ts}"
    await opened(screen)


async def thread(screen: Screen, event: Event) -> None:
    """Open a thread at the side."""
    screen.thread = (event["place"], event["ts"])
    screen.focus = composer_id(*screen.thread)


async def unthread(screen: Screen, _event: Event) -> None:
    """Close the thread."""
    if screen.thread is not None:
        screen.focus = f"m-{screen.thread[0]}-{screen.thread[1]}"
    screen.thread = None


async def say(screen: Screen, event: Event) -> None:
    """Send what was written: a slash command or a message."""
    text = "".join(event.form.get("text", ())).strip()
    place, thread_ts = event["place"], event.data.get("thread")
    waiting = screen.attached.get(composer_id(place, thread_ts), [])
    if not text.startswith("/"):
        files = [screen.ws.files[file_id] for file_id in waiting]
        if text or files:
            await screen.person.say(place, text, thread_ts, files=files)
            screen.attached.pop(composer_id(place, thread_ts), None)
        return
    command, _, rest = text.partition(" ")
    if thread_ts:
        raise ClientRefused(f"{command} is not supported in threads. Sorry!")
    await screen.person.slash(command, rest.strip(), channel=place)


async def shortcut(screen: Screen, event: Event) -> None:
    """Use a global shortcut."""
    await screen.person.global_shortcut(event["callback"])


async def message_shortcut(screen: Screen, event: Event) -> None:
    """Use a shortcut of a message."""
    await screen.person.message_shortcut(event["callback"], event["place"], event["ts"])


async def press(screen: Screen, event: Event) -> None:
    """Press a button, or pick something in a menu."""
    target = _filled(screen, event)
    block_id, action_id = event["block"], event["action"]
    found = blocks.find(target.blocks, action_id, block_id)
    if not found:
        raise ClientRefused("This is not on the screen any more.")
    block, element = found[0]
    if element.get("confirm") and event.data.get("sure") != "yes":
        screen.confirm = event
        return
    value: object = event.data.get("value")
    if element["type"] not in blocks.STATELESS:
        value = given(block, element, event.form, screen.scene.zone)
    await screen.person.click(target, action_id, value, block_id=block_id)


async def sure(screen: Screen, _event: Event) -> None:
    """Yes, press it."""
    asked, screen.confirm = screen.confirm, None
    if asked is not None:
        await press(screen, Event(asked.do, {**asked.data, "sure": "yes"}, asked.form))


async def deny(screen: Screen, _event: Event) -> None:
    """No, leave it."""
    screen.confirm = None


async def submit(screen: Screen, event: Event) -> None:
    """Press the submit button of the modal on top."""
    view = _filled(screen, event)
    person = screen.person
    try:
        await person.submit()
    except ClientRefused as refused:
        if not refused.errors:
            raise
    if person.errors and isinstance(view, View) and person.view is not None:
        screen.focus = first_error(person.view, person.errors)


async def back(screen: Screen, event: Event) -> None:
    """Close the modal on top: Escape, Cancel, the arrow."""
    await _close(screen, event, cleared=False)


async def close(screen: Screen, event: Event) -> None:
    """Close all modals: the X."""
    await _close(screen, event, cleared=True)


async def _close(screen: Screen, event: Event, *, cleared: bool) -> None:
    """Leave with what stands in the form: the app may want to keep it."""
    if screen.person.view is None:
        return
    if "target" in event.data:
        _filled(screen, event)
    await screen.person.close_view(cleared=cleared)


async def attach(screen: Screen, event: Event) -> None:
    """Put uploaded files into a field; what it does not take is told beside it."""
    view, block_id, held = _files_of(screen, event)
    person = screen.person
    new = [screen.ws.files[file_id] for file_id in event["file"].split()]
    try:
        if "failed" in event.data:
            raise ClientRefused(event["failed"])  # noqa: TRY301  (told like all refusals)
        person.fill({f"{block_id}.{event['action']}": [*held, *new]})
    except ClientRefused as refused:
        person.errors = {**person.errors, block_id: str(refused)}
    else:
        person.errors = {key: text for key, text in person.errors.items() if key != block_id}
    found = blocks.find(view.blocks, event["action"], block_id)
    screen.focus = f"{element_id(view.id, *found[0])}-input"


async def detach(screen: Screen, event: Event) -> None:
    """Take a file out of a field."""
    _, block_id, held = _files_of(screen, event)
    rest = [file for file in held if file.id != event["file"]]
    screen.person.fill({f"{block_id}.{event['action']}": rest})


def _files_of(screen: Screen, event: Event) -> tuple[View, str, list[File]]:
    """The modal, the field's block_id, and what the field holds."""
    view = _filled(screen, event)
    if not isinstance(view, View) or event["block"] not in view.values:
        raise ClientRefused("This is not on the screen any more.")
    held = blocks.held(view.values[event["block"]][event["action"]])
    return view, event["block"], [screen.ws.files[entry["id"]] for entry in held]


async def hold(screen: Screen, event: Event) -> None:
    """Put uploaded files beside what is being written."""
    key = composer_id(event["place"], event.data.get("thread"))
    new = [file_id for file_id in event["file"].split() if file_id in screen.ws.files]
    screen.attached[key] = [*screen.attached.get(key, []), *new]
    screen.focus = key
    if "failed" in event.data:
        raise ClientRefused(event["failed"])


async def drop(screen: Screen, event: Event) -> None:
    """Take a file away from what is being written."""
    key = composer_id(event["place"], event.data.get("thread"))
    screen.attached[key] = [held for held in screen.attached.get(key, []) if held != event["file"]]
    screen.focus = key


async def join(screen: Screen, event: Event) -> None:
    """Join a public channel."""
    screen.ws.invite(event["place"], screen.person.id)
    await screen.ws.settled()


async def forget(screen: Screen, event: Event) -> None:
    """Dismiss a message that only this person sees."""
    message = screen.target(event["target"])
    if isinstance(message, Message) and message.ephemeral_to == screen.person.id:
        screen.ws.remove(message.channel, message.ts)


async def dismiss(screen: Screen, _event: Event) -> None:
    """Take the notices away: each action does so first."""
    screen.dismiss()


async def earlier(screen: Screen, _event: Event) -> None:
    """Show more messages."""
    screen.shown += 100


async def clear_problems(screen: Screen, _event: Event) -> None:
    """Empty the red strip."""
    screen.ws.problems.clear()


async def clock(screen: Screen, event: Event) -> None:
    """Move the clock; what a timer raises is a problem of the app's, and the page goes on."""
    if not screen.page.can_jump:
        raise ClientRefused(screen.page.why_not or "The clock can't be moved here.")
    now = screen.scene.now
    steps = {"monday": next_monday(now) - now, "hour": timedelta(hours=1), "day": timedelta(days=1)}
    if event["by"] not in steps:
        raise ClientRefused(f"the clock does not move by {event['by']}")
    try:
        await screen.ws.clock.advance(steps[event["by"]])
    except Exception as error:  # noqa: BLE001  (whatever a timer raises is shown to the reader)
        screen.ws.problem("listener_raised", "the clock", f"{type(error).__name__}: {error}")
    await screen.ws.settled()


def _filled(screen: Screen, event: Event) -> Message | View:
    """What was clicked on, after a view has taken over what stands in its form."""
    target = screen.target(event["target"])
    if isinstance(target, View):
        if target.user != screen.person.id:
            raise ClientRefused("This is somebody else's.")
        zone = screen.scene.zone
        values = filled(target.blocks, target.values, event.form, zone)
        return screen.ws.put_values(target.id, values)
    return target


ACTIONS: Mapping[str, Action] = {
    action.__name__: action
    for action in (
        be, go, thread, unthread, say, shortcut, message_shortcut, press, sure, deny, submit,
        back, close, attach, detach, hold, drop, join, forget, dismiss, earlier, clear_problems,
        clock,
    )
}  # fmt: skip
