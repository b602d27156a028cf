"""What the demo's company hears of from other systems: its shop's webhook, and a file of a fair."""

import json
from dataclasses import dataclass
from datetime import timedelta

from bot.hook import Hook
from bot.hook_events import read_event
from bot.hooks import NAME, Delivered, see_hooks, take
from bot.sheet_import import FILES
from handlers.ids import Action
from runtime.demo_goals import KEEPER, READINGS, SIGN_UPS
from runtime.demo_place import Place
from sandbox.model import Message

ADMIN = "elena"
SHOP = "Online shop"
OF_SHOP = 6
"""The week whose reading the shop brings, when nobody is there to enter it."""

OF_FAIR = 4
"""The week after the fair, whose requests come in with a file."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What comes from elsewhere, week by week."""

    place: Place
    hook: Hook

    async def tell(self, week: int) -> None:
        """What came in a week."""
        await _hear_of_shop(self.place, self.hook, week)
        if week == OF_FAIR:
            await _bring_fair_in(self.place)


async def numbers_of(place: Place) -> Numbers:
    """An admin lets the shop in."""
    admin = place.people[ADMIN]
    await admin.slash("/social", "hooks", channel=place.channels["general"])
    if admin.view is not None:
        await admin.click(admin.view, Action.HOOKS_NEW.value)
    await admin.submit({NAME: SHOP})
    await place.settle()
    while admin.view is not None:
        await admin.close_view()
    now = place.clock.now()
    (hook,) = await place.storage.read(place.workspace_id, see_hooks, admin.user.id, now)
    return Numbers(place, hook)


async def _hear_of_shop(place: Place, hook: Hook, week: int) -> None:
    """What the shop sends at the end of a week: downloads of the guide to brewing, and once where
    the sign-ups stand.
    """
    told = [
        {
            "type": "conversion.recorded",
            "data": {
                "type": "download",
                "count": 5 + 3 * week % 7,
                "first_touch": ("instagram", "linkedin")[week % 2],
                "last_touch": "newsletter",
            },
        }
    ]
    if week == OF_SHOP:
        value = float(READINGS[week])
        told.append({"type": "goal.reading", "data": {"goal": SIGN_UPS, "value": value}})
    for number, one in enumerate(told):
        event = read_event(json.dumps(one).encode())
        command = Delivered(hook.hook_id, f"week-{week}-{number}", event)
        await place.storage.transact(place.workspace_id, take, command, place.clock.now())
    await place.settle()


async def _bring_fair_in(place: Place) -> None:
    """Somebody gives the list of a fair, sees what it brings, and imports it."""
    keeper, today = place.people[KEEPER], place.clock.now().date()
    days = [(today - timedelta(days=back)).isoformat() for back in (3, 2, 1)]
    rows = [f"request,{day},{count},instagram" for day, count in zip(days, (4, 7, 2), strict=True)]
    content = "\n".join(("type,occurred_at,count,self_reported", *rows)).encode()
    await keeper.slash("/social", "import", channel=place.channels["general"])
    await keeper.submit({FILES: [keeper.attach("tea-fair.csv", content)]})
    await place.settle()
    dm = place.ws.dm(keeper.user.id)
    asked = next(
        one for one in reversed(place.ws.messages[dm.id].values()) if _asks(one, Action.IMPORT_TAKE)
    )
    await keeper.click(asked, Action.IMPORT_TAKE.value)
    await place.settle()


def _asks(message: Message, action: Action) -> bool:
    elements = [e for block in message.blocks for e in block.get("elements", ())]
    return any(element.get("action_id") == action.value for element in elements)
