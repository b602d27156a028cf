"""How a check tells what it found: messages in Slack's shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The error code and `response_metadata.messages`; no messages means it passes."""

    code: str
    messages: Sequence[str]


class Report:
    """Collects what is wrong, each with the pointer to where it is."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def error(self, text: str, at: str) -> None:
        self.messages.append(f"[ERROR] {text} [json-pointer:{at or '/'}]")

    def length(self, value: str, most: int, at: str, *, least: int = 1) -> None:
        """Complain about a text that is too short or too long."""
        if len(value) < least:
            self.error(f"must be more than {least - 1} characters", at)
        if len(value) > most:
            self.error(f"must be less than {most + 1} characters", at)

    def shape(self, node: Any, at: str, *, required: str = "", optional: str = "") -> bool:
        """Whether `node` is an object with these fields (names separated by blanks) and no others.

        `type` is always allowed. False only if it is no object at all.
        """
        if not isinstance(node, dict):
            self.error("must provide an object", at)
            return False
        needed = required.split()
        for name in needed:
            if node.get(name) is None:
                self.error(f"missing required field: {name}", at)
        for name in sorted(key for key, value in node.items() if value is None):
            self.error("must not be null", f"{at}/{name}")
        for name in sorted(node.keys() - {*needed, *optional.split(), "type"}):
            self.error(f"invalid additional property: {name}", at)
        return True

    def string(self, node: Any, name: str, most: int, at: str, *, least: int = 1) -> None:
        """Check an optional text field of an object."""
        value = node.get(name)
        if value is None:
            return
        if not isinstance(value, str):
            self.error("must provide a string", f"{at}/{name}")
        else:
            self.length(value, most, f"{at}/{name}", least=least)

    def items(self, node: Any, name: str, most: int, at: str, *, least: int = 1) -> list[Any]:
        """A list field of an object, empty if it is none; its length is checked."""
        value = node.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.error("must provide an array", f"{at}/{name}")
            return []
        if len(value) < least:
            self.error(f"no fewer than {least} items allowed", f"{at}/{name}")
        if len(value) > most:
            self.error(f"no more than {most} items allowed", f"{at}/{name}")
        return value

    def choice(self, node: Any, name: str, allowed: Sequence[Any], at: str) -> None:
        """Check an optional field that has fixed values."""
        value = node.get(name)
        if value is not None and value not in allowed:
            self.error("must be a valid enum value", f"{at}/{name}")

    def boolean(self, node: Any, name: str, at: str) -> None:
        """Check an optional true or false."""
        if node.get(name) is not None and not isinstance(node[name], bool):
            self.error("must provide a boolean", f"{at}/{name}")

    def number(self, node: Any, name: str, least: int, most: int, at: str) -> None:
        """Check an optional whole number."""
        value = node.get(name)
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            self.error("must provide an integer", f"{at}/{name}")
        elif not least <= value <= most:
            self.error(f"must be between {least} and {most}", f"{at}/{name}")
