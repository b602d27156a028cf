"""The middle of the page and the thread beside it: heads, messages, and where to write."""

from sandbox.model import Channel, Message
from sandbox.page import attached, messages
from sandbox.page.elements import menu
from sandbox.page.html import Attribute, Html, join, slug, tag
from sandbox.page.modal import home
from sandbox.page.screen import HOME, MESSAGES, Screen, composer_id

Parts = dict[str, Html]


def conversation(screen: Screen) -> Parts:
    """The parts of the middle, the outermost first."""
    channel = screen.channel
    if channel is None:
        sheet = home(screen.person.home, screen.scene)
        body = tag("div", sheet, class_="homelog", tabindex="0", role="region", aria_label="Home")
        return {"main": join([_hole("head"), _hole("notices"), _hole("home-body")])} | {
            "head": app_head(screen),
            "notices": notices(screen),
            "home-body": body,
        }
    log = f"log-{channel.id}"
    parts: Parts = {
        "main": join([_hole("head"), _hole(log), _hole("notices"), _hole(f"foot-{channel.id}")]),
        "head": app_head(screen) if channel.is_im else channel_head(channel, screen),
    }
    shown, earlier = _standing(channel, screen)
    drawn = messages.listed(shown, screen.scene, "m", screen.drawn)
    holes = [tag("article" if key[0] == "m" else "div", id=key, data_part=True) for key, _ in drawn]
    more = tag("button", "Show earlier messages", type="button", class_="btn", data_do="earlier")
    said = f"Messages with {screen.ws.manifest.bot_name}" if channel.is_im else channel.name
    parts[log] = tag(
        "div",
        tag("div", more, class_="earlier", id="earlier") if earlier else _start(channel, screen),
        holes,
        class_="log",
        id=f"{log}-all",
        role="log",
        aria_live="polite",
        aria_label=f"Messages in {said}" if not channel.is_im else said,
        tabindex="0",
        data_log=True,
    )
    parts |= dict(drawn)
    parts["notices"] = notices(screen)
    parts[f"foot-{channel.id}"] = _foot(channel, screen)
    return parts


def thread(screen: Screen) -> Parts:
    """The parts of the thread that is open; an empty one if none is."""
    if screen.thread is None:
        return {"thread": Html("")}
    channel_id, ts = screen.thread
    channel = screen.ws.channels[channel_id]
    shown = screen.person.thread(channel_id, ts)
    drawn = messages.listed(shown, screen.scene, "t", screen.drawn)
    where = screen.ws.manifest.bot_name if channel.is_im else f"#{channel.name}"
    head = tag(
        "header",
        tag("h2", "Thread ", tag("small", where)),
        tag(
            "button", "×", type="button", class_="quiet x", data_do="unthread",
            aria_label="Close thread",
        ),
    )  # fmt: skip
    log = tag(
        "div",
        [tag("article", id=key, data_part=True) for key, _ in drawn],
        class_="log",
        id=f"thread-log-{channel_id}-{ts}",
        role="log",
        aria_live="polite",
        aria_label="Replies",
        tabindex="0",
        data_log=True,
    )
    foot = f"foot-{channel_id}-{slug(ts)}"
    return {
        "thread": join([head, log, _hole(foot)]),
        **dict(drawn),
        foot: composer(channel, screen, ts) if _writes(channel, screen) else Html(""),
    }


def _hole(key: str) -> Html:
    """Where another part goes."""
    return tag("div", id=key, data_part=True)


def _standing(channel: Channel, screen: Screen) -> tuple[list[Message], bool]:
    """The newest messages that this colleague sees here, oldest first; whether there are more."""
    person = screen.person
    own = [
        message
        for message in person.ephemerals
        if message.channel == channel.id and not message.is_reply
    ]
    every = sorted([*person.messages(channel.id), *own], key=lambda message: message.ts)
    return every[-screen.shown :], len(every) > screen.shown


def _start(channel: Channel, screen: Screen) -> Html:
    name = screen.ws.manifest.bot_name
    text = (
        f"This is the beginning of your messages with {name}."
        if channel.is_im
        else f"This is the beginning of #{channel.name}."
    )
    return tag("p", text, class_="empty", id="earlier")


def channel_head(channel: Channel, screen: Screen) -> Html:
    """The channel's name and who is in it."""
    sign = "🔒 " if channel.is_private else "# "
    title = tag("h1", tag("span", sign, class_="sign", aria_hidden="true"), channel.name)
    names = [screen.scene.name(user) for user in channel.members]
    count = f"{len(names)} {'member' if len(names) == 1 else 'members'}"
    opener = tag("button", count, type="button", class_="members", popovertarget="members")
    listed = tag("ul", [tag("li", name) for name in sorted(names, key=str.casefold)])
    box = tag("div", listed, id="members", class_="menu said", popover="auto")
    return join([title, opener, box])


