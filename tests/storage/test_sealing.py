"""What is personal stands encrypted in the database, and new keys reach all of it."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, select, update

from bot.errors import SealedError
from storage import sealing
from storage.database import Database
from storage.sealing import SEALED, Looked, SealedColumn
from storage.tables import conversation, draft, metadata, submission_personal
from storage.vault import Vault
from tests.support.storage_examples import NOW, Workspace, make_entry, make_submission

OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))
PERSONAL = {"name": "Nadia Neuland", "contact": "nadia@example.com"}
TYPED = {"need": "Nadia's pump", "platforms": ("blog", "x")}
TEXT = "Ask Nadia, 030 1234"


async def fill(database: Database, *numbers: int, workspace_id: str = "T1") -> None:
    """Submissions with personal fields, a word and a draft each."""
    here = Workspace(database, workspace_id)
    for number in numbers:
        await here.add(make_submission(number, kind_key="lead"), personal=PERSONAL)
        await here.write(lambda tx, n=number: tx.history.append(make_entry(n)))  # type: ignore[misc]
        await here.write(lambda tx, n=number: tx.conversations.add(n, 1, TEXT))  # type: ignore[misc]
        await here.write(lambda tx, n=number: tx.drafts.save(f"U{n}", "lead", TYPED, NOW))  # type: ignore[misc]


async def check_all_is_read(database: Database, number: int = 1) -> None:
    here = Workspace(database)
    assert await here.read(lambda tx: tx.submissions.personal(number)) == PERSONAL
    assert await here.read(lambda tx: tx.conversations.get(number, 1)) == TEXT
    assert await here.read(lambda tx: tx.conversations.of(number)) == {1: TEXT}
    assert await here.read(lambda tx: tx.drafts.get(f"U{number}", "lead")) == TYPED


def stored(url: str, where: SealedColumn) -> list[Any]:
    """The values of a column as they are in the database."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = list(connection.execute(select(where.column)).scalars())
    engine.dispose()
    return found


async def renew_all(database: Database) -> list[Looked]:
    """What each step of sealing all columns anew came to."""
    steps = []
    for where in SEALED:
        after = None
        while True:
            steps.append(await database.renew_seals(where, after))
            after = steps[-1].last
            if after is None:
                break
    return steps


async def look_all(database: Database, limit: int = 1_000) -> Looked:
    found = [await database.look_at_seals(where, limit) for where in SEALED]
    return Looked(
        last=None,
        current=sum(one.current for one in found),
        older=sum(one.older for one in found),
        plain=sum(one.plain for one in found),
        locked=sum(one.locked for one in found),
    )


async def test_what_is_personal_can_t_be_read_without_the_key(database_url: str) -> None:
    database = Database(database_url, vault=Vault([NEW]))
    await fill(database, 1)
    for where in SEALED:
        for value in stored(database_url, where):
            assert isinstance(value, str)
            assert value.startswith("\x01f1:")
            assert "adia" not in value
    await check_all_is_read(database)
    await database.close()
    keyless = Database(database_url)
    without = Workspace(keyless)
    for asked in (
        lambda tx: tx.submissions.personal(1),
        lambda tx: tx.conversations.of(1),
        lambda tx: tx.conversations.get(1, 1),
        lambda tx: tx.drafts.get("U1", "lead"),
    ):
        with pytest.raises(SealedError, match="ENCRYPTION_KEYS"):
            await without.read(asked)
    assert await without.read(lambda tx: tx.submissions.has_personal(1))
    assert not await without.read(lambda tx: tx.submissions.has_personal(2))
    await keyless.close()


async def test_without_keys_it_stands_as_it_was_typed(
    database: Database, database_url: str
) -> None:
    await fill(database, 1)
    assert sorted(stored(database_url, SEALED[0])) == sorted(PERSONAL.values())
    await check_all_is_read(database)


