"""A department is asked once, when neither the person's nor the channel's is known."""

from dataclasses import replace

import pytest

from bot.configure import current
from bot.desk import Department
from sandbox.people import Person
from tests.support.desk import Scene


async def with_departments(s: Scene, *departments: Department) -> None:
    here = s.desk.identity.workspace_id
    desk = await s.desk.database.read(here, current, None, s.clock.now())
    await s.apply(replace(desk, departments=departments))


def asked(person: Person) -> bool:
    assert person.view is not None
    return any(block.get("block_id") == "department" for block in person.view.blocks)


async def hand_in(s: Scene, person: Person, title: str, **more: str) -> None:
    await person.slash("/social-idea", "", channel=s.general)
    await person.submit({"title": title, **more})
    assert person.view is None
    await s.settle()


@pytest.fixture
async def at_desk(at_work: Scene) -> Scene:
    s = at_work
    await with_departments(
        s,
        Department(name="Sales", members=(s.sam.user.id,)),
        Department(name="Product & more", channels=(s.leadership,)),
    )
    return s


async def test_it_is_asked_once_and_kept(at_desk: Scene) -> None:
    s = at_desk
    await s.xena.slash("/social-idea", "", channel=s.general)
    assert asked(s.xena)
    await s.xena.submit({"title": "First", "department": "Product & more"})
    await s.settle()
    assert "Product &amp; more" in s.only_card(s.content).text
    await s.xena.slash("/social-idea", "", channel=s.general)
    assert not asked(s.xena)
    await s.xena.submit({"title": "Second"})
    await s.settle()
    assert "Product &amp; more" in s.cards(s.content)[1].text


async def test_nothing_chosen_is_an_answer(at_desk: Scene) -> None:
    s = at_desk
    await hand_in(s, s.xena, "First")
    await s.xena.slash("/social-idea", "", channel=s.general)
    assert not asked(s.xena)
    assert "Product" not in s.only_card(s.content).text


async def test_who_is_known_is_not_asked(at_desk: Scene) -> None:
    s = at_desk
    await s.sam.slash("/social-idea", "", channel=s.general)
    assert not asked(s.sam)
    await s.sam.close_view()
    await s.xena.slash("/social-idea", "", channel=s.leadership)
    assert not asked(s.xena)
    await s.xena.submit({"title": "From the channel"})
    await s.settle()
    assert "Product &amp; more" in s.only_card(s.content).text
    await s.xena.slash("/social-idea", "", channel=s.general)
    assert asked(s.xena)


async def test_without_departments_nobody_is_asked(at_work: Scene) -> None:
    s = at_work
    await with_departments(s)
    await s.xena.slash("/social-idea", "", channel=s.general)
    assert not asked(s.xena)


async def test_it_stays_when_the_kind_is_changed(at_desk: Scene) -> None:
    s = at_desk
    await s.xena.global_shortcut("submit.global")
    s.xena.fill({"department": "Sales", "title": "Words"})
    assert s.xena.view is not None
    await s.xena.click(s.xena.view, "submit.kind", "lead")
    assert asked(s.xena)
    assert "Sales" not in str([b for b in s.xena.view.blocks if b.get("block_id") == "need"])
    await s.xena.submit({"name": "Acme"})
    await s.settle()
    assert "Sales" in s.only_card(s.leads).text


async def test_a_department_that_went_away_meanwhile(at_desk: Scene) -> None:
    s = at_desk
    await s.xena.slash("/social-idea", "", channel=s.general)
    await with_departments(s, Department(name="Other"))
    await s.xena.submit({"title": "Typed", "department": "Sales"})
    assert s.xena.errors == {"department": "There is no such department any more. Choose again."}
    await s.xena.submit({"department": None})
    await s.settle()
    assert "Typed" in s.only_card(s.content).text


async def test_who_said_sales_is_in_sales_by_its_new_name(at_desk: Scene) -> None:
    s = at_desk
    await hand_in(s, s.xena, "First", department="Sales")
    await s.olga.open_home()
    await s.settle()
    assert s.olga.home is not None
    await s.olga.click(s.olga.home, "setup.department:0")
    await s.olga.submit({"name": "Sales EMEA"})
    await s.settle()
    await hand_in(s, s.xena, "Second")
    assert "Sales EMEA" in s.cards(s.content)[1].text
