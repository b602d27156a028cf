"""What each listener is asked for, by whom it may be asked, and by which colleagues it may not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.absence import GoAway, go_away
from bot.ask import Asked
from bot.conversion import Dimension
from bot.decisions import MakeDecision, make_decision
from bot.desk import Desk
from bot.digest_rules import AskKind
from bot.entering import EnterConversion, enter_conversion
from bot.experiment import Experiment
from bot.experiments import SetExperiment, set_experiment
from bot.goal import Goal
from bot.goals import SetGoal, set_goal
from bot.hook import secret_of
from bot.hooks import MakeHook, make_hook, see_hooks
from bot.lesson_form import WriteLesson, write_lesson
from bot.lifecycle import Verb
from bot.material import HomePart
from bot.outbox import Effect, EffectKind
from bot.own_digests import TakeDigest, take
from bot.ports import Transaction
from bot.pulse import Pulse
from bot.pulses import pulse_key
from bot.sheet_import import GiveFile, give_file
from bot.spend import EnterSpend, enter_spend
from handlers.ask_values import AskValue
from handlers.conversion_values import (
    ConversionValue,
    EntryMetadata,
    LinksMetadata,
    ResultsValue,
    SpendValue,
)
from handlers.decision_values import DecisionMetadata, DecisionValue
from handlers.erasing_values import EraseMetadata, EraseValue
from handlers.form_values import DraftValue, FormMetadata, HandInValue
from handlers.goal_values import GoalFormMetadata, GoalValue
from handlers.home_values import HomePageValue
from handlers.hook_values import HookMetadata, HookValue
from handlers.ids import TRIAGE_ACTIONS, Action, Callback, RetryValue
from handlers.import_values import SheetValue
from handlers.learning_values import (
    ExperimentMetadata,
    ExperimentValue,
    LessonMetadata,
    LessonValue,
    PageValue,
    PulseValue,
)
from handlers.paper_values import PaperValue
from handlers.rounds_values import RoundMetadata, RoundValue
from handlers.setup_values import SetupMetadata, SetupValue
from handlers.triage import FORMS
from sandbox.model import Json
from tests.support.desk import Scene
from tests.support.door_verbs import TRIED, TRIED_FIELDS, verb_button, verb_form
from tests.support.doors import Doorstep, Prepare, Try, chosen, text

PAGE = PageValue(before="2026-11-19T09:00:00+00:00").dump()
TITLE: Mapping[str, Json] = {"title": text("Oven")}
IDEA = FormMetadata(kind="idea").dump()
GOAL = {
    "title": "Trial sign-ups",
    "new_objective": "More people try it",
    "measure": "hand",
    "unit": "sign-ups",
    "target": "40",
    "serves": "Find out which press fits",
    "stage": "trust",
    "first_day": "2026-11-01",
    "last_day": "2026-12-30",
    "role": "content_lead",
}
CLOSING = {
    "ending": chosen("missed"),
    "lesson": text("Too few posts."),
    "next": chosen("enough"),
}
PICKED = frozenset({"measure", "role"})
DAYS = frozenset({"first_day", "last_day"})


async def goal_of(d: Doorstep) -> Goal:
    """A goal of the content role's."""
    here, s = d.scene.desk.identity.workspace_id, d.scene
    command = SetGoal(form_id=f"goal{next(d.keys)}", actor_id=s.cora.user.id, given=GOAL)
    return await s.desk.database.transact(here, set_goal, command, s.clock.now())


async def ended_goal_of(d: Doorstep) -> Goal:
    """The same, its period over."""
    s, goal = d.scene, await goal_of(d)
    over = replace(goal, course=replace(goal.course, last_day=date(2026, 11, 10)), version=2)
    await s.desk.database.transact(
        s.desk.identity.workspace_id,
        lambda tx, changed, _now: tx.goals.update(changed, expected_version=1),
        over,
        s.clock.now(),
    )
    return over


async def experiment_of(d: Doorstep) -> Experiment:
    """An experiment of the content role's."""
    here, s = d.scene.desk.identity.workspace_id, d.scene
    given = {**TRIED, "role": "content_lead"}
    command = SetExperiment(form_id=f"try{next(d.keys)}", actor_id=s.cora.user.id, given=given)
    return await s.desk.database.transact(here, set_experiment, command, s.clock.now())


