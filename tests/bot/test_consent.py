"""A customer's consent: what counts as one, what ends it, and what it locks."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.consent import (
    WORDING,
    Shown,
    check_consent,
    check_may_publish,
    consent_given,
    consent_told,
    detail_of,
    shown,
    today_of,
    uses_of,
)
from bot.errors import DeskError, FieldError, NotAllowedError
from bot.kinds import PLATFORMS
from bot.lifecycle import State, Verb
from bot.steps.base import Step
from bot.submission import Consent, FieldValue, HistoryEntry, Submission
from bot.text import clean, has_words
from bot.triage import check_step
from bot.verbs import owner_verbs, quick
from bot.working_time import WorkingHours
from tests.support.core import ADA, SAM, Core, a_desk

NOW = datetime(2026, 11, 19, 9, tzinfo=UTC)
TODAY = NOW.date()
KNOWN = [option.value for option in PLATFORMS]
AGREED = {"wording": "Yes, by mail", "shown": "name"}

days = st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=400))
consents = st.builds(
    Consent,
    recorded_by=st.just("U1"),
    recorded_at=st.just(NOW),
    platforms=st.lists(st.sampled_from(KNOWN), unique=True).map(tuple),
    may_name=st.booleans(),
    may_show_logo=st.booleans(),
    is_anonymous=st.just(False),
    until=st.none() | days,
    withdrawn_at=st.none() | st.just(NOW),
)


def approved(consent: Consent | None, kind: str = "testimonial") -> Submission:
    return Submission(
        number=1,
        kind_key=kind,
        state=State.ACCEPTED,
        version=3,
        submitter_id=SAM,
        role_id="advocacy_lead",
        title="Acme",
        fields={},
        created_at=NOW,
        updated_at=NOW,
        due_at=NOW,
        consent=consent,
    )


def allows(submission: Submission, platform: str | None, today: date) -> bool:
    try:
        check_may_publish(submission, platform, today)
    except DeskError:
        return False
    return True


@given(consent=st.none() | consents, platform=st.none() | st.sampled_from(KNOWN), today=days)
def test_published_only_within_granted_unexpired_consent(
    consent: Consent | None, platform: str | None, today: date
) -> None:
    is_within = (
        consent is not None
        and consent.withdrawn_at is None
        and (consent.until is None or today <= consent.until)
        and (not consent.platforms or platform in consent.platforms)
    )
    assert allows(approved(consent), platform, today) is is_within
    assert allows(approved(consent, "idea"), platform, today)


@given(consent=consents, later=st.integers(0, 900))
def test_what_is_over_stays_over(consent: Consent, later: int) -> None:
    """No day after one on which it was refused allows it again."""
    item = approved(consent)
    if not allows(item, None, TODAY):
        assert not allows(item, None, TODAY + timedelta(days=later))


@given(consent=consents)
def test_the_history_tells_of_a_consent_as_it_was(consent: Consent) -> None:
    plain = replace(consent, is_anonymous=shown(consent) is Shown.ANONYMOUS, withdrawn_at=None)
    entry = HistoryEntry(
        number=1,
        seq=2,
        at=plain.recorded_at,
        actor_id=plain.recorded_by,
        verb=Verb.CONSENT,
        from_state=State.NEW,
        to_state=State.NEW,
        detail=json.loads(json.dumps(detail_of(plain))),
    )
    assert consent_told(entry) == plain


@given(
    wording=st.text(max_size=20),
    how=st.sampled_from([*Shown, "", "loudly"]),
    platforms=st.lists(st.sampled_from([*KNOWN, "myspace"]), unique=True),
    until=st.sampled_from(["", "soon", "2026-11-18", "2026-11-19", "2030-01-01"]),
)
def test_a_form_is_taken_whole_or_each_fault_is_told(
    wording: str, how: str, platforms: list[str], until: str
) -> None:
    raw: dict[str, FieldValue] = {
        "wording": wording,
        "shown": how,
        "platforms": tuple(platforms),
        "until": until,
    }
    wrong = {
        *(["shown"] if how not in set(Shown) else []),
        *(["platforms"] if "myspace" in platforms else []),
        *(["until"] if until in {"soon", "2026-11-18"} else []),
        *(["wording"] if not has_words(clean(wording)) else []),
    }
    if wrong:
        with pytest.raises(FieldError) as bad:
            consent_given(raw, known="", actor_id="U1", today=TODAY, now=NOW)
        assert set(bad.value.fields) == wrong
        return
    consent, kept = consent_given(raw, known="", actor_id="U1", today=TODAY, now=NOW)
    assert kept == clean(wording)
    assert shown(consent) == how
    assert consent.is_anonymous is (how == "anonymous")
    assert consent.platforms == tuple(platforms)
    assert consent.until == (date.fromisoformat(until) if until else None)


@pytest.mark.parametrize(
    "platform, sentence",
    [("x", "only: LinkedIn, Blog"), (None, "only: LinkedIn, Blog"), ("blog", None)],
)
def test_a_place_outside_the_scope_is_told_beside_it(
    platform: str | None, sentence: str | None
) -> None:
    consent = Consent(recorded_by="U1", recorded_at=NOW, platforms=("linkedin", "blog"))
    if sentence is None:
        check_may_publish(approved(consent), platform, TODAY)
        return
    with pytest.raises(FieldError) as refused:
        check_may_publish(approved(consent), platform, TODAY)
    assert sentence in refused.value.fields["platform"]


def test_each_lock_says_what_is_missing() -> None:
    granted = Consent(recorded_by="U1", recorded_at=NOW, until=TODAY)
    for consent, sentence in (
        (None, "not recorded"),
        (replace(granted, withdrawn_at=NOW), "withdrew"),
        (granted, "ended on 2026-11-19"),
    ):
        with pytest.raises(NotAllowedError, match=sentence):
            check_consent(approved(consent), TODAY + timedelta(days=1))
    check_consent(approved(granted), TODAY)


def test_a_locked_testimonial_offers_to_record_consent_first() -> None:
    granted = Consent(recorded_by="U1", recorded_at=NOW)
    assert quick(approved(None))[0] is Verb.CONSENT
    assert quick(approved(granted))[0] is Verb.PUBLISH
    assert Verb.CONSENT_WITHDRAWN in owner_verbs(approved(granted))
    assert quick(approved(replace(granted, withdrawn_at=NOW)))[0] is Verb.CONSENT
    new = replace(approved(None), state=State.NEW)
    assert quick(new) == (Verb.TAKE, Verb.ACCEPT, Verb.DECLINE)
    assert Verb.CONSENT not in owner_verbs(approved(None, "idea"))


async def accepted(core: Core, **fields: str) -> Submission:
    given = {"quote": "It just works.", "customer": "Rheinwerk", **fields}
    submission = await core.hand_in("testimonial", fields=given)
    return await core.step(submission, Verb.ACCEPT, by=ADA)


async def test_each_record_keeps_its_own_words(core: Core) -> None:
    one = await core.step(await accepted(core), Verb.CONSENT, by=ADA, **AGREED)
    core.clock.forward(days=1)
    two = await core.step(one, Verb.CONSENT, by=ADA, wording="Now without", shown="anonymous")
    assert two.consent == Consent(recorded_by=ADA, recorded_at=core.clock.now(), is_anonymous=True)
    assert two.state is State.ACCEPTED
    assert (two.decided_at, two.version) == (one.decided_at, one.version + 1)
    assert two == await core.stored(1)
    assert await core.read(lambda tx: tx.conversations.of(1)) == {
        3: "Yes, by mail",
        4: "Now without",
    }
    assert (await core.read(lambda tx: tx.submissions.personal(1)))[WORDING] == "Now without"
    assert "without" not in json.dumps([dict(e.detail) for e in await core.history(1)])


async def test_known_words_stay_when_none_are_given(core: Core) -> None:
    item = await accepted(core, consent="granted", consent_wording="On the phone")
    asked = await core.ask(
        check_step, Step(number=1, version=item.version, verb=Verb.CONSENT, actor_id=ADA)
    )
    assert asked.optional == {"wording"}
    assert not asked.personal
    await core.step(item, Verb.CONSENT, by=ADA, shown="logo")
    assert (await core.read(lambda tx: tx.submissions.personal(1)))[WORDING] == "On the phone"


async def test_a_withdrawal_stays_on_record_and_locks(core: Core) -> None:
    item = await core.step(await accepted(core), Verb.CONSENT, by=ADA, **AGREED)
    item = await core.step(item, Verb.PUBLISH, by=ADA, link="https://example.com/1")
    item = await core.step(
        item, Verb.PUBLISH, by=ADA, link="https://example.com/2", platform="blog"
    )
    item = await core.step(item, Verb.CONSENT_WITHDRAWN, by=ADA, note="They called")
    assert item.consent is not None
    assert (item.consent.withdrawn_at, item.consent.withdrawn_by) == (core.clock.now(), ADA)
    assert item.consent.may_name
    uses = uses_of(await core.history(1))
    assert [(use.link, use.platform) for use in uses] == [
        ("https://example.com/1", None),
        ("https://example.com/2", "blog"),
    ]
    step = Step(number=1, version=item.version, verb=Verb.PUBLISH, actor_id=ADA)
    with pytest.raises(NotAllowedError, match="withdrew"):
        await core.ask(check_step, step)
    with pytest.raises(NotAllowedError, match="withdrew"):
        await core.step(item, Verb.PUBLISH, by=ADA, link="https://example.com/3")
    item = await core.step(item, Verb.CONSENT, by=ADA, **AGREED)
    await core.step(item, Verb.PUBLISH, by=ADA, link="https://example.com/3")


async def test_a_withdrawal_needs_a_sentence_and_a_consent(core: Core) -> None:
    item = await accepted(core)
    with pytest.raises(DeskError, match="not possible"):
        await core.step(item, Verb.CONSENT_WITHDRAWN, by=ADA, note="They called")
    item = await core.step(item, Verb.CONSENT, by=ADA, **AGREED)
    with pytest.raises(FieldError):
        await core.step(item, Verb.CONSENT_WITHDRAWN, by=ADA, note=" ")


@pytest.mark.parametrize(
    "tz, today", [("Pacific/Auckland", date(2026, 11, 20)), ("America/Lima", date(2026, 11, 19))]
)
async def test_the_day_is_that_of_the_roles_hours(core: Core, tz: str, today: date) -> None:
    item = await accepted(core)
    late = datetime(2026, 11, 19, 12, tzinfo=UTC)
    desk = replace(a_desk(), hours=WorkingHours(tz=tz))
    assert await core.read(lambda tx: today_of(tx, desk, item, late)) == today


async def test_a_plan_stays_within_a_consent_that_is_on_record(core: Core) -> None:
    item = await accepted(core)
    far = str(int((core.clock.now() + timedelta(days=30)).timestamp()))
    near = str(int((core.clock.now() + timedelta(days=1)).timestamp()))
    item = await core.step(item, Verb.SCHEDULE, by=ADA, at=far, platform="x")
    until = {"until": (core.clock.now().date() + timedelta(days=7)).isoformat()}
    item = await core.step(item, Verb.CONSENT, by=ADA, **AGREED, **until, platforms=("blog",))
    for planned, field in (
        ({"at": far, "platform": "blog"}, "at"),
        ({"at": near, "platform": "x"}, "platform"),
    ):
        with pytest.raises(FieldError) as bad:
            await core.step(item, Verb.SCHEDULE, by=ADA, **planned)
        assert list(bad.value.fields) == [field]
    item = await core.step(item, Verb.SCHEDULE, by=ADA, at=near)
    item = await core.step(item, Verb.CONSENT_WITHDRAWN, by=ADA, note="They called")
    await core.step(item, Verb.SCHEDULE, by=ADA, at=far)
