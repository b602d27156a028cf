"""Which files are fetched, and where our token goes."""

from typing import Any, cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.material import Missing
from handlers.files import LARGEST, fetch
from handlers.requests import refs_of


class Untouched:
    """A session that nobody may use."""

    def get(self, *_: object, **__: object) -> None:
        raise AssertionError("nothing is to be fetched")


class Telling:
    """A client whose files.info tells of one file."""

    base_url = "https://slack.com/api/"
    token = "xoxb-1"
    session = Untouched()

    def __init__(self, **file: Any) -> None:
        self._file = file

    async def files_info(self, *, file: str) -> dict[str, Any]:
        return {"file": {"id": file, **self._file}}


OURS = {"url_private_download": "https://files.slack.com/files-pri/T1-F1/a.png"}


@pytest.mark.parametrize(
    "file, why",
    [
        ({"url_private_download": "https://evil.example.com/files-pri/x"}, Missing.HIDDEN),
        ({"url_private_download": "https://slack.com.evil.example/x"}, Missing.HIDDEN),
        ({"url_private_download": "https://evilslack.com/x"}, Missing.HIDDEN),
        ({}, Missing.HIDDEN),
        ({**OURS, "is_external": True}, Missing.HIDDEN),
        ({**OURS, "mode": "tombstone"}, Missing.DELETED),
        ({**OURS, "size": LARGEST + 1}, Missing.TOO_LARGE),
    ],
)
async def test_what_can_t_be_had_is_not_asked_for(file: dict[str, Any], why: Missing) -> None:
    assert await fetch(cast("AsyncWebClient", Telling(**file)), "F1") is why


async def test_slack_s_own_addresses_are_asked() -> None:
    client = Telling(**OURS)
    with pytest.raises(AssertionError, match="nothing is to be fetched"):
        await fetch(cast("AsyncWebClient", client), "F1")


def test_files_as_slack_tells_of_them() -> None:
    files = [
        {"id": "F1", "name": "a b.png"},
        {"id": "F2", "mode": "tombstone"},
        {"id": "F3", "title": "Untitled"},
        {"name": "no id"},
        "nothing",
    ]
    assert [ref.given for ref in refs_of(files)] == ["F1 a b.png", "F3 Untitled"]
    assert refs_of(None) == refs_of("F1") == ()
