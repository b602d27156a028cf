"""A digest as a file: asked for by a button, printed, and sent to whoever asked and nobody else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.outbox import Effect, EffectKind, paper_name
from handlers import paper
from handlers.looking import is_of
from handlers.papers import ON_ITS_WAY
from sandbox.model import File, Message
from sandbox.people import Person
from tests.support.desk import Scene

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def files_of(s: Scene, person: Person) -> list[File]:
    """The files that the desk sent somebody, oldest first."""
    return [s.ws.files[one] for message in s.dm(person) for one in message.files]


async def posted(s: Scene) -> Message:
    """The last message of a digest that was posted."""
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "News"})
    await s.jump(MONDAY + timedelta(minutes=1))
    found = s.ws.messages[s.leadership].values()
    with_button = [one for one in found if "digest.paper" in str(one.blocks)]
    assert with_button == [max(found, key=lambda one: one.ts)]
    return with_button[0]


async def test_who_reads_a_digest_gets_it_as_a_file_once_per_minute(at_work: Scene) -> None:
    s = at_work
    last = await posted(s)
    assert await s.tried(s.xena, last, "digest.paper") == [ON_ITS_WAY]
    assert await s.tried(s.xena, last, "digest.paper") == [ON_ITS_WAY]
    (file,) = files_of(s, s.xena)
    assert file.content.startswith(b"%PDF-")
    assert file.title == "Digest for Leadership, 16 to 22 Nov 2026"
    assert file.name == "digest-leadership-2026-W48-20261123-0801.pdf"
    assert not s.dm(s.olga) or not files_of(s, s.olga)
    await s.wait(minutes=3)
    await s.xena.click(last, "digest.paper")
    await s.settle()
    assert len(files_of(s, s.xena)) == 2


async def test_it_is_as_large_as_paper_is_where_its_reader_lives(at_work: Scene) -> None:
    s = at_work
    last = await posted(s)
    zoe = s.ws.person(s.ws.add_user("zoe", "Zoe Zimmer", tz="America/Chicago").id)
    s.ws.invite(s.leadership, zoe.user.id)
    await s.settle()
    for person, size in ((s.xena, b"[0 0 595.28 841.89]"), (zoe, b"[0 0 612.00 792.00]")):
        assert await s.tried(person, last, "digest.paper") == [ON_ITS_WAY]
        await s.settle()
        (file,) = files_of(s, person)
        assert b"/MediaBox " + size in file.content


async def test_only_colleagues_who_see_it_get_it(at_work: Scene) -> None:
    s = at_work
    last = await posted(s)
    guest = s.ws.person(s.ws.add_user("gus", "Gus Guest", is_restricted=True).id)
    s.ws.invite(s.leadership, guest.user.id)
    await s.settle()
    (said,) = await s.tried(guest, last, "digest.paper")
    assert "Guests can use Social Desk once" in said
    desk = s.desk.database.cached_desk(s.desk.identity.workspace_id)
    assert desk.guests == ()
    assert files_of(s, guest) == []


async def test_what_it_would_say_now_is_had_from_its_preview(at_work: Scene) -> None:
    s = at_work
    await s.olga.slash("/social", "digests", channel=s.general)
    await s.olga.click(s.olga.ephemerals[-1], "rounds.open:leadership")
    await s.olga.click(s.modal(s.olga), "rounds.preview")
    await s.olga.click(s.modal(s.olga), "digest.paper")
    await s.settle()
    assert ON_ITS_WAY in str(s.modal(s.olga).blocks)
    (file,) = files_of(s, s.olga)
    assert file.name.startswith("digest-leadership-preview-")


async def test_the_preview_of_a_channel_is_for_those_who_are_in_it(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social", "digest", channel=s.general)
    assert await s.tried(s.sam, s.sam.ephemerals[-1], "digest.paper") == [ON_ITS_WAY]
    assert len(files_of(s, s.sam)) == 1


@pytest.mark.parametrize(
    "what, kind",
    [
        ("files.getUploadURLExternal", "429"),
        ("files.upload", "lost"),
        ("files.completeUploadExternal", "refused"),
        ("files.completeUploadExternal", "lost"),
        ("files.completeUploadExternal", "500"),
        ("conversations.open", "500"),
    ],
)
async def test_trouble_on_the_way_makes_it_neither_lost_nor_double(
    at_work: Scene, what: str, kind: str
) -> None:
    s = at_work
    last = await posted(s)
    s.ws.fault(what, kind)
    await s.xena.click(last, "digest.paper")
    await s.wait(minutes=5)
    assert len(files_of(s, s.xena)) == 1
    s.ws.problems.clear()


async def test_without_a_font_a_sentence_comes_in_its_place(
    at_work: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = at_work
    monkeypatch.setattr(paper, "FONTS", (Path("/nowhere.ttf"),))
    await s.sam.slash("/social", "digest", channel=s.general)
    await s.sam.click(s.sam.ephemerals[-1], "digest.paper")
    await s.settle()
    assert "could not be made" in s.dm(s.sam)[-1].text
    assert files_of(s, s.sam) == []


async def test_who_left_meanwhile_gets_nothing(at_work: Scene) -> None:
    s = at_work
    last = await posted(s)
    s.ws.fault("files.getUploadURLExternal", "500", times=2)
    await s.xena.click(last, "digest.paper")
    s.ws.deactivate(s.xena.user.id)
    await s.wait(minutes=5)
    assert files_of(s, s.xena) == []
    s.ws.problems.clear()


def test_a_file_is_known_by_its_name_alone() -> None:
    about = {"subscription_id": "own:U0SAM", "period": "", "channel": ""}
    payload = {**about, "asked_at": "20261123-0801"}
    effect = Effect(key="paper:1", kind=EffectKind.PAPER, target="U0SAM", payload=payload)
    name = paper_name(effect)
    assert name == "digest-own-U0SAM-preview-20261123-0801.pdf"
    assert is_of({"files": [{"name": name}]}, effect)
    assert not is_of({"files": [{"name": name.replace("0801", "0802")}]}, effect)
    assert not is_of({}, effect)
