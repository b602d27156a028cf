"""The short commands, run as an operator runs them."""

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import ROOT, Town, program, town

pytestmark = pytest.mark.slow

SetUp = tuple[Town, Path]


@pytest.fixture
async def place(sqlite_url: str) -> AsyncIterator[SetUp]:
    async with town(sqlite_url, is_set_up=False) as found:
        yield found, Path(sqlite_url.removeprefix("sqlite:///")).parent


async def run(place: SetUp, *arguments: str, **more: Any) -> tuple[int, str, str]:
    t, folder = place
    async with program(folder, *arguments, **t.settings(**more)) as found:
        status, printed = await found.ended()
        assert "Traceback" not in found.errors
        return status, printed, found.errors


def desk_file(t: Town, *, time: str = "09:00") -> str:
    return (
        f"roles:\n  content_lead:\n    channel: {t.content}\n    holders: [{t.cora.user.id}]\n"
        f'digests:\n  all:\n    channel: {t.general}\n    time: "{time}"\n'
    )


async def test_a_set_up_is_shown_applied_and_taken_up_by_a_running_desk(place: SetUp) -> None:
    t, folder = place
    file = folder / "desk.yaml"
    file.write_text(desk_file(t), encoding="utf-8")
    async with program(folder, "serve", **t.settings()) as desk:
        await t.linked()
        status, printed, _ = await run(place, "apply", "desk.yaml", "--dry-run")
        assert status == 0
        assert printed.splitlines()[-1] == "Nothing was changed: this was a dry run."
        assert f"+ digest all: channel {t.general} (#general); weekday monday" in printed
        assert f"holders +{t.cora.user.id} (Cora Marker)" in printed
        assert t.rows("schedule") == []
        status, printed, _ = await run(place, "apply", "desk.yaml")
        assert status == 0
        assert "Applied as version" in printed
        assert (await run(place, "apply", "desk.yaml"))[1] == "Nothing changes.\n"
        await t.sam.slash("/social-idea", "A new oven", channel=t.general)
        await t.sam.submit({"title": "Oven"})
        await t.quiet()
        assert len(t.cards()) == 1
        assert await desk.stop() == 0
    status, printed, _ = await run(place, "digest", t.general)
    assert status == 0
    assert "1" in printed
    status, for_sales, _ = await run(place, "digest", t.general, "--audience", "sales")
    assert status == 0
    assert for_sales != printed
    status, _, errors = await run(place, "digest", t.general, "--audience", "board")
    assert status == 1
    assert errors.startswith("There is no audience board. There are: ")
    await _digests(place)


async def _digests(place: SetUp) -> None:
    """The list of digests, a week that was, a PDF, and one sent by hand."""
    t, folder = place
    status, printed, _ = await run(place, "digest")
    assert status == 0
    head, row = (line.split("\t") for line in printed.splitlines())
    assert head[0] == "digest"
    assert row[:3] == ["all", f"{t.general} (#general)", "leadership"]
    assert row[-1] == "the set-up file"
    status, printed, _ = await run(place, "digest", "all", "--week", "2024-W10")
    assert status == 0
    assert printed.startswith("As of 11 Mar 2024, 00:00 (UTC).\n")
    assert "Social digest, 4 to 10 Mar 2024" in printed
    status, printed, _ = await run(place, "digest", "all", "--week", "2024-03-05", "--pdf", "w.pdf")
    assert (status, printed) == (0, "w.pdf: Digest for Leadership, 4 to 10 Mar 2024\n")
    assert (folder / "w.pdf").read_bytes().startswith(b"%PDF-")
    for arguments, said in (
        (("all", "--week", "spring"), "--week: should be a week like 2026-W47"),
        (("nobody",), "There is no digest nobody. There are: all."),
        (("all", "--send-now", "--week", "2024-W10"), "--send-now sends what it says so far"),
        (("--send-now",), "Which digest?"),
    ):
        status, _, errors = await run(place, "digest", *arguments)
        assert status == 1
        assert errors.startswith(said)
    status, printed, _ = await run(place, "digest", "all", "--send-now")
    assert status == 0
    assert printed.startswith(f"all is on its way to {t.general}, as soon as a server runs.")
    assert [row for row in t.rows("outbox") if ":now-operator-" in str(row)]


async def test_a_file_with_mistakes_changes_nothing(place: SetUp) -> None:
    t, folder = place
    text = desk_file(t, time="25:00")
    (folder / "time.yaml").write_text(text, encoding="utf-8")
    (folder / "ids.yaml").write_text(text.replace(t.cora.user.id, "cora"), encoding="utf-8")
    (folder / "bytes.yaml").write_bytes(b"\xff\xfe")
    cases = {
        "time.yaml": "time.yaml:8: digests.all.time: should be a time like 09:00",
        "ids.yaml": "ids.yaml:4: roles.content_lead.holders.0: should be a person's Slack id",
        "bytes.yaml": "can't be read",
        "none.yaml": "can't be read",
    }
    found = await asyncio.gather(*(run(place, "apply", name) for name in cases))
    for (status, printed, errors), said in zip(found, cases.values(), strict=True):
        assert (status, printed) == (1, "")
        assert said in errors
    assert t.rows("schedule") == []


async def test_a_channel_that_can_t_be_posted_to_is_said_before(place: SetUp) -> None:
    t, folder = place
    (folder / "desk.yaml").write_text(desk_file(t), encoding="utf-8")
    t.ws.kick(t.content, t.ws.identity.bot_user)
    t.ws.archive(t.general)
    await run(place, "migrate")
    for arguments in (("--dry-run",), ()):
        status, printed, _ = await run(place, "apply", "desk.yaml", *arguments)
        assert status == 0
        said = f"! Social Desk is not in {t.content} (#content). Type `/invite @Social Desk` there."
        assert said in printed.splitlines()
        assert f"! {t.general} (#general) is archived." in printed


