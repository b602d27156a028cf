"""What the demo's people answer when they are asked how well social is integrated."""

from collections.abc import Iterator, Mapping

from handlers.ids import Action
from runtime.demo_place import Place
from sandbox.model import Message
from sandbox.people import Person

ANSWERS: Mapping[str, str] = {
    "sam": "5",
    "priya": "4",
    "oliver": "3",
    "lea": "4",
    "noah": "5",
    "mia": "5",
    "jonas": "6",
}
"""Everybody else who is asked says nothing."""


async def answer_pulse(place: Place) -> None:
    """Whoever was asked since the last week answers."""
    since = place.clock.now().timestamp() - 7 * 24 * 3600
    for who, answer in ANSWERS.items():
        person = place.people[who]
        for message in _questions(place, person, since):
            await person.click(message, Action.PULSE_ANSWER.value, answer)


def _questions(place: Place, person: Person, since: float) -> Iterator[Message]:
    dm = place.ws.dm(person.user.id)
    for message in reversed(place.ws.messages.get(dm.id, {}).values()):
        if float(message.ts) < since:
            return
        elements = (e for block in message.blocks for e in block.get("elements", ()))
        if any(element.get("action_id") == Action.PULSE_ANSWER.value for element in elements):
            yield message
