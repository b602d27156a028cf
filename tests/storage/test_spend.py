from dataclasses import replace
from datetime import date

from bot.amount import Amount
from bot.phrase import phrase_key
from bot.spending import SpendSum
from tests.support.storage_examples import (
    DAY,
    NOW,
    Workspace,
    make_budget,
    make_landing,
    make_phrase,
    make_spend,
)

OCTOBER, NOVEMBER, DECEMBER = (date(2026, month, 1) for month in (10, 11, 12))


async def test_a_phrase_comes_back_however_it_is_typed(here: Workspace) -> None:
    phrase = make_phrase(number=None, reference="The fair")
    assert await here.write(lambda tx: tx.phrases.add(phrase))
    assert not await here.write(lambda tx: tx.phrases.add(make_phrase("PUMP-24", number=9)))
    for typed in ("pump24", " PUMP  24 ", "Pump-24"):
        key = phrase_key(typed)
        assert await here.read(lambda tx, key=key: tx.phrases.get(key)) == phrase  # type: ignore[misc]  # mypy can't infer a lambda's default
    assert await here.read(lambda tx: tx.phrases.get("pump2")) is None


async def test_the_newest_phrases(here: Workspace) -> None:
    first, second = make_phrase("one", created_at=NOW - DAY), make_phrase("two")
    for phrase in (first, second):
        assert await here.write(lambda tx, phrase=phrase: tx.phrases.add(phrase))  # type: ignore[misc]  # as above
    assert await here.read(lambda tx: tx.phrases.newest(limit=9)) == (second, first)
    assert await here.read(lambda tx: tx.phrases.keys(limit=1)) == ("two",)
    assert await here.read(lambda tx: tx.phrases.of_post(1)) == second
    assert await here.read(lambda tx: tx.phrases.of_post(2)) is None


async def test_what_was_spent_is_summed_by_month_place_and_kind(here: Workspace) -> None:
    entries = (
        make_spend("a"),
        make_spend("b", amount=Amount(50, "EUR")),
        make_spend("c", amount=Amount(7, "USD")),
        make_spend("d", is_paid=False, platform=None, campaign="autumn"),
        make_spend("e", month=OCTOBER),
        make_spend("f", month=DECEMBER),
        make_spend("g"),
    )
    for entry in entries:
        assert await here.write(lambda tx, entry=entry: tx.spend.add(entry))  # type: ignore[misc]  # as above
    assert not await here.write(lambda tx: tx.spend.add(make_spend("a", campaign="x")))
    assert await here.write(lambda tx: tx.spend.undo("g", NOW, "U2"))
    assert not await here.write(lambda tx: tx.spend.undo("g", NOW, "U3"))
    paid = SpendSum(platform="linkedin", campaign=None, is_paid=True, amount=Amount(100_050, "EUR"))
    assert await here.read(lambda tx: tx.spend.sums(NOVEMBER, DECEMBER)) == (
        SpendSum(platform=None, campaign="autumn", is_paid=False, amount=Amount(100_000, "EUR")),
        paid,
        replace(paid, amount=Amount(7, "USD")),
    )
    (newest, *_) = await here.read(lambda tx: tx.spend.entered(limit=2))
    assert (newest.spend_id, newest.undone_by) == ("g", "U2")


async def test_what_a_budget_was_before_stays_on_record(here: Workspace) -> None:
    first, other = make_budget(), make_budget("2026-Q4")
    second = replace(first, amount=Amount(1, "USD"), recorded_at=NOW + DAY, recorded_by="U2")
    third = replace(first, recorded_at=NOW + 2 * DAY)
    for budget in (first, other, second, replace(second, recorded_by="U3"), third):
        await here.write(lambda tx, budget=budget: tx.spend.set_budget(budget))  # type: ignore[misc]  # as above
    found = await here.read(lambda tx: tx.spend.budgets())
    assert found == (first, second, third, other)


async def test_a_post_leads_to_one_page(here: Workspace) -> None:
    assert await here.read(lambda tx: tx.landings.get(1)) is None
    for one in (make_landing(), make_landing(2), make_landing(campaign="Other", url="https://x")):
        await here.write(lambda tx, kept=one: tx.landings.save(kept))  # type: ignore[misc]  # as above
    found = await here.read(lambda tx: tx.landings.get(1))
    assert found == make_landing(campaign="Other", url="https://x")
