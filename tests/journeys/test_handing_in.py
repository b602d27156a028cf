"""Handing in, from every place, and what odd input gets."""

from datetime import timedelta

import pytest

from bot.kinds import KINDS, Kind
from sandbox.model import View
from tests.support.desk import Scene


def typed(view: View, block_id: str) -> str:
    """What a field of an open form starts with."""
    (block,) = [b for b in view.blocks if b.get("block_id") == block_id]
    return str(block["element"].get("initial_value", ""))


def words(view: View) -> str:
    """Everything that a view says."""
    return str(view.blocks)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
async def test_each_command_opens_its_form_filled_with_the_text(at_work: Scene, kind: Kind) -> None:
    await at_work.sam.slash(f"/social-{kind.key}", "a <b> & <!channel> c", channel=at_work.general)
    assert at_work.sam.view is not None
    field = "title" if kind.key == "idea" else kind.text_field
    assert typed(at_work.sam.view, field) == "a <b> & <!channel> c"
    assert at_work.sam.view.title == f"Hand in {kind.article}"


async def test_few_fields_are_required(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Only a title"})
    await s.sam.slash("/social-lead", "", channel=s.general)
    await s.sam.submit({"name": "Acme", "need": "Boxes"})
    await s.settle()
    assert len(s.cards(s.content)) == 1
    assert len(s.cards(s.leads)) == 1


async def test_a_message_becomes_a_submission_with_its_link(at_work: Scene) -> None:
    s = at_work
    message = await s.sam.say(s.general, "Our customer in Graz said <3 it simply works")
    await s.xena.message_shortcut("submit.message", s.general, message.ts)
    assert s.xena.view is not None
    assert typed(s.xena.view, "text") == "Our customer in Graz said <3 it simply works"
    await s.xena.submit({"title": "Graz"})
    await s.settle()
    card = s.only_card(s.content)
    assert f"/archives/{s.general}/p{message.ts.replace('.', '')}" in card.text


async def test_the_kind_can_be_changed_and_what_was_typed_stays(at_work: Scene) -> None:
    s = at_work
    await s.sam.global_shortcut("submit.global")
    assert s.sam.view is not None
    s.sam.fill({"title": "Ada loves it", "text": "She said so"})
    await s.sam.click(s.modal(s.sam), "submit.kind", "testimonial")
    assert s.sam.view is not None
    assert typed(s.sam.view, "quote") == "Ada loves it\nShe said so"
    await s.sam.submit({"customer": "Acme"})
    await s.settle()
    assert len(s.cards(s.advocacy)) == 1


async def test_a_private_message_says_who_will_read_it_and_leaves_no_link(at_work: Scene) -> None:
    s = at_work
    message = await s.lena.say(s.leads, "Between us: they want out of their contract")
    await s.lena.message_shortcut("submit.message", s.leads, message.ts)
    assert s.lena.view is not None
    assert "private" in words(s.lena.view)
    assert s.content in words(s.lena.view)
    await s.lena.submit({"title": "A story"})
    await s.settle()
    assert "archives" not in str(s.only_card(s.content))


async def test_a_channel_that_turned_private_leaves_no_link_either(at_work: Scene) -> None:
    s = at_work
    message = await s.sam.say(s.general, "Soon a secret")
    await s.sam.message_shortcut("submit.message", s.general, message.ts)
    s.ws.make_private(s.general)
    await s.desk.refresh()
    await s.sam.submit({"title": "A story"})
    await s.settle()
    assert "archives" not in str(s.only_card(s.content))


async def test_the_same_message_twice_is_one_submission(at_work: Scene) -> None:
    s = at_work
    message = await s.sam.say(s.general, "Twice")
    for person in (s.sam, s.xena):
        await person.message_shortcut("submit.message", s.general, message.ts)
        await person.submit({"title": f"Twice, says {person.user.name}"})
    await s.settle()
    assert s.xena.view is not None
    assert "already" in words(s.xena.view)
    assert "Twice, says xena" in words(s.xena.view)
    assert len(s.cards(s.content)) == 1
    assert s.dm(s.xena) == []


async def test_a_message_that_was_declined_may_come_again(at_work: Scene) -> None:
    s = at_work
    message = await s.sam.say(s.general, "They love it")
    for attempt in ("Thin", "With more"):
        await s.sam.message_shortcut("submit.message", s.general, message.ts)
        await s.sam.submit({"title": attempt})
        await s.settle()
        await s.cora.click(s.cards(s.content)[-1], "triage.decline")
        await s.cora.submit({"reason": "needs_more", "note": "Tell us more"})
        await s.settle()
    assert len(s.cards(s.content)) == 2


async def test_personal_fields_wait_for_their_kind(at_work: Scene) -> None:
    s = at_work
    await s.sam.global_shortcut("submit.global")
    await s.sam.click(s.modal(s.sam), "submit.kind", "lead")
    s.sam.fill({"name": "Nadia Private", "contact": "nadia@example.com", "need": "A press"})
    await s.sam.click(s.modal(s.sam), "submit.kind", "idea")
    assert s.sam.view is not None
    assert typed(s.sam.view, "text") == "A press"
    assert "Nadia" not in words(s.sam.view)
    await s.sam.click(s.modal(s.sam), "submit.kind", "lead")
    assert s.sam.view is not None
    assert typed(s.sam.view, "name") == "Nadia Private"
    assert typed(s.sam.view, "contact") == "nadia@example.com"
    assert typed(s.sam.view, "need") == "A press"


async def test_a_sentence_arrives_where_the_desk_is_no_member(at_work: Scene) -> None:
    s = at_work
    place = s.ws.add_channel("elsewhere", s.sam.user.id).id
    message = await s.sam.say(place, "Worth telling")
    s.ws.fault("views.open", "500")
    await s.sam.message_shortcut("submit.message", place, message.ts)
    await s.settle()
    assert "once more" in s.sam.ephemerals[-1].text


async def test_the_same_form_twice_is_one_submission(at_work: Scene) -> None:
    s = at_work
    s.ws.fault("interactive", "twice")
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Double click"})
    await s.settle()
    assert len(s.cards(s.content)) == 1
    assert len(s.dm(s.sam)) == 1


@pytest.mark.parametrize(
    "field, value, part",
    [
        ("title", "", "fill in"),
        ("title", "   ", "fill in"),
        ("title", "🎉🎉", "no text"),
        ("title", ":tada:", "no text"),
        ("title", "x" * 151, "151 characters; 150 fit"),
        ("text", "x" * 3001, "3,001 characters; 3,000 fit"),
        ("link", "not a link", "no link"),
        ("link", "javascript:alert(1)", "no link"),
    ],
)
async def test_a_bad_field_is_answered_on_that_field(
    at_work: Scene, field: str, value: str, part: str
) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Good", field: value}, force=True)
    assert list(s.sam.errors) == [field]
    assert part in s.sam.errors[field]
    await s.settle()
    assert s.cards(s.content) == []


async def test_consent_that_was_granted_needs_its_wording(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-testimonial", "Great", channel=s.general)
    await s.sam.submit({"customer": "Acme", "consent": "granted"})
    assert list(s.sam.errors) == ["consent_wording"]
    await s.sam.submit({"consent_wording": "Use it on LinkedIn, with my name"})
    await s.settle()
    assert "Granted" in s.only_card(s.advocacy).text


@pytest.mark.parametrize("contact", ["someone@", "a@b", "hello", "https://"])
async def test_a_contact_that_is_none(at_work: Scene, contact: str) -> None:
    s = at_work
    await s.sam.slash("/social-lead", "Boxes", channel=s.general)
    await s.sam.submit({"name": "Acme", "contact": contact})
    assert list(s.sam.errors) == ["contact"]


async def test_typed_markup_stays_text(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit(
        {"title": "<!channel> <b>bold</b> & *stars*", "text": "שלום <!here> <@U00000001> `code`"}
    )
    await s.settle()
    card = s.only_card(s.content)
    assert "<!channel>" not in str(card.blocks) + card.text
    assert "&lt;!channel&gt;" in card.text
    assert "שלום" in str(card.blocks)
    assert "<@U00000001>" not in str(card.blocks).replace(f"<@{s.sam.user.id}>", "")


async def test_text_that_does_not_fit_is_not_lost(at_work: Scene) -> None:
    s = at_work
    text = " ".join(f"word{number}" for number in range(600))
    await s.sam.slash("/social-idea", text, channel=s.general)
    assert s.sam.view is not None
    assert "word599" in words(s.sam.view)
    assert "word0" in typed(s.sam.view, "text")


async def test_a_form_that_slack_does_not_open_gives_the_text_back(at_work: Scene) -> None:
    s = at_work
    s.ws.fault("views.open", "500")
    await s.sam.slash("/social-idea", "A <good> thought", channel=s.general)
    assert s.sam.view is None
    (told,) = s.sam.ephemerals
    assert "once more" in told.text
    assert "A &lt;good&gt; thought" in told.text


async def test_an_expired_trigger_gives_the_text_back(at_work: Scene) -> None:
    s = at_work
    s.ws.fault("slash_commands", "late", seconds=4)
    await s.sam.slash("/social-idea", "A thought", channel=s.general)
    await s.settle()
    assert s.sam.view is None
    assert any("A thought" in m.text for m in s.sam.ephemerals) or s.sam.notices
    s.ws.problems.clear()


async def test_somebody_who_left_and_a_guest_may_not(at_work: Scene) -> None:
    s = at_work
    guest = s.ws.person(s.ws.add_user("gus", "Gus Guest", is_restricted=True).id)
    s.ws.invite(s.general, guest.user.id)
    await guest.slash("/social-idea", "All of my words", channel=s.general)
    assert guest.view is None
    assert guest.ephemerals[-1].text.startswith("Guests can use Social Desk once an admin")
    assert "All of my words" in guest.ephemerals[-1].text
    await s.sam.slash("/social-idea", "", channel=s.general)
    s.ws.deactivate(s.sam.user.id)
    await s.settle()
    await s.sam.submit({"title": "After leaving"})
    await s.settle()
    assert s.cards(s.content) == []


async def test_a_new_colleague_is_known_at_once(at_work: Scene) -> None:
    s = at_work
    s.ws.fault("events_api", "dropped", times=4)
    nina = s.ws.person(s.ws.add_user("nina", "Nina New", is_restricted=True).id)
    s.ws.invite(s.general, nina.user.id)
    await nina.slash("/social-idea", "First day", channel=s.general)
    assert nina.view is None
    assert "Guests" in nina.ephemerals[-1].text


async def test_work_of_a_role_whose_holder_left_goes_to_the_fallback(at_work: Scene) -> None:
    s = at_work
    s.ws.deactivate(s.cora.user.id)
    await s.settle()
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Who owns it now?"})
    await s.settle()
    assert s.cards(s.content) == []
    (card,) = [m for m in s.dm(s.olga) if "Who owns it now?" in m.text]
    assert "Social lead" in card.text
    assert await s.tried(s.olga, card, "triage.accept") == []
    assert "Accepted" in next(m for m in s.dm(s.olga) if m.ts == card.ts).text


async def test_a_rule_routes_by_content_type_to_a_holder_s_direct_messages(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "A film", "content_type": "video"})
    await s.settle()
    assert s.cards(s.content) == []
    assert any("A film" in m.text for m in s.dm(s.ava))


async def test_everything_is_stored_before_the_ack(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "", channel=s.general)
    s.ws.fault("chat.postMessage", "refused", times=50)
    await s.sam.submit({"title": "Slack is away"})
    await s.desk.rest()
    await s.clock.advance(timedelta(minutes=3))
    assert s.cards(s.content) == []
    s.ws.faults.clear()
    await s.wait(minutes=10)
    assert len(s.cards(s.content)) == 1
    assert len(s.dm(s.sam)) == 1
