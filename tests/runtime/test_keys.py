"""Keys: `rotate-keys`, and what `doctor` says of them."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

import app
from runtime.findings import Level
from runtime.keys import check_keys, rotate_keys, vault_of
from runtime.settings import SettingsError
from storage.database import Database
from storage.vault import Vault
from tests.support.desk import settings
from tests.support.processes import program
from tests.support.storage_examples import Workspace, make_submission

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


async def put(url: str, number: int, *keys: str) -> None:
    """A lead with a name, stored by a process with these keys."""
    database = Database(url, vault=Vault(keys))
    await Workspace(database).add(make_submission(number), personal={"name": "Nadia"})
    await database.close()


async def said(url: str, *keys: str) -> tuple[Level, str]:
    """What doctor says of the keys."""
    chosen = settings(url, encryption_keys=",".join(keys))
    database = Database(url, vault=vault_of(chosen))
    found = await check_keys(database, vault_of(chosen))
    await database.close()
    return found.level, found.sentence


async def test_keys_are_changed_and_doctor_tells_each_step(sqlite_url: str) -> None:
    await put(sqlite_url, 1)
    level, sentence = await said(sqlite_url)
    assert (level, "not set" in sentence) == (Level.WARN, True)
    level, sentence = await said(sqlite_url, OLD)
    assert (level, "1 personal texts are not encrypted, 0 with" in sentence) == (Level.WARN, True)
    await put(sqlite_url, 2, OLD)
    rotation = await rotate_keys(settings(sqlite_url, encryption_keys=f"{NEW},{OLD}"))
    assert rotation.is_complete
    assert rotation.lines[0] == "submission_personal: 2 encrypted anew, 0 were already"
    assert Vault([NEW]).names[0] in rotation.lines[-1]
    level, sentence = await said(sqlite_url, NEW)
    assert (level, "everything personal is encrypted" in sentence) == (Level.OK, True)
    assert Vault([NEW]).names[0] in sentence
    assert NEW not in sentence


@pytest.mark.parametrize("keys", [(), (NEW,)])
async def test_a_key_that_is_missing_is_a_failure(sqlite_url: str, keys: tuple[str, ...]) -> None:
    await put(sqlite_url, 1, OLD)
    level, sentence = await said(sqlite_url, *keys)
    assert level is Level.FAIL
    assert "ENCRYPTION_KEYS" in sentence


async def test_there_must_be_a_key_and_a_schema(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ENCRYPTION_KEYS is not set"):
        await rotate_keys(settings(sqlite_url))
    (tmp_path / "empty.db").touch()
    with pytest.raises(SettingsError, match="migrate"):
        await rotate_keys(settings(f"sqlite:///{tmp_path}/empty.db", encryption_keys=NEW))


@pytest.mark.slow
async def test_the_command_ends_with_1_when_something_can_t_be_read(
    sqlite_url: str, tmp_path: Path
) -> None:
    await put(sqlite_url, 1, OLD)
    given = {"database_url": sqlite_url}
    async with program(tmp_path, "rotate-keys", **given, encryption_keys=NEW) as lacking:
        status, printed = await lacking.ended()
    assert (status, "1 can't be read" in printed) == (1, True)
    async with program(tmp_path, "rotate-keys", **given, encryption_keys=f"{NEW},{OLD}") as whole:
        status, printed = await whole.ended()
    assert (status, "submission_personal: 1 encrypted anew" in printed) == (0, True)


def test_what_is_not_switched_on_takes_no_memory() -> None:
    """Cryptography and PostgreSQL's dialect take megabytes, and what `serve` takes when idle is
    promised.
    """
    asked = (
        "import sys; import runtime.serve, runtime.compose, runtime.keys; "
        "from storage.vault import Vault; Vault().open(Vault().seal('x')); "
        "print([one for one in ('cryptography', 'psycopg', 'sqlalchemy.dialects.postgresql') "
        "if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(app.__file__).parent,
    )
    assert done.stdout.strip() == "[]"
