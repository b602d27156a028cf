from dataclasses import replace
from datetime import timedelta

from bot.firing import FireTimer, fire_timer
from bot.home import AskHome, home
from bot.lifecycle import Verb
from bot.lists import AskFor, mine, queue, roles_to_watch
from tests.support.core import (
    ADA,
    BOB,
    CONRAD,
    CORA,
    GUIDO,
    LENA,
    LEO,
    OLGA,
    SAM,
    SUE,
    Core,
    a_desk,
)


async def numbers(core: Core, user: str, limit: int = 10) -> tuple[list[int], int]:
    found = await core.ask(queue, AskFor(user, limit))
    return [one.number for one in found.waiting.items], found.waiting.total


async def to_publish(core: Core, user: str, limit: int = 10) -> tuple[list[int], int]:
    found = await core.ask(queue, AskFor(user, limit))
    return [one.number for one in found.to_publish.items], found.to_publish.total


async def test_mine_are_the_newest_first_and_all_are_counted(core: Core) -> None:
    for number in range(23):
        await core.hand_in(by=SUE if number == 3 else SAM)
    page = await core.ask(mine, AskFor(SAM))
    newest = [number for number in range(23, 1, -1) if number != 4]
    assert [one.number for one in page.items] == newest[:20]
    assert (page.total, page.now) == (22, core.clock.now())
    assert page.roles["content_lead"] == "Content lead"
    rest = await core.ask(mine, AskFor(SAM, limit=2))
    assert ([one.number for one in rest.items], rest.total) == ([23, 22], 22)
    nobody = await core.ask(mine, AskFor(CORA))
    assert (nobody.items, nobody.total) == ((), 0)


async def test_mine_shows_what_was_decided_too(core: Core) -> None:
    declined = await core.hand_in()
    await core.step(declined, Verb.DECLINE, reason="timing", note="Later.")
    (shown,) = (await core.ask(mine, AskFor(SAM))).items
    assert shown.decline_reason == "timing"


async def test_the_queue_has_what_is_undecided_first_due_first(core: Core) -> None:
    await core.set_up(a_desk(lead_desk=(CORA,)))
    first, second, third = [await core.hand_in() for _ in range(3)]
    core.clock.forward(hours=1)
    lead = await core.hand_in("lead")
    assert lead.due_at < first.due_at
    await core.step(second, Verb.TAKE)
    await core.step(third, Verb.ACCEPT)
    assert await numbers(core, CORA) == ([4, 1, 2], 3)
    assert await numbers(core, CORA, limit=1) == ([4], 3)


async def test_what_was_accepted_waits_to_be_published_until_it_is(core: Core) -> None:
    await core.set_up(a_desk(lead_desk=(CORA,)))
    handed_in = [await core.hand_in(kind) for kind in ("idea", "idea", "idea", "lead")]
    first, second, third, lead = handed_in
    await core.step(second, Verb.DECLINE, reason="timing", note="Later.")
    passed_on = await core.step(lead, Verb.PASS_ON, to="Nina")
    assert await to_publish(core, CORA) == ([4], 1)
    await core.step(passed_on, Verb.WIN)
    assert await to_publish(core, CORA) == ([], 0)
    await core.step(third, Verb.ACCEPT)
    core.clock.forward(hours=1)
    accepted = await core.step(first, Verb.ACCEPT)
    assert await to_publish(core, CORA) == await to_publish(core, CONRAD) == ([3, 1], 2)
    assert await to_publish(core, CORA, limit=1) == ([3], 2)
    assert await to_publish(core, SAM) == await to_publish(core, LENA) == ([], 0)
    assert await numbers(core, CORA) == ([], 0)
    await core.step(accepted, Verb.PUBLISH, link="https://example.com/p")
    assert await to_publish(core, CORA) == ([3], 1)


async def test_each_sees_their_roles_only(core: Core) -> None:
    await core.hand_in("idea")
    await core.hand_in("lead")
    await core.hand_in("testimonial")
    assert await numbers(core, CORA) == ([1], 1)
    assert await numbers(core, LENA) == await numbers(core, GUIDO) == ([2], 1)
    assert await numbers(core, SAM) == ([], 0)
    assert await numbers(core, ADA) == await numbers(core, OLGA) == ([3], 1)
    assert await numbers(core, LEO) == await numbers(core, BOB) == ([], 0)


