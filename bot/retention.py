"""Personal data does not stay for ever where the set-up says how long it is kept."""

from datetime import datetime, timedelta

from bot.erasing import erase_quietly
from bot.lifecycle import DESK
from bot.ports import Transaction

MONTH = timedelta(days=31)
"""What counts as a month: nothing goes before it may."""

STEP = 20
"""How many submissions one transaction goes through, so that nobody waits for it."""


def forget_outworn(tx: Transaction, _command: None, now: datetime) -> int:
    """Erase personal fields and conversations of the next submissions that ended longer ago than
    the set-up keeps them; how many there were, at most STEP. Nothing where it does not say.

    The history of each tells it. What a publication rests on is kept (`rests_on_consent`).
    """
    months = tx.desk.load().keep_personal_months
    if months is None:
        return 0
    found = tx.erasure.outworn(now - months * MONTH, limit=STEP)
    for number in found:
        erase_quietly(tx, number, DESK, now)
    return len(found)
