"""Money is an outcome, not a goal (P20): the rule that sees it."""

import re
import unicodedata

from bot.text import folded

_NAMES = """
    euro euros eur teur keur meur dollar dollars usd sterling gbp franc francs chf yen jpy yuan cny
    rupee rupees inr krona kronor krone kroner sek nok dkk zloty pln aud cad money cash revenue
    revenues turnover profit profits income earnings umsatz gewinn erlös erlöse geld
    rubel ruble rubles rouble roubles рублей рубли peso pesos reais lira forint hryvnia shekel
    dirham baht bitcoin btc mrr arr gmv ebit ebitda
    umsätze umsätzen gewinne einnahmen ertrag erträge marge margin
    argent bénéfice bénéfices omzet winst dinero ingresos facturación ganancias
    fatturato ricavi denaro soldi dinheiro faturamento faturação lucro lucros
    przychód przychody zysk omsättning omsætning omsetning intäkter tržby zisk
    выручка доход доходы прибыль деньги ciro gelir
"""
_WORDS = frozenset(folded(_NAMES).split())
_STEMS = tuple(
    folded(stem)
    for stem in (
        *("umsatz", "umsätz", "verkaufserlös"),
        *("売上", "収益", "营业额", "销售额", "營業額", "銷售額", "매출"),
    )
)
"""What is money as a part of a longer word, too."""

_PHRASE = re.compile(r"chiffre\W+d\W+affaires")
_AMOUNT = re.compile(r"[^\W\d_]+")


def is_money(text: str) -> bool:
    """Whether `text` speaks of money: a currency's sign or name, or what a business earns, in the
    languages that are spoken most where this is used.

    "Pound" and "cent" are left out: a weight, and part of "per cent"; so are words that mean other
    things as well ("won", "real", "recettes", "beneficios").
    """
    if any(unicodedata.category(char) == "Sc" for char in text):
        return True
    plain = folded(text)
    if any(stem in plain for stem in _STEMS) or _PHRASE.search(plain):
        return True
    return not _WORDS.isdisjoint(_AMOUNT.findall(plain))
