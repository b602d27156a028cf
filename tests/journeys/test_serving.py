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
    assert "1 accepted submission serves no goal." in str(s.cora.home.blocks)


async def test_every_list_names_the_goal_of_what_is_accepted(at_work: Scene) -> None:
    s = at_work
    await set_goal(s, s.cora)
    for title in ("A video about the pump", "Meet the press at the fair"):
        await s.sam.slash("/social-idea", title, channel=s.general)
        await s.sam.submit({"stage": "trust"})
        await s.settle()
    await s.sam.slash("/social-idea", "Not looked at", channel=s.general)
    await s.sam.submit({})
    await s.settle()
    for card in s.cards(s.content)[:2]:
        await s.cora.click(card, "triage.accept")
        await s.settle()
    await s.cora.click(s.cards(s.content)[0], "triage.more", "Goal")
    await s.cora.submit({"goal": "None of them"})
    await s.settle()
    for person, word in ((s.cora, "queue"), (s.sam, "mine")):
        await person.open_home()
        await s.settle()
        assert person.home is not None
        await person.slash("/social", word, channel=s.general)
        for shown in (str(person.home.blocks), person.ephemerals[-1].text):
            assert shown.count("Serves: Trial sign-ups from social") == 1
            assert shown.count("Serves no goal.") == 1


async def test_while_no_goal_runs_nothing_is_said_of_goals(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "A video about the pump", channel=s.general)
    await s.sam.submit({})
    await s.settle()
    await s.cora.click(s.only_card(s.content), "triage.accept")
    await s.settle()
    await s.cora.slash("/social", "queue", channel=s.general)
    assert "Accepted" in s.cora.ephemerals[-1].text
    assert "Serves" not in s.cora.ephemerals[-1].text
