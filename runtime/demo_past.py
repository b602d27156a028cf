"""The demo's past, lived through the same commands, forms, buttons and messages as the present."""

import heapq
from datetime import datetime, time, timedelta
from typing import Any

from bot.kinds import KINDS
from bot.lifecycle import Verb
from handlers.ids import TRIAGE_ACTIONS, Action, MenuValue
from runtime.demo_acts import Did, Past
from runtime.demo_digests import WANTED_IN, set_digests
from runtime.demo_goals import READINGS, read_goals, set_goals
from runtime.demo_history import HISTORY
from runtime.demo_numbers import OF_SHOP, numbers_of
from runtime.demo_place import Place
from runtime.demo_pulse import answer_pulse
from runtime.demo_results import begin_results, tell_results
from sandbox.model import Message
from sandbox.people import Person

LINKS = "https://northwind.example/posts/"
OWNERS = {"idea": "noah", "testimonial": "mia", "lead": "jonas"}
FIRST, LAST = time(8), time(17)
WEEK = timedelta(weeks=1)


async def relive(place: Place, today: datetime) -> None:
    """Everything that happened before `today`, in the order of time."""
    ahead = [
        (at_work(today.replace(hour=9, minute=12) - timedelta(days=past.days_ago)), number, 0)
        for number, past in enumerate(HISTORY, start=1)
    ]
    heapq.heapify(ahead)
    begin = place.clock.now()
    await set_goals(place, begin.date())
    await begin_results(place)
    numbers = await numbers_of(place)
    weeks = 0
    while ahead and ahead[0][0] < today:
        at, number, done = heapq.heappop(ahead)
        await place.clock.jump_to(max(at, place.clock.now()))
        if place.clock.now() >= begin + (weeks + 1) * WEEK and weeks < len(READINGS):
            if weeks != OF_SHOP:
                await read_goals(place, weeks)
            await tell_results(place, weeks)
            if weeks == WANTED_IN:
                await set_digests(place)
            await numbers.tell(weeks)
            await answer_pulse(place)
            weeks += 1
        past = HISTORY[number - 1]
        if done == 0:
            await _hand_in(place, past)
        else:
            await _do(place, past, number, past.then[done - 1])
        await place.settle()
        if done < len(past.then):
            after = timedelta(hours=past.then[done].after)
            heapq.heappush(ahead, (at_work(at + after), number, done + 1))


def at_work(moment: datetime) -> datetime:
    """`moment`, or the next time at which people are at work: not at night, not on a weekend."""
    if moment.time() >= LAST:
        moment = moment.replace(hour=FIRST.hour, minute=moment.minute) + timedelta(days=1)
    elif moment.time() < FIRST:
        moment = moment.replace(hour=FIRST.hour)
    return moment + timedelta(days={5: 2, 6: 1}.get(moment.weekday(), 0))


async def _hand_in(place: Place, past: Past) -> None:
    person = place.people[past.who]
    await person.slash(f"/social-{past.kind}", "", channel=place.channels["general"])
    await person.submit({name: value for name, value in past.fields.items() if value})


async def _do(place: Place, past: Past, number: int, did: Did) -> None:
    """Press a verb where its person finds it, and fill in its form."""
    if did.verb is Verb.ANSWER:
        await _answer(place, past, number, str(did.given["text"]))
        return
    person = place.people[did.by or OWNERS[past.kind]]
    await press(person, card_of(place, past, number, did.verb), did.verb)
    given = _given(place, number, did)
    if given:
        await person.submit(given)
    if person.errors or person.view is not None:
        raise ValueError(f"number {number} of the demo, {did.verb}: {person.errors}")


def _given(place: Place, number: int, did: Did) -> dict[str, Any]:
    given: dict[str, Any] = dict(did.given)
    if did.verb is Verb.PUBLISH:
        given |= {"link": f"{LINKS}{number}"}
    now = place.clock.now()
    if did.verb is Verb.SCHEDULE:
        given["at"] = at_work(now + timedelta(days=int(given["at"])))
    if did.verb is Verb.TRY:
        given["last_day"] = (now + timedelta(days=int(given["last_day"]))).date()
    if did.verb is Verb.SNOOZE:
        given["until"] = at_work(now + timedelta(days=int(given["until"]))).date()
    return given


async def _answer(place: Place, past: Past, number: int, text: str) -> None:
    person = place.people[past.who]
    name = f"{KINDS[past.kind].label} {number}:"
    dm = place.ws.dm(person.user.id)
    receipt = next(m for m in place.ws.messages[dm.id].values() if name in m.text)
    await person.say(dm.id, text, thread_ts=receipt.ts)


def card_of(place: Place, past: Past, number: int, verb: Verb) -> Message:
    """The newest message that is about a number and offers the verb."""
    name = f"{KINDS[past.kind].label} {number}:"
    found = [
        message
        for messages in place.ws.messages.values()
        for message in messages.values()
        if name in message.text and not message.is_reply and verb in _verbs(message)
    ]
    return max(found, key=lambda message: message.ts)


async def press(person: Person, card: Message, verb: Verb) -> None:
    """Press a verb on a card: its button, or its entry in the menu."""
    found = _verbs(card)[verb]
    await person.click(card, *found)


def _verbs(card: Message) -> dict[Verb, tuple[str, ...]]:
    """What a card offers: per verb the action, and the value of a menu's entry."""
    names = {action.value: verb for verb, action in TRIAGE_ACTIONS.items()}
    found: dict[Verb, tuple[str, ...]] = {}
    for block in card.blocks:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            if element["action_id"] in names:
                found[names[element["action_id"]]] = (element["action_id"],)
            for option in element.get("options", ()):
                verb = MenuValue.parse(option["value"]).verb
                found[verb] = (Action.TRIAGE_MORE.value, option["value"])
    return found
