"""Alert rules and dashboard: they name what is there, are explained, and fire on what hurts."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.outbox import EffectKind, Verdict
from bot.trail import Ended
from runtime.metrics import PREFIX, Metrics, described
from runtime.pulse import Pulses
from runtime.tallies import Tallies
from sandbox.clock import FrozenClock
from storage.database import Database
from tests.runtime.test_metrics import gone, of, scraped
from tests.support.desk import START, Scene

ROOT = Path(__file__).parents[2]
RULES: list[dict[str, Any]] = [
    rule
    for group in YAML(typ="safe").load(ROOT / "deploy" / "alerts.yaml")["groups"]
    for rule in group["rules"]
]
PANELS = [
    panel
    for panel in json.loads((ROOT / "deploy" / "grafana.json").read_text("utf-8"))["panels"]
    if panel["type"] != "row"
]
EXPRESSIONS = [
    *((rule["alert"], rule["expr"]) for rule in RULES),
    *((panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]),
]
FUNCTIONS = {
    *("absent", "by", "count", "histogram_quantile", "increase", "max", "or", "rate", "sum"),
}
NOT_OURS = {"up", "process_resident_memory_bytes"}
OF_PROMETHEUS = {"job", "instance", "le"}
VALUES = {
    "outcome": {*Ended, *Verdict},
    "kind": set(EffectKind),
    "status": {*(label for (label,) in Tallies().digests.values), "401"},
    "job": {"social-desk"},
}
"""What a label can be, where that is a list; `status` is a digest's or an HTTP one."""


