"""Erased for good: out of the tables, and out of SQLite's files."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import JSON, String

from bot.ask import Reply
from bot.erasure_store import Access, AccessKind
from bot.goal import Objective
from bot.lifecycle import State, Verb
from bot.outbox import EffectKind, Finish, Posted, Verdict
from bot.ports import Transaction
from bot.submission import Consent, Submission
from storage.database import Database
from storage.stores.entered import ENTERED
from storage.stores.written import WRITTEN
from storage.tables import metadata
from tests.support.storage_examples import (
    DAY,
    NOW,
    Workspace,
    make_ask,
    make_conversion,
    make_decision,
    make_effect,
    make_entry,
    make_experiment,
    make_goal,
    make_landing,
    make_lesson,
    make_phrase,
    make_revision,
    make_spend,
    make_story,
    make_submission,
)

WIPED = ("submission", "submission_personal", "conversation", "history", "landing", "story")


def fill(tx: Transaction, *numbers: int) -> None:
    """Submissions with personal fields and a text of U2's each."""
    for number in numbers:
        tx.submissions.add(
            make_submission(number),
            source_key=f"v{number}",
            origin_key=None,
            personal={"name": "Nadia", "contact": "nadia@example.com"},
        )
        tx.history.append(make_entry(number))
        tx.history.append(make_entry(number, 2, actor_id="U2", verb=Verb.ASK))
        tx.conversations.add(number, 2, "Who is Nadia?")
        tx.landings.save(make_landing(number))


async def test_a_submission_goes_with_everything_about_it(
    here: Workspace, elsewhere: Workspace
) -> None:
    await here.write(lambda tx: fill(tx, 1, 2))
    await elsewhere.write(lambda tx: fill(tx, 1))
    assert await here.read(lambda tx: tx.erasure.field_names(1)) == ("contact", "name")
    assert await here.read(lambda tx: tx.erasure.texts(1)) == (2,)
    await here.write(lambda tx: tx.erasure.drop_submission(1))
    for place, number, is_there in ((here, 1, False), (here, 2, True), (elsewhere, 1, True)):

        def all_of(tx: Transaction, number: int = number) -> list[bool]:
            stores = (tx.submissions.personal, tx.conversations.of, tx.history.of)
            found = (tx.submissions.get(number), tx.landings.get(number))
            return [one is not None for one in found] + [bool(of(number)) for of in stores]

        assert await place.read(all_of) == [is_there] * 5


def test_every_table_about_one_submission_is_thought_of() -> None:
    about_one = {
        table.name
        for table in metadata.sorted_tables
        if "number" in table.c and table.c.number.primary_key
    }
    assert about_one == set(WIPED)


async def test_texts_and_drafts_of_one_person(here: Workspace, elsewhere: Workspace) -> None:
    for place in (here, elsewhere):
        await place.write(lambda tx: fill(tx, 1, 2))
        await place.write(lambda tx: tx.drafts.save("U2", "lead", {"name": "Nadia"}, NOW))
        await place.write(lambda tx: tx.drafts.save("U3", "lead:2", {"platforms": ("x",)}, NOW))
    assert await here.read(lambda tx: tx.erasure.texts_by("U2")) == (1, 2)
    assert await here.read(lambda tx: tx.erasure.texts_by("U1")) == ()
    await here.write(lambda tx: tx.erasure.drop_texts(1, (2,)))
    assert await here.read(lambda tx: tx.erasure.texts_by("U2")) == (2,)
    assert await here.write(lambda tx: tx.erasure.drop_colleague("U2")) == (1, False)
    assert await here.read(lambda tx: [d[:2] for d in tx.erasure.drafts()]) == [("U3", "lead:2")]
    assert await elsewhere.read(lambda tx: tx.erasure.texts_by("U2")) == (1, 2)
    assert set(await elsewhere.read(lambda tx: tx.erasure.drafts_of("U2"))) == {"lead"}


