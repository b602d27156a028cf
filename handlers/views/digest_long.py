"""The long run of a digest, and whose part it is: departments, leaders, thanks, a goal's line."""

from collections.abc import Iterator, Sequence

from bot.digest_parts import ByLeaders, ContributionsPart, GoalChartPart, MonthsPart, ThanksPart
from bot.material import DigestMaterial
from bot.noise import FEW, is_moved
from bot.text import one_line
from handlers.views.chart import Series, bar_chart, cells, line_chart, table
from handlers.views.drawn import Drawn
from handlers.views.goal_lines import number
from handlers.views.pulse import named
from handlers.views.text import cut, inline, isolate, listing, short_day, user

NOBODYS = "No department"
MOST_SHOWN = 10


def contributions(part: ContributionsPart, _material: DigestMaterial) -> Iterator[str | Drawn]:
    """Which department handed in how much, and the leaders' own part, kindly."""
    quarter, when = part.quarter, f"in {named(part.over)}" if part.over else "this quarter"
    names = sorted(
        {*quarter, *part.week},
        key=lambda name: (name is None, -quarter.get(name, 0), name or ""),
    )
    shown = names[:MOST_SHOWN]
    rows = [(name or NOBODYS, part.week.get(name, 0), quarter.get(name, 0)) for name in shown]
    said = [
        f"{inline(name, 60)}: {week:,} this week, {total:,} {when}" for name, week, total in rows
    ]
    rest = f"\nand {len(names) - len(shown)} more departments" if len(names) > len(shown) else ""
    words = ("*Handed in, by department*\n" + "\n".join(said) + rest,)
    labels = [_label(name) for name, _, _ in rows]
    if rows and len(set(labels)) == len(labels):
        series = [
            Series("This week", tuple(week for _, week, _ in rows)),
            Series(
                named(part.over) if part.over else "This quarter",
                tuple(total for _, _, total in rows),
            ),
        ]
        chart = bar_chart("Handed in, by department", labels, series)
        yield Drawn(words, chart, table("Department", labels, series))
    elif rows:
        yield words[0]
    if part.leaders is not None:
        yield _leaders(part, part.leaders, when)


def _label(name: str) -> str:
    plain = one_line(name)
    return plain if len(plain) <= 20 else f"{plain[:19]}…"


def _leaders(part: ContributionsPart, own: ByLeaders, when: str) -> str:
    if not own.quarter:
        yet = "" if part.over else "yet "
        return f"*Leaders' own part:* nothing {yet}{when}. One story of yours would be heard."
    # The days of a week that two quarters share are not all of this one.
    of_them = "" if part.over else " of them"
    this_week = f", {own.week:,}{of_them} this week" if own.week else ""
    total = sum(part.quarter.values())
    return f"*Leaders' own part:* {own.quarter:,} of {total:,} {when}{this_week}. Thank you."


def thanks(part: ThanksPart, _material: DigestMaterial) -> Iterator[str]:
    """Everybody whose idea was published, by name."""
    people = [
        f"{user(user_id)} ({count:,})" if count > 1 else user(user_id)
        for user_id, count in part.people.items()
    ]
    more = f", and those behind {part.more:,} more" if part.more else ""
    yield f"*Thank you,* {listing(people)}{more}: what you handed in was published this week."


def months(part: MonthsPart, _material: DigestMaterial) -> Iterator[str | Drawn]:
    """Month by month, and whether that rises."""
    labels = [f"{day:%b %Y}" for day in part.first_days]
    series = [Series("Handed in", part.handed_in), Series("Published", part.published)]
    rows = [f"{one.name}: {', '.join(f'{value:,}' for value in one.values)}" for one in series]
    words = "\n".join([f"Per month, from {labels[0]} on; the last as far as it goes:", *rows])
    title = f"The last {len(labels)} months"
    yield Drawn((words,), bar_chart(title, labels, series), table("Month", labels, series))
    yield rise("Handed in", part.handed_in[:-1], "months")


def rise(name: str, values: Sequence[int], unit: str) -> str:
    """Whether the later half of whole weeks or months brought more than the earlier one."""
    half = len(values) // 2
    earlier, later = sum(values[len(values) - 2 * half : -half or None]), sum(values[-half:])
    if half < 2 or earlier + later < FEW:
        return f"*{name}:* too few to tell a trend yet."
    spans = f"{later:,} in the last {half} {unit}, {earlier:,} in the {half} before"
    if not is_moved(earlier, later):
        return f"*{name}:* {spans}: steady, the difference may be chance."
    return f"*{name}:* {spans}: {'rising' if later > earlier else 'falling'}."


def goal_chart(part: GoalChartPart, _material: DigestMaterial) -> Iterator[Drawn]:
    """One goal as a line beside its pace and the period before."""
    goal = part.standing.goal
    title = isolate(cut(one_line(goal.title), 50))
    labels = [short_day(day) for day in part.days]
    lines = [
        ("Actual", [one or 0 for one in part.values]),
        ("Pace", list(part.pace)),
        *([("Last period", [one or 0 for one in part.before])] if part.before else []),
    ]
    told = [f"{name}: {', '.join(number(value) for value in values)}" for name, values in lines]
    words = "\n".join([f"*{inline(goal.title, 80)}*, from {labels[0]} on, week by week:", *told])
    rows = [
        [label, *(number(values[place]) for _, values in lines)]
        for place, label in enumerate(labels)
    ]
    head = ["Week from", *(name for name, _ in lines)]
    plain = cells(head, rows, frozenset(range(1, len(head))))
    yield Drawn((words,), line_chart(title, labels, lines), plain)