def app_head(screen: Screen) -> Html:
    """The app's name and its two tabs."""
    manifest = screen.ws.manifest
    tabs = [(HOME, "Home", manifest.home_tab), (MESSAGES, "Messages", True)]
    shown = [
        tag(
            "button",
            text,
            type="button",
            data_do="go",
            data_place=place,
            class_="tab",
            aria_current="page" if screen.place == place else None,
        )
        for place, text, there in tabs
        if there
    ]
    title = tag("h1", manifest.bot_name, " ", tag("span", "APP", class_="app"))
    return join([title, tag("nav", shown, class_="tabs", aria_label=manifest.bot_name)])


def notices(screen: Screen) -> Html:
    """What Slack itself says to this person; a modal shows it inside."""
    said = [] if screen.person.view else screen.notices()
    if not said:
        return Html("")
    away = tag(
        "button", "×", type="button", class_="quiet x", data_do="dismiss", aria_label="Dismiss"
    )
    text = tag("div", [tag("p", notice) for notice in said])
    return tag(
        "div", tag("span", "⚠️", aria_hidden="true"), text, away, class_="notice", role="alert"
    )


def _writes(channel: Channel, screen: Screen) -> bool:
    manifest = screen.ws.manifest
    if channel.is_im and (manifest.messages_read_only or not manifest.messages_tab):
        return False
    return not channel.is_archived and screen.person.id in channel.members


def _foot(channel: Channel, screen: Screen) -> Html:
    if _writes(channel, screen):
        return composer(channel, screen)
    if channel.is_archived:
        return tag("div", "This channel is archived.", class_="nowrite")
    if channel.is_im:
        return tag("div", "Sending messages to this app has been turned off.", class_="nowrite")
    join_it = tag(
        "button", "Join channel", type="button", class_="btn primary", data_do="join",
        data_place=channel.id,
    )  # fmt: skip
    return tag("div", f"You are looking at #{channel.name}.", join_it, class_="nowrite")


def composer(channel: Channel, screen: Screen, ts: str | None = None) -> Html:
    """Where to write: messages, and slash commands with what they expect."""
    key = composer_id(channel.id, ts)
    name = screen.ws.manifest.bot_name if channel.is_im else f"#{channel.name}"
    said = "Reply" if ts else f"Message {name}"
    commands = [] if ts else list(screen.ws.manifest.commands.values())
    options = [
        tag(
            "div",
            tag("strong", command.name),
            tag("span", f" {command.usage_hint}", class_="usage"),
            tag("small", command.description),
            role="option",
            id=f"{key}-{slug(command.name)}",
            aria_selected="false",
            data_command=command.name,
            data_usage=command.usage_hint,
        )
        for command in sorted(commands, key=lambda command: command.name)
    ]
    suggest = tag(
        "div", options, id=f"{key}-commands", class_="suggest", role="listbox",
        aria_label="Commands", hidden=True,
    )  # fmt: skip
    field = tag(
        "textarea",
        id=key,
        name="text",
        rows=1,
        aria_label=said,
        placeholder=said if ts else f"{said}, or type / for commands",
        aria_autocomplete="list" if options else None,
        aria_controls=f"{key}-commands" if options else None,
        data_write=True,
    )
    where: dict[str, Attribute] = {"data-place": channel.id, "data-thread": ts}
    waiting = [screen.ws.files[file_id] for file_id in screen.attached.get(key, [])]
    clip = _clip(key, where)
    send = tag(
        "button",
        tag("span", "➤", aria_hidden="true"),
        type="submit",
        class_="send",
        aria_label="Send",
        title="Send (Enter)",
    )
    return tag(
        "form",
        suggest if options else None,
        tag("p", id=f"{key}-usage", class_="usage", hidden=True) if options else None,
        attached.chosen(waiting, key, where, "drop"),
        tag("div", None if ts else _shortcuts(key, screen), clip, field, send, class_="box"),
        class_="composer",
        data_do="say",
        novalidate=True,
        attrs=where,
    )


def _clip(key: str, where: dict[str, Attribute]) -> Html:
    """A button to attach files to what is being written."""
    face = join(
        [tag("span", "📎", aria_hidden="true"), tag("span", "Attach files", class_="sr")],
    )
    attrs: dict[str, Attribute] = {"id": f"{key}-files", "multiple": True, "title": "Attach files"}
    return attached.chooser(face, "tool", where | {"data-upload": "hold"}, attrs)


def _shortcuts(key: str, screen: Screen) -> Html | None:
    entries = [
        tag(
            "button",
            shortcut.name,
            tag("small", screen.ws.manifest.app_name),
            type="button",
            data_do="shortcut",
            data_callback=shortcut.callback_id,
        )
        for shortcut in screen.ws.manifest.shortcuts.values()
        if shortcut.type == "global"
    ]
    return menu(f"{key}-shortcuts", "⚡", "Shortcuts", entries, "tool") if entries else None
