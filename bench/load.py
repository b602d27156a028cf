"""Load over HTTP from one thread: closed loops for throughput, an open one for latency.

Requests are bytes that were made ahead, so that sending one costs two system calls.
"""

import random
import selectors
import socket
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from statistics import quantiles
from time import perf_counter
from typing import Self

HEAD_END = b"\r\n\r\n"
CHUNKS_END = b"0\r\n\r\n"
PATIENCE = 10.0
"""Seconds after the last request for answers that are still out."""


def moments(rate: float, seconds: float, seed: int = 0) -> list[float]:
    """When requests are due, in seconds from the start: `rate` a second on average, each without
    regard to the others, as people are who do not know of one another (a Poisson process). The same
    for the same seed.

    Evenly spaced, they would never meet, and a program that is nearly full would show no queue.
    """
    luck = random.Random(seed)  # noqa: S311  (no secret)
    many = range(int(rate * seconds))
    return list(accumulate(luck.expovariate(rate) for _ in many))


@dataclass(slots=True)
class Sample:
    """What came back: seconds until each answer, how many were not 200, how long it all took."""

    latencies: list[float] = field(default_factory=list)
    refused: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """Seconds within which `percent` of a hundred were answered."""
        return quantiles(self.latencies, n=100)[percent - 1]


class _Line:
    """One kept-alive connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.since = 0.0
        self._received = b""

    def send(self, request: bytes, since: float) -> None:
        self.since = since
        self._received = b""
        self.socket.sendall(request)

    def receive(self) -> int | None:
        """The status of the answer once all of it is there; raises ConnectionError at its end."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server hung up")
        self._received += part
        head, found, body = self._received.partition(HEAD_END)
        if not found or not _is_whole(head.lower(), body):
            return None
        return int(head[9:12])


def _is_whole(head: bytes, body: bytes) -> bool:
    _, found, rest = head.partition(b"content-length:")
    if found:
        return len(body) >= int(rest.partition(b"\r\n")[0])
    return b"transfer-encoding: chunked" not in head or body.endswith(CHUNKS_END)


class Load:
    """A number of connections to servers on this machine, in turn; a context manager."""

    def __init__(self, ports: Sequence[int], lines: int) -> None:
        self._lines = [_Line(ports[place % len(ports)]) for place in range(lines)]
        # The only one that wakes up at the microsecond: others round up to a whole millisecond.
        self._selector = selectors.SelectSelector()
        for line in self._lines:
            self._selector.register(line.socket, selectors.EVENT_READ, line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for line in self._lines:
            line.socket.close()

    def closed(self, requests: Iterable[bytes], seconds: float) -> Sample:
        """Each connection sends its next request when it has its answer, for `seconds`."""
        found, waiting = Sample(), iter(requests)
        begun = perf_counter()
        busy = 0
        for line in self._lines:
            line.send(next(waiting), perf_counter())
            busy += 1
        while busy:
            for line in self._answered(found, PATIENCE):
                busy -= 1
                now = perf_counter()
                request = next(waiting, None) if now - begun < seconds else None
                if request is not None:
                    line.send(request, now)
                    busy += 1
        found.seconds = perf_counter() - begun
        return found

    def open(
        self, requests: Iterable[bytes], rate: float, seconds: float, *, seed: int = 0
    ) -> Sample:
        """`rate` requests per second (`moments`), whether or not the earlier ones were answered.

        Latency counts from the moment at which a request was due, also when all connections were
        busy then: otherwise a slow server would be asked less, and look better.
        """
        found, waiting = Sample(), iter(requests)
        # In turn, so that none rests so long that a server hangs up (Node.js does after 5 s).
        idle, overdue = deque(self._lines), deque[float]()
        coming = deque(moments(rate, seconds, seed))
        begun = perf_counter()
        while coming or overdue or len(idle) < len(self._lines):
            now = perf_counter()
            while coming and begun + coming[0] <= now:
                overdue.append(begun + coming.popleft())
            while overdue and idle:
                idle.popleft().send(next(waiting), overdue.popleft())
            pause = begun + coming[0] - perf_counter() if coming else PATIENCE
            idle += self._answered(found, max(pause, 0.0))
        found.seconds = perf_counter() - begun
        return found

    def _answered(self, found: Sample, patience: float) -> list[_Line]:
        """The connections whose answer arrived, noted in `found`."""
        events = self._selector.select(patience)
        if not events and patience == PATIENCE:
            raise TimeoutError("the server under load does not answer any more")
        done = []
        for key, _ in events:
            status = key.data.receive()
            if status is None:
                continue
            found.latencies.append(perf_counter() - key.data.since)
            found.refused += status != 200
            done.append(key.data)
        return done
