"""What is around the conversation: the bar on top, the red strip, the guide, and the shell."""

from collections.abc import Mapping

from sandbox.page.dates import next_monday
from sandbox.page.html import Child, Html, h, join, tag
from sandbox.page.mrkdwn import mrkdwn
from sandbox.page.screen import Screen

SAID: Mapping[str, str] = {
    "api": "Slack would refuse this call",
    "unknown_argument": "Slack ignores this argument",
    "no_text": "No text for screen readers",
    "long_text": "Slack would cut this text",
    "broadcast": "This would notify everybody",
    "escaping": "Typed text was escaped wrongly",
    "no_ack": "No answer within 3 seconds",
    "late_ack": "The answer came too late",
    "double_ack": "Answered twice",
    "bad_ack": "Slack does not understand this answer",
    "listener_raised": "The app raised an error",
    "unhandled": "The app does not handle this",
    "stale_blocks": "Old blocks stay below a new text",
    "deactivated": "This goes to somebody who has left",
}
"""A heading for each kind of problem."""


def top(screen: Screen) -> Html:
    """Workspace, clock, and who this tab is."""
    return join(
        [
            tag(
                "button",
                tag("span", "☰", aria_hidden="true"),
                type="button",
                class_="burger",
                data_toggle="nav-open",
                aria_label="Places",
                aria_controls="side",
            ),
            tag("div", screen.ws.identity.team_name, class_="team"),
            _clock(screen),
            _picker(screen),
        ]
    )


def _clock(screen: Screen) -> Html:
    scene = screen.scene
    now = scene.now
    zone = tag("span", f" {scene.viewer.tz.replace('_', ' ')}", class_="zone")
    shown = tag(
        "div",
        tag("span", "🕘 ", aria_hidden="true"),
        tag(
            "time",
            tag("span", f"{now:%a} {now.day} {now:%b}", tag("span", f" {now.year}", class_="year")),
            tag("strong", f"{now:%H:%M}"),
            datetime=now.isoformat(timespec="minutes"),
        ),
        zone,
        class_="now",
    )
    monday = next_monday(now)
    moves = [
        _move(
            "monday",
            [tag("span", "Jump to ", class_="wide"), "Monday 09:00"],
            screen,
            f"{monday.day} {monday:%B %Y}",
        ),
        _move("hour", "+1 hour", screen),
        _move("day", "+1 day", screen),
    ]
    why = None
    if not screen.page.can_jump:
        why = join(
            [
                tag("button", "Why?", type="button", class_="move", popovertarget="why-not"),
                tag("div", screen.page.why_not, id="why-not", class_="menu said", popover="auto"),
            ]
        )
    return tag("div", shown, moves, why, class_="clock", role="group", aria_label="Clock")


def _move(by: str, text: Child, screen: Screen, more: str | None = None) -> Html:
    locked = not screen.page.can_jump
    return tag(
        "button",
        text,
        type="button",
        class_="move",
        data_do="clock",
        data_by=by,
        title=screen.page.why_not if locked else more,
        disabled=locked,
    )


def _picker(screen: Screen) -> Html:
    scene, me = screen.scene, screen.person.id
    options = [
        tag(
            "option",
            f"{scene.name(user.id)}, {user.title}" if user.title else scene.name(user.id),
            value=user.id,
            selected=user.id == me,
        )
        for user in scene.colleagues()
    ]
    return tag(
        "label",
        tag("span", "You are ", class_="youare"),
        tag("select", options, name="as", data_change="be", id="picker"),
        class_="picker",
    )


def problems(screen: Screen) -> Html | None:
    """What real Slack would refuse, newest first; None if there is nothing."""
    found = screen.ws.problems
    if not found:
        return None
    entries = [
        tag(
            "li",
            tag("strong", SAID.get(problem.kind, problem.kind.replace("_", " "))),
            tag("code", problem.where),
            tag("span", problem.detail),
            tag("time", f"{problem.at.astimezone(screen.scene.zone):%a %H:%M:%S}"),
        )
        for problem in reversed(found[-50:])
    ]
    count = len(found)
    things = "1 thing" if count == 1 else f"{count} things"
    clear = tag("button", "Clear", type="button", class_="btn", data_do="clear_problems")
    return join(
        [
            tag(
                "details",
                tag("summary", f"{things} that real Slack would not let pass"),
                tag("ul", entries, tabindex="0", aria_label="What went wrong"),
            ),
            clear,
        ]
    )


def guide(screen: Screen) -> Html | None:
    """Things to try, to tick off; None if there are none."""
    if not screen.page.guide:
        return None
    steps = [
        tag(
            "li",
            tag("label", tag("input", type="checkbox", id=f"step-{n}"), tag("strong", step.title)),
            tag("div", mrkdwn(step.text, screen.scene)),
        )
        for n, step in enumerate(screen.page.guide)
    ]
    return tag("details", tag("summary", "Try this"), tag("ol", steps), open=True, id="guide-steps")


def shell(title: str, prefix: str) -> Html:
    """The page before anything is known: places for the parts. `prefix` ends with a slash."""
    part = {"data-part": True}
    body = [
        tag("a", "Skip to the conversation", class_="skip", href="#main"),
        tag("header", id="top", attrs=part),
        tag("div", "Connecting …", id="link", role="status"),
        tag("div", id="problems", role="region", aria_label="Problems", attrs=part),
        tag("div", id="side", attrs=part),
        tag("aside", id="guide", aria_label="Try this", attrs=part),
        tag("main", id="main", tabindex="-1", attrs=part),
        tag("aside", id="thread", aria_label="Thread", attrs=part),
        tag("div", id="overlay", attrs=part),
        tag("noscript", tag("p", "This page needs JavaScript.")),
    ]
    head = [
        Html('<meta charset="utf-8">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark">'),
        Html('<link rel="icon" href="data:,">'),
        Html(f'<link rel="stylesheet" href="{h(prefix)}page.css">'),
        tag("title", title),
        tag("script", src=f"{prefix}page.js", defer=True),
    ]
    page = tag("html", tag("head", head), tag("body", body, data_live=f"{prefix}live"), lang="en")
    return Html(f"<!doctype html>{page}")
