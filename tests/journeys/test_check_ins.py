"""Who keeps a goal is asked where it stands, a day before the digest, and answers in one tap."""

from datetime import UTC, datetime, timedelta

from sandbox.model import Message
from sandbox.people import Person
from tests.journeys.test_goals import buttons, goals, id_of, set_goal
from tests.support.desk import Scene

FRIDAY = datetime(2026, 11, 20, 8, 1, tzinfo=UTC)
"""Nine in Berlin, a working day before the digest of Monday nine."""
WEEK = timedelta(days=7)


async def with_a_value(s: Scene, value: str = "14") -> None:
    shown = await set_goal(s, s.cora)
    await s.cora.click(shown, id_of(shown, "goals.read"))
    await s.cora.submit({"value": value})
    await s.settle()


async def asked(s: Scene, person: Person) -> Message:
    await s.jump(FRIDAY + WEEK)
    found: Message = s.dm(person)[-1]
    return found


async def test_a_keeper_says_that_it_stands_where_it_stood_in_one_tap(at_work: Scene) -> None:
    s = at_work
    await with_a_value(s)
    question = await asked(s, s.cora)
    assert question.text.startswith("*Where does “Trial sign-ups from social” stand?*")
    assert "Last: 14 of 40 sign-ups, pace" in question.text
    assert ", read 19 Nov." in question.text
    assert "is in the next digest" in question.text
    assert buttons(question) == ["goals.same", "goals.read", "goals.sure"]
    await s.cora.click(question, id_of(question, "goals.same"))
    await s.settle()
    answered = s.dm(s.cora)[-1]
    assert answered.ts == question.ts
    assert buttons(answered) == []
    assert f"<@{s.cora.user.id}> answered" in answered.text
    assert "read 27 Nov" in (await goals(s, s.cora)).text


async def test_with_the_same_they_say_how_sure_they_are(at_work: Scene) -> None:
    s = at_work
    await with_a_value(s)
    question = await asked(s, s.cora)
    await s.cora.click(question, id_of(question, "goals.sure"), "I doubt it")
    await s.settle()
    assert "I doubt it." in s.dm(s.cora)[-1].text
    assert "its keeper doubts it" in (await goals(s, s.cora)).text


async def test_another_value_is_entered_in_a_form(at_work: Scene) -> None:
    s = at_work
    await with_a_value(s)
    question = await asked(s, s.cora)
    await s.cora.click(question, id_of(question, "goals.read"))
    await s.cora.submit({"value": "19"})
    await s.settle()
    assert "19 of 40 sign-ups" in s.dm(s.cora)[-1].text
    assert buttons(s.dm(s.cora)[-1]) == []


async def test_who_answers_an_old_question_is_told_what_was_entered_since(at_work: Scene) -> None:
    s = at_work
    await with_a_value(s)
    question = await asked(s, s.cora)
    shown = await goals(s, s.cora)
    await s.cora.click(shown, id_of(shown, "goals.add_one"))
    told = await s.tried(s.cora, question, id_of(question, "goals.same"))
    assert "entered 15 meanwhile" in told[0]


async def test_what_nobody_answers_is_stale_in_list_home_and_digest_until_it_is_read(
    at_work: Scene,
) -> None:
    s = at_work
    await with_a_value(s, "39")
    for weeks in range(1, 4):
        await s.jump(FRIDAY + weeks * WEEK)
    await s.jump(datetime(2026, 12, 14, 8, 1, tzinfo=UTC))
    assert "*Stale:* Trial sign-ups from social, 39 of 40 sign-ups, read 19 Nov" in (
        s.cards(s.leadership)[-1].text
    )
    assert "*Stale:* 39 of 40 sign-ups" in (await goals(s, s.cora)).text
    await s.cora.open_home()
    await s.settle()
    assert s.cora.home is not None
    assert "*Stale:* Trial sign-ups from social" in str(s.cora.home.blocks)
    told = [one for one in s.dm(s.cora) if "is stale:" in one.text]
    assert len(told) == 1
    assert [one for one in s.dm(s.olga) if "is stale:" in one.text]
    await s.cora.click(told[0], id_of(told[0], "goals.same"))
    await s.settle()
    assert "Stale" not in (await goals(s, s.cora)).text
