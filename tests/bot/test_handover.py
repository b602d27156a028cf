from dataclasses import replace

import pytest

from bot import handover
from bot.desk import Channel, Desk
from bot.directory import Known, remember
from bot.gathering import gather_material
from bot.installation import Installation
from bot.installing import install
from bot.lifecycle import Verb
from bot.material import CardMaterial
from bot.outbox import Effect, EffectKind
from tests.support.core import (
    ADA,
    CONRAD,
    CONTENT,
    CORA,
    LENA,
    LEO,
    OLGA,
    PEOPLE,
    STRANGER,
    SUE,
    Core,
    a_desk,
)

LINK = "https://example.com/p"


def gone(*users: str, is_deleted: bool = True) -> Known:
    """What Slack tells when people leave, or come back."""
    return Known(
        members=tuple(
            replace(one, is_deleted=is_deleted) for one in PEOPLE if one.user_id in set(users)
        )
    )


def renewed(core: Core) -> list[int]:
    """The numbers whose cards are renewed because of a handover."""
    rows = [row for row in core.rows("outbox") if row["kind"] == "card_update"]
    return sorted(
        int(row["key"].split(":")[1]) for row in rows if row["key"].split(":")[2][0] in "dm"
    )


def other(desk: Desk, role_id: str, **changes: object) -> Desk:
    role = replace(desk.roles[role_id], **changes)  # type: ignore[arg-type]  # a test's own keywords
    return replace(desk, roles={**desk.roles, role_id: role})


async def card(core: Core, number: int) -> CardMaterial:
    effect = Effect(key="x", kind=EffectKind.CARD, target="C1", payload={"number": number})
    material = await core.ask(gather_material, effect)
    assert isinstance(material, CardMaterial)
    return material


async def test_what_is_open_in_the_role_of_somebody_who_left_is_renewed(core: Core) -> None:
    new, accepted, declined, published, lead = [
        await core.hand_in(kind) for kind in ("idea", "idea", "idea", "idea", "lead")
    ]
    await core.step(accepted, Verb.ACCEPT)
    await core.step(declined, Verb.DECLINE, reason="timing", note="Later.")
    published = await core.step(published, Verb.ACCEPT)
    await core.step(published, Verb.PUBLISH, link=LINK)
    core.clock.forward(minutes=1)
    await core.do(remember, gone(CORA))
    assert renewed(core) == [new.number, accepted.number]
    assert lead.number not in renewed(core)
    (update,) = core.effects("card:1:m")
    assert update == f"card:1:m{core.clock.now().isoformat()}"
    assert (await card(core, 1)).holders == (CONRAD,)
    assert core.effects("notice:") == []


async def test_nothing_is_renewed_when_nothing_changed_hands(core: Core) -> None:
    await core.hand_in()
    await core.do(remember, Known(members=PEOPLE))
    await core.do(remember, gone(SUE))
    await core.do(remember, Known(members=(replace(PEOPLE[2], name="Cora Married"),)))
    await core.set_up(replace(a_desk(), departments=()))
    assert renewed(core) == []


async def test_the_admin_hears_once_when_a_role_lost_its_last_holder(core: Core) -> None:
    await core.hand_in()
    await core.do(remember, gone(CORA))
    core.clock.forward(minutes=1)
    await core.do(remember, gone(CORA, CONRAD))
    core.clock.forward(minutes=1)
    await core.do(remember, gone(CORA, CONRAD, is_deleted=False))
    core.clock.forward(minutes=1)
    await core.do(remember, gone(CORA, CONRAD))
    assert core.effects("notice:unheld:") == [f"notice:unheld:content_lead:{CORA}+{CONRAD}"]
    assert renewed(core) == [1, 1, 1, 1]
    shown = await card(core, 1)
    assert (shown.role.role_id, shown.holders[0]) == ("social_lead", ADA)


async def test_what_a_former_holder_took_is_free(core: Core) -> None:
    taken = await core.step(await core.hand_in(), Verb.TAKE, by=CORA)
    await core.hand_in()
    await core.set_up(a_desk(content_lead=(CONRAD,)))
    assert taken.number in renewed(core)
    assert (await card(core, 1)).submission.assignee_id is None
    core.clock.forward(minutes=1)
    await core.do(remember, gone(CORA))
    assert (await card(core, 1)).submission.assignee_id is None
    accepted = await core.step(taken, Verb.ACCEPT, by=CONRAD)
    assert accepted.assignee_id == CONRAD


