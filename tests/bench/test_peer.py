"""What npm is asked for: pinned, and from nowhere in particular."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench import peer

FOLDER = Path(__file__).parents[2] / "bench" / "peer"


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def test_the_lock_has_hashes_and_no_addresses() -> None:
    packages = read("package-lock.json")["packages"]
    fetched = {name: found for name, found in packages.items() if name}
    assert len(fetched) > 50
    assert all(found["integrity"].startswith("sha512-") for found in fetched.values())
    assert not any("resolved" in found for found in packages.values())


def test_the_lock_is_of_this_package() -> None:
    wanted = read("package.json")["dependencies"]
    packages = read("package-lock.json")["packages"]
    assert packages[""]["dependencies"] == wanted
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_without_node_the_peer_is_left_out_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert peer.installed(may_fetch=True) == (
        "The peer was left out: node and npm are not installed."
    )
