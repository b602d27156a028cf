"""The main job: one submission all the way."""

from datetime import UTC, datetime

from tests.support.desk import Scene


async def test_a_testimonial_from_hand_in_to_the_executive_s_digest(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-testimonial", "It simply works, says Ada", channel=s.general)
    assert s.sam.view is not None
    await s.sam.submit({"customer": "Acme & Sons", "person": "Ada Marker"})
    await s.settle()

    card = s.only_card(s.advocacy)
    assert "It simply works" in card.text
    assert "Marker" not in str(card)
    (receipt,) = s.dm(s.sam)
    assert "1" in receipt.text
    assert "Advocacy lead" in receipt.text

    await s.adam.click(card, "triage.take")
    await s.settle()
    await s.adam.click(s.only_card(s.advocacy), "triage.accept")
    await s.settle()
    await s.adam.click(s.only_card(s.advocacy), "triage.consent")
    await s.adam.submit({"wording": "Yes, with our name", "shown": "name"})
    await s.settle()
    await s.adam.click(s.only_card(s.advocacy), "triage.publish")
    await s.adam.submit({"link": "https://example.com/post/1"})
    await s.settle()

    card = s.only_card(s.advocacy)
    assert "https://example.com/post/1" in card.text
    assert len(s.story(card)) == 4
    receipt, *words = s.dm(s.sam)
    assert len(words) == 4
    assert all(word.thread_ts == receipt.ts for word in words)
    assert "https://example.com/post/1" in words[-1].text

    await s.jump(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    digest = s.only_card(s.leadership)
    assert "Acme &amp; Sons" in digest.text
    assert "late" not in digest.text
    await s.jump(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    assert len(s.cards(s.leadership)) == 1
