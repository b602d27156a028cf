"""The load generator, against a server that answers as it is told."""

import asyncio
import contextlib
from collections.abc import Iterator
from itertools import pairwise, repeat
from math import log
from socket import SHUT_WR
from threading import Thread
from time import sleep

import pytest

from bench.load import Load, Sample, moments

REQUEST = b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi"
EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
REFUSED = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"


@contextlib.contextmanager
def server(answer: bytes, seconds: float = 0.0) -> Iterator[int]:
    """A server in a thread of its own that answers every request, one at a time."""
    loop = asyncio.new_event_loop()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await reader.readexactly(len(REQUEST))
                sleep(seconds)  # noqa: ASYNC251  (on purpose: the others have to wait)
                for part in (answer[:20], answer[20:]):
                    writer.write(part)
                    await writer.drain()
        writer.close()

    listening = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(listening.close)
        sleep(0.05)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()


@pytest.mark.parametrize("answer", [EMPTY, CHUNKED])
def test_closed_loops_count_each_answer_once(answer: bytes) -> None:
    with server(answer) as port, Load([port], 4) as load:
        sample = load.closed([REQUEST] * 40, 5.0)
    assert len(sample.latencies) == 40
    assert sample.refused == 0
    assert sample.rate == pytest.approx(40 / sample.seconds)


def test_closed_loops_end_in_time() -> None:
    with server(EMPTY) as port, Load([port], 2) as load:
        sample = load.closed(repeat(REQUEST), 0.2)
    assert 0.2 <= sample.seconds < 2


def test_refusals_are_counted() -> None:
    with server(REFUSED) as port, Load([port], 2) as load:
        assert load.closed([REQUEST] * 6, 5.0).refused == 6


def test_an_open_loop_keeps_its_rate_and_counts_the_wait_for_a_slow_server() -> None:
    """10 ms for each, 200 a second: the hundredth waits half a second for its turn."""
    with server(EMPTY, seconds=0.01) as port, Load([port], 2) as load:
        sample = load.open(repeat(REQUEST), 200, 0.5)
    assert len(sample.latencies) == 100
    assert sample.percentile(99) > 0.4
    assert sample.percentile(50) > 0.2


def test_requests_are_due_at_random_and_the_same_for_all() -> None:
    due = moments(200, 50)
    assert due == moments(200, 50) == sorted(due)
    assert len(due) == 10_000
    assert due[-1] == pytest.approx(50, rel=0.03)
    gaps = sorted(after - before for before, after in pairwise(due))
    assert gaps[len(gaps) // 2] == pytest.approx(
        log(2) / 200, rel=0.05
    )  # as no clock would have it


def test_an_open_loop_is_no_faster_than_its_rate() -> None:
    with server(EMPTY) as port, Load([port], 2) as load:
        sample = load.open(repeat(REQUEST), 100, 0.5)
    assert len(sample.latencies) == 50
    assert sample.seconds > 0.4


def test_a_server_that_hangs_up_is_noticed() -> None:
    with server(b"") as port, Load([port], 1) as load:
        load._lines[0].socket.shutdown(SHUT_WR)
        with pytest.raises(ConnectionError):
            load._answered(Sample(), 1.0)
