"""The question of the quarter comes by direct message and is answered in one tap (P29)."""

from datetime import UTC, datetime

from tests.journeys.test_learning import said
from tests.support.desk import Scene


async def test_it_is_asked_answered_once_and_shown_when_the_quarter_is_over(
    at_work: Scene,
) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "The press in Graz", channel=s.general)
    await s.sam.submit({})
    await s.settle()
    assert "It is asked next" in (await said(s, s.xena, "pulse")).text
    await s.jump(datetime(2026, 12, 10, 9, 0, tzinfo=UTC))
    everybody = (s.cora, s.adam, s.ava, s.lena)
    for place, person in enumerate(everybody, start=2):
        question = s.dm(person)[-1]
        assert question.text.startswith("*How well is social integrated with sales")
        assert "Until 31 Dec." in question.text
        await person.click(question, "pulse.answer", str(place))
        await s.settle()
        assert person.ephemerals[-1].text.startswith("Thank you.")
    question = next(one for one in s.dm(s.cora) if one.text.startswith("*How well"))
    await s.cora.click(question, "pulse.answer", "7, completely")
    await s.settle()
    told = s.cora.ephemerals[-1].text
    assert told == "You have answered for this quarter. It stays as it was."
    assert "Q4 2026 is being asked" in (await said(s, s.xena, "pulse")).text
    await s.jump(datetime(2027, 1, 4, 9, 0, tzinfo=UTC))
    assert "Fewer than 5 answers, so not shown: Q4 2026." in (await said(s, s.xena, "pulse")).text


async def test_it_is_answered_on_home_too(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "The press in Graz", channel=s.general)
    await s.sam.submit({})
    await s.jump(datetime(2026, 12, 10, 9, 0, tzinfo=UTC))
    await s.sam.open_home()
    await s.settle()
    assert s.sam.home is not None
    assert "How well is social integrated" in str(s.sam.home)
    await s.sam.click(s.sam.home, "pulse.answer", "4")
    await s.settle()
    assert "Your answer is counted, without your name." in str(s.modal(s.sam).blocks)
    await s.sam.open_home()
    await s.settle()
    assert "How well is social integrated" not in str(s.sam.home)
