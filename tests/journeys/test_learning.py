"""Stories told with a click and found by a word; lessons beside them with equal rank (P35, P36)."""

from sandbox.model import Message
from sandbox.people import Person
from tests.journeys.test_goals import buttons, id_of
from tests.support.desk import Scene


async def said(s: Scene, person: Person, words: str) -> Message:
    await person.slash("/social", words, channel=s.general)
    found: Message = person.ephemerals[-1]
    return found


async def published(s: Scene, title: str = "The press in Graz") -> Message:
    """A card of Cora's whose idea was published."""
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": title})
    await s.settle()
    card = s.cards(s.content)[-1]
    await s.cora.click(card, "triage.accept")
    await s.settle()
    await s.cora.click(s.cards(s.content)[-1], "triage.publish")
    await s.cora.submit({"link": "https://example.com/graz", "platform": "linkedin"})
    await s.settle()
    return s.cards(s.content)[-1]


async def test_a_result_is_told_with_one_click_and_found_by_everybody(at_work: Scene) -> None:
    s = at_work
    assert "No story is told yet." in (await said(s, s.xena, "stories")).text
    card = await published(s)
    await s.cora.click(card, "triage.more", "Tell as a story")
    blocks = str(s.modal(s.cora).blocks)
    assert "Sales handed in an idea on 19 Nov 2026." in blocks
    await s.cora.submit({"headline": "The press that never stops <!here>"})
    await s.settle()
    assert s.cora.view is None
    assert "told everybody the story of your idea 1" in s.dm(s.sam)[-1].text
    shown = (await said(s, s.xena, "stories PRESS")).text
    assert "*The press that never stops &lt;!here&gt;*" in shown
    assert f"Thanks to <@{s.sam.user.id}> and <@{s.cora.user.id}> · idea 1" in shown
    assert "<https://example.com/graz|" in shown
    theirs = await said(s, s.cora, "stories press")
    await s.cora.click(theirs, id_of(theirs, "triage.tell"))
    await s.cora.submit({"headline": "The press that hums"})
    await s.settle()
    theirs = s.cora.ephemerals[-1]
    assert "*The press that hums*" in theirs.text
    assert "Stories with “press”" in theirs.text
    assert "changed 19 Nov 2026" in theirs.text
    await s.cora.click(theirs, id_of(theirs, "triage.tell"))
    await s.cora.submit({"keep": "Take it back"})
    await s.settle()
    assert "No story with “press” was found." in s.cora.ephemerals[-1].text
    assert "took back the story of your idea 1" in s.dm(s.sam)[-1].text
    assert "No story with “press” was found." in (await said(s, s.xena, "stories press")).text
    assert "No story with “nothing” was found." in (await said(s, s.xena, "stories nothing")).text


async def test_pages_of_stories_are_turned(at_work: Scene) -> None:
    s = at_work
    for place in range(6):
        card = await published(s, f"Press {place}")
        await s.cora.click(card, "triage.more", "Tell as a story")
        await s.cora.submit()
        await s.settle()
    shown = await said(s, s.xena, "stories press")
    assert "*Press 5*" in shown.text
    assert "*Press 0*" not in shown.text
    assert buttons(shown) == ["stories.more"]
    await s.xena.click(shown, "stories.more")
    await s.settle()
    turned = s.xena.ephemerals[-1]
    assert "older ones" in turned.text
    assert "*Press 0*" in turned.text
    assert buttons(turned) == []


async def test_a_lesson_is_written_and_found(at_work: Scene) -> None:
    s = at_work
    assert "No lesson is written down yet." in (await said(s, s.xena, "lessons")).text
    await s.sam.slash("/social", "lesson", channel=s.general)
    await s.sam.submit(
        {
            "expectation": "A stall at the fair brings ten leads.",
            "happened": "It brought two.",
            "cause": "We stood behind the coffee.",
            "change": "In front of it.",
        }
    )
    assert s.sam.errors == {}
    shown = await said(s, s.xena, "lessons FAIR")
    assert "*Expected:* A stall at the fair brings ten leads." in shown.text
    assert "*Now:* In front of it." in shown.text
    assert buttons(shown) == []
    theirs = await said(s, s.sam, "lessons fair")
    await s.sam.click(theirs, id_of(theirs, "lessons.change"))
    await s.sam.submit({"change": "In front of it, with a cup."})
    assert s.sam.errors == {}
    await s.settle()
    anew = s.sam.ephemerals[-1]
    assert "*Now:* In front of it, with a cup." in anew.text
    assert "changed 19 Nov 2026" in anew.text
    await s.sam.click(anew, id_of(anew, "lessons.change"))
    await s.sam.submit({"keep": "Take it back"})
    await s.settle()
    assert "No lesson with “fair” was found." in s.sam.ephemerals[-1].text
    told = await said(s, s.xena, "lesson twelve")
    assert "takes a number" in told.text
    assert "There is no number 99" in (await said(s, s.xena, "lesson 99")).text


async def test_what_the_desk_knows_is_a_word_away_and_little_is_called_little(
    at_work: Scene,
) -> None:
    s = at_work
    assert "nothing to rank yet" in (await said(s, s.xena, "content")).text
    assert "too little data" in (await said(s, s.xena, "checkup")).text
    await published(s)
    assert "0 posts name a stage" in (await said(s, s.xena, "stages")).text
    assert "Sales gave 1 idea; back came 1 published" in (await said(s, s.xena, "exchange")).text
