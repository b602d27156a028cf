"""The card says which goal something serves, and the goals say what serves none (P21)."""

from tests.journeys.test_goals import goals, set_goal
from tests.support.desk import Scene


async def test_accept_names_the_goal_and_its_owner_says_otherwise(at_work: Scene) -> None:
    s = at_work
    await set_goal(s, s.cora)
    await s.sam.slash("/social-idea", "A video about the pump", channel=s.general)
    await s.sam.submit({"stage": "trust"})
    await s.settle()
    card = s.only_card(s.content)
    await s.cora.click(card, "triage.accept")
    await s.settle()
    card = s.only_card(s.content)
    assert "Serves: Trial sign-ups from social" in card.text
    await s.cora.click(card, "triage.more", "Goal")
    assert "Which goal does it serve?" in str(s.modal(s.cora).blocks)
    await s.cora.submit({"goal": "None of them"})
    await s.settle()
    assert "Serves no goal." in s.only_card(s.content).text
    told = (await goals(s, s.cora)).text
    assert "*Under way, and serves no goal*\n• :bulb: *Idea 1:*" in told
    await s.cora.open_home()
    await s.settle()
    assert s.cora.home is not None
    assert "1 accepted one serves no goal." in str(s.cora.home.blocks)