def testers(make: Any) -> Prepare:
    """A request of who keeps an experiment; `make` gets the doorstep and the experiment."""

    async def prepare(d: Doorstep) -> Try:
        s, found = d.scene, await experiment_of(d)
        return Try(make=make(d, found), may=s.cora, may_not=(s.xena, s.sam, s.lena))

    return prepare


def anybody(make: Any, *, kind: Any = "interactive") -> Prepare:
    """A request that any colleague may make; `make` gets the doorstep."""

    async def prepare(d: Doorstep) -> Try:
        return Try(make=make(d), may=d.scene.xena, kind=kind)

    return prepare


def admins(make: Any) -> Prepare:
    """A request of admins; `make` gets the doorstep and the set-up."""

    async def prepare(d: Doorstep) -> Try:
        s = d.scene
        made = make(d, d.desk())
        return Try(make=made, may=s.olga, may_not=(s.xena, s.sam, s.cora))

    return prepare


def keepers(make: Any, *, is_over: bool = False) -> Prepare:
    """A request of who keeps a goal; `make` gets the doorstep and the goal."""

    async def prepare(d: Doorstep) -> Try:
        s = d.scene
        goal = await (ended_goal_of if is_over else goal_of)(d)
        return Try(make=make(d, goal), may=s.cora, may_not=(s.xena, s.sam, s.lena))

    return prepare


ENTRY: Mapping[str, Json] = {
    "type": chosen("signup"),
    "count": text("3"),
    "known_by": chosen("told"),
}
SPEND: Mapping[str, Json] = {"paid": chosen("paid"), "amount": text("100 EUR")}


def team(make: Any) -> Prepare:
    """A request of who acts for a role, or of an admin; `make` gets the doorstep."""

    async def prepare(d: Doorstep) -> Try:
        s = d.scene
        return Try(make=make(d), may=s.cora, may_not=(s.xena, s.sam))

    return prepare


async def _entry_of(d: Doorstep) -> ConversionValue:
    """A conversion that Adam entered."""
    s, form_id = d.scene, f"entry{next(d.keys)}"
    command = EnterConversion(
        form_id=form_id, actor_id=s.adam.user.id, given={"type": "signup", "count": "2"}
    )
    here = s.desk.identity.workspace_id
    found = await s.desk.database.transact(here, enter_conversion, command, s.clock.now())
    return ConversionValue(id=found.conversion_id)


async def _entry_menu(d: Doorstep) -> Try:
    """The menu beside an entry, in the form."""
    value = (await _entry_of(d)).dump()
    make = d.click_inside(
        Action.CONVERSION_MORE, "", Callback.CONVERSION_FORM, "{}", **chosen(value)
    )
    return Try(make=make, may=d.scene.cora, may_not=(d.scene.xena, d.scene.sam))


async def _undo_button(d: Doorstep) -> Try:
    """The button that takes back what somebody else recorded."""
    make = d.click(Action.CONVERSION_UNDO, (await _entry_of(d)).dump())
    return Try(make=make, may=d.scene.cora, may_not=(d.scene.xena, d.scene.sam))


def _links(action: Action | None) -> Prepare:
    """The links of an idea that was accepted: from its details, or for a page that was typed."""

    async def prepare(d: Doorstep) -> Try:
        s = d.scene
        idea = await d.submission("idea", s.sam, (Verb.ACCEPT, s.cora, {}))
        value = LinksMetadata(number=idea.number).dump()
        given = {"landing": text("https://example.com/pump")}
        make = d.click(action, value) if action else d.form(Callback.LINKS_FORM, value, given)
        return Try(make=make, may=s.cora, may_not=(s.xena, s.sam, s.lena))

    return prepare


