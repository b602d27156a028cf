"""What is learned together, on both databases: found by words, counted, told once."""

from dataclasses import replace

from bot.experiment import Result
from bot.insight_store import GivenCount, LeadCount, StageCount, StageItem, TypeCount, WantedCount
from bot.lifecycle import State, Verb
from bot.ports import Transaction
from bot.pulse import Pulse, with_answer
from bot.revision import Revised
from tests.support.storage_examples import (
    DAY,
    MINUTE,
    NOW,
    Workspace,
    make_entry,
    make_experiment,
    make_lesson,
    make_revision,
    make_story,
    make_submission,
)

LATER = NOW + DAY


async def test_an_experiment_ends_once(here: Workspace) -> None:
    one = make_experiment()
    ended = replace(one, result=Result.WORKED, ended_at=NOW, ended_by="U1", happened="It did.")

    def body(tx: Transaction) -> list[object]:
        return [
            tx.experiments.add(one),
            tx.experiments.add(one),
            tx.experiments.open(limit=9),
            tx.experiments.end(ended),
            tx.experiments.end(replace(ended, result=Result.FAILED)),
            tx.experiments.open(limit=9),
            tx.experiments.ended(limit=9),
        ]

    assert await here.write(body) == [
        True,
        False,
        (one,),
        True,
        False,
        (),
        (ended,),
    ]


async def test_lessons_and_stories_are_found_by_words_newest_first(here: Workspace) -> None:
    older = make_lesson("L1", happened="100 % of nothing")
    newer = make_lesson("L2", at=NOW + MINUTE, happened="STRASSE und Ünlü")
    told, other = make_story(1, text="Die Straße"), make_story(2, told_at=NOW + MINUTE)

    def fill(tx: Transaction) -> None:
        assert [tx.lessons.add(one) for one in (older, newer, newer)] == [True, True, False]
        for one in (told, other, replace(other, dropped_at=None)):
            tx.stories.save(one)

    await here.write(fill)

    def read(tx: Transaction) -> list[object]:
        find = tx.lessons.find
        return [
            find((), before=LATER, limit=9),
            find((), before=NOW + MINUTE, limit=9),
            find(("0 %",), before=LATER, limit=9),
            find(("strasse", "ünlü"), before=LATER, limit=9),
            find(("_",), before=LATER, limit=9),
            tx.lessons.between(NOW, NOW + MINUTE),
            tx.stories.find(("strasse",), before=LATER, limit=9),
            tx.stories.find((), before=LATER, limit=1),
            tx.stories.between(NOW, NOW + MINUTE),
        ]

    assert await here.read(read) == [
        (newer, older),
        (older,),
        (older,),
        (newer,),
        (),
        (older,),
        (told,),
        (other,),
        (told,),
    ]
    await here.write(lambda tx: tx.stories.save(replace(other, dropped_at=NOW)))
    assert await here.read(lambda tx: tx.stories.find((), before=LATER, limit=9)) == (told,)


async def test_a_lesson_is_changed_and_taken_back_and_its_changes_are_kept(here: Workspace) -> None:
    changed = make_lesson(cause="ÜNLÜ", changed_at=NOW + MINUTE, changed_by="U2")
    first, second = make_revision(), make_revision(2, actor_id="U2", number=None)

    def body(tx: Transaction) -> list[object]:
        tx.lessons.add(make_lesson())
        tx.lessons.save(changed)
        found: list[object] = [tx.lessons.find(("ünlü",), before=LATER, limit=9)]
        tx.lessons.save(replace(changed, dropped_at=NOW + MINUTE))
        kept = [tx.revisions.add(one) for one in (second, first, first)]
        found += [kept, tx.lessons.find((), before=LATER, limit=9), tx.lessons.between(NOW, LATER)]
        gone = tx.lessons.get("L1")
        ids = ("L1", "L2")
        return [
            *found,
            gone,
            tx.revisions.of(Revised.LESSON, ids),
            tx.revisions.of(Revised.STORY, ids),
        ]

    assert await here.write(body) == [
        (changed,),
        [True, True, False],
        (),
        (),
        replace(changed, dropped_at=NOW + MINUTE),
        {"L1": (first, second)},
        {},
    ]
    await here.write(lambda tx: tx.erasure.drop_submission(1))
    left = await here.read(lambda tx: tx.revisions.of(Revised.LESSON, ("L1",)))
    assert left == {"L1": (second,)}


async def test_from_when_on_the_newest_are(here: Workspace) -> None:
    for number in range(1, 6):
        day = NOW + number * DAY
        await here.add(
            make_submission(number, created_at=day, decided_at=day + DAY if number < 4 else None)
        )

    def read(tx: Transaction) -> list[object]:
        return [
            tx.insights.newest_handed_in(NOW, NOW + 5 * DAY, 4),
            tx.insights.newest_handed_in(NOW, NOW + 5 * DAY, 5),
            tx.insights.newest_handed_in(NOW + 2 * DAY, NOW + 9 * DAY, 1),
            tx.insights.newest_decided(NOW, NOW + 9 * DAY, 3),
            tx.insights.newest_decided(NOW + 3 * DAY, NOW + 9 * DAY, 3),
        ]

    assert await here.read(read) == [NOW + DAY, None, NOW + 5 * DAY, NOW + 2 * DAY, None]


