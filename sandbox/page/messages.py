"""Messages: in the channel, and in the thread beside it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sandbox.model import Json, Message, User
from sandbox.page import attached
from sandbox.page.blocks import render
from sandbox.page.dates import day_name
from sandbox.page.elements import menu
from sandbox.page.html import Html, join, tag
from sandbox.page.mrkdwn import mrkdwn
from sandbox.page.scene import Scene
from sandbox.page.surface import message_id, of_message

TOGETHER = 300
"""Seconds within which messages of one person stand together under one name."""

COLOURS = 8

EDITED = tag("span", "(edited)", class_="edited")


Drawn = dict[str, tuple[object, Html]]
"""Messages that were drawn before, by their ids, with what they were drawn from."""


def listed(
    messages: Sequence[Message], scene: Scene, place: str, drawn: Drawn
) -> list[tuple[str, Html]]:
    """Ids and markup of messages, oldest first, with a line where a new day begins.

    What is in `drawn` and has not changed is taken from there; the rest is drawn and put there.
    """
    shown: list[tuple[str, Html]] = []
    replies = _replies_by_thread(messages, scene)
    today = scene.now.date()
    # Names, and how far away a date is, may change without the message.
    around = (f"{scene.now:%d%H%M}", scene.viewer, *scene.ws.users.values(), *scene.channels())
    before: Message | None = None
    for message in messages:
        day = scene.local(message.ts).date()
        if place == "m" and (before is None or scene.local(before.ts).date() != day):
            key, before = f"day-{message.channel}-{day}", None
            line = tag("div", tag("span", day_name(day, today)), id=key, class_="day")
            shown.append((key, line))
        key, follows = message_id(message, place), _together(before, message)
        below = replies.get(message.ts, ())
        files = tuple(scene.ws.files[file_id] for file_id in message.files)
        source = (message, files, follows, below, around)
        known = drawn.get(key)
        if known is None or known[0] != source:
            known = (source, one(message, scene, place, follows=follows, replies=below))
            drawn[key] = known
        shown.append((key, known[1]))
        before = message
    return shown


def _replies_by_thread(messages: Sequence[Message], scene: Scene) -> dict[str, tuple[Message, ...]]:
    found: dict[str, tuple[Message, ...]] = {}
    for channel in {message.channel for message in messages}:
        for reply in scene.ws.messages.get(channel, {}).values():
            if reply.is_reply and reply.thread_ts and reply.ephemeral_to is None:
                found[reply.thread_ts] = (*found.get(reply.thread_ts, ()), reply)
    return found


def one(
    message: Message,
    scene: Scene,
    place: str,
    *,
    follows: bool = False,
    replies: Sequence[Message] = (),
) -> Html:
    """One message; one that `follows` another of the same person has no name above it.

    `replies` are those of its thread, if it begins one.
    """
    user, when = scene.ws.users.get(message.user), scene.local(message.ts)
    name = scene.name(message.user)
    return tag(
        "article",
        tag("div", _clock(when), class_="avatar") if follows else avatar(user, name),
        tag(
            "div",
            None if follows else _head(message, name, when),
            _only_you(message) if message.ephemeral_to else None,
            tag("div", "replied to a thread", class_="hint") if _sent_on(message, place) else None,
            tag(
                "div",
                content(message, scene, place),
                EDITED if message.edited and follows else None,
                class_="content",
            ),
            _replies(message, replies, scene) if place == "m" and replies else None,
            class_="body",
        ),
        _tools(message, scene, place),
        id=message_id(message, place),
        class_=" ".join(
            ["msg", *(["follows"] if follows else []), *(["only"] if message.ephemeral_to else [])]
        ),
        aria_label=f"{name}, {when:%H:%M}",
        data_part=True,
        data_fields=True,
    )


def avatar(user: User | None, name: str) -> Html:
    """A square with the initials, for the eyes only."""
    letters = "".join(word[0] for word in name.split()[:2]).upper() or "?"
    is_bot = user is not None and user.is_bot
    number = sum(map(ord, user.id if user else name)) % COLOURS
    colour = "bot" if is_bot else f"c{number}"
    return tag("div", letters, class_=f"avatar face {colour}", aria_hidden="true")


def content(message: Message, scene: Scene, place: str) -> Html:
    """What a message says: its blocks, or else its text. What people typed is text."""
    surface = of_message(scene, message, place)
    shown: list[Html] = []
    if message.blocks and message.bot_id:
        shown.append(render(message.blocks, surface))
    elif message.text:
        shown.append(tag("div", mrkdwn(message.text, scene), class_="block text"))
    shown += [_attachment(given, message, scene, place) for given in message.attachments]
    return join([*shown, attached.in_message(message, scene)])


def _attachment(given: Json, message: Message, scene: Scene, place: str) -> Html:
    """A part with a bar at its side."""
    text = str(given.get("text") or given.get("fallback") or "")
    surface = of_message(scene, replace(message, values={}), place)
    inner = render(given["blocks"], surface) if given.get("blocks") else mrkdwn(text, scene)
    return tag("div", inner, class_="attachment")


def _together(before: Message | None, message: Message) -> bool:
    return (
        before is not None
        and before.user == message.user
        and before.ephemeral_to == message.ephemeral_to
        and float(message.ts) - float(before.ts) < TOGETHER
        and not message.broadcast
    )


def _clock(when: datetime) -> Html:
    full = f"{when:%A, %d %B %Y, %H:%M}"
    return tag("time", f"{when:%H:%M}", datetime=when.isoformat(), title=full)


def _head(message: Message, name: str, when: datetime) -> Html:
    return tag(
        "div",
        tag("strong", name, class_="name"),
        tag("span", "APP", class_="app") if message.bot_id else None,
        _clock(when),
        EDITED if message.edited else None,
        class_="who",
    )


def _only_you(message: Message) -> Html:
    away = tag(
        "button",
        "Dismiss",
        type="button",
        class_="quiet",
        data_do="forget",
        data_target=f"message {message.channel} {message.ts}",
    )
    return tag(
        "div", tag("span", "👁 ", aria_hidden="true"), "Only visible to you ", away, class_="onlyyou"
    )


def _sent_on(message: Message, place: str) -> bool:
    return place == "m" and message.is_reply and message.broadcast


def _thread_of(message: Message) -> str:
    return message.thread_ts or message.ts


def _replies(message: Message, replies: Sequence[Message], scene: Scene) -> Html:
    last = scene.local(max(reply.ts for reply in replies))
    today = last.date() == scene.now.date()
    faces = [
        avatar(scene.ws.users.get(user), scene.name(user))
        for user in dict.fromkeys(reply.user for reply in replies)
    ]
    count = f"{len(replies)} {'reply' if len(replies) == 1 else 'replies'}"
    return tag(
        "button",
        faces[:4],
        tag("span", count, class_="count"),
        tag(
            "span",
            f"last {last:%H:%M}" if today else f"last on {last.day} {last:%b}",
            class_="last",
        ),
        type="button",
        id=f"replies-{message.channel}-{message.ts}",
        class_="replies",
        data_do="thread",
        data_place=message.channel,
        data_ts=message.ts,
    )


def _tools(message: Message, scene: Scene, place: str) -> Html | None:
    """What can be done with a message: reply, and the app's message shortcuts."""
    if message.ephemeral_to:
        return None
    tools: list[Html] = []
    if place == "m":
        reply = tag(
            "button",
            tag("span", "💬", aria_hidden="true"),
            type="button",
            title="Reply in thread",
            aria_label="Reply in thread",
            class_="tool",
            data_do="thread",
            data_place=message.channel,
            data_ts=_thread_of(message),
        )
        tools.append(reply)
    entries = [
        tag(
            "button",
            shortcut.name,
            tag("small", scene.ws.manifest.app_name),
            type="button",
            data_do="message_shortcut",
            data_callback=shortcut.callback_id,
            data_place=message.channel,
            data_ts=message.ts,
        )
        for shortcut in scene.ws.manifest.shortcuts.values()
        if shortcut.type == "message"
    ]
    if entries:
        key = f"more-{message_id(message, place)}"
        tools.append(menu(key, "⋯", "Message shortcuts", entries, "tool"))
    return tag("div", tools, class_="tools") if tools else None
