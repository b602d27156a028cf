"""Goals: set in a modal, seen with their pace, read by hand and in one tap."""

from datetime import UTC, datetime
from typing import Any

from sandbox.model import Message, View
from sandbox.people import Person
from tests.support.desk import Scene

GOAL = {
    "title": "Trial sign-ups from social",
    "new_objective": "More people try the press",
    "unit": "sign-ups",
    "target": "40",
    "serves": "Find out which press fits",
    "stage": "trust",
    "first_day": "2026-11-01",
    "last_day": "2026-12-30",
}
"""Sixty days, eighteen of which are over on the morning on which the tests begin."""


async def goals(s: Scene, person: Person) -> Message:
    """What `/social goals` answers."""
    await person.slash("/social", "goals", channel=s.general)
    found: Message = person.ephemerals[-1]
    return found


async def set_goal(s: Scene, person: Person, **changes: Any) -> Message:
    """Set a goal from the message, and the message as it stands then."""
    await person.click(await goals(s, person), "goals.new")
    measure = changes.pop("measure", None)
    if measure is not None:
        await person.click(s.modal(person), "goals.measure", measure)
    given = {**GOAL, **changes}
    await person.submit({name: value for name, value in given.items() if value is not None})
    await s.settle()
    assert person.errors == {}
    return latest(person)


def latest(person: Person) -> Message:
    found: Message = person.ephemerals[-1]
    return found


def ids(shown: Message | View) -> list[str]:
    """The ids of everything that can be pressed."""
    return [
        element["action_id"]
        for block in shown.blocks
        for element in (*block.get("elements", ()), block.get("accessory", {}))
        if "action_id" in element
    ]


def buttons(shown: Message | View) -> list[str]:
    return [action_id.partition(":")[0] for action_id in ids(shown)]


def id_of(shown: Message | View, action: str) -> str:
    """The id of the first button of an action."""
    return next(action_id for action_id in ids(shown) if action_id.startswith(action))


async def test_a_goal_is_set_with_its_objective_and_shown_with_its_pace(at_work: Scene) -> None:
    s = at_work
    first = await goals(s, s.cora)
    assert "No goal is set" in first.text
    assert buttons(first) == ["goals.new"]
    shown = await set_goal(s, s.cora, outcome="about 50,000 € in contracts")
    assert s.cora.view is None
    assert "*Trial sign-ups from social*" in shown.text
    assert "Customers: Find out which press fits (trust us)" in shown.text
    assert "*Not read yet:* target 40 sign-ups, pace 12" in shown.text
    assert "For: *More people try the press*" in shown.text
    assert "1 Nov to 30 Dec 2026 · Content lead" in shown.text
    assert "Brings: about 50,000 € in contracts" in shown.text
    assert buttons(shown) == ["goals.more", "goals.add_one", "goals.read", "goals.new"]
    seen = await goals(s, s.sam)
    assert seen.text.startswith("For: *More people try the press*\n*Trial sign-ups from social*")
    assert buttons(seen) == ["goals.trail"]


async def test_money_is_refused_with_the_leading_question_and_nothing_typed_is_lost(
    at_work: Scene,
) -> None:
    s = at_work
    await s.cora.click(await goals(s, s.cora), "goals.new")
    await s.cora.submit({**GOAL, "unit": "€"})
    assert list(s.cora.errors) == ["unit"]
    assert "Which leading goal is behind it" in s.cora.errors["unit"]
    assert s.cora.view is not None
    await s.cora.submit({"unit": "sign-ups", "outcome": "50,000 €"})
    await s.settle()
    assert "target 40 sign-ups" in latest(s.cora).text


async def test_one_tap_adds_one_and_the_message_follows(at_work: Scene) -> None:
    s = at_work
    shown = await set_goal(s, s.cora)
    tap = id_of(shown, "goals.add_one")
    await s.cora.click(shown, tap)
    await s.settle()
    assert "*Behind:* 1 of 40 sign-ups, pace 12" in latest(s.cora).text
    await s.cora.click(latest(s.cora), tap)
    await s.settle()
    assert "2 of 40 sign-ups" in latest(s.cora).text
    assert "read 19 Nov" in latest(s.cora).text


