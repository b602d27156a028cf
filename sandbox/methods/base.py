"""What the methods share: arguments, errors, answers, the description of a method.

Source: https://docs.slack.dev/apis/web-api
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.model import Json
from sandbox.state import State


class ApiError(Exception):
    """`ok: false` with this code, and what else the answer carries."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


@dataclass(frozen=True, slots=True)
class Answer:
    """What a method answers: HTTP status, extra headers, body.

    `content` of the type `kind` is sent instead of `body`, if there is one.
    """

    status: int
    headers: Mapping[str, str]
    body: Json
    content: bytes | None = None
    kind: str = "application/json"

    def sent(self) -> bytes:
        """The body as it goes over the wire."""
        return json.dumps(self.body).encode() if self.content is None else self.content


def invalid(code: str, messages: Sequence[str]) -> ApiError:
    """A schema error in Slack's shape."""
    return ApiError(code, response_metadata={"messages": list(messages)})


class Args:
    """A call's arguments, which come as form strings or as decoded JSON."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = {name: value for name, value in raw.items() if value is not None}

    def names(self) -> set[str]:
        return set(self._raw)

    def has(self, name: str) -> bool:
        return name in self._raw

    def text(self, name: str) -> str:
        """The argument as text, empty if it is missing."""
        return str(self._raw.get(name, ""))

    def need(self, name: str) -> str:
        """The argument as text; `invalid_arguments` if it is missing."""
        if not self.text(name):
            raise invalid("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return self.text(name)

    def flag(self, name: str) -> bool:
        """The argument as a boolean: true, "true" and 1 are."""
        return str(self._raw.get(name, "")).lower() in {"true", "1"}

    def number(self, name: str, default: int) -> int:
        """The argument as a whole number; `invalid_arguments` if it is none."""
        text = self.text(name)
        if not text:
            return default
        if not text.isdecimal():
            raise invalid(
                "invalid_arguments",
                [f"[ERROR] must be an integer [json-pointer:/{name}]"],
            )
        return int(text)

    def tree(self, name: str, error: str) -> Any:
        """The argument as decoded JSON, None if it is missing; `error` if it does not parse."""
        value = self._raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise ApiError(error) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method: what it does, which arguments it knows, which scopes it needs (any of a set)."""

    run: Callable[[State, Args], Json]
    args: frozenset[str]
    scopes: frozenset[str] = field(default_factory=frozenset)


def page(
    state: State,
    args: Args,
    items: Sequence[Any],
    *,
    default: int,
    most: int,
    size: int | None = None,
) -> tuple[list[Any], str]:
    """One page of `items` and the cursor of the next one, empty at the end.

    The workspace's page size is the most that a page ever holds, so that nobody forgets cursors;
    `size` goes before it.
    """
    limit = args.number("limit", default) or default
    if limit > most:
        raise ApiError("invalid_limit")
    cursor = args.text("cursor")
    start = 0
    if cursor:
        prefix, _, position = cursor.partition(":")
        if prefix != "next" or not position.isdecimal():
            raise ApiError("invalid_cursor")
        start = int(position)
    end = start + min(limit, state.page_size if size is None else size)
    return list(items[start:end]), f"next:{end}" if end < len(items) else ""
