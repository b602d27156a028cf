import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import is_money, is_money_unit


@pytest.mark.parametrize(
    "text",
    [
        "€",
        "k€",
        "EUR",
        "50k EUR",
        "100 USD a month",
        "Swiss francs",
        "₹",
        "Revenue from social",
        "more REVENUE.",
        "Umsatz",
        "Profit/quarter",
        "Jahresumsatz mit Neukunden",
        "Umsatzziel",
        "Verkaufserlöse",
        "Einnahmen aus Anfragen",
        "Chiffre d'affaires",
        "chiffre d’affaires",
        "argent",
        "Ingresos",
        "facturación",
        "Fatturato",
        "lucro",
        "omzet",
        "przychód",
        "Выручка",
        "年間売上",
        "销售额",
        "MRR",
        "50 Mio. Rubel",
        "EUR revenue",
        "turnover",
        "£",
        "k$",
        "kUSD a month",
        "5,000 NZD",
        "Average order value",
        "Pipeline value",
        "Value of new orders",
        "Lower the cost per lead",
        "ROAS",
        "LTV",
        "Auftragsvolumen 2027",
        "500万円",
        "CA HT",
    ],
)
def test_money_is_seen(text: str) -> None:
    assert is_money(text)


@pytest.mark.parametrize(
    "text",
    [
        "sign-ups",
        "%",
        "per cent",
        "leads",
        "Sales talks",
        "Downloads of the euroguide",
        "pound cakes baked",
        "sales-qualified leads",
        "leads won",
        "Gewinnspiel-Teilnahmen",
        "Chiffres et faits lus",
        "Erlösung",
        "Pesotests",
        "ALL leads",
        "PHP downloads",
        "CAD files sent",
        "kr",
        "pounds of flour",
        "Values shown",
        "Testers at no cost",
        "Orders",
        "",
    ],
)
def test_what_is_no_money_goes_through(text: str) -> None:
    assert not is_money(text)


@pytest.mark.parametrize(
    "unit",
    [
        *("kr", "pounds", "Quid", "Kč", "zł", "eur", "nok", "keur", "PHP", "CAD", "in Rs", "円"),
        *("ct", "1000 kr per month", "k$", "Mio. EUR", "Umsatz"),
    ],
)
def test_a_unit_is_money_by_short_words_too(unit: str) -> None:
    assert is_money_unit(unit)


@pytest.mark.parametrize(
    "unit",
    [
        *("leads", "%", "per cent", "thousand", "pens", "pen", "tries", "k", "", "cup", "kg"),
        *("people a month", "pounds of flour"),
    ],
)
def test_a_unit_of_something_else_goes_through(unit: str) -> None:
    assert not is_money_unit(unit)


@given(st.sampled_from("$€£¥₿₴"), st.text(max_size=20), st.text(max_size=20))
def test_a_currency_sign_is_money_wherever_it_stands(sign: str, before: str, after: str) -> None:
    assert is_money(before + sign + after)
