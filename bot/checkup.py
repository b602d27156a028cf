"""When social "doesn't work": which of four culprits the desk's own data show (P38).

Each is a pure rule over the facts of a quarter. It says what it saw, with numbers, and one thing to
do; that it saw nothing; or that there is too little to say anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

FEW = 2
"""Of fewer experiments, and fewer goals that ended, no pattern can be seen."""

ENOUGH = 5
"""Of fewer posts in the quarter no rule about posts says anything."""

STALE_WEEKS = 3
"""A goal by hand without a reading for so long is not looked at."""

MANY_PLATFORMS = 4

TELLING = 3.0
"""A platform that had brought its share would have brought at least so many: that it brought none
is then chance in one of twenty cases (Poisson, e to the minus 3).
"""


class Culprit(StrEnum):
    """What can be behind it."""

    BOX_CHECKING = "box_checking"
    FLAWED_THEORIES = "flawed_theories"
    BANDWAGON = "bandwagon"
    BRAGGING_RIGHTS = "bragging_rights"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A quarter in numbers. Of the posts, the newest `looked_at` were looked at: `unserving` of
    them serve no goal. `goals` run now: `stale` of them by hand and not read lately,
    `awareness` of them count only what was done or help only with getting to know and like us.
    `experiments` run or ended in the quarter, `aimless` of them serve no goal, `unjudged` are
    over and nobody said how they went. `closed` goals ended in it, `missed` of them were not
    reached. `platforms` are posts by platform, `brought` the conversions in which each had any
    part, `known` those in which one had; `conversions` are all that were recorded.
    """

    published: int = 0
    looked_at: int = 0
    unserving: int = 0
    goals: int = 0
    stale: int = 0
    awareness: int = 0
    experiments: int = 0
    aimless: int = 0
    unjudged: int = 0
    closed: int = 0
    missed: int = 0
    platforms: Mapping[str, int] = field(default_factory=dict)
    brought: Mapping[str, int] = field(default_factory=dict)
    known: int = 0
    conversions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says. Without evidence nothing was seen; `is_unknown`: too little data."""

    culprit: Culprit
    evidence: tuple[str, ...] = ()
    to_do: str = ""
    is_unknown: bool = False


def check(facts: Facts) -> tuple[Finding, ...]:
    """What the four rules say, those that saw something first."""
    found = (
        box_checking(facts),
        flawed_theories(facts),
        bandwagon(facts),
        bragging_rights(facts),
    )
    return tuple(sorted(found, key=lambda one: (not one.evidence, one.is_unknown)))


def box_checking(facts: Facts) -> Finding:
    """Posts go out because there have to be posts: no goal is there, they name none, or nobody
    looks where the goals stand.
    """
    if facts.published < ENOUGH:
        return Finding(culprit=Culprit.BOX_CHECKING, is_unknown=True)
    posts = f"{facts.published} posts went out this quarter"
    if facts.goals == 0:
        return Finding(
            culprit=Culprit.BOX_CHECKING,
            evidence=(f"{posts}, and no goal runs that they could be measured against.",),
            to_do="Set one goal for what the posts are to bring: `/social goals`.",
        )
    evidence = []
    if facts.looked_at >= ENOUGH and 2 * facts.unserving > facts.looked_at:
        newest = "newest " if facts.looked_at < facts.published else ""
        evidence.append(
            f"{facts.unserving} of the {newest}{facts.looked_at} posts of this quarter serve no "
            "goal."
        )
    if facts.stale == facts.goals:
        which = "the one goal was not" if facts.goals == 1 else f"none of {facts.goals} goals was"
        evidence.append(f"{posts}, and {which} read for {STALE_WEEKS} weeks.")
    return Finding(
        culprit=Culprit.BOX_CHECKING,
        evidence=tuple(evidence),
        to_do=_box_to_do(facts, evidence),
    )


def _box_to_do(facts: Facts, evidence: Sequence[str]) -> str:
    if not evidence:
        return ""
    if facts.stale == facts.goals:
        return "Enter where the goals stand, or drop those that nobody looks at: `/social goals`."
    return (
        "Say with each idea which goal it serves (*Goal* on its card), and decline what serves "
        "none. `/social goals` lists what is under way without one."
    )


def flawed_theories(facts: Facts) -> Finding:
    """What is believed is not tied to a goal, or is not looked at once it turned out wrong."""
    evidence = []
    if facts.experiments >= FEW and 2 * facts.aimless >= facts.experiments:
        serve = "serves" if facts.aimless == 1 else "serve"
        evidence.append(f"{facts.aimless} of {facts.experiments} experiments {serve} no goal.")
    if facts.unjudged:
        over = "experiment is" if facts.unjudged == 1 else "experiments are"
        evidence.append(f"{facts.unjudged} {over} over, and nobody said how that went.")
    if facts.closed >= FEW and facts.missed == facts.closed and facts.experiments == 0:
        evidence.append(
            f"All {facts.closed} goals that ended were missed, and nothing was tried in between."
        )
    return Finding(
        culprit=Culprit.FLAWED_THEORIES,
        evidence=tuple(evidence),
        to_do=_theory_to_do(facts) if evidence else "",
        is_unknown=not evidence and max(facts.experiments, facts.closed) < FEW,
    )


def _theory_to_do(facts: Facts) -> str:
    if facts.unjudged:
        return "Say how those experiments went, lesson included: `/social experiments`."
    if facts.experiments:
        return "Name the goal that each experiment serves when it is set."
    return "Test what you believe with one small experiment: `/social experiment`."


def bandwagon(facts: Facts) -> Finding:
    """Platforms are used because others use them, not for what they bring."""
    posts = sum(facts.platforms.values())
    if posts < ENOUGH:
        return Finding(culprit=Culprit.BANDWAGON, is_unknown=True)
    if facts.brought:
        return _idle(facts, posts)
    if len(facts.platforms) >= MANY_PLATFORMS:
        return Finding(
            culprit=Culprit.BANDWAGON,
            evidence=(
                (
                    f"{posts} posts went to {len(facts.platforms)} platforms, and what any of them "
                    "brought is not known."
                ),
            ),
            to_do="Use tagged links, and keep the one or two platforms that bring something.",
        )
    return Finding(culprit=Culprit.BANDWAGON)


def _idle(facts: Facts, posts: int) -> Finding:
    """Platforms that brought nothing, where chance does not explain that; unknown where it may."""
    total = facts.known
    barren = {
        one: count
        for one, count in facts.platforms.items()
        if count >= ENOUGH and not facts.brought.get(one)
    }
    idle = {one: count for one, count in barren.items() if total * count >= TELLING * posts}
    if not idle:
        return Finding(culprit=Culprit.BANDWAGON, is_unknown=bool(barren))
    ordered = sorted(idle.items(), key=lambda entry: (-entry[1], entry[0]))
    return Finding(
        culprit=Culprit.BANDWAGON,
        evidence=tuple(
            f"{one}: {count} of {posts} posts, and no part in any of the {total} conversions of "
            "which a platform is known."
            for one, count in ordered
        ),
        to_do=f"Say what {ordered[0][0]} is for, as an experiment with an end, or leave it.",
    )


def bragging_rights(facts: Facts) -> Finding:
    """Only what looks good is counted: how much was done and seen, not what it brought."""
    if facts.goals == 0 or facts.published < ENOUGH:
        return Finding(culprit=Culprit.BRAGGING_RIGHTS, is_unknown=True)
    if facts.awareness < facts.goals or facts.conversions:
        return Finding(culprit=Culprit.BRAGGING_RIGHTS)
    return Finding(
        culprit=Culprit.BRAGGING_RIGHTS,
        evidence=(
            (
                f"{_all_goals(facts.goals)} what was done or who got to know us; not one "
                "conversion was recorded this quarter."
            ),
        ),
        to_do="Set one goal for what comes after it: sign-ups, requests, leads won.",
    )


def _all_goals(count: int) -> str:
    return "The 1 goal that runs counts" if count == 1 else f"All {count} goals count"
