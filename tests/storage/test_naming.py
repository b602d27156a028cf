"""What messages name, so that an erasure finds them."""

from bot.desk import Member
from bot.outbox import EffectKind, Finish, Posted, Verdict
from tests.support.storage_examples import NOW, Workspace, make_effect, make_submission

SENT = Finish(verdict=Verdict.SENT, posted=Posted("C1", "1.1"))
REFUSED = Finish(verdict=Verdict.DEAD, error="is_archived")


async def digests(place: Workspace, *keys: str) -> None:
    """Submissions 1 and 2, a member U1, and digests of no other lane than C1."""
    await place.add(make_submission(1))
    await place.add(make_submission(2))
    await place.write(lambda tx: tx.members.save([Member(user_id="U1", name="Ann")], NOW))
    await place.enqueue(*(make_effect(key, kind=EffectKind.DIGEST) for key in keys))


async def found(place: Workspace, named: str) -> list[tuple[str, str | None]]:
    namings = await place.read(lambda tx: tx.namings.of(named))
    return [(one.effect.key, one.error) for one in namings]


async def test_a_message_is_found_by_what_it_names(here: Workspace, elsewhere: Workspace) -> None:
    for place in (here, elsewhere):
        await digests(place, "digest:a", "digest:b")
    assert await here.write(lambda tx: tx.namings.note("digest:a", ["1", "2", "U1"]))
    assert await here.write(lambda tx: tx.namings.note("digest:b", ["2"]))
    assert await here.write(lambda tx: tx.namings.note("digest:b", ["2"])), "twice is once"
    assert await found(here, "1") == [("digest:a", None)]
    assert await found(here, "2") == [("digest:a", None), ("digest:b", None)]
    assert await found(here, "U1") == [("digest:a", None)]
    assert await found(here, "3") == []
    assert await found(elsewhere, "2") == []


async def test_what_was_erased_since_is_not_noted(here: Workspace) -> None:
    await digests(here, "digest:a")
    for gone in ("3", "U9"):
        named = ["1", "U1", gone]
        assert not await here.write(lambda tx, n=named: tx.namings.note("digest:a", n))  # type: ignore[misc]  # mypy can't infer a lambda's default
    assert await found(here, "1") == []


async def test_of_what_was_erased_only_that_the_message_changed_is_kept(
    here: Workspace, elsewhere: Workspace
) -> None:
    for place in (here, elsewhere):
        await digests(place, "digest:a")
        await place.write(lambda tx: tx.namings.note("digest:a", ["1", "2"]))
    assert await here.read(lambda tx: tx.namings.changed_at("digest:a")) is None
    await here.write(lambda tx: tx.namings.drop("1", NOW))
    await here.write(lambda tx: tx.namings.drop("7", NOW))
    assert await found(here, "1") == []
    assert await found(here, "2") == [("digest:a", None)]
    assert await here.read(lambda tx: tx.namings.changed_at("digest:a")) == NOW
    assert await elsewhere.read(lambda tx: tx.namings.changed_at("digest:a")) is None
    assert await found(elsewhere, "1") == [("digest:a", None)]


async def test_it_is_said_what_became_of_the_message(here: Workspace) -> None:
    await digests(here, "digest:a", "digest:b", "digest:c")
    for key in ("digest:a", "digest:b", "digest:c"):
        await here.write(lambda tx, k=key: tx.namings.note(k, ["1"]))  # type: ignore[misc]  # mypy can't infer a lambda's default
    for end in (SENT, REFUSED):
        claim = await here.claimed("C1")
        await here.write(lambda tx, c=claim, e=end: tx.outbox.finish(c, e, NOW))  # type: ignore[misc]  # mypy can't infer a lambda's default
    assert await found(here, "1") == [
        ("digest:a", None),
        ("digest:b", "is_archived"),
        ("digest:c", None),
    ]
