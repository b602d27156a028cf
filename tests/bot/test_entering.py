"""Conversions by hand, code phrases, and taking either back."""

from typing import Any

import pytest

from bot.amount import Amount
from bot.conversion import Conversion, Dimension, Lens
from bot.dossier import about_colleague
from bot.entering import (
    AskEntry,
    EnterConversion,
    UndoConversion,
    enter_conversion,
    entry_form,
    undo_conversion,
)
from bot.errors import DeskError, FieldError, NotAllowedError, NotFoundError, StaleError
from bot.forgetting import Colleague
from bot.lifecycle import Verb
from bot.phrases import AskPhrase, Redeem, Redeemed, SetPhrase, phrase_form, redeem, set_phrase
from bot.results import AskResults, see_results
from bot.spend import EnterSpend, SetBudget, enter_spend, set_budget
from tests.support.core import ADA, CORA, GUS, LEO, SAM, SUE, Core

PAGE = "https://social.example.com/posts/1"


async def enter(core: Core, form_id: str = "V1", by: str = CORA, **given: Any) -> Conversion:
    replaces = given.pop("replaces", None)
    command = EnterConversion(
        form_id=form_id,
        actor_id=by,
        given={"type": "signup", "count": "3", "day": "2026-11-18", **given},
        replaces=replaces,
    )
    return await core.do(enter_conversion, command)


async def say(core: Core, text: str, by: str = SAM, request: str = "t1") -> Redeemed:
    return await core.do(redeem, Redeem(text=text, actor_id=by, request_id=request))


async def undo(core: Core, found: Conversion, by: str) -> Conversion:
    command = UndoConversion(conversion_id=found.conversion_id, actor_id=by)
    return await core.do(undo_conversion, command)


async def a_post(core: Core) -> int:
    accepted = await core.step(await core.hand_in("idea"), Verb.ACCEPT)
    return (await core.step(accepted, Verb.PUBLISH, link=PAGE)).number


async def counted(core: Core) -> dict[str, int]:
    lines = (await core.ask(see_results, AskResults(user_id=SAM))).lines
    return {line.type.key: line.now.count for line in lines}


async def test_what_is_entered_counts_once_and_says_who(core: Core) -> None:
    number = await a_post(core)
    found = await enter(core, post=f"#{number}", platform="linkedin", amount="90 EUR")
    assert found.recorded_by == CORA
    assert found.amount == Amount(90_000, "EUR")
    assert {touch.lens for touch in found.touches} == {Lens.TOLD, Lens.TOUCHED}
    assert {(touch.post, touch.platform) for touch in found.touches} == {(number, "linkedin")}
    assert await enter(core, count="9") == found
    assert await counted(core) == {"signup": 3}


@pytest.mark.parametrize("lens", ["first", "last", "told"])
async def test_how_somebody_knows_is_the_lens(core: Core, lens: str) -> None:
    found = await enter(core, platform="x", known_by=lens)
    assert found.touches[0].lens == lens


@pytest.mark.parametrize(
    "field, value, word",
    [
        ("type", "likes", "no such type"),
        ("count", "many", "whole number"),
        ("count", "0", "1 to 1,000,000"),
        ("count", "12345678", "whole number"),
        ("day", "2026-11-20", "still to come"),
        ("amount", "12", "currency"),
        ("post", "99", "no such post"),
        ("post", "https://elsewhere.example/", "no such post"),
    ],
)
async def test_a_bad_field_is_told_beside_it(core: Core, field: str, value: str, word: str) -> None:
    with pytest.raises(FieldError) as caught:
        await enter(core, **{field: value})
    assert list(caught.value.fields) == [field]
    assert word in caught.value.fields[field]
    assert core.rows("conversion") == []


async def test_a_correction_takes_the_place_of_the_first_and_both_are_seen(core: Core) -> None:
    first = await enter(core)
    second = await enter(core, "V2", count="2", replaces=first.conversion_id)
    assert await counted(core) == {"signup": 2}
    shown = (await core.ask(entry_form, AskEntry(CORA))).entered
    by_id = {one.conversion_id: one for one in shown}
    assert by_id[first.conversion_id].undone_by == CORA
    assert by_id[second.conversion_id].replaces == first.conversion_id
    with pytest.raises(StaleError, match="undid this meanwhile"):
        await enter(core, "V3", replaces=first.conversion_id)
    with pytest.raises(StaleError):
        await core.ask(entry_form, AskEntry(CORA, first.conversion_id))
    before = (await core.ask(entry_form, AskEntry(CORA, second.conversion_id))).before
    assert before == second


@pytest.mark.parametrize("who", [SAM, GUS, LEO])
async def test_who_acts_for_no_role_enters_nothing(core: Core, who: str) -> None:
    for attempt in (
        enter(core, by=who),
        core.ask(entry_form, AskEntry(who)),
        core.ask(phrase_form, AskPhrase(who)),
        core.do(set_phrase, SetPhrase(actor_id=who, given={"words": "pump", "type": "signup"})),
    ):
        with pytest.raises(NotAllowedError, match="holders of a role and admins"):
            await attempt
    await enter(core, by=ADA)


async def phrase(core: Core, **given: str) -> None:
    given = {"words": "Pump 24", "type": "request", "reference": "The fair", **given}
    await core.do(set_phrase, SetPhrase(actor_id=CORA, given=given))


async def test_a_phrase_is_redeemed_however_it_is_typed(core: Core) -> None:
    number = await a_post(core)
    await phrase(core, post=PAGE)
    for nth, typed in enumerate(("pump 24 3", "PUMP24 3", "Pump-24 3", "pump 24")):
        await say(core, typed, request=f"t{nth}")
    assert await counted(core) == {"request": 10}
    told = await core.ask(see_results, AskResults(user_id=SAM, dimension=Dimension.POST))
    assert told.attribution is not None
    (row,) = told.attribution.rows
    assert (row.key, row[Lens.TOLD], row[Lens.LAST]) == (str(number), 10, 0)
    assert told.names == ((str(number), "A video about the new pump"),)


async def test_the_same_command_counts_once(core: Core) -> None:
    await phrase(core)
    await say(core, "pump24 3")
    await say(core, "pump24 3")
    assert await counted(core) == {"request": 3}


async def test_a_phrase_may_end_in_a_number(core: Core) -> None:
    await phrase(core)
    await phrase(core, words="Pump")
    assert (await say(core, "pump 24", request="t1")).phrase.words == "Pump 24"
    assert (await say(core, "pump 25", request="t2")).conversion.count == 25


@pytest.mark.parametrize(
    "typed, told",
    [
        ("pomp24 3", "Did you mean “Pump 24”? Nothing was recorded."),
        ("pump2", "Did you mean “Pump 24”?"),
        ("zzz", "There is no such phrase. Nothing was recorded."),
        ("", "/social redeemed PUMP24 3"),
        ("pump24 0", "1 to 1,000,000"),
    ],
)
async def test_what_nobody_set_is_not_recorded(core: Core, typed: str, told: str) -> None:
    await phrase(core)
    with pytest.raises(DeskError) as caught:
        await say(core, typed)
    assert told in caught.value.sentence
    assert core.rows("conversion") == []


@pytest.mark.parametrize(
    "field, value",
    [
        ("words", "ab"),
        ("words", "12345"),
        ("words", "x" * 61),
        ("type", "likes"),
        ("post", "99"),
        ("reference", ""),
        ("reference", "jo@example.com"),
    ],
)
async def test_what_is_wrong_with_a_phrase(core: Core, field: str, value: str) -> None:
    with pytest.raises(FieldError) as caught:
        await phrase(core, **{field: value})
    assert list(caught.value.fields) == ["post" if value == "" else field]


async def test_a_phrase_never_changes_its_meaning(core: Core) -> None:
    await phrase(core)
    await phrase(core, words="PUMP24")
    with pytest.raises(FieldError, match="taken"):
        await phrase(core, words="PUMP24", reference="Another fair")
    assert len(core.rows("phrase")) == 1


