"""Goals as they may stand, for the examples of every view that shows them."""

from dataclasses import replace
from datetime import date, timedelta

from bot.goal import Closing, Confidence, Ending, Goal, Measure, Objective, Reading, Standing
from bot.outlook import Outlook
from bot.pace import Course
from handlers.views import examples

EXAMPLE_DAY = date(2026, 11, 10)
_QUARTER = Course(baseline=0, target=40, first_day=date(2026, 10, 1), last_day=date(2026, 12, 31))
_MORE_TRIALS = Objective(objective_id="O1", title="More people try the press", department="Sales")
GROW = Objective(objective_id="O3", title="Grow with those who know us")
_SPEAK = Objective(
    objective_id="O2", title="Customers speak for us", department="Service", parent_id="O3"
)
_SIGN_UPS = Goal(
    goal_id="V1",
    objective_id="O1",
    title="Trial sign-ups from social",
    unit="sign-ups",
    course=_QUARTER,
    role_id="content_lead",
    tz="Europe/Vienna",
    created_at=examples.NOW - timedelta(days=40),
    created_by="U0BEN",
    outcome="about 50,000 € in new contracts",
    customer_objective="Find out which press <fits>",
    stage="know",
    next_step="Ask for a sample",
)
BEHIND = Standing(
    goal=_SIGN_UPS,
    on=EXAMPLE_DAY,
    value=12,
    reading=Reading(
        goal_id="V1",
        seq=3,
        at=examples.NOW - timedelta(days=7),
        value=12,
        actor_id="U0BEN",
        confidence=Confidence.UNSURE,
    ),
    objective=_MORE_TRIALS,
    role="Content lead",
    may_keep=True,
    outlook=Outlook(low=20, high=31, chance=0.04),
)
STALE = replace(BEHIND, goal=replace(_SIGN_UPS, goal_id="V7", stale_at=examples.NOW))
ON_PACE = Standing(
    goal=replace(
        _SIGN_UPS,
        goal_id="V2",
        title="Testimonials from Sales & Service",
        unit="handed in",
        course=replace(_QUARTER, target=12),
        measure=Measure.HANDED_IN,
        kind_key="testimonial",
        department="Sales",
        outcome=None,
    ),
    on=EXAMPLE_DAY,
    value=6,
    size=6,
    objective=_SPEAK,
    role="Advocacy lead",
    may_keep=True,
    outlook=Outlook(low=9, high=17, chance=0.68),
    parent=GROW,
)
FALLING = Standing(
    goal=replace(
        _SIGN_UPS,
        goal_id="V3",
        title="Faster answers to colleagues",
        unit="hours",
        course=replace(_QUARTER, baseline=30, target=8),
        measure=Measure.TIME_TO_DECISION,
        outcome=None,
    ),
    on=EXAMPLE_DAY,
    value=14.5,
    size=11,
    objective=_SPEAK,
    parent=GROW,
    role="Content lead",
)
UNKNOWN = replace(
    BEHIND, goal=replace(_SIGN_UPS, goal_id="V4"), value=None, reading=None, outlook=None
)
REACHED = replace(
    BEHIND, goal=replace(_SIGN_UPS, goal_id="V5", title="Followers <here>"), value=40, outlook=None
)
TO_COME = replace(
    BEHIND,
    goal=replace(
        _SIGN_UPS,
        goal_id="V6",
        title="Downloads of the guide",
        unit="%",
        course=Course(
            baseline=10, target=12.5, first_day=date(2027, 1, 1), last_day=date(2027, 6, 30)
        ),
    ),
    value=None,
    reading=None,
    outlook=None,
)
OVER = replace(BEHIND, on=date(2027, 1, 2), value=31, outlook=None)
ENDED = (
    replace(
        OVER,
        closing=Closing(
            goal_id="V1",
            form_id="V9",
            ending=Ending.PARTLY,
            value=31,
            lesson="Trials that began with a testimonial were used twice as long.",
            next_goal_id="V9",
            at=examples.NOW,
            actor_id="U0BEN",
        ),
    ),
    replace(REACHED, on=date(2027, 1, 2)),
)


def unkept(*standings: Standing) -> tuple[Standing, ...]:
    """The same for somebody who keeps none of them."""
    return tuple(replace(standing, may_keep=False) for standing in standings)
