"""Who may do what: every person, in every situation of a role."""

from dataclasses import replace

import pytest

from bot.desk import Desk, Member
from bot.details import OpenDetails, open_details
from bot.errors import NotAllowedError
from bot.lifecycle import Verb
from bot.outbox_care import TryAgain, try_again
from bot.people import admin_to_tell, is_admin, others_could_decide
from bot.steps.base import Step
from bot.submission import Submission
from bot.triage import check_step, take_step
from tests.support.core import (
    ADA,
    BOB,
    CONRAD,
    CORA,
    GUIDO,
    GUS,
    LENA,
    LEO,
    OLGA,
    PEOPLE,
    SAM,
    STRANGER,
    SUE,
    Core,
    a_desk,
)

EVERYBODY = (SAM, SUE, CORA, CONRAD, LENA, GUIDO, ADA, OLGA, GUS, LEO, BOB, STRANGER)


async def allowed(core: Core, submission: Submission) -> set[str]:
    """Who may carry out a verb; the question before the form must give the same answer."""
    found = set()
    for user in EVERYBODY:
        step = Step(
            number=submission.number, version=submission.version, verb=Verb.TAKE, actor_id=user
        )
        try:
            await core.ask(check_step, step)
        except NotAllowedError:
            with pytest.raises(NotAllowedError):
                await core.do(take_step, step)
        else:
            found.add(user)
    return found


@pytest.mark.parametrize(
    "kind, holders, may",
    [
        ("idea", {}, {CORA, CONRAD}),
        ("lead", {}, {LENA, GUIDO}),
        # Somebody active is enough to keep the admins out.
        ("idea", {"content_lead": (LEO, CORA, BOB)}, {CORA}),
        ("idea", {"content_lead": (STRANGER,)}, {STRANGER}),
        # Nobody active: the submission went to the fallback role.
        ("idea", {"content_lead": (LEO, BOB), "social_lead": (SUE,)}, {SUE}),
        # Nobody holds any role on the way: admins act.
        ("idea", {"content_lead": ()}, {ADA, OLGA}),
        ("idea", {"content_lead": (LEO,), "social_lead": (BOB,)}, {ADA, OLGA}),
        ("testimonial", {"advocacy_lead": (GUS,)}, {GUS}),
    ],
)
async def test_who_may_triage(
    core: Core, kind: str, holders: dict[str, tuple[str, ...]], may: set[str]
) -> None:
    await core.set_up(a_desk(**holders))
    submission = await core.hand_in(kind, by=SAM)
    assert await allowed(core, submission) == may


async def test_admins_act_once_the_last_holder_has_left(core: Core) -> None:
    submission = await core.hand_in("lead")
    left = tuple(replace(one, is_deleted=True) for one in PEOPLE if one.user_id in {LENA, GUIDO})
    now = core.clock.now()
    await core.write(lambda tx: tx.members.save(left, now))
    assert await allowed(core, submission) == {ADA, OLGA}


async def test_an_admin_who_left_can_do_nothing(core: Core) -> None:
    await core.set_up(replace(a_desk(content_lead=()), admins=(LEO, ADA)))
    assert await allowed(core, await core.hand_in()) == {ADA, OLGA}


async def test_a_role_merged_away_is_decided_by_the_fallbacks_holders(core: Core) -> None:
    extra = replace(a_desk().roles["lead_desk"], role_id="extra", holders=(CORA,))
    desk = a_desk(social_lead=(SUE,))
    await core.set_up(replace(desk, roles={**desk.roles, "extra": extra}))
    submission = await core.hand_in()
    moved = replace(submission, role_id="extra", version=2)
    assert await core.write(lambda tx: tx.submissions.update(moved, expected_version=1))
    assert await allowed(core, moved) == {CORA}
    await core.set_up(desk)
    assert await allowed(core, moved) == {SUE}


@pytest.mark.parametrize(
    "user, kind, beginning",
    [
        (SUE, "idea", "Number 1 is with the Content lead; only its holders can do this."),
        (OLGA, "idea", "Number 1 is with the Content lead"),
        (LEO, "idea", "Only people of this workspace"),
        (BOB, "idea", "Only people of this workspace"),
        (SUE, "testimonial", "Nobody holds the Social lead role yet; an admin can give it"),
    ],
)
async def test_a_refusal_says_who_may(core: Core, user: str, kind: str, beginning: str) -> None:
    submission = await core.hand_in(kind)
    with pytest.raises(NotAllowedError) as refused:
        await core.step(submission, Verb.TAKE, by=user)
    assert refused.value.sentence.startswith(beginning)