async def _spend_undo(d: Doorstep) -> Try:
    """The button that takes back the newest spending."""
    s, form_id = d.scene, f"spend{next(d.keys)}"
    command = EnterSpend(
        form_id=form_id, actor_id=s.adam.user.id, given={"paid": "paid", "amount": "100 EUR"}
    )
    here = s.desk.identity.workspace_id
    await s.desk.database.transact(here, enter_spend, command, s.clock.now())
    make = d.click(Action.SPEND_UNDO, SpendValue(id=form_id).dump())
    return Try(make=make, may=s.cora, may_not=(s.xena, s.sam))


def _goal_value(goal: Goal, verb: Any = None) -> str:
    return GoalValue(goal=goal.goal_id, version=goal.version, verb=verb).dump()


def _goal_metadata(goal: Goal) -> str:
    return GoalFormMetadata(goal=goal.goal_id, version=goal.version).dump()


def _goal_fields() -> dict[str, Json]:
    return {
        name: chosen(value)
        if name in PICKED
        else {"type": "datepicker", "selected_date": value}
        if name in DAYS
        else text(value)
        for name, value in GOAL.items()
    }


async def _back(d: Doorstep) -> Try:
    """Somebody who is away."""
    s = d.scene
    away = GoAway(user_id=s.xena.user.id, back_on=date(2026, 11, 24))
    await s.desk.database.transact(s.desk.identity.workspace_id, go_away, away, s.clock.now())
    return Try(make=d.click(Action.ABSENCE_BACK, ""), may=s.xena)


async def _retry(d: Doorstep) -> Try:
    """An effect that was set aside, in a channel that is gone."""
    s = d.scene
    await s.desk.database.transact(
        s.desk.identity.workspace_id,
        lambda tx, _c, now: tx.outbox.add(
            Effect(
                key="notice:x", kind=EffectKind.NOTICE, target="C0GONE", payload={"sentence": "x"}
            ),
            now,
        ),
        None,
        s.clock.now(),
    )
    await s.settle()
    s.ws.problems.clear()
    make = d.click(Action.NOTICE_RETRY, RetryValue(key="notice:x").dump())
    return Try(make=make, may=s.olga, may_not=(s.xena, s.cora, s.sam))


async def _pulse_answer(d: Doorstep) -> Try:
    """The question of the quarter, put to Cora alone."""
    s, quarter = d.scene, "2026-Q4"

    def ask(tx: Transaction, _command: None, now: datetime) -> None:
        tx.pulses.add(Pulse(quarter=quarter))
        key = pulse_key(quarter, s.cora.user.id)
        effect = Effect(key=key, kind=EffectKind.PULSE, target=s.cora.user.id)
        tx.outbox.add(replace(effect, payload={"quarter": quarter}), now)

    await s.desk.database.transact(s.desk.identity.workspace_id, ask, None, s.clock.now())
    await s.settle()
    value = PulseValue(quarter=quarter, value=5).dump()
    make = d.click(Action.PULSE_ANSWER, value, menu=True)
    return Try(make=make, may=s.cora, may_not=(s.xena, s.sam))


async def _lesson_form(d: Doorstep) -> Try:
    """A lesson about a lead of Sam's, by whoever has to do with it."""
    s, lead = d.scene, await d.submission("lead", d.scene.sam)
    metadata = LessonMetadata(number=lead.number).dump()
    said = {name: text("Too late.") for name in ("expectation", "happened", "cause", "change")}
    make = d.form(Callback.LESSONS_FORM, metadata, said)
    return Try(make=make, may=s.lena, may_not=(s.xena, s.cora))


async def _lesson_change(d: Doorstep) -> Try:
    """A lesson of Sam's, changed by who wrote it and by admins."""
    s, key = d.scene, f"learned{next(d.keys)}"
    said = dict.fromkeys(("expectation", "happened", "cause", "change"), "Too late.")
    command = WriteLesson(form_id=key, actor_id=s.sam.user.id, given=said)
    here = s.desk.identity.workspace_id
    await s.desk.database.transact(here, write_lesson, command, s.clock.now())
    make = d.click(Action.LESSONS_CHANGE, LessonValue(lesson=key).dump())
    return Try(make=make, may=s.sam, may_not=(s.xena, s.cora))


def _decision(make: Any) -> Prepare:
    """A request about a decision of Sam's; others can't close it."""

    async def prepare(d: Doorstep) -> Try:
        s, key = d.scene, f"decided{next(d.keys)}"
        command = MakeDecision(
            form_id=key, actor_id=s.sam.user.id, text="Try it", owner_id=s.sam.user.id
        )
        here = s.desk.identity.workspace_id
        await s.desk.database.transact(here, make_decision, command, s.clock.now())
        return Try(make=make(d, key), may=s.sam, may_not=(s.xena, s.cora))

    return prepare


async def _ask_reply(d: Doorstep) -> Try:
    """What a digest asks for: whoever reads it may answer."""
    s, period = d.scene, f"period-{next(d.keys)}"
    asked = Asked(
        subscription_id="leadership",
        period=period,
        kind=AskKind.SET_GOAL,
        count=0,
        goal_id=None,
        role_id=None,
        overdue=0,
        at=s.clock.now(),
    )
    here = s.desk.identity.workspace_id
    await s.desk.database.transact(here, lambda tx, _c, _n: tx.asks.add(asked), None, s.clock.now())
    value = AskValue(subscription="leadership", period=period, reply="later").dump()
    return Try(make=d.click(Action.ASK_REPLY, value), may=s.xena, may_not=())


async def _erase_button(d: Doorstep) -> Try:
    """A lead of Sam's; only admins erase, neither who handed it in nor who decides."""
    s, lead = d.scene, await d.submission("lead", d.scene.sam)
    make = d.click(Action.ERASE_OPEN, EraseValue(number=lead.number).dump())
    return Try(make=make, may=s.olga, may_not=(s.xena, s.sam, s.lena))


async def _erase_form(d: Doorstep) -> Try:
    """The same, once it was opened."""
    s, lead = d.scene, await d.submission("lead", d.scene.sam)
    metadata = EraseMetadata(number=lead.number).dump()
    make = d.form(Callback.ERASE_FORM, metadata, {"scope": chosen("whole")})
    return Try(make=make, may=s.olga, may_not=(s.xena, s.sam, s.lena))


def admins_of_hooks(make: Any) -> Prepare:
    """A request of admins about a webhook."""

    async def prepare(d: Doorstep) -> Try:
        s = d.scene
        command = MakeHook(
            form_id=f"hook{next(d.keys)}",
            actor_id=s.olga.user.id,
            name=f"Shop {next(d.keys)}",
            secret=secret_of(b"a" * 32),
        )
        here = s.desk.identity.workspace_id
        known = await s.desk.database.read(here, see_hooks, s.olga.user.id, s.clock.now())
        hook = (
            known[0]
            if known
            else (await s.desk.database.transact(here, make_hook, command, s.clock.now())).hook
        )
        return Try(make=make(d, hook.hook_id), may=s.olga, may_not=(s.xena, s.sam, s.cora))

    return prepare


def givers_of_files(make: Any) -> Prepare:
    """A request about a file that Cora gave."""

    async def prepare(d: Doorstep) -> Try:
        s, form_id = d.scene, f"file{next(d.keys)}"
        command = GiveFile(form_id=form_id, actor_id=s.cora.user.id, file_ids=("F0GONE",))
        here = s.desk.identity.workspace_id
        await s.desk.database.transact(here, give_file, command, s.clock.now())
        await s.settle()
        s.ws.problems.clear()
        return Try(make=make(d, f"sheet:{form_id}"), may=s.cora, may_not=(s.xena, s.sam))

    return prepare


def _setup(desk: Desk, key: str | None = None) -> str:
    return SetupMetadata(version=desk.version, key=key).dump()


async def _leave_digest(d: Doorstep) -> Try:
    """Somebody who takes a digest."""
    s = d.scene
    key = await _taken(s)
    make = d.click_inside(Action.ROUNDS_LEAVE, RoundValue(key=key).dump(), Callback.PAGE)
    return Try(make=make, may=s.xena, may_not=(s.sam, s.olga))


async def _taken(s: Scene) -> str:
    """The key of a digest that Xena takes."""
    mine = TakeDigest(user_id=s.xena.user.id, form_id="V1", tz="UTC")
    await s.desk.database.transact(s.desk.identity.workspace_id, take, mine, s.clock.now())
    return f"own:{s.xena.user.id}:V1"