async def test_one_more_on_an_old_number_asks_once_again(at_work: Scene) -> None:
    s = at_work
    shown = await set_goal(s, s.cora)
    mine = await goals(s, s.olga)
    tap = id_of(shown, "goals.add_one")
    await s.cora.click(shown, tap)
    await s.olga.click(mine, tap)
    await s.settle()
    told = latest(s.olga).text
    assert f"<@{s.cora.user.id}> entered 1 meanwhile, so nothing was added." in told
    await s.olga.click(latest(s.olga), tap)
    await s.settle()
    assert "2 of 40 sign-ups" in latest(s.olga).text
    assert "meanwhile" not in latest(s.olga).text


async def test_a_reading_is_entered_in_a_form(at_work: Scene) -> None:
    s = at_work
    shown = await set_goal(s, s.cora)
    await s.cora.click(shown, id_of(shown, "goals.read"))
    assert "From 0 to 40 sign-ups" in str(s.modal(s.cora).blocks)
    await s.cora.submit({"value": "14.5"})
    await s.settle()
    assert "*On pace:* 14.5 of 40 sign-ups" in latest(s.cora).text
    await s.cora.click(latest(s.cora), id_of(latest(s.cora), "goals.read"))
    await s.cora.submit({"value": "40"})
    await s.settle()
    assert "*Reached:* 40 of 40 sign-ups" in latest(s.cora).text


async def test_a_goal_whose_period_ended_takes_no_reading(at_work: Scene) -> None:
    s = at_work
    shown = await set_goal(s, s.cora)
    await s.cora.click(shown, id_of(shown, "goals.read"))
    await s.jump(datetime(2026, 12, 30, 23, 0, tzinfo=UTC))  # midnight in Berlin
    await s.cora.submit({"value": "40"})
    page = str(s.modal(s.cora).blocks)
    assert "ended on 30 Dec 2026" in page
    assert "Set a goal for the next period" in page
    assert "40" in page
    await s.cora.close_view()
    ended = await goals(s, s.cora)
    assert "*Missed:* Trial sign-ups from social, target 40 sign-ups. Its period is over." in (
        ended.text
    )
    assert buttons(ended) == ["goals.close", "goals.new"]


async def test_a_tap_on_a_goal_that_ended_is_told_so(at_work: Scene) -> None:
    s = at_work
    await set_goal(s, s.cora)
    await s.jump(datetime(2026, 12, 30, 22, 59, tzinfo=UTC))
    shown = await goals(s, s.cora)
    await s.wait(minutes=1)
    await s.cora.click(shown, id_of(shown, "goals.add_one"))
    await s.settle()
    assert "ended on 30 Dec 2026" in latest(s.cora).text


async def test_a_goal_is_changed_and_dropped(at_work: Scene) -> None:
    s = at_work
    shown = await set_goal(s, s.cora)
    menu = id_of(shown, "goals.more")
    await s.cora.click(shown, menu, "Change…")
    await s.cora.submit({"target": "30", "last_day": "2026-11-18"})
    assert s.cora.errors == {"last_day": "This day has passed. A goal ends today or later."}
    await s.cora.submit({"last_day": "2026-12-30"})
    await s.settle()
    assert "target 30 sign-ups, pace 9" in latest(s.cora).text
    await s.cora.click(latest(s.cora), menu, "Drop…")
    await s.cora.submit()
    await s.settle()
    assert "No goal is set" in latest(s.cora).text


async def test_who_holds_no_role_sets_no_goal(at_work: Scene) -> None:
    s = at_work
    assert buttons(await goals(s, s.sam)) == []
    shown = await goals(s, s.cora)
    await s.cora.click(shown, "goals.new")
    roles = [
        option["value"]
        for block in s.modal(s.cora).blocks
        if block.get("block_id") == "role"
        for option in block["element"]["options"]
    ]
    assert roles == ["content_lead"]


