"""What is drawn of a digest on paper, for each audience, as in the golden files."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.paper import items_of
from handlers.views.digest import on_paper
from handlers.views.digest_examples import EXAMPLES
from tests.support.digests import PRINTED

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NAMES = {"U0ANA": "Ana Müßig", "C0NEWS": "#news"}
GOLDEN = Path(__file__).parent / "golden_paper"


@pytest.mark.parametrize("name", PRINTED)
def test_is_as_in_its_golden_file(name: str, *, update_golden: bool) -> None:
    items = list(items_of(on_paper(EXAMPLES[name], AT), NAMES))
    as_text = json.dumps(items, indent=1, ensure_ascii=False) + "\n"
    file = GOLDEN / f"{name}.json"
    if update_golden:
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(as_text, encoding="utf-8")
    assert as_text == file.read_text(encoding="utf-8")