def metrics() -> dict[str, tuple[str, ...]]:
    """Every name that can stand in an expression, with its labels."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(NOT_OURS, ())
    for name, kind, _, labels in described():
        endings = ("_bucket", "_count", "_sum") if kind == "histogram" else ("",)
        found |= {f"{PREFIX}{name}{ending}": labels for ending in endings}
    return found


@pytest.mark.parametrize("title, expression", EXPRESSIONS, ids=lambda one: one[:40])
def test_an_expression_names_what_is_there(title: str, expression: str) -> None:
    known = metrics()
    for opening, closing in ("()", "{}", "[]"):
        assert expression.count(opening) == expression.count(closing)
    bare = re.sub(r'"[^"]*"', '""', expression)
    used = re.findall(r"([a-z_]+)(?:\{([^}]*)\})?", re.sub(r"\[[0-9a-z]+\]", "", bare))
    labels = {label for by in re.findall(r"by \(([^)]*)\)", bare) for label in by.split(", ")}
    names = {name for name, _ in used} - FUNCTIONS - labels
    matched = set(re.findall(r"([a-z_]+)(?:=~|!=|=)\"", bare))
    names -= matched
    assert names, title
    assert names <= set(known), names - set(known)
    may = {label for name in names for label in known[name]} | OF_PROMETHEUS
    assert labels | matched <= may, title
    # A counter is never read bare, and never summed before it is rated.
    for name in names:
        if name.endswith(("_total", "_bucket", "_count")):
            assert re.search(rf"(?:rate|increase)\({name}(?:{{[^}}]*}})?\[", expression), name


@pytest.mark.parametrize("title, expression", EXPRESSIONS, ids=lambda one: one[:40])
def test_labels_are_compared_with_values_that_they_can_have(title: str, expression: str) -> None:
    for label, operator, value in re.findall(r'([a-z_]+)(=~|!=|=)"([^"]*)"', expression):
        if label in VALUES:
            wanted = value.split("|") if operator == "=~" else [value]
            assert set(wanted) <= {str(one) for one in VALUES[label]}, title


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_what_it_means_and_does_not_flutter(rule: Mapping[str, Any]) -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    chapter = page.partition("## What an alert means\n")[2].partition("\n## ")[0]
    told = chapter.partition(f"### {rule['alert']}\n")[2].partition("\n### ")[0]
    assert len(told) > 150
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["description"].endswith(f"#{rule['alert'].lower()}")
    assert rule["labels"]["severity"] in {"page", "ticket"}
    minutes = {"m": 1, "h": 60}
    patience = int(rule["for"][:-1]) * minutes[rule["for"][-1]]
    # What is counted over a window waits in the window; what is read once has to stay so.
    assert patience >= (0 if "increase(" in rule["expr"] else 2)
    assert patience <= 60


def test_no_alert_is_told_twice_or_without_a_rule() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    chapter = page.partition("## What an alert means\n")[2].partition("\n## ")[0]
    assert re.findall(r"^### (\w+)$", chapter, re.MULTILINE) == [rule["alert"] for rule in RULES]


def firing(found: Mapping[str, Mapping[tuple[str, ...], float]]) -> set[str]:
    """Which of the rules that compare the greatest of a gauge hold for a scrape."""
    return {rule["alert"] for rule in RULES if any(compared(rule["expr"], found))}


def compared(
    expression: str, found: Mapping[str, Mapping[tuple[str, ...], float]]
) -> Iterator[bool]:
    for part in expression.split(" or "):
        match = re.fullmatch(
            rf'max\({PREFIX}(\w+)(?:{{\w+=~?"([^"]*)"}})?\) (>|==) (\d+)', part.strip()
        )
        if match is None:
            continue
        name, wanted, operator, limit = match.groups()
        values = [
            value
            for labels, value in found.get(name, {}).items()
            if wanted is None or labels[0] in wanted.split("|")
        ]
        if values:
            worst = max(values)
            yield worst > float(limit) if operator == ">" else worst == float(limit)


async def test_nothing_fires_on_a_good_day(at_work: Scene, sqlite_url: str) -> None:
    s, shown = at_work, of(at_work, sqlite_url)
    await s.sam.slash("/social-idea", channel=s.general)
    await s.sam.submit({"title": "A thing"})
    await s.wait(hours=1)
    assert firing(await scraped(shown)) == set()


async def test_an_outage_of_slack_fires_and_ends(at_work: Scene, sqlite_url: str) -> None:
    s, shown = at_work, of(at_work, sqlite_url)
    for method in ("chat.postMessage", "conversations.history"):
        s.ws.fault(method, "500", times=1000)
    await s.sam.slash("/social-idea", channel=s.general)
    await s.sam.submit({"title": "A thing"})
    await s.clock.advance(timedelta(minutes=20))
    await s.desk.rest()
    assert firing(await scraped(shown)) == {"SocialDeskDeliveryLate"}
    s.ws.faults.clear()
    await s.wait(minutes=10)
    assert firing(await scraped(shown)) == set()


async def test_what_slack_refuses_and_what_nobody_decides(at_work: Scene, sqlite_url: str) -> None:
    s, shown = at_work, of(at_work, sqlite_url)
    s.ws.archive(s.content)
    await s.sam.slash("/social-idea", channel=s.general)
    await s.sam.submit({"title": "A thing"})
    await s.settle()
    assert firing(await scraped(shown)) == {"SocialDeskEffectsDead"}
    await s.wait(days=10)
    assert firing(await scraped(shown)) == {"SocialDeskPromisesMissed"}


async def test_a_database_that_is_gone(at_work: Scene, sqlite_url: str) -> None:
    shown = of(at_work, sqlite_url)
    with gone(sqlite_url):
        assert firing(await scraped(shown)) == {"SocialDeskDatabaseGone"}


async def test_when_no_process_works(at_work: Scene, sqlite_url: str) -> None:
    """The desk's own clock stands still; two weeks later somebody looks from outside."""
    s = at_work
    await s.desk.ticks.fire_digests()
    await s.sam.slash("/social-idea", channel=s.general)
    s.desk.dispatcher._is_closing = True
    await s.sam.submit({"title": "A thing"})
    database = Database(sqlite_url)
    later = FrozenClock(START + timedelta(days=14))
    shown = Metrics(Tallies(), Pulses(database, later), ("web", "sqlite", "0"))
    found = firing(await scraped(shown))
    await database.close()
    s.desk.dispatcher._is_closing = False
    assert found == {
        "SocialDeskLanesOld",
        "SocialDeskDeliveryLate",
        "SocialDeskDigestsLate",
        "SocialDeskTimersLate",
        "SocialDeskPromisesMissed",
    }