async def test_messages_are_those_that_stand_or_may_come_to_stand(
    here: Workspace, elsewhere: Workspace
) -> None:
    effects = (
        make_effect("card:1"),
        make_effect("story:1:2", kind=EffectKind.STORY, parent_key="card:1"),
        make_effect("card:1:v2", kind=EffectKind.CARD_UPDATE, parent_key="card:1"),
        make_effect("card:12"),
        make_effect("nudge:1:2:U1", kind=EffectKind.NUDGE),
        make_effect("nudge:12:2:U1", kind=EffectKind.NUDGE),
        make_effect("word:1:2:9", kind=EffectKind.WORD, parent_key="receipt:9"),
        make_effect("home:U1:1:2", kind=EffectKind.HOME),
        make_effect("receipt:1", kind=EffectKind.RECEIPT, target="U9"),
    )
    await here.enqueue(*effects)
    await elsewhere.enqueue(make_effect("nudge:1:3:U1", kind=EffectKind.NUDGE))
    claim = await here.claimed("C1")
    sent = Finish(verdict=Verdict.SENT, posted=Posted("C1", "1.1"))
    await here.write(lambda tx: tx.outbox.finish(claim, sent, NOW))
    refused = await here.claimed("U9")
    dead = Finish(verdict=Verdict.DEAD, error="no")
    await here.write(lambda tx: tx.outbox.finish(refused, dead, NOW))
    found = await here.read(lambda tx: tx.erasure.messages(1, ("card:1", "receipt:1")))
    assert {one.key for one in found} == {"card:1", "story:1:2", "nudge:1:2:U1", "word:1:2:9"}


async def test_the_record_keeps_its_order_in_each_workspace(
    here: Workspace, elsewhere: Workspace
) -> None:
    kept = [
        Access(at=NOW, actor_id="operator", kind=kind, detail={"number": "1"})
        for kind in (AccessKind.ERASE_SUBMISSION, AccessKind.EXPORT_PERSON)
    ]
    for one in kept:
        await here.write(lambda tx, a=one: tx.accesses.append(a))  # type: ignore[misc]
    assert await here.read(lambda tx: tx.accesses.all()) == tuple(kept)
    assert await elsewhere.read(lambda tx: tx.accesses.all()) == ()


CONSENT = Consent(recorded_by="U1", recorded_at=NOW)
WITHDRAWN = Consent(recorded_by="U1", recorded_at=NOW, withdrawn_at=NOW, withdrawn_by="U1")
LONG_AGO = NOW - 100 * DAY


@pytest.mark.parametrize(
    "submission, has_texts, is_outworn",
    [
        (make_submission(1), True, False),
        (make_submission(1, state=State.DECLINED, ended_at=LONG_AGO), False, True),
        (make_submission(1, state=State.DECLINED, ended_at=NOW - DAY), True, False),
        (
            make_submission(1, state=State.PUBLISHED, ended_at=LONG_AGO, consent=CONSENT),
            False,
            False,
        ),
        (make_submission(1, state=State.PUBLISHED, ended_at=LONG_AGO, consent=CONSENT), True, True),
        (make_submission(1, state=State.PUBLISHED, ended_at=LONG_AGO), False, False),
        (
            make_submission(1, state=State.PUBLISHED, ended_at=LONG_AGO, consent=WITHDRAWN),
            False,
            True,
        ),
    ],
)
async def test_what_is_outworn(
    here: Workspace,
    elsewhere: Workspace,
    submission: Submission,
    has_texts: bool,
    is_outworn: bool,
) -> None:
    await here.add(submission, personal={"name": "Nadia"})
    await here.write(lambda tx: tx.history.append(make_entry()))
    if has_texts:
        await here.write(lambda tx: tx.conversations.add(1, 1, "Nadia?"))
    found = await here.read(lambda tx: tx.erasure.outworn(NOW - 90 * DAY, limit=5))
    assert found == ((1,) if is_outworn else ())
    assert await elsewhere.read(lambda tx: tx.erasure.outworn(NOW, limit=5)) == ()


