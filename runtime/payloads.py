"""What stands in a request of Slack's: a command's fields, or a payload."""

import json
from binascii import a2b_qp
from http import HTTPStatus
from typing import Any

from pydantic_core import from_json
from yarl import URL

FORM = "application/x-www-form-urlencoded"


class OddRequestError(Exception):
    """A request that no Slack sends; `status` is what it is answered with."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


def parsed(content_type: str, body: str) -> dict[str, Any]:
    """A command's fields, or a typed JSON object. A form of several fields is taken apart by yarl,
    in C: the standard library takes longer for one than all the rest of the request.

    Raises OddRequestError for what is neither, and for texts that no database takes.
    """
    text = _only_payload(body) if content_type == FORM else body
    if text is None:
        given = URL.build(query_string=body, encoded=True).query
        fields: dict[str, Any] = dict(given)
        if len(fields) != len(given):
            raise OddRequestError(HTTPStatus.BAD_REQUEST, "a field twice")
        if "payload" not in fields:
            if "command" not in fields:
                raise OddRequestError(HTTPStatus.BAD_REQUEST, "neither a payload nor a command")
            return _written(fields, body, FORM_MARK)
        text = fields["payload"]
    elif content_type not in {FORM, "application/json"}:
        raise OddRequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "neither a form nor JSON")
    try:
        found = from_json(text)
    except ValueError:
        raise OddRequestError(HTTPStatus.BAD_REQUEST, "not JSON") from None
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        raise OddRequestError(HTTPStatus.BAD_REQUEST, "no typed object")
    return _written(found, text, JSON_MARK)


def _only_payload(body: str) -> str | None:
    """The payload of a form that has no other field, as most of what people do in Slack comes; None
    for any other form, and for what is no UTF-8.

    With its percent signs made equals signs it is quoted-printable, which the standard library
    takes apart in C, in half of yarl's time. A percent sign without its two digits, which Slack
    does not send, stays an equals sign.
    """
    name, _, value = body.partition("=")
    if name != "payload" or any(char in value for char in _NOT_ALONE):
        return None
    try:
        return a2b_qp(value.encode().translate(_AS_QUOTED)).decode()
    except UnicodeDecodeError:
        return None


_NOT_ALONE = "=&\r\n"
"""What would begin another field, or be none of the form's encoding."""

_AS_QUOTED = bytes.maketrans(b"%+", b"= ")

JSON_MARK, FORM_MARK = "\\u0000", "%00"
"""What a body has in it where one of its texts may hold a null character."""


def _written(found: dict[str, Any], raw: str, mark: str) -> dict[str, Any]:
    """The same, if no text in it holds a null character, which PostgreSQL takes in none.

    Raises OddRequestError otherwise.
    """
    if mark in raw and JSON_MARK in json.dumps(found).replace("\\\\", ""):
        raise OddRequestError(HTTPStatus.BAD_REQUEST, "a null character")
    return found
