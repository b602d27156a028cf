"""Persons: found, erased and written into files from the command line."""

import json
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.erasure_store import AccessKind
from bot.errors import ConfigurationError, NotFoundError
from bot.lifecycle import OPERATOR
from runtime import dossier, erasing, export
from runtime.erasing import How, erase_person, erase_submission, forget_colleague
from runtime.here import Here
from tests.journeys.test_goals import id_of, set_goal
from tests.support.desk import Scene, settings
from tests.support.words import SECRET, asked, hinted, now, of_idea, praised

AT = settings("sqlite:///as-the-scene-says.db")


@pytest.fixture
def command_line(at_work: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Short commands find the scene's workspace without a network."""
    desk = at_work.desk

    async def in_workspace(_: object, __: object, work: Callable[[Here], Awaitable[Any]]) -> Any:
        return await work(Here(desk.database, desk.identity.workspace_id))

    for module in (erasing, dossier, export):
        monkeypatch.setattr(module, "in_workspace", in_workspace)

    async def with_database(
        _: object, work: Callable[[Here], Awaitable[Any]], _workspace: str | None = None
    ) -> Any:
        return await work(Here(desk.database, desk.identity.workspace_id))

    monkeypatch.setattr(export, "with_database", with_database)
    return at_work


async def test_a_person_is_found_and_erased_everywhere(command_line: Scene) -> None:
    s = command_line
    await hinted(s)
    await praised(s)
    await of_idea(s, f"Lunch with {SECRET}")
    await s.sam.slash("/social-lead", "Other", channel=s.general)
    await s.sam.submit({"name": "Otto Other", "need": "A valve"})
    await s.settle()
    foreseen = await erase_person(AT, SECRET.upper(), How(is_dry_run=True))
    told = "\n".join(foreseen)
    assert "Lead 1: Name or company; 0 texts" in told
    assert "Testimonial 2: Person; 0 texts" in told
    assert "! Idea 3 has the same words in: Title." in told
    assert "Lead 4" not in told
    assert told.endswith("Nothing was erased: this was a dry run.")
    await s.lena.click(s.cards(s.leads)[0], "triage.open")
    assert SECRET in str(s.modal(s.lena).blocks)
    done = await erase_person(AT, SECRET, How())
    assert done[-1].startswith("Erased.")
    await s.settle()
    for number, name in ((1, {}), (2, {}), (4, {"name": "Otto Other"})):
        personal = await s.desk.database.read(
            s.desk.identity.workspace_id,
            lambda tx, n, _: tx.submissions.personal(n),
            number,
            s.clock.now(),
        )
        assert personal == name
    nobody = await erase_person(AT, SECRET, How())
    assert nobody[0] == "Nobody with this name or contact is in a personal field."


async def test_stories_lessons_goals_and_the_rest_are_looked_through(
    command_line: Scene, tmp_path: Path
) -> None:
    """What erasing can't take away by itself is named."""
    s = command_line
    lesson = {
        "expectation": f"{SECRET} signs.",
        "happened": "A no.",
        "cause": "Late.",
        "change": "Early.",
    }
    await s.lena.slash("/social", "lesson", channel=s.general)
    await s.lena.submit(lesson)
    decision = {"text": f"We visit {SECRET.upper()}"}
    await s.lena.slash("/social", "decision", channel=s.general)
    await s.lena.submit(decision)
    await s.settle()
    told = await erase_person(AT, SECRET, How(is_dry_run=True))
    (first, second) = [line for line in told if line.startswith("! ")]
    assert first.startswith(f"! Lesson “{SECRET} signs.” has the same words in: title, expectation")
    assert second.startswith(f"! Decision “We visit {SECRET.upper()}” has the same words in: text.")
    await dossier.export_person(AT, SECRET, tmp_path / "nadia.json")
    found = json.loads((tmp_path / "nadia.json").read_text("utf-8"))
    assert [(one["sort"], one["places"]) for one in found["to_read"]] == [
        ("lesson", ["title", "expectation"]),
        ("decision", ["text"]),
    ]
    nobody = await erase_person(AT, "Otto Other", How(is_dry_run=True))
    assert [line for line in nobody if line.startswith("!")] == []


async def test_a_number_that_is_none_and_a_submission_without_anything(command_line: Scene) -> None:
    s = command_line
    with pytest.raises(NotFoundError):
        await erase_submission(AT, 7, How())
    await of_idea(s)
    lines = await erase_submission(AT, 1, How())
    assert lines[0] == "Idea 1: nothing personal is stored."


async def test_a_colleague_and_what_they_wrote(command_line: Scene) -> None:
    s = command_line
    card = await of_idea(s)
    await asked(s, s.cora, card, "Call Nadia?")
    cora = s.cora.user.id
    lines = await forget_colleague(AT, cora, with_texts=False, is_dry_run=True)
    assert lines[:3] == (
        "0 drafts.",
        "What Slack told of them.",
        "Texts in the conversations about: 1. They stay; --texts takes them along.",
    )
    assert "! The set-up names them: role content_lead." in lines
    await forget_colleague(AT, cora, with_texts=True, is_dry_run=False)
    await s.settle()
    assert "Call Nadia?" not in str(s.ws.messages)


async def test_everything_about_a_customer_in_a_file(command_line: Scene, tmp_path: Path) -> None:
    s = command_line
    card = await hinted(s)
    await asked(s, s.lena, card, "By when?")
    await of_idea(s, f"Lunch with {SECRET}")
    file = tmp_path / "nadia.json"
    said = await dossier.export_person(AT, SECRET, file)
    assert said == f"1 submissions about them in {file}."
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = json.loads(file.read_text("utf-8"))
    (lead,) = found["submissions"]
    assert lead["personal"]["name"] == SECRET
    assert "By when?" in [entry.get("text") for entry in lead["history"]]
    assert lead["history"][-1]["what"] == "wrote its personal data into a file"
    assert [one["number"] for one in found["to_read"]] == [2]
    with pytest.raises(ConfigurationError, match="exists already"):
        await dossier.export_person(AT, SECRET, file)
    await s.lena.click(now(s, card), "triage.open")
    assert "An operator wrote its personal data into a file" in str(s.modal(s.lena).blocks)


async def test_everything_about_a_colleague_in_a_file(command_line: Scene, tmp_path: Path) -> None:
    s = command_line
    card = await hinted(s)
    await asked(s, s.lena, card, "By when?")
    await dossier.export_person(AT, s.lena.user.id, tmp_path / "lena.json")
    text = (tmp_path / "lena.json").read_text("utf-8")
    found = json.loads(text)
    assert found["known"]["name"] == "Lena Leads"
    assert found["set_up"] == ["role lead_desk"]
    assert [entry["what"] for entry in found["submissions"][0]["history"]] == ["asked a question"]
    assert SECRET not in text
    shown = await set_goal(s, s.lena)
    await s.lena.click(shown, id_of(shown, "goals.read"))
    await s.lena.submit({"value": "31"})
    await dossier.export_person(AT, s.lena.user.id, tmp_path / "again.json")
    entered = json.loads((tmp_path / "again.json").read_text("utf-8"))["entered"]
    assert entered["goal"][0]["title"] == "Trial sign-ups from social"
    assert [row["value"] for row in entered["reading"]] == [31]
    told = await forget_colleague(AT, s.lena.user.id, with_texts=False, is_dry_run=True)
    assert "! Entered by them, and kept under their id: 1 in reading." in told
    lesson = {"expectation": "A yes.", "happened": "A no.", "cause": "Late.", "change": "Early."}
    await s.lena.slash("/social", "lesson", channel=s.general)
    await s.lena.submit(lesson)
    await dossier.export_person(AT, s.lena.user.id, tmp_path / "learned.json")
    entered = json.loads((tmp_path / "learned.json").read_text("utf-8"))["entered"]
    assert [row["change"] for row in entered["lesson"]] == ["Early."]
    told = await forget_colleague(AT, s.lena.user.id, with_texts=False, is_dry_run=True)
    assert "! Entered by them, and kept under their id: 1 in lesson." in told
    await dossier.export_person(AT, s.sam.user.id, tmp_path / "sam.json")
    text = (tmp_path / "sam.json").read_text("utf-8")
    assert "A pump for a ship" in text
    assert SECRET not in text


async def test_every_way_to_personal_data_is_recorded(command_line: Scene, tmp_path: Path) -> None:
    s = command_line
    card = await hinted(s)
    await s.lena.click(card, "triage.open")
    await s.settle()
    await dossier.export_person(AT, SECRET, tmp_path / "a.json")
    await export.export_submissions(AT, tmp_path / "b.csv", with_personal=False)
    await export.export_submissions(AT, tmp_path / "c.csv", with_personal=True)
    await erase_submission(AT, 1, How())
    await erase_submission(AT, 1, How(is_whole=True))
    count = await export.export_accesses(AT, tmp_path / "d.csv")
    lines = (tmp_path / "d.csv").read_text("utf-8-sig").splitlines()
    assert stat.S_IMODE((tmp_path / "d.csv").stat().st_mode) == 0o600
    assert len(lines) == count + 1
    done = [tuple(line.split(",")[1:4]) for line in lines[1:]]
    # Opened by Lena: her look went with the submission.
    assert sorted(done) == sorted(
        [
            (OPERATOR, AccessKind.FIND_PERSON, "1"),
            (OPERATOR, AccessKind.EXPORT_PERSON, "1"),
            (OPERATOR, AccessKind.EXPORT_SUBMISSIONS, ""),
            (OPERATOR, AccessKind.ERASE_PERSONAL, "1"),
            (OPERATOR, AccessKind.ERASE_SUBMISSION, "1"),
        ]
    )
    assert SECRET not in (tmp_path / "d.csv").read_text("utf-8")


async def test_who_opened_is_in_the_table_of_accesses(command_line: Scene, tmp_path: Path) -> None:
    s = command_line
    card = await hinted(s)
    await s.lena.click(card, "triage.open")
    await s.settle()
    await export.export_accesses(AT, tmp_path / "d.csv")
    assert f",{s.lena.user.id},open,1," in (tmp_path / "d.csv").read_text("utf-8-sig")
