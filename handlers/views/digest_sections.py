"""How each section of a digest is shown: in paragraphs, or drawn where the workspace takes that."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.digest_parts import ConversionsPart, NumbersPart, PublishedPart, WaitingPart, WeeksPart
from bot.figures import Counts, Waiting
from bot.material import DigestMaterial
from bot.noise import is_moved
from bot.sections import Section
from handlers.views import decisions, digest_brief, digest_learning
from handlers.views import digest_trend as trend
from handlers.views.chart import bar_chart, table
from handlers.views.digest_ask import ask, last_ask
from handlers.views.digest_goals import goal_lines, goal_table, published, story
from handlers.views.digest_long import contributions, goal_chart, months, rise, thanks
from handlers.views.drawn import Drawn
from handlers.views.text import day, inline, plural, short_day, width

PUBLISHED_ROOM = 2000
"""How many characters of the text the published items may take."""


Piece = str | Drawn
"""What a section shows: a paragraph, or something drawn."""


def numbers(part: NumbersPart, material: DigestMaterial) -> Iterator[str]:
    """One line each, beside last week's."""
    now, before, span = part.week, part.before, material.span
    waiting = line("Waiting", part.waiting, part.waiting_before, span)
    if now == Counts():
        nothing = f"Nothing was handed in, decided or published this {material.span}"
        if part.waiting or part.waiting_before:
            yield f"{nothing}.\n{waiting}"
        else:
            yield f"{nothing}." if part.under_way else f"{nothing}, and nothing waits."
        return
    yield "\n".join(
        (
            line("Handed in", now.handed_in, before.handed_in if before else None, span),
            line("Decided", now.decided, before.decided if before else None, span),
            line("Published", now.published, before.published if before else None, span),
            waiting,
        )
    )


def line(name: str, now: int, before: int | None, span: str = "week") -> str:
    """A number beside that of the last `span`; by how much it moved is said where that is more
    than chance.
    """
    said = f"*{name}:* {now:,}"
    if before is None:
        return said
    change = f", {now - before:+,d}".replace("-", "−") if is_moved(before, now) else ""
    return f"{said} (last {span} {before:,}{change})"


def conversions(part: ConversionsPart, material: DigestMaterial) -> Iterator[str]:
    """One line per type, counts alone: money is not for every channel."""
    rows = [
        line(inline(one.type.many.capitalize(), 60), one.now.count, one.before.count, material.span)
        for one in part.lines
    ]
    if part.unknown:
        rows.append(f"Unknown what brought them: {part.unknown:,} of {part.total:,}.")
    yield "\n".join(rows)


def also_published(part: PublishedPart, _material: DigestMaterial) -> Iterator[str]:
    """What was published beside the story; with that, the one place that names people."""
    others = [item for item in part.items if item != part.story]
    if not others:
        return
    rows = ["*Also published*" if len(others) < len(part.items) else "*Published*"]
    for item in others:
        row = f"• {published(item)}"
        if width("\n".join([*rows, row])) > PUBLISHED_ROOM:
            break
        rows.append(row)
    told = len(rows) - 1 + len(part.items) - len(others)
    if part.total > told:
        rows.append(f"and {part.total - told:,} more")
    yield "\n".join(rows)


def waits(part: WaitingPart, material: DigestMaterial) -> Iterator[str]:
    """What waits to be decided and to be published, and on whom: roles, not people."""
    rows = [*_to_decide(part.waiting, material), *_under_way(part, material)]
    if rows:
        yield "\n".join(rows)


def _to_decide(waiting: Waiting, material: DigestMaterial) -> Iterator[str]:
    if waiting.total:
        shares = _shares(waiting.by_role, material.roles)
        yield f"*Waiting on* {shares}.{_urgency(waiting, material.tz)}"


def _under_way(part: WaitingPart, material: DigestMaterial) -> Iterator[str]:
    total, before = sum(part.under_way.values()), part.under_way_before
    if total or before:
        on = f", on {_shares(part.under_way, material.roles)}" if total else ""
        yield f"{line('Under way', total, before)}{on}."


def _shares(by_role: Mapping[str, int], labels: Mapping[str, str]) -> str:
    """How much is with each role, the most first."""
    by_count = sorted(by_role.items(), key=lambda entry: (-entry[1], entry[0]))
    shares = [
        f"{inline(labels.get(role_id, role_id), 60)}: {count:,}"
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


def weeks(part: WeeksPart, material: DigestMaterial) -> Iterator[Piece]:
    """The weeks before as a chart."""
    series = trend.series_of(part.weeks)
    if not trend.has_trend(series):
        return
    starts = trend.starts(part.starts)
    categories = [short_day(start) for start in starts]
    span = material.span
    chart = bar_chart(f"The last {len(categories)} {span}s", categories, series)
    words = ("\n".join(trend.in_words(series, starts, span)),)
    yield Drawn(words, chart, table(f"{span.capitalize()} from", categories, series))
    yield rise("Handed in", series[0].values, f"{span}s")


SHOWN: Mapping[Section, Callable[[Any, DigestMaterial], Iterator[Piece]]] = {
    Section.GOALS: goal_lines,
    Section.GOAL_TABLE: goal_table,
    Section.NUMBERS: numbers,
    Section.CONVERSIONS: conversions,
    Section.STORY: story,
    Section.PUBLISHED: also_published,
    Section.WAITING: waits,
    Section.ASK: ask,
    Section.ASKED: last_ask,
    Section.CONTRIBUTIONS: contributions,
    Section.THANKS: thanks,
    Section.DECISIONS: decisions.told,
    Section.WANTED: digest_brief.wanted,
    Section.BROUGHT: digest_brief.brought,
    Section.RECORD: digest_brief.record,
    Section.GOAL_CHART: goal_chart,
    Section.WEEKS: weeks,
    Section.LESSON: digest_learning.lesson,
    Section.TYPES: digest_learning.types,
    Section.STAGES: digest_learning.stages,
    Section.GIVEN: digest_learning.given,
    Section.PULSE: digest_learning.pulse,
    Section.MONTHS: months,
}


def pieces_of(material: DigestMaterial) -> Iterator[Piece]:
    """Everything that a digest's sections show, in the audience's order."""
    for section, part in material.parts.items():
        yield from SHOWN[section](part, material)
