"""No store reads a whole table: SQLite is asked how it would answer each statement."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import event

from bot import ports
from bot.ask import Reply
from bot.ask_store import AskStore
from bot.check_in import CheckIn
from bot.conversion import Dimension
from bot.conversion_store import ConversionStore
from bot.decision_store import DecisionStore
from bot.desk import Channel, Hears, Member, Subscription, default_desk
from bot.digest_store import DigestState, DigestStore
from bot.goal import (
    Measure,
    Measured,
    Objective,
    Reading,
    ReadingSource,
)
from bot.goal_store import GoalStore, MeasureStore
from bot.goal_version import GoalVersion
from bot.hook import Secrets
from bot.hook_store import HookStore
from bot.insight_store import InsightStore
from bot.landing import LandingStore
from bot.learning_store import (
    ExperimentStore,
    LessonStore,
    PulseStore,
    RevisionStore,
    StoryStore,
)
from bot.naming_store import NamingStore
from bot.outbox import Claim, EffectKind, Finish, Limited, MethodGroup, Posted, Verdict
from bot.phrase_store import PhraseStore
from bot.ports import PeriodRun, Schedule, Transaction
from bot.pulse import Pulse
from bot.revision import Revised
from bot.spend_store import SpendStore
from storage.database import Database
from storage.tables import metadata
from tests.support.storage_examples import (
    DAY,
    MINUTE,
    NOW,
    Workspace,
    make_ask,
    make_budget,
    make_closing,
    make_conversion,
    make_decision,
    make_effect,
    make_entry,
    make_experiment,
    make_goal,
    make_hook,
    make_landing,
    make_lesson,
    make_phrase,
    make_reach,
    make_revision,
    make_spend,
    make_story,
    make_submission,
)

STORES = {
    "digests": DigestStore,
    "desk": ports.DeskStore,
    "members": ports.MemberStore,
    "channels": ports.ChannelStore,
    "submissions": ports.SubmissionStore,
    "history": ports.HistoryStore,
    "conversations": ports.ConversationStore,
    "drafts": ports.DraftStore,
    "figures": ports.FigureStore,
    "goals": GoalStore,
    "measures": MeasureStore,
    "conversions": ConversionStore,
    "phrases": PhraseStore,
    "landings": LandingStore,
    "spend": SpendStore,
    "asks": AskStore,
    "namings": NamingStore,
    "decisions": DecisionStore,
    "experiments": ExperimentStore,
    "lessons": LessonStore,
    "stories": StoryStore,
    "revisions": RevisionStore,
    "pulses": PulseStore,
    "insights": InsightStore,
    "outbox": ports.OutboxStore,
    "schedules": ports.ScheduleStore,
    "seen": ports.SeenStore,
    "hooks": HookStore,
}
BIG = tuple(
    f"SEARCH {table} "
    for table in (
        "submission",
        "history",
        "outbox",
        "lane",
        "schedule",
        "period_run",
        "posting",
        "goal",
        "reading",
        "conversion",
        "conversion_count",
        "conversion_touch",
        "experiment",
        "lesson",
        "story",
        "revision",
    )
)
PARTIAL = [
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
]
READS_ON = re.compile(r" LIKE | AS hours |undecided.title")
"""Words are looked for from the newest on, until enough are found; a median sorts what it is of,
and the newest titles in a queue sort that queue."""

HALVES = {"SCAN undecided", "SCAN decided", "SCAN newest", "SCAN by_key", "SCAN at_all"}
"""What searches found together: not a table."""


class Recorder:
    """Wraps a transaction and notes which methods of which stores were called."""

    def __init__(self, target: Any, called: set[str], path: str = "") -> None:
        self._target = target
        self._called = called
        self._path = path

    def __getattr__(self, name: str) -> Any:
        path = f"{self._path}.{name}".lstrip(".")
        value = getattr(self._target, name)
        if name in STORES:
            return Recorder(value, self._called, path)
        self._called.add(path)
        return value


def touch_people(tx: Transaction) -> None:
    tx.desk.replace(default_desk(), NOW)
    tx.desk.load()
    tx.members.save([Member(user_id="U1", name="Ann")], NOW)
    tx.members.get("U1")
    tx.members.many(["U1", "U2"])
    tx.members.admins()
    tx.members.set_away("U1", NOW, "U2")
    tx.members.set_hears("U1", Hears.DECISIONS)
    tx.members.set_department("U1", "Sales")
    tx.members.departments()
    tx.drafts.save("U1", "idea", {"title": "A"}, NOW)
    tx.drafts.get("U1", "idea")
    tx.drafts.drop("U1", "idea")
    tx.drafts.forget_before(NOW)
    tx.channels.save([Channel(channel_id="C1", name="social")], NOW)
    tx.channels.get("C1")


def touch_submissions(tx: Transaction) -> None:
    number = tx.submissions.next_number()
    tx.submissions.skip_numbers(1)
    submission = make_submission(number)
    tx.submissions.add(
        submission, source_key="view:1", origin_key="C1:1:idea", personal={"name": "Jo"}
    )
    tx.submissions.get(number)
    tx.submissions.by_source_key("view:1")
    tx.submissions.by_origin_key("C1:1:idea")
    tx.submissions.personal(number)
    tx.submissions.folded_in("C3", limit=5, shown=5)
    tx.submissions.has_personal(number)
    tx.submissions.update(submission, expected_version=1)
    tx.submissions.skip_numbers(10)
    tx.submissions.of_submitter("U1", limit=1)
    tx.submissions.of_submitter("U1", limit=1, without=[number])
    tx.submissions.undecided_of_roles(["content_lead", "lead_desk"], limit=1)
    tx.submissions.undecided_of_roles(["content_lead"], limit=1, calls={"lead_desk": 1, "x": 2})
    tx.submissions.overdue_of_roles(["content_lead"], NOW, calls={"lead_desk": 1, "x": 2})
    tx.submissions.unpublished_of_roles(["content_lead", "lead_desk"], limit=1)
    tx.submissions.replace_personal(number, {"name": "Jo"})
    tx.submissions.paused_of_roles(["content_lead"], limit=1)
    tx.submissions.paused_of_submitter("U1", limit=1)
    tx.submissions.overdue_of_roles(["content_lead"], NOW)
    tx.submissions.unserved(limit=5)
    tx.submissions.duplicates_of(number)
    tx.submissions.find(["idea"], role_ids=["content_lead"], user_id="U1", limit=1)
    tx.submissions.after(0, limit=1)
    tx.history.append(make_entry(number))
    tx.conversations.add(number, 1, "What is it about?")
    tx.conversations.get(number, 1)
    tx.conversations.of(number)
    tx.history.next_seq(number)
    tx.history.get(number, 1)
    tx.history.last_change(number)
    tx.history.of(number)
    tx.figures.counts([NOW, NOW + DAY, NOW + 2 * DAY])
    tx.figures.flows([NOW, NOW + DAY, NOW + 2 * DAY], NOW + 3 * DAY)
    tx.figures.waiting(NOW + DAY)
    tx.figures.unpublished(NOW + DAY)
    tx.figures.unpublished(NOW + DAY, kinds={"idea", "testimonial"})
    tx.figures.published(NOW, NOW + DAY, limit=3)


def touch_goals(tx: Transaction) -> None:
    tx.goals.add_objective(Objective(objective_id="O1", title="Grow"), NOW)
    goal = make_goal()
    tx.goals.objectives()
    tx.goals.hang("O1", None)
    tx.goals.add(goal)
    tx.goals.get("G1")
    tx.goals.titles(["G1", "G2"])
    tx.goals.update(goal, expected_version=1)
    tx.goals.add_version(GoalVersion.of(goal))
    tx.goals.versions(["G1", "G2"])
    tx.goals.live(NOW.date())
    tx.goals.ended(NOW.date(), limit=1)
    tx.goals.add_reading(Reading(goal_id="G1", seq=1, at=NOW, value=1, actor_id="U1"))
    tx.goals.newest_readings(["G1", "G2"], NOW)
    tx.goals.trail("G1", limit=2)
    tx.goals.reading_between("G1", NOW, NOW + DAY)
    tx.goals.reading_from(ReadingSource.FILE, "row 1")
    closing = make_closing()
    tx.goals.plan_check("G1", NOW, None)
    tx.goals.plan_check("G1", NOW, None, expected=NOW)
    tx.goals.mark_stale("G1", NOW)
    tx.goals.add_check_in(
        CheckIn(goal_id="G1", period_key="2026-W45", asked_at=NOW, until=NOW + DAY)
    )
    tx.goals.check_ins("G1", limit=3)
    tx.goals.add_closing(closing)
    tx.goals.closings(["G1", "G2"])
    tx.goals.closed_between(NOW, NOW + DAY)
    tx.goals.asked("G1")
    for measure in Measure:
        if measure is not Measure.HAND:
            tx.measures.sample(
                Measured(
                    measure=measure,
                    since=NOW,
                    until=NOW + DAY,
                    kind_key="idea",
                    department="Sales",
                )
            )
    tx.measures.won(NOW, NOW + DAY)


def touch_conversions(tx: Transaction) -> None:
    found = make_conversion()
    tx.conversions.add(found)
    tx.conversions.sources("revenue", NOW, NOW + DAY)
    tx.conversions.get(found.conversion_id)
    tx.conversions.came_at(found.conversion_id)
    tx.conversions.entered(limit=3)
    tx.conversions.entered_by("U1")
    tx.conversions.post_at(["https://example.com/a", "https://example.com/a/"])
    tx.conversions.totals(NOW, NOW + DAY)
    for dimension in Dimension:
        tx.conversions.credits(dimension, NOW, NOW + DAY)
    tx.conversions.of_post(1)
    tx.conversions.has_uncounted(1)
    tx.conversions.sum_up(limit=9)
    tx.conversions.totals(NOW - 9 * DAY, NOW + 9 * DAY)
    for dimension in Dimension:
        tx.conversions.credits(dimension, NOW - 9 * DAY, NOW + 9 * DAY)
    tx.conversions.undo(found.conversion_id, NOW, "U1")
    tx.landings.save(make_landing())
    tx.landings.get(1)
    tx.phrases.add(make_phrase())
    tx.phrases.get("pump24")
    tx.phrases.of_post(1)
    tx.phrases.newest(limit=2)
    tx.phrases.keys(limit=2)
    tx.spend.add(make_spend())
    tx.spend.undo("V1", NOW, "U1")
    tx.spend.entered(limit=2)
    tx.spend.sums(NOW.date(), (NOW + 40 * DAY).date())
    tx.spend.set_budget(make_budget())
    tx.spend.budgets()


def touch_asks(tx: Transaction) -> None:
    tx.asks.add(make_ask())
    tx.decisions.add(make_decision())
    tx.decisions.get("D1")
    tx.decisions.open(limit=1)
    tx.decisions.closed_between(NOW, NOW + DAY)
    tx.decisions.close("D1", "U1", NOW, "Done.")
    tx.asks.get("s1", "w")
    tx.asks.newest("s1", NOW)
    tx.asks.since("s1", NOW)
    tx.asks.reply("s1", "w", Reply.YES, "U1", NOW)
    assert tx.namings.note("card:1", ["1", "U1"])
    tx.namings.of("1")
    tx.namings.drop("1", NOW)
    tx.namings.changed_at("card:1")
    tx.digests.forget("s1")


def touch_learning(tx: Transaction) -> None:
    one = make_experiment()
    tx.experiments.add(one)
    tx.experiments.get("X1")
    tx.experiments.open(limit=1)
    tx.experiments.ended(limit=1)
    tx.experiments.asked("X1")
    tx.experiments.change(one)
    tx.experiments.end(one)
    tx.lessons.add(make_lesson())
    tx.lessons.get("L1")
    tx.lessons.get("G1")
    tx.lessons.save(make_lesson())
    tx.revisions.add(make_revision())
    tx.revisions.of(Revised.LESSON, ["L1", "L2"])
    tx.lessons.find(["press"], before=NOW, limit=1)
    tx.lessons.find((), before=NOW, limit=1)
    tx.lessons.of_goals(before=NOW, limit=1)
    tx.lessons.between(NOW, NOW + DAY)
    one_quarter = Pulse(quarter="2026-Q4", ask_at=NOW)
    tx.pulses.add(one_quarter)
    tx.pulses.get("2026-Q4")
    tx.pulses.marks("2026-Q4", "U1")
    tx.pulses.plan("2026-Q4", NOW + DAY)
    tx.pulses.asked("2026-Q4", 3)
    tx.pulses.save_answers(one_quarter)
    tx.pulses.newest(limit=1)
    tx.figures.submitters(NOW, NOW + DAY)
    tx.insights.newest_decided(NOW, NOW + DAY, 10)
    tx.insights.newest_handed_in(NOW, NOW + DAY, 10)
    tx.insights.newest_published(NOW, NOW + DAY, 10)
    tx.insights.unserving(NOW, NOW + DAY)
    tx.insights.content_types(NOW, NOW + DAY)
    tx.insights.stages(NOW, NOW + DAY)
    tx.insights.waiting_at("trust", limit=3)
    tx.insights.given(NOW, NOW + DAY)
    tx.insights.undecided()
    tx.insights.platforms(NOW, NOW + DAY)
    tx.insights.wanted("Sales", NOW + DAY, titled=("idea",), limit=3)
    tx.insights.leads(NOW, NOW + DAY)
    tx.stories.save(make_story())
    tx.stories.get(1)
    tx.stories.find(["press"], before=NOW, limit=1)
    tx.stories.find((), before=NOW, limit=1)
    tx.stories.between(NOW, NOW + DAY)


def touch_schedules(tx: Transaction) -> None:
    tx.schedules.save(Schedule(subscription_id="s1", next_date="2026-11-02", next_at=NOW))
    tx.schedules.get("s1")
    tx.schedules.record(
        PeriodRun(subscription_id="s1", period_key="w", status="fired", due_at=NOW, ran_at=NOW)
    )
    tx.schedules.last_run("s1")
    tx.schedules.run_of("s1", "w")
    tx.schedules.last_counted("s1")
    tx.schedules.remove("s1")
    mine = Subscription(subscription_id="own:U1", channel_id="U1")
    second = Subscription(subscription_id="own:U1:V1", channel_id="U1")
    for one in (mine, second):
        tx.digests.save_own(one)
        tx.digests.own_by_id(one.subscription_id)
    tx.digests.own()
    tx.digests.own_of("U1")
    for one in (mine, second):
        tx.digests.drop_own(one.subscription_id)
    for _ in range(2):
        tx.digests.press("s1", "w")
    tx.digests.presses("s1", "w")
    tx.digests.save_state(DigestState(subscription_id="s1"))
    tx.digests.state("s1")
    tx.digests.drop_state("s1")
    tx.digests.posted("s1", NOW, 4)
    tx.digests.add_reach(make_reach())
    tx.digests.refuse_charts(NOW)
    tx.digests.charts_refused_at()
    tx.figures.contributions(NOW, NOW + DAY)
    tx.figures.unsigned(NOW, NOW.date())
    tx.figures.handed_in_by(["U1", "U2"], NOW, NOW + DAY)
    tx.seen.first_time("Ev1", NOW)
    tx.seen.forget_before(NOW)


def touch_outbox(tx: Transaction) -> None:
    update = make_effect(
        "update:1", kind=EffectKind.CARD_UPDATE, parent_key="card:1", collapse_key="update"
    )
    for effect in (make_effect(), make_effect(), update):
        tx.outbox.add(effect, NOW)
    often = Limited(group=MethodGroup.POST, until=NOW, per_minute=60, tried_at=NOW)
    ends = (
        Finish(verdict=Verdict.DEAD, error="no", limited=often),
        Finish(verdict=Verdict.SENT, limited=often),
    )
    for end in (*ends, Finish(verdict=Verdict.SENT, posted=Posted("C1", "1.1"))):
        claim = tx.outbox.claim("C1", owner="w", now=NOW, lease=MINUTE)
        if isinstance(claim, Claim):
            tx.outbox.finish(claim, end, NOW)
        tx.outbox.revive("card:1", NOW, target="C1")
    tx.outbox.add(make_effect("card:2"), NOW)
    tx.outbox.claim("C1", owner="w", now=NOW + DAY, lease=MINUTE, crowd=1)
    tx.outbox.add(make_effect("card:3", target="C3"), NOW)
    tx.outbox.fold("C3", NOW, limit=100, next_at=NOW)
    tx.outbox.unfold("card:3", NOW)
    tx.outbox.set_aside(limit=1)
    tx.outbox.find("card:1")
    tx.outbox.posted("card:1")
    tx.outbox.key_at("C1", "1.1")
    tx.outbox.knows_lane("C1")


def touch_hooks(tx: Transaction) -> None:
    assert not tx.hooks.can_seal
    tx.hooks.save(make_hook())
    tx.hooks.keep_secrets("V1", Secrets(current="whsec_AAAA"))
    tx.hooks.all()
    tx.hooks.names()
    tx.hooks.made_by("U1")
    tx.hooks.drop_secrets("V1")
    tx.hooks.get("V1")
    tx.hooks.secrets("V1")
    tx.hooks.first_time("V1", "msg_1", NOW)
    tx.hooks.forget_before(NOW)


@pytest.fixture
async def statements(sqlite: Database) -> AsyncIterator[list[tuple[str, Any]]]:
    """Every statement that the stores run, with its parameters."""
    found: list[tuple[str, Any]] = []

    def note(
        _connection: Any, _cursor: Any, text: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        if text.startswith(("SELECT", "UPDATE", "DELETE")):
            found.append((text, parameters[0] if many else parameters))

    engines = (sqlite._backend.writer, sqlite._backend.reader)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield found
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def test_no_statement_reads_a_whole_table(
    sqlite: Database, statements: list[tuple[str, Any]]
) -> None:
    called: set[str] = set()
    here = Workspace(sqlite)
    touches = (touch_people, touch_submissions, touch_goals, touch_schedules, touch_outbox)
    for touch in (*touches, touch_hooks, touch_conversions, touch_learning, touch_asks):
        await here.write(lambda tx, touch=touch: touch(Recorder(tx, called)))  # type: ignore[misc]  # mypy can't infer a lambda's default
    await sqlite.ready_lanes(NOW, limit=9)
    await sqlite.due_schedules(NOW, limit=9)
    await sqlite.due_timers(NOW, limit=9)
    await sqlite.due_returns(NOW, limit=9)
    await sqlite.due_closings(NOW, limit=9)
    await sqlite.due_check_ins(NOW, limit=9)
    await sqlite.due_experiments(NOW, limit=9)
    await sqlite.due_pulses(NOW, limit=9)
    await sqlite.next_due()

    every = {
        f"{store}.{method}"
        for store, protocol in STORES.items()
        for method in vars(protocol)
        if not method.startswith("_")
    }
    assert called == every  # a new method of a port belongs into this test

    ran = list(dict(statements).items())
    assert len(ran) > 40
    with sqlite._backend.reader.connect() as connection:
        complaints = [
            f"{complaint}: {text}"
            for text, parameters in ran
            if not READS_ON.search(text)
            for complaint in _complaints(connection, text, parameters)
        ]
    assert complaints == []


def _complaints(connection: Any, text: str, parameters: Any) -> list[str]:
    plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)]
    scans = [step for step in plan if step.startswith("SCAN") and step not in HALVES]
    # The workspace alone narrows nothing down, unless the index is a partial one.
    whole = [
        step
        for step in plan
        if step.startswith(BIG)
        and step.endswith("(workspace_id=?)")
        and not any(f" {index} " in step for index in PARTIAL)
    ]
    is_big = any(step.startswith(BIG) for step in plan)
    sorts = [step for step in plan if "TEMP B-TREE FOR ORDER BY" in step and is_big]
    return scans + whole + sorts


async def test_what_asks_and_sales_look_at_is_found_among_few(
    sqlite: Database, statements: list[tuple[str, Any]]
) -> None:
    here = Workspace(sqlite)
    await here.read(lambda tx: tx.figures.unsigned(NOW, NOW.date()))
    await here.read(lambda tx: tx.figures.handed_in_by(["U1", "U2"], NOW, NOW + DAY))
    await here.read(lambda tx: tx.insights.leads(NOW, NOW + DAY))
    found = [(text, given) for text, given in statements if "FROM submission" in text]
    with sqlite._backend.reader.connect() as connection:
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given).all()
            for text, given in found
        ]
    used = [" ".join(row[3] for row in plan) for plan in plans]
    assert len(used) == 3
    assert "ix_submission_unpublished" in used[0], "not all that was ever decided"
    assert "ix_submission_submitter" in used[1], "not all that came in a quarter"
    assert "ix_submission_leads" in used[2], "not all that came in twelve weeks"
