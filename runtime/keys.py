"""The keys for what is encrypted at rest: set, looked after, changed without a pause."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import StorageBusyError
from runtime.findings import Finding, fail, ok, warn
from runtime.schema import check_schema
from runtime.settings import Settings, SettingsError
from storage.database import Database
from storage.sealing import SEALED, Key, Looked, SealedColumn
from storage.vault import Vault

BREATH = timedelta(milliseconds=20)
"""Between two transactions, so that a serving process gets its turn on SQLite."""

LOOKED_AT = 100_000
"""How many values of each column doctor has counted, from the first on and from the last back."""

_PART = (
    f" Of each table the first and the last {LOOKED_AT:,} texts were looked at; rotate-keys goes "
    "through all."
)

TRIES = 5
"""How often a transaction is tried while the database is busy."""


def vault_of(settings: Settings) -> Vault:
    """What seals and opens with the keys that are set, and marks with them or Slack's secrets."""
    secrets = (
        settings.slack_signing_secret,
        settings.slack_client_secret,
        settings.slack_app_token,
        settings.slack_bot_token,
    )
    return Vault(
        [key.get_secret_value() for key in settings.encryption_keys],
        [one.get_secret_value() for one in secrets if one.get_secret_value()],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What sealing one column anew came to; the words are those of `Looked`."""

    table: str
    current: int = 0
    locked: int = 0
    renewed: int = 0


async def _renewed(database: Database) -> AsyncIterator[Tally]:
    """Every column that is sealed, sealed anew from its first row to its last."""
    for where in SEALED:
        tally, after = Tally(table=where.table.name), None
        while True:
            looked = await _patiently(database, where, after)
            tally = Tally(
                table=tally.table,
                current=tally.current + looked.current,
                locked=tally.locked + looked.locked,
                renewed=tally.renewed + looked.renewed,
            )
            if looked.last is None:
                break
            after = looked.last
            await asyncio.sleep(BREATH.total_seconds())
        yield tally


async def _patiently(database: Database, where: SealedColumn, after: Key | None) -> Looked:
    for _ in range(TRIES - 1):
        try:
            return await database.renew_seals(where, after)
        except StorageBusyError:
            await asyncio.sleep(BREATH.total_seconds())
    return await database.renew_seals(where, after)


@dataclass(frozen=True, slots=True)
class Rotation:
    """What came of sealing everything anew, a line for each table; whether all could be read."""

    lines: tuple[str, ...]
    is_complete: bool


async def rotate_keys(settings: Settings) -> Rotation:
    """Seal everything with the newest key, in small transactions, beside a serving process.

    A second run does what a first left undone, and finds little to do otherwise. Raises
    SettingsError when no key is set or the schema is older, and the storage's errors.
    """
    vault = vault_of(settings)
    if not vault.has_keys:
        raise SettingsError(
            "ENCRYPTION_KEYS is not set: put a key there first (`python app.py key` makes one)."
        )
    database = Database(settings.database_url, vault=vault)
    try:
        await check_schema(database)
        tallies = [tally async for tally in _renewed(database)]
    finally:
        await database.close()
    locked = sum(tally.locked for tally in tallies)
    end = (
        f"{locked} can't be read with any of these keys. Put the missing key back behind the "
        "others, and run this once more."
        if locked
        else f"Everything is encrypted with the key {vault.names[0]}; older keys may go once no "
        "process uses them and no backup needs them."
    )
    lines = (
        f"{tally.table}: {tally.renewed} encrypted anew, {tally.current} were already"
        + (f", {tally.locked} can't be read" if tally.locked else "")
        for tally in tallies
    )
    return Rotation(lines=(*lines, end), is_complete=not locked)


async def check_keys(database: Database, vault: Vault) -> Finding:
    """Whether keys are set, and whether everything is sealed with the newest one; of a long table
    its beginning and its end are counted.
    """
    found = [await database.look_at_seals(where, LOOKED_AT) for where in SEALED]
    plain, older = sum(one.plain for one in found), sum(one.older for one in found)
    locked = sum(one.locked for one in found)
    part = _PART if any(one.last is not None for one in found) else ""
    if locked:
        return fail(
            "encryption",
            f"{locked} personal texts can't be read: their key is missing. Put it back into "
            f"ENCRYPTION_KEYS, behind the newest one. {_known(vault)}{part}",
        )
    if not vault.has_keys:
        return warn(
            "encryption",
            "ENCRYPTION_KEYS is not set: personal fields stand in the database as they were typed. "
            "`python app.py key` makes a key.",
        )
    if plain or older:
        return warn(
            "encryption",
            f"{plain} personal texts are not encrypted, {older} with an older key. "
            f"Run `python app.py rotate-keys`. {_known(vault)}{part}",
        )
    return ok("encryption", f"everything personal is encrypted. {_known(vault)}{part}")


def _known(vault: Vault) -> str:
    if not vault.has_keys:
        return "None is set."
    return f"Set, the newest first: {', '.join(vault.names)}."
