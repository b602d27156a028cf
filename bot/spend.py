"""What social cost: entered by month, organic apart from paid, beside what it brought (P27, P30).

Money is an outcome here and never a goal (P20). Only who acts for a role and admins see it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from bot.amount import Amount, amount_in, summed
from bot.attribution import Attribution, attribute
from bot.budget import Share, share_of
from bot.conversion import ConversionType, Dimension, Lens, types_of
from bot.conversions import platform_of
from bot.entering import check_team
from bot.errors import FieldError, NotFoundError
from bot.links import slug
from bot.people import today_of, zone_of
from bot.periods import instant
from bot.ports import Transaction
from bot.spending import Budget, Spend, SpendSum, months_of, name_of_quarter, period_in
from bot.text import day_in, one_line

PUBLISHED = (("then", "9.4"), ("a year on", "13.2"), ("five years on", "21.4"))
"""Social's share of the marketing budget, in percent, as marketers said it in the survey behind
P30: what they spent then, and what they expected to spend within one year and within five.
"""

LEAST = 10
"""How many conversions a cost must be of: of fewer, one more or less changes it by a tenth."""

SHOWN = 5

MONTH, AMOUNT, PLATFORM, CAMPAIGN, PAID = "month", "amount", "platform", "campaign", "paid"
PERIOD = "period"
"""The questions of the forms; also the names under which they say what is wrong."""

BOTH = ("organic", "paid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one conversion of a type cost on a platform: `each` by the lens that knows most of them;
    None where the sample does not carry it. `platform` None: all of them together.
    """

    platform: str | None
    type: ConversionType
    lens: Lens
    sample: int
    each: Amount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendMaterial:
    """What was spent in a period, what one conversion cost in it, and social's share. `entered` is
    what was entered last, undone ones included.
    """

    period: str
    sums: tuple[SpendSum, ...]
    costs: tuple[Cost, ...] = ()
    share: Share | None = None
    entered: tuple[Spend, ...] = ()

    def total(self, *, is_paid: bool | None = None) -> tuple[Amount, ...]:
        """All of it, or what was paid for media, or what organic work cost."""
        return summed(one.amount for one in self.sums if is_paid is None or one.is_paid is is_paid)


@dataclass(frozen=True, slots=True)
class AskSpend:
    """Somebody asks what was spent; `period` is what they typed, this quarter when it is empty."""

    user_id: str
    period: str = ""


def see_spend(tx: Transaction, command: AskSpend, now: datetime) -> SpendMaterial:
    """What was spent. Raises NotAllowedError, and NotFoundError for what is no period."""
    check_team(tx, command.user_id)
    today = today_of(tx.members.get(command.user_id), now)
    period = period_in(command.period) if command.period else name_of_quarter(today)
    if period is None:
        raise NotFoundError("A period looks like 2026 or 2026-Q4.")
    return spent_in(tx, period, today, zone_of(tx.members.get(command.user_id)))


def spent_in(tx: Transaction, period: str, today: date, tz: str) -> SpendMaterial:
    """What was spent in a period and what it brought, up to `today`, in the days of `tz`."""
    since, until = months_of(period)
    sums = tx.spend.sums(since, until)
    return SpendMaterial(
        period=period,
        sums=sums,
        costs=_costs(tx, sums, instant(since, time.min, tz), instant(until, time.min, tz)),
        share=share_of(period, sums, tx.spend.budgets(), today),
        entered=tx.spend.entered(limit=SHOWN),
    )


def _costs(
    tx: Transaction, sums: Sequence[SpendSum], since: datetime, until: datetime
) -> tuple[Cost, ...]:
    """What one conversion cost, of each type and platform that something was spent on."""
    if not sums:
        return ()
    types = types_of(tx.desk.load().conversion_types)
    counted = tx.conversions.credits(Dimension.PLATFORM, since, until)
    found: list[Cost] = []
    for total in tx.conversions.totals(since, until):
        type_ = types.get(total.type_key)
        if type_ is not None:
            of_type = [credit for credit in counted if credit.type_key == total.type_key]
            found += costs_of(sums, attribute(of_type, total.count), type_)
    return tuple(found)


