"""Personal data goes when the set-up says so, by the tick that tidies."""

from dataclasses import replace
from datetime import timedelta

from bot.desk import Desk
from bot.ports import Transaction
from bot.retention import MONTH
from tests.support.desk import Scene
from tests.support.words import SECRET, asked, hinted, now, press


async def test_what_has_ended_loses_its_personal_data_at_its_time(at_work: Scene) -> None:
    s = at_work
    await s.apply(replace(await _desk(s), keep_personal_months=2))
    card = await hinted(s)
    await asked(s, s.lena, card, f"Is {SECRET} free?")
    await press(s, s.lena, card, "triage.decline", "Decline")
    await s.lena.submit({"reason": "timing", "note": "Later"})
    await s.settle()
    ended = s.clock.now()
    await hinted(s)
    await s.jump(ended + 2 * MONTH - timedelta(days=1))
    await s.desk.ticks.tidy()
    assert await _left(s, 1) == (True, True)
    await s.jump(ended + 2 * MONTH + timedelta(seconds=1))
    await s.desk.ticks.tidy()
    assert await _left(s, 1) == (False, False)
    assert await _left(s, 2) == (True, False)
    await s.lena.click(now(s, card), "triage.open")
    shown = str(s.modal(s.lena).blocks)
    assert SECRET not in shown
    assert "A pump for a ship" in shown


async def _desk(s: Scene) -> Desk:
    return await s.desk.database.read(
        s.desk.identity.workspace_id, lambda tx, _, __: tx.desk.load(), None, s.clock.now()
    )


async def _left(s: Scene, number: int) -> tuple[bool, bool]:
    """Whether personal fields and texts of a submission are stored."""

    def look(tx: Transaction, of: int, _: object) -> tuple[bool, bool]:
        return bool(tx.submissions.personal(of)), bool(tx.conversations.of(of))

    return await s.desk.database.read(s.desk.identity.workspace_id, look, number, s.clock.now())
