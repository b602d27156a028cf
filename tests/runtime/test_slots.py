"""Slots: workspaces take turns, what somebody waits for goes first, nobody fills all of them."""

import asyncio
import contextlib

from bot.ports import LaneRef
from runtime.slots import LONG, Slots


class Hall:
    """Lanes that come for a slot and stay until they are told to go."""

    def __init__(self, most: int, share: int) -> None:
        self.slots = Slots(most, share)
        self.inside: list[str] = []
        self._doors: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(
        self, workspace_id: str, *names: str, is_urgent: bool = True, goes_on: bool = False
    ) -> None:
        for name in names:
            ref = LaneRef(workspace_id, name, is_urgent=is_urgent)
            self._doors[name] = asyncio.Event()
            self.tasks[name] = asyncio.ensure_future(self._stay(ref, goes_on))
        await self.settled()

    async def go(self, *names: str) -> None:
        for name in names:
            self._doors[name].set()
        await self.settled()

    async def settled(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    async def _stay(self, ref: LaneRef, goes_on: bool) -> None:
        async with self.slots.of(ref, goes_on=goes_on):
            self.inside.append(ref.lane)
            await self._doors[ref.lane].wait()
            self.inside.remove(ref.lane)


async def test_a_workspace_alone_may_have_all_slots() -> None:
    hall = Hall(4, 2)
    await hall.come("T1", *"abcdef")
    assert hall.inside == [*"abcd"]
    await hall.go("a")
    assert hall.inside == [*"bcde"]


async def test_where_there_are_several_each_has_its_share_at_most() -> None:
    hall = Hall(4, 2)
    await hall.come("T2", "x")
    await hall.go("x")
    await hall.come("T1", *"abcdef")
    assert hall.inside == [*"ab"]
    await hall.come("T2", "y")
    assert hall.inside == [*"aby"]
    await hall.go("a")
    assert hall.inside == [*"byc"]


async def test_workspaces_take_turns() -> None:
    hall = Hall(1, 1)
    await hall.come("T1", *"abcd")
    await hall.come("T2", *"xy")
    order = []
    for _ in range(6):
        (now,) = hall.inside
        order.append(now)
        await hall.go(now)
    assert order == [*"abxcyd"]


async def test_what_somebody_waits_for_goes_first_in_any_workspace() -> None:
    hall = Hall(1, 1)
    await hall.come("T1", "a")
    await hall.come("T1", "home:U1", "home:U2", is_urgent=False)
    await hall.come("T2", "b", "c")
    order = []
    for _ in range(5):
        (now,) = hall.inside
        order.append(now)
        await hall.go(now)
    assert order == ["a", "b", "c", "home:U1", "home:U2"]


async def test_who_gives_up_waiting_takes_no_slot() -> None:
    hall = Hall(1, 1)
    await hall.come("T1", *"abc")
    hall.tasks["b"].cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await hall.tasks["b"]
    await hall.go("a")
    assert hall.inside == ["c"]
    await hall.go("c")
    await hall.come("T1", "d")
    assert hall.inside == ["d"]


async def test_who_is_let_in_and_cancelled_at_once_gives_the_slot_back() -> None:
    slots = Slots(1, 1)
    first, second = LaneRef("T1", "a"), LaneRef("T1", "b")
    entered: list[LaneRef] = []

    async def enter(ref: LaneRef) -> None:
        async with slots.of(ref):
            entered.append(ref)

    async with slots.of(first):
        task = asyncio.ensure_future(enter(second))
        await asyncio.sleep(0)
    task.cancel()  # its turn has come, and it has not run since
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await enter(first)
    assert entered == [first]


async def test_a_long_line_takes_a_few_more_in_its_turn() -> None:
    """Of what nobody waits for: Slack lets the workspace with the most through last."""
    hall = Hall(1, 1)
    await hall.come("T1", *(f"a{place}" for place in range(2 * LONG + 2)), is_urgent=False)
    await hall.come("T2", "x", "y", is_urgent=False)
    order = []
    for _ in range(8):
        (now,) = hall.inside
        order.append(now)
        await hall.go(now)
    assert order == ["a0", "a1", "a2", "x", "a3", "a4", "y", "a5"]


async def test_what_somebody_waits_for_comes_one_by_one_however_long_the_line() -> None:
    hall = Hall(1, 1)
    await hall.come("T1", *(f"a{place}" for place in range(2 * LONG + 2)))
    await hall.come("T2", "x", "y")
    order = []
    for _ in range(4):
        (now,) = hall.inside
        order.append(now)
        await hall.go(now)
    assert order == ["a0", "a1", "x", "a2"]


async def test_lanes_that_go_on_come_behind_those_that_nobody_has_looked_at() -> None:
    hall = Hall(1, 1)
    await hall.come("T1", "now")
    await hall.come("T1", "thread", is_urgent=False, goes_on=True)
    await hall.come("T1", "digest", is_urgent=False)
    await hall.come("T1", "card", goes_on=True)
    order = []
    for _ in range(4):
        (now,) = hall.inside
        order.append(now)
        await hall.go(now)
    assert order == ["now", "card", "digest", "thread"]
