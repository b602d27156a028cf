"""What to type: the answer to "help" and to a word that nobody knows."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.desk import Hears
from bot.kinds import KINDS
from handlers.views.blocks import section
from handlers.views.message import Message
from handlers.views.preferences import HEARS_LABELS, WHAT_I_HEAR, preference_blocks
from handlers.views.text import inline, lines, quote

SOCIAL = "social"
"""The key of the command that takes words, in the mapping of commands; kinds have their own."""

GROUPS: Mapping[str, Mapping[str, str]] = {
    "Mine": {
        "mine": "what you handed in, and where it stands",
        "queue": "what waits for your decision, and what you have to publish",
        "128": "number 128, if you handed it in or decide on it",
        "find words": "what you may see with these words in it",
    },
    "Where we stand": {
        "goals": "the goals, how they stand, and a form for a new one",
        "digest": "a preview of this channel's weekly digest; admins set it there",
        "digests": "who gets which digest when; take one yourself, pause, skip, send now",
        "decisions": "the decisions that are open",
        "decision text": "record what a joint meeting decided, who sees to it, by when",
    },
    "What it brings": {
        "results": "sign-ups, downloads, requests and sales, and what brought them",
        "conversion": "a form for one that no machine tells of; corrections, too",
        "redeemed PHRASE 3": "somebody said the code phrase, three times",
        "phrase": "a form for a code phrase of a post",
        "spend": "what social cost, what one conversion costs, the share of the budget",
        "import": "readings of goals or conversions out of a CSV or XLSX file",
    },
    "What we learn": {
        "stories words": "what went well, told as stories, with these words or all",
        "lessons words": "what failed and what it taught, with these words or all",
        "lesson 12": "a form for a lesson about number 12, or about anything without a number",
        "experiments": "what is tried, how it is judged, and how it went",
        "experiment": "a form for a new experiment",
        "content": "which content type works, as far as the data carry it",
        "stages": "which stage is starved, and what waits for it",
        "exchange": "what departments gave, and what came back, week by week",
        "pulse": "how well social is integrated, 1 to 7, quarter by quarter",
        "checkup": "why social may not work, from the desk's own data",
    },
    "And": {
        "hooks": "for admins: webhooks, through which other systems send numbers",
        "help": "this page",
    },
}
"""The words behind the command, and what each shows, in the order in which people need them."""

WORDS: Mapping[str, str] = {
    word: shows for group in GROUPS.values() for word, shows in group.items()
}

HAND_IN = "Hand in"
ANYWHERE = "Any message can be handed in too: open its menu and choose “Send to Social Desk”."


def usage(
    commands: Mapping[str, str],
    *,
    unknown: str | None = None,
    nearest: str | None = None,
    typed: str = "",
    hears: Hears | None = None,
) -> Message:
    """The commands and what each does, or of an unknown word what was meant.

    `commands` gives the slash command of each kind's key and of `SOCIAL`, as it is called in this
    workspace. `unknown` is the word that was not understood, `nearest` the one that comes close,
    `typed` the rest of what was typed, shown so that it is not lost. With `hears` the person can
    choose below what to hear.
    """
    social = commands.get(SOCIAL, f"/{SOCIAL}")
    if unknown is not None:
        said = lines(
            (
                _sorry(commands, unknown, nearest),
                quote(typed, 1500),
                f"`{social} help` lists all there is.",
            )
        )
        return Message(text=said, blocks=[section(said)])
    handing_in = (
        *(f"`{commands[key]}` {kind.purpose}" for key, kind in KINDS.items() if key in commands),
        ANYWHERE,
    )
    parts = [
        lines((f"*{HAND_IN}*", *handing_in)),
        f"All below goes behind `{social}`: `{social} mine`, for one.",
        *(
            lines((f"*{title}*", *(f"`{word}` {shows}" for word, shows in words.items())))
            for title, words in GROUPS.items()
        ),
    ]
    choice = preference_blocks(hears) if hears else []
    chosen = f"{WHAT_I_HEAR}: {HEARS_LABELS[hears].lower()}" if hears else ""
    return Message(text=lines((*parts, chosen)), blocks=[*map(section, parts), *choice])


def _sorry(commands: Mapping[str, str], unknown: str, nearest: str | None) -> str:
    sentence = f"“{inline(unknown, 60)}” is nothing that Social Desk knows."
    if nearest is None:
        return sentence
    meant = commands.get(nearest) or f"{commands.get(SOCIAL, f'/{SOCIAL}')} {nearest}"
    return f"{sentence} Did you mean `{meant}`?"


COMMANDS: Mapping[str, str] = {
    "idea": "/social-idea",
    "testimonial": "/social-testimonial",
    "lead": "/social-lead",
    SOCIAL: "/social",
}
"""The commands as the manifest names them when no setting does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpExample:
    """The arguments of one answer."""

    commands: Mapping[str, str]
    unknown: str | None = None
    nearest: str | None = None
    typed: str = ""
    hears: Hears | None = None

    def build(self) -> Message:
        """The answer that this asks for."""
        return usage(
            self.commands,
            unknown=self.unknown,
            nearest=self.nearest,
            typed=self.typed,
            hears=self.hears,
        )


EXAMPLES: Mapping[str, HelpExample] = {
    "help": HelpExample(commands=COMMANDS, hears=Hears.ALL),
    "typo": HelpExample(commands=COMMANDS, unknown="queu", nearest="queue"),
    "kind": HelpExample(
        commands=COMMANDS, unknown="idea", nearest="idea", typed="Ten tips & <more>"
    ),
    "unknown": HelpExample(commands={SOCIAL: "/desk"}, unknown="<!channel>"),
}
