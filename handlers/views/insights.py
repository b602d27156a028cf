"""What the desk's own records teach: content types, stages, give and take, and the check-up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.checkup import Culprit, Facts, Finding, check
from bot.content_types import Advice, Basis, Ranked, Ranking, Tally, rank
from bot.funnel import CARRIES, Funnel, Stage, funnel
from bot.give_and_take import Exchange, GivenWeek
from bot.insight_store import GivenCount, StageCount, StageItem
from bot.kinds import CONTENT_TYPES, KINDS
from bot.text import in_unit
from handlers.views.blocks import section
from handlers.views.message import Message
from handlers.views.text import (
    MESSAGE_LIMIT,
    chunks,
    cut,
    inline,
    lines,
    listing,
    plural,
    short_day,
)

TYPES = {option.value: option.label for option in CONTENT_TYPES}
ADVICE = {Advice.MORE: "do more", Advice.KEEP: "keep", Advice.STOP: "stop, or try it otherwise"}
CULPRITS = {
    Culprit.BOX_CHECKING: "Box checking: posts because there have to be posts",
    Culprit.FLAWED_THEORIES: "Flawed theories: beliefs that nothing tests",
    Culprit.BANDWAGON: "Bandwagon: platforms because others are there",
    Culprit.BRAGGING_RIGHTS: "Bragging rights: numbers that look good and lead nowhere",
}


def content_types(ranking: Ranking) -> Message:
    """The types, the best first, each with its sample; advice only where the data carry it."""
    return _message(type_lines(ranking))


def type_lines(ranking: Ranking) -> str:
    """The same as one text."""
    if not ranking.ranked:
        return "No idea with a content type was decided in the last half year: nothing to rank yet."
    by = (
        "by what was put down to them as the last touch"
        if ranking.basis is Basis.CONVERSIONS
        else "by how much of what was decided got published; no conversion is put down to a type"
    )
    rows = [f"• {_type(one, ranking.basis)}" for one in ranking.ranked]
    of = f"newest {ranking.newest:,} decisions" if ranking.newest else "last half year"
    return lines((f"*Content types, {of}*, {by}", *rows, _average(ranking)))


def _type(one: Ranked, basis: Basis) -> str:
    tally, name = one.tally, TYPES.get(one.tally.key, one.tally.key)
    if basis is Basis.CONVERSIONS:
        said = f"{tally.good:,} from {plural(tally.size, 'post', 'posts')}, {one.rate:.1f} each"
    else:
        said = f"{tally.good:,} of {tally.size:,} published"
    advice = f"*{ADVICE[one.advice]}*" if one.advice else "too few to say"
    return f"{inline(name, 60)}: {said}; {advice}"


def _average(ranking: Ranking) -> str:
    if ranking.basis is Basis.CONVERSIONS:
        return f"All together: {ranking.average:.1f} each."
    return f"All together: {in_unit(f'{ranking.average * 100:.0f}', '%')}."


def stages(found: Funnel) -> Message:
    """Which stage is starved, and what waits for it."""
    return _message(stage_lines(found))


def stage_lines(found: Funnel) -> str:
    """The same as one text."""
    rows = [f"• {_stage(one)}" for one in found.stages]
    of = f"newest {found.newest:,} handed in" if found.newest else "last 13 weeks"
    return lines((f"*From knowing us to staying, {of}*", *rows, *_starved(found)))


def _stage(one: Stage) -> str:
    counted = one.counted
    goals = f", {plural(one.goals, 'goal', 'goals')}" if one.goals else ""
    mark = " · *starved*" if one.is_starved else ""
    out = f"{counted.handed_in:,} handed in, {counted.published:,} published"
    return f"{one.label}: {out}{goals}{mark}"


def _starved(found: Funnel) -> Sequence[str]:
    said = [f"*{one.label}* is starved. {_waits(one)}" for one in found.starved[:1]]
    said += [_item(one) for one in found.waits]
    said += [f"`/social {one.number}` opens it." for one in found.waits[:1]]
    if not found.carries:
        said.append(
            f"{plural(found.published, 'post names', 'posts name')} a stage; from {CARRIES} on "
            "their spread says something."
        )
    elif not found.starved:
        said.append("No stage is starved.")
    return said


def _waits(one: Stage) -> str:
    waiting, under_way = one.counted.undecided, one.counted.unpublished
    if not waiting + under_way:
        return "Nothing waits for it: ask for ideas."
    parts = [
        f"{waiting:,} to be decided" if waiting else "",
        f"{under_way:,} to be published" if under_way else "",
    ]
    return f"What waits for it: {listing([part for part in parts if part])}."


def _item(one: StageItem) -> str:
    """Something that waits; what a customer said is not named, whom it is from is for its card."""
    kind = KINDS[one.kind_key]
    title = "" if kind.needs_consent else inline(one.title, 80)
    said = f"{kind.label} {one.number}" + (f": {title}" if title else "")
    return f"• {said}, {'accepted' if one.is_decided else 'not decided yet'}"


def given(found: Exchange) -> Message:
    """What each department gave and what came back, this week first; then what is not decided."""
    weeks = (given_lines(week) for week in found.weeks)
    return _message(lines((*weeks, _undecided(found))))


def _undecided(found: Exchange) -> str:
    if not found.undecided:
        return ""
    by_count = sorted(found.undecided.items(), key=lambda entry: (-entry[1], entry[0] or ""))
    said = listing([f"{inline(name or 'Unknown', 60)} {count}" for name, count in by_count])
    return f"*Not decided yet:* {said}. `/social queue` shows what waits for you."


def given_lines(week: GivenWeek, head: str = "") -> str:
    """One week, under a head of its own or its first day."""
    rows = [f"• {_department(one)}" for one in week.departments]
    return lines(
        (
            f"*{head or f'Week from {short_day(week.first_day)}'}*",
            *(rows or ["Nothing either way."]),
        )
    )


def _department(one: GivenCount) -> str:
    name = inline(one.department, 60) if one.department else "Unknown"
    gave = [
        plural(one.given[key], kind.label.lower(), f"{kind.label.lower()}s")
        for key, kind in KINDS.items()
        if one.given.get(key)
    ]
    got = [
        f"{one.published:,} published" if one.published else "",
        f"{plural(one.passed_on, 'lead', 'leads')} passed on" if one.passed_on else "",
        f"{one.won:,} won" if one.won else "",
    ]
    back = listing([part for part in got if part]) or "nothing yet"
    return f"{name} gave {listing(gave) or 'nothing'}; back came {back}"


def checkup(found: Sequence[Finding]) -> Message:
    """What the four rules say, those that saw something first."""
    if all(one.is_unknown for one in found):
        return _message("*Check-up:* too little data. Five posts, a goal and a few weeks say more.")
    return _message(lines(("*Check-up of the last 13 weeks*", *map(_finding, found))))


def _finding(one: Finding) -> str:
    head = f"*{CULPRITS[one.culprit]}*"
    if one.is_unknown:
        return f"{head}\nToo little data."
    if not one.evidence:
        return f"{head}\nNothing to see."
    return lines((head, *(f"• {inline(sentence, 400)}" for sentence in one.evidence), one.to_do))


def _message(said: str) -> Message:
    return Message(text=cut(said, MESSAGE_LIMIT), blocks=[section(part) for part in chunks(said)])


def _t(key: str, good: int, size: int) -> Tally:
    return Tally(key=key, good=good, size=size)


RANKINGS: Mapping[str, Ranking] = {
    "types-none": rank(Basis.PUBLISHED, ()),
    "types-published": rank(
        Basis.PUBLISHED, (_t("video", 28, 30), _t("picture", 20, 40), _t("interview", 1, 3))
    ),
    "types-conversions": rank(
        Basis.CONVERSIONS, (_t("video", 60, 20), _t("picture", 4, 30), _t("<new>", 0, 0))
    ),
}
FUNNELS: Mapping[str, Funnel] = {
    "stages-none": funnel((), {}),
    "stages-starved": replace(
        funnel(
            (
                StageCount(stage="know", handed_in=12, published=9),
                StageCount(stage="like", handed_in=5, published=5),
                StageCount(stage="trust", handed_in=4, undecided=3, unpublished=1),
                StageCount(stage="lead", published=4),
                StageCount(stage="customer", published=3),
            ),
            {"trust": 1},
        ),
        waits=(
            StageItem(number=13, kind_key="testimonial", title="Druckhaus", is_decided=True),
            StageItem(
                number=12, kind_key="idea", title="The press <never> stops", is_decided=False
            ),
        ),
    ),
}
_WEEK = GivenWeek(
    date(2026, 11, 9),
    (
        GivenCount(
            department="Sales & <service>",
            given={"idea": 2, "testimonial": 1, "lead": 3},
            published=1,
            passed_on=2,
            won=1,
        ),
        GivenCount(department=None, given={}, published=1),
    ),
)
WEEKS: Mapping[str, Exchange] = {
    "given": Exchange(
        (_WEEK, GivenWeek(date(2026, 11, 2), ())), {"Sales & <service>": 2, None: 1, "Product": 2}
    ),
    "given-decided": Exchange((_WEEK,)),
}
CHECKUPS: Mapping[str, tuple[Finding, ...]] = {
    "checkup-nothing": check(Facts()),
    "checkup-well": check(
        Facts(
            published=9,
            looked_at=9,
            goals=1,
            experiments=2,
            platforms={"LinkedIn": 9},
            conversions=4,
        )
    ),
    "checkup-culprits": check(
        Facts(
            published=20,
            looked_at=20,
            unserving=12,
            goals=2,
            stale=2,
            awareness=2,
            experiments=2,
            aimless=2,
            unjudged=1,
            platforms={"X": 12, "LinkedIn": 8},
            brought={"LinkedIn": 5},
            known=5,
            conversions=5,
        )
    ),
}
