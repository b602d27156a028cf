"""The weekly digest: one screen on a phone, read in a minute.

Everything stands in the text too: screen readers read only that
(https://docs.slack.dev/reference/methods/chat.postMessage#accessibility).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.digest_rules import Ask, AskKind
from bot.figures import Counts, DigestFigures, PublishedItem, Waiting
from bot.goal import Standing, WonLead
from bot.material import DigestMaterial
from handlers.views import digest_trend as trend
from handlers.views import examples
from handlers.views.blocks import context, header, section
from handlers.views.chart import bar_chart, table
from handlers.views.digest_goals import ask, goal_lines, published, story
from handlers.views.goal_examples import BEHIND, ENDED, FALLING, ON_PACE, REACHED
from handlers.views.message import Block, Message
from handlers.views.text import (
    MESSAGE_LIMIT,
    cut,
    day,
    inline,
    plural,
    short_day,
    width,
)

PUBLISHED_SHOWN = 3
PUBLISHED_ROOM = 2000
"""How many characters of the text the published items may take."""


def digest(material: DigestMaterial) -> Message:
    """The goals, the week in four numbers, one story, what else was published, what waits on whom,
    one ask, and the weeks before: as a chart, or beside goals in small print.
    """
    heading = f"Social digest, {_span(material.first_day, material.last_day)}"
    labels = list(_labels(material))
    paragraphs = [
        *goal_lines(material),
        *_numbers(material.figures),
        *story(material),
        *_published(material),
        *_waiting(material),
        *ask(material),
    ]
    weeks = trend.series_of(material.figures)
    text = [heading, *labels, *paragraphs, *trend.in_words(weeks, material.figures)]
    blocks: list[Block] = [
        header(heading),
        *(context(label) for label in labels),
        *(section(paragraph) for paragraph in paragraphs),
    ]
    if not trend.has_trend(weeks):
        return Message(text=_joined(text), blocks=blocks)
    if material.goals:  # with a chart below them it would be more than one screen of a phone
        small = context(trend.in_one_line(weeks))
        return Message(text=_joined(text), blocks=[*blocks, small])
    categories = [short_day(start) for start in trend.starts(material.figures)]
    title = f"The last {len(categories)} weeks"
    return Message(
        text=_joined(text),
        blocks=[*blocks, bar_chart(title, categories, weeks)],
        plain_blocks=[*blocks, table("Week from", categories, weeks)],
    )


def _joined(paragraphs: Sequence[str]) -> str:
    return cut("\n".join(paragraphs), MESSAGE_LIMIT)


def _span(first: date, last: date) -> str:
    """A span of days in words, nothing said twice: "2 to 8 Nov 2026"."""
    if first.year != last.year:
        return f"{short_day(first)} {first.year} to {short_day(last)} {last.year}"
    start = str(first.day) if first.month == last.month else short_day(first)
    return f"{start} to {short_day(last)} {last.year}"


def _labels(material: DigestMaterial) -> Iterator[str]:
    if material.late_for is not None:
        due = material.late_for.astimezone(ZoneInfo(material.tz))
        yield f"This digest was due {day(due.date(), with_year=False)}, {due:%H:%M} and comes late."
    if material.is_preview:
        yield "Preview: the week as far as it has gone."


def _numbers(figures: DigestFigures) -> Iterator[str]:
    """One line each, beside last week's."""
    now = figures.this_week
    before = figures.last_week if len(figures.weeks) > 1 else None
    waiting = _line("Waiting", figures.waiting.total, figures.waiting_before.total)
    if now == Counts():
        nothing = "Nothing was handed in, decided or published this week"
        if figures.waiting.total or figures.waiting_before.total:
            yield f"{nothing}.\n{waiting}"
        else:
            yield f"{nothing}." if figures.unpublished else f"{nothing}, and nothing waits."
        return
    yield "\n".join(
        (
            _line("Handed in", now.handed_in, before.handed_in if before else None),
            _line("Decided", now.decided, before.decided if before else None),
            _line("Published", now.published, before.published if before else None),
            waiting,
        )
    )


