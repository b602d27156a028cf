import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.amount import Amount
from bot.conversion import Conversion, Credit, Dimension, Lens, Total, Touch
from bot.ports import Transaction
from storage.database import Database
from tests.support.storage_examples import (
    DAY,
    NOW,
    SECOND,
    Workspace,
    make_conversion,
    make_submission,
)

UNTIL = NOW + DAY


async def keep(here: Workspace, *found: Conversion) -> None:
    for one in found:
        assert await here.write(lambda tx, one=one: tx.conversions.add(one))  # type: ignore[misc]  # mypy can't infer a lambda's default


async def credited(here: Workspace, dimension: Dimension, lens: Lens) -> dict[str | None, int]:
    found = await here.read(lambda tx: tx.conversions.credits(dimension, NOW, UNTIL))
    return {one.key: one.count for one in found if one.lens is lens}


async def test_a_conversion_comes_back_as_it_was(here: Workspace) -> None:
    one = make_conversion(replaces="x" * 32, occurred_at=NOW - DAY)
    bare = make_conversion("2", recorded_by=None, amount=None, touches=())
    await keep(here, one, bare)
    assert await here.read(lambda tx: tx.conversions.get(one.conversion_id)) == one
    assert await here.read(lambda tx: tx.conversions.get(bare.conversion_id)) == bare
    assert await here.read(lambda tx: tx.conversions.get("none")) is None


async def test_a_source_gives_an_id_once(here: Workspace) -> None:
    await keep(here, make_conversion(), make_conversion(source="crm"))
    again = make_conversion(count=5, type_key="signup")
    assert not await here.write(lambda tx: tx.conversions.add(again))
    assert len(await here.read(lambda tx: tx.conversions.entered(limit=9))) == 2


async def test_totals_have_the_start_in_and_the_end_out(here: Workspace) -> None:
    moments = (NOW - SECOND, NOW, UNTIL - SECOND, UNTIL)
    sums = (Amount(10, "EUR"), Amount(20, "USD"), Amount(30, "EUR"), None)
    await keep(
        here,
        *(
            make_conversion(f"o{nth}", occurred_at=at, amount=amount, count=nth + 1)
            for nth, (at, amount) in enumerate(zip(moments, sums, strict=True))
        ),
        make_conversion("s", type_key="signup", amount=None, count=7),
        make_conversion("free", amount=None),
    )
    found = await here.read(lambda tx: tx.conversions.totals(NOW, UNTIL))
    assert found == (
        Total(
            type_key="revenue",
            count=6,
            entries=3,
            amounts=(Amount(30, "EUR"), Amount(20, "USD")),
        ),
        Total(type_key="signup", count=7, entries=1),
    )


async def test_each_conversion_counts_once_per_key_and_once_at_all(here: Workspace) -> None:
    """Two posts on one platform, in one campaign, were seen before one order of three people."""
    await here.add(make_submission(1, fields={"content_type": "video"}))
    await here.add(make_submission(2, fields={"content_type": "video"}, goal_id="G1"))
    seen = (
        Touch(lens=Lens.TOUCHED, post=1, platform="linkedin", campaign="autumn"),
        Touch(lens=Lens.TOUCHED, post=1, platform="linkedin", campaign="winter"),
        Touch(lens=Lens.TOUCHED, post=2, platform="linkedin", is_paid=True),
        Touch(lens=Lens.FIRST, post=9, platform="x"),
    )
    await keep(here, make_conversion(count=3, touches=seen), make_conversion("2", touches=()))
    touched = Lens.TOUCHED
    assert await credited(here, Dimension.POST, touched) == {"1": 3, "2": 3, None: 3}
    assert await credited(here, Dimension.PLATFORM, touched) == {"linkedin": 3, None: 3}
    assert await credited(here, Dimension.CONTENT_TYPE, touched) == {"video": 3, None: 3}
    assert await credited(here, Dimension.GOAL, touched) == {"G1": 3, None: 3}
    assert await credited(here, Dimension.CAMPAIGN, touched) == {"autumn": 3, "winter": 3, None: 3}
    assert await credited(here, Dimension.PAID, touched) == {"organic": 3, "paid": 3, None: 3}
    assert await credited(here, Dimension.POST, Lens.FIRST) == {"9": 3, None: 3}
    assert await credited(here, Dimension.CONTENT_TYPE, Lens.FIRST) == {}