async def _stop_digest(d: Doorstep) -> Try:
    """Somebody stops their own digest, and nobody else's."""
    s = d.scene
    value = RoundValue(key=await _taken(s)).dump()
    make = d.click(Action.ROUNDS_STOP, value)
    return Try(make=make, may=s.xena, may_not=(s.sam, s.cora))


def _rounds_actions() -> dict[Action, Prepare]:
    """The buttons of the page of digests."""
    value = RoundValue(key="leadership").dump()

    def inside(action: Action) -> Prepare:
        return admins(lambda d, _: d.click_inside(action, value, Callback.PAGE))

    def outside(action: Action) -> Prepare:
        return admins(lambda d, _: d.click(action, value))

    own = RoundValue().dump()
    return {
        Action.ROUNDS_SEE: anybody(lambda d: d.click(Action.ROUNDS_SEE, own)),
        Action.ROUNDS_TAKE: anybody(lambda d: d.click(Action.ROUNDS_TAKE, own)),
        Action.ROUNDS_LEAVE: _leave_digest,
        Action.ROUNDS_STOP: _stop_digest,
        **{
            action: outside(action)
            for action in (
                Action.ROUNDS_OPEN,
                Action.ROUNDS_PREVIEW,
                Action.ROUNDS_PAUSE,
                Action.ROUNDS_KEEP,
                Action.ROUNDS_MONTHLY,
            )
        },
        **{
            action: inside(action)
            for action in (Action.ROUNDS_SEND, Action.ROUNDS_RESUME, Action.ROUNDS_SKIP)
        },
    }