@pytest.mark.parametrize("verb", [Verb.TAKE, Verb.ACCEPT, Verb.DECLINE])
async def test_nobody_decides_on_their_own_while_another_holder_could(
    core: Core, verb: Verb
) -> None:
    own = await core.hand_in(by=CORA)
    with pytest.raises(NotAllowedError, match="You handed in number 1 yourself; another holder"):
        await core.step(own, verb, by=CORA, reason="timing", note="Not now.")
    assert (await core.stored(1)).version == 1
    assert (await core.step(own, verb, by=CONRAD, reason="timing", note="Not now.")).version == 2


@pytest.mark.parametrize(
    "holders, user, others",
    [
        ({}, CORA, True),
        ({"content_lead": (CORA,)}, CORA, False),
        ({"content_lead": (CORA, LEO, BOB)}, CORA, False),
        ({"content_lead": (CORA, STRANGER)}, CORA, True),
        ({"content_lead": ()}, ADA, False),
    ],
)
async def test_the_only_holder_decides_on_their_own_and_that_is_remembered(
    core: Core, holders: dict[str, tuple[str, ...]], user: str, others: bool
) -> None:
    desk = await core.set_up(a_desk(**holders))
    own = await core.hand_in(by=user)
    assert await core.read(lambda tx: others_could_decide(tx, desk, own, user)) is others
    if others:
        with pytest.raises(NotAllowedError):
            await core.step(own, Verb.ACCEPT, by=user)
        return
    await core.step(own, Verb.ACCEPT, by=user)
    assert (await core.history(own.number))[-1].detail == {"own": "yes"}


async def test_who_may_hand_in(core: Core) -> None:
    refused = {GUS: "Guests can use Social Desk once", LEO: "Only people of", BOB: "Only people of"}
    for user, reason in refused.items():
        with pytest.raises(NotAllowedError, match=reason):
            await core.hand_in(by=user)
    assert core.rows("submission") == []
    assert core.effects() == []
    for user in set(EVERYBODY) - set(refused):
        assert (await core.hand_in(by=user)).submitter_id == user
    await core.set_up(replace(a_desk(), guests=(GUS,)))
    assert (await core.hand_in(by=GUS)).submitter_id == GUS


async def test_details_are_for_the_owner_and_the_submitter(core: Core) -> None:
    await core.hand_in("lead", by=SAM)
    for user in set(EVERYBODY) - {SAM, LENA, GUIDO, ADA, OLGA}:  # admins open what they are asked
        with pytest.raises(NotAllowedError) as refused:
            await core.do(open_details, OpenDetails(1, user))
        assert "Nadia" not in refused.value.sentence
    assert len(await core.history(1)) == 1
    for user in (SAM, LENA, GUIDO):
        shown = await core.do(open_details, OpenDetails(1, user))
        assert shown.personal == {"name": "Nadia Neuland", "contact": "nadia@example.com"}
    assert [entry.actor_id for entry in await core.history(1)] == [SAM, SAM, LENA, GUIDO]


async def test_who_is_admin(core: Core) -> None:
    desk = await core.set_up(replace(a_desk(), admins=(ADA, LEO, BOB, STRANGER)))
    found = await core.read(lambda tx: {u for u in EVERYBODY if is_admin(tx, desk, u)})
    assert found == {ADA, OLGA, STRANGER}
    for user in EVERYBODY:
        command = TryAgain(key="none", actor_id=user)
        if user in found:
            assert "nothing waits" in await core.do(try_again, command)
        else:
            with pytest.raises(NotAllowedError, match="Only admins of Social Desk"):
                await core.do(try_again, command)


@pytest.mark.parametrize(
    "admins, people, told",
    [
        ((ADA,), PEOPLE, ADA),
        ((LEO, BOB, ADA), PEOPLE, ADA),
        ((STRANGER,), PEOPLE, STRANGER),
        ((), PEOPLE, OLGA),
        ((LEO,), PEOPLE, OLGA),
        ((), (Member(user_id="U0Z", name="Zoe", is_admin=True),), "U0Z"),
        ((), (Member(user_id="U0Z", name="Zoe"),), None),
        ((), (), None),
    ],
)
async def test_which_admin_hears_of_trouble(
    empty: Core, admins: tuple[str, ...], people: tuple[Member, ...], told: str | None
) -> None:
    desk: Desk = await empty.set_up(replace(a_desk(), admins=admins), people)
    assert await empty.read(lambda tx: admin_to_tell(tx, desk)) == told
