"""Away: where work goes meanwhile, and how it comes back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.absence import ComeBack, GoAway, come_back, end_absence, go_away
from bot.desk import Desk, Member, Role
from bot.directory import Known, remember
from bot.errors import FieldError, NotAllowedError
from bot.gathering import gather_material
from bot.home import AskHome
from bot.home import home as home_of
from bot.lifecycle import Verb
from bot.lists import AskFor, queue
from bot.material import AbsenceMaterial, CardMaterial, HomeMaterial, MovedMaterial
from bot.people import absence_of
from bot.routing import accountable, acting, stand_in
from tests.support.core import (
    ADA,
    BOB,
    CONRAD,
    CORA,
    GUIDO,
    GUS,
    LENA,
    LEO,
    SAM,
    START,
    STRANGER,
    SUE,
    Core,
    a_desk,
)

MONDAY = date(2026, 11, 30)


async def leave(
    core: Core, user_id: str, deputy_id: str | None = None, back_on: date = MONDAY
) -> datetime:
    command = GoAway(user_id=user_id, back_on=back_on, deputy_id=deputy_id)
    core.clock.forward(seconds=1)
    return await core.do(go_away, command)


async def card(core: Core, key: str) -> CardMaterial | MovedMaterial:
    effect = await core.read(lambda tx: tx.outbox.find(key))
    assert effect is not None
    found = await core.ask(gather_material, effect)
    assert isinstance(found, CardMaterial | MovedMaterial)
    return found


async def holders(core: Core, key: str = "card:1") -> tuple[str, ...]:
    found = await card(core, key)
    assert isinstance(found, CardMaterial)
    return found.holders


async def waiting(core: Core, user_id: str) -> list[int]:
    found = await core.ask(queue, AskFor(user_id))
    return [one.number for one in found.waiting.items]


def with_backups(desk: Desk, role_id: str, *backups: str) -> Desk:
    role = replace(desk.roles[role_id], backups=backups)
    return replace(desk, roles={**desk.roles, role_id: role})


async def test_a_deputy_gets_what_is_open_and_what_comes(core: Core) -> None:
    await core.set_up(a_desk(content_lead=(CORA,)))
    open_one = await core.hand_in()
    until = await leave(core, CORA, SUE)
    assert until == datetime(2026, 11, 30, tzinfo=UTC)
    assert await holders(core) == (SUE,)
    assert len(core.effects("card:1:a")) == 1
    new = await core.hand_in()
    assert new.role_id == "content_lead"
    assert await waiting(core, SUE) == [open_one.number, new.number]
    assert await waiting(core, CORA) == [open_one.number, new.number], "they may act as well"
    await core.step(open_one, Verb.ACCEPT, by=SUE)
    # Who is away may still act.
    await core.step(new, Verb.ACCEPT, by=CORA)


async def test_the_deputy_hears_how_much_waits(core: Core) -> None:
    await core.set_up(a_desk(content_lead=(CORA,)))
    await core.hand_in()
    await core.step(await core.hand_in(), Verb.ACCEPT)
    await leave(core, CORA, SUE)
    (notice,) = core.effects("notice:deputy:")
    effect = await core.read(lambda tx: tx.outbox.find(notice))
    assert effect is not None
    assert effect.target == SUE
    assert "until 30 November 2026" in str(effect.payload["sentence"])
    assert "Content lead: 1 to decide, 1 under way" in str(effect.payload["sentence"])


async def test_without_a_deputy_the_other_holders_go_on(core: Core) -> None:
    await core.set_up()
    await core.hand_in()
    await leave(core, CORA)
    assert await holders(core) == (CONRAD,)
    assert core.effects("notice:") == []


async def test_when_all_are_away_backups_act_and_then_the_fallback_role(core: Core) -> None:
    await core.set_up(with_backups(a_desk(social_lead=(SUE,)), "content_lead", LENA))
    await core.hand_in()
    await leave(core, CORA)
    await leave(core, CONRAD)
    assert await holders(core) == (LENA,)
    assert core.effects("notice:") == [], "somebody of the role is there"
    await leave(core, LENA)
    assert await holders(core) == (SUE,)
    (notice,) = core.effects("notice:away:content_lead:")
    effect = await core.read(lambda tx: tx.outbox.find(notice))
    assert effect is not None
    assert effect.target == ADA
    assert "the Social lead role acts" in str(effect.payload["sentence"])
    await core.step(await core.stored(1), Verb.TAKE, by=SUE)
    assert (await core.hand_in()).role_id == "social_lead"


async def test_when_nobody_at_all_is_there_admins_act(core: Core) -> None:
    await core.set_up(a_desk(content_lead=(CORA,)))
    await core.hand_in()
    await leave(core, CORA)
    assert ADA in await holders(core)
    (notice,) = core.effects("notice:away:")
    effect = await core.read(lambda tx: tx.outbox.find(notice))
    assert effect is not None
    assert "admins act" in str(effect.payload["sentence"])
    await core.step(await core.stored(1), Verb.TAKE, by=ADA)


async def test_what_an_away_person_took_is_with_their_deputy(core: Core) -> None:
    await core.set_up()
    taken = await core.step(await core.hand_in(), Verb.TAKE, by=CORA)
    await leave(core, CORA, SUE)
    shown = await card(core, "card:1")
    assert shown.submission.assignee_id == SUE
    accepted = await core.step(taken, Verb.ACCEPT, by=SUE)
    assert accepted.assignee_id == SUE


async def test_a_card_in_direct_messages_follows_and_comes_back(core: Core) -> None:
    await core.set_up(a_desk(lead_desk=(LENA,)))
    await core.hand_in("lead")
    await leave(core, LENA, SUE)
    posted = await core.read(lambda tx: tx.outbox.find("card:1.2"))
    assert posted is not None
    assert posted.target == SUE
    left = await card(core, "card:1:moved2")
    assert isinstance(left, MovedMaterial)
    assert left.target == SUE
    assert await core.do(come_back, ComeBack(LENA))
    posted = await core.read(lambda tx: tx.outbox.find("card:1.3"))
    assert posted is not None
    assert posted.target == LENA
    assert (await core.stored(1)).version == 1
    assert not await core.do(come_back, ComeBack(LENA))


async def test_when_the_deputy_leaves_work_goes_on_to_who_is_there(core: Core) -> None:
    await core.set_up(a_desk(lead_desk=(LENA,), social_lead=(CONRAD,)))
    await core.hand_in("lead")
    await leave(core, LENA, SUE)
    core.clock.forward(seconds=1)
    gone = Member(user_id=SUE, name="Sue", is_deleted=True)
    await core.do(remember, Known(members=(gone,)))
    posted = await core.read(lambda tx: tx.outbox.find("card:1.3"))
    assert posted is not None
    assert posted.target == CONRAD
    assert "card:1.2:moved3" not in core.effects("card:1.2"), "nobody reads it there any more"


async def test_what_was_asked_about_follows_too(core: Core) -> None:
    await core.set_up(a_desk(lead_desk=(LENA,)))
    lead = await core.hand_in("lead")
    asked = replace(lead, paused_at=START)
    await core.write(lambda tx: tx.submissions.update(asked, expected_version=1))
    await leave(core, LENA, SUE)
    assert "card:1.2" in core.effects("card:")


async def test_an_absence_ends_by_itself_and_once(core: Core) -> None:
    await core.set_up()
    await core.hand_in()
    until = await leave(core, CORA)
    assert not await core.do(end_absence, ComeBack(CORA))
    mine = (core.workspace_id, CORA)
    assert mine not in await core.database.due_returns(until - timedelta(seconds=1), limit=9_999)
    assert mine in await core.database.due_returns(until, limit=9_999)
    core.clock.at = until
    assert await core.do(end_absence, ComeBack(CORA))
    assert await holders(core) == (CORA, CONRAD)
    assert not await core.do(end_absence, ComeBack(CORA))
    assert not await core.do(end_absence, ComeBack(STRANGER))


async def test_an_absence_ends_at_midnight_where_they_live(core: Core) -> None:
    await core.set_up(a_desk(content_lead=(SAM,)))  # in Berlin
    assert await leave(core, SAM) == datetime(2026, 11, 29, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "deputy, back_on, fields",
    [
        (None, date(2026, 11, 19), {"until"}),
        (None, date(2026, 11, 1), {"until"}),
        (None, date(2027, 12, 1), {"until"}),
        (CORA, MONDAY, {"deputy"}),
        (BOB, MONDAY, {"deputy"}),
        (LEO, MONDAY, {"deputy"}),
        (GUS, MONDAY, {"deputy"}),
        (STRANGER, MONDAY, {"deputy"}),
        (CONRAD, MONDAY, {"deputy"}),  # away as well
        (CORA, date(2026, 11, 1), {"until", "deputy"}),
    ],
)
async def test_what_does_not_do(
    core: Core, deputy: str | None, back_on: date, fields: set[str]
) -> None:
    await core.set_up()
    await leave(core, CONRAD)
    with pytest.raises(FieldError) as caught:
        await leave(core, CORA, deputy, back_on)
    assert set(caught.value.fields) == fields
    member = await core.read(lambda tx: tx.members.get(CORA))
    assert member is not None
    assert member.away_until is None


async def test_a_guest_with_a_role_may_stand_in(core: Core) -> None:
    await core.set_up()
    await core.hand_in()
    await leave(core, CORA)
    await leave(core, CONRAD, GUIDO)
    assert await holders(core) == (GUIDO,)


async def test_who_is_not_known_yet_is_told_so(core: Core) -> None:
    await core.set_up()
    with pytest.raises(NotAllowedError, match="doesn't know you yet"):
        await leave(core, STRANGER)


async def test_home_tells_who_is_away_and_who_stands_in(core: Core) -> None:
    desk = a_desk()
    await core.set_up(desk)
    home: HomeMaterial = await core.ask(home_of, AskHome(SAM))
    assert home.absence is None, "somebody without a role covers nothing"
    await leave(core, CORA, SUE)
    shown = await core.read(
        lambda tx: [absence_of(tx, desk, one) for one in (CORA, SUE, CONRAD, SAM)]
    )
    assert shown == [
        AbsenceMaterial(back_on=MONDAY, deputy_id=SUE),
        AbsenceMaterial(stands_in_for=(CORA,)),
        AbsenceMaterial(),
        None,
    ]


async def test_a_second_absence_replaces_the_first(core: Core) -> None:
    await core.set_up(a_desk(content_lead=(CORA,)))
    await core.hand_in()
    await leave(core, CORA, SUE)
    await leave(core, CORA, LENA, date(2026, 12, 7))
    assert await holders(core) == (LENA,)
    assert len(core.effects("notice:deputy:")) == 2


def people(deputies: Sequence[int | None], away: Sequence[bool]) -> dict[str, Member]:
    return {
        f"U{place}": Member(
            user_id=f"U{place}",
            name="X",
            away_until=START if is_away else None,
            deputy_id=None if deputy is None else f"U{deputy}",
        )
        for place, (deputy, is_away) in enumerate(zip(deputies, away, strict=True))
    }


size = 5
everybody = st.builds(
    people,
    st.lists(st.none() | st.integers(0, size - 1), min_size=size, max_size=size),
    st.lists(st.booleans(), min_size=size, max_size=size),
)


@given(everybody, st.lists(st.integers(0, size - 1), max_size=size, unique=True))
def test_whoever_acts_is_there_and_circles_end(
    members: dict[str, Member], holding: list[int]
) -> None:
    role = Role(role_id="r", label="R", holders=tuple(f"U{one}" for one in holding))
    for user_id, member in members.items():
        found = stand_in(user_id, members)
        assert found is None or members[found].away_until is None
        if member.away_until is None:
            assert found == user_id
    acts = acting(role, members)
    assert len(set(acts)) == len(acts)
    assert all(members[one].away_until is None for one in acts)
    there = {one for one in role.holders if members[one].away_until is None}
    assert there <= set(acts)
    desk = Desk(version=1, fallback_role="r", roles={"r": role})
    assert accountable(desk, "r", members) is role


async def test_who_comes_back_a_second_time_is_seen_again(core: Core) -> None:
    await core.set_up(a_desk(content_lead=(CORA,)))
    await core.hand_in()
    for _ in range(2):
        await leave(core, CORA, SUE)
        core.clock.forward(seconds=1)
        await core.do(come_back, ComeBack(CORA))
    assert len(core.effects("card:1:")) == 4