async def test_what_has_ended_keeps_whoever_took_it(core: Core) -> None:
    taken = await core.step(await core.hand_in(), Verb.TAKE, by=CORA)
    await core.step(taken, Verb.DECLINE, by=CORA, reason="timing", note="Later.")
    await core.do(remember, gone(CORA))
    assert (await card(core, 1)).submission.assignee_id == CORA


async def test_a_long_list_of_people_is_compared_for_those_with_a_role(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.directory.FEW", 0)
    await core.step(await core.hand_in(), Verb.TAKE, by=CORA)
    await core.do(remember, Known(members=gone(CORA).members + gone(SUE).members))
    assert renewed(core) == [1]


async def test_a_role_that_is_no_more_is_handed_to_the_fallback(core: Core) -> None:
    desk = a_desk(social_lead=(SUE,))
    extra = replace(desk.roles["lead_desk"], role_id="extra", holders=(CORA,))
    await core.set_up(replace(desk, roles={**desk.roles, "extra": extra}))
    submission = await core.hand_in()
    moved = replace(submission, role_id="extra", version=2)
    assert await core.write(lambda tx: tx.submissions.update(moved, expected_version=1))
    core.clock.forward(minutes=1)
    await core.set_up(desk)
    assert renewed(core) == [1]
    assert (await card(core, 1)).holders == (SUE,)
    core.clock.forward(minutes=1)
    await core.set_up(other(desk, "social_lead", holders=(LENA,)))
    assert renewed(core) == [1, 1]
    assert (await card(core, 1)).holders == (LENA,)


@pytest.mark.parametrize(
    "place",
    [
        Channel(channel_id=CONTENT, name="c", is_member=True, is_archived=True),
        Channel(channel_id=CONTENT, name="c", is_member=False),
    ],
    ids=["archived", "not-a-member"],
)
async def test_cards_that_can_t_be_changed_are_left_alone(core: Core, place: Channel) -> None:
    await core.hand_in()
    await core.do(remember, Known(channels=(place,)))
    await core.do(remember, gone(CORA))
    assert renewed(core) == []


async def test_a_card_in_the_messages_of_somebody_who_left_is_left_alone(core: Core) -> None:
    await core.hand_in("lead")
    await core.do(remember, gone(LENA))
    assert renewed(core) == []


async def test_only_so_many_cards_are_renewed_at_once(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "AT_ONCE", 2)
    for _ in range(3):
        await core.hand_in()
    await core.do(remember, gone(CORA))
    assert renewed(core) == [1, 2]


async def test_who_was_never_active_hands_nothing_over(core: Core) -> None:
    await core.hand_in()
    await core.do(remember, gone(LEO))
    assert renewed(core) == []


async def test_what_came_before_anybody_was_known_gets_its_card_once(empty: Core) -> None:
    """As right after the app was installed, while people are still being read."""
    early = await empty.hand_in(by=STRANGER)
    assert empty.effects("card") == []
    (owner,) = (one for one in PEOPLE if one.user_id == OLGA)
    await empty.do(remember, Known(members=(owner,)))
    (posted,) = [row for row in empty.rows("outbox") if row["kind"] == "card"]
    assert (posted["key"], posted["target"]) == (f"card:{early.number}", OLGA)
    await empty.do(remember, Known(members=PEOPLE))
    assert empty.effects("card") == [posted["key"]]
    assert (await empty.stored(early.number)).card == 1


async def test_whoever_installed_the_app_gets_cards_until_people_are_read(empty: Core) -> None:
    new = Installation(
        workspace_id=empty.workspace_id,
        bot_id="B1",
        bot_user_id="UBOT",
        installer_id=ADA,
        installed_at=empty.clock.now(),
    )
    await empty.do(install, new)
    early = await empty.hand_in(by=STRANGER)
    await empty.do(remember, Known(members=PEOPLE))
    posted = [(row["key"], row["target"]) for row in empty.rows("outbox") if row["kind"] == "card"]
    assert posted == [(f"card:{early.number}", ADA), (f"card:{early.number}.2", OLGA)]
