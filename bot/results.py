"""What social brought, on one screen: by type against before, and what it is put down to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attribution import Attribution, attribute
from bot.conversion import ConversionType, Dimension, Total, hook_source, types_of
from bot.entering import HAND, is_team
from bot.goal import ReadingSource
from bot.kinds import CONTENT_TYPES, PLATFORMS
from bot.people import today_of, zone_of
from bot.phrases import PHRASE
from bot.ports import Transaction
from bot.spend import SpendMaterial, spent_in
from bot.spending import name_of_quarter

SPAN = timedelta(days=28)
"""Four whole weeks: each weekday as often as in the four before."""

BY = {
    Dimension.PLATFORM: "platform",
    Dimension.POST: "post",
    Dimension.CONTENT_TYPE: "content type",
    Dimension.GOAL: "goal",
    Dimension.CAMPAIGN: "campaign",
    Dimension.PAID: "organic or paid",
}
"""What the table can be by, and what people read."""

WEBHOOK = hook_source("")
SOURCES = {HAND: "by hand", ReadingSource.FILE.value: "a file", PHRASE: "a code phrase"}
"""What people read of who told of a conversion; a webhook has a name of its own."""

_ORGANIC_OR_PAID = {"organic": "Organic", "paid": "Paid"}

MOST_ROWS = 8
_MOMENT = timedelta(seconds=1)
"""A span ends before its end: what was recorded this moment is in it, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The conversions of one type in this span and in the one before."""

    type: ConversionType
    now: Total
    before: Total


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsMaterial:
    """What social brought in the last `days`. `names` says what the keys of the table's
    rows are called, `sources` who told of how many of them, the most first. `spend` is of this
    quarter, None for who may not see money.
    """

    days: int
    lines: tuple[Line, ...]
    dimension: Dimension
    type: ConversionType | None = None
    attribution: Attribution | None = None
    names: tuple[tuple[str, str], ...] = ()
    sources: tuple[tuple[str, int], ...] = ()
    spend: SpendMaterial | None = None
    sees_money: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskResults:
    """Somebody wants to see them; without `type_key` the table is of what happened most often."""

    user_id: str
    type_key: str | None = None
    dimension: Dimension = Dimension.PLATFORM


def see_results(tx: Transaction, command: AskResults, now: datetime) -> ResultsMaterial:
    """Anybody sees what social brought; amounts of money only who acts for a role, and admins: the
    counts are everybody's work, what a customer paid is not for everybody.
    """
    member = tx.members.get(command.user_id)
    sees_money = is_team(tx, command.user_id)
    types = types_of(tx.desk.load().conversion_types)
    until = now + _MOMENT
    lines = lines_of(tx, tuple(types.values()), until - SPAN, until)
    key = command.type_key if command.type_key in types else _most(lines)
    today = today_of(member, now)
    spend = spent_in(tx, name_of_quarter(today), today, zone_of(member)) if sees_money else None
    attribution = None
    if key is not None:
        attribution = attribution_of(tx, key, command.dimension, until - SPAN, until)
    return ResultsMaterial(
        days=SPAN.days,
        lines=lines,
        dimension=command.dimension,
        type=types[key] if key else None,
        attribution=attribution,
        names=names_of(tx, command.dimension, attribution),
        sources=_sources(tx, key, until) if key else (),
        spend=spend,
        sees_money=sees_money,
    )


def _sources(tx: Transaction, type_key: str, until: datetime) -> tuple[tuple[str, int], ...]:
    """Who told of them: people, files, phrases, and webhooks by name, also those deleted since."""
    found = tx.conversions.sources(type_key, until - SPAN, until)
    hooks = tx.hooks.names() if any(one.startswith(WEBHOOK) for one in found) else {}
    told: dict[str, int] = {}
    for source, count in found.items():
        hook = hooks.get(source.removeprefix(WEBHOOK)) if source.startswith(WEBHOOK) else None
        name = hook or SOURCES.get(source, source)
        told[name] = told.get(name, 0) + count
    return tuple(sorted(told.items(), key=lambda one: (-one[1], one[0])))


def lines_of(
    tx: Transaction,
    types: Sequence[ConversionType],
    since: datetime,
    until: datetime,
    *,
    before: datetime | None = None,
) -> tuple[Line, ...]:
    """The types of which there were any in [since, until) or in the span before, which begins with
    `before`; without that it is as long.
    """
    now = {total.type_key: total for total in tx.conversions.totals(since, until)}
    start = since - (until - since) if before is None else before
    earlier = {total.type_key: total for total in tx.conversions.totals(start, since)}
    return tuple(
        Line(
            type=one,
            now=now.get(one.key) or Total(type_key=one.key, count=0, entries=0),
            before=earlier.get(one.key) or Total(type_key=one.key, count=0, entries=0),
        )
        for one in types
        if one.key in now or one.key in earlier
    )


def attribution_of(
    tx: Transaction, type_key: str, dimension: Dimension, since: datetime, until: datetime
) -> Attribution:
    """What the conversions of a type in [since, until) are put down to."""
    totals = {total.type_key: total.count for total in tx.conversions.totals(since, until)}
    counted = tx.conversions.credits(dimension, since, until)
    return attribute(
        (credit for credit in counted if credit.type_key == type_key), totals.get(type_key, 0)
    )


def _most(lines: Sequence[Line]) -> str | None:
    if not lines:
        return None
    return max(lines, key=lambda line: (line.now.count, line.before.count)).type.key


def _title(tx: Transaction, goal_id: str) -> str:
    goal = tx.goals.get(goal_id)
    return goal.title if goal else "a goal that is gone"


def names_of(
    tx: Transaction, dimension: Dimension, attribution: Attribution | None
) -> tuple[tuple[str, str], ...]:
    """What the keys of a table are called: a post by its title, if it is not erased."""
    rows = attribution.rows[:MOST_ROWS] if attribution else ()
    if dimension is Dimension.GOAL:
        return tuple((row.key, _title(tx, row.key)) for row in rows)
    if dimension is not Dimension.POST:
        known = {one.value: one.label for one in (*PLATFORMS, *CONTENT_TYPES)} | _ORGANIC_OR_PAID
        return tuple((row.key, known.get(row.key, row.key)) for row in rows)
    found = []
    for row in rows:
        submission = tx.submissions.get(int(row.key))
        found.append((row.key, submission.title if submission else "erased"))
    return tuple(found)
