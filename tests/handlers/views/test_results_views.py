"""Whatever a desk calls its types, its campaigns and its posts: results and spending fit."""

from dataclasses import replace
from datetime import date

import pytest

from bot.amount import Amount
from bot.attribution import Attribution, Row
from bot.conversion import ConversionType, Dimension, Lens, Total
from bot.results import Line, ResultsMaterial
from bot.spending import SpendSum
from handlers.views import results, spend
from tests.support.block_rules import message_problems

WORST = ("&" * 60, "<!channel> <@U0ANA> <b>", "👩‍👩‍👧‍👦" * 8, "\u202eשלום" * 9)


def many_results(text: str) -> ResultsMaterial:
    types = [ConversionType(key=f"t{nth:02}", label=text, many=text) for nth in range(24)]
    amounts = (Amount(10**15, "EUR"), Amount(10**15 + 1, "KWD"))
    totals = [Total(type_key=one.key, count=10**6, entries=9, amounts=amounts) for one in types]
    return replace(
        results.EXAMPLES["team"].material,
        lines=tuple(
            Line(type=one, now=total, before=total)
            for one, total in zip(types, totals, strict=True)
        ),
        type=types[0],
        dimension=Dimension.POST,
        attribution=Attribution(
            total=10**6,
            rows=tuple(
                Row(key=str(nth), counts=dict.fromkeys(Lens, 10**5)) for nth in range(1, 30)
            ),
            known=dict.fromkeys(Lens, 10**6),
            ranked_by=Lens.TOLD,
        ),
        names=tuple((str(nth), text * 3) for nth in range(1, 9)),
    )


@pytest.mark.parametrize("text", WORST)
def test_results_fit_and_ping_nobody(text: str) -> None:
    message = results.results(many_results(text))
    assert message_problems(message) == []
    assert "<!channel>" not in message.text
    assert "more types" in message.text


@pytest.mark.parametrize("text", WORST)
def test_spending_fits_and_pings_nobody(text: str) -> None:
    one = SpendSum(platform=text, campaign=text, is_paid=True, amount=Amount(10**15, "EUR"))
    sums = tuple(replace(one, campaign=f"{nth}{text}", is_paid=bool(nth % 2)) for nth in range(60))
    material = spend.EXAMPLES["quarter"].material
    entered = tuple(
        replace(entry, platform=text, campaign=text, month=date(2026, 1, 1))
        for entry in material.entered
    )
    message = spend.spend(replace(material, sums=sums, entered=entered))
    assert message_problems(message) == []
    assert "<!channel>" not in message.text
