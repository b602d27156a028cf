"""A post's tagged links, per platform, to copy; and what it brought so far."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.conversion import BUILT_IN, LENSES, Credit, Lens
from bot.lifecycle import State
from bot.tagging import LANDING, Brought, LinksMaterial
from handlers.conversion_values import LinksMetadata
from handlers.ids import Action, BlockId, Callback
from handlers.views import examples
from handlers.views.blocks import actions, button, input_block, modal, section, verbatim
from handlers.views.message import Block, View
from handlers.views.phrase import PUMP, phrase_line
from handlers.views.text import escape, inline, lines, link

TITLE = "Links and phrase"
LINK_ROOM = 8_000


def links_page(material: LinksMaterial) -> View:
    """Asks for the page that the post leads to, and shows its links for each platform."""
    number = material.submission.number
    element: Block = {
        "type": "plain_text_input",
        "action_id": Action.VALUE.value,
        "max_length": 2000,
        "placeholder": {"type": "plain_text", "text": "https://…"},
    }
    if material.landing:
        element["initial_value"] = material.landing
    blocks = [
        input_block(
            LANDING,
            "Where does it lead?",
            element,
            hint="The page of yours. Use the links below in the post: they tell where people "
            "came from, and nothing of who they are.",
        ),
        *(
            block
            for label, address in material.links
            for block in (section(f"*{escape(label)}*"), *verbatim(address, LINK_ROOM))
        ),
        _phrase(material),
    ]
    return modal(
        Callback.LINKS_FORM,
        TITLE,
        blocks,
        submit="Show links",
        close="Close",
        metadata=LinksMetadata(number=number).dump(),
    )


def _phrase(material: LinksMaterial) -> Block:
    """The post's code phrase, and a button for one."""
    number = material.submission.number
    phrase = phrase_line(material.phrase) if material.phrase else ""
    return section(
        lines(("*Code phrase*", phrase or "None yet. It tells of what happens offline.")),
        button(
            Action.PHRASE_NEW.value,
            "Set a phrase…",
            LinksMetadata(number=number).dump(),
            label=f"Set a code phrase for number {number}",
        ),
    )


def brought_blocks(number: int, brought: Brought) -> list[Block]:
    """What stands in a post's details: what it brought, and a button for its links."""
    leads = f"*Leads to:* {link(brought.landing, limit=200)}" if brought.landing else ""
    said = lines((leads, brought_line(brought)))
    blocks = [section(said)] if said else []
    if brought.may_link:
        element = button(
            Action.LINKS_OPEN.value,
            f"{TITLE}…",
            LinksMetadata(number=number).dump(),
            label=f"Tagged links and code phrase of number {number}",
        )
        blocks.append(actions(BlockId.LINKS.at(number), [element]))
    return blocks


def brought_line(brought: Brought) -> str:
    """The types that it brought, each by its lenses; empty for nothing."""
    found = []
    for one in brought.types:
        counts = {c.lens: c.count for c in brought.counted if c.type_key == one.key}
        cells = [f"{LENSES[lens].lower()} {counts[lens]:,}" for lens in Lens if lens in counts]
        if cells:
            found.append(f"{inline(one.many, 60)} ({' · '.join(cells)})")
    return f"*Brought:* {', '.join(found)}" if found else ""


_POST = examples.at_state(examples.IDEA, State.ACCEPTED)
_LINK = "https://example.com/pump?utm_source={}&utm_medium=social&utm_campaign=video&utm_content=12"
_LINKS = LinksMaterial(
    submission=_POST,
    landing="https://example.com/pump",
    links=tuple((label, _LINK.format(label.lower())) for label in ("LinkedIn", "Instagram")),
    phrase=PUMP,
)
BROUGHT = Brought(
    counted=(
        Credit(lens=Lens.LAST, type_key="signup", key="12", count=2, entries=2),
        Credit(lens=Lens.TOLD, type_key="signup", key="12", count=1, entries=1),
        Credit(lens=Lens.TOLD, type_key="request", key="12", count=3, entries=1),
    ),
    types=BUILT_IN,
    may_link=True,
    landing="https://example.com/pump",
)


@dataclass(frozen=True, slots=True)
class LinksExample:
    """The argument of one page."""

    material: LinksMaterial

    def build(self) -> View:
        """The page that this asks for."""
        return links_page(self.material)


EXAMPLES: Mapping[str, LinksExample] = {
    "links": LinksExample(_LINKS),
    "none-yet": LinksExample(replace(_LINKS, landing="", links=(), phrase=None)),
}
