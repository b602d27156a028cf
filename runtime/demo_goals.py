"""The goals of the demo's company, set and read through the same forms as the present's."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.goal import Measure
from bot.goal_form import GoalField
from bot.readings import VALUE
from handlers.ids import Action
from runtime.demo_place import Place
from sandbox.people import Person

KEEPER = "lea"
LENGTH = timedelta(days=98)
"""From the beginning of the demo's past until two weeks from today."""

Answers = Mapping[str, str]

SIGN_UPS = "Sign-ups for the tea letter"

COMPANYS = "More people know us before they buy"
"""The whole company's objective, on which a department's hangs."""

GOALS: tuple[tuple[Measure, Answers], ...] = (
    (
        Measure.HAND,
        {
            GoalField.TITLE: SIGN_UPS,
            GoalField.NEW_OBJECTIVE: COMPANYS,
            GoalField.UNIT: "sign-ups",
            GoalField.SERVES: "Find the tea that suits them",
            GoalField.STAGE: "know",
            GoalField.NEXT_STEP: "Ask for a sample",
            GoalField.TARGET: "600",
        },
    ),
    (
        Measure.LEADS_WON,
        {
            GoalField.TITLE: "Leads won through colleagues",
            GoalField.NEW_OBJECTIVE: "Cafés and hotels pour our tea",
            GoalField.TARGET: "6",
            GoalField.OUTCOME: "about 40,000 € a year",
            GoalField.SERVES: "Offer a tea worth talking about",
            GoalField.STAGE: "lead",
        },
    ),
    (
        Measure.PUBLISHED,
        {
            GoalField.TITLE: "Customers speak for us",
            GoalField.NEW_OBJECTIVE: "People trust what others say of us",
            GoalField.OBJECTIVE_DEPARTMENT: "Marketing",
            GoalField.PARENT: COMPANYS,
            GoalField.TARGET: "8",
            GoalField.KIND: "testimonial",
            GoalField.SERVES: "Hear from others before they buy",
            GoalField.STAGE: "trust",
        },
    ),
    (
        Measure.IN_TIME,
        {
            GoalField.TITLE: "Nobody waits for an answer",
            GoalField.NEW_OBJECTIVE: "Everybody goes on handing in",
            GoalField.BASELINE: "70",
            GoalField.TARGET: "95",
        },
    ),
)

READINGS = (16, 60, 118, 160, 205, 262, 318, 360, 420, 468, 521, 560)
"""The sign-ups, week by week."""


async def set_goals(place: Place, today: date) -> None:
    """Set every goal, on `today`."""
    keeper = place.people[KEEPER]
    for measure, answers in GOALS:
        await keeper.slash("/social", "goals", channel=place.channels["content-desk"])
        await keeper.click(keeper.ephemerals[-1], Action.GOALS_NEW.value)
        if measure is not Measure.HAND and keeper.view is not None:
            await keeper.click(keeper.view, Action.GOALS_MEASURE.value, measure.value)
        last_day = today + LENGTH
        days: dict[str, str] = {
            GoalField.FIRST_DAY: today.isoformat(),
            GoalField.LAST_DAY: last_day.isoformat(),
        }
        await keeper.submit({**days, **answers})
        if keeper.errors:
            raise ValueError(f"a goal of the demo was refused: {keeper.errors}")
        await place.settle()


async def read_goals(place: Place, week: int) -> None:
    """Enter where the sign-ups stand after so many weeks."""
    keeper = place.people[KEEPER]
    await keeper.slash("/social", "goals", channel=place.channels["content-desk"])
    await keeper.click(keeper.ephemerals[-1], _read_button(keeper))
    await keeper.submit({VALUE: str(READINGS[week])})
    await place.settle()


def _read_button(keeper: Person) -> str:
    blocks = keeper.ephemerals[-1].blocks
    elements = (e for block in blocks if block["type"] == "actions" for e in block["elements"])
    ids = (str(element["action_id"]) for element in elements)
    return next(one for one in ids if one.startswith(Action.GOALS_READ.value))
