"""Webhooks are kept with their secrets sealed; that a message came is known for a while."""

from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, select

from bot.errors import SealedError
from bot.hook import Secrets
from storage.database import Database
from storage.hooks import HooksAtWork, hooks_at_work
from storage.sealing import SEALED
from storage.tables import hook
from storage.vault import Vault
from tests.support.storage_examples import DAY, NOW, Workspace, make_hook

KEY, NEWER = (Fernet.generate_key().decode() for _ in range(2))
SECRETS = Secrets(current="whsec_bmV3", old="whsec_b2xk", old_until=NOW + DAY)


async def test_a_hook_is_kept_and_changes_without_its_secrets(here: Workspace) -> None:
    made = make_hook()
    await here.write(lambda tx: tx.hooks.save(made))
    await here.write(lambda tx: tx.hooks.keep_secrets("V1", SECRETS))
    changed = replace(made, off_at=NOW, received_at=NOW, refused_at=NOW, refusal="No.", refused=3)
    await here.write(lambda tx: tx.hooks.save(changed))
    assert await here.read(lambda tx: tx.hooks.get("V1")) == changed
    assert await here.read(lambda tx: tx.hooks.secrets("V1")) == SECRETS
    await here.write(lambda tx: tx.hooks.save(make_hook("V0", created_at=NOW + DAY)))
    assert [one.hook_id for one in await here.read(lambda tx: tx.hooks.all())] == ["V1", "V0"]


async def test_a_deleted_one_keeps_its_name_and_no_secret(here: Workspace) -> None:
    await here.write(lambda tx: tx.hooks.save(make_hook()))
    await here.write(lambda tx: tx.hooks.keep_secrets("V1", SECRETS))
    await here.write(lambda tx: tx.hooks.save(make_hook(removed_at=NOW)))
    await here.write(lambda tx: tx.hooks.drop_secrets("V1"))
    assert await here.read(lambda tx: tx.hooks.all()) == ()
    assert await here.read(lambda tx: tx.hooks.names()) == {"V1": "Shop V1"}
    assert await here.read(lambda tx: tx.hooks.made_by("U1")) == ("Shop V1",)
    assert await here.read(lambda tx: tx.hooks.made_by("U2")) == ()
    assert await here.read(lambda tx: tx.hooks.get("V1")) == make_hook(removed_at=NOW)
    assert await here.read(lambda tx: tx.hooks.secrets("V1")) == Secrets(current="")


async def test_a_message_comes_once_to_each_hook_until_it_is_forgotten(here: Workspace) -> None:
    async def first(hook_id: str) -> bool:
        return await here.write(lambda tx: tx.hooks.first_time(hook_id, "msg_1", NOW))

    assert [await first("V1"), await first("V2"), await first("V1")] == [True, True, False]
    assert await here.write(lambda tx: tx.hooks.forget_before(NOW)) == 0
    assert await here.write(lambda tx: tx.hooks.forget_before(NOW + DAY)) == 2
    assert await first("V1")


async def test_what_becomes_of_all_webhooks_is_counted(
    database: Database, here: Workspace, elsewhere: Workspace
) -> None:
    assert await database.ask(hooks_at_work) == HooksAtWork(0, 0, None)
    for workspace, one in (
        (here, make_hook("V1", received_at=NOW, refused_at=NOW - DAY)),
        (here, make_hook("V2", refused_at=NOW)),
        (elsewhere, make_hook("V1", received_at=NOW + DAY, refused_at=NOW + 2 * DAY)),
        (elsewhere, make_hook("V2", received_at=NOW + 9 * DAY, off_at=NOW)),
    ):
        await workspace.write(lambda tx, kept=one: tx.hooks.save(kept))  # type: ignore[misc]  # mypy can't infer a lambda's default
    assert await database.ask(hooks_at_work) == HooksAtWork(3, 2, NOW + DAY)


async def test_secrets_stand_sealed_in_the_database_and_new_keys_reach_them(
    database_url: str,
) -> None:
    database = Database(database_url, vault=Vault([KEY]))
    here = Workspace(database)
    await here.write(lambda tx: tx.hooks.save(make_hook()))
    await here.write(lambda tx: tx.hooks.keep_secrets("V1", SECRETS))
    assert await here.read(lambda tx: tx.hooks.can_seal)
    await database.close()
    engine = create_engine(database_url)
    with engine.connect() as connection:
        stored = connection.execute(select(hook.c.secret, hook.c.old_secret)).one()
    engine.dispose()
    assert all(value.startswith("\x01f1:") for value in stored)

    newer = Database(database_url, vault=Vault([NEWER, KEY]))
    for where in SEALED:
        await newer.renew_seals(where, None)
    await newer.close()
    after = Database(database_url, vault=Vault([NEWER]))
    assert await Workspace(after).read(lambda tx: tx.hooks.secrets("V1")) == SECRETS
    await after.close()
    without = Database(database_url, vault=Vault([KEY]))
    with pytest.raises(SealedError):
        await Workspace(without).read(lambda tx: tx.hooks.secrets("V1"))
    await without.close()
