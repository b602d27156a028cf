"""What social brought, by type against before, and in the digest."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.attribution import CARRIES
from bot.conversion import Dimension
from bot.conversions import RecordConversion, Seen, record_conversion
from bot.desk import Subscription
from bot.digest_parts import ConversionsPart
from bot.digest_sections import GATHERED
from bot.digest_sources import Sources
from bot.goals import SetGoal, set_goal
from bot.lifecycle import Verb
from bot.periods import window_of
from bot.results import SPAN, AskResults, ResultsMaterial, see_results
from bot.sections import AUDIENCES, Section
from bot.tagging import AskLinks, give_links
from tests.support.core import CORA, SAM, START, Core
from tests.support.storage_examples import make_hook

DAY = timedelta(days=1)
MONDAY = date(2026, 11, 16)
MONDAYS = Subscription(subscription_id="heads", channel_id="C0HEADS", tz="Europe/Berlin")


async def record(core: Core, key: str, at: Any, **more: Any) -> None:
    command = RecordConversion(
        external_id=key, occurred_at=at, **{"source": "file", "type_key": "signup", **more}
    )
    await core.do(record_conversion, command)


async def see(core: Core, **more: Any) -> ResultsMaterial:
    return await core.ask(see_results, AskResults(user_id=SAM, **more))


async def test_four_weeks_stand_beside_the_four_before(core: Core) -> None:
    await record(core, "now", START)
    await record(core, "first", START - SPAN + DAY, count=2)
    await record(core, "before", START - SPAN - DAY, count=5, type_key="download")
    await record(core, "long ago", START - 2 * SPAN - DAY, count=9, type_key="request")
    found = await see(core)
    lines = [(one.type.key, one.now.count, one.before.count) for one in found.lines]
    assert lines == [("signup", 3, 0), ("download", 0, 5)]
    assert found.type is not None
    assert found.type.key == "signup"  # what happened most often
    assert (await see(core, type_key="download")).type == found.lines[1].type
    assert (await see(core, type_key="gone")).type == found.type


async def test_it_says_who_told_of_them(core: Core) -> None:
    await record(core, "1", START, count=3)
    await record(core, "2", START, count=5, source="webhook:V1")
    await record(core, "3", START, count=2, source="webhook:V9")
    await record(core, "4", START, source="hand")
    await record(core, "5", START, source="phrase", count=2)
    await record(core, "6", START, type_key="download")
    await record(core, "7", START - SPAN - DAY, source="hand")
    await core.write(lambda tx: tx.hooks.save(make_hook("V1", name="Shop", removed_at=START)))
    assert (await see(core)).sources == (
        ("Shop", 5),
        ("a file", 3),
        ("a code phrase", 2),
        ("webhook:V9", 2),
        ("by hand", 1),
    )


async def test_nothing_is_nothing(core: Core) -> None:
    found = await see(core)
    assert (found.lines, found.type, found.attribution) == ((), None, None)


async def test_the_table_is_by_platform_campaign_or_what_was_paid(core: Core) -> None:
    paid = Seen(platform="LinkedIn", campaign="Autumn", is_paid=True)
    await record(core, "1", START, count=CARRIES, last=paid)
    await record(core, "2", START, count=2, last=Seen(platform="google"))
    await record(core, "3", START)

    async def table(dimension: Dimension) -> dict[str, str]:
        found = await see(core, dimension=dimension)
        assert found.attribution is not None
        assert found.attribution.total == CARRIES + 3
        assert found.attribution.leader == found.attribution.rows[0].key
        return dict(found.names)

    assert await table(Dimension.PLATFORM) == {"linkedin": "LinkedIn", "google": "google"}
    assert await table(Dimension.CAMPAIGN) == {"autumn": "autumn"}
    assert await table(Dimension.PAID) == {"paid": "Paid", "organic": "Organic"}


async def test_the_digest_tells_of_its_own_week_and_of_the_one_before(core: Core) -> None:
    week, earlier = (window_of(MONDAYS, MONDAY, back=back) for back in (0, 1))
    await record(core, "1", week.since, count=3, told=Seen(platform="x"))
    await record(core, "2", week.until - DAY, count=2)
    await record(core, "3", week.until)
    await record(core, "4", earlier.since, count=7)
    await record(core, "5", earlier.since - timedelta(seconds=1), type_key="request")

    def gather(tx: Any, _command: None, now: Any) -> Any:
        found = Sources(
            tx,
            desk=tx.desk.load(),
            audience=AUDIENCES["team"],
            weeks=(earlier, week),
            tz="Europe/Berlin",
            now=now,
        )
        return GATHERED[Section.CONVERSIONS](found)

    part = await core.ask(gather, None)
    assert isinstance(part, ConversionsPart)
    assert [(one.type.key, one.now.count, one.before.count) for one in part.lines] == [
        ("signup", 5, 7)
    ]
    assert (part.total, part.unknown, part.is_news) == (5, 2, True)


async def test_a_goal_is_called_by_its_title(core: Core) -> None:
    given = {
        "title": "More trials",
        "new_objective": "More people try it",
        "unit": "trials",
        "target": "40",
        "serves": "Find out which press fits",
        "stage": "trust",
        "first_day": "2026-11-01",
        "last_day": "2026-12-30",
        "role": "content_lead",
    }
    await core.do(set_goal, SetGoal(form_id="G1", actor_id=CORA, given=given))
    idea = await core.hand_in("idea", fields={"title": "The pump", "link": "https://example.com/"})
    served = await core.stored(idea.number)
    await core.write(
        lambda tx: tx.submissions.update(
            replace(served, goal_id="G1", version=served.version + 1),
            expected_version=served.version,
        )
    )
    await core.step(await core.stored(idea.number), Verb.ACCEPT, goal="G1")
    await record(core, "1", START, last=Seen(post=str(idea.number)))
    found = await see(core, dimension=Dimension.GOAL)
    assert found.names == (("G1", "More trials"),)
    (link, *_) = (await core.do(give_links, AskLinks(idea.number, CORA))).links
    assert "utm_campaign=more-trials" in link[1]
