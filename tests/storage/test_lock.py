import subprocess
import sys
from pathlib import Path

import pytest

from storage.database import Database
from storage.lock import AlreadyServingError, SingleProcessLock

HOLD = """
import sys
from pathlib import Path
from storage.lock import SingleProcessLock
with SingleProcessLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_until_the_first_dies(tmp_path: Path) -> None:
    database = tmp_path / "desk.db"
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with (
            pytest.raises(AlreadyServingError) as caught,
            SingleProcessLock(database),
        ):
            pass
        assert str(database) in caught.value.sentence
        first.kill()
    with SingleProcessLock(database):
        pass


def test_the_lock_can_be_taken_again(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    with database.lock_for_serving(), pytest.raises(AlreadyServingError):
        database.lock_for_serving().__enter__()
    with database.lock_for_serving():
        assert (tmp_path / "desk.db.lock").exists()


def test_postgresql_needs_no_lock() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/desk")
    with database.lock_for_serving(), database.lock_for_serving():
        pass
