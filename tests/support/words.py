"""What the journeys about words and consent have in common."""

from bot.submission import Submission
from sandbox.model import Message
from sandbox.people import Person
from tests.support.desk import Scene

SECRET = "Nadia Neuland"
"""A customer's person; stands nowhere but in direct messages and behind Open."""


async def of_idea(s: Scene, title: str = "A thought") -> Message:
    """An idea of Sam's, on the desk; returns its card."""
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": title})
    await s.settle()
    return s.cards(s.content)[-1]


async def praised(s: Scene, **more: str) -> Message:
    """A testimonial of Sam's; returns its card, on which Adam and Ava may decide."""
    await s.sam.slash("/social-testimonial", "Great", channel=s.general)
    await s.sam.submit({"customer": "Acme", "person": SECRET, **more})
    await s.settle()
    return s.cards(s.advocacy)[-1]


async def hinted(s: Scene) -> Message:
    """A lead of Sam's; returns its card, on which Lena may decide."""
    await s.sam.slash("/social-lead", "A pump", channel=s.general)
    await s.sam.submit({"name": SECRET, "need": "A pump for a ship"})
    await s.settle()
    return s.cards(s.leads)[-1]


def now(s: Scene, message: Message) -> Message:
    """A message as it stands in Slack."""
    return s.ws.messages[message.channel][message.ts]


def buttons(message: Message) -> list[str]:
    """The action ids that a message offers."""
    return [
        element["action_id"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


async def press(s: Scene, who: Person, card: Message, verb: str, label: str) -> None:
    """Press a verb, wherever the card offers it: as a button or in its menu."""
    card = now(s, card)
    if verb in buttons(card):
        await who.click(card, verb)
    else:
        await who.click(card, "triage.more", label)


async def asked(s: Scene, who: Person, card: Message, question: str) -> Message:
    """Ask back, and return the message in which Sam reads the question."""
    await press(s, who, card, "triage.ask", "Ask back")
    await who.submit({"text": question})
    await s.settle()
    return s.dm(s.sam)[-1]


async def stored(s: Scene, number: int) -> Submission:
    """A submission as it stands in the database."""
    found = await s.desk.database.read(
        s.desk.identity.workspace_id,
        lambda tx, of, _: tx.submissions.get(of),
        number,
        s.clock.now(),
    )
    assert found is not None
    return found


def everything_but(s: Scene, *channels: str) -> str:
    """All that stands in Slack's messages, but for these conversations."""
    return str([m for place, m in s.ws.messages.items() if place not in channels])