ACTIONS: Mapping[Action, Prepare] = {
    **{TRIAGE_ACTIONS[verb]: verb_button(verb) for verb in TRIAGE_ACTIONS},
    Action.TRIAGE_MORE: verb_button(Verb.SNOOZE, is_menu=True),
    Action.VALUE: anybody(
        lambda d: d.click_inside(Action.VALUE, "Oven", Callback.SUBMIT_FORM, IDEA)
    ),
    Action.SUBMIT_KIND: anybody(
        lambda d: d.click_inside(
            Action.SUBMIT_KIND, "", Callback.SUBMIT_FORM, IDEA, **chosen("lead")
        )
    ),
    Action.SUBMIT_DRAFT: anybody(
        lambda d: d.click_inside(
            Action.SUBMIT_DRAFT,
            DraftValue(kind="idea", slot=1, is_new=True).dump(),
            Callback.SUBMIT_FORM,
            IDEA,
        )
    ),
    Action.PREFERENCES_HEARS: anybody(
        lambda d: d.click(Action.PREFERENCES_HEARS, "questions", menu=True)
    ),
    Action.ABSENCE_OPEN: anybody(lambda d: d.click(Action.ABSENCE_OPEN, "")),
    Action.ABSENCE_BACK: _back,
    Action.HOME_HAND_IN: anybody(
        lambda d: d.click(Action.HOME_HAND_IN, HandInValue(kind="idea").dump())
    ),
    Action.HOME_PAGE: anybody(
        lambda d: d.click(Action.HOME_PAGE, HomePageValue(part=HomePart.MINE, offset=0).dump())
    ),
    Action.NOTICE_RETRY: _retry,
    Action.ERASE_OPEN: _erase_button,
    Action.CROWD_QUEUE: anybody(lambda d: d.click(Action.CROWD_QUEUE, "")),
    Action.GOALS_OPEN: anybody(lambda d: d.click(Action.GOALS_OPEN, "")),
    Action.GOALS_NEW: keepers(lambda d, _: d.click(Action.GOALS_NEW, "")),
    Action.GOALS_ADD_ONE: keepers(lambda d, g: d.click(Action.GOALS_ADD_ONE, _goal_value(g))),
    Action.GOALS_READ: keepers(lambda d, g: d.click(Action.GOALS_READ, _goal_value(g))),
    Action.GOALS_CLOSE: keepers(
        lambda d, g: d.click(Action.GOALS_CLOSE, _goal_value(g)), is_over=True
    ),
    Action.GOALS_TRAIL: anybody(
        lambda d: d.click(Action.GOALS_TRAIL, GoalValue(goal="V0", version=1).dump())
    ),
    Action.GOALS_SAME: keepers(lambda d, g: d.click(Action.GOALS_SAME, _goal_value(g))),
    Action.GOALS_SURE: keepers(lambda d, g: d.click(Action.GOALS_SURE, _goal_value(g), menu=True)),
    Action.GOALS_MORE: keepers(
        lambda d, g: d.click(Action.GOALS_MORE, _goal_value(g, "drop"), menu=True)
    ),
    Action.GOALS_MEASURE: keepers(
        lambda d, g: d.click_inside(
            Action.GOALS_MEASURE, "", Callback.GOALS_FORM, _goal_metadata(g), **chosen("hand")
        )
    ),
    Action.PULSE_ANSWER: _pulse_answer,
    Action.STORIES_MORE: anybody(lambda d: d.click(Action.STORIES_MORE, PAGE)),
    Action.LESSONS_MORE: anybody(lambda d: d.click(Action.LESSONS_MORE, PAGE)),
    Action.LESSONS_CHANGE: _lesson_change,
    Action.EXPERIMENTS_NEW: keepers(lambda d, _: d.click(Action.EXPERIMENTS_NEW, "")),
    Action.EXPERIMENTS_END: testers(
        lambda d, e: d.click(
            Action.EXPERIMENTS_END, ExperimentValue(experiment=e.experiment_id).dump()
        )
    ),
    Action.EXPERIMENTS_MORE: testers(
        lambda d, e: d.click(
            Action.EXPERIMENTS_MORE,
            ExperimentValue(experiment=e.experiment_id, verb="change").dump(),
            menu=True,
        )
    ),
    Action.RESULTS_SHOW: anybody(
        lambda d: d.click(
            Action.RESULTS_SHOW, ResultsValue(type="signup", by=Dimension.POST).dump(), menu=True
        )
    ),
    Action.CONVERSION_MORE: _entry_menu,
    Action.LINKS_OPEN: _links(Action.LINKS_OPEN),
    Action.PHRASE_NEW: team(lambda d: d.click(Action.PHRASE_NEW, LinksMetadata(number=1).dump())),
    Action.CONVERSION_UNDO: _undo_button,
    Action.SPEND_NEW: team(lambda d: d.click(Action.SPEND_NEW, "spend")),
    Action.SPEND_BUDGET: team(lambda d: d.click(Action.SPEND_BUDGET, "budget")),
    Action.SPEND_UNDO: _spend_undo,
    Action.SETUP_ROLE: admins(
        lambda d, _: d.click(Action.SETUP_ROLE, SetupValue(key="content_lead").dump())
    ),
    Action.SETUP_DEPARTMENT: admins(
        lambda d, _: d.click(Action.SETUP_DEPARTMENT, SetupValue(key="Sales").dump())
    ),
    Action.SETUP_PEOPLE: admins(lambda d, _: d.click(Action.SETUP_PEOPLE, SetupValue().dump())),
    Action.SETUP_DROP_DEPARTMENT: admins(
        lambda d, desk: d.click_inside(
            Action.SETUP_DROP_DEPARTMENT,
            SetupValue(key="Sales").dump(),
            Callback.SETUP_DEPARTMENT_FORM,
            _setup(desk, "Sales"),
        )
    ),
    Action.ASK_REPLY: _ask_reply,
    Action.DECISIONS_NEW: anybody(lambda d: d.click(Action.DECISIONS_NEW, "")),
    Action.DECISIONS_CLOSE: _decision(
        lambda d, key: d.click(Action.DECISIONS_CLOSE, DecisionValue(decision=key).dump())
    ),
    Action.DIGEST_SET: admins(
        lambda d, _: d.click(Action.DIGEST_SET, SetupValue(key="leadership").dump())
    ),
    **_rounds_actions(),
    Action.PAPER: admins(
        lambda d, _: d.click(Action.PAPER, PaperValue(subscription="leadership").dump())
    ),
    Action.DIGEST_PREVIEW: anybody(
        lambda d: d.click(Action.DIGEST_PREVIEW, SetupValue(channel_id=d.scene.general).dump())
    ),
    Action.HOOKS_NEW: admins_of_hooks(lambda d, _: d.click(Action.HOOKS_NEW, "new")),
    Action.HOOKS_MORE: admins_of_hooks(
        lambda d, hook: d.click(
            Action.HOOKS_MORE, HookValue(hook=hook, verb="renew").dump(), menu=True
        )
    ),
    Action.IMPORT_TAKE: givers_of_files(
        lambda d, key: d.click(Action.IMPORT_TAKE, SheetValue(key=key).dump())
    ),
    Action.IMPORT_DROP: givers_of_files(
        lambda d, key: d.click(Action.IMPORT_DROP, SheetValue(key=key).dump())
    ),
    Action.DIGEST_DROP: admins(
        lambda d, desk: d.click_inside(
            Action.DIGEST_DROP,
            SetupValue(key="leadership").dump(),
            Callback.DIGEST_FORM,
            _setup(desk, "leadership"),
        )
    ),
}

