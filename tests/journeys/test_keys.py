"""Personal data encrypted at rest, as people meet it: not at all, until a key is missing."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import make_url

from sandbox.transports.in_process import InProcess
from tests.support.desk import Scene, compose, scene
from tests.support.words import SECRET, hinted, now, praised, press

KEY = Fernet.generate_key().decode()
WORDING = "Yes, with my name, said on the phone"


def on_disk(database_url: str) -> bytes:
    """Every byte of the database's files."""
    path = Path(str(make_url(database_url).database))
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


async def a_week(s: Scene) -> None:
    """A lead and a testimonial with names, a question with an answer, a consent, a draft."""
    lead = await hinted(s)
    await press(s, s.lena, lead, "triage.ask", "Ask back")
    await s.lena.submit({"text": f"Who is {SECRET}?"})
    await s.settle()
    await s.sam.click(s.dm(s.sam)[-1], "words.answer")
    await s.sam.submit({"text": f"{SECRET} of Neuland"})
    await s.settle()
    praise = await praised(s, consent="granted", consent_wording=WORDING)
    await s.adam.click(praise, "triage.accept")
    await s.settle()
    await press(s, s.adam, praise, "triage.consent", "Record consent")
    await s.adam.submit({"wording": WORDING, "shown": "name"}, force=True)
    await s.settle()


async def test_the_files_of_a_database_with_keys_hold_nothing_personal(sqlite_url: str) -> None:
    async with scene(sqlite_url, keys=(KEY,)) as s:
        await a_week(s)
        await s.lena.click(now(s, s.only_card(s.leads)), "triage.open")
        assert SECRET in str(s.modal(s.lena).blocks)
        assert f"{SECRET} of Neuland" in str(s.modal(s.lena).blocks)
        during = on_disk(sqlite_url)
    for files in (during, on_disk(sqlite_url)):
        assert b"A pump for a ship" in files
        assert SECRET.encode() not in files
        assert WORDING.encode() not in files


async def test_the_same_files_without_keys_do(sqlite_url: str) -> None:
    """That is: the test above looks where it should."""
    async with scene(sqlite_url) as s:
        await a_week(s)
        assert SECRET.encode() in on_disk(sqlite_url)
        assert WORDING.encode() in on_disk(sqlite_url)


async def test_a_missing_key_is_one_sentence_and_nothing_is_lost(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene(sqlite_url, keys=(KEY,)) as s:
        card = await praised(s)
        await s.desk.close()
        s.desk = await compose(s.ws, s.clock, sqlite_url, owner="without")
        s.ws.connect(InProcess(s.ws, s.desk.app))
        (told,) = await s.tried(s.adam, card, "triage.open")
        assert "Tell your admin the reference REF1" in told
        (line,) = [r for r in caplog.records if getattr(r, "reference", "") == "REF1"]
        assert "ENCRYPTION_KEYS" in line.why  # type: ignore[attr-defined]
        assert "Traceback" not in caplog.text
        # The card needs no key: deciding goes on.
        await s.adam.click(card, "triage.accept")
        await s.settle()
        assert "*Accepted*" in now(s, card).text
        await s.desk.close()
        s.desk = await compose(s.ws, s.clock, sqlite_url, owner="with", keys=(KEY,))
        s.ws.connect(InProcess(s.ws, s.desk.app))
        await s.adam.click(now(s, card), "triage.open")
        assert SECRET in str(s.modal(s.adam).blocks)