async def test_the_oldest_are_outworn_first_and_few_at_a_time(here: Workspace) -> None:
    for number in (1, 2, 3):
        ended = LONG_AGO - timedelta(days=number)
        one = make_submission(number, state=State.DECLINED, ended_at=ended)
        await here.add(one, personal={"name": "Nadia"})
    assert await here.read(lambda tx: tx.erasure.outworn(NOW, limit=2)) == (3, 2)


async def test_what_is_erased_is_out_of_sqlites_files(sqlite: Database, tmp_path: Path) -> None:
    here = Workspace(sqlite)
    await here.write(lambda tx: fill(tx, *range(1, 40)))

    def on_disk() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.glob("desk.db*"))

    assert b"nadia@example.com" in on_disk()
    for number in range(1, 40):
        await here.write(lambda tx, n=number: tx.erasure.drop_submission(n))  # type: ignore[misc]
    assert await sqlite.scrub()
    assert b"nadia@example.com" not in on_disk()
    assert b"Who is Nadia?" not in on_disk()


async def test_postgresql_needs_no_scrubbing(postgresql: Database) -> None:
    assert await postgresql.scrub()


def test_every_column_that_names_who_did_something_is_in_an_export() -> None:
    """Of a colleague: what they entered here, or what `bot.dossier` reads of other stores."""
    elsewhere = {"access_log", "history", "hook", "submission"}
    named = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.c
        if (column.name.endswith("_by") or column.name in {"actor_id", "owner_id"})
        and table.name not in elsewhere
    } - {("experiment", "measured_by")}  # what it is measured by: nobody
    assert {(t.name, c.name) for t, columns in ENTERED.items() for c in columns} == named


AIM = Objective(objective_id="O1", title="More people try it", department="Sales")


async def test_what_somebody_decided_and_answered_is_found(database: Database) -> None:
    here = Workspace(database)
    await here.write(lambda tx: tx.decisions.add(make_decision("d1", made_by="U2", owner_id="U3")))
    await here.write(lambda tx: tx.asks.add(make_ask("2026-W46")))
    await here.write(lambda tx: tx.asks.reply("s1", "2026-W46", Reply.YES, "U2", NOW))
    found = await here.read(lambda tx: tx.erasure.entered_by("U2"))
    assert [row["decision_id"] for row in found["decision"]] == ["d1"]
    assert [(row["period_key"], row["reply"]) for row in found["ask"]] == [("2026-W46", "yes")]
    theirs = await here.read(lambda tx: tx.erasure.entered_by("U3"))
    assert set(theirs) == {"decision"}, "who sees to it is named by it, too"


async def test_what_somebody_entered_of_goals_is_found(database: Database) -> None:
    here, elsewhere = Workspace(database), Workspace(database, "T2")
    for place in (here, elsewhere):
        await place.write(lambda tx: tx.goals.add_objective(AIM, NOW))
        await place.write(lambda tx: tx.goals.add(make_goal("g1", created_by="U2")))
        await place.write(lambda tx: tx.goals.add(make_goal("g2", created_by="U3")))
    found = await here.read(lambda tx: tx.erasure.entered_by("U2"))
    assert [(row["goal_id"], row["created_by"]) for row in found["goal"]] == [("g1", "U2")]
    assert "workspace_id" not in found["goal"][0]
    assert await here.read(lambda tx: tx.erasure.entered_by("U9")) == {}


