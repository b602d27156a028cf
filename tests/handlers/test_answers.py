"""What a sentence looks like where Slack reads markup."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotAllowedError, StorageBusyError
from handlers.answers import Answer, Answers, Background
from handlers.requests import Request
from handlers.workplaces import Identity, OneWorkspace

REFUSAL = "Number 1 is with the <!channel> & co; ask <@U1>."
HERE = Identity(workspace_id="T1", bot_id="B1", bot_user_id="U9", url="https://a.slack.com/")
SHOWN = "Number 1 is with the &lt;!channel&gt; &amp; co; ask <@U1>."


async def refuse(_: Request) -> Answer:
    raise NotAllowedError(REFUSAL)


async def never(_request: Request, _sentence: str) -> None:
    raise AssertionError


async def test_a_sentence_mentions_people_and_nothing_else() -> None:
    told: list[str] = []

    async def post(*, text: str, **_: Any) -> None:
        told.append(text)

    client = cast("AsyncWebClient", SimpleNamespace(chat_postEphemeral=post, retry_handlers=[]))
    background = Background()
    answers = Answers(
        workplaces=OneWorkspace(HERE, client),
        background=background,
        new_reference=lambda: "R",
        tell_belated=never,
    )
    await answers.to_click(refuse, Request(workspace_id="T1", user_id="U1", channel_id="C1"))
    await background.rest()
    assert told == [SHOWN]
    answer = await answers.to_command(refuse, Request(workspace_id="T1", user_id="U1"))
    assert answer.ack["text"] == SHOWN


async def test_what_fails_beside_an_answer_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def fails(error: Exception) -> None:
        raise error

    background = Background()
    background.start(fails(StorageBusyError()))
    background.start(fails(RuntimeError("a bug")))
    await background.rest()
    assert background.is_idle
    assert sorted(record.levelname for record in caplog.records) == ["ERROR", "WARNING"]
