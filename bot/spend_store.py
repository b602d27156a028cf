"""What the core asks the storage about spending."""

from datetime import date, datetime
from typing import Protocol

from bot.spending import Budget, Spend, SpendSum


class SpendStore(Protocol):
    """What was spent, and the marketing budget. What was undone is on record, and not counted."""

    def add(self, spend: Spend) -> bool:
        """Store it; False when its id is taken: the same form, sent twice."""
        ...

    def undo(self, spend_id: str, now: datetime, actor_id: str) -> bool:
        """It does not count any more; False when there is none, or it was undone before."""
        ...

    def entered(self, *, limit: int) -> tuple[Spend, ...]:
        """What was entered last, undone ones included."""
        ...

    def sums(self, since: date, until: date) -> tuple[SpendSum, ...]:
        """What was spent in the months from `since` on and before `until`, by platform, campaign,
        organic or paid, and currency.
        """
        ...

    def set_budget(self, budget: Budget) -> None:
        """Store the budget of a period; what it was before stays on record. The same amount as
        it is changes nothing.
        """
        ...

    def budgets(self) -> tuple[Budget, ...]:
        """All that were ever set, by period, and of each the oldest first."""
        ...
