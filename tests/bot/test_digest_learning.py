"""What digests tell of learning: the story that was told, a lesson, types, stages, the pulse."""

from datetime import UTC, datetime, timedelta

from bot.content_types import Advice
from bot.digest import gather
from bot.digest_learning import GivenPart, LessonPart, PulsePart, StagesPart, TypesPart
from bot.digest_parts import PublishedPart, StoryPart
from bot.lifecycle import Verb
from bot.material import DigestMaterial
from bot.pulse import Pulse
from bot.story import Told
from bot.windows import Week
from tests.bot.test_content_types import publish
from tests.bot.test_lessons import write
from tests.bot.test_stories import published, tell
from tests.support.core import ADA, SAM, SUE, Core
from tests.support.digests import part

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


async def digest(core: Core, audience: str = "leadership", at: datetime = MONDAY) -> DigestMaterial:
    core.clock.at = at
    return await core.ask(gather, Week(day=at.date(), tz="Europe/Berlin", audience=audience))


def kinds(material: DigestMaterial) -> set[type]:
    return {type(one) for one in material.parts.values()}


async def test_a_story_that_somebody_told_goes_before_one_that_the_desk_finds(core: Core) -> None:
    first = await published(core)
    other = await published(core)
    await tell(core, other)
    material = await digest(core)
    story = part(material, StoryPart).story
    assert isinstance(story, Told)
    assert story.submission.number == other.number
    beside = part(material, PublishedPart)
    assert [item.number for item in beside.items if item != beside.story] == [first.number]
    later = await digest(core, at=MONDAY + timedelta(days=7))
    assert StoryPart not in kinds(later)


async def test_a_story_is_not_told_once_its_customer_withdrew(core: Core) -> None:
    found = await published(core, "testimonial", wording="Yes.", shown="anonymous")
    await tell(core, found, by=ADA)
    assert isinstance(part(await digest(core), StoryPart).story, Told)
    core.clock.at -= timedelta(days=3)
    now = await core.stored(found.number)
    await core.step(now, Verb.CONSENT_WITHDRAWN, by=ADA, note="They called.")
    assert StoryPart not in kinds(await digest(core))


async def test_a_lesson_is_told_in_its_week(core: Core) -> None:
    await write(core)
    core.clock.forward(hours=1)
    await write(core, form_id="L2", expectation="Another one.")
    for audience in ("leadership", "team", "sales"):
        found = part(await digest(core, audience), LessonPart)
        assert (found.lesson.title, found.more) == ("Another one.", 1)
    assert LessonPart not in kinds(await digest(core, "company"))
    assert LessonPart not in kinds(await digest(core, at=MONDAY + timedelta(days=7)))


async def test_sales_reads_what_it_gave_and_got(core: Core) -> None:
    await core.hand_in(by=SAM)
    await core.hand_in("lead", by=SUE)
    found = part(await digest(core, "sales"), GivenPart)
    (one,) = found.week.departments
    assert one.given == {"idea": 1, "lead": 1}
    assert GivenPart not in kinds(await digest(core))
    assert GivenPart not in kinds(await digest(core, "sales", MONDAY + timedelta(days=7)))


async def test_the_team_reads_of_types_and_stages_only_where_there_is_something_to_do(
    core: Core,
) -> None:
    for _ in range(10):
        await publish(core, "video")
        declined = await core.hand_in(fields={"title": "The pump", "content_type": "picture"})
        await core.step(declined, Verb.DECLINE, reason="timing", note="Not now.")
    assert {TypesPart, StagesPart} & kinds(await digest(core)) == set()
    material = await digest(core, "team")
    assert StagesPart not in kinds(material)
    assert [one.advice for one in part(material, TypesPart).ranking.ranked] == [
        Advice.MORE,
        Advice.STOP,
    ]


async def test_the_pulse_is_told_in_the_week_in_which_it_may_be_seen(core: Core) -> None:
    full = Pulse(quarter="2026-Q4", asked=9, counts={4: 5})
    few = Pulse(quarter="2026-Q3", asked=9, counts={4: 4})
    coming = Pulse(quarter="2027-Q1", ask_at=datetime(2027, 3, 10, 9, 0, tzinfo=UTC))
    for one in (few, full, coming):
        await core.write(lambda tx, one=one: tx.pulses.add(one))  # type: ignore[misc]
    await core.write(lambda tx: tx.pulses.asked("2026-Q4", 9))
    await core.write(lambda tx: tx.pulses.save_answers(full))
    new_year = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
    assert PulsePart not in kinds(await digest(core, at=datetime(2026, 12, 28, 8, 0, tzinfo=UTC)))
    assert part(await digest(core, at=new_year), PulsePart).shown == (full,)
    assert PulsePart not in kinds(await digest(core, at=new_year + timedelta(days=7)))
