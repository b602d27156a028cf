"""A digest's one ask, the buttons that answer it, and what became of the last one."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from bot.ask import FINAL, Asked, Reply
from bot.digest_parts import AskedPart, AskPart
from bot.digest_rules import AskKind
from bot.material import DigestMaterial
from handlers.ask_values import AskValue
from handlers.ids import Action
from handlers.views.ask_words import ask_words
from handlers.views.blocks import actions, button
from handlers.views.drawn import Drawn
from handlers.views.text import day, inline, plural, user

SAID: Mapping[Reply, str] = {
    Reply.YES: "said yes",
    Reply.NOT_NOW: "said no",
    Reply.LATER: "comes back to it",
}
BUTTONS: Mapping[Reply, str] = {
    Reply.YES: "Yes",
    Reply.NOT_NOW: "No",
    Reply.LATER: "Later",
}

SINCE: Mapping[AskKind, tuple[str, str, str]] = {
    AskKind.SIGN: (
        "By now none waits for that",
        "waits for that by now",
        "wait for that by now",
    ),
    AskKind.CAPACITY: (
        "By now nothing waits",
        "thing waits by now",
        "things wait by now",
    ),
    AskKind.CONTRIBUTE: (
        "None came from leaders since then",
        "came from leaders since then",
        "came from leaders since then",
    ),
    AskKind.INTRODUCE: (
        "No testimonial came since then",
        "testimonial came since then",
        "testimonials came since then",
    ),
    AskKind.DROP_PLATFORM: (
        "No post went there since then",
        "post went there since then",
        "posts went there since then",
    ),
}
"""What became of an ask: of nothing, one, many."""


def ask(part: AskPart, material: DigestMaterial) -> Iterator[str | Drawn]:
    """The one thing that would help most, and who said what to it."""
    said = ""
    asked = part.asked
    if asked is not None and asked.reply is not None and asked.reply_by is not None:
        said = f"\n{user(asked.reply_by)} {SAID[asked.reply]}{_when(asked, material)}."
    yield f"*One ask:* {ask_words(part, material)}{said}"
    if asked is not None and asked.reply not in FINAL and not material.is_preview:
        row = actions("ask", [_button(asked, reply) for reply in Reply if reply != asked.reply])
        yield Drawn((), row, row)


def _button(asked: Asked, reply: Reply) -> dict[str, object]:
    value = AskValue(
        subscription=asked.subscription_id, period=asked.period, reply=reply.value
    ).dump()
    return button(
        Action.ASK_REPLY.at(reply), BUTTONS[reply], value, label=f"{BUTTONS[reply]}, to the ask"
    )


def last_ask(part: AskedPart, material: DigestMaterial) -> Iterator[str]:
    """What became of the ask of the digest before: who said what, and what happened since."""
    asked = part.asked
    if asked.reply is None:
        said = "nobody has answered yet."
    else:
        who = inline(part.name, 80) or "somebody"
        said = f"{who} {SAID[asked.reply]}{_when(asked, material)}."
    yield f"*Last ask:* {said} It was: {ask_words(part.part, material)}{_since(part)}"


def _since(part: AskedPart) -> str:
    """What happened since, where that can be counted."""
    if part.since is None or part.asked.kind not in SINCE:
        return ""
    none, one, many = SINCE[part.asked.kind]
    return f" {plural(part.since, one, many) if part.since else none}."


def _when(asked: Asked, material: DigestMaterial) -> str:
    if asked.reply_at is None:
        return ""
    at = asked.reply_at.astimezone(ZoneInfo(material.tz)).date()
    return f" on {day(at, with_year=False)}"