async def test_the_set_up_is_exported_and_taken_back(place: SetUp) -> None:
    t, folder = place
    (folder / "desk.yaml").write_text(desk_file(t), encoding="utf-8")
    await run(place, "migrate")
    assert (await run(place, "apply", "desk.yaml"))[0] == 0
    status, printed, _ = await run(place, "export")
    assert status == 0
    (folder / "again.yaml").write_text(printed, encoding="utf-8")
    assert (await run(place, "apply", "again.yaml"))[1] == "Nothing changes.\n"


async def test_submissions_are_exported_without_personal_fields(place: SetUp) -> None:
    t, folder = place
    async with program(folder, "serve", **t.settings()) as desk:
        await t.linked()
        await t.sam.slash("/social-lead", "", channel=t.general)
        await t.sam.submit({"name": "Nadia Neuland", "need": "=1+1 pumps"})
        await t.quiet()
        assert await desk.stop() == 0
    for arguments in (("plain.csv",), ("all.csv", "--personal")):
        status, printed, _ = await run(place, "export", "submissions", *arguments)
        assert (status, printed) == (0, f"1 submissions in {arguments[0]}.\n")
    plain, everything = (
        (folder / name).read_text(encoding="utf-8-sig") for name in ("plain.csv", "all.csv")
    )
    (row,) = csv.DictReader(plain.splitlines())
    assert (row["number"], row["kind"], row["need"]) == ("1", "lead", "'=1+1 pumps")
    assert "Nadia" not in plain
    assert "Nadia" in everything
    assert (folder / "plain.csv").stat().st_mode & 0o777 == 0o600
    status, _, errors = await run(place, "export", "submissions", "plain.csv")
    assert (status, errors) == (1, "plain.csv: exists already; name a new file.\n")
    status, _, errors = await run(place, "export", "submissions", "nowhere/plain.csv")
    assert status == 1
    assert "can't be written" in errors


async def test_commands_that_need_slack_say_so(place: SetUp) -> None:
    t, folder = place
    (folder / "desk.yaml").write_text(desk_file(t), encoding="utf-8")
    t.ws.fault("auth.test", "error", code="invalid_auth")
    status, _, errors = await run(place, "apply", "desk.yaml")
    assert status == 1
    assert errors.startswith("SLACK_BOT_TOKEN: ")
    t.ws.fault("auth.test", "refused")
    status, _, errors = await run(place, "digest", t.general)
    assert status == 1
    assert len(errors.splitlines()) == 1


async def test_a_database_is_migrated_before_it_is_used(place: SetUp) -> None:
    t, folder = place
    (folder / "desk.yaml").write_text(desk_file(t), encoding="utf-8")
    new = f"sqlite:///{folder}/new.db"
    status, _, errors = await run(place, "apply", "desk.yaml", database_url=new)
    assert status == 1
    assert "app.py migrate" in errors
    for _ in range(2):
        status, printed, _ = await run(place, "migrate", database_url=new)
        assert (status, printed) == (0, "The database has the newest schema.\n")
    status, _, _ = await run(place, "apply", "desk.yaml", database_url=new)
    assert status == 0


async def test_the_manifest_is_the_one_at_the_root(tmp_path: Path) -> None:
    async with (
        program(tmp_path, "manifest") as plain,
        program(tmp_path, "manifest", "--request-url", "https://desk.example/slack/events") as http,
    ):
        (status, printed), (_, over_http) = await asyncio.gather(plain.ended(), http.ended())
    assert status == 0
    assert printed == (ROOT / "manifest.json").read_text(encoding="utf-8")
    found = json.loads(over_http)
    assert not found["settings"]["socket_mode_enabled"]
    assert "https://desk.example/slack/events" in over_http


async def test_a_lead_is_erased_beside_a_running_desk(place: SetUp) -> None:
    t, folder = place
    (folder / "desk.yaml").write_text(desk_file(t), encoding="utf-8")
    key: dict[str, Any] = {"encryption_keys": "sQ8wT8Qm4m9Y0p3c8r1Yt0d3u2m6v1QyT5bN4hJ7kLg="}
    async with program(folder, "serve", **t.settings(**key)) as desk:
        await t.linked()
        await t.sam.slash("/social-lead", "", channel=t.general)
        await t.sam.submit({"name": "Nadia Neuland", "need": "A pump"})
        await t.quiet()
        status, printed, _ = await run(
            place, "erase", "person", "nadia neuland", "--dry-run", **key
        )
        assert status == 0
        assert "Lead 1: Name or company;" in printed
        assert t.rows("submission_personal")
        # Nobody is there to say yes.
        status, printed, _ = await run(place, "erase", "person", "nadia neuland", **key)
        assert (status, "can't be undone" in printed) == (1, True)
        assert t.rows("submission_personal")
        status, _, _ = await run(place, "erase", "person", "nadia neuland", "--yes", **key)
        assert status == 0
        assert t.rows("submission_personal") == []
        status, printed, _ = await run(place, "erase", "submission", "1", "--yes", **key)
        assert (status, "Lead 1: all of it" in printed) == (0, True)
        assert t.rows("submission") == []
        await t.quiet()
        assert {m.text for m in t.dm(t.sam)} == {"Number 1 was erased."}
        assert await desk.stop() == 0
    status, _, errors = await run(place, "erase", "submission", "1", "--yes")
    assert (status, len(errors.splitlines())) == (1, 1)
