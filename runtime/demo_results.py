"""What the demo's company got for its posts and paid for them, told as in the present."""

from collections.abc import Mapping

from bot import entering, phrases, spend
from handlers.ids import Action
from runtime.demo_place import Place
from sandbox.people import Person

KEEPER = "lea"
TELLER = "jonas"
"""Who stands at the stall and hears the phrase."""

PHRASE = "Oolong 7"
WEEKS = (
    {entering.TYPE: "signup", entering.COUNT: "9", entering.PLATFORM: "linkedin"},
    {entering.TYPE: "signup", entering.COUNT: "14", entering.PLATFORM: "instagram"},
    {entering.TYPE: "request", entering.COUNT: "2", entering.PLATFORM: "linkedin"},
    {entering.TYPE: "signup", entering.COUNT: "4"},
)
"""What came week by week, over and over; of the last nobody knows where from."""

MONTHLY = (
    {spend.PAID: "paid", spend.AMOUNT: "240 EUR", spend.PLATFORM: "instagram"},
    {spend.PAID: "paid", spend.AMOUNT: "310 EUR", spend.PLATFORM: "linkedin"},
    {spend.PAID: "organic", spend.AMOUNT: "1,800 EUR"},
)
"""What every fourth week costs."""


LEARNED_IN = 7
LESSON = {
    "expectation": "A stall at the weekly market brings a dozen people to the tea letter.",
    "happened": "Three came. Most walked by on the other side.",
    "cause": "The sign faced the wind, not the way from the station.",
    "change": "Stand where people come from, and let them smell the tea.",
}
"""What the stall taught, in the week of that number."""


async def begin_results(place: Place) -> None:
    """The year's budget, and a code phrase for the stall."""
    keeper = place.people[KEEPER]
    await _say(place, keeper, "spend")
    await keeper.click(keeper.ephemerals[-1], Action.SPEND_BUDGET.value)
    year = str(place.clock.now().year)
    await _fill_in(place, keeper, {spend.PERIOD: year, spend.AMOUNT: "96,000 EUR"})
    await _say(place, keeper, "phrase")
    await _fill_in(
        place,
        keeper,
        {phrases.WORDS: PHRASE, phrases.TYPE: "request", phrases.REFERENCE: "Market stall"},
    )


async def tell_results(place: Place, week: int) -> None:
    """What came in a week: entered by hand, said at the stall, and every fourth week the bills."""
    keeper = place.people[KEEPER]
    await _say(place, keeper, "conversion")
    await _fill_in(place, keeper, WEEKS[week % len(WEEKS)])
    if week % 2:
        await _say(place, place.people[TELLER], f"redeemed {PHRASE} {1 + week % 3}")
    if week % 4 == 0:
        for bill in MONTHLY:
            await _say(place, keeper, "spend")
            await keeper.click(keeper.ephemerals[-1], Action.SPEND_NEW.value)
            await _fill_in(place, keeper, bill)
    if week == LEARNED_IN:
        await _say(place, place.people[TELLER], "lesson")
        await place.people[TELLER].submit(dict(LESSON))
    await place.settle()


async def _say(place: Place, person: Person, words: str) -> None:
    await person.slash("/social", words, channel=place.channels["general"])


async def _fill_in(place: Place, person: Person, given: Mapping[str, str]) -> None:
    await person.submit(dict(given))
    if person.errors:
        raise ValueError(f"a form of the demo was refused: {person.errors}")
    await person.close_view()
    await place.settle()