async def test_the_desk_counts_testimonials_of_a_department(at_work: Scene) -> None:
    s = at_work
    shown = await set_goal(
        s,
        s.adam,
        title="Testimonials from Sales",
        measure="handed_in",
        unit=None,
        kind="testimonial",
        department="Sales",
        target="3",
        role="advocacy_lead",
    )
    assert "*On pace:* 0 of 3 handed in, pace 0" in shown.text
    assert buttons(shown) == ["goals.more", "goals.new"]
    for person in (s.sam, s.lena):
        await person.slash("/social-testimonial", "It simply works", channel=s.general)
        await person.submit({"customer": "Rheinwerk"})
    await s.wait(minutes=1)
    told = (await goals(s, s.xena)).text
    assert "1 of 3 handed in" in told
    assert "counted by the desk (testimonial, Sales)" in told


async def test_goals_stand_on_home_and_open_as_a_page_that_follows(at_work: Scene) -> None:
    s = at_work
    await s.cora.open_home()
    await s.settle()
    assert s.cora.home is not None
    await s.cora.click(s.cora.home, "goals.new")
    await s.cora.submit(GOAL)
    await s.settle()
    assert "Trial sign-ups from social, target 40 sign-ups" in str(s.cora.home.blocks)
    await s.cora.click(s.cora.home, "goals.open")
    page = s.modal(s.cora)
    tap = id_of(page, "goals.add_one")
    await s.cora.click(page, tap)
    await s.settle()
    assert "1 of 40 sign-ups" in str(s.modal(s.cora).blocks)
    await s.cora.click(s.modal(s.cora), tap.replace("add_one", "read"))
    await s.cora.submit({"value": "33"})
    await s.settle()
    assert "33 of 40 sign-ups" in str(s.modal(s.cora).blocks)
    assert "33 of 40 sign-ups" in str(s.cora.home.blocks)


MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""When the digest is due."""


async def digest(s: Scene) -> Message:
    await s.jump(MONDAY)
    return s.only_card(s.leadership)


async def test_the_digest_tells_goals_one_story_and_one_ask_on_one_screen(at_work: Scene) -> None:
    s = at_work
    shown = await set_goal(s, s.cora, outcome="50,000 €")
    await s.cora.click(shown, id_of(shown, "goals.add_one"))
    for person in (s.sam, s.lena):
        await person.slash("/social-idea", "A pump at sea", channel=s.general)
        await person.submit()
    await s.settle()
    first, _second = s.cards(s.content)
    await s.tried(s.cora, first, "triage.accept")
    await s.cora.click(s.cards(s.content)[0], "triage.publish")
    await s.cora.submit({"link": "https://example.com/pump"})
    await s.settle()
    told = await digest(s)
    lines = told.text.splitlines()
    behind = "“Trial sign-ups from social” is 13 behind"
    assert lines[0] == f"The goal is not on pace; {behind}; one decision needed."
    assert lines[2:4] == [
        "*Goals against linear pace*",
        "*Behind:* Trial sign-ups from social, 1 of 40 sign-ups, pace 14, to be trusted",
    ]
    (story,) = [line for line in lines if line.startswith("*Story of the week:* ")]
    assert "https://example.com/pump" in story
    assert f"from <@{s.sam.user.id}>, Sales, live the same day." in story
    (ask,) = [line for line in lines if line.startswith("*One ask:* ")]
    assert ask == (
        "*One ask:* an idea that moves “Trial sign-ups from social” on: 13 sign-ups behind."
    )
    assert "data_visualization" not in [block["type"] for block in told.blocks]
    for block in told.blocks:
        if block["type"] == "section":
            assert block["text"]["text"] in told.text
    assert "50,000" not in told.text


async def test_a_goal_that_ended_is_told_once_with_its_verdict(at_work: Scene) -> None:
    s = at_work
    shown = await set_goal(s, s.cora, last_day="2026-11-20")
    await s.cora.click(shown, id_of(shown, "goals.add_one"))
    told = await digest(s)
    assert "*Missed:* Trial sign-ups from social, 1 of 40 sign-ups" in told.text
    await s.sam.slash("/social-idea", "A pump at sea", channel=s.general)
    await s.sam.submit()
    await s.jump(MONDAY.replace(day=30))
    assert "Trial sign-ups" not in s.cards(s.leadership)[-1].text


async def test_a_lead_that_was_won_is_the_story_and_says_nothing_personal(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-lead", "They need a pump", channel=s.general)
    await s.sam.submit({"name": "Nadia Neuland", "contact": "nadia@example.com"})
    await s.settle()
    card = s.only_card(s.leads)
    await s.lena.click(card, "triage.pass_on")
    await s.lena.submit({"to": "Nina"})
    await s.settle()
    await s.tried(s.lena, s.only_card(s.leads), "triage.win")
    told = await digest(s)
    sam = s.sam.user.id
    assert f"*Story of the week:* lead 1, handed in by <@{sam}>, Sales, was won" in told.text
    assert "Neuland" not in str(told)
    assert "pump" not in told.text
    assert "*One ask:* name the one result that social is to reach next" in told.text


async def test_a_goal_is_news_in_a_week_in_which_nothing_happened(at_work: Scene) -> None:
    s = at_work
    await set_goal(s, s.cora)
    told = await digest(s)
    assert "*Not read yet:* Trial sign-ups from social, target 40 sign-ups, pace 14" in told.text
    assert "Nothing was handed in, decided or published this week" in told.text


async def test_goals_are_listed_below_the_objectives_that_they_serve(at_work: Scene) -> None:
    s = at_work
    await set_goal(s, s.cora, new_objective="Grow")
    shown = await set_goal(
        s,
        s.cora,
        title="Demo calls",
        new_objective="More trials",
        objective_department="Sales",
        stage="know",
        next_step="Ask for a sample",
        parent="Grow",
    )
    told = shown.text
    assert told.count("For: *Grow*") == 1
    assert told.index("For: *Grow*") < told.index("› *More trials* (Sales)")
    assert "(get to know us). Next: Ask for a sample" in told


async def test_conversions_of_a_type_are_a_goal(at_work: Scene) -> None:
    s = at_work
    shown = await set_goal(
        s, s.cora, measure="Conversions", conversion="signup", unit=None, target="40"
    )
    assert "0 of 40 e-mail sign-ups" in shown.text
    await s.cora.slash("/social", "conversion", channel=s.general)
    await s.cora.submit({"type": "signup", "count": "21"})
    await s.cora.close_view()
    await s.wait(seconds=5)
    assert "*On pace:* 21 of 40 e-mail sign-ups" in (await goals(s, s.cora)).text
    assert "counted by the desk" in latest(s.cora).text


async def test_how_a_goal_went_is_seen_by_everybody(at_work: Scene) -> None:
    s = at_work
    shown = await set_goal(s, s.cora)
    for value in ("14.5", "12"):
        await s.cora.click(latest(s.cora), id_of(shown, "goals.read"))
        await s.cora.submit({"value": value})
        await s.settle()
    await s.cora.click(latest(s.cora), id_of(shown, "goals.more"), "Change…")
    await s.cora.submit({"target": "30"})
    await s.settle()
    seen = await goals(s, s.sam)
    await s.sam.click(seen, id_of(seen, "goals.trail"))
    page = str(s.modal(s.sam).blocks)
    assert f"• 19 Nov: *12* (corrected from 14.5), <@{s.cora.user.id}>, " in page
    assert f"• 19 Nov: *14.5*, <@{s.cora.user.id}>, " in page
    assert "target 40 sign-ups, 1 Nov to 30 Dec 2026" in page
    assert "target 30 sign-ups (before: 40)" in page
