"""The desk on PostgreSQL, as it is measured: short, and on what is installed here."""

import asyncio
import shutil
from pathlib import Path

import pytest

from bench.contenders import Stage
from bench.payloads import filled_form
from bench.rounds import Lengths
from bench.shared import MISSING, delays, measure, missing
from tests.support.ci import IN_CI


def test_each_message_belongs_to_the_moment_of_its_person() -> None:
    stored = [("U1", 1.0), ("U2", 2.0), ("U1", 3.0)]
    came = {"U1": [3.5, 1.25], "U2": [2.125]}
    assert delays(stored, came) == [0.25, 0.125, 0.5]


def test_without_postgresql_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert IN_CI is False or missing() is None
    monkeypatch.setattr("bench.shared.find_programs", lambda: None)
    assert missing() == MISSING


@pytest.mark.postgres
def test_everything_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the numbers are: a submission was stored by each, and told of by each."""
    if missing():
        (pytest.fail if IN_CI else pytest.skip)(MISSING)
    monkeypatch.setattr("bench.shared.TOLD", 2)
    monkeypatch.setattr("bench.shared.WARM_UP_SECONDS", 0.1)
    monkeypatch.setattr("bench.shared.SETTLED_SECONDS", 0.1)
    monkeypatch.setattr("bench.shared.leave_a_core", lambda: None)
    stage = Stage(tmp_path)
    scene = shutil.copy(stage.empty, tmp_path / "scene.db")
    form = asyncio.run(filled_form(f"sqlite:///{scene}"))
    found = measure(stage, form, Lengths(rounds=1, closed=0.1, open=0.1))
    assert min(found.sqlite, found.postgresql, found.one_web, found.two_webs) > 0
    assert min(found.notified, found.polled) > 0