TABLE_FORMS: Mapping[Callback, Prepare] = {
    **{form.callback: verb_form(verb) for verb, form in FORMS.items()},
    Callback.WORDS_ANSWER_FORM: verb_form(Verb.ANSWER),
    Callback.ERASE_FORM: _erase_form,
    Callback.SUBMIT_FORM: anybody(lambda d: d.form(Callback.SUBMIT_FORM, IDEA, TITLE)),
    Callback.ABSENCE_FORM: anybody(
        lambda d: d.form(
            Callback.ABSENCE_FORM,
            "",
            {"until": {"type": "datepicker", "selected_date": "2026-11-24"}},
        )
    ),
    Callback.GOALS_FORM: keepers(
        lambda d, g: d.form(Callback.GOALS_FORM, _goal_metadata(g), _goal_fields())
    ),
    Callback.GOALS_READING_FORM: keepers(
        lambda d, g: d.form(Callback.GOALS_READING_FORM, _goal_metadata(g), {"value": text("7")})
    ),
    Callback.GOALS_DROP_FORM: keepers(
        lambda d, g: d.form(Callback.GOALS_DROP_FORM, _goal_metadata(g), {})
    ),
    Callback.GOALS_CLOSING_FORM: keepers(
        lambda d, g: d.form(Callback.GOALS_CLOSING_FORM, _goal_metadata(g), CLOSING), is_over=True
    ),
    Callback.LESSONS_FORM: _lesson_form,
    Callback.EXPERIMENTS_FORM: testers(
        lambda d, _: d.form(
            Callback.EXPERIMENTS_FORM,
            ExperimentMetadata().dump(),
            {**TRIED_FIELDS, "role": chosen("content_lead")},
        )
    ),
    Callback.EXPERIMENTS_END_FORM: testers(
        lambda d, e: d.form(
            Callback.EXPERIMENTS_END_FORM,
            ExperimentMetadata(experiment=e.experiment_id).dump(),
            {"result": chosen("worked"), "happened": text("It did.")},
        )
    ),
    Callback.CONVERSION_FORM: team(
        lambda d: d.form(Callback.CONVERSION_FORM, EntryMetadata().dump(), ENTRY)
    ),
    Callback.LINKS_FORM: _links(None),
    Callback.PHRASE_FORM: team(
        lambda d: d.form(
            Callback.PHRASE_FORM,
            "",
            {"words": text("Pump 24"), "type": chosen("request"), "reference": text("The fair")},
        )
    ),
    Callback.SPEND_FORM: team(lambda d: d.form(Callback.SPEND_FORM, "", SPEND)),
    Callback.SPEND_BUDGET_FORM: team(
        lambda d: d.form(
            Callback.SPEND_BUDGET_FORM, "", {"period": text("2026"), "amount": text("9 EUR")}
        )
    ),
    Callback.SETUP_ROLE_FORM: admins(
        lambda d, desk: d.form(
            Callback.SETUP_ROLE_FORM, _setup(desk, "video_lead"), {"label": text("Films")}
        )
    ),
    Callback.SETUP_DEPARTMENT_FORM: admins(
        lambda d, desk: d.form(
            Callback.SETUP_DEPARTMENT_FORM, _setup(desk), {"name": text("Products")}
        )
    ),
    Callback.SETUP_PEOPLE_FORM: admins(
        lambda d, desk: d.form(
            Callback.SETUP_PEOPLE_FORM,
            _setup(desk),
            {"admins": {"type": "multi_users_select", "selected_users": [d.scene.ava.user.id]}},
        )
    ),
    Callback.HOOKS_FORM: admins_of_hooks(
        lambda d, _: d.form(Callback.HOOKS_FORM, "", {"name": text(f"Site {next(d.keys)}")})
    ),
    Callback.HOOKS_RENEW_FORM: admins_of_hooks(
        lambda d, hook: d.form(Callback.HOOKS_RENEW_FORM, HookMetadata(hook=hook).dump(), {})
    ),
    Callback.HOOKS_RENAME_FORM: admins_of_hooks(
        lambda d, hook: d.form(
            Callback.HOOKS_RENAME_FORM,
            HookMetadata(hook=hook).dump(),
            {"name": text(f"Site {next(d.keys)}")},
        )
    ),
    Callback.HOOKS_DELETE_FORM: admins_of_hooks(
        lambda d, hook: d.form(Callback.HOOKS_DELETE_FORM, HookMetadata(hook=hook).dump(), {})
    ),
    Callback.IMPORT_FORM: givers_of_files(
        lambda d, _: d.form(
            Callback.IMPORT_FORM,
            "",
            {"files": {"type": "file_input", "files": [{"id": "F0GONE", "name": "a.csv"}]}},
        )
    ),
    Callback.ROUNDS_PAUSE_FORM: admins(
        lambda d, _: d.form(Callback.ROUNDS_PAUSE_FORM, RoundMetadata(key="leadership").dump(), {})
    ),
    Callback.ROUNDS_TAKE_FORM: anybody(
        lambda d: d.form(
            Callback.ROUNDS_TAKE_FORM,
            RoundMetadata().dump(),
            {
                "weekday": chosen("friday"),
                "time": {"type": "timepicker", "selected_time": "16:00"},
                "tz": text("Europe/Berlin"),
                "on_holiday": chosen("move"),
                "audience": chosen("team"),
            },
        )
    ),
    Callback.DECISIONS_FORM: anybody(
        lambda d: d.form(
            Callback.DECISIONS_FORM,
            "",
            {
                "text": text("Try newsletters"),
                "owner": {"type": "users_select", "selected_user": d.scene.sam.user.id},
            },
        )
    ),
    Callback.DECISIONS_CLOSE_FORM: _decision(
        lambda d, key: d.form(
            Callback.DECISIONS_CLOSE_FORM,
            DecisionMetadata(decision=key).dump(),
            {"outcome": text("It works.")},
        )
    ),
    Callback.DIGEST_FORM: admins(
        lambda d, desk: d.form(
            Callback.DIGEST_FORM,
            _setup(desk),
            {
                "channel": {"type": "channels_select", "selected_channel": d.scene.content},
                "audience": chosen("leadership"),
                "weekday": chosen("monday"),
                "time": {"type": "timepicker", "selected_time": "09:00"},
                "tz": text("Europe/Berlin"),
            },
        )
    ),
}

CLOSED: Mapping[Callback, Prepare] = {
    Callback.SUBMIT_FORM: anybody(lambda d: d.closed(Callback.SUBMIT_FORM, IDEA, TITLE)),
}


def _command(name: str, words: str = "") -> Prepare:
    return anybody(lambda d: d.command(name, words), kind="slash_commands")


COMMANDS: Mapping[str, Prepare] = {
    "/social": _command("/social", "goals"),
    "/social-idea": _command("/social-idea"),
    "/social-testimonial": _command("/social-testimonial"),
    "/social-lead": _command("/social-lead"),
}

SHORTCUTS: Mapping[Callback, Prepare] = {
    Callback.SUBMIT_GLOBAL: anybody(lambda d: d.shortcut(Callback.SUBMIT_GLOBAL)),
    Callback.SUBMIT_MESSAGE: anybody(lambda d: d.on_message(Callback.SUBMIT_MESSAGE)),
}
