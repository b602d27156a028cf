"""The list of places at the left: channels, and the app."""

from sandbox.model import Channel
from sandbox.page.html import Html, join, tag
from sandbox.page.screen import HOME, MESSAGES, Screen


def sidebar(screen: Screen) -> Html:
    """What this colleague can open; a dot where something new stands."""
    ws, person = screen.ws, screen.person
    channels = [_channel(channel, screen) for channel in screen.scene.channels()]
    dm = next((one for one in ws.channels.values() if one.is_im and one.user == person.id), None)
    app = _entry(
        HOME if ws.manifest.home_tab and not (dm and screen.unread(dm)) else MESSAGES,
        tag("span", "◆", aria_hidden="true", class_="sign"),
        ws.manifest.bot_name,
        current=screen.place in {HOME, MESSAGES},
        unread=dm is not None and screen.unread(dm),
    )
    return tag(
        "nav",
        tag("h2", "Channels", id="nav-channels"),
        tag("ul", channels, aria_labelledby="nav-channels"),
        tag("h2", "Apps", id="nav-apps"),
        tag("ul", app, aria_labelledby="nav-apps"),
        aria_label="Places",
    )


def _channel(channel: Channel, screen: Screen) -> Html:
    sign = "🔒" if channel.is_private else "#"
    outside = screen.person.id not in channel.members
    return _entry(
        channel.id,
        tag("span", sign, class_="sign", aria_hidden="true"),
        channel.name,
        current=screen.place == channel.id,
        unread=not outside and screen.unread(channel),
        class_="outside" if outside or channel.is_archived else "",
        more=_more(channel, outside=outside),
    )


def _more(channel: Channel, *, outside: bool) -> str | None:
    said = [
        *(["private"] if channel.is_private else []),
        *(["archived"] if channel.is_archived else []),
        *(["not joined"] if outside else []),
    ]
    return f" ({', '.join(said)})" if said else None


def _entry(
    place: str,
    sign: Html,
    name: str,
    *,
    current: bool,
    unread: bool,
    class_: str = "",
    more: str | None = None,
) -> Html:
    inner = join(
        [
            sign,
            tag("span", name, class_="label"),
            tag("span", more, class_="sr") if more else None,
            tag("span", tag("span", " unread", class_="sr"), class_="unread") if unread else None,
        ]
    )
    return tag(
        "li",
        tag(
            "button",
            inner,
            type="button",
            class_=f"place {class_} {'new' if unread else ''}".strip(),
            aria_current="page" if current else None,
            data_do="go",
            data_place=place,
        ),
        id=f"nav-{place if place not in {HOME, MESSAGES} else 'app'}",
    )
