"""Traces for OpenTelemetry, sent by OTLP over HTTP. Loaded only where an address is set."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, TraceFlags
from typing_extensions import override

from bot.trail import Ended
from runtime.spans import Span, Spans

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

NAME = "social-desk"
KEPT = frozenset({"request", "surface", "workspace", "submission", "tick", "kind", "method"})
"""Which ids become attributes: none that names a person, as lanes and keys of effects can."""

GOOD = frozenset({Ended.OK, Ended.REFUSED, "sent", "retry"})
"""How a span may end without being an error."""

FLUSH_SECONDS = 3


class OtelSpan(Span):
    """One span of the SDK's."""

    def __init__(self, span: trace.Span, ids: dict[str, str | int]) -> None:
        self._span = span
        self._ids = ids

    @property
    @override
    def trace(self) -> str:
        at = self._span.get_span_context()
        return f"00-{at.trace_id:032x}-{at.span_id:016x}-{at.trace_flags:02x}"

    @override
    def end(self, outcome: str) -> None:
        for name, value in self._ids.items():  # only now are all known
            if name in KEPT:
                self._span.set_attribute(f"social_desk.{name}", value)
        self._span.set_attribute("social_desk.outcome", str(outcome))
        if outcome not in GOOD:
            self._span.set_status(trace.StatusCode.ERROR)
        self._span.end()


class OtelSpans(Spans):
    """Spans of one process."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer(NAME)

    @override
    def begin(self, name: str, ids: dict[str, str | int], below: str | None) -> Span:
        kind = SpanKind.SERVER if below is None else SpanKind.INTERNAL
        span = self._tracer.start_span(name, context=_context(below), kind=kind)
        return OtelSpan(span, ids)


def _context(below: str | None) -> Context | None:
    """The place of a span that may be of another process."""
    at = None if below is None else _place(below)
    return None if at is None else trace.set_span_in_context(NonRecordingSpan(at))


def _place(traceparent: str) -> SpanContext | None:
    """None for one that can't be read: then a trace begins."""
    try:
        _, trace_id, span_id, flags = traceparent.split("-")
        found = SpanContext(
            trace_id=int(trace_id, 16),
            span_id=int(span_id, 16),
            is_remote=True,
            trace_flags=TraceFlags(int(flags, 16)),
        )
    except ValueError:
        return None
    return found if found.is_valid else None


@contextlib.contextmanager
def tracing(role: str, processor: "SpanProcessor") -> Iterator[Spans]:
    """Spans that go to `processor`; what waits there is sent at the end. Nothing is global."""
    provider = TracerProvider(
        resource=Resource.create({"service.name": NAME, "service.instance.role": role}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(processor)
    try:
        yield OtelSpans(provider)
    finally:
        provider.force_flush(FLUSH_SECONDS * 1000)
        provider.shutdown()


def exporter(endpoint: str) -> "SpanProcessor":
    """Sends spans to a collector, in portions, on a thread of its own."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    address = f"{endpoint.rstrip('/')}/v1/traces"
    return BatchSpanProcessor(OTLPSpanExporter(endpoint=address, timeout=FLUSH_SECONDS))
