"""Files: handed in with a form or a message, and kept in the thread of the card."""

import pytest

from sandbox.model import File, Message
from sandbox.people import Person
from tests.support.desk import Scene

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def thread(s: Scene, card: Message) -> list[Message]:
    found = s.ws.messages[card.channel].values()
    return [m for m in found if m.thread_ts == card.ts and m.ts != card.ts]


def kept(s: Scene, card: Message) -> list[tuple[str, bytes]]:
    """Titles and bytes of the files in the thread of a card."""
    files = [s.ws.files[file_id] for message in thread(s, card) for file_id in message.files]
    return [(file.title, file.content) for file in files]


async def hand_in(s: Scene, *files: File, command: str = "idea", **fields: str) -> Message:
    answers = {"idea": {"title": "Ten tips"}, "lead": {"name": "Jonas", "need": "A press"}}
    await s.sam.slash(f"/social-{command}", "", channel=s.general)
    await s.sam.submit({**answers[command], **fields, "files": list(files)})
    await s.wait(seconds=10)
    return s.only_card(s.content if command == "idea" else s.leads)


async def test_files_of_a_form_are_kept_in_the_cards_thread(at_work: Scene) -> None:
    s = at_work
    photo, notes = s.sam.attach("photo <1>.png", PNG), s.sam.attach("notes.txt", b"R&D")
    card = await hand_in(s, photo, notes)
    assert kept(s, card) == [("1-1 photo <1>.png", PNG), ("1-2 notes.txt", b"R&D")]
    assert "*Files:* photo &lt;1&gt;.png and notes.txt" in card.text
    await s.cora.click(card, "triage.open")
    assert "notes.txt" in str(s.modal(s.cora).blocks)


async def test_files_of_a_message_go_along_with_those_that_are_added(at_work: Scene) -> None:
    s = at_work
    photo = s.sam.attach("photo.png", PNG)
    said = await s.sam.say(s.general, "They love the press", files=[photo])
    await s.sam.message_shortcut("submit.message", s.general, said.ts)
    assert "The message's file goes along: “photo.png”." in str(s.modal(s.sam).blocks)
    await s.sam.submit({"title": "Press", "files": [s.sam.attach("plan.pdf", b"%PDF")]})
    await s.wait(seconds=10)
    assert [title for title, _ in kept(s, s.only_card(s.content))] == [
        "1-1 photo.png",
        "1-2 plan.pdf",
    ]


async def test_the_files_stay_when_another_kind_is_chosen(at_work: Scene) -> None:
    s = at_work
    said = await s.sam.say(s.general, "They love it", files=[s.sam.attach("a.png", PNG)])
    await s.sam.message_shortcut("submit.message", s.general, said.ts)
    await s.sam.click(s.modal(s.sam), "submit.kind", "testimonial")
    await s.sam.submit({"customer": "Acme"})
    await s.wait(seconds=10)
    assert [title for title, _ in kept(s, s.only_card(s.advocacy))] == ["1-1 a.png"]


async def test_a_file_that_the_desk_may_not_see_is_told_in_the_thread(at_work: Scene) -> None:
    s = at_work
    alone = s.ws.add_channel("alone", s.sam.user.id, s.xena.user.id).id
    said = await s.sam.say(alone, "Look", files=[s.sam.attach("secret.png", PNG)])
    await s.sam.message_shortcut("submit.message", alone, said.ts)
    await s.sam.submit({"title": "Press"})
    await s.wait(seconds=10)
    card = s.only_card(s.content)
    assert kept(s, card) == []
    (told,) = s.story(card)
    assert "“secret.png” could not be brought here: Social Desk may not see it." in told
    assert s.dm(s.olga) == []
    s.ws.problems.clear()


async def test_a_file_that_was_deleted_meanwhile_is_told_in_the_thread(at_work: Scene) -> None:
    s = at_work
    photo = s.sam.attach("photo.png", PNG)
    await s.sam.slash("/social-idea", "Ten tips", channel=s.general)
    s.sam.fill({"files": [photo]})
    s.ws.fault("files.info", "error", code="file_deleted")
    await s.sam.submit()
    await s.wait(seconds=10)
    (told,) = s.story(s.only_card(s.content))
    assert "it was deleted" in told


