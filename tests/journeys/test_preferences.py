"""Everybody chooses what to hear."""

import pytest

from tests.support.desk import Scene
from tests.support.words import asked, now, of_idea


async def chooses(s: Scene, label: str) -> None:
    """Sam chooses on his Home tab."""
    await s.sam.open_home()
    await s.settle()
    assert s.sam.home is not None
    await s.sam.click(s.sam.home, "preferences.hears", label)
    await s.settle()


@pytest.mark.parametrize(
    "label, heard",
    [
        ("Every step", ["took", "question", "accepted"]),
        ("Decisions and questions", ["question", "accepted"]),
        ("Questions only", ["question"]),
    ],
)
async def test_people_hear_what_they_chose(at_work: Scene, label: str, heard: list[str]) -> None:
    s = at_work
    await chooses(s, label)
    card = await of_idea(s)
    await s.cora.click(card, "triage.take")
    await s.settle()
    await asked(s, s.cora, card, "Which one?")
    await s.cora.click(now(s, card), "triage.accept")
    await s.settle()
    _receipt, *words = s.dm(s.sam)
    assert len(words) == len(heard)
    assert all(part in word.text for part, word in zip(heard, words, strict=True))


async def test_the_choice_stands_on_home_and_below_the_help(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social", "help", channel=s.general)
    await s.sam.click(s.sam.ephemerals[-1], "preferences.hears", "Questions only")
    await s.settle()
    await s.sam.open_home()
    await s.settle()
    assert s.sam.home is not None
    (chooser,) = [b["accessory"] for b in s.sam.home.blocks if "hear" in str(b.get("text"))]
    assert chooser["initial_option"]["value"] == "questions"
    await s.sam.slash("/social", "help", channel=s.general)
    assert "What I hear* of what I handed in: questions only" in s.sam.ephemerals[-1].text
