from dataclasses import replace

from bot.lifecycle import State, Verb
from bot.ports import Transaction
from bot.submission import HistoryEntry
from tests.support.storage_examples import DAY, NOW, Workspace, make_entry, make_submission

HANDED_IN = make_entry(1, 1)
TAKEN = make_entry(
    1, 2, verb=Verb.TAKE, from_state=State.NEW, to_state=State.TAKEN, at=NOW + DAY, actor_id="U2"
)
OPENED = make_entry(
    1,
    3,
    verb=Verb.OPEN,
    from_state=State.TAKEN,
    to_state=State.TAKEN,
    detail={"why": "schön"},
)


async def append(here: Workspace, *entries: HistoryEntry) -> None:
    def write(tx: Transaction) -> None:
        for entry in entries:
            tx.history.append(entry)

    await here.write(write)


async def test_entries_come_back_in_order(here: Workspace) -> None:
    await here.add(make_submission(1))
    await here.add(make_submission(2))
    await append(here, HANDED_IN, TAKEN, OPENED, make_entry(2, 1))
    assert await here.read(lambda tx: tx.history.of(1)) == (HANDED_IN, TAKEN, OPENED)
    assert await here.read(lambda tx: tx.history.get(1, 2)) == TAKEN
    assert await here.read(lambda tx: tx.history.get(1, 9)) is None
    assert await here.read(lambda tx: tx.history.next_seq(1)) == 4
    assert await here.read(lambda tx: tx.history.next_seq(7)) == 1


async def test_the_last_change_is_not_an_opening(here: Workspace) -> None:
    await here.add(make_submission(1))
    assert await here.read(lambda tx: tx.history.last_change(1)) is None
    for entry, newest in ((HANDED_IN, HANDED_IN), (TAKEN, TAKEN), (OPENED, TAKEN)):
        await append(here, entry)
        assert await here.read(lambda tx: tx.history.last_change(1)) == newest


async def test_the_last_change_may_leave_the_state_as_it_was(here: Workspace) -> None:
    await here.add(make_submission(1))
    put_off = replace(OPENED, verb=Verb.SNOOZE)
    await append(here, HANDED_IN, TAKEN, put_off)
    assert await here.read(lambda tx: tx.history.last_change(1)) == put_off
