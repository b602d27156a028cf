"""What is to be sent and can't be decrypted waits for its key."""

from dataclasses import replace

from cryptography.fernet import Fernet

from bot.lifecycle import Verb
from bot.material import WordMaterial
from storage.database import Database
from storage.vault import Vault
from tests.support.core import LENA, SAM, Core
from tests.support.deliveries import bench_of

KEY = Fernet.generate_key().decode()


def with_keys(core: Core, *keys: str) -> Core:
    """The same workspace, as a process with these keys sees it."""
    return replace(core, database=Database(core.url, vault=Vault(keys)))


async def test_a_word_waits_until_its_key_is_back(core: Core) -> None:
    knowing = with_keys(core, KEY)
    lead = await knowing.hand_in("lead")
    await bench_of(knowing).drain_all(SAM)
    await knowing.step(lead, Verb.ASK, by=LENA, text="By when?")
    core.clock.forward(seconds=5)
    without = bench_of(core)
    assert await without.drain(SAM) is not None
    assert without.outcome("word:1:2") == ("pending", "sealed")
    assert without.messenger.performed == []
    core.clock.forward(minutes=10)
    again = bench_of(knowing)
    await again.drain(SAM)
    assert again.messenger.performed == ["word:1:2"]
    (material,) = again.messenger.materials
    assert isinstance(material, WordMaterial)
    assert material.text == "By when?"
    await knowing.database.close()
