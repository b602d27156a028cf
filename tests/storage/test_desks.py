from dataclasses import replace

import pytest
from sqlalchemy import event

from bot.desk import Department, Desk, Role, Rule, Subscription, default_desk
from bot.errors import NotFoundError
from bot.ports import Transaction
from bot.sections import Audience, Section
from storage.database import Database
from tests.support.storage_examples import NOW, Workspace

FULL = Desk(
    version=0,
    fallback_role="lead",
    roles={
        "writer": Role(
            role_id="writer",
            label="Writer & more",
            description="Writes",
            channel_id="C1",
            holders=("U3", "U1", "U2"),
            fallback="lead",
        ),
        "lead": Role(role_id="lead", label="Lead"),
    },
    rules=(
        Rule(role_id="lead", kinds=("lead",), words=("price", "Angebot")),
        Rule(role_id="writer", content_types=("video",), platforms=("x",)),
        Rule(role_id="writer", departments=("Sales",), channels=("C7",)),
    ),
    departments=(
        Department(name="Sales", members=("U9", "U8"), channels=("C7",)),
        Department(name="Board"),
    ),
    subscriptions=(
        Subscription(
            subscription_id="s2",
            channel_id="C2",
            weekday=4,
            time="17:30",
            tz="Asia/Tokyo",
            audience="board",
        ),
        Subscription(subscription_id="s1", channel_id="C1"),
    ),
    admins=("U5", "U4"),
    audiences=(
        Audience(key="board", label="The board", sections=(Section.WEEKS, Section.GOALS)),
        Audience(key="team", label="Social team", sections=(Section.WAITING,)),
    ),
)


async def test_a_workspace_without_set_up_has_the_default_one(here: Workspace) -> None:
    assert await here.read(lambda tx: tx.desk.load()) == default_desk()


async def test_what_is_stored_comes_back_in_order(here: Workspace, database_url: str) -> None:
    stored = await here.write(lambda tx: tx.desk.replace(FULL, NOW))
    assert stored == replace(FULL, version=1)
    assert list(stored.roles) == ["writer", "lead"]
    other = Database(database_url)  # has nothing in memory
    assert await Workspace(other).read(lambda tx: tx.desk.load()) == stored
    await other.close()


async def test_the_next_set_up_replaces_the_one_before(here: Workspace) -> None:
    await here.write(lambda tx: tx.desk.replace(FULL, NOW))
    second = await here.write(lambda tx: tx.desk.replace(default_desk(), NOW))
    assert second == replace(default_desk(), version=2)
    assert await here.read(lambda tx: tx.desk.load()) == second


async def test_a_transaction_sees_the_set_up_that_it_wrote(here: Workspace) -> None:
    def write_and_load(tx: Transaction) -> Desk:
        tx.desk.load()
        tx.desk.replace(FULL, NOW)
        return tx.desk.load()

    assert await here.write(write_and_load) == replace(FULL, version=1)


async def test_a_set_up_that_was_rolled_back_is_not_remembered(
    here: Workspace, database: Database
) -> None:
    def write_and_fail(tx: Transaction) -> None:
        tx.desk.replace(FULL, NOW)
        tx.desk.load()
        raise NotFoundError("no")

    with pytest.raises(NotFoundError):
        await here.write(write_and_fail)
    assert database.cached_desk("T1") == default_desk()
    other = replace(FULL, admins=())
    await here.write(lambda tx: tx.desk.replace(other, NOW))
    assert await here.read(lambda tx: tx.desk.load()) == replace(other, version=1)


async def test_another_process_sees_the_new_version_at_its_next_load(
    here: Workspace, database_url: str
) -> None:
    other = Database(database_url)
    there = Workspace(other)
    await here.write(lambda tx: tx.desk.replace(default_desk(), NOW))
    await there.read(lambda tx: tx.desk.load())
    await here.write(lambda tx: tx.desk.replace(FULL, NOW))
    assert other.cached_desk("T1").version == 1
    assert await there.read(lambda tx: tx.desk.load()) == replace(FULL, version=2)
    assert other.cached_desk("T1").version == 2
    await other.close()


async def test_a_known_version_costs_one_statement(here: Workspace, database: Database) -> None:
    await here.write(lambda tx: tx.desk.replace(FULL, NOW))
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(database._backend.reader, "before_cursor_execute", note)
    await here.read(lambda tx: tx.desk.load())
    event.remove(database._backend.reader, "before_cursor_execute", note)
    assert [text for text in statements if text.startswith("SELECT")] == statements[-1:]
