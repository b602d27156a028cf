"""What social brought: entered by hand, said as a phrase, seen beside what it cost."""

from sandbox.model import Message, View
from sandbox.people import Person
from tests.support.desk import Scene


async def said(s: Scene, person: Person, words: str) -> Message:
    """What the command answers."""
    await person.slash("/social", words, channel=s.general)
    found: Message = person.ephemerals[-1]
    return found


def id_of(shown: Message | View, action: str) -> str:
    """The id of the first element of an action."""
    found = (
        str(element["action_id"])
        for block in shown.blocks
        for element in (*block.get("elements", ()), block.get("accessory", {}))
        if element.get("action_id", "").startswith(action)
    )
    return next(found)


async def enter(s: Scene, person: Person, **given: str) -> str:
    """Fill the form in, and what its page says."""
    await person.slash("/social", "conversion", channel=s.general)
    await person.submit({"type": "signup", "count": "3", **given})
    assert person.errors == {}
    page = str(s.modal(person).blocks)
    await person.close_view()
    await s.settle()
    return page


async def test_a_conversion_is_entered_corrected_and_undone_in_its_form(at_work: Scene) -> None:
    s = at_work
    told = await enter(s, s.cora, platform="linkedin")
    assert "Recorded: 3 e-mail sign-ups, 19 Nov: LinkedIn (they told us)." in told
    assert "3 e-mail sign-ups, before 0" in (await said(s, s.sam, "results")).text

    await s.cora.slash("/social", "conversion", channel=s.general)
    menu = id_of(s.modal(s.cora), "conversion.more")
    await s.cora.click(s.modal(s.cora), menu, "Correct…")
    await s.cora.submit({"count": "2"})
    assert "The entry that it corrects does not count any more." in str(s.modal(s.cora).blocks)
    await s.cora.close_view()
    shown = (await said(s, s.sam, "results")).text
    assert "• 2 e-mail sign-ups, before 0" in shown
    assert "LinkedIn: touched 2 · they told us 2" in shown
    assert "first touch 2 (100\u00a0%)" in shown
    assert "Too few for an order: of 2 something is known, it takes 30." in shown


async def test_what_the_desk_does_not_know_is_told_beside_the_field(at_work: Scene) -> None:
    s = at_work
    await s.cora.slash("/social", "conversion", channel=s.general)
    await s.cora.submit({"type": "signup", "count": "3", "post": "99", "amount": "12"})
    assert set(s.cora.errors) == {"post", "amount"}
    assert "no such post" in s.cora.errors["post"]
    assert "currency" in s.cora.errors["amount"]
    await s.cora.submit({"post": "", "amount": "12 EUR"})
    assert s.cora.errors == {}


async def test_who_acts_for_no_role_is_told_who_does(at_work: Scene) -> None:
    s = at_work
    for word in ("conversion", "phrase", "spend"):
        assert "Only holders of a role and admins" in (await said(s, s.sam, word)).text
    assert s.sam.view is None


async def test_a_phrase_is_set_said_and_taken_back(at_work: Scene) -> None:
    s = at_work
    await s.cora.slash("/social", "phrase", channel=s.general)
    await s.cora.submit({"words": "Pump 24", "type": "request", "reference": "The fair"})
    assert "redeemed Pump 24 3" in str(s.modal(s.cora).blocks)
    await s.cora.close_view()

    assert "Did you mean “Pump 24”?" in (await said(s, s.sam, "redeemed pomp24 3")).text
    recorded = await said(s, s.sam, "redeemed pump24 3")
    assert "Recorded: 3 requests for information. “Pump 24”: The fair" in recorded.text
    assert "3 requests for information" in (await said(s, s.xena, "results")).text

    await s.sam.click(recorded, "conversion.undo")
    await s.settle()
    assert s.sam.ephemerals[-1].text.startswith("Undone: 3 requests for information")
    assert "No conversions in these four weeks" in (await said(s, s.xena, "results")).text