async def test_records_are_counted_by_type_stage_department_and_platform(here: Workspace) -> None:
    done = {"decided_at": NOW, "published_at": NOW, "ended_at": NOW, "department": "Sales"}
    for one in (
        make_submission(1, state=State.PUBLISHED, fields={"content_type": "video"}, **done),
        make_submission(2, state=State.DECLINED, fields={"content_type": "video"}, decided_at=NOW),
        make_submission(
            3,
            kind_key="testimonial",
            state=State.ACCEPTED,
            fields={"stage": "trust"},
            decided_at=NOW,
        ),
        make_submission(4, state=State.WITHDRAWN, fields={"content_type": "video"}, decided_at=NOW),
        make_submission(5, fields={"stage": "trust"}),
        make_submission(
            6, kind_key="lead", state=State.WON, fields={}, decided_at=NOW, ended_at=NOW
        ),
    ):
        await here.add(one)
    for seq, platform in enumerate(("linkedin", "blog", None), start=2):
        detail = {"platform": platform} if platform else {}
        entry = make_entry(1, seq, verb=Verb.PUBLISH, detail=detail)
        await here.write(lambda tx, entry=entry: tx.history.append(entry))  # type: ignore[misc]  # mypy can't infer a lambda's default

    ahead = StageItem(number=3, kind_key="testimonial", title="Idea 3", is_decided=True)
    behind = StageItem(number=5, kind_key="idea", title="Idea 5", is_decided=False)

    def read(tx: Transaction) -> list[object]:
        return [
            tx.insights.content_types(NOW, LATER),
            tx.insights.stages(NOW, LATER),
            tx.insights.waiting_at("trust", limit=9),
            tx.insights.waiting_at("trust", limit=1),
            tx.insights.waiting_at("know", limit=9),
            tx.insights.given(NOW, LATER),
            tx.insights.platforms(NOW, LATER),
            tx.insights.unserving(NOW, LATER),
            tx.insights.newest_published(NOW, LATER, 1),
            tx.insights.given(LATER, LATER + DAY),
            tx.figures.submitters(NOW, LATER),
        ]

    assert await here.read(read) == [
        (
            TypeCount(content_type="testimonial", decided=1, published=0),
            TypeCount(content_type="video", decided=2, published=1),
        ),
        (StageCount(stage="trust", handed_in=2, undecided=1, unpublished=1),),
        (ahead, behind),
        (ahead,),
        (),
        (
            GivenCount(department="Sales", given={"idea": 1}, published=1),
            GivenCount(
                department=None,
                given={"idea": 3, "lead": 1, "testimonial": 1},
                passed_on=1,
                won=1,
            ),
        ),
        {"linkedin": 1, "blog": 1},
        (1, 1),
        NOW,
        (),
        ("U1",),
    ]


async def test_a_quarter_keeps_its_answers_and_nothing_else(here: Workspace) -> None:
    planned = Pulse(quarter="2026-Q4", ask_at=NOW)
    answered = with_answer(planned, ("a mark",), 6)
    assert answered is not None

    def body(tx: Transaction) -> list[object]:
        found: list[object] = [tx.pulses.add(planned), tx.pulses.add(planned)]
        tx.pulses.plan("2026-Q4", NOW + DAY)
        found.append(tx.pulses.get("2026-Q4"))
        tx.pulses.save_answers(replace(answered, asked=99))
        tx.pulses.asked("2026-Q4", 3)
        return [*found, tx.pulses.get("2026-Q4"), tx.pulses.newest(limit=9)]

    stored = replace(answered, asked=3, ask_at=None)
    assert await here.write(body) == [
        True,
        False,
        replace(planned, ask_at=NOW + DAY),
        stored,
        (stored,),
    ]


async def test_what_a_department_asks_for_and_how_leads_know_us(
    here: Workspace, elsewhere: Workspace
) -> None:
    sales = {"department": "Sales"}
    for one in (
        make_submission(1, **sales),
        make_submission(2, created_at=NOW + MINUTE, paused_at=NOW + MINUTE, **sales),
        make_submission(3, created_at=LATER, **sales),
        make_submission(4, state=State.DECLINED, decided_at=NOW, **sales),
        make_submission(5),
        make_submission(6, kind_key="lead", title="Nadia needs it", fields={}, **sales),
        make_submission(
            7,
            kind_key="lead",
            state=State.WON,
            fields={"knows_us": "trust"},
            decided_at=NOW,
            ended_at=NOW,
        ),
        make_submission(
            8, kind_key="lead", state=State.DUPLICATE, fields={}, decided_at=NOW, duplicate_of=6
        ),
    ):
        await here.add(one)

    def read(tx: Transaction) -> list[object]:
        return [
            tx.insights.wanted("Sales", LATER, titled=("idea",), limit=9),
            tx.insights.wanted("Sales", LATER, titled=("idea",), limit=1).titles,
            tx.insights.wanted("Product", LATER, titled=("idea",), limit=9),
            tx.insights.leads(NOW, LATER),
            tx.insights.leads(LATER, LATER + DAY),
        ]

    nothing = WantedCount(by_kind={})
    assert await here.read(read) == [
        WantedCount(
            by_kind={"idea": 2, "lead": 1}, asked_back=1, titles=((2, "Idea 2"), (1, "Idea 1"))
        ),
        ((2, "Idea 2"),),
        nothing,
        (
            LeadCount(knows_us=None, handed_in=1, won=0),
            LeadCount(knows_us="trust", handed_in=1, won=1),
        ),
        (),
    ]
    assert await elsewhere.read(read) == [nothing, (), nothing, (), ()]
