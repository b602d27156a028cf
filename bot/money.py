"""Money is an outcome, not a goal (P20): the rule that sees it."""

import re
import unicodedata

from bot.text import folded

_NAMES = """
    euro euros eur teur keur meur dollar dollars usd sterling gbp franc francs chf yen jpy yuan cny
    rupee rupees inr krona kronor krone kroner sek nok dkk zloty pln aud cad money cash revenue
    revenues turnover profit profits income earnings umsatz gewinn erlös erlöse geld
"""
_WORDS = frozenset(folded(_NAMES).split())
_AMOUNT = re.compile(r"[^\W\d_]+")


def is_money(text: str) -> bool:
    """Whether `text` speaks of money: a currency's sign or name, or what a business earns.

    "Pound" and "cent" are left out: a weight, and part of "per cent".
    """
    if any(unicodedata.category(char) == "Sc" for char in text):
        return True
    return not _WORDS.isdisjoint(_AMOUNT.findall(folded(text)))
