"""A desk with a million of everything: each audience still reads it on one screen, to the digit."""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from bot.digest_parts import AskedPart, AskPart, GoalChartPart, GoalsPart, PublishedPart, StoryPart
from bot.sections import AUDIENCES, Place
from handlers.views.digest import digest, more, whole
from handlers.views.digest_examples import example
from handlers.views.text import MESSAGE_LIMIT, width
from tests.support.block_rules import message_problems

MILLION = 1_000_000
NOT_COUNTS = (AskedPart, AskPart, GoalChartPart, GoalsPart, StoryPart)
"""What these tell has numbers of its own, of goals and of submissions."""


def grown(value: Any) -> Any:
    """The same with a million for each that was counted."""
    found = value
    match value:
        case bool():
            pass
        case int():
            found = value * MILLION
        case PublishedPart():
            found = replace(value, total=value.total * MILLION)
        case dict():
            found = {key: grown(one) for key, one in value.items()}
        case tuple():
            found = tuple(grown(one) for one in value)
        case _ if is_dataclass(value) and not isinstance(value, (*NOT_COUNTS, type)):
            names = (one.name for one in fields(value) if one.init and one.name != "number")
            found = replace(value, **{name: grown(getattr(value, name)) for name in names})
        case _:
            pass
    return found


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_million_is_read_on_one_screen(audience: str) -> None:
    few = example(audience)
    many = replace(few, parts={key: grown(part) for key, part in few.parts.items()})
    messages = [digest(many), *(more(many, one) for one in Place if one is not Place.SCREEN)]
    for message in messages:
        assert message_problems(message) == []
        assert width(message.text) <= MESSAGE_LIMIT
    text = whole(many).text
    assert ",000,000" in text
    bare = re.search(r"(?<![\w/=-])(?<!number )\d{5,}", text)
    assert bare is None, "but for those of submissions, long numbers stand in groups of three"
