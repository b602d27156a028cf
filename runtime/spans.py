"""Traces, as far as the rest of the program knows of them: pieces of work with a beginning and an
end, each below another one. Nothing that anybody typed is noted of them, and no person's id.
"""

from typing import Protocol


class Span(Protocol):
    """A piece of work that has begun."""

    @property
    def trace(self) -> str:
        """Its place, for what belongs below it (a traceparent:
        https://www.w3.org/TR/trace-context/).
        """
        ...

    def end(self, outcome: str) -> None:
        """It is over."""
        ...


class Spans(Protocol):
    """Begins spans."""

    def begin(self, name: str, ids: dict[str, str | int], below: str | None) -> Span:
        """A span with this name and these ids; `below` is the place of what it belongs to."""
        ...


def trace_id(trace: str) -> str:
    """The id of the whole trace, as collectors show it."""
    return trace.split("-")[1]
