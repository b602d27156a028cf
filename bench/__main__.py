"""`python -m bench [--quick] [--keep]`: measure, print a table, fail if what has no noise missed.

`--keep` puts the table into docs/performance.md.
"""

import argparse
import asyncio
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench import beside, brought, claims, digests, figures, inside, peer, shared
from bench.contenders import CORES, Stage, leave_a_core, with_all_cores
from bench.payloads import filled_form
from bench.report import Row, has_failed, keep, table
from bench.rounds import RATES, Field, Lengths, Measured
from sandbox.clock import wall_time
from tests.support.processes import ROOT

FULL = Lengths(rounds=4, closed=2.0, open=5.0)
QUICK = Lengths(rounds=1, closed=1.0, open=1.5)
FEW, MANY, QUICK_MANY = 1_000, 1_000_000, 100_000


def main() -> int:
    """The command line; 1 when a quantity without noise missed its limit."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute, for a first look")
    parser.add_argument("--keep", action="store_true", help="write it into docs/performance.md")
    given = parser.parse_args()
    missing = peer.installed(may_fetch=not given.quick)
    with tempfile.TemporaryDirectory() as folder:
        rows = list(measure(Stage(Path(folder)), is_quick=given.quick, has_peer=missing is None))
    parts = (about(), table(rows), missing, shared.missing())
    text = "\n\n".join(part for part in parts if part)
    sys.stdout.write(text + "\n")
    if given.keep:
        keep(ROOT / "docs" / "performance.md", text)
    return int(has_failed(rows))


def about() -> str:
    """The machine, the day and what ran."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    models = [line.partition(":")[2].strip() for line in info.splitlines() if "model name" in line]
    cpu = models[0] if models else platform.machine()
    return (
        f"{wall_time():%Y-%m-%d}, {len(CORES)} cores of {cpu}, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, `python -m bench "
        f"{' '.join(sys.argv[1:])}`".replace(" `", "`").replace(",`", ", `")
    )


def measure(stage: Stage, *, is_quick: bool, has_peer: bool) -> Iterator[Row]:
    """Everything, in an order that leaves the machine quiet for what needs it."""
    leave_a_core()
    form = asyncio.run(filled_form(_scene_url(stage)))
    lengths = QUICK if is_quick else FULL
    found = Field(stage, form, lengths, has_peer).play()
    yield from _against_the_limits(found)
    if has_peer:
        yield from _against_the_peer(found)
    yield from _absolute(found["desk"])
    yield from _counted(found["desk"])
    yield _delivered(found["desk"])
    yield _dispatch(stage)
    yield _click(stage)
    yield _claims(stage)
    yield from _past(stage, QUICK_MANY if is_quick else MANY)
    yield from digests.rows(stage.template, QUICK_MANY if is_quick else MANY)
    yield brought.spend(stage.template, QUICK_MANY if is_quick else MANY)
    yield from _beside(stage, QUICK_MANY if is_quick else MANY)
    if not is_quick and shared.missing() is None:
        yield from _shared(shared.measure(stage, form, lengths))


def _scene_url(stage: Stage) -> str:
    return f"sqlite:///{shutil.copy(stage.empty, stage.folder / 'scene.db')}"


def _against_the_limits(found: Mapping[str, Measured]) -> Iterator[Row]:
    desk, bare, minimal = found["desk"], found["bare"], found["minimal"]
    yield Row(
        what="ack only: the desk / a minimal Bolt app",
        value=desk["ack rate"] / minimal["ack rate"],
        limit=0.75,
        at_least=True,
        detail=f"{desk['ack rate']:,.0f} / {minimal['ack rate']:,.0f} per second",
    )
    yield Row(
        what="ack only: the desk / a bare handler",
        value=desk["ack rate"] / bare["ack rate"],
        limit=0.25,
        at_least=True,
        detail=f"of {bare['ack rate']:,.0f} per second",
    )
    yield Row(
        what="a whole submission: the desk / a bare handler with sqlite3",
        value=desk["submit rate"] / bare["submit rate"],
        limit=0.25,
        at_least=True,
        detail=f"{desk['submit rate']:,.0f} / {bare['submit rate']:,.0f} per second",
    )


