"""Slack's people and channels as the desk's: read page by page, and one by one as events tell."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Channel, Member
from bot.directory import Known
from handlers.outcomes import error_code

PAGE_SIZE = 200
STAMP = re.compile(r"[0-9]{10}\.[0-9]{6}")


def member_of(user: Mapping[str, Any], workspace_id: str) -> Member:
    """A member from Slack's user object (https://docs.slack.dev/reference/objects/user-object).

    Whoever belongs to another company is a guest here, whatever their rights are over there.
    """
    is_ours = _belongs(user, workspace_id)
    profile = user.get("profile") or {}
    name = profile.get("display_name") or user.get("real_name") or user.get("name") or user["id"]
    return Member(
        user_id=user_id_of(user),
        name=str(name),
        tz=str(user.get("tz") or "UTC"),
        is_admin=is_ours and bool(user.get("is_admin") or user.get("is_owner")),
        is_primary_owner=is_ours and bool(user.get("is_primary_owner")),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=not is_ours or bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_deleted=bool(user.get("deleted")),
    )


def told_by(event: Mapping[str, Any], workspace_id: str) -> Member:
    """The member whom an event is about (`team_join`, `user_change`), as of when it happened: its
    `event_ts` (https://docs.slack.dev/apis/events-api).
    """
    member, stamp = member_of(event["user"], workspace_id), event.get("event_ts")
    if not (isinstance(stamp, str) and STAMP.fullmatch(stamp)):
        return member
    seconds, _, fraction = stamp.partition(".")
    at = datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(fraction))
    return replace(member, told_at=at)


def user_id_of(user: Mapping[str, Any]) -> str:
    """The id that somebody has everywhere: on Enterprise Grid their organisation's one."""
    organisation = user.get("enterprise_user")
    found = organisation.get("id") if isinstance(organisation, Mapping) else None
    return str(found or user["id"])


def _belongs(user: Mapping[str, Any], workspace_id: str) -> bool:
    """Whether somebody is of this workspace, or of its organisation with a place in it: there
    `team_id` may name another workspace, and `enterprise_user.teams` names all of theirs.
    """
    team_id = user.get("team_id")
    organisation = user.get("enterprise_user")
    teams = organisation.get("teams") if isinstance(organisation, Mapping) else None
    listed = teams if isinstance(teams, list) else []
    return not team_id or team_id == workspace_id or workspace_id in listed


def channel_of(channel: Mapping[str, Any]) -> Channel:
    """A channel from Slack's conversation object."""
    return Channel(
        channel_id=str(channel["id"]),
        name=str(channel.get("name") or channel["id"]),
        is_private=bool(channel.get("is_private") or channel.get("is_im")),
        is_member=bool(channel.get("is_member")),
        is_archived=bool(channel.get("is_archived")),
        is_shared=bool(channel.get("is_ext_shared")),
    )


class SlackDirectory:
    """Reads the workspace's people and channels through the Web API. The token of an organisation
    serves many workspaces, so those methods that take `team_id` are told which one is meant
    (https://docs.slack.dev/enterprise/organization-ready-apps).

    `members` are the people seen so far, by user id: for forms, which wait for no database.
    """

    def __init__(
        self, client: AsyncWebClient, workspace_id: str, *, keeps_all: bool = True
    ) -> None:
        """Without `keeps_all` only people who do something are kept in memory, not whole lists."""
        self._client = client
        self._keeps_all = keeps_all
        self._workspace_id = workspace_id
        self.members: dict[str, Member] = {}

    async def everything(self) -> Known:
        """All people and all channels that the bot can see.

        Raises SlackApiError and what a broken connection raises.
        """
        return Known(members=await self._members(), channels=await self._channels())

    async def member(self, user_id: str) -> Member:
        """One person; raises as above."""
        answer = await self._client.users_info(user=user_id)
        user: dict[str, Any] = answer["user"]
        return self.keep(member_of(user, self._workspace_id))

    async def channel(self, channel_id: str) -> Channel:
        """One channel; raises as above."""
        answer = await self._client.conversations_info(channel=channel_id)
        channel: dict[str, Any] = answer["channel"]
        return channel_of(channel)

    async def channels(self, channel_ids: Iterable[str]) -> tuple[Channel, ...]:
        """These channels as they are now; one that Slack does not show is a private one without
        us, or gone, and has its id for a name. Raises as above for any other trouble.
        """
        return tuple([await self._channel(channel_id) for channel_id in channel_ids])

    async def _channel(self, channel_id: str) -> Channel:
        try:
            return await self.channel(channel_id)
        except SlackApiError as error:
            if error_code(error) != "channel_not_found":
                raise
            return Channel(channel_id=channel_id, name=channel_id, is_private=True)

    def keep(self, member: Member) -> Member:
        """Remember a person as they are now."""
        self.members[member.user_id] = member
        return member

    def renew(self, member: Member) -> None:
        """Somebody is as `member` now: remember it of those who are kept in memory."""
        known = self.members.get(member.user_id)
        if (self._keeps_all or known) and not member.is_older_than(known):
            self.keep(member)

    async def _members(self) -> tuple[Member, ...]:
        found: list[Member] = []
        cursor = ""
        while True:
            answer = await self._client.users_list(
                limit=PAGE_SIZE, cursor=cursor or None, team_id=self._workspace_id
            )
            users: list[dict[str, Any]] = answer["members"]
            members = [member_of(user, self._workspace_id) for user in users]
            found += members
            for member in members:
                self.renew(member)
            cursor = _next(answer.get("response_metadata"))
            if not cursor:
                return tuple(found)

    async def _channels(self) -> tuple[Channel, ...]:
        found: list[Channel] = []
        cursor = ""
        while True:
            answer = await self._client.conversations_list(
                types="public_channel,private_channel",
                limit=PAGE_SIZE,
                cursor=cursor or None,
                team_id=self._workspace_id,
            )
            channels: list[dict[str, Any]] = answer["channels"]
            found += [channel_of(channel) for channel in channels]
            cursor = _next(answer.get("response_metadata"))
            if not cursor:
                return tuple(found)


def _next(metadata: object) -> str:
    cursor = metadata.get("next_cursor") if isinstance(metadata, Mapping) else None
    return str(cursor or "")
