import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import SealedError, Vault

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_what_is_sealed_opens_again_and_can_t_be_read(text: str) -> None:
    vault = Vault([NEW])
    stored = vault.seal(text)
    assert vault.open(stored) == text
    assert len(text) < 8 or text not in stored


def test_without_keys_texts_are_stored_as_they_are() -> None:
    assert Vault().seal("Acme") == "Acme"
    assert Vault().open("Acme") == "Acme"
    assert Vault().is_current("Acme")
    assert not Vault().has_keys


def test_what_an_older_key_sealed_opens_and_is_known_as_old() -> None:
    stored = Vault([OLD]).seal("Acme")
    both = Vault([NEW, OLD])
    assert both.open(stored) == "Acme"
    assert not both.is_current(stored)
    assert both.is_current(both.seal("Acme"))
    assert Vault([NEW]).open(both.seal("Acme")) == "Acme"


def test_plain_text_from_before_there_were_keys_opens_and_is_known_as_old() -> None:
    assert Vault([NEW]).open("Acme") == "Acme"
    assert not Vault([NEW]).is_current("Acme")


@pytest.mark.parametrize("keys", [(), (OLD,)])
def test_without_its_key_a_text_is_refused_with_a_named_setting(keys: tuple[str, ...]) -> None:
    stored = Vault([NEW]).seal("Acme")
    with pytest.raises(SealedError, match="ENCRYPTION_KEYS"):
        Vault(keys).open(stored)
    assert not Vault(keys).is_current(stored)


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        Vault(["short"])
