"""What is told of a customer, wherever it is told: while they agree to that, and not a day longer
(P35): `/social stories`, every digest, its text, its blocks and its pages on paper.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.digest import gather
from bot.lifecycle import Verb
from bot.pages import Look
from bot.sections import AUDIENCES, Place
from bot.steps.base import Step
from bot.stories import find_stories
from bot.submission import Submission
from bot.triage import check_step
from bot.windows import Week
from handlers.views.digest import digest, more, on_paper
from handlers.views.stories import stories
from tests.bot.test_stories import published, tell
from tests.support.core import ADA, SAM, Core

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NAMED = {"headline": "Rheinwerk speaks for us", "story": "The people of Rheinwerk are glad."}
AGREED = {"wording": "Yes, by mail.", "shown": "name"}


async def told_everywhere(core: Core) -> list[str]:
    """What everybody reads, place by place."""
    page = stories(await core.ask(find_stories, Look(user_id=SAM)))
    said = [page.text + str(page.blocks)]
    for audience in AUDIENCES:
        week = Week(day=MONDAY.date(), tz="Europe/Berlin", audience=audience)
        material = await core.ask(gather, week)
        shown = [
            digest(material),
            *(more(material, place) for place in Place if place is not Place.SCREEN),
        ]
        said += [f"{one.text}{one.blocks}{one.plain_blocks}" for one in shown]
        said.append(str(on_paper(material, MONDAY)))
    return said


async def named_in(core: Core) -> int:
    """In how many of these places the customer is named."""
    return sum("rheinwerk" in one.casefold() for one in await told_everywhere(core))


async def told_with_name(core: Core, **until: str) -> Submission:
    found = await published(core, "testimonial", **AGREED, **until)
    await tell(core, found, by=ADA, **NAMED)
    core.clock.at = MONDAY
    return found


async def test_who_agreed_is_named(core: Core) -> None:
    await told_with_name(core)
    assert await named_in(core) > 5


@pytest.mark.parametrize(
    "given",
    [
        (Verb.CONSENT_WITHDRAWN, {"note": "They called."}),
        (Verb.CONSENT, {"wording": "Only without our name.", "shown": "anonymous"}),
        (Verb.CONSENT, {"wording": "The logo is fine.", "shown": "logo"}),
    ],
)
async def test_who_agrees_to_less_later_is_named_nowhere_any_more(
    core: Core, given: tuple[Verb, Mapping[str, Any]]
) -> None:
    found = await told_with_name(core)
    verb, said = given
    await core.step(await core.stored(found.number), verb, by=ADA, **said)
    assert await named_in(core) == 0


async def test_who_agreed_until_a_day_is_named_up_to_that_day(core: Core) -> None:
    await told_with_name(core, until="2026-11-24")
    core.clock.forward(days=1)
    assert await named_in(core) > 5
    core.clock.forward(days=1)
    assert await named_in(core) == 0


@pytest.mark.parametrize("shown", ["anonymous", "logo"])
async def test_what_the_desk_finds_to_tell_names_no_customer_either(core: Core, shown: str) -> None:
    await published(core, "testimonial", **{**AGREED, "shown": shown})
    core.clock.at = MONDAY
    assert await named_in(core) == 0
    assert any("Testimonial 1" in one for one in await told_everywhere(core))


async def test_who_mends_a_story_is_told_why_nobody_sees_it(core: Core) -> None:
    found = await told_with_name(core)
    less = {"wording": "Only without our name.", "shown": "anonymous"}
    after = await core.step(await core.stored(found.number), Verb.CONSENT, by=ADA, **less)
    step = Step(number=after.number, version=after.version, verb=Verb.TELL, actor_id=ADA)
    asked = await core.ask(check_step, step)
    assert "Nobody sees this story as it stands." in asked.notice
    await tell(core, after, by=ADA)
    page = await core.ask(find_stories, Look(user_id=SAM))
    assert [told.story.headline for told in page.entries] == ["The pump film"]
