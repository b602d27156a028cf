from dataclasses import replace

from bot.desk import default_desk
from storage.desk_cache import DeskCache


def test_only_the_newest_version_is_kept() -> None:
    desks, third = DeskCache(), replace(default_desk(), version=3)
    assert desks.newest("W1") == default_desk()
    desks.remember("W1", third)
    desks.remember("W1", replace(third, version=2))
    assert desks.newest("W1") == third
    assert desks.at("W1", 3) == third
    assert desks.at("W1", 2) is None
    assert "W1" in desks
    desks.forget("W1")
    assert "W1" not in desks


def test_what_was_not_used_for_longest_goes() -> None:
    desks = DeskCache(kept=3)
    for version, name in enumerate(("W1", "W2", "W3"), start=1):
        desks.remember(name, replace(default_desk(), version=version))
    desks.newest("W1")
    desks.at("W2", 1)
    desks.remember("W4", default_desk())
    assert [name in desks for name in ("W1", "W2", "W3", "W4")] == [True, True, False, True]
    desks.remember("W1", default_desk())  # an older version is no news, and still a use
    desks.remember("W5", default_desk())
    assert [name in desks for name in ("W1", "W2", "W4", "W5")] == [True, False, True, True]
    assert len(desks) == 3
