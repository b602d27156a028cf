"""Digests as they may be, for the examples of every view that shows one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.ask import Asked, Reply
from bot.conversion import BUILT_IN, Total
from bot.digest_brief import BroughtPart, RecordPart, WantedPart
from bot.digest_learning import GivenPart, LessonPart, PulsePart, StagesPart, TypesPart
from bot.digest_parts import (
    AskedPart,
    AskPart,
    ByLeaders,
    ContributionsPart,
    ConversionsPart,
    DecisionsPart,
    GoalChartPart,
    GoalsPart,
    MonthsPart,
    NumbersPart,
    PublishedPart,
    StoryPart,
    ThanksPart,
    WaitingPart,
    WeeksPart,
)
from bot.digest_rules import Ask, AskKind
from bot.figures import Counts, PublishedItem, Waiting
from bot.goal import Standing, WonLead
from bot.insight_store import LeadCount, WantedCount
from bot.material import DigestMaterial
from bot.results import Line
from bot.sections import AUDIENCES, DEFAULT_AUDIENCE, Part, Place, Section, place_of
from handlers.views import decisions, examples, insights, lessons, pulse, stories
from handlers.views.goal_examples import BEHIND, ENDED, FALLING, ON_PACE, REACHED


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
_PUBLISHED = (
    _ITEM,
    replace(_ITEM, number=9, title="“It simply works”", submitter_id="U0DAN", department=None),
    replace(_ITEM, number=7, title="Q&A: <which> press?", url=None),
)
_WEEKS = (
    _counts(4, 2, 1, 1),
    _counts(6, 3, 2, 2),
    _counts(3, 3, 0, 1),
    _counts(8, 4, 2, 0),
    _counts(9, 5, 3, 4),
    _counts(12, 6, 2, 3),
)


def _total(key: str, count: int) -> Total:
    return Total(type_key=key, count=count, entries=count)


_NUMBERS = NumbersPart(week=_WEEKS[-1], before=_WEEKS[-2], waiting=5, waiting_before=3, under_way=3)
_WAITING = WaitingPart(
    waiting=Waiting(by_role={"content_lead": 4, "lead_desk": 1}, overdue=1, oldest_at=_OLDEST),
    under_way={"content_lead": 2, "advocacy_lead": 1},
    under_way_before=2,
)
_ASK = AskPart(Ask(kind=AskKind.MOVE_GOAL, count=5, standing=BEHIND), overdue=1)
_ASKED = Asked(
    subscription_id="leadership",
    period="2026-W46",
    kind=AskKind.MOVE_GOAL,
    count=5,
    goal_id="V1",
    role_id=None,
    overdue=1,
    at=examples.NOW - timedelta(days=7),
)
_ANSWERED = replace(
    _ASKED, reply=Reply.YES, reply_by="U0ANA", reply_at=examples.NOW - timedelta(days=6)
)
_LAST_ASK = AskedPart(
    AskPart(Ask(kind=AskKind.INTRODUCE, count=2, standing=ON_PACE), overdue=0), _ANSWERED, "Ana"
)
PARTS: Mapping[Section, Part] = {
    Section.GOALS: GoalsPart((BEHIND, ON_PACE, FALLING, REACHED, ENDED[0])),
    Section.GOAL_TABLE: GoalsPart((BEHIND, ON_PACE, FALLING, REACHED, ENDED[0])),
    Section.ASKED: _LAST_ASK,
    Section.NUMBERS: _NUMBERS,
    Section.CONVERSIONS: ConversionsPart(
        lines=(
            Line(type=BUILT_IN[0], now=_total("revenue", 2), before=_total("revenue", 0)),
            Line(type=BUILT_IN[1], now=_total("signup", 31), before=_total("signup", 12)),
        ),
        total=33,
        unknown=9,
    ),
    Section.STORY: StoryPart(_PUBLISHED[1]),
    Section.PUBLISHED: PublishedPart(items=_PUBLISHED, total=3, story=_PUBLISHED[1]),
    Section.WAITING: _WAITING,
    Section.ASK: replace(_ASK, asked=_ASKED),
    Section.CONTRIBUTIONS: ContributionsPart(
        week={"Sales": 7, "Leadership": 1, None: 4},
        quarter={"Sales": 21, "Leadership": 3, "Product & <design>": 2, None: 16},
        leaders=ByLeaders(1, 3),
    ),
    Section.DECISIONS: DecisionsPart(
        (decisions.EXAMPLE,), (decisions.EXAMPLE,), (decisions.CLOSED,)
    ),
    Section.WANTED: WantedPart(
        "Sales",
        WantedCount(
            by_kind={"idea": 2, "lead": 1},
            asked_back=1,
            titles=((31, "A <sheet> that answers what a pump costs"), (28, "Who uses it at sea?")),
        ),
    ),
    Section.BROUGHT: BroughtPart(
        (
            LeadCount(knows_us="trust", handed_in=7, won=3),
            LeadCount(knows_us=None, handed_in=4, won=0),
        ),
        {"video": 12, "story": 3},
    ),
    Section.RECORD: RecordPart(),
    Section.THANKS: ThanksPart({"U0ANA": 2, "U0DAN": 1}, 0),
    Section.GOAL_CHART: GoalChartPart(
        standing=BEHIND,
        days=tuple(date(2026, 10, 1) + timedelta(weeks=n) for n in range(6)),
        values=(None, 2.0, 5.0, 7.0, 12.0, 12.0),
        pace=(0.0, 3.0, 6.0, 9.0, 12.0, 15.0),
        before=(0.0, 1.0, 6.0, 8.0, 9.0, 14.0),
    ),
    Section.WEEKS: WeeksPart(_WEEKS, _STARTS),
    Section.LESSON: LessonPart(lessons.EXPERIMENT, more=2),
    Section.TYPES: TypesPart(insights.RANKINGS["types-published"]),
    Section.STAGES: StagesPart(insights.FUNNELS["stages-starved"]),
    Section.GIVEN: GivenPart(insights.WEEKS["given"].weeks[0]),
    Section.PULSE: PulsePart(pulse.EXAMPLES["trend"].shown),
    Section.MONTHS: MonthsPart(
        first_days=tuple(date(2026, month, 1) for month in range(5, 12)),
        handed_in=(9, 12, 8, 20, 31, 28, 12),
        published=(2, 4, 5, 3, 9, 11, 3),
    ),
}
"""An example of what each section shows. A new section has one here, and its golden files."""


def example(audience: str = DEFAULT_AUDIENCE, /, **given: Part | None) -> DigestMaterial:
    """A digest for an audience, with these parts (by the names of their sections) beside or in the
    place of the examples; None leaves one out.
    """
    wanted = AUDIENCES[audience]
    found = {section: given.get(section.value, PARTS[section]) for section in wanted.sections}
    return DigestMaterial(
        audience=wanted,
        parts={section: part for section, part in found.items() if part is not None},
        roles={role.role_id: role.label for role in examples.ROLES.values()},
        first_day=_MONDAY,
        last_day=_MONDAY + timedelta(days=6),
        tz="Europe/Vienna",
    )


_WON = WonLead(
    number=14,
    submitter_id="U0ANA",
    department="Sales",
    created_at=examples.NOW - timedelta(days=40),
    ended_at=examples.NOW,
)
_LATE = Waiting(by_role={"lead_desk": 1}, overdue=1, oldest_at=_OLDEST)
_QUIET = NumbersPart(week=Counts(), before=Counts(), waiting=0, waiting_before=0, under_way=0)


def without_goals(**given: Part | None) -> DigestMaterial:
    """The leadership's digest where no goal runs."""
    plain = PublishedPart(items=_PUBLISHED, total=3)
    return example(
        **{
            "goals": None,
            "goal_table": None,
            "goal_chart": None,
            "asked": None,
            "story": None,
            "ask": None,
            "published": plain,
            **given,
        }
    )


