"""The digests that the demo's company wants beside the one for its leadership: an admin sets them
in their channels, and a colleague takes one for himself.
"""

from collections.abc import Mapping

from handlers.ids import Action
from handlers.setup_values import SetupField
from runtime.demo_place import Place
from sandbox.people import Person

ADMIN = "elena"
WANTED_IN = 10
"""The week in which they are set, so that the newest few stand there."""

Answers = Mapping[str, str]

IN_CHANNELS: Mapping[str, Answers] = {
    "content-desk": {SetupField.AUDIENCE: "team", SetupField.TIME: "08:30"},
    "sales": {SetupField.AUDIENCE: "sales", SetupField.TIME: "08:45"},
    "general": {
        SetupField.AUDIENCE: "company",
        SetupField.WEEKDAY: "friday",
        SetupField.TIME: "16:00",
    },
}

TAKER = "marcus"
TAKEN: Answers = {SetupField.WEEKDAY: "1", SetupField.TIME: "08:00"}
"""The board's numbers, on the first of each month."""


async def set_digests(place: Place) -> None:
    """Set them, each where it comes."""
    for channel, answers in IN_CHANNELS.items():
        await _set(place, place.people[ADMIN], channel, Action.DIGEST_SET, answers)
    await _set(place, place.people[TAKER], "leadership", Action.ROUNDS_TAKE, TAKEN)
    await place.settle()


async def _set(
    place: Place, person: Person, channel: str, button: Action, answers: Answers
) -> None:
    await person.slash("/social", "digest", channel=place.channels[channel])
    await person.click(person.ephemerals[-1], button.value)
    await person.submit(dict(answers))
    if person.errors:
        raise ValueError(f"a digest of the demo was refused: {person.errors}")
    while person.view is not None:
        await person.close_view()
