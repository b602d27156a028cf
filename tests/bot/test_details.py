"""All of a submission: who sees what of it."""

from dataclasses import replace

from bot.conversation import Words, answer
from bot.details import OpenDetails, open_details, see_details
from bot.lifecycle import Verb
from tests.support.core import ADA, GUIDO, LENA, OLGA, SAM, Core, a_desk

PERSONAL = {"name": "Nadia Neuland", "contact": "nadia@example.com"}


async def test_an_admin_sees_what_is_not_personal(core: Core) -> None:
    lead = await core.hand_in("lead")
    await core.step(lead, Verb.ASK, by=LENA, text="Who is Nadia's boss?")
    await core.do(answer, Words(number=1, actor_id=SAM, text="Petra Privat."))
    before = await core.history(1)
    for admin in (ADA, OLGA):
        for look in (open_details, see_details):
            shown = await core.do(look, OpenDetails(1, admin))
            assert (shown.personal, shown.texts, shown.verbs) == ({}, {}, ())
            assert shown.hides_personal
            assert shown.submission.number == 1
    assert await core.history(1) == before, "nothing personal was opened"
    for user in (SAM, LENA):
        shown = await core.do(open_details, OpenDetails(1, user))
        assert shown.personal == PERSONAL
        assert set(shown.texts.values()) == {"Who is Nadia's boss?", "Petra Privat."}
        assert not shown.hides_personal


async def test_an_admin_reads_what_was_written_about_an_idea(core: Core) -> None:
    idea = await core.hand_in()
    await core.step(idea, Verb.ASK, text="Which pump?")
    shown = await core.do(open_details, OpenDetails(1, ADA))
    assert set(shown.texts.values()) == {"Which pump?"}
    assert not shown.hides_personal


async def test_an_admin_who_acts_for_a_role_opens_everything_and_that_is_recorded(
    core: Core,
) -> None:
    await core.hand_in("lead")
    await core.set_up(a_desk(lead_desk=()))
    shown = await core.do(open_details, OpenDetails(1, ADA))
    assert shown.personal == PERSONAL
    assert shown.history[-1].actor_id == ADA
    await core.set_up(replace(a_desk(lead_desk=(GUIDO, OLGA))))
    assert (await core.do(open_details, OpenDetails(1, OLGA))).personal == PERSONAL
    assert (await core.do(open_details, OpenDetails(1, ADA))).personal == {}


async def test_what_colleagues_say_when_they_hand_over_is_not_the_submitters(core: Core) -> None:
    idea = await core.hand_in()
    await core.step(idea, Verb.HAND_OVER, to="role:lead_desk", note="Not worth my time")
    for look in (open_details, see_details):
        for user, is_read in ((SAM, False), (LENA, True), (ADA, True)):
            shown = await core.do(look, OpenDetails(1, user))
            assert ("Not worth my time" in str(shown.history)) is is_read
    assert (await core.do(open_details, OpenDetails(1, SAM))).history[1].detail["to"]
