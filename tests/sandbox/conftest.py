"""A world per test, which must end without problems that the test did not expect."""

from collections.abc import Iterator

import pytest

from tests.support.sandbox_app import World, build


@pytest.fixture
def world() -> Iterator[World]:
    made = build()
    yield made
    assert [str(problem) for problem in made.ws.problems] == []
