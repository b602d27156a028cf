"""Looks after what the set-up names: people, channels, digests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels import Trouble, advice, trouble_of, uses
from bot.configure import current, next_runs
from bot.desk import Desk, Member, Subscription
from bot.people import active_admins
from bot.ports import Transaction
from bot.routing import accountable, active_holders
from handlers.outcomes import TROUBLE, error_code
from handlers.slack_directory import SlackDirectory
from runtime.findings import Finding, fail, no_answer, ok, warn
from storage.database import Database

UNHELPED = "Try again later."
LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _SetUp:
    desk: Desk
    admins: tuple[str, ...]
    runs: tuple[tuple[Subscription, datetime], ...]


def _set_up(tx: Transaction, _: None, now: datetime) -> _SetUp:
    desk = current(tx, None, now)
    return _SetUp(desk, active_admins(tx, desk), next_runs(tx, None, now))


async def examine_desk(
    database: Database, client: AsyncWebClient, workspace_id: str, now: datetime
) -> tuple[Finding, ...]:
    """Whether every role is held, every channel can be posted to, and every digest is planned."""
    found = await database.read(workspace_id, _set_up, None, now)
    directory = SlackDirectory(client, workspace_id)
    channels = [
        await _channel(directory, channel_id, whats)
        for channel_id, whats in uses(found.desk).items()
    ]
    return (
        _version(found),
        *await _people(directory, found.desk),
        *channels,
        *_digests(found, now),
    )


def _version(found: _SetUp) -> Finding:
    if found.desk.version == 0:
        return warn("set-up", "nothing is set up yet; the workspace's admins hold every role.")
    if not found.admins:
        return warn("set-up", "no admin hears of trouble. Name one under admins.")
    return ok("set-up", f"version {found.desk.version}; {found.admins[0]} hears of trouble.")


async def _people(directory: SlackDirectory, desk: Desk) -> list[Finding]:
    """Everybody whom a role names, as Slack has them now, and who acts for each role."""
    named = {id_ for role in desk.roles.values() for id_ in (*role.holders, *role.backups)}
    members: dict[str, Member] = {}
    findings: list[Finding] = []
    for user_id in sorted(named):
        try:
            members[user_id] = await directory.member(user_id)
        except TROUBLE as error:
            if isinstance(error, SlackApiError) and error_code(error) == "user_not_found":
                members[user_id] = Member(user_id=user_id, name=user_id, is_deleted=True)
                advice_ = "Correct the id in the set-up."
                findings.append(fail("people", f"nobody here has the id {user_id}. {advice_}"))
            else:
                findings.append(warn("people", f"{user_id}: {no_answer(error, UNHELPED)}"))
    return [*findings, *_roles(desk, members)]


def _roles(desk: Desk, members: Mapping[str, Member]) -> Iterator[Finding]:
    for role in desk.roles.values():
        holders = active_holders(role, members)
        about = f"role {role.role_id}"
        if holders:
            names = (members[id_].name if id_ in members else id_ for id_ in holders)
            yield ok(about, f"held by {', '.join(names)}.")
            continue
        acting = accountable(desk, role.role_id, members)
        is_held = bool(active_holders(acting, members))
        who = f"the {acting.label} acts for it" if is_held else "admins act for it"
        yield warn(about, f"nobody holds it; {who}. Name its holders.")


async def _channel(directory: SlackDirectory, channel_id: str, whats: tuple[str, ...]) -> Finding:
    about = f"channel {channel_id}"
    try:
        channel = await directory.channel(channel_id)
    except TROUBLE as error:
        if isinstance(error, SlackApiError) and error_code(error) == "channel_not_found":
            return fail(about, advice(Trouble.UNSEEN, "it"))
        return warn(about, no_answer(error, UNHELPED))
    trouble = trouble_of(channel)
    if trouble is Trouble.SHARED:
        return warn(about, advice(trouble, f"#{channel.name}"))
    if trouble is not None:
        return fail(about, advice(trouble, f"#{channel.name}"))
    return ok(about, f"#{channel.name}: {' and '.join(what.lower() for what in whats)}.")


def _digests(found: _SetUp, now: datetime) -> Iterator[Finding]:
    planned = {subscription.subscription_id for subscription, _ in found.runs}
    if not found.desk.subscriptions:
        yield warn("next digest", "no channel gets one; type `/social digest` in one.")
    for one in found.desk.subscriptions:
        if one.subscription_id not in planned:
            yield fail("next digest", f"{one.subscription_id} is not planned. Apply the set-up.")
    for one, at in found.runs:
        local = f"{at.astimezone(ZoneInfo(one.tz)):%a %d %b %Y, %H:%M} {one.tz}"
        if now - at > LATE:
            yield fail("next digest", f"{one.subscription_id} was due {local}. Does it serve?")
        else:
            yield ok("next digest", f"{one.subscription_id}: {local}.")