def _line(name: str, now: int, before: int | None) -> str:
    line = f"*{name}:* {now}"
    if before is None:
        return line
    change = "the same" if now == before else f"{now - before:+d}".replace("-", "−")
    return f"{line} (last week {before}, {change})"


def _published(material: DigestMaterial) -> Iterator[str]:
    """What was published beside the story; with that, the one place that names people."""
    figures = material.figures
    others = [item for item in figures.published if item != material.story]
    if not others:
        return
    rows = ["*Also published*" if len(others) < len(figures.published) else "*Published*"]
    room = PUBLISHED_SHOWN - len(figures.published) + len(others) - bool(material.goals)
    for item in others[:room]:
        row = f"• {published(item)}"
        if width("\n".join([*rows, row])) > PUBLISHED_ROOM:
            break
        rows.append(row)
    told = len(rows) - 1 + len(figures.published) - len(others)
    left_out = max(figures.this_week.published, len(figures.published)) - told
    if left_out > 0:
        rows.append(f"and {left_out} more")
    yield "\n".join(rows)


def _waiting(material: DigestMaterial) -> Iterator[str]:
    """What waits to be decided and to be published, and on whom: roles, not people."""
    rows = [*_to_decide(material), *_to_publish(material)]
    if rows:
        yield "\n".join(rows)


def _to_decide(material: DigestMaterial) -> Iterator[str]:
    waiting = material.figures.waiting
    if waiting.total:
        shares = _shares(waiting.by_role, material.roles)
        yield f"*Waiting on* {shares}.{_urgency(waiting, material.tz)}"


def _to_publish(material: DigestMaterial) -> Iterator[str]:
    by_role, before = material.figures.unpublished, material.figures.unpublished_before
    total = sum(by_role.values())
    if total or before:
        on = f", on {_shares(by_role, material.roles)}" if total else ""
        yield f"{_line('Under way', total, before)}{on}."


def _shares(by_role: Mapping[str, int], labels: Mapping[str, str]) -> str:
    """How much is with each role, the most first."""
    by_count = sorted(by_role.items(), key=lambda entry: (-entry[1], entry[0]))
    shares = [
        f"{inline(labels.get(role_id, role_id), 60)}: {count}"
        for role_id, count in by_count
        if count
    ]
    return ", ".join(shares[:8] + ([f"{len(shares) - 8} other roles"] if len(shares) > 8 else []))


def _urgency(waiting: Waiting, tz: str) -> str:
    overdue = f" {plural(waiting.overdue, 'is', 'are')} overdue." if waiting.overdue else ""
    if waiting.oldest_at is None:
        return overdue
    oldest = waiting.oldest_at.astimezone(ZoneInfo(tz)).date()
    return f"{overdue} The oldest is from {day(oldest, with_year=False)}."


def _counts(handed_in: int, accepted: int, declined: int, published: int) -> Counts:
    return Counts(handed_in=handed_in, accepted=accepted, declined=declined, published=published)


