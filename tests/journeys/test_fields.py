"""What the forms ask beyond the first words: a date, a stage, how we got it."""

from tests.support.desk import Scene


async def test_a_day_that_has_passed_is_refused_beside_it_and_all_is_kept(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "Ten tips", channel=s.general)
    await s.sam.submit({"wanted_by": "2026-11-18", "stage": "trust"})
    assert s.sam.errors == {"wanted_by": "This day has passed. Please choose today or a later day."}
    await s.sam.submit({"wanted_by": "2026-12-03"})
    await s.settle()
    card = s.only_card(s.content)
    assert "*Wanted by:* Thu 3 Dec 2026" in card.text
    assert "*Which step does it help with?* Trust us" in card.text
    await s.cora.click(card, "triage.open")
    assert "Thu 3 Dec 2026" in str(s.modal(s.cora).blocks)


async def test_a_testimonial_says_how_we_got_it(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-testimonial", "It simply works", channel=s.general)
    await s.sam.submit({"customer": "Acme", "source": "A review & a call"})
    await s.settle()
    assert "*How did we get it?* A review &amp; a call" in s.only_card(s.advocacy).text
