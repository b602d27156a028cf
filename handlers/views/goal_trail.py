"""How a goal went: a modal with its readings and with what it was before it was changed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from bot.goal import Reading, ReadingSource
from bot.goal_trail import GoalTrail
from bot.goal_version import GoalVersion
from bot.lifecycle import OPERATOR
from bot.periods import local_date
from handlers.ids import Callback
from handlers.views import goal_examples
from handlers.views.blocks import divider, modal, section
from handlers.views.goal_lines import CONFIDENCES, line, measured, number
from handlers.views.message import View
from handlers.views.text import chunks, inline, lines, moment, short_day, user
from handlers.views.words import who

SOURCES: Mapping[ReadingSource, str] = {
    ReadingSource.HAND: "",
    ReadingSource.CHECK_IN: ", asked",
    ReadingSource.FILE: ", from a file",
    ReadingSource.WEBHOOK: ", from another system",
}
"""Where a reading came from."""


def goal_trail(trail: GoalTrail) -> View:
    """All that is known of how a goal went."""
    said = lines(["*Readings*", *_readings(trail), "There are earlier ones." if trail.more else ""])
    blocks = [
        section(line(trail.standing)),
        *(section(part) for part in chunks(said)),
    ]
    if len(trail.versions) > 1:
        changed = lines(["*What it was*", *_versions(trail)])
        blocks += [divider(), *(section(part) for part in chunks(changed))]
    return modal(Callback.PAGE, "How it went", blocks, close="Close")


def _readings(trail: GoalTrail) -> Iterator[str]:
    if not trail.readings:
        by_hand = trail.standing.goal.is_by_hand
        yield "Nobody has entered one yet." if by_hand else "The desk counts it itself."
    for reading in trail.readings:
        hook = trail.hooks.get(reading.hook_id or "")
        where = f", from {inline(hook, 60)}" if hook else SOURCES[reading.source]
        yield _reading(reading, where, trail.standing.goal.tz)


def _reading(reading: Reading, where: str, tz: str) -> str:
    """One reading: of which day, its value, what it put right; who brought it, when, from where."""
    right = f" (corrected from {number(reading.corrects)})" if reading.corrects is not None else ""
    sure = f" {CONFIDENCES[reading.confidence]}." if reading.confidence else ""
    return (
        f"• {short_day(local_date(reading.at, tz))}: *{number(reading.value)}*{right}, "
        f"{who(reading.actor_id)}{where}, {moment(reading.came_at)}.{sure}"
    )


def _versions(trail: GoalTrail) -> Iterator[str]:
    """Each version with its target and period, from when on, and who changed it to that."""
    first, *_ = trail.versions
    yield _version(first, None)
    for before, after in pairwise(trail.versions):
        yield _version(after, before)


def _version(version: GoalVersion, before: GoalVersion | None) -> str:
    course = version.course
    was = before is not None and before.course.target != course.target
    changed = f" (before: {number(before.course.target)})" if before is not None and was else ""
    named = before is not None and before.title != version.title
    title = f"{inline(version.title, 80)}, " if named else ""
    period = f"{short_day(course.first_day)} to {short_day(course.last_day)} {course.last_day.year}"
    return (
        f"• From {moment(version.at)}: {title}target {measured(course.target, version.unit)}"
        f"{changed}, {period}, {user(version.actor_id)}"
    )


_READ = goal_examples.BEHIND.reading
_GOAL = goal_examples.BEHIND.goal
_FIRST = GoalVersion.of(_GOAL)

EXAMPLES: Mapping[str, GoalTrail] = {
    "readings": GoalTrail(
        standing=goal_examples.BEHIND,
        readings=tuple(
            replace(
                _READ,
                seq=seq,
                source=source,
                external_id="V0SHOP:w48" if seq == 2 else None,
                corrects=corrects,
                confidence=None,
                actor_id=actor_id,
            )
            for seq, source, corrects, actor_id in (
                (4, ReadingSource.CHECK_IN, None, _READ.actor_id),
                (3, ReadingSource.HAND, 9.5, _READ.actor_id),
                (2, ReadingSource.WEBHOOK, None, _READ.actor_id),
                (1, ReadingSource.FILE, None, OPERATOR),
            )
        )
        if _READ
        else (),
        versions=(
            replace(_FIRST, course=replace(_FIRST.course, target=30), title="Sign-ups <old>"),
            replace(_FIRST, version=2, at=_FIRST.at + timedelta(days=9)),
        ),
        more=True,
        hooks={"V0SHOP": "Shop <&>"},
    ),
    "none": GoalTrail(standing=goal_examples.UNKNOWN, versions=(_FIRST,)),
    "counted": GoalTrail(standing=goal_examples.ON_PACE),
}