async def test_what_one_post_brought_ever(here: Workspace) -> None:
    long_ago = make_conversion("2", occurred_at=NOW - 900 * DAY, count=4)
    undone = make_conversion("3", undone_at=NOW, undone_by="U1")
    await keep(here, make_conversion(), long_ago, undone)
    found = await here.read(lambda tx: tx.conversions.of_post(1))
    assert {one.lens for one in found} == set(Lens)
    first = next(one for one in found if one.lens is Lens.FIRST)
    assert first == Credit(lens=Lens.FIRST, type_key="revenue", key="1", count=5, entries=2)
    assert await here.read(lambda tx: tx.conversions.of_post(2)) == ()


async def test_a_post_is_found_by_its_link_the_newest_first(here: Workspace) -> None:
    link = "https://example.com/1"
    for number in (1, 2, 3):
        await here.add(make_submission(number, published_url=link if number < 3 else None))
    assert await here.read(lambda tx: tx.conversions.post_at([f"{link}/", link])) == 2
    assert await here.read(lambda tx: tx.conversions.post_at(["https://example.com/2"])) is None
    assert await here.read(lambda tx: tx.conversions.post_at([])) is None


async def test_what_people_entered_last_and_what_of_it_was_undone(here: Workspace) -> None:
    first = make_conversion("1", recorded_at=NOW - DAY)
    second = make_conversion("2")
    await keep(here, first, second, make_conversion("3", recorded_by=None))
    assert await here.write(lambda tx: tx.conversions.undo(second.conversion_id, NOW, "U2"))
    assert not await here.write(lambda tx: tx.conversions.undo(second.conversion_id, NOW, "U3"))
    undone = replace(second, undone_at=NOW, undone_by="U2")
    assert await here.read(lambda tx: tx.conversions.entered(limit=9)) == (undone, first)
    assert await here.read(lambda tx: tx.conversions.entered(limit=1)) == (undone,)


_workspaces = count(100)
posts = st.none() | st.integers(1, 3)
places = st.none() | st.sampled_from(("linkedin", "x"))
touches = st.builds(Touch, lens=st.sampled_from(Lens), post=posts, platform=places).filter(
    lambda touch: touch.is_known
)


def key_of(touch: Touch, dimension: Dimension) -> str | None:
    if dimension is Dimension.PLATFORM:
        return touch.platform
    return str(touch.post) if touch.post else None


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(found=st.lists(st.tuples(st.integers(1, 9), st.lists(touches, max_size=6)), max_size=6))
async def test_the_database_counts_as_one_would_by_hand(
    sqlite: Database, found: list[tuple[int, list[Touch]]]
) -> None:
    here = Workspace(sqlite, f"T{next(_workspaces)}")
    await keep(
        here,
        *(
            make_conversion(f"o{nth}", count=people, touches=tuple(seen))
            for nth, (people, seen) in enumerate(found)
        ),
    )
    for dimension in (Dimension.POST, Dimension.PLATFORM):
        for lens in Lens:
            wanted: dict[str | None, int] = {}
            for people, seen in found:
                keys = {key_of(touch, dimension) for touch in seen if touch.lens is lens} - {None}
                for key in (*keys, *([None] if keys else [])):
                    wanted[key] = wanted.get(key, 0) + people
            assert await credited(here, dimension, lens) == wanted


HOURS = st.integers(-24 * 9, 24 * 9)


async def everything(here: Workspace, since: datetime, until: datetime) -> object:
    """All that is read of a span, in one order."""

    def read(tx: Transaction) -> object:
        put_down = [sorted(tx.conversions.credits(one, since, until), key=str) for one in Dimension]
        return tx.conversions.totals(since, until), put_down

    return await here.read(read)


