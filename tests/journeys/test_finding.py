"""`/social 128`, `/social find words`, and Open on the receipt: who may see finds it again."""

import pytest

from sandbox.model import Message
from sandbox.people import Person
from tests.support.desk import Scene
from tests.support.words import praised


async def hand_in(s: Scene, title: str, who: Person, text: str = "") -> None:
    await who.slash("/social-idea", "", channel=s.general)
    await who.submit({"title": title, "text": text})
    await s.settle()


async def told(s: Scene, who: Person, text: str) -> Message:
    """What `/social text` answers."""
    seen = len(who.ephemerals)
    await who.slash("/social", text, channel=s.general)
    (answer,) = who.ephemerals[seen:]
    return answer


@pytest.mark.parametrize("typed", ["1", "#1", " 1 "])
@pytest.mark.parametrize("name", ["sam", "cora", "olga"])
async def test_a_number_opens_what_one_may_see(at_work: Scene, name: str, typed: str) -> None:
    s = at_work
    await hand_in(s, "The press in Graz", s.sam)
    person = getattr(s, name)
    await person.slash("/social", typed, channel=s.general)
    assert "The press in Graz" in str(s.modal(person).blocks)
    assert person.ephemerals == []


async def test_a_number_of_somebody_else_is_refused_in_one_sentence(at_work: Scene) -> None:
    s = at_work
    await hand_in(s, "The press in Graz", s.sam)
    answer = await told(s, s.lena, "1")
    assert "Content lead" in answer.text
    assert "Graz" not in answer.text
    assert s.lena.view is None
    assert "There is no number 77" in (await told(s, s.sam, "77")).text


async def test_words_find_what_one_may_see(at_work: Scene) -> None:
    s = at_work
    await hand_in(s, "The press in Graz", s.sam)
    await hand_in(s, "Another press", s.xena, "It prints 100% of GRAZ <b>")
    assert [await _found(s, who, "graz PRESS") for who in (s.sam, s.xena, s.cora, s.olga)] == [
        {1},
        {2},
        {1, 2},
        {1, 2},
    ]
    assert await _found(s, s.lena, "press") == set()
    assert await _found(s, s.cora, "100%") == {2}
    assert await _found(s, s.cora, "<b>") == {2}
    assert await _found(s, s.cora, "10_%") == set()
    assert "Say what to look for" in (await told(s, s.cora, "find")).text


async def test_what_was_found_can_be_opened(at_work: Scene) -> None:
    s = at_work
    await hand_in(s, "The press in Graz", s.sam)
    answer = await told(s, s.cora, "find press")
    await s.cora.click(answer, "triage.open:1")
    assert "The press in Graz" in str(s.modal(s.cora).blocks)


async def test_personal_fields_are_not_found(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-lead", "", channel=s.general)
    await s.sam.submit({"name": "Jonas Marker", "need": "A second press"})
    await s.settle()
    assert await _found(s, s.lena, "marker") == set()
    assert await _found(s, s.lena, "second") == {1}


async def test_the_person_of_a_testimonial_is_not_found(at_work: Scene) -> None:
    s = at_work
    await praised(s)
    assert await _found(s, s.ava, "nadia") == set()
    assert await _found(s, s.ava, "great") == {1}


async def test_the_receipt_opens_the_submission(at_work: Scene) -> None:
    s = at_work
    await hand_in(s, "The press in Graz", s.sam)
    (receipt,) = s.dm(s.sam)
    await s.sam.click(receipt, "triage.open")
    assert "The press in Graz" in str(s.modal(s.sam).blocks)


async def _found(s: Scene, who: Person, words: str) -> set[int]:
    answer = await told(s, who, f"find {words}")
    ids = [
        block["accessory"]["action_id"]
        for block in answer.blocks
        if block.get("accessory", {}).get("action_id", "").startswith("triage.open")
    ]
    return {int(found.partition(":")[2]) for found in ids}
