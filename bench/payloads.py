"""Signed requests as Slack makes them, thousands of them, each its own."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import quote_plus, urlencode

from runtime.payloads import FORM
from runtime.web import SLACK_PATH
from sandbox import payloads
from sandbox.clock import wall_time
from tests.support.desk import scene

COMMAND = "/not-a-command-of-ours"
USERS = 4
"""How many people hand in."""


def user_id(place: int) -> str:
    """The id of one of those who hand in."""
    return f"U{place % USERS + 1:08d}"


@dataclass(frozen=True, slots=True)
class Form:
    """A filled-in form as Slack would send it, but for the view's id and the person."""

    text: str
    view_id: str
    submitter_id: str
    workspace_id: str

    def body(self, place: int) -> str:
        """The form as number `place`."""
        text = self.text.replace(self.view_id, f"V{place:08d}")
        return "payload=" + text.replace(self.submitter_id, user_id(place))


async def filled_form(database_url: str) -> Form:
    """The desk's own form for an idea, opened and filled in in the sandbox."""
    async with scene(database_url) as found:
        await found.sam.slash("/social-idea", "Our canteen has a new oven", channel=found.general)
        view = found.sam.fill(
            {
                "title": "Bread from our own oven",
                "content_type": "video",
                "link": "https://example.com/oven",
                "platforms": ["linkedin", "instagram"],
            }
        )
        payload = payloads.view_submission(found.ws, found.sam.user, view)
        return Form(
            text=quote_plus(json.dumps(payload)),
            view_id=view.id,
            submitter_id=found.sam.user.id,
            workspace_id=found.ws.identity.team_id,
        )


class Caller:
    """Makes requests; every form it makes is another one."""

    def __init__(self, form: Form, secret: str) -> None:
        self._form = form
        self._secret = secret.encode()
        self._place = count(1)
        self.handed_in = 0

    def forms(self, most: int) -> Iterator[bytes]:
        """Forms to hand in, all signed before the first is asked for: Slack's signatures are good
        for five minutes, and signing them meanwhile would hold up the load.
        """
        return self._counted(
            [self._signed(self._form.body(next(self._place))) for _ in range(most)]
        )

    def _counted(self, ready: Sequence[bytes]) -> Iterator[bytes]:
        for request in ready:
            self.handed_in += 1
            yield request

    def commands(self) -> Iterator[bytes]:
        """The same command again and again."""
        fields = {
            "token": "t",
            "team_id": self._form.workspace_id,
            "team_domain": "acme",
            "channel_id": "C00000001",
            "channel_name": "general",
            "user_id": user_id(0),
            "user_name": "user",
            "command": COMMAND,
            "text": "something that somebody typed behind a command, of the usual length",
            "api_app_id": "A00000001",
            "is_enterprise_install": "false",
            "response_url": "https://hooks.example.com/commands/T00000001/1/abcdefghijklmnop",
            "trigger_id": "1234567890.1234567890.abcdef0123456789abcdef0123456789",
        }
        request = self._signed(urlencode(fields))
        while True:
            yield request

    def _signed(self, body: str) -> bytes:
        timestamp = str(int(wall_time().timestamp()))
        raw = body.encode()
        base = b"v0:" + timestamp.encode() + b":" + raw
        signature = hmac.new(self._secret, base, hashlib.sha256).hexdigest()
        head = (
            f"POST {SLACK_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Slackbot 1.0\r\n"
            f"Accept: application/json,*/*\r\nContent-Type: {FORM}\r\n"
            f"X-Slack-Request-Timestamp: {timestamp}\r\nX-Slack-Signature: v0={signature}\r\n"
            f"Content-Length: {len(raw)}\r\n\r\n"
        )
        return head.encode() + raw