def _quiet(**given: Part | None) -> DigestMaterial:
    weeks = WeeksPart(tuple(Counts() for _ in range(6)), _STARTS)
    none: dict[str, Part | None] = {"published": None, "waiting": None, "weeks": weeks}
    none |= {"lesson": None, "pulse": None}
    return without_goals(**{**none, "numbers": _QUIET, **given})


def _asking(kind: AskKind, standing: Standing | None = None, **more: Any) -> DigestMaterial:
    return example(
        story=StoryPart(_WON),
        ask=AskPart(Ask(kind=kind, standing=standing, **more), overdue=1),
        published=PublishedPart(items=_PUBLISHED, total=3),
    )


_BUSY = without_goals()
_WAITS_ONLY = replace(_NUMBERS, week=Counts())
EXAMPLES: Mapping[str, DigestMaterial] = {
    **{f"for-{key}": example(key) for key in AUDIENCES if key != DEFAULT_AUDIENCE},
    "goals": example(),
    "story-told": example(story=StoryPart(stories.TOLD)),
    "ask-hand-in": _asking(AskKind.HAND_IN, ON_PACE, count=2),
    "ask-decide": _asking(AskKind.DECIDE, count=1),
    "ask-publish": _asking(AskKind.PUBLISH, ON_PACE, count=2, role_id="content_lead"),
    "ask-follow-leads": _asking(AskKind.FOLLOW_LEADS, ON_PACE, count=1),
    "ask-read": _asking(AskKind.READ_GOAL, BEHIND, role_id="content_lead"),
    "ask-set": _asking(AskKind.SET_GOAL),
    "ask-introduce": _asking(AskKind.INTRODUCE, ON_PACE, count=1),
    "ask-contribute": _asking(AskKind.CONTRIBUTE, BEHIND, count=1),
    "ask-capacity": _asking(AskKind.CAPACITY, count=14, role_id="content_lead"),
    "ask-sign": _asking(AskKind.SIGN, count=2, role_id="content_lead"),
    "ask-sign-for-goal": _asking(AskKind.SIGN, BEHIND, count=1, role_id="content_lead"),
    "ask-drop": _asking(AskKind.DROP_PLATFORM, count=12, platform="tiktok", sample=64),
    "ask-drop-for-goal": _asking(
        AskKind.DROP_PLATFORM, BEHIND, count=0, platform="a <forum>", sample=64
    ),
    "ask-answered": example(ask=replace(_ASK, asked=_ANSWERED)),
    "ask-later": example(ask=replace(_ASK, asked=replace(_ANSWERED, reply=Reply.LATER))),
    "last-ask-open": example(asked=AskedPart(_ASK, _ASKED, "")),
    "last-ask-since": example(
        asked=AskedPart(
            AskPart(Ask(kind=AskKind.DROP_PLATFORM, count=12, platform="x", sample=64), overdue=0),
            replace(_ANSWERED, kind=AskKind.DROP_PLATFORM, platform="x", sample=64),
            "Ana",
            since=0,
        )
    ),
    "busy": _BUSY,
    "first-week": without_goals(
        numbers=NumbersPart(
            week=_counts(1, 1, 0, 1), before=Counts(), waiting=1, waiting_before=0, under_way=0
        ),
        published=PublishedPart(items=(_ITEM,), total=1),
        waiting=WaitingPart(waiting=_LATE, under_way={}, under_way_before=0),
        weeks=WeeksPart((*(Counts() for _ in range(5)), _counts(1, 1, 0, 1)), _STARTS),
    ),
    "quiet": replace(_quiet(), first_day=date(2026, 12, 28), last_day=date(2027, 1, 3)),
    "quiet-but-to-publish": _quiet(
        numbers=replace(_QUIET, under_way=1),
        waiting=WaitingPart(
            waiting=Waiting(by_role={}), under_way={"content_lead": 1}, under_way_before=1
        ),
    ),
    "quiet-but-waiting": without_goals(
        numbers=_WAITS_ONLY,
        published=None,
        weeks=WeeksPart((*_WEEKS[:5], Counts()), _STARTS),
    ),
    "late": replace(_BUSY, late_for=datetime(2026, 11, 9, 8, 0, tzinfo=examples.NOW.tzinfo)),
    "preview": replace(_BUSY, is_preview=True),
    "preview-of-nothing": replace(_BUSY, is_preview=True, parts={}),
}

_WITH_END = replace(example(), subscription_id="leadership", period="2026-W46", is_end=True)
"""The leadership's, with what stands below the last of its messages."""

IN_THREADS: Mapping[str, tuple[DigestMaterial, Place]] = {
    "end": (_WITH_END, Place.LONG),
    **{
        f"{key}-{place}": (example(key), place)
        for key, audience in AUDIENCES.items()
        for place in Place
        if place is not Place.SCREEN and any(place_of(one) is place for one in audience.sections)
    },
}
"""What hangs in the thread of each audience's digest."""