@pytest.mark.parametrize(
    "what, kind",
    [
        ("files.info", "500"),
        ("files.info", "lost"),
        ("files.download", "500"),
        ("files.download", "timeout"),
        ("files.getUploadURLExternal", "429"),
        ("files.upload", "lost"),
        ("files.completeUploadExternal", "refused"),
        ("files.completeUploadExternal", "lost"),
        ("files.completeUploadExternal", "500"),
    ],
)
async def test_trouble_on_the_way_makes_it_neither_lost_nor_double(
    at_work: Scene, what: str, kind: str
) -> None:
    s = at_work
    s.ws.fault(what, kind)
    card = await hand_in(s, s.sam.attach("photo.png", PNG))
    await s.wait(minutes=5)
    assert kept(s, s.only_card(card.channel)) == [("1-1 photo.png", PNG)]
    s.ws.problems.clear()


async def test_a_file_may_be_added_later(at_work: Scene) -> None:
    s = at_work
    card = await hand_in(s, s.sam.attach("first.png", PNG))
    await s.sam.click(s.dm(s.sam)[0], "triage.open")
    await s.sam.click(s.modal(s.sam), "triage.edit")
    await s.sam.submit({"files": [s.sam.attach("second.png", PNG + b"2")]})
    await s.wait(seconds=10)
    assert kept(s, card) == [("1-1 first.png", PNG), ("1-2 second.png", PNG + b"2")]
    assert "*Sam Sales* changed it: Files." in s.story(card)


async def test_files_follow_the_card_to_another_place(at_work: Scene) -> None:
    s = at_work
    card = await hand_in(s, s.sam.attach("photo.png", PNG), s.sam.attach("b.txt", b"b"))
    await s.cora.click(card, "triage.more", "Hand over")
    await s.cora.submit({"to": "role:advocacy_lead"})
    await s.wait(seconds=10)
    moved = s.only_card(s.advocacy)
    assert [title for title, _ in kept(s, moved)] == ["1-1 photo.png", "1-2 b.txt"]


async def test_more_files_than_fit_are_refused_beside_the_field(at_work: Scene) -> None:
    s = at_work
    files = [s.sam.attach(f"{n}.png", PNG) for n in range(7)]
    said = await s.sam.say(s.general, "Look", files=files)
    await s.sam.message_shortcut("submit.message", s.general, said.ts)
    more = [s.sam.attach(f"more{n}.png", PNG) for n in range(5)]
    await s.sam.submit({"title": "Full", "files": more})
    await s.wait(seconds=30)
    assert len(kept(s, s.only_card(s.content))) == 10
    await s.sam.click(s.dm(s.sam)[0], "triage.open")
    await s.sam.click(s.modal(s.sam), "triage.edit")
    await s.sam.submit({"files": [s.sam.attach("one.png", PNG)]})
    assert s.sam.errors == {"files": "10 files fit; there would be 11."}


async def test_an_empty_file_is_told(at_work: Scene) -> None:
    s = at_work
    card = await hand_in(s, s.sam.attach("empty.txt", b""))
    (told,) = s.story(card)
    assert "there is nothing in it" in told


async def person_sees(s: Scene, person: Person, card: Message) -> list[str]:
    return [
        file.title
        for message in person.thread(card.channel, card.ts)
        for file in person.files(message)
    ]


async def test_who_decides_sees_the_files(at_work: Scene) -> None:
    s = at_work
    card = await hand_in(s, s.sam.attach("photo.png", PNG), command="lead")
    assert await person_sees(s, s.lena, card) == ["1-1 photo.png"]


@pytest.mark.parametrize("what, kind", [("files.download", "500"), ("files.upload", "timeout")])
async def test_a_file_that_slack_does_not_hand_out_holds_up_nobody(
    at_work: Scene, what: str, kind: str
) -> None:
    s = at_work
    s.ws.fault(what, kind, times=1000)
    card = await hand_in(s, s.sam.attach("photo.png", PNG))
    await s.sam.slash("/social-idea", "Another one", channel=s.general)
    await s.sam.submit()
    await s.wait(minutes=5)
    assert len(s.cards(s.content)) == 2
    (told,) = s.story(card)
    assert "“photo.png” could not be brought here: Slack did not hand it out." in told
    s.ws.problems.clear()