async def test_the_roles_that_a_person_watches(core: Core) -> None:
    desk = await core.set_up(a_desk(advocacy_lead=(ADA, LEO), content_lead=(LEO,)))
    watched = await core.read(
        lambda tx: {user: roles_to_watch(tx, desk, user) for user in (ADA, OLGA, SAM, LENA)}
    )
    assert watched == {
        ADA: ("social_lead", "content_lead", "advocacy_lead"),
        OLGA: ("social_lead", "content_lead"),
        SAM: (),
        LENA: ("lead_desk",),
    }


async def test_who_stands_in_for_a_role_watches_it_too(core: Core) -> None:
    held = {"content_lead": (LEO,), "advocacy_lead": (), "social_lead": (SUE,)}
    desk = await core.set_up(a_desk(**held))
    watched = await core.read(
        lambda tx: {user: roles_to_watch(tx, desk, user) for user in (SUE, ADA, LEO)}
    )
    assert watched == {SUE: ("social_lead", "content_lead", "advocacy_lead"), ADA: (), LEO: ()}


async def test_what_waits_in_a_role_that_was_merged_away_is_in_the_fallbacks_queue(
    core: Core,
) -> None:
    desk = a_desk(social_lead=(SUE,))
    extra = replace(desk.roles["lead_desk"], role_id="extra", holders=(CORA,))
    await core.set_up(replace(desk, roles={**desk.roles, "extra": extra}))
    submission = await core.hand_in()
    moved = replace(submission, role_id="extra", version=2)
    assert await core.write(lambda tx: tx.submissions.update(moved, expected_version=1))
    await core.hand_in()
    await core.set_up(desk)
    core.clock.at += timedelta(minutes=1)
    assert await numbers(core, SUE) == ([1], 1)
    accepted = await core.step(moved, Verb.ACCEPT, by=SUE)
    core.clock.at += timedelta(minutes=1)
    assert await to_publish(core, SUE) == ([1], 1)
    await core.step(accepted, Verb.PUBLISH, by=SUE, link="https://example.com/p")
    assert await to_publish(core, SUE) == await numbers(core, SUE) == ([], 0)
    assert await numbers(core, CORA) == ([2], 1)
    assert await numbers(core, ADA) == ([], 0)


async def test_who_is_called_in_finds_it_in_their_queue_and_home(core: Core) -> None:
    desk = a_desk(social_lead=(SUE,))
    content = replace(desk.roles["content_lead"], backups=(LENA,))
    await core.set_up(replace(desk, roles={**desk.roles, "content_lead": content}))

    async def found(user: str) -> list[int]:
        shown = (await core.ask(home, AskHome(user))).queue
        listed, total = await numbers(core, user)
        assert [one.number for one in shown.waiting.items] == listed if shown else not total
        return listed

    submission = await core.hand_in()
    late = await core.hand_in("lead")
    assert await found(LENA) == [late.number]
    assert await found(SUE) == []
    core.clock.at = submission.due_at
    await core.do(fire_timer, FireTimer(submission.number))
    assert await found(LENA) == [late.number, submission.number]
    assert await found(SUE) == []
    core.clock.forward(days=5)
    await core.do(fire_timer, FireTimer(submission.number))
    assert await found(SUE) == [submission.number]
    assert await found(ADA) == []
    await core.step(submission, Verb.ACCEPT, by=SUE)
    assert await found(LENA) == [late.number]
    assert await found(SUE) == []


async def test_the_admin_who_is_called_in_finds_it_and_has_no_empty_queue_before(
    core: Core,
) -> None:
    await core.set_up(a_desk(social_lead=(SUE,), advocacy_lead=(SUE,)))
    submission = await core.hand_in("testimonial")
    assert (await core.ask(home, AskHome(ADA))).queue is None
    core.clock.at = submission.due_at
    await core.do(fire_timer, FireTimer(1))
    shown = (await core.ask(home, AskHome(ADA))).queue
    assert shown is not None
    assert (shown.waiting.total, shown.to_publish.total) == (1, 0)
    assert (await core.ask(home, AskHome(OLGA))).queue is None
