"""A goal's period is over: its keeper hears of it, says what became of it, and it goes on (P43)."""

from datetime import UTC, datetime

from tests.journeys.test_goals import buttons, goals, id_of, set_goal
from tests.support.desk import Scene

MORNING = datetime(2026, 12, 31, 8, 0, tzinfo=UTC)
"""Nine in Berlin, when the content lead's day begins."""


async def test_the_keeper_is_asked_in_the_morning_closes_the_goal_and_it_goes_on(
    at_work: Scene,
) -> None:
    s = at_work
    shown = await set_goal(s, s.cora, rhythm="Never")
    await s.cora.click(shown, id_of(shown, "goals.read"))
    await s.cora.submit({"value": "31"})
    before = len(s.dm(s.cora))
    await s.jump(datetime(2026, 12, 31, 7, 59, 50, tzinfo=UTC))
    assert len(s.dm(s.cora)) == before
    await s.jump(datetime(2026, 12, 31, 8, 1, tzinfo=UTC))
    question = s.dm(s.cora)[-1]
    assert question.text.startswith("*The period of “Trial sign-ups from social” is over.*")
    assert "Missed: 31 of 40 sign-ups." in question.text

    await s.cora.click(question, id_of(question, "goals.close"))
    assert "31 of 40 sign-ups" in str(s.modal(s.cora).blocks)
    await s.cora.submit({"ending": "partly", "next": "again"})
    assert list(s.cora.errors) == ["lesson"]
    await s.cora.submit({"lesson": "Testimonials bring trials <!channel>", "target": "50"})
    await s.settle()
    assert s.cora.view is None
    assert s.dm(s.cora)[-1].text == question.text  # the question stays what it was

    listed = (await goals(s, s.cora)).text
    assert "target 50 sign-ups" in listed
    assert (
        "• *Partly reached:* Trial sign-ups from social, 31 of 40 sign-ups. "
        "Learned: Testimonials bring trials &lt;!channel&gt;" in listed
    )
    told = await s.tried(s.cora, question, id_of(question, "goals.close"))
    assert told == [
        f"<@{s.cora.user.id}> has said what became of this goal already. Nothing was changed."
    ]


async def test_who_only_reads_is_offered_no_closing(at_work: Scene) -> None:
    s = at_work
    await set_goal(s, s.cora)
    await s.jump(MORNING)
    seen = await goals(s, s.sam)
    assert "*Ended*" in seen.text
    assert buttons(seen) == []


async def test_home_says_that_a_goal_waits_for_its_keeper(at_work: Scene) -> None:
    s = at_work
    await set_goal(s, s.cora)
    await s.jump(MORNING)
    await s.cora.open_home()
    await s.settle()
    assert s.cora.home is not None
    assert "1 goal has ended: say what became of it." in str(s.cora.home.blocks)


async def test_the_digest_tells_what_was_learned(at_work: Scene) -> None:
    s = at_work
    await set_goal(s, s.cora, last_day="2026-11-26")
    await s.jump(datetime(2026, 11, 27, 9, 0, tzinfo=UTC))
    question = s.dm(s.cora)[-1]
    await s.cora.click(question, id_of(question, "goals.close"))
    await s.cora.submit(
        {"ending": "missed", "lesson": "Nobody entered a number.", "next": "enough"}
    )
    await s.jump(datetime(2026, 11, 30, 8, 1, tzinfo=UTC))
    digest = s.cards(s.leadership)[-1]
    assert (
        "*Missed:* Trial sign-ups from social, target 40 sign-ups. "
        "Learned: Nobody entered a number." in digest.text
    )