_MONDAY = date(2026, 11, 2)
_STARTS = tuple((_MONDAY - timedelta(weeks=back)).isoformat() for back in range(5, -1, -1))
_OLDEST = datetime(2026, 11, 3, 8, 0, tzinfo=examples.NOW.tzinfo)
_ITEM = PublishedItem(
    number=12,
    kind_key="idea",
    title=examples.IDEA.title,
    submitter_id="U0ANA",
    department="Sales",
    url=examples.LINK,
    created_at=examples.NOW - timedelta(days=9),
    published_at=examples.NOW,
)
_BUSY = DigestMaterial(
    figures=DigestFigures(
        weeks=(
            _counts(4, 2, 1, 1),
            _counts(6, 3, 2, 2),
            _counts(3, 3, 0, 1),
            _counts(8, 4, 2, 0),
            _counts(9, 5, 3, 4),
            _counts(12, 6, 2, 3),
        ),
        week_starts=_STARTS,
        waiting=Waiting(by_role={"content_lead": 4, "lead_desk": 1}, overdue=1, oldest_at=_OLDEST),
        waiting_before=Waiting(by_role={"content_lead": 3}),
        unpublished={"content_lead": 2, "advocacy_lead": 1},
        unpublished_before=2,
        published=(
            _ITEM,
            replace(
                _ITEM, number=9, title="“It simply works”", submitter_id="U0DAN", department=None
            ),
            replace(_ITEM, number=7, title="Q&A: <which> press?", url=None),
        ),
    ),
    roles={role.role_id: role.label for role in examples.ROLES.values()},
    first_day=_MONDAY,
    last_day=_MONDAY + timedelta(days=6),
    tz="Europe/Vienna",
)
_GOALS = replace(
    _BUSY,
    goals=(
        BEHIND,
        ON_PACE,
        FALLING,
        REACHED,
        ENDED[0],
    ),
    story=_BUSY.figures.published[1],
    ask=Ask(kind=AskKind.MOVE_GOAL, count=5, standing=BEHIND),
)
_WON = WonLead(
    number=14,
    submitter_id="U0ANA",
    department="Sales",
    created_at=examples.NOW - timedelta(days=40),
    ended_at=examples.NOW,
)
_NO_ONE = Waiting(by_role={})
_FIRST_WEEK = replace(
    _BUSY.figures,
    weeks=(*(Counts() for _ in range(5)), _counts(1, 1, 0, 1)),
    waiting=Waiting(by_role={"lead_desk": 1}, overdue=1, oldest_at=_OLDEST),
    waiting_before=_NO_ONE,
    unpublished={},
    unpublished_before=0,
    published=(_ITEM,),
)
_QUIET = replace(
    _BUSY.figures,
    weeks=tuple(Counts() for _ in range(6)),
    waiting=_NO_ONE,
    waiting_before=_NO_ONE,
    unpublished={},
    unpublished_before=0,
    published=(),
)


def _asking(kind: AskKind, standing: Standing | None = None, **more: Any) -> DigestMaterial:
    return replace(_GOALS, story=_WON, ask=Ask(kind=kind, standing=standing, **more))


EXAMPLES: Mapping[str, DigestMaterial] = {
    "goals": _GOALS,
    "ask-hand-in": _asking(AskKind.HAND_IN, ON_PACE, count=2),
    "ask-decide": _asking(AskKind.DECIDE, count=1),
    "ask-publish": _asking(AskKind.PUBLISH, ON_PACE, count=2, role_id="content_lead"),
    "ask-follow-leads": _asking(AskKind.FOLLOW_LEADS, ON_PACE, count=1),
    "ask-read": _asking(AskKind.READ_GOAL, BEHIND, role_id="content_lead"),
    "ask-set": _asking(AskKind.SET_GOAL),
    "busy": _BUSY,
    "first-week": replace(_BUSY, figures=_FIRST_WEEK),
    "quiet": replace(
        _BUSY,
        figures=_QUIET,
        first_day=date(2026, 12, 28),
        last_day=date(2027, 1, 3),
    ),
    "quiet-but-to-publish": replace(
        _BUSY, figures=replace(_QUIET, unpublished={"content_lead": 1}, unpublished_before=1)
    ),
    "quiet-but-waiting": replace(
        _BUSY,
        figures=replace(_BUSY.figures, weeks=(*_BUSY.figures.weeks[:5], Counts()), published=()),
    ),
    "late": replace(_BUSY, late_for=datetime(2026, 11, 9, 8, 0, tzinfo=examples.NOW.tzinfo)),
    "preview": replace(_BUSY, is_preview=True),
}
