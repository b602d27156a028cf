"""What one workspace stored, another neither sees nor changes, though all the keys are the same."""

from typing import Any

import pytest

from bot.conversion import Dimension
from bot.desk import (
    Channel,
    Desk,
    Hears,
    Member,
    Role,
    Rule,
    Subscription,
    default_desk,
)
from bot.digest_store import DigestState
from bot.figures import Counts, Waiting
from bot.hook import Secrets
from bot.installation import Installation, Tokens
from bot.outbox import Claim, Finish, Posted, Verdict
from bot.ports import PeriodRun, Schedule, Transaction
from bot.pulse import Pulse
from bot.revision import Revised
from storage.tables import metadata
from tests.support.storage_examples import (
    DAY,
    MINUTE,
    NOW,
    Workspace,
    make_ask,
    make_budget,
    make_conversion,
    make_decision,
    make_effect,
    make_entry,
    make_experiment,
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

SUBMISSION = make_submission(
    1, decided_at=NOW, published_at=NOW, published_url="https://example.com/1"
)
WAITING = make_submission(2)
DESK = Desk(
    version=0,
    fallback_role="lead",
    roles={"lead": Role(role_id="lead", label="Lead", holders=("U1",))},
    rules=(Rule(role_id="lead"),),
)
RUN = PeriodRun(subscription_id="s1", period_key="w", status="fired", due_at=NOW, ran_at=NOW)
SENT = Finish(verdict=Verdict.SENT, posted=Posted("C1", "1.1"))


def fill(tx: Transaction) -> Claim:
    tx.desk.replace(DESK, NOW)
    tx.members.save([Member(user_id="U1", name="Ann", is_admin=True)], NOW)
    tx.channels.save([Channel(channel_id="C1", name="social")], NOW)
    for one in (SUBMISSION, WAITING):
        assert tx.submissions.next_number() == one.number
        tx.submissions.add(
            one, source_key=f"v{one.number}", origin_key=f"o{one.number}", personal={"name": "Jo"}
        )
    tx.history.append(make_entry(1))
    tx.conversations.add(1, 1, "What is it about?")
    tx.drafts.save("U1", "idea", {"title": "A", "platforms": ("blog",)}, NOW)
    tx.schedules.save(Schedule(subscription_id="s1", next_date="2026-11-02", next_at=NOW))
    tx.schedules.record(RUN)
    tx.digests.save_own(Subscription(subscription_id="own:U1", channel_id="U1"))
    tx.digests.save_own(Subscription(subscription_id="own:U1:V1", channel_id="U1"))
    tx.digests.press("s1", "w")
    tx.digests.save_state(DigestState(subscription_id="s1", set_by="U1"))
    tx.digests.add_reach(make_reach())
    tx.digests.refuse_charts(NOW)
    tx.asks.add(make_ask())
    tx.decisions.add(make_decision())
    tx.conversions.add(make_conversion())
    tx.landings.save(make_landing())
    tx.phrases.add(make_phrase())
    tx.spend.add(make_spend())
    tx.spend.set_budget(make_budget())
    tx.experiments.add(make_experiment())
    tx.experiments.add(make_experiment("X2", ended_at=NOW, number=None))
    tx.lessons.add(make_lesson())
    tx.revisions.add(make_revision())
    tx.stories.save(make_story())
    tx.pulses.add(Pulse(quarter="2026-Q4", ask_at=NOW))
    tx.seen.first_time("Ev1", NOW)
    tx.hooks.save(make_hook())
    tx.hooks.keep_secrets("V1", Secrets(current="whsec_AAAA"))
    tx.hooks.first_time("V1", "msg_1", NOW)
    for key in ("card:1", "card:2", "card:3"):
        tx.outbox.add(make_effect(key), NOW)
    assert tx.namings.note("card:1", ["1", "U1"])
    tx.namings.drop("U1", NOW)
    claims = []
    for end in (SENT, Finish(verdict=Verdict.DEAD, error="no")):
        claim = tx.outbox.claim("C1", owner="w", now=NOW, lease=MINUTE)
        assert isinstance(claim, Claim)
        assert tx.outbox.finish(claim, end, NOW)
        claims.append(claim)
    return claims[0]


async def fill_in(workspace: Workspace) -> Claim:
    """Something in every store."""
    parked = Installation(
        workspace_id=workspace.workspace_id,
        bot_id="B1",
        bot_user_id="U9",
        tokens=Tokens(access="xoxb-1", refresh="xoxe-1"),
        installed_at=NOW,
        parked_at=NOW,
    )
    await workspace.write(lambda tx: tx.installations.save(parked, NOW))
    return await workspace.write(fill)


def read_all(tx: Transaction) -> dict[str, Any]:
    """What every reading method of every store answers."""
    return {
        "desk": tx.desk.load(),
        "member": tx.members.get("U1"),
        "members": tx.members.many(["U1"]),
        "admins": tx.members.admins(),
        "channel": tx.channels.get("C1"),
        "submission": tx.submissions.get(1),
        "by_source": tx.submissions.by_source_key("v1"),
        "by_origin": tx.submissions.by_origin_key("o1"),
        "personal": tx.submissions.personal(1),
        "mine": tx.submissions.of_submitter("U1", limit=1),
        "queue": tx.submissions.undecided_of_roles(["content_lead"], limit=1),
        "overdue": tx.submissions.overdue_of_roles(["content_lead"], NOW + 9 * DAY),
        "found": tx.submissions.find(["idea"], role_ids=None, user_id="U1", limit=9),
        "written": tx.conversations.of(1),
        "one_text": tx.conversations.get(1, 1),
        "draft": tx.drafts.get("U1", "idea"),
        "seq": tx.history.next_seq(1),
        "entry": tx.history.get(1, 1),
        "change": tx.history.last_change(1),
        "history": tx.history.of(1),
        "counts": tx.figures.counts([NOW, NOW + DAY]),
        "flows": tx.figures.flows([NOW, NOW + DAY], NOW + DAY),
        "waiting": tx.figures.waiting(NOW + DAY),
        "published": tx.figures.published(NOW, NOW + DAY, limit=9),
        "experiment": tx.experiments.get("X1"),
        "tried": tx.experiments.open(limit=9),
        "judged": tx.experiments.ended(limit=9),
        "learned": tx.lessons.find((), before=NOW + DAY, limit=9),
        "lesson": tx.lessons.get("L1"),
        "revised": tx.revisions.of(Revised.LESSON, ["L1"]),
        "told": tx.stories.get(1),
        "stories": tx.stories.find((), before=NOW + DAY, limit=9),
        "given": tx.insights.given(NOW, NOW + DAY),
        "undecided": tx.insights.undecided(),
        "content_types": tx.insights.content_types(NOW, NOW + DAY),
        "pulse": tx.pulses.get("2026-Q4"),
        "pulses": tx.pulses.newest(limit=9),
        "submitters": tx.figures.submitters(NOW, NOW + DAY),
        "effect": tx.outbox.find("card:1"),
        "posted": tx.outbox.posted("card:1"),
        "aside": tx.outbox.set_aside(limit=9),
        "naming": tx.namings.of("1"),
        "changed_at": tx.namings.changed_at("card:1"),
        "schedule": tx.schedules.get("s1"),
        "own_digest": tx.digests.own_by_id("own:U1"),
        "taken_digest": tx.digests.own_by_id("own:U1:V1"),
        "presses": tx.digests.presses("s1", "w"),
        "own_digests": tx.digests.own(),
        "reach": tx.digests.posted("s1", NOW + DAY, 4),
        "charts": tx.digests.charts_refused_at(),
        "set_by": tx.digests.state("s1").set_by,
        "decision": tx.decisions.get("D1"),
        "open_decisions": tx.decisions.open(limit=9),
        "ask": tx.asks.get("s1", "w"),
        "last_ask": tx.asks.newest("s1", NOW + DAY),
        "last_run": tx.schedules.last_run("s1"),
        "conversion": tx.conversions.get(make_conversion().conversion_id),
        "entered_by": tx.conversions.entered_by("U1"),
        "entered": tx.conversions.entered(limit=9),
        "post_at": tx.conversions.post_at(["https://example.com/1"]),
        "totals": tx.conversions.totals(NOW, NOW + DAY),
        "credits": tx.conversions.credits(Dimension.POST, NOW, NOW + DAY),
        "of_post": tx.conversions.of_post(1),
        "landing": tx.landings.get(1),
        "phrase": tx.phrases.get("pump24"),
        "phrase_of_post": tx.phrases.of_post(1),
        "phrases": tx.phrases.newest(limit=9),
        "phrase_keys": tx.phrases.keys(limit=9),
        "spent": tx.spend.entered(limit=9),
        "sums": tx.spend.sums(NOW.date().replace(day=1), NOW.date()),
        "budgets": tx.spend.budgets(),
        "installation": tx.installations.get() is not None,
        "parked": tx.installations.is_parked(),
        "hooks": tx.hooks.all(),
        "hook": tx.hooks.get("V1"),
        "secrets": tx.hooks.secrets("V1"),
    }


NOTHING: dict[str, Any] = {
    "desk": default_desk(),
    "member": None,
    "members": {},
    "admins": (),
    "channel": None,
    "submission": None,
    "by_source": None,
    "by_origin": None,
    "personal": {},
    "mine": ((), 0),
    "queue": ((), 0),
    "overdue": 0,
    "found": (),
    "written": {},
    "one_text": None,
    "draft": None,
    "seq": 1,
    "entry": None,
    "change": None,
    "history": (),
    "counts": (Counts(),),
    "flows": ((0, 0),),
    "waiting": Waiting(by_role={}),
    "published": (),
    "experiment": None,
    "tried": (),
    "judged": (),
    "learned": (),
    "lesson": None,
    "revised": {},
    "told": None,
    "stories": (),
    "given": (),
    "undecided": {},
    "content_types": (),
    "pulse": None,
    "pulses": (),
    "submitters": (),
    "effect": None,
    "posted": None,
    "aside": (),
    "naming": (),
    "changed_at": None,
    "schedule": None,
    "own_digest": None,
    "taken_digest": None,
    "presses": 0,
    "own_digests": (),
    "reach": (),
    "charts": None,
    "set_by": None,
    "decision": None,
    "open_decisions": (),
    "ask": None,
    "last_ask": None,
    "last_run": None,
    "conversion": None,
    "entered_by": (),
    "entered": (),
    "post_at": None,
    "totals": (),
    "credits": (),
    "of_post": (),
    "phrase": None,
    "phrase_of_post": None,
    "landing": None,
    "phrases": (),
    "phrase_keys": (),
    "spent": (),
    "sums": (),
    "budgets": (),
    "installation": False,
    "parked": False,
    "hooks": (),
    "hook": None,
    "secrets": None,
}


async def test_another_workspace_sees_nothing(here: Workspace, elsewhere: Workspace) -> None:
    await fill_in(here)
    seen_here = await here.read(read_all)
    assert [name for name, value in seen_here.items() if value == NOTHING[name]] == []
    assert await elsewhere.read(read_all) == NOTHING


async def test_another_workspace_changes_nothing(here: Workspace, elsewhere: Workspace) -> None:
    claim = await fill_in(here)
    before = await here.read(read_all)

    def meddle(tx: Transaction) -> list[object]:
        tx.schedules.remove("s1")
        tx.members.set_away("U1", NOW, "U2")
        tx.members.set_hears("U1", Hears.QUESTIONS)
        tx.members.set_department("U1", "Mine")
        tx.submissions.replace_personal(1, {})
        tx.drafts.drop("U1", "idea")
        tx.hooks.keep_secrets("V1", Secrets(current="whsec_mine"))
        return [
            tx.submissions.update(make_submission(1, title="mine"), expected_version=1),
            tx.outbox.claim("C1", owner="w", now=NOW + DAY, lease=MINUTE),
            tx.outbox.revive("card:2", NOW),
            tx.outbox.finish(claim, Finish(verdict=Verdict.DEAD), NOW),
            tx.seen.forget_before(NOW + DAY),
            tx.hooks.forget_before(NOW + DAY),
            tx.drafts.forget_before(NOW + DAY),
            tx.installations.claim_refresh(1, NOW + DAY, NOW),
            tx.installations.claim_reading(NOW + DAY, NOW),
            tx.installations.erase(9),
            tx.conversions.undo(make_conversion().conversion_id, NOW, "U2"),
            tx.spend.undo("V1", NOW, "U2"),
        ]

    nothing = [False, None, False, False, 0, 0, 0, False, False, True, False, False]
    assert await elsewhere.write(meddle) == nothing
    await elsewhere.write(lambda tx: tx.desk.replace(default_desk(), NOW))
    assert await here.read(read_all) == before
    assert not await here.write(lambda tx: tx.seen.first_time("Ev1", NOW))
    assert not await here.write(lambda tx: tx.hooks.first_time("V1", "msg_1", NOW))


async def test_both_may_use_the_same_keys(here: Workspace, elsewhere: Workspace) -> None:
    await fill_in(here)
    await fill_in(elsewhere)
    assert await here.read(read_all) == await elsewhere.read(read_all)


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_the_workspace_leads_every_key_and_index(table: Any) -> None:
    unique = [item for item in table.constraints if hasattr(item, "columns") and len(item.columns)]
    due_in_any_workspace = {
        "ix_lane_ready",
        "ix_schedule_due",
        "ix_submission_timer",
        "ix_member_away",
        "ix_goal_ask",
        "ix_goal_check",
        "ix_experiment_ask",
        "ix_pulse_ask",
        "ix_installation_changed",
        "ix_installation_erase",
        "ix_installation_org",
    }
    keys = [
        *(constraint.columns for constraint in unique),
        *(index.columns for index in table.indexes if index.name not in due_in_any_workspace),
    ]
    assert keys
    assert {next(iter(columns)).name for columns in keys} == {"workspace_id"}
