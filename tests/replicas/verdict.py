"""What must hold when everything has come to rest, whatever happened before."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.problems import Problem
from tests.replicas.company import Company
from tests.replicas.digests import old_titles
from tests.support.processes import ask

BY_OUR_HAND = frozenset({"no_ack", "late_ack"})
"""What follows from killing a process while Slack waits for it."""


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was found. Each list names what it counts."""

    acked: int
    digests: int = 0
    reminders: int = 0
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    """Effects that were set aside, lanes with work that nobody will look at, bad conduct."""

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.duplicated or self.out_of_order or self.odd)

    def lines(self) -> Iterable[str]:
        """For people: the numbers, and the first few of whatever is wrong."""
        yield f"acked {self.acked}"
        yield f"digests {self.digests}, reminders and escalations {self.reminders}"
        for name in ("lost", "duplicated", "out_of_order", "odd"):
            found: list[str] = getattr(self, name)
            few = f": {'; '.join(found[:5])}" if found else ""
            yield f"{name.replace('_', ' ')} {len(found)}{few}"


def judge(
    company: Company, database_url: str, acked: Mapping[str, int], digests: Iterable[str]
) -> Verdict:
    """Compare what Slack has with what the database knows and what people were promised: `acked`
    are titles by desk, `digests` the subscriptions whose time had come.
    """
    verdict = Verdict(acked=len(acked))
    posted = _posted(company)
    numbers = _numbers(database_url)
    _find_lost(verdict, company, posted, numbers, {**old_titles(company), **acked})
    verdict.digests = _find_digests(verdict, database_url, posted, digests)
    verdict.reminders = _find_reminders(verdict, database_url)
    verdict.duplicated += [key for key, places in posted.items() if len(places) > 1]
    verdict.duplicated += [title for title, found in numbers.items() if len(found) > 1]
    effects = ask(database_url, "SELECT * FROM outbox ORDER BY lane, id")
    verdict.odd += [f"{row['key']} {row['error']}" for row in effects if row["state"] == "dead"]
    verdict.odd += [f"{row['key']} not done" for row in effects if row["done_at"] is None]
    _find_disorder(verdict, effects, posted)
    asleep = "SELECT lane FROM lane WHERE ready_at IS NULL AND EXISTS (SELECT 1 FROM outbox WHERE "
    open_too = "outbox.lane = lane.lane AND done_at IS NULL)"
    verdict.odd += [f"{row['lane']} asleep" for row in ask(database_url, asleep + open_too)]
    verdict.odd += [str(problem) for problem in company.ws.problems if not _is_ours(problem)]
    return verdict


def _is_ours(problem: Problem) -> bool:
    return problem.kind in BY_OUR_HAND


def _posted(company: Company) -> dict[str, list[tuple[str, str]]]:
    """Where each key stands in Slack: channel and ts."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for channel, messages in company.ws.messages.items():
        for message in messages.values():
            payload = (message.metadata or {}).get("event_payload", {})
            if "key" in payload:
                found[payload["key"]].append((channel, message.ts))
    return found


def _numbers(database_url: str) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in ask(database_url, "SELECT title, number FROM submission"):
        found[row["title"]].append(row["number"])
    return found


def _find_lost(
    verdict: Verdict,
    company: Company,
    posted: Mapping[str, list[tuple[str, str]]],
    numbers: Mapping[str, list[int]],
    acked: Mapping[str, int],
) -> None:
    for title, desk in acked.items():
        found = numbers.get(title, [])
        if not found:
            verdict.lost.append(f"{title}: not stored")
        for number in found:
            cards = [channel for channel, _ in posted.get(f"card:{number}", [])]
            if company.desks[desk] not in cards:
                verdict.lost.append(f"{title}: no card")
            if not posted.get(f"receipt:{number}"):
                verdict.lost.append(f"{title}: no receipt")


def _find_digests(
    verdict: Verdict,
    database_url: str,
    posted: Mapping[str, list[tuple[str, str]]],
    digests: Iterable[str],
) -> int:
    """Each was fired for one period and posted; how many were. What was posted twice under one key
    is found with everything else; the messages of its thread have one part more in theirs.
    """
    good = 0
    for subscription_id in digests:
        of_it = f"SELECT status FROM period_run WHERE subscription_id = '{subscription_id}'"  # noqa: S608  (ours)
        statuses = [row["status"] for row in ask(database_url, of_it)]
        of_digest = re.compile(rf"digest:{re.escape(subscription_id)}:[^:]+")
        keys = [key for key in posted if of_digest.fullmatch(key)]
        if statuses != ["fired"] or not keys:
            verdict.lost.append(f"digest {subscription_id}: {statuses}, posted {len(keys)} times")
        elif len(keys) > 1:
            verdict.duplicated.append(f"digest {subscription_id}")
        else:
            good += 1
    return good


def _find_reminders(verdict: Verdict, database_url: str) -> int:
    """Each came once for its submission; how many came."""
    came = (
        "SELECT number, detail ->> 'about' AS about, count(*) AS times FROM history "
        "WHERE verb IN ('remind', 'escalate') GROUP BY 1, 2"
    )
    found = ask(database_url, came)
    verdict.duplicated += [
        f"{row['about']} of {row['number']}" for row in found if row["times"] > 1
    ]
    return len(found)


def _find_disorder(
    verdict: Verdict,
    effects: list[dict[str, Any]],
    posted: Mapping[str, list[tuple[str, str]]],
) -> None:
    """Within a lane, what was committed first stands first."""
    newest: dict[str, str] = {}
    for row in effects:
        for _, ts in posted.get(row["key"], [])[:1]:
            if ts < newest.get(row["lane"], ""):
                verdict.out_of_order.append(row["key"])
            newest[row["lane"]] = max(ts, newest.get(row["lane"], ""))


def summed(struck: Counter[str]) -> str:
    """How often what went wrong."""
    return ", ".join(f"{what} {count}" for what, count in sorted(struck.items())) or "nothing"
