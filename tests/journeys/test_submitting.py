"""What a submitter does after handing in: change it, take it back, each from the receipt."""

from tests.support.desk import Scene


async def open_own(s: Scene) -> None:
    """Sam presses Open on his receipt."""
    receipt = s.dm(s.sam)[0]
    await s.sam.click(receipt, "triage.open")


async def test_the_submitter_changes_it_until_it_is_decided(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-lead", "", channel=s.general)
    await s.sam.submit({"name": "Jonas Marker", "need": "A press & <more>"})
    await s.settle()
    await open_own(s)
    await s.sam.click(s.modal(s.sam), "triage.edit")
    form = s.modal(s.sam)
    assert "Jonas Marker" in str(form.blocks)
    await s.sam.submit({"contact": "nobody"})
    assert set(s.sam.errors) == {"contact"}
    await s.sam.submit({"contact": "jonas@example.com", "need": "Two presses"})
    await s.settle()
    assert s.sam.view is None
    card = s.only_card(s.leads)
    assert "Two presses" in card.text
    assert "Marker" not in str(card)
    assert s.story(card) == ["*Sam Sales* changed it: Contact and What do they need."]
    await s.lena.click(card, "triage.open")
    assert "jonas@example.com" in str(s.modal(s.lena).blocks)


async def test_too_late_to_change_keeps_what_was_typed(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "Ten tips", channel=s.general)
    await s.sam.submit()
    await s.settle()
    await open_own(s)
    await s.sam.click(s.modal(s.sam), "triage.edit")
    await s.tried(s.cora, s.only_card(s.content), "triage.accept")
    await s.sam.submit({"title": "Twenty tips"})
    await s.settle()
    assert "Number 1 is accepted" in str(s.modal(s.sam).blocks)
    assert "Twenty tips" in str(s.modal(s.sam).blocks)
    assert "Ten tips" in s.only_card(s.content).text


async def test_nothing_changed_is_said_beside_the_form(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "Ten tips", channel=s.general)
    await s.sam.submit()
    await s.settle()
    await open_own(s)
    await s.sam.click(s.modal(s.sam), "triage.edit")
    await s.sam.submit()
    assert "Nothing is different yet" in s.sam.errors["title"]


async def test_the_submitter_withdraws_it_after_a_question(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "Ten tips", channel=s.general)
    await s.sam.submit()
    await s.settle()
    await open_own(s)
    await s.sam.click(s.modal(s.sam), "triage.withdraw")
    assert "can't be undone" in str(s.modal(s.sam).blocks)
    assert s.story(s.only_card(s.content)) == []
    await s.sam.submit()
    await s.settle()
    assert s.sam.view is None
    card = s.only_card(s.content)
    assert "*Withdrawn* by" in card.text
    assert "Accept" not in str(card.blocks)
    assert s.story(card) == ["*Sam Sales* withdrew it."]
    assert len(s.dm(s.sam)) == 1
    refused = await s.tried(s.cora, card, "triage.open")
    assert refused == []
