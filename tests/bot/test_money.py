import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import is_money


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
        "",
    ],
)
def test_what_is_no_money_goes_through(text: str) -> None:
    assert not is_money(text)


@given(st.sampled_from("$€£¥₿₴"), st.text(max_size=20), st.text(max_size=20))
def test_a_currency_sign_is_money_wherever_it_stands(sign: str, before: str, after: str) -> None:
    assert is_money(before + sign + after)
