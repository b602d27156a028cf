"""An amount of money: exact, in one currency; never rounded on the way, never mixed."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

from typing_extensions import override

from bot.text import one_line

_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
    CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD
    KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO
    NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE
    SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV
    WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())
"""The codes of ISO 4217 that money is counted in."""

_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN"}
_NAMES = {"euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "pounds": "GBP"}
_GROUPS = re.compile(r"(?<=\d)[ '’](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MOST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Amount:
    """So many thousandths of a currency's unit, which no currency divides any finer; its code as
    in ISO 4217.
    """

    thousandths: int
    currency: str

    @classmethod
    def of(cls, value: Decimal | str, currency: str) -> Self:
        """What a machine says: "99.50", "EUR".

        Raises ValueError for what is no amount from 0 to a million millions in a known currency.
        """
        code = currency.strip().upper()
        if code not in CURRENCIES:
            msg = f"There is no currency “{code}”: a code like EUR is needed."
            raise ValueError(msg)
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not 0 <= number <= MOST or number * 1000 % 1:
            msg = "An amount looks like 1234.50."
            raise ValueError(msg)
        return cls(int(number * 1000), code)

    @property
    def value(self) -> Decimal:
        """In units of its currency."""
        return Decimal(self.thousandths) / 1000

    @override
    def __str__(self) -> str:
        """As people read it: "1,234.50 EUR"; whole units without their zeros."""
        if self.thousandths % 1000 == 0:
            return f"{self.thousandths // 1000:,} {self.currency}"
        digits = 3 if self.thousandths % 10 else 2
        return f"{self.value:,.{digits}f} {self.currency}"


def amount_in(text: str, *, currency: str | None = None) -> Amount:
    """What a person typed: "1,234.50 EUR", "1.234,50 €", "99" where `currency` is known.

    The last comma or point separates what is less than a unit, if one or two digits follow it and
    no three: "1,234" is more than a thousand. Raises ValueError with a sentence.
    """
    plain = unicodedata.normalize("NFKC", one_line(text))
    plain = _GROUPS.sub("", plain)
    numbers = _NUMBER.findall(plain)
    if len(numbers) != 1 or "-" in plain:
        msg = "An amount looks like 1,234.50 EUR."
        raise ValueError(msg)
    code = _code_in(plain.replace(numbers[0], " ", 1)) or currency
    if code is None:
        msg = "Please say the currency as well: 1,234.50 EUR."
        raise ValueError(msg)
    return Amount.of(_decimal(numbers[0]), code)


def _code_in(rest: str) -> str | None:
    """The currency beside the number, None when there is none; raises ValueError for a riddle."""
    words = rest.strip(" .").lower()
    if not words:
        return None
    found = _SIGNS.get(words) or _NAMES.get(words) or words.upper()
    if found not in CURRENCIES:
        msg = "Please write the amount with its currency: 1,234.50 EUR."
        raise ValueError(msg)
    return found


def _decimal(number: str) -> str:
    """The number with a point before what is less than a unit, and no other mark."""
    at = max(number.rfind("."), number.rfind(","))
    if at < 0:
        return number
    whole, part = number[:at], number[at + 1 :]
    if len(part) == 3 or number[at] in whole:
        whole, part = whole + part, "0"
    return f"{re.sub('[.,]', '', whole)}.{part}"


def summed(amounts: Iterable[Amount]) -> tuple[Amount, ...]:
    """One sum per currency, by code: there is no rate at which they could be mixed."""
    sums: dict[str, int] = {}
    for one in amounts:
        sums[one.currency] = sums.get(one.currency, 0) + one.thousandths
    return amounts_of(sums)


def amounts_of(sums: Mapping[str, int]) -> tuple[Amount, ...]:
    """Thousandths by currency, as amounts in the order of their codes."""
    return tuple(Amount(sums[code], code) for code in sorted(sums))


def in_words(amounts: Iterable[Amount]) -> str:
    """Several currencies beside each other: "1,200 EUR and 90 USD"."""
    return " and ".join(map(str, amounts))
