"""What Prometheus reads: this process's tallies, and how everything stands in the database.

The library is loaded when somebody first asks. Nothing is registered globally.
"""

import asyncio
import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web
from typing_extensions import override

from runtime.pulse import Pulses
from runtime.tallies import Counts, Tallies, Times
from storage.pulse import Pulse

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

PREFIX = "social_desk_"

Rows = Iterable[tuple[tuple[str, ...], float]]


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number of the database's: the same from each process that is asked."""

    name: str
    meaning: str
    read: Callable[[Pulse], Rows]
    labels: tuple[str, ...] = ()


def _one(read: Callable[[Pulse], float]) -> Callable[[Pulse], Rows]:
    """A number without labels."""
    return lambda pulse: [((), read(pulse))]


def _kinds(pulse: Pulse) -> list[str]:
    return sorted({kind for kind, _ in pulse.effects})


GAUGES = (
    Gauge(
        "effects",
        "Effects by kind and state: pending, sending, unknown, which are open",
        lambda p: [(labels, line.count) for labels, line in sorted(p.effects.items())],
        ("kind", "state"),
    ),
    Gauge(
        "effect_oldest_seconds",
        "Age of the oldest open effect of each kind",
        lambda p: [((kind,), p.oldest(kind)) for kind in _kinds(p)],
        ("kind",),
    ),
    Gauge(
        "effects_dead",
        "Effects that were set aside, and neither mended nor dropped since",
        _one(lambda p: p.set_aside),
    ),
    Gauge(
        "effects_dead_lately",
        "Those of them that were set aside within the last hour",
        _one(lambda p: p.set_aside_lately),
    ),
    Gauge(
        "lanes_ready",
        "Lanes whose time has come and at which nobody works yet",
        _one(lambda p: p.ready.count),
    ),
    Gauge(
        "lane_oldest_seconds",
        "How long the longest of them waits: high when no process delivers, or too few",
        _one(lambda p: p.ready.age(p.at)),
    ),
    Gauge("lanes_leased", "Lanes at which a process works", _one(lambda p: p.leased)),
    Gauge(
        "digests_due",
        "Digests whose time has come and that were not fired yet",
        _one(lambda p: p.digests.count),
    ),
    Gauge(
        "digest_late_seconds",
        "How late the latest of them is",
        _one(lambda p: p.digests.age(p.at)),
    ),
    Gauge(
        "timers_due",
        "Reminders, escalations and the like whose time has come and that were not done yet",
        _one(lambda p: p.timers.count),
    ),
    Gauge(
        "timer_late_seconds", "How late the latest of them is", _one(lambda p: p.timers.age(p.at))
    ),
    Gauge(
        "submissions_overdue",
        "Promises missed: undecided submissions whose due time is over, without those that wait "
        "for their submitter",
        _one(lambda p: p.overdue.count),
    ),
    Gauge(
        "submission_overdue_seconds",
        "How long the longest of them is overdue",
        _one(lambda p: p.overdue.age(p.at)),
    ),
)
DATABASE_UP = "database_up"
INFO = "info"
BY_HAND = {
    DATABASE_UP: ("Whether the database told how everything stands; without it, no gauge", ()),
    INFO: ("1; which process this is", ("role", "database", "schema")),
}
"""What the collector makes by itself, with meaning and labels."""


class Metrics:
    """Makes the page. `about` are the labels of `info`; `pulses` say how everything stands, unless
    the database does not tell.
    """

    def __init__(
        self,
        tallies: Tallies,
        pulses: Pulses,
        about: tuple[str, str, str],
    ) -> None:
        self._tallies = tallies
        self._pulses = pulses
        self._about = about
        self._latest: Pulse | None = None
        self._registry: CollectorRegistry | None = None

    async def page(self) -> bytes:
        """The page in Prometheus's text format."""
        if self._registry is None:
            self._registry = await asyncio.to_thread(self._new_registry)
        self._latest = await self._pulses.newest()
        from prometheus_client.exposition import generate_latest

        return generate_latest(self._registry)

    def _new_registry(self) -> "CollectorRegistry":
        from prometheus_client.process_collector import ProcessCollector
        from prometheus_client.registry import Collector, CollectorRegistry

        collect = self.collect

        class Ours(Collector):
            @override
            def collect(self) -> "Iterator[Metric]":
                return collect()

        registry = CollectorRegistry(auto_describe=False)
        registry.register(Ours())
        ProcessCollector(registry=registry)
        return registry

    def collect(self) -> "Iterator[Metric]":
        """Everything as it is now."""
        from prometheus_client.metrics_core import GaugeMetricFamily

        yield from (_counter(one) for one in self._tallies.counts)
        yield from (_histogram(one) for one in self._tallies.times)
        meaning, labels = BY_HAND[INFO]
        info = GaugeMetricFamily(PREFIX + INFO, meaning, labels=labels)
        info.add_metric(self._about, 1)
        yield info
        is_up = GaugeMetricFamily(PREFIX + DATABASE_UP, BY_HAND[DATABASE_UP][0])
        is_up.add_metric((), self._latest is not None)
        yield is_up
        if self._latest is not None:
            yield from (_gauge(one, self._latest) for one in GAUGES)


def _counter(counts: Counts) -> "Metric":
    from prometheus_client.metrics_core import CounterMetricFamily

    found = CounterMetricFamily(PREFIX + counts.name, counts.meaning, labels=counts.labels)
    for labels, value in sorted(counts.values.items()):
        found.add_metric([str(label) for label in labels], value)
    return found


def _histogram(times: Times) -> "Metric":
    from prometheus_client.metrics_core import HistogramMetricFamily

    found = HistogramMetricFamily(PREFIX + times.name, times.meaning, labels=times.labels)
    for labels, cell in sorted(times.cells.items()):
        buckets: list[tuple[str, float]] = []
        so_far = 0.0
        for bound, count in zip((*map(str, times.bounds), "+Inf"), cell[:-1], strict=True):
            so_far += count
            buckets.append((bound, so_far))
        found.add_metric([str(label) for label in labels], buckets, sum_value=cell[-1])
    return found


def _gauge(gauge: Gauge, pulse: Pulse) -> "Metric":
    from prometheus_client.metrics_core import GaugeMetricFamily

    found = GaugeMetricFamily(PREFIX + gauge.name, gauge.meaning, labels=gauge.labels)
    for labels, value in gauge.read(pulse):
        found.add_metric(labels, value)
    return found


def described() -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Every metric of ours: name as Prometheus has it, type, meaning, labels."""
    tallies = Tallies()
    return [
        *((f"{c.name}_total", "counter", c.meaning, c.labels) for c in tallies.counts),
        *((t.name, "histogram", t.meaning, t.labels) for t in tallies.times),
        *((name, "gauge", meaning, labels) for name, (meaning, labels) in BY_HAND.items()),
        *((g.name, "gauge", g.meaning, g.labels) for g in GAUGES),
    ]


class MetricsDoor:
    """`/metrics`, for those who know the token; for everybody when there is none."""

    def __init__(self, token: str = "") -> None:
        self._token = token.encode()
        self._metrics: Metrics | None = None

    def open_up(self, metrics: Metrics) -> None:
        """From now on there is something to show."""
        self._metrics = metrics

    def routes(self) -> list[web.RouteDef]:
        """The one path."""
        return [web.get("/metrics", self._show, allow_head=False)]

    async def _show(self, request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "").encode()
        if self._token and not hmac.compare_digest(given, b"Bearer " + self._token):
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        if self._metrics is None:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        return web.Response(
            body=await self._metrics.page(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )
