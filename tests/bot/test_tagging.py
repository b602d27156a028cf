"""Who gets a post's tagged links, and which pages get none."""

import pytest

from bot.details import OpenDetails, see_details
from bot.errors import FieldError, NotAllowedError, NotFoundError
from bot.lifecycle import Verb
from bot.links import tags_in
from bot.phrases import Redeem, SetPhrase, redeem, set_phrase
from bot.tagging import LANDING, AskLinks, LinksMaterial, give_links, why_untagged
from tests.bot.test_goals import set_one
from tests.support.core import ADA, CORA, LENA, SAM, Core

LINK = "https://example.com/pump?size=2#buy"


async def links(
    core: Core, number: int, landing: str | None = None, by: str = CORA
) -> LinksMaterial:
    return await core.do(give_links, AskLinks(number, by, landing))


async def accepted(core: Core, **fields: object) -> int:
    given = {"title": "A video", "content_type": "case_study", **fields}
    return (await core.step(await core.hand_in(fields=given), Verb.ACCEPT)).number


async def test_a_post_has_a_link_for_each_platform_it_is_meant_for(core: Core) -> None:
    number = await accepted(core, link=LINK, platforms=("linkedin", "x"))
    found = (await links(core, number)).links
    assert [label for label, _ in found] == ["LinkedIn", "X"]
    assert found[0][1] == (
        "https://example.com/pump?size=2&utm_source=linkedin&utm_medium=social"
        f"&utm_campaign=case-study&utm_content={number}#buy"
    )
    other = (await links(core, number, "https://example.com/other")).links
    assert [link.partition("?")[0] for _, link in other] == ["https://example.com/other"] * 2


async def test_who_asks_again_gets_the_same_links(core: Core) -> None:
    number = await accepted(core, link=LINK, platforms=("linkedin",))
    handed_in = (await links(core, number)).links
    goal = await set_one(core)
    await core.step(await core.stored(number), Verb.SERVE, goal=goal.goal_id)
    assert (await links(core, number)).links == handed_in  # though it serves a goal by now
    page = "https://example.com/other"
    typed = (await links(core, number, page)).links
    assert "utm_campaign=trial-sign-ups" in typed[0][1]
    again = await links(core, number, by=ADA)
    assert (again.landing, again.links) == (page, typed)
    assert (await links(core, number, "")).links == ()
    with pytest.raises(FieldError):
        await links(core, number, "no link")
    assert (await links(core, number)).links == typed
    assert (await core.ask(see_details, OpenDetails(number, SAM))).brought.landing == page


async def test_without_a_platform_there_is_one_for_each(core: Core) -> None:
    number = await accepted(core)
    assert (await links(core, number)).links == ()
    found = (await links(core, number, "https://example.com/")).links
    assert {tags_in(link).source for _, link in found} >= {"linkedin", "tiktok", "newsletter"}
    assert {tags_in(link).content for _, link in found} == {str(number)}


async def test_links_are_for_who_publishes_and_admins(core: Core) -> None:
    number = await accepted(core)
    for who in (SAM, LENA):
        with pytest.raises(NotAllowedError):
            await links(core, number, by=who)
    await links(core, number, by=ADA)
    waiting = await core.hand_in()
    with pytest.raises(NotAllowedError, match="no post yet"):
        await links(core, waiting.number)
    lead = await core.hand_in("lead")
    with pytest.raises(NotAllowedError, match="no post yet"):
        await links(core, lead.number, by=LENA)
    with pytest.raises(NotFoundError):
        await links(core, 99)


@pytest.mark.parametrize(
    "link, word",
    [
        ("https://acme.slack.com/archives/C1/p1", "leads inside"),
        ("https://wiki.corp/page", "leads inside"),
        ("http://10.0.0.1/", "leads inside"),
        ("http://intranet/", "leads inside"),
        ("https://example.com/?mail=jo@example.com", "e-mail address"),
        ("https://example.com/?mail=jo%40example.com", "e-mail address"),
        ("https://example.com/@us/post", ""),
        ("https://example.com./", ""),
        ("https://slack.com.example.org/", ""),
    ],
)
def test_what_leads_inside_or_says_who_gets_no_tags(link: str, word: str) -> None:
    assert word in why_untagged(link)
    assert bool(word) is bool(why_untagged(link))


@pytest.mark.parametrize("typed", ["no link", "", "https://acme.slack.com/archives/C1"])
async def test_a_page_that_gets_no_tags_is_told_beside_it(core: Core, typed: str) -> None:
    number = await accepted(core)
    if not typed:
        assert (await links(core, number, typed)).links == ()
        return
    with pytest.raises(FieldError) as caught:
        await links(core, number, typed)
    assert list(caught.value.fields) == [LANDING]


async def test_a_link_handed_in_that_leads_inside_is_shown_without_tags(core: Core) -> None:
    number = await accepted(core, link="https://acme.slack.com/archives/C1/p1")
    assert (await links(core, number)).links == ()


async def test_what_a_post_brought_stands_in_its_details(core: Core) -> None:
    number = await accepted(core)
    given = {"words": "Pump 24", "type": "request", "post": str(number)}
    await core.do(set_phrase, SetPhrase(actor_id=CORA, given=given))
    assert (await links(core, number)).phrase is not None
    await core.do(redeem, Redeem(text="pump24 3", actor_id=SAM, request_id="t1"))
    shown = (await core.ask(see_details, OpenDetails(number, SAM))).brought
    assert {(one.lens.value, one.count) for one in shown.counted} == {("told", 3), ("touched", 3)}
    assert not shown.may_link
    assert (await core.ask(see_details, OpenDetails(number, CORA))).brought.may_link