def _against_the_peer(found: Mapping[str, Measured]) -> Iterator[Row]:
    desk, other = found["desk"], found["peer"]
    yield Row(
        what="ack only: the desk / bolt-js",
        value=desk["ack rate"] / other["ack rate"],
        limit=0.75,
        at_least=True,
        detail=f"bolt-js {other['ack rate']:,.0f} per second",
    )
    yield Row(
        what="a whole submission: the desk / bolt-js",
        value=desk["submit rate"] / other["submit rate"],
        limit=0.5,
        at_least=True,
        detail=f"bolt-js {other['submit rate']:,.0f} per second",
    )
    for rate in RATES:
        for name, limit in (("p50", 2.0), ("p99", 1.0)):
            ours, theirs = desk[f"{name} at {rate}"], other[f"{name} at {rate}"]
            yield Row(
                what=f"{name} at {rate} submissions a second: the desk / bolt-js",
                value=ours / theirs,
                limit=limit,
                detail=f"{ours:,.1f} / {theirs:,.1f} ms",
            )
    yield Row(
        what="memory after the load: the desk / bolt-js",
        value=desk["memory"] / other["memory"],
        limit=1.0,
        detail=f"{desk['memory']:,.0f} / {other['memory']:,.0f} MB",
    )


def _absolute(desk: Measured) -> Iterator[Row]:
    yield Row(what="processor time of a submission", value=desk["submit cpu"], unit="µs")
    yield Row(what="processor time of an ack alone", value=desk["ack cpu"], unit="µs")
    yield Row(what="start to ready", value=desk["ready"], unit="s", limit=1.2)
    yield Row(
        what="memory of `serve` when idle",
        value=desk["idle memory"],
        unit="MB",
        limit=85,
        asserted=True,
    )


def _counted(desk: Measured) -> Iterator[Row]:
    yield Row(
        what="`auth.test` calls of one process", value=desk["auth.test"], limit=1, asserted=True
    )
    yield Row(
        what="connections to Slack",
        value=desk["connections"],
        limit=32,
        asserted=True,
        detail=f"for {desk['calls']:,.0f} calls, 32 lanes at once",
    )


def _delivered(desk: Measured) -> Row:
    return Row(
        what="delivery: posts a second and conversation / Slack's one",
        value=desk["posts"],
        limit=0.9,
        at_least=True,
    )


def _dispatch(stage: Stage) -> Row:
    return Row(
        what="dispatch of a command: all listeners / one",
        value=asyncio.run(inside.dispatch_ratio(_scene_url(stage))),
        limit=1.3,
        asserted=True,
    )


def _click(stage: Stage) -> Row:
    return Row(
        what="a click until the card shows it, in the sandbox",
        value=asyncio.run(inside.click_to_card(_scene_url(stage))),
        unit="ms",
        limit=150,
    )


def _claims(stage: Stage) -> Row:
    value, few, many = claims.ratio(stage.template, 100, 100_000)
    return Row(
        what="claiming an effect: 100,000 open ones / 100",
        value=value,
        limit=1.5,
        detail=f"{many:,.0f} / {few:,.0f} µs",
    )


def _past(stage: Stage, many: int) -> Iterator[Row]:
    few, home = (figures.of_home(stage.template, total) for total in (FEW, many))
    size = f"{many:,} submissions"
    yield Row(what=f"the Home tab's lists at {size}", value=home, unit="ms", limit=10)
    yield Row(
        what=f"Home: {size} / {FEW:,}",
        value=home / few,
        limit=2,
        detail=f"{home:.1f} / {few:.1f} ms",
    )


def _beside(stage: Stage, many: int) -> Iterator[Row]:
    with with_all_cores():
        found = beside.measure(stage.template, many)
    yield Row(
        what=f"p99 of storing a submission while digests over {many:,} are built / while none is",
        value=found.busy / found.quiet,
        limit=1.25,
        detail=f"{found.busy:.1f} / {found.quiet:.1f} ms",
    )
    yield Row(what="a digest meanwhile, at 100 submissions a second", value=found.digest, unit="ms")


def _shared(found: shared.Shared) -> Iterator[Row]:
    yield Row(
        what="a whole submission: PostgreSQL / SQLite",
        value=found.postgresql / found.sqlite,
        detail=f"{found.postgresql:,.0f} / {found.sqlite:,.0f} per second, on shared cores",
    )
    yield Row(
        what="a whole submission on PostgreSQL: two web processes / one",
        value=found.two_webs / found.one_web,
        detail=f"{found.two_webs:,.0f} / {found.one_web:,.0f} per second, on shared cores",
    )
    yield Row(
        what="from the commit until Slack has the receipt: by polling / by notification",
        value=found.polled / found.notified,
        detail=f"{found.polled * 1000:,.0f} / {found.notified * 1000:,.0f} ms",
    )


if __name__ == "__main__":
    sys.exit(main())
