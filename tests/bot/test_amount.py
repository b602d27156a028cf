from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.amount import CURRENCIES, MOST, Amount, amount_in, in_words, summed

amounts = st.builds(Amount, st.integers(0, int(MOST) * 1000), st.sampled_from(sorted(CURRENCIES)))


@pytest.mark.parametrize(
    "typed, read",
    [
        ("99 EUR", "99 EUR"),
        ("€ 1,234.50", "1,234.50 EUR"),
        ("1.234,50 €", "1,234.50 EUR"),
        ("1,234 usd", "1,234 USD"),
        ("1.234 euros", "1,234 EUR"),
        ("CHF 1'234.50", "1,234.50 CHF"),
        ("1 234 567,5 kr".replace("kr", "SEK"), "1,234,567.50 SEK"),
        ("0,9 €", "0.90 EUR"),
        ("12.34.56 EUR", "123,456 EUR"),
    ],
)
def test_people_write_amounts_in_many_ways(typed: str, read: str) -> None:
    assert str(amount_in(typed)) == read


@pytest.mark.parametrize(
    "typed, word",
    [
        ("99", "currency"),
        ("-5 EUR", "looks like"),
        ("5 apples", "currency"),
        ("5 EUR or 6 EUR", "looks like"),
        ("EUR", "looks like"),
        ("9999999999999 EUR", "looks like"),
    ],
)
def test_a_riddle_is_asked_about(typed: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        amount_in(typed)


def test_a_known_currency_need_not_be_typed() -> None:
    assert amount_in("12.50", currency="EUR") == Amount(12_500, "EUR")
    assert amount_in("12.50 USD", currency="EUR").currency == "USD"


@pytest.mark.parametrize("value", ["x", "NaN", "-1", "1e13", "0.0001", "Infinity"])
def test_machines_are_taken_at_their_word(value: str) -> None:
    with pytest.raises(ValueError, match="looks like"):
        Amount.of(value, "EUR")
    with pytest.raises(ValueError, match="no currency"):
        Amount.of("1", "EURO")
    assert Amount.of(Decimal("0.125"), " kwd ") == Amount(125, "KWD")


@given(amounts)
def test_what_is_shown_is_read_back(amount: Amount) -> None:
    if amount.thousandths % 10 == 0:  # three digits behind a mark are thousands, when typed
        assert amount_in(str(amount)) == amount
    assert Amount.of(amount.value, amount.currency) == amount


@given(st.lists(amounts))
def test_sums_are_exact_in_any_order_and_never_mixed(found: list[Amount]) -> None:
    total = summed(found)
    assert summed(reversed(found)) == total
    assert len({one.currency for one in total}) == len(total)
    assert sum(one.thousandths for one in total) == sum(one.thousandths for one in found)


def test_several_currencies_stand_beside_each_other() -> None:
    assert in_words((Amount(1_000_000, "EUR"), Amount(500, "USD"))) == "1,000 EUR and 0.50 USD"
