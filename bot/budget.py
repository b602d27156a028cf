"""Social's share of the marketing budget (P30), by the budget that held at the time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from bot.amount import Amount, summed
from bot.spending import Budget, SpendSum, months_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Social's share of the marketing budget of `period`, in percent. Of a period that still runs
    the budget counts for the months that have begun, `months` of `of`, in equal parts. `set_by` is
    what was set, the newest first: of the period itself, or of the year that it has a quarter of.
    """

    period: str
    budget: Amount
    spent: Amount
    months: int
    of: int
    set_by: tuple[Budget, ...] = ()

    @property
    def of_year(self) -> bool:
        """Whether it is a quarter of a year's budget."""
        return any(one.period != self.period for one in self.set_by)

    @property
    def part(self) -> Amount:
        """What of the budget counts, in whole hundredths."""
        hundredths = Decimal(self.budget.thousandths) * self.months / self.of / 10
        return Amount(int(hundredths.quantize(1, ROUND_HALF_UP)) * 10, self.budget.currency)

    @property
    def percent(self) -> Decimal | None:
        """With one digit behind the point; None of a budget of nothing."""
        part = Decimal(self.budget.thousandths) * self.months / self.of
        if not part:
            return None
        return (100 * self.spent.thousandths / part).quantize(Decimal("0.1"), ROUND_HALF_UP)


def share_of(
    period: str, sums: Sequence[SpendSum], budgets: Iterable[Budget], today: date
) -> Share | None:
    """Social's share of the budget of a period; of a quarter without a budget of its own a quarter
    of its year's, as that stood when the quarter ended. None without a budget, and before the
    period. `budgets` are all that were ever set, each period's oldest first.
    """
    since, until = months_of(period)
    set_by = budgets_for(period, budgets)
    begun = (today.year - since.year) * 12 + today.month - since.month + 1
    if not set_by or begun < 1:
        return None
    budget = set_by[0].amount
    if set_by[0].period != period:
        budget = Amount(round(budget.thousandths / 4), budget.currency)
    of = (until.year - since.year) * 12 + until.month - since.month
    spent = next(
        (one for one in summed(one.amount for one in sums) if one.currency == budget.currency),
        Amount(0, budget.currency),
    )
    return Share(
        period=period, budget=budget, spent=spent, months=min(begun, of), of=of, set_by=set_by
    )


def budgets_for(period: str, budgets: Iterable[Budget]) -> tuple[Budget, ...]:
    """What was set for a period, the newest first; for a quarter of which nothing was, what was set
    for its year before the quarter ended. What came later is for the quarters from then on, unless
    there was nothing before: then the first that came.
    """
    every = tuple(budgets)
    own = [one for one in every if one.period == period]
    year = [one for one in every if one.period == period[:4]]
    _, until = months_of(period)
    held = [one for one in year if one.recorded_at.date() < until] or year[:1]
    return tuple(reversed(own or held))
