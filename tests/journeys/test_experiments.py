"""An experiment: an idea accepted with its plan, its end asked for by direct message (P36, P37)."""

from datetime import UTC, datetime

from sandbox.model import Message
from sandbox.people import Person
from tests.journeys.test_goals import buttons, id_of
from tests.support.desk import Scene

PLAN = {
    "hypothesis": "Videos bring twice as many sign-ups.",
    "measured_by": "Sign-ups that name the video",
    "launch": "Cora films, one a week.",
    "evaluation": "More than 20 in three weeks.",
    "last_day": "2026-11-26",
}
FAILED = {
    "result": "failed",
    "happened": "Three sign-ups <!channel>",
    "cause": "Nobody watches at work.",
    "change": "Subtitles first.",
}


async def experiments(s: Scene, person: Person, word: str = "experiments") -> Message:
    await person.slash("/social", word, channel=s.general)
    found: Message = person.ephemerals[-1]
    return found


async def test_an_idea_becomes_an_experiment_and_ends_with_its_lesson(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Videos of the crew"})
    await s.settle()
    card = s.only_card(s.content)
    await s.cora.click(card, "triage.take")
    await s.settle()
    await s.cora.click(s.only_card(s.content), "triage.more", "Accept as experiment")
    await s.cora.submit({**PLAN, "measured_by": None})
    assert list(s.cora.errors) == ["measured_by"]
    await s.cora.submit({"measured_by": PLAN["measured_by"]})
    await s.settle()
    assert s.cora.view is None
    heard = s.dm(s.sam)[-1].text
    assert "accepted your idea 1 as an experiment: Videos of the crew" in heard
    assert "> Videos bring twice as many sign-ups." in heard
    listed = await experiments(s, s.cora)
    assert "*Videos bring twice as many sign-ups.* (number 1)" in listed.text

    await s.jump(datetime(2026, 11, 27, 9, 0, tzinfo=UTC))
    question = s.dm(s.cora)[-1]
    assert question.text.startswith("*An experiment is over:* Videos bring twice")
    await s.cora.open_home()
    await s.settle()
    assert "*An experiment is over:* Videos bring twice" in str(s.cora.home)
    await s.cora.click(question, id_of(question, "experiments.end"))
    await s.cora.submit({**FAILED, "cause": "", "change": ""})
    assert sorted(s.cora.errors) == ["cause", "change"]
    await s.cora.submit({"cause": FAILED["cause"], "change": FAILED["change"]})
    await s.settle()
    assert s.cora.view is None
    assert "An experiment is over" not in str(s.cora.home)
    assert "The experiment with your idea 1 is over: it did not work" in s.dm(s.sam)[-1].text
    seen = await experiments(s, s.sam)
    assert "*It did not work:* Three sign-ups &lt;!channel&gt;" in seen.text
    assert buttons(seen) == []


async def test_one_without_an_idea_is_set_by_a_word_and_ended_from_the_list(
    at_work: Scene,
) -> None:
    s = at_work
    await s.cora.slash("/social", "experiment", channel=s.general)
    await s.cora.submit({"measure": "handed_in", **PLAN, "measured_by": None})
    assert s.cora.view is None
    listed = await experiments(s, s.cora)
    assert "Handed in: 0 since it began" in listed.text
    await s.cora.click(listed, id_of(listed, "experiments.more"), "Change…")
    await s.cora.submit({"measure": "published", "last_day": "2026-12-03"})
    await s.settle()
    listed = s.cora.ephemerals[-1]
    assert "Published: 0 since it began" in listed.text
    cora = f"<@{s.cora.user.id}>"
    told = f"Changed 19 Nov by {cora}. Before: measured by “Handed in”; until 26 Nov 2026"
    assert told in (await experiments(s, s.sam)).text
    await s.cora.click(listed, id_of(listed, "experiments.more"), "End or drop it…")
    assert told in str(s.modal(s.cora).blocks)
    await s.cora.submit({"result": "worked", "happened": "A great many."})
    await s.settle()
    assert "*It worked:* A great many." in s.cora.ephemerals[-1].text
    await s.cora.click(s.cora.ephemerals[-1], "experiments.new")
    assert s.modal(s.cora).blocks


async def test_who_holds_no_role_is_told_who_does(at_work: Scene) -> None:
    s = at_work
    told = await experiments(s, s.sam, "experiment")
    assert "Experiments are set by who holds a role, and by admins." in told.text


async def test_one_is_dropped_with_a_reason_that_everybody_sees(at_work: Scene) -> None:
    s = at_work
    await s.cora.slash("/social", "experiment", channel=s.general)
    await s.cora.submit(PLAN)
    listed = await experiments(s, s.cora)
    await s.cora.click(listed, id_of(listed, "experiments.more"), "End or drop it…")
    await s.cora.submit({"result": "dropped", "happened": "..."})
    assert s.cora.errors == {"happened": "Why is it dropped?"}
    await s.cora.submit({"happened": "The camera broke."})
    await s.settle()
    assert "*Dropped:* The camera broke." in (await experiments(s, s.sam)).text
