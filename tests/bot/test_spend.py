"""What social cost: sums to the last digit, cost where the sample carries it, the share."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.amount import Amount
from bot.attribution import attribute
from bot.budget import share_of
from bot.conversion import BUILT_IN, Credit, Lens
from bot.conversions import RecordConversion, Seen, record_conversion
from bot.errors import FieldError, NotAllowedError, NotFoundError
from bot.results import AskResults, see_results
from bot.spend import (
    AskSpend,
    EnterSpend,
    SetBudget,
    SpendMaterial,
    UndoSpend,
    costs_of,
    enter_spend,
    see_spend,
    set_budget,
    undo_spend,
)
from bot.spending import Budget, SpendSum, months_of, name_of_quarter, period_in
from tests.support.core import ADA, CORA, GUS, LEO, SAM, START, Core
from tests.support.storage_examples import make_budget

SIGNUP = BUILT_IN[1]
DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))


async def spend(core: Core, form_id: str = "V1", by: str = CORA, **given: str) -> None:
    given = {"paid": "paid", "amount": "100 EUR", "platform": "linkedin", **given}
    await core.do(enter_spend, EnterSpend(form_id=form_id, actor_id=by, given=given))


async def see(core: Core, period: str = "", by: str = CORA) -> SpendMaterial:
    return await core.ask(see_spend, AskSpend(by, period))


async def sign_ups(core: Core, count: int, platform: str = "linkedin", key: str = "1") -> None:
    command = RecordConversion(
        source="webhook:site",
        external_id=key,
        type_key="signup",
        occurred_at=START,
        count=count,
        last=Seen(platform=platform),
    )
    await core.do(record_conversion, command)


async def test_organic_and_paid_stand_apart_and_add_up(core: Core) -> None:
    await spend(core)
    await spend(core, "V2", amount="0.10 EUR", campaign="More Trials!")
    await spend(core, "V3", paid="organic", amount="9,000 EUR", platform="")
    await spend(core, "V4", month="2026-10-31", amount="5 USD")
    await spend(core, "V4", amount="7 USD")  # the same form again
    await spend(core, "V5", month="2026-09-01", amount="1 EUR")
    found = await see(core)
    assert found.period == "2026-Q4"
    assert found.total() == (Amount(9_100_100, "EUR"), Amount(5_000, "USD"))
    assert found.total(is_paid=True) == (Amount(100_100, "EUR"), Amount(5_000, "USD"))
    assert found.total(is_paid=False) == (Amount(9_000_000, "EUR"),)
    assert {one.campaign for one in found.sums} == {None, "more-trials"}
    assert (await see(core, "2026-Q3")).total() == (Amount(1_000, "EUR"),)
    assert (await see(core, "2026")).total()[0] == Amount(9_101_100, "EUR")


async def test_what_is_undone_does_not_count_and_is_seen(core: Core) -> None:
    await spend(core)
    await core.do(undo_spend, UndoSpend("V1", ADA))
    found = await see(core)
    assert found.sums == ()
    assert found.entered[0].undone_by == ADA
    with pytest.raises(NotFoundError):
        await core.do(undo_spend, UndoSpend("V1", ADA))


@pytest.mark.parametrize(
    "field, value",
    [
        ("paid", ""),
        ("amount", "100"),
        ("amount", "0 EUR"),
        ("month", "2026-12-01"),
        ("campaign", "x" * 61),
        ("campaign", "jo@example.com"),
    ],
)
async def test_a_bad_field_is_told_beside_it(core: Core, field: str, value: str) -> None:
    with pytest.raises(FieldError) as caught:
        await spend(core, **{field: value})
    assert list(caught.value.fields) == [field]


@pytest.mark.parametrize("who", [SAM, GUS, LEO])
async def test_money_is_for_who_acts_for_a_role_and_admins(core: Core, who: str) -> None:
    budget = SetBudget(actor_id=who, given={"period": "2026", "amount": "9 EUR"})
    for attempt in (
        see(core, by=who),
        spend(core, by=who),
        core.do(undo_spend, UndoSpend("V1", who)),
        core.do(set_budget, budget),
    ):
        with pytest.raises(NotAllowedError):
            await attempt
    shown = await core.ask(see_results, AskResults(user_id=who))
    assert (shown.spend, shown.sees_money) == (None, False)
    assert (await core.ask(see_results, AskResults(user_id=CORA))).spend is not None
    assert (await see(core, by=ADA)).sums == ()


async def test_a_cost_is_told_of_a_sample_that_carries_it(core: Core) -> None:
    await spend(core, amount="100 EUR")
    await spend(core, "V2", amount="50 EUR", platform="x")
    await sign_ups(core, 9)
    assert [(one.platform, one.sample, one.each) for one in (await see(core)).costs] == [
        ("linkedin", 9, None)
    ]
    await sign_ups(core, 3, key="2")
    await sign_ups(core, 400, platform="google", key="3")
    (cost,) = (await see(core)).costs
    assert (cost.lens, cost.sample, cost.each) == (Lens.LAST, 12, Amount(8_330, "EUR"))
    await spend(core, "V3", amount="1 USD")
    (cost,) = (await see(core)).costs
    assert cost.each is None  # two currencies are no cost


def test_what_is_unknown_costs_nobody_anything() -> None:
    sums = [
        SpendSum(platform=None, campaign=None, is_paid=False, amount=Amount(900_000, "EUR")),
        SpendSum(platform="x", campaign=None, is_paid=True, amount=Amount(100_000, "EUR")),
    ]
    found = [
        Credit(lens=Lens.LAST, type_key="signup", key=key, count=20, entries=20)
        for key in ("x", None)
    ]
    (cost,) = costs_of(sums, attribute(found, 1000), SIGNUP)
    assert cost.each == Amount(5_000, "EUR")


async def test_the_share_of_the_budget_of_months_that_have_begun(core: Core) -> None:
    await spend(core, amount="940 EUR")
    assert (await see(core)).share is None
    for period, amount in (("2026", "120,000 EUR"), ("2026 q4", "15,000 EUR")):
        given = {"period": period, "amount": amount}
        await core.do(set_budget, SetBudget(actor_id=CORA, given=given))
    share = (await see(core)).share
    assert share is not None
    assert (share.months, share.of, share.percent) == (2, 3, Decimal("9.4"))
    year = (await see(core, "2026")).share
    assert year is not None
    assert (year.months, year.of, year.percent) == (11, 12, Decimal("0.9"))
    with pytest.raises(FieldError):
        await core.do(set_budget, SetBudget(actor_id=CORA, given={"period": "26", "amount": "1"}))
    with pytest.raises(NotFoundError, match="2026-Q4"):
        await see(core, "Q4")


def shared(period: str, budgets: list[Budget], today: date, *spent: Amount) -> Any:
    sums = [SpendSum(platform=None, campaign=None, is_paid=True, amount=one) for one in spent]
    return share_of(period, sums, budgets, today)


def test_a_quarter_without_a_budget_has_a_quarter_of_its_years() -> None:
    share = shared("2026-Q1", [make_budget()], date(2026, 12, 1), Amount(213_750, "EUR"))
    assert (share.budget, share.percent) == (Amount(2_250_000, "EUR"), Decimal("9.5"))
    assert shared("2027-Q1", [make_budget()], date(2027, 12, 1)) is None
    assert shared("2026-Q4", [make_budget()], date(2026, 9, 30)) is None


def set_in(month: int, thousandths: int, period: str = "2026") -> Budget:
    at = datetime(2026, month, 10, tzinfo=UTC)
    return replace(make_budget(period, Amount(thousandths, "EUR")), recorded_at=at)


@pytest.mark.parametrize(
    "period, thousandths",
    [
        ("2026-Q1", 100),  # nothing was set yet: the first that came
        ("2026-Q2", 100),
        ("2026-Q3", 200),
        ("2026-Q4", 75),  # of its own, as corrected
        ("2026", 1200),
    ],
)
def test_an_earlier_quarter_keeps_the_budget_that_held_in_it(period: str, thousandths: int) -> None:
    budgets = [set_in(4, 400), set_in(8, 800), set_in(11, 1200)]
    budgets += [set_in(10, 50, "2026-Q4"), set_in(11, 75, "2026-Q4")]
    share = shared(period, budgets, date(2026, 12, 31), Amount(1, "EUR"))
    assert share.budget == Amount(thousandths, "EUR")
    assert share.of_year is (period in {"2026-Q1", "2026-Q2", "2026-Q3"})
    assert share.set_by[0].recorded_at >= share.set_by[-1].recorded_at


async def test_a_changed_budget_says_who_set_what_when(core: Core) -> None:
    await spend(core, month="2026-11-01")
    for by, amount in ((CORA, "10 EUR"), (ADA, "20 EUR"), (CORA, "20 EUR")):
        given = {"period": "2026-Q4", "amount": amount}
        await core.do(set_budget, SetBudget(actor_id=by, given=given))
    share = (await see(core)).share
    assert share is not None
    told = [(str(one.amount), one.recorded_by) for one in share.set_by]
    assert told == [("20 EUR", ADA), ("10 EUR", CORA)]
    assert share.budget == Amount(20_000, "EUR")


def test_another_currency_is_no_share() -> None:
    share = shared("2026", [make_budget()], date(2026, 12, 31), Amount(5_000, "USD"))
    assert share.spent == Amount(0, "EUR")
    nothing = shared("2026", [make_budget(amount=Amount(0, "EUR"))], date(2026, 12, 31))
    assert nothing.percent is None


@given(DAYS)
def test_a_day_lies_in_its_quarter_and_year(day: date) -> None:
    quarter = name_of_quarter(day)
    since, until = months_of(quarter)
    assert since <= day < until
    first, after = months_of(quarter[:4])
    assert first <= since < until <= after
    assert period_in(quarter.lower()) == quarter
    year, _, number = quarter.partition("-Q")
    for typed in (f"{year} Q{number}", f"Q{number} {year}", f" q{number}/{year} "):
        assert period_in(typed) == quarter


@pytest.mark.parametrize("text", ["", "26", "2026-Q5", "2026-13", "Q4", "1999"])
def test_what_is_no_period(text: str) -> None:
    assert period_in(text) is None
