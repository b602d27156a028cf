"""Looks into each workspace: its token at Slack, and what its set-up names as the desk saw it last.

Channels and people are those that are stored, which events and the hourly read keep: to ask Slack
for each of thousands would take an hour. `--workspace` asks Slack about all of one.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.channel_care import troubles
from bot.channels import Trouble, advice
from bot.configure import current, next_runs
from bot.errors import DeskError
from bot.people import everybody_with_a_role
from bot.ports import Transaction
from bot.routing import active_holders
from handlers.outcomes import TROUBLE, classify, error_code
from handlers.workplaces import Workplace
from runtime.doctor_desk import LATE, examine_desk
from runtime.doctor_scopes import check_scopes, header
from runtime.findings import Finding, Level, fail, ok, warn
from runtime.many import ManyWorkspaces
from runtime.place import many_workspaces
from runtime.settings import Settings, SettingsError
from storage import installed
from storage.database import Database

AT_ONCE = 16
"""How many workspaces are looked into at a time."""

KEPT_OUT = "Slack does not let the app in; its admin has to install it once more."


@dataclass(frozen=True, slots=True)
class Seen:
    """What is wrong in one workspace: `broken` does not work, `weak` does, for now."""

    broken: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    is_set_up: bool = True


async def examine_workspaces(
    settings: Settings,
    database: Database,
    session: aiohttp.ClientSession,
    now: datetime,
    workspace_id: str | None = None,
) -> list[Finding]:
    """What OAuth needs, and a line for each workspace with trouble; every line of `workspace_id`,
    if one is named.
    """
    try:
        settings.check_for_many()
    except SettingsError as error:
        return [fail("workspaces", str(error))]
    known = await database.ask(installed.places)
    if not known:
        return [warn("workspaces", "none has installed the app yet: open /slack/install.")]
    served = [place for place in known if not place.is_parked]
    many = many_workspaces(settings, database, session)
    if workspace_id is not None:
        return await _one(database, many, [one.workspace_id for one in served], workspace_id, now)
    slots = asyncio.Semaphore(AT_ONCE)

    async def look(place: installed.Place) -> Seen:
        async with slots:
            return await _look(database, many, place.workspace_id, now)

    seen = await asyncio.gather(*(look(place) for place in served))
    await many.rest()
    lines = [line for place, one in zip(served, seen, strict=True) for line in _line(place, one)]
    return [_summary(len(known) - len(served), seen, len(lines)), *lines]


def _summary(parked: int, seen: list[Seen], troubled: int) -> Finding:
    blank = sum(not one.is_set_up for one in seen)
    said = [f"{len(seen)} installed", f"{parked} removed the app", f"{blank} not set up yet"]
    trouble = f"{troubled} with trouble, a line each below" if troubled else "none with trouble"
    return ok("workspaces", f"{', '.join(said)}; {trouble}.")


def _line(place: installed.Place, seen: Seen) -> Iterator[Finding]:
    if seen.broken or seen.weak:
        level = Level.FAIL if seen.broken else Level.WARN
        named = f"{place.workspace_id} ({place.name})" if place.name else place.workspace_id
        yield Finding(level, f"workspace {named}", " ".join((*seen.broken, *seen.weak)))


async def _one(
    database: Database, many: ManyWorkspaces, served: list[str], workspace_id: str, now: datetime
) -> list[Finding]:
    if workspace_id not in served:
        return [fail("workspace", f"the app is not installed to {workspace_id}.")]
    found = await many.find(workspace_id)
    await many.rest()
    if found is None:
        return [fail("bot token", KEPT_OUT)]
    broken, scopes = await _token(found)
    if scopes is None:
        return [fail("bot token", broken)]
    asked = await examine_desk(database, found.client, workspace_id, now)
    return [ok("bot token", f"Slack takes it in {workspace_id}."), scopes, *asked]


async def _look(database: Database, many: ManyWorkspaces, workspace_id: str, now: datetime) -> Seen:
    try:
        stored = await database.read(workspace_id, look_into, None, now)
        found = await many.find(workspace_id)
    except DeskError as error:
        return Seen(broken=(f"It can't be looked into: {error}",))
    if found is None:
        return Seen((KEPT_OUT, *stored.broken), stored.weak, stored.is_set_up)
    broken, scopes = await _token(found)
    if scopes is None:
        return Seen((broken, *stored.broken), stored.weak, stored.is_set_up)
    if scopes.level is Level.FAIL:
        return Seen((f"Scopes: {scopes.sentence}", *stored.broken), stored.weak, stored.is_set_up)
    return stored


async def _token(found: Workplace) -> tuple[str, Finding | None]:
    """What keeps Slack from taking the token, or what its scopes are."""
    try:
        answer = await found.client.auth_test()
    except TROUBLE as error:
        said = error_code(error) if isinstance(error, SlackApiError) else classify(error).error
        return f"Its token: Slack answers “{said}”.", None
    return "", check_scopes(header(answer, "x-oauth-scopes"))


def look_into(tx: Transaction, _: None, now: datetime) -> Seen:
    """What is wrong in a workspace as far as the database knows."""
    desk = current(tx, None, now)
    if desk.version == 0:
        return Seen(is_set_up=False)
    found = troubles(tx, desk)
    said = {channel_id: advice(found[channel_id], _name(tx, channel_id)) for channel_id in found}
    shared = [said.pop(one) for one in found if found[one] is Trouble.SHARED]
    broken = list(said.values())
    runs = next_runs(tx, None, now)
    late = sum(now - at > LATE for _, at in runs)
    unplanned = len(desk.subscriptions) - len(runs)
    if late or unplanned:
        broken.append(f"{late} digests are late, {unplanned} not planned.")
    members = everybody_with_a_role(tx, desk)
    unheld = [role.label for role in desk.roles.values() if not active_holders(role, members)]
    weak = [f"Nobody holds the roles {', '.join(unheld)}."] if unheld else []
    return Seen(tuple(broken), (*shared, *weak))


def _name(tx: Transaction, channel_id: str) -> str:
    channel = tx.channels.get(channel_id)
    return channel_id if channel is None else f"#{channel.name}"