async def test_from_no_key_to_a_key_to_the_next(database_url: str) -> None:
    before = Database(database_url)
    await fill(before, 1)
    await before.close()
    first = Database(database_url, vault=Vault([OLD]))
    await check_all_is_read(first)
    await fill(first, 2)
    assert await look_all(first) == Looked(last=None, current=4, plain=4)
    assert sum(step.renewed for step in await renew_all(first)) == 4
    assert await look_all(first) == Looked(last=None, current=8)
    await first.close()
    both = Database(database_url, vault=Vault([NEW, OLD]))
    await check_all_is_read(both)
    assert await look_all(both) == Looked(last=None, older=8)
    assert sum(step.renewed for step in await renew_all(both)) == 8
    assert sum(step.renewed for step in await renew_all(both)) == 0
    await both.close()
    second = Database(database_url, vault=Vault([NEW]))
    await check_all_is_read(second)
    await check_all_is_read(second, 2)
    await second.close()


async def test_what_no_key_opens_stays_as_it_is_and_is_counted(database_url: str) -> None:
    lost = Database(database_url, vault=Vault([LOST]))
    await fill(lost, 1)
    await lost.close()
    spoilt = Vault([OLD]).seal("Nadia")[:-9] + "AAAAAAAA="
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(update(conversation).values(text=spoilt))
    engine.dispose()
    database = Database(database_url, vault=Vault([NEW, OLD]))
    await fill(database, 2)
    seen = await look_all(database)
    assert (seen.locked, seen.older, seen.current) == (3, 1, 4)
    steps = await renew_all(database)
    assert (sum(s.locked for s in steps), sum(s.renewed for s in steps)) == (4, 0)
    assert spoilt in stored(database_url, SEALED[1])
    with pytest.raises(SealedError, match="backup"):
        await Workspace(database).read(lambda tx: tx.conversations.get(1, 1))
    await database.close()


async def test_it_goes_on_from_row_to_row_in_every_workspace(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.BATCH", 2)
    before = Database(database_url)
    await fill(before, 1, 2, 3)
    await fill(before, 1, 2, workspace_id="T2")
    await before.close()
    database = Database(database_url, vault=Vault([NEW]))
    steps = await renew_all(database)
    assert all(step.renewed <= 2 for step in steps)
    assert sum(step.renewed for step in steps) == 2 * 5 + 5 + 5
    await check_all_is_read(database, 3)
    await database.close()


async def test_rows_that_came_meanwhile_are_left_as_they_are(database_url: str) -> None:
    """A batch that was begun anew after a stop finds what is done and does the rest."""
    before = Database(database_url)
    await fill(before, 1, 2)
    await before.close()
    database = Database(database_url, vault=Vault([NEW]))
    await database.renew_seals(SEALED[0], None)
    values = stored(database_url, SEALED[0])
    await renew_all(database)
    assert stored(database_url, SEALED[0]) == values
    await database.close()


def test_every_column_for_personal_texts_is_listed() -> None:
    listed = {(one.table.name, one.name) for one in SEALED}
    assert {
        (submission_personal.name, "value"),
        (conversation.name, "text"),
        (draft.name, "fields"),
    } <= listed
    assert all(one.table.name in metadata.tables for one in SEALED)
    assert sealing.BATCH <= 500


@pytest.mark.parametrize(
    "limit, found",
    [
        (3, Looked(last=None, older=2, current=4)),
        (2, Looked(last=("T1", 2), older=2, current=2)),
        (9, Looked(last=None, older=2, current=4)),
    ],
)
async def test_of_a_long_column_its_beginning_and_its_end_are_counted(
    database_url: str, limit: int, found: Looked
) -> None:
    for keys, numbers in (((OLD,), (1, 2)), ((NEW, OLD), (3, 4, 5, 6))):
        database = Database(database_url, vault=Vault(keys))
        for number in numbers:
            here = Workspace(database, "T1")
            await here.add(make_submission(number, kind_key="lead"), personal={"name": "Nadia"})
        if keys == (NEW, OLD):
            looked = await database.look_at_seals(SEALED[0], limit)
            assert (looked.older, looked.current) == (found.older, found.current)
            assert (looked.last is None) == (found.last is None)
        await database.close()
