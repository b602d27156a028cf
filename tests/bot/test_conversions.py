"""What counts as a conversion, and what it is put down to."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.amount import Amount
from bot.configure import configure
from bot.conversion import ConversionType, Dimension, Lens, Touch
from bot.conversions import RecordConversion, Seen, platform_of, record_conversion
from bot.desk_faults import MOST_TYPES, check
from bot.errors import FieldError
from bot.lifecycle import Verb
from tests.support.core import CORA, START, Core, a_desk

DAY = timedelta(days=1)
PAGE = "https://social.example.com/posts/1"


async def record(core: Core, external_id: str = "order-1", **changes: Any) -> bool:
    given: dict[str, Any] = {
        "source": "webhook:shop",
        "external_id": external_id,
        "type_key": "signup",
        "occurred_at": START - DAY,
    }
    command = RecordConversion(**{**given, **changes})
    return await core.do(record_conversion, command)


async def touches(core: Core, **changes: Any) -> list[tuple[str, int | None, str | None]]:
    await record(core, **changes)
    return [(row["lens"], row["number"], row["platform"]) for row in core.rows("conversion_touch")]


async def a_post(core: Core) -> int:
    """A submission that was published at PAGE."""
    accepted = await core.step(await core.hand_in("idea"), Verb.ACCEPT)
    return (await core.step(accepted, Verb.PUBLISH, link=PAGE)).number


async def test_each_counts_once(core: Core) -> None:
    assert await record(core)
    assert not await record(core, count=9)
    assert await record(core, source="webhook:crm")
    assert [row["count"] for row in core.rows("conversion")] == [1, 1]


@pytest.mark.parametrize(
    "field, value, word",
    [
        ("type_key", "likes", "revenue, signup, download, request"),
        ("external_id", " ", "needs an id"),
        ("external_id", "x" * 201, "200"),
        ("external_id", "jo@example.com", "e-mail address"),
        ("external_id", "jo%40example.com", "e-mail address"),
        ("occurred_at", datetime(2026, 11, 1), "time zone"),  # noqa: DTZ001  (that it has none is the case)
        ("occurred_at", START + 2 * DAY, "future"),
        ("occurred_at", START - 9999 * DAY, "too far back"),
        ("count", 0, "1 to 1,000,000"),
        ("count", 1_000_001, "1 to 1,000,000"),
        ("first", Seen(campaign="to jo@example.com"), "e-mail address"),
        ("last", Seen(post="https://e.example/?mail=jo%40example.com"), "e-mail address"),
        ("told", Seen(platform="x" * 101), "100"),
        ("touched", (Seen(post="https://e.example/" + "x" * 2000),), "2,000"),
        ("touched", (Seen(post="1"),) * 51, "50"),
    ],
)
async def test_a_bad_field_is_named(core: Core, field: str, value: Any, word: str) -> None:
    with pytest.raises(FieldError) as caught:
        await record(core, **{"external_id": "order-1", field: value})
    assert list(caught.value.fields) == [field]
    assert word in caught.value.fields[field]
    assert core.rows("conversion") == []


async def test_a_touch_names_its_post_by_number_tag_or_link(core: Core) -> None:
    number = await a_post(core)
    tagged = "https://shop.example.com/?utm_source=LinkedIn&utm_content=1&utm_campaign=Trials"
    for at, given in enumerate((str(number), f"#{number}", tagged, PAGE, f"{PAGE}/?utm_source=x")):
        await record(core, f"order-{at}", last=Seen(post=given))
    rows = core.rows("conversion_touch")
    assert {row["number"] for row in rows} == {number}
    assert {row["lens"] for row in rows} == {"last", "touched"}
    tags = {(row["platform"], row["campaign"]) for row in rows}
    assert tags == {(None, None), ("linkedin", "trials"), ("x", None)}


@pytest.mark.parametrize("given", ["99", "banner-3", "https://elsewhere.example/1", "", "0"])
async def test_what_the_desk_does_not_know_stays_unknown(core: Core, given: str) -> None:
    await a_post(core)
    assert await touches(core, first=Seen(post=given), touched=(Seen(post=given),)) == []


async def test_a_lead_is_no_post(core: Core) -> None:
    number = (await core.hand_in("lead")).number
    assert await touches(core, last=Seen(post=str(number))) == []


async def test_what_was_first_last_or_told_was_seen_once(core: Core) -> None:
    number = await a_post(core)
    seen = Seen(post=str(number), platform="linkedin")
    found = await touches(
        core, first=seen, last=seen, touched=(seen, Seen(platform="fb")), told=Seen(platform="IG")
    )
    assert found == [
        ("first", number, "linkedin"),
        ("last", number, "linkedin"),
        ("told", None, "instagram"),
        ("touched", number, "linkedin"),
        ("touched", None, "instagram"),
        ("touched", None, "facebook"),
    ]


async def test_what_was_paid_for_says_its_tag(core: Core) -> None:
    await record(core, last=Seen(post="https://a.example/?utm_source=x&utm_medium=CPC"))
    assert {row["is_paid"] for row in core.rows("conversion_touch")} == {1}


@pytest.mark.parametrize(
    "given, found",
    [
        ("Twitter", "x"),
        ("www.linkedin.com", "linkedin"),
        ("m.facebook.com", "facebook"),
        ("YT", "youtube"),
        ("google", "google"),
        (" ", None),
    ],
)
def test_platforms_go_by_many_names(given: str, found: str | None) -> None:
    assert platform_of(given) == found


async def test_a_desk_has_types_of_its_own(core: Core) -> None:
    trial = ConversionType(key="trial", label="trial", many="trials")
    await core.do(configure, replace(a_desk(), conversion_types=(trial,)))
    assert (await core.read(lambda tx: tx.desk.load())).conversion_types == (trial,)
    assert await record(core, type_key="trial")


async def test_what_is_wrong_with_types_of_ones_own() -> None:
    def faults(*types: ConversionType) -> list[tuple[str | int, ...]]:
        return [fault.where for fault in check(replace(a_desk(), conversion_types=types))]

    trial = ConversionType(key="trial", label="trial", many="trials")
    assert faults(trial) == []
    assert faults(replace(trial, key="signup")) == [("conversions", "signup")]
    assert faults(replace(trial, label="<b>")) == [("conversions", "trial", "label")]
    assert faults(replace(trial, many=" ")) == [("conversions", "trial", "many")]
    assert faults(trial, trial) == [("conversions",)]
    many = [replace(trial, key=f"t{nth}") for nth in range(MOST_TYPES + 1)]
    assert faults(*many) == [("conversions",)]


def test_money_is_told_apart() -> None:
    assert ConversionType(key="revenue", label="sale", many="sales").is_money
    assert ConversionType(key="mrr", label="new MRR", many="new MRR").is_money
    assert not ConversionType(key="trial", label="trial", many="trials").is_money


async def test_what_was_undone_does_not_count_and_stays(core: Core) -> None:
    number = await a_post(core)
    await record(
        core, type_key="revenue", amount=Amount(99_500, "EUR"), last=Seen(post=str(number))
    )
    since, until = START - 2 * DAY, START
    (total,) = await core.read(lambda tx: tx.conversions.totals(since, until))
    assert (total.count, total.amounts) == (1, (Amount(99_500, "EUR"),))
    (row,) = core.rows("conversion")
    key, now = row["conversion_id"], core.clock.now()
    found = await core.read(lambda tx: tx.conversions.get(key))
    assert found is not None
    assert found.touches[0] == Touch(lens=Lens.LAST, post=number)
    assert await core.write(lambda tx: tx.conversions.undo(key, now, CORA))
    assert not await core.write(lambda tx: tx.conversions.undo(key, now, CORA))
    assert await core.read(lambda tx: tx.conversions.totals(since, until)) == ()
    left = await core.read(lambda tx: tx.conversions.credits(Dimension.POST, since, until))
    assert left == ()
    assert not await record(core)