async def test_what_somebody_tried_learned_and_told_is_found(database: Database) -> None:
    here, elsewhere = Workspace(database), Workspace(database, "T2")
    for place in (here, elsewhere):
        await place.write(lambda tx: fill(tx, 1))
        await place.write(lambda tx: tx.experiments.add(make_experiment(created_by="U2")))
        await place.write(lambda tx: tx.lessons.add(make_lesson(actor_id="U2")))
        await place.write(lambda tx: tx.revisions.add(make_revision(actor_id="U2")))
        await place.write(lambda tx: tx.stories.save(make_story(told_by="U3", changed_by="U2")))
    found = await here.read(lambda tx: tx.erasure.entered_by("U2"))
    assert {what: len(rows) for what, rows in found.items()} == {
        "experiment": 1,
        "lesson": 1,
        "revision": 1,
        "story": 1,
    }
    assert found["experiment"][0]["hypothesis"] == "Videos work."
    assert found["lesson"][0]["change"] == "Call at once."
    assert found["story"][0]["text"] == "Sales had the idea."
    assert set(await here.read(lambda tx: tx.erasure.entered_by("U3"))) == {"story"}


NOT_WRITTEN = {
    # Sealed, searched elsewhere in the same words, or no text that somebody typed.
    "submission",
    "submission_personal",
    "conversation",
    "draft",
    "history",
    "access_log",
    "outbox",
    "lane",
    "gate",
    "posting",
    "schedule",
    "period_run",
    "inbox_seen",
    "hook_seen",
    "conversion_count",
    "workspace",
    "member",
    "channel",
    "role_holder",
    "routing_rule",
    "desk_admin",
    "subscription",
    "own_digest",
    "taken_digest",
    "digest_press",
    "digest_state",
    "digest_reach",
    "check_in",
    "pulse",
    "naming",
    "installation",
    "ask",
    "conversion",
    "marketing_budget",
    "budget_before",
    "reading",
}
CODES = {
    "kind",
    "kind_key",
    "type_key",
    "currency",
    "platform",
    "source",
    "measure",
    "stage",
    "rhythm",
    "ending",
    "result",
    "unit",
    "tz",
    "words",
    "folded",
    "department",
    "secret",
    "secret_form",
    "old_secret",
    "refusal",
    "what",
    "key",
    "lens",
    "hours",
    "backups",
    "members",
    "channels",
    "fallback",
}


def test_every_text_that_people_write_is_searched_for_persons() -> None:
    """Whoever adds a column says whether people write into it."""
    unsure = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        if table.name not in NOT_WRITTEN
        for column in table.c
        if isinstance(column.type, String | JSON)
        and not column.name.endswith(("_id", "_by", "_form"))
        and column.name not in CODES
        and column not in WRITTEN.get(table, ())
    }
    assert unsure == set()


async def test_what_people_wrote_is_found_with_where_it_stands(database: Database) -> None:
    here, elsewhere = Workspace(database), Workspace(database, "T2")
    for place in (here, elsewhere):
        await place.write(lambda tx: fill(tx, 1))
        await place.write(lambda tx: tx.goals.add_objective(AIM, NOW))
        await place.write(lambda tx: tx.goals.add(make_goal()))
        await place.write(lambda tx: tx.stories.save(make_story()))
        await place.write(lambda tx: tx.lessons.add(make_lesson()))
        await place.write(lambda tx: tx.experiments.add(make_experiment()))
        await place.write(lambda tx: tx.decisions.add(make_decision()))
        await place.write(lambda tx: tx.phrases.add(make_phrase()))
        await place.write(lambda tx: tx.spend.add(make_spend("V1", campaign="autumn")))
        await place.write(lambda tx: tx.spend.add(make_spend("V2", campaign="autumn")))
        await place.write(lambda tx: tx.conversions.add(make_conversion()))
    found = await here.read(lambda tx: list(tx.erasure.written()))
    sorts = [one.sort for one in found]
    assert sorts == [
        "story",
        "lesson",
        "experiment",
        "decision",
        "objective",
        "goal",
        "phrase",
        "spend",
        "conversion",
        "landing page",
    ]
    assert (found[0].number, found[0].texts["text"]) == (1, "Sales had the idea.")
    assert found[4].texts == {"title": AIM.title}
    assert (found[7].texts, found[8].texts) == ({"campaign": "autumn"}, {"campaign": "autumn"})
