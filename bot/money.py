"""Money is an outcome, not a goal (P20): the rule that sees it."""

import re
import unicodedata

from bot.amount import CURRENCIES
from bot.text import folded

_NAMES = """
    euro euros eur teur keur meur dollar dollars usd sterling gbp franc francs chf yen jpy yuan cny
    rupee rupees inr krona kronor krone kroner sek nok dkk zloty pln aud money cash revenue
    revenues turnover profit profits income earnings umsatz gewinn erlös erlöse geld
    rubel ruble rubles rouble roubles рублей рубли peso pesos reais lira forint hryvnia shekel
    dirham baht bitcoin btc mrr arr gmv ebit ebitda
    umsätze umsätzen gewinne einnahmen ertrag erträge marge margin
    argent bénéfice bénéfices omzet winst dinero ingresos facturación ganancias
    fatturato ricavi denaro soldi dinheiro faturamento faturação lucro lucros
    przychód przychody zysk omsättning omsætning omsetning intäkter tržby zisk
    выручка доход доходы прибыль деньги ciro gelir
    cents pence złoty zlotys złotych incomes proceeds takings billings cashflow profitability
    fundraising roi roas aov arpu ltv clv acv tcv cpl cpa cpc cpm deckungsbeitrag rendite
"""
_WORDS = frozenset(folded(_NAMES).split())
_STEMS = tuple(
    folded(stem)
    for stem in (
        *("umsatz", "umsätz", "verkaufserlös", "auftragswert", "bestellwert", "warenkorbwert"),
        *("auftragsvolumen", "rentabilität", "profitabilität", "万円", "万元", "千円", "亿元"),
        *("売上", "収益", "营业额", "销售额", "營業額", "銷售額", "매출"),
    )
)
"""What is money as a part of a longer word, too."""

_PHRASE = re.compile(
    r"chiffre\W+d\W+affaires|\bca (ht|ttc)\b|\b(costs?|spend|spent) per\b|\bkosten (pro|je)\b"
    r"|\bco[uû]ts? par\b|\b(ad|media|marketing) spend\b"
    r"|\b(deal|order|contract|pipeline|basket|cart|merchandise|lifetime)s?\W+values?\b"
    r"|\b(value|worth) of (\w+ )?(orders|deals|sales|contracts)\b|\bcost savings?\b"
    r"|\bfunds raised\b"
)
_AMOUNT = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"(?<![^\W\d_])[kKmMtT]?([A-Z]{3})(?![^\W\d_])")
_OTHERS = "ALL AMD BAM BOB BTN CAD COP CUP CVE GEL MAD MOP NAD NIO PEN PHP SOS TOP TRY WST"
_WORDS_TOO = frozenset(_OTHERS.split())
"""Codes of currencies that are words, or names of other things, in capitals too."""

_SHORT = "kr kč ft fr sfr rs rp zł zl руб quid bucks pound pounds ct 円 元 원"
_UNITS = frozenset(_SHORT.split())
"""What is money where a unit stands, and may be anything in a title."""

_SIZES = re.compile(
    r"\d+|\b(k|m|t|mio|mrd|mn|bn|tsd|thousands?|millions?|tausend|in|of|per|month|year|week)\b",
    re.IGNORECASE,
)
"""What may stand beside a unit."""


def is_money(text: str) -> bool:
    """Whether `text` speaks of money: a currency's sign, name or code in capitals, what a business
    earns or pays, in the languages that are spoken most where this is used.

    "Pound" and "cent" are left out: a weight, and part of "per cent"; so are words that mean other
    things as well ("won", "real", "recettes", "beneficios", "sales", "bookings").
    """
    if any(unicodedata.category(char) == "Sc" for char in text):
        return True
    plain = folded(text)
    if any(stem in plain for stem in _STEMS) or _PHRASE.search(plain):
        return True
    codes = CURRENCIES.intersection(_CODE.findall(text)) - _WORDS_TOO
    return bool(codes) or not _WORDS.isdisjoint(_AMOUNT.findall(plain))


def is_money_unit(unit: str) -> bool:
    """Whether a goal measured in `unit` is measured in money: there a short word like "kr" or
    "pounds" means it, and so does a currency's code however it is written.
    """
    words = _AMOUNT.findall(_SIZES.sub(" ", unit))
    if len(words) != 1:
        return is_money(unit)
    (word,) = words
    code = word.removeprefix("k")
    is_code = code in CURRENCIES or code.upper() in CURRENCIES - _WORDS_TOO
    return is_code or folded(word) in _UNITS or is_money(unit)