def costs_of(
    sums: Sequence[SpendSum], attribution: Attribution, type_: ConversionType
) -> tuple[Cost, ...]:
    """What one conversion of a type cost on each platform that something was spent on, by the lens
    that knows most of them. What can't be put down to a platform costs nobody anything.
    """
    lens = max(Lens, key=lambda one: attribution.known.get(one, 0))
    counts = {row.key: row[lens] for row in attribution.rows}
    platforms = dict.fromkeys(one.platform for one in sums if one.platform)
    return tuple(
        _cost(platform, type_, lens, counts[platform], sums)
        for platform in platforms
        if counts.get(platform)
    )


def _cost(
    platform: str, type_: ConversionType, lens: Lens, sample: int, sums: Sequence[SpendSum]
) -> Cost:
    spent = summed(one.amount for one in sums if one.platform == platform)
    each = None
    if sample >= LEAST and len(spent) == 1:
        # Of what is less than a hundredth nobody pays a bill.
        hundredths = (Decimal(spent[0].thousandths) / 10 / sample).quantize(1, ROUND_HALF_UP)
        each = Amount(int(hundredths) * 10, spent[0].currency)
    return Cost(platform=platform, type=type_, lens=lens, sample=sample, each=each)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterSpend:
    """The form came back; `form_id` makes the entry once."""

    form_id: str
    actor_id: str
    given: Mapping[str, str] = field(default_factory=dict)


def enter_spend(tx: Transaction, command: EnterSpend, now: datetime) -> Spend:
    """Store what was spent.

    Raises NotAllowedError, and FieldError with a sentence per bad field.
    """
    check_team(tx, command.actor_id)
    given = {name: one_line(value) for name, value in command.given.items()}
    errors: dict[str, str] = {}
    today = today_of(tx.members.get(command.actor_id), now)
    month = day_in(given.get(MONTH, "")) or today
    if month.replace(day=1) > today:
        errors[MONTH] = "This month is still to come."
    if given.get(PAID) not in BOTH:
        errors[PAID] = "Please choose: paid media, or the cost of organic work."
    if len(given.get(CAMPAIGN, "")) > 60 or "@" in given.get(CAMPAIGN, ""):
        errors[CAMPAIGN] = "60 characters at most, and nobody's address."
    amount = _amount(given.get(AMOUNT, ""), errors)
    if errors or amount is None:
        raise FieldError(errors)
    spend = Spend(
        spend_id=command.form_id,
        month=month.replace(day=1),
        platform=platform_of(given.get(PLATFORM, "")),
        campaign=slug(given.get(CAMPAIGN, "")) or None,
        is_paid=given[PAID] == "paid",
        amount=amount,
        recorded_at=now,
        recorded_by=command.actor_id,
    )
    tx.spend.add(spend)
    return spend


def _amount(text: str, errors: dict[str, str]) -> Amount | None:
    try:
        amount = amount_in(text)
    except ValueError as error:
        errors[AMOUNT] = str(error)
        return None
    if not amount.thousandths:
        errors[AMOUNT] = "Please give an amount that is more than nothing."
        return None
    return amount


@dataclass(frozen=True, slots=True)
class UndoSpend:
    """Somebody takes an entry back."""

    spend_id: str
    actor_id: str


def undo_spend(tx: Transaction, command: UndoSpend, now: datetime) -> None:
    """It does not count any more, and stays on record. Raises NotAllowedError and NotFoundError."""
    check_team(tx, command.actor_id)
    if not tx.spend.undo(command.spend_id, now, command.actor_id):
        raise NotFoundError("This was undone before. It does not count any more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBudget:
    """The form of a marketing budget came back."""

    actor_id: str
    given: Mapping[str, str] = field(default_factory=dict)


def set_budget(tx: Transaction, command: SetBudget, now: datetime) -> Budget:
    """Store the marketing budget of a period; an older one stays on record. The same once more
    changes nothing. Raises as `enter_spend` does.
    """
    check_team(tx, command.actor_id)
    errors: dict[str, str] = {}
    period = period_in(one_line(command.given.get(PERIOD, "")))
    if period is None:
        errors[PERIOD] = "A period looks like 2026 or 2026-Q4."
    amount = _amount(one_line(command.given.get(AMOUNT, "")), errors)
    if errors or amount is None or period is None:
        raise FieldError(errors)
    budget = Budget(period=period, amount=amount, recorded_at=now, recorded_by=command.actor_id)
    tx.spend.set_budget(budget)
    return budget