async def test_who_recorded_it_takes_it_back_for_ten_minutes(core: Core) -> None:
    await phrase(core)
    mine = (await say(core, "pump24 3")).conversion
    with pytest.raises(NotAllowedError, match="holders of a role"):
        await undo(core, mine, SUE)
    core.clock.forward(minutes=10)
    assert (await undo(core, mine, SAM)).undone_by == SAM
    assert await counted(core) == {}
    with pytest.raises(StaleError, match="undid this meanwhile"):
        await undo(core, mine, SAM)
    late = (await say(core, "pump24 3", request="t2")).conversion
    core.clock.forward(minutes=10, seconds=1)
    with pytest.raises(NotAllowedError, match="Ten minutes have passed"):
        await undo(core, late, SAM)
    assert (await undo(core, late, CORA)).undone_by == CORA


async def test_an_ad_is_told_apart_from_what_is_organic(core: Core) -> None:
    number = await a_post(core)
    ad = await enter(core, "V1", platform="linkedin", known_by="last", paid="paid")
    post = await enter(core, "V2", post=str(number), paid="paid")
    organic = await enter(core, "V3", platform="linkedin", paid="organic")
    for found, is_paid in ((ad, True), (post, True), (organic, False)):
        assert {touch.is_paid for touch in found.touches} == {is_paid}
    with pytest.raises(FieldError) as caught:
        await enter(core, "V4", paid="paid")
    assert list(caught.value.fields) == ["platform"]
    asked = AskResults(user_id=CORA, type_key="signup", dimension=Dimension.PAID)
    rows = (await core.ask(see_results, asked)).attribution
    assert rows is not None
    assert {row.key: row[Lens.TOUCHED] for row in rows.rows} == {"paid": 6, "organic": 3}


async def test_a_correction_keeps_the_campaign_while_it_is_of_the_same_post(core: Core) -> None:
    number = await a_post(core)
    link = f"https://example.com/?utm_source=x&utm_campaign=autumn&utm_content={number}"
    first = await enter(core, "V1", post=link)
    found = await enter(
        core, "V2", post=str(number), platform="x", count="4", replaces=first.conversion_id
    )
    assert {(one.post, one.campaign) for one in found.touches} == {(number, "autumn")}
    other = await enter(core, "V3", platform="linkedin", replaces=found.conversion_id)
    assert {one.campaign for one in other.touches} == {None}
    assert await counted(core) == {"signup": 3}


async def test_what_a_machine_told_is_not_taken_back_by_hand(core: Core) -> None:
    found = await enter(core)
    command = UndoConversion(conversion_id="0" * 32, actor_id=CORA)
    with pytest.raises(NotFoundError):
        await core.do(undo_conversion, command)
    assert found.source == "hand"


async def test_who_asks_what_is_stored_of_them_hears_what_they_entered(core: Core) -> None:
    found = await enter(core)
    await phrase(core)
    await enter(core, "V2", by=ADA)
    spent = {"paid": "paid", "amount": "100 EUR"}
    await core.do(enter_spend, EnterSpend(form_id="V3", actor_id=CORA, given=spent))
    budget = {"period": "2026", "amount": "9 EUR"}
    await core.do(set_budget, SetBudget(actor_id=CORA, given=budget))
    told = await core.ask(about_colleague, Colleague(user_id=CORA, actor_id=ADA))
    assert told["conversions"] == [
        {"type": "signup", "at": found.occurred_at, "count": 3, "as": "V1"}
    ]
    assert (told["phrases"], told["budgets"]) == (["Pump 24"], ["2026"])
    assert [one["amount"] for one in told["spending"]] == ["100 EUR"]
    others = await core.ask(about_colleague, Colleague(user_id=SAM, actor_id=ADA))
    assert not any(others[name] for name in ("conversions", "phrases", "spending", "budgets"))
