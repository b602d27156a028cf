"""Stories: drafted from the trail, told within consent, found by words (P35)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FieldError, NotAllowedError, StaleError
from bot.figures import PublishedItem
from bot.lifecycle import State, Verb
from bot.pages import SHOWN, Look
from bot.steps.base import Step
from bot.stories import find_stories, told_between
from bot.submission import Consent, Submission
from bot.telling import gives_away, gives_customer_away, why_not_told
from bot.triage import check_step
from tests.support.core import ADA, CONRAD, CORA, LENA, SAM, Core
from tests.support.storage_examples import NOW, make_submission

HOUR = timedelta(hours=1)
TODAY = date(2026, 11, 19)
LINK = "https://example.com/post/1"
STORY = {"headline": "The pump film", "story": "Sales had the idea, and it was seen a lot."}
AGREED = {"wording": "Yes, by mail.", "shown": "anonymous"}


async def published(core: Core, kind: str = "idea", **agreed: Any) -> Submission:
    found = await core.hand_in(kind)
    by = ADA if kind == "testimonial" else CORA
    if agreed:
        found = await core.step(found, Verb.CONSENT, by=by, **agreed)
    found = await core.step(found, Verb.ACCEPT, by=by)
    return await core.step(found, Verb.PUBLISH, by=by, link=LINK, platform="linkedin")


async def draft(core: Core, found: Submission, by: str = CORA) -> dict[str, str]:
    step = Step(number=found.number, version=found.version, verb=Verb.TELL, actor_id=by)
    return dict((await core.ask(check_step, step)).initial)


async def tell(core: Core, found: Submission, by: str = CORA, **more: str) -> Submission:
    return await core.step(found, Verb.TELL, by=by, **{**STORY, **more})


async def headlines(core: Core, text: str = "") -> list[str]:
    found = await core.ask(find_stories, Look(user_id=SAM, text=text))
    return [told.story.headline for told in found.entries]


async def test_one_click_drafts_it_from_what_happened(core: Core) -> None:
    found = await published(core)
    said = await draft(core, found)
    assert said["headline"] == "A video about the new pump"
    assert said["story"] == (
        "A colleague handed in an idea on 19 Nov 2026. The Content lead took it up on 19 Nov 2026. "
        "It was published on LinkedIn on 19 Nov 2026."
    )
    await tell(core, found)
    (told,) = (await core.ask(find_stories, Look(user_id=SAM))).entries
    assert told.credited == (SAM, CORA)
    assert (told.story.told_by, told.story.headline) == (CORA, "The pump film")
    assert (await core.history(found.number))[-1].verb is Verb.TELL


async def test_it_is_changed_and_taken_back(core: Core) -> None:
    found = await published(core)
    await tell(core, found)
    told_at = core.clock.at
    core.clock.forward(days=1)
    await tell(core, found, by=CONRAD, headline="Pumps!")
    assert (await draft(core, found))["headline"] == "Pumps!"
    story = await core.read(lambda tx: tx.stories.get(found.number))
    assert story is not None
    assert (story.told_at, story.told_by, story.changed_by) == (told_at, CORA, CONRAD)
    assert [entry.detail.get("story") for entry in (await core.history(found.number))[-2:]] == [
        None,
        "changed",
    ]
    words = core.effects(f"word:{found.number}:")
    await tell(core, found, headline="Pumps!")
    assert core.effects(f"word:{found.number}:") == words
    core.clock.forward(minutes=1)
    await tell(core, found, keep="drop")
    await tell(core, found, keep="drop")
    before = [row["before"] for row in core.rows("revision")]
    assert len(before) == 2
    assert "The pump film" in before[0]
    assert "Pumps!" in before[1]
    assert await headlines(core) == []
    assert (await draft(core, found))["headline"] == "A video about the new pump"


async def test_only_who_decides_tells_and_only_a_result(core: Core) -> None:
    idea = await core.hand_in()
    with pytest.raises(StaleError):
        await tell(core, idea)
    found = await published(core)
    with pytest.raises(NotAllowedError):
        await tell(core, found, by=SAM)
    with pytest.raises(FieldError) as error:
        await tell(core, found, headline=" ", story="x" * 1501)
    assert sorted(error.value.fields) == ["headline", "story"]


async def test_a_won_lead_is_told_without_what_is_personal(core: Core) -> None:
    lead = await core.hand_in("lead")
    lead = await core.step(lead, Verb.PASS_ON, by=LENA, to="Sales north")
    lead = await core.step(lead, Verb.WIN, by=LENA)
    said = await draft(core, lead, by=LENA)
    assert said["headline"] == "A hint from a colleague became a customer"
    assert "Nadia" not in said["story"]
    assert "pump" not in said["story"]
    for bad in ("NADIA NEULAND bought it", "Ask nadia@example.com"):
        with pytest.raises(FieldError, match="personal") as error:
            await tell(core, lead, by=LENA, story=bad)
        assert "adia" not in str(error.value)
    await tell(core, lead, by=LENA, story="It was a ship.")
    assert await headlines(core, "ship") == ["The pump film"]


async def test_a_testimonial_is_told_within_its_consent(core: Core) -> None:
    found = await published(core, "testimonial", **AGREED)
    said = await draft(core, found, by=ADA)
    assert "“It just works.”" in said["story"]
    assert "Rheinwerk" not in str(said)
    with pytest.raises(FieldError, match="did not agree to be named"):
        await tell(core, found, by=ADA, headline="RHEINWERK loves us")
    await tell(core, found, by=ADA)
    assert await headlines(core) == ["The pump film"]
    now = await core.stored(found.number)
    await core.step(now, Verb.CONSENT_WITHDRAWN, by=ADA, note="They called.")
    assert await headlines(core) == []
    with pytest.raises(NotAllowedError, match="withdrew"):
        await draft(core, now, by=ADA)


async def test_a_consent_for_some_platforms_keeps_the_words_there(core: Core) -> None:
    found = await published(
        core, "testimonial", **{**AGREED, "shown": "name", "platforms": ("linkedin",)}
    )
    said = await draft(core, found, by=ADA)
    assert said["headline"] == "Rheinwerk"
    assert "It just works" not in said["story"]
    with pytest.raises(FieldError, match="LinkedIn alone"):
        await tell(core, found, by=ADA, story="They said: it just WORKS.")
    await tell(core, found, by=ADA, story="Rheinwerk speaks for us.")


async def test_a_consent_that_ended_hides_the_story(core: Core) -> None:
    found = await published(core, "testimonial", **AGREED, until="2026-11-20")
    await tell(core, found, by=ADA)
    since = core.clock.at
    assert (
        len(await core.read(lambda tx: told_between(tx, since, since + HOUR, core.clock.at))) == 1
    )
    core.clock.forward(days=2)
    assert await headlines(core) == []
    now = core.clock.at
    assert await core.read(lambda tx: told_between(tx, since, since + HOUR, now)) == ()


async def test_what_was_reopened_or_erased_is_not_told(core: Core) -> None:
    one, other = await published(core), await published(core)
    for found in (one, other):
        await tell(core, found)
    await core.step(one, Verb.REOPEN, note="The wrong link.")
    assert len(await headlines(core)) == 1
    await core.write(lambda tx: tx.erasure.drop_submission(other.number))
    assert await headlines(core) == []
    assert [row["number"] for row in core.rows("story")] == [one.number]


async def test_stories_are_found_by_words_page_by_page(core: Core) -> None:
    for place in range(SHOWN + 2):
        await tell(core, await published(core), headline=f"Müller number {place}")
        core.clock.forward(minutes=1)
    first = await core.ask(find_stories, Look(user_id=SAM, text="MÜLLER number"))
    assert [told.story.headline for told in first.entries] == [
        f"Müller number {place}" for place in (6, 5, 4, 3, 2)
    ]
    assert first.before is not None
    last = first.entries[-1].story.told_at
    second = await core.ask(find_stories, Look(user_id=SAM, text="müller", before=last))
    assert [told.story.headline[-1] for told in second.entries] == ["1", "0"]
    assert second.before is None
    assert await headlines(core, "100%") == []


def a_testimonial(**consent: Any) -> Submission:
    return make_submission(
        kind_key="testimonial",
        state=State.PUBLISHED,
        fields={"quote": "It just works.", "customer": "Rheinwerk"},
        consent=Consent(recorded_by="U1", recorded_at=NOW, **consent) if consent else None,
    )


@given(st.text(), st.text())
def test_nothing_personal_gets_through_wherever_it_stands(before: str, after: str) -> None:
    personal = {"name": "Nadia Neuland, Neuland Ltd"}
    for named in ("Nadia Neuland", "nadia neuland", "NEULAND LTD"):
        assert gives_away(make_submission(), personal, f"{before} {named} {after}", TODAY)


@pytest.mark.parametrize("said", ["Nadia bought it.", "It was the NEULANDS' ship.", "neuland’s"])
def test_a_part_of_a_name_names_somebody(said: str) -> None:
    lead = make_submission(kind_key="lead")
    assert "personal" in gives_away(lead, {"name": "Nadia Neuland, Sales"}, said, TODAY)


@pytest.mark.parametrize("said", ["Sales wins.", "The new land", "A media group said so."])
def test_what_many_names_share_names_nobody(said: str) -> None:
    lead = make_submission(kind_key="lead")
    assert not gives_away(lead, {"name": "Neuland Media Group, Sales"}, said, TODAY)


SPOKEN = st.sampled_from(
    ["Rheinwerk", "RHEINWERK GmbH", "rheinwerk’s pump", "Rheinwerks", "RHEINWERK"]
)
CONSENTS = st.one_of(
    st.none(),
    st.builds(
        Consent,
        recorded_by=st.just("U1"),
        recorded_at=st.just(NOW),
        may_name=st.booleans(),
        is_anonymous=st.booleans(),
        until=st.none() | st.dates(date(2026, 11, 10), date(2026, 11, 30)),
        withdrawn_at=st.none() | st.just(NOW),
    ),
)


@given(SPOKEN, st.text(), CONSENTS, st.dates(date(2026, 11, 10), date(2026, 11, 30)))
def test_a_customer_is_named_only_while_a_consent_to_that_holds(
    name: str, around: str, consent: Consent | None, today: date
) -> None:
    told = replace(a_testimonial(), consent=consent, state=State.PUBLISHED)
    told = replace(told, fields={"quote": "It just works.", "customer": "Rheinwerk GmbH"})
    holds = (
        consent is not None
        and consent.withdrawn_at is None
        and (consent.until is None or consent.until >= today)
        and consent.may_name
        and not consent.is_anonymous
    )
    is_hidden = bool(
        why_not_told(told, today) or gives_customer_away(told, f"{around} {name} {around}", today)
    )
    assert is_hidden is not holds
    item = make_published(title="Rheinwerk GmbH", consent=consent).told_on(today)
    assert bool(item.title) is holds


def make_published(**more: Any) -> PublishedItem:
    given: dict[str, Any] = {
        "number": 1,
        "kind_key": "testimonial",
        "submitter_id": "U1",
        "department": None,
        "url": None,
        "created_at": NOW,
        "published_at": NOW,
    }
    return PublishedItem(**{**given, **more})


@pytest.mark.parametrize(
    "state, consent, why",
    [
        (State.PUBLISHED, {"may_name": True}, ""),
        (State.ACCEPTED, {"may_name": True}, "no result"),
        (State.PUBLISHED, {}, "not recorded"),
        (State.PUBLISHED, {"until": date(2026, 11, 18)}, "ended"),
        (State.PUBLISHED, {"until": date(2026, 11, 19)}, ""),
        (
            State.PUBLISHED,
            {"withdrawn_at": datetime(2026, 11, 1, tzinfo=UTC), "withdrawn_by": "U1"},
            "withdrew",
        ),
    ],
)
def test_why_not(state: State, consent: dict[str, Any], why: str) -> None:
    found = why_not_told(replace(a_testimonial(**consent), state=state), date(2026, 11, 19))
    assert why in found
    assert bool(found) is bool(why)


async def test_who_may_change_a_story_has_a_button_for_it(core: Core) -> None:
    await tell(core, await published(core))
    for person, may in ((CORA, True), (CONRAD, True), (SAM, False), (LENA, False)):
        (told,) = (await core.ask(find_stories, Look(user_id=person))).entries
        assert told.may_change is may


async def test_what_a_story_said_is_erased_with_its_submission(core: Core) -> None:
    found = await published(core)
    await tell(core, found)
    await tell(core, found, headline="Pumps!")
    await core.write(lambda tx: tx.erasure.drop_submission(found.number))
    assert core.rows("revision") == []