async def counted(here: Workspace, limit: int = 1_000) -> int:
    return await here.write(lambda tx: tx.conversions.sum_up(limit=limit))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    found=st.lists(
        st.tuples(HOURS, st.integers(1, 9), st.booleans(), st.lists(touches, max_size=4)),
        max_size=8,
    ),
    steps=st.integers(0, 8),
    ends=st.tuples(HOURS, HOURS),
)
async def test_what_is_counted_by_day_reads_as_row_by_row(
    sqlite: Database,
    found: list[tuple[int, int, bool, list[Touch]]],
    steps: int,
    ends: tuple[int, int],
) -> None:
    """Wherever the span begins and ends, and whatever came or was undone before and after."""
    here = Workspace(sqlite, f"T{next(_workspaces)}")
    for number, goal_id in ((1, "G1"), (2, "G1"), (3, None)):
        kind = "video" if number > 1 else "carousel"
        await here.add(make_submission(number, fields={"content_type": kind}, goal_id=goal_id))
    made = [
        make_conversion(
            f"o{nth}",
            count=people,
            touches=tuple(seen),
            occurred_at=NOW + timedelta(hours=hours),
            amount=Amount(nth + 1, "EUR") if nth % 2 else None,
            type_key="revenue" if nth % 2 else "signup",
        )
        for nth, (hours, people, _, seen) in enumerate(found)
    ]
    undone = [one for one, (_, _, is_undone, _) in zip(made, found, strict=True) if is_undone]
    since, until = (NOW + timedelta(hours=hours) for hours in sorted(ends))
    await keep(here, *made[:steps])
    for one in undone[::2]:
        await here.write(lambda tx, one=one: tx.conversions.undo(one.conversion_id, NOW, "U1"))  # type: ignore[misc]  # as above
    wanted = [await everything(here, since, until)]
    assert await counted(here, limit=3) <= 3
    assert await everything(here, since, until) == wanted[0]
    await keep(here, *made[steps:])
    for one in undone:
        await here.write(lambda tx, one=one: tx.conversions.undo(one.conversion_id, NOW, "U1"))  # type: ignore[misc]  # as above
    plain = Workspace(sqlite, f"T{next(_workspaces)}")
    for number, goal_id in ((1, "G1"), (2, "G1"), (3, None)):
        kind = "video" if number > 1 else "carousel"
        await plain.add(make_submission(number, fields={"content_type": kind}, goal_id=goal_id))
    await keep(plain, *(one for one in made if one not in undone))
    assert await everything(here, since, until) == await everything(plain, since, until)
    while await counted(here, limit=3):
        assert await everything(here, since, until) == await everything(plain, since, until)


async def test_what_is_not_counted_is_known(here: Workspace) -> None:
    one, two = make_conversion("1"), make_conversion("2")
    await keep(here, one, two)

    async def known() -> list[bool]:
        return [
            await here.read(lambda tx, least=least: tx.conversions.has_uncounted(least))  # type: ignore[misc]  # as above
            for least in (1, 2, 3)
        ]

    assert await known() == [True, True, False]
    assert await counted(here) == 2
    assert await counted(here) == 0
    assert await known() == [False, False, False]
    assert await here.write(lambda tx: tx.conversions.undo(one.conversion_id, NOW, "U1"))
    assert await known() == [True, False, False]


async def test_processes_that_count_at_once_count_each_once(here: Workspace) -> None:
    made = [make_conversion(f"o{nth}", occurred_at=NOW + nth % 9 * DAY) for nth in range(40)]
    await keep(here, *made)

    async def undo(one: Conversion) -> None:
        assert await here.write(lambda tx: tx.conversions.undo(one.conversion_id, NOW, "U1"))

    found = await asyncio.gather(
        *(counted(here, limit=7) for _ in range(6)), *(undo(one) for one in made[::4])
    )
    assert sum(one or 0 for one in found) > 0
    while await counted(here):
        pass
    (total,) = await here.read(lambda tx: tx.conversions.totals(NOW, NOW + 9 * DAY))
    assert total.entries == 30
    sums = text("SELECT sum(entries) FROM conversion_count WHERE dimension = 'total'")
    kept = await here.read(
        lambda tx: tx.conversions._unit.connection.execute(sums).scalar_one()  # type: ignore[attr-defined]  # the store's own
    )
    assert kept == 30


async def test_a_quarter_is_read_from_its_days(here: Workspace) -> None:
    """What was counted is not opened again: counts that are wrong on purpose are what is read."""
    begin = datetime(2026, 10, 1, tzinfo=UTC)
    await keep(
        here, *(make_conversion(f"o{nth}", occurred_at=begin + nth * DAY) for nth in range(9))
    )
    assert await counted(here) == 9
    (before,) = await here.read(lambda tx: tx.conversions.totals(begin, begin + 9 * DAY))
    wrong = text("UPDATE conversion_count SET count = count * 10")
    await here.write(lambda tx: tx.conversions._unit.connection.execute(wrong))  # type: ignore[attr-defined]  # the store's own
    (after,) = await here.read(lambda tx: tx.conversions.totals(begin, begin + 9 * DAY))
    assert (before.count, after.count) == (9, 90)
    (edge,) = await here.read(
        lambda tx: tx.conversions.totals(begin - SECOND, begin + 8 * DAY + SECOND)
    )
    assert edge.count == 81
