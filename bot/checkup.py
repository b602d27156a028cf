"""When social "doesn't work": which of four culprits the desk's own data show (P38).

Each is a pure rule over the facts of a quarter. It says what it saw, with numbers, and one thing to
do; that it saw nothing; or that there is too little to say anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ENOUGH = 5
"""Of fewer posts in the quarter no rule about posts says anything."""

STALE_WEEKS = 3
"""A goal by hand without a reading for so long is not looked at."""

MANY_PLATFORMS = 4


class Culprit(StrEnum):
    """What can be behind it."""

    BOX_CHECKING = "box_checking"
    FLAWED_THEORIES = "flawed_theories"
    BANDWAGON = "bandwagon"
    BRAGGING_RIGHTS = "bragging_rights"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A quarter in numbers. `goals` run now: `stale` of them by hand and not read lately,
    `awareness` of them count only what was done or help only with getting to know and like us.
    `experiments` were set or ended in the quarter, `aimless` of them serve no goal, `unjudged` are
    over and nobody said how they went. `closed` goals ended in it, `missed` of them were not
    reached. `platforms` are posts by platform, `brought` the conversions put down to each;
    `conversions` are all that were recorded.
    """

    published: int = 0
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
    """Posts go out, and nothing is measured against a goal."""
    if facts.published < ENOUGH:
        return Finding(culprit=Culprit.BOX_CHECKING, is_unknown=True)
    posts = f"{facts.published} posts went out this quarter"
    if facts.goals == 0:
        return Finding(
            culprit=Culprit.BOX_CHECKING,
            evidence=(f"{posts}, and no goal runs that they could be measured against.",),
            to_do="Set one goal for what the posts are to bring: `/social goals`.",
        )
    if facts.stale == facts.goals:
        return Finding(
            culprit=Culprit.BOX_CHECKING,
            evidence=(
                f"{posts}, and none of the {facts.goals} goals was read for {STALE_WEEKS} weeks.",
            ),
            to_do="Enter where the goals stand, or drop those that nobody looks at.",
        )
    return Finding(culprit=Culprit.BOX_CHECKING)


def flawed_theories(facts: Facts) -> Finding:
    """What is believed is not tied to a goal, or is not looked at once it turned out wrong."""
    if facts.experiments == 0 and facts.closed == 0:
        return Finding(culprit=Culprit.FLAWED_THEORIES, is_unknown=True)
    evidence = []
    if facts.experiments >= 2 and 2 * facts.aimless >= facts.experiments:
        evidence.append(f"{facts.aimless} of {facts.experiments} experiments serve no goal.")
    if facts.unjudged:
        over = "experiment is" if facts.unjudged == 1 else "experiments are"
        evidence.append(f"{facts.unjudged} {over} over, and nobody said how that went.")
    if facts.closed >= 2 and facts.missed == facts.closed and facts.experiments == 0:
        evidence.append(
            f"All {facts.closed} goals that ended were missed, and nothing was tried in between."
        )
    return Finding(
        culprit=Culprit.FLAWED_THEORIES,
        evidence=tuple(evidence),
        to_do=_theory_to_do(facts) if evidence else "",
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
        idle = {
            name: count
            for name, count in facts.platforms.items()
            if count >= ENOUGH and not facts.brought.get(name)
        }
        if not idle:
            return Finding(culprit=Culprit.BANDWAGON)
        name = max(sorted(idle), key=lambda one: idle[one])
        total = sum(facts.brought.values())
        return Finding(
            culprit=Culprit.BANDWAGON,
            evidence=tuple(
                f"{one}: {count} posts, none of the {total} conversions that are known by platform."
                for one, count in sorted(idle.items(), key=lambda entry: (-entry[1], entry[0]))
            ),
            to_do=f"Say what {name} is for, as an experiment with an end, or leave it.",
        )
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
                f"All {facts.goals} goals count what was done or who got to know us; not one "
                "conversion was recorded this quarter."
            ),
        ),
        to_do="Set one goal for what comes after it: sign-ups, requests, leads won.",
    )
