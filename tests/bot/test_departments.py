"""Whose department is known, whose is asked, and what an answer is worth."""

from dataclasses import replace

import pytest

from bot.departments import AskDepartment, departments_to_ask, has_answered
from bot.desk import Department
from bot.errors import FieldError
from tests.support.core import CORA, SAM, SUE, Core, a_desk

DESK = replace(
    a_desk(),
    departments=(
        Department(name="Sales", members=(SAM,)),
        Department(name="Product", channels=("C0PROD",)),
    ),
)


@pytest.mark.parametrize(
    "user, channel, asked",
    [
        (SAM, None, ()),
        (SUE, "C0PROD", ()),
        (SUE, "C0OTHER", ("Sales", "Product")),
        (SUE, None, ("Sales", "Product")),
    ],
)
def test_whom_there_is_to_ask(user: str, channel: str | None, asked: tuple[str, ...]) -> None:
    assert departments_to_ask(DESK, AskDepartment(user, channel)) == asked
    assert departments_to_ask(a_desk(), AskDepartment(user, channel)) == ()


async def test_an_answer_is_remembered_as_long_as_it_stands(core: Core) -> None:
    await core.set_up(DESK)
    assert (await core.hand_in(by=SUE)).department is None
    assert not await core.ask(has_answered, SUE)
    assert (await core.hand_in(by=SUE, department="Product")).department == "Product"
    assert await core.ask(has_answered, SUE)
    assert (await core.hand_in(by=SUE)).department == "Product"
    await core.set_up(replace(DESK, departments=DESK.departments[:1]))
    assert not await core.ask(has_answered, SUE)
    assert (await core.hand_in(by=SUE)).department is None


async def test_nothing_chosen_is_an_answer_too(core: Core) -> None:
    await core.set_up(DESK)
    assert (await core.hand_in(by=CORA, department="")).department is None
    assert await core.ask(has_answered, CORA)


async def test_what_the_set_up_says_counts_before_any_answer(core: Core) -> None:
    await core.set_up(DESK)
    assert (await core.hand_in(by=SAM, department="Product")).department == "Sales"
    assert not await core.ask(has_answered, SAM)


async def test_no_such_department_stores_nothing(core: Core) -> None:
    await core.set_up(DESK)
    with pytest.raises(FieldError) as wrong:
        await core.hand_in(by=SUE, department="Magic")
    assert list(wrong.value.fields) == ["department"]
    assert core.rows("submission") == []
    assert not await core.ask(has_answered, SUE)
