from collections.abc import Callable
from dataclasses import replace

from bot.desk import Channel, Member
from bot.ports import Transaction
from tests.support.storage_examples import MINUTE, NOW, Workspace

ANN = Member(user_id="U1", name="Ann", tz="Europe/Berlin", is_admin=True)
OWNER = Member(user_id="U2", name="Ö. Wner", is_admin=True, is_primary_owner=True)
GUEST = Member(user_id="U3", name="Gast", is_guest=True)
GONE = Member(user_id="U4", name="Gone", is_admin=True, is_deleted=True)
BOT = Member(user_id="U5", name="Bot", is_admin=True, is_bot=True)


async def test_members_come_back_as_they_were_saved(here: Workspace) -> None:
    await here.write(lambda tx: tx.members.save([ANN, OWNER, GUEST], NOW))
    assert await here.read(lambda tx: tx.members.get("U1")) == ANN
    assert await here.read(lambda tx: tx.members.get("U9")) is None
    many = await here.read(lambda tx: tx.members.many(["U3", "U9", "U3", "U2"]))
    assert many == {"U2": OWNER, "U3": GUEST}
    assert await here.read(lambda tx: tx.members.many([])) == {}


async def test_saving_again_overwrites(here: Workspace) -> None:
    renamed = Member(user_id="U1", name="Ann Lee", is_deleted=True)
    await here.write(lambda tx: tx.members.save([ANN, GUEST], NOW))
    await here.write(lambda tx: tx.members.save([renamed], NOW))
    await here.write(lambda tx: tx.members.save([], NOW))
    found = await here.read(lambda tx: tx.members.many(["U1", "U3"]))
    assert found == {"U1": renamed, "U3": GUEST}


async def test_admins_are_active_people_with_the_primary_owner_first(here: Workspace) -> None:
    only_owner = Member(user_id="U9", name="Only owner", is_primary_owner=True)
    await here.write(lambda tx: tx.members.save([ANN, OWNER, GUEST, GONE, BOT, only_owner], NOW))
    assert await here.read(lambda tx: tx.members.admins()) == (OWNER, only_owner, ANN)


async def test_channels_come_back_and_are_overwritten(here: Workspace) -> None:
    before = Channel(channel_id="C1", name="social", is_private=True, is_member=True)
    after = Channel(channel_id="C1", name="socials", is_archived=True)
    await here.write(lambda tx: tx.channels.save([before], NOW))
    assert await here.read(lambda tx: tx.channels.get("C1")) == before
    await here.write(lambda tx: tx.channels.save([after], NOW))
    assert await here.read(lambda tx: tx.channels.get("C1")) == after
    assert await here.read(lambda tx: tx.channels.get("C2")) is None


async def test_the_newest_event_about_somebody_stands(here: Workspace) -> None:
    """Also what was asked of Slack stands, but does not tell when it came about."""
    present = Member(user_id="U1", name="Asked")
    events = [replace(present, name=str(n), told_at=NOW + n * MINUTE) for n in range(3)]

    def save(member: Member) -> Callable[[Transaction], Member | None]:
        def run(tx: Transaction) -> Member | None:
            tx.members.save([member], NOW)
            return tx.members.get("U1")

        return run

    assert await here.write(save(events[1])) == events[1]
    assert await here.write(save(events[0])) == events[1]
    assert await here.write(save(present)) == replace(present, told_at=events[1].told_at)
    assert (await here.write(save(events[0]))) == replace(present, told_at=events[1].told_at)
    assert await here.write(save(events[2])) == events[2]