async def test_what_it_cost_stands_beside_what_it_brought_for_who_may_see(at_work: Scene) -> None:
    s = at_work
    assert "Nothing is entered" in (await said(s, s.cora, "spend")).text
    await s.cora.click(s.cora.ephemerals[-1], "spend.new")
    await s.cora.submit({"paid": "paid", "amount": "100 EUR", "platform": "linkedin"})
    await s.cora.close_view()
    await s.cora.click(s.cora.ephemerals[-1], "spend.budget")
    await s.cora.submit({"period": "2026", "amount": "12,000 EUR"})
    await s.cora.close_view()
    await enter(s, s.cora, platform="linkedin", count="20", known_by="last")

    shown = await said(s, s.cora, "spend")
    assert "*Paid media: 100 EUR*" in shown.text
    assert "LinkedIn: 5 EUR per e-mail sign-up (20 saw it last)" in shown.text
    assert "*Social's share of the marketing budget of Q4 2026: 5.0\u00a0%*" in shown.text
    assert "9.4\u00a0% then, 13.2\u00a0% a year on, 21.4\u00a0% five years on" in shown.text
    assert "5 EUR per e-mail sign-up" in (await said(s, s.cora, "results")).text
    seen = (await said(s, s.sam, "results")).text
    assert "20 e-mail sign-ups" in seen
    assert "EUR" not in seen

    await s.cora.click(shown, "spend.undo")
    await s.settle()
    assert any("undone by" in told.text for told in s.cora.ephemerals)


async def test_the_table_is_turned_to_another_type_and_by_something_else(at_work: Scene) -> None:
    s = at_work
    await enter(s, s.cora, platform="linkedin")
    await enter(s, s.cora, platform="x", type="request", count="1")
    shown = await said(s, s.sam, "results")
    assert "What brought the 3 e-mail sign-ups*, by platform" in shown.text
    await s.sam.click(shown, "results.show:type", "Requests for information")
    await s.settle()
    assert "What brought the 1 requests" in s.sam.ephemerals[-1].text
    await s.sam.click(s.sam.ephemerals[-1], "results.show:by", "By organic or paid")
    await s.settle()
    assert "• Organic: touched 1 · they told us 1" in s.sam.ephemerals[-1].text


async def test_a_posts_links_are_in_its_details_from_when_it_is_accepted(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "The pump", channel=s.general)
    await s.sam.submit({"link": "https://example.com/pump"})
    await s.settle()
    card = s.only_card(s.content)
    await s.cora.click(card, "triage.open")
    assert "links.open" not in str(s.modal(s.cora).blocks)
    await s.cora.close_view()
    await s.cora.click(card, "triage.accept")
    await s.settle()

    await s.cora.click(s.only_card(s.content), "triage.open")
    await s.cora.click(s.modal(s.cora), "links.open")
    shown = str(s.modal(s.cora).blocks)
    assert "https://example.com/pump?utm_source=linkedin&utm_medium=social" in shown
    await s.cora.submit({"landing": "https://acme.slack.com/archives/C1"})
    assert "leads inside" in s.cora.errors["landing"]
    await s.cora.submit({"landing": "https://example.com/other"})
    assert "https://example.com/other?utm_source=tiktok" in str(s.modal(s.cora).blocks)

    await s.cora.click(s.modal(s.cora), "phrase.new")
    await s.cora.submit({"words": "Pump 24", "type": "request"})
    await s.settle()
    await said(s, s.sam, "redeemed pump24 3")
    await s.sam.slash("/social", "1", channel=s.general)
    shown = str(s.modal(s.sam).blocks)
    assert "requests for information (touched 3 · they told us 3)" in shown
    assert "*Leads to:* <https://example.com/other|example.com/other>" in shown
    await s.cora.click(s.only_card(s.content), "triage.open")
    await s.cora.click(s.modal(s.cora), "links.open")
    assert "https://example.com/other?utm_source=tiktok" in str(s.modal(s.cora).blocks)
