"""Options of the whole suite."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.ci import IN_CI

# A busy machine is no bug: no example has a deadline, and none is too slow to make. CI tries the
# same examples each time, so what lands hangs on no luck; new ones are tried wherever people work.
settings.register_profile(
    "desk",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=IN_CI,
)
settings.load_profile("desk")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files of the views anew"
    )
    parser.addoption(
        "--fuzz", type=int, default=2_000, help="how many spoilt payloads tests/fuzz sends"
    )
    parser.addoption(
        "--update-pictures", action="store_true", help="take the documentation's pictures anew"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait for processes come first: begun last, they would hold all others up."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def picture_folder(request: pytest.FixtureRequest) -> Path | None:
    """Where pictures go; None when none are taken."""
    if not request.config.getoption("--update-pictures"):
        return None
    return Path(__file__).parents[1] / "docs" / "pictures"


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))
