"""What the workspace's admins do, with the events that follow from it.

Source of the events: https://docs.slack.dev/reference/events
"""

from dataclasses import replace
from typing import Any

from sandbox import answers, objects
from sandbox.model import Channel, Json, User
from sandbox.state import State


class Admin(State):
    """A state whose users and channels can be managed."""

    def add_user(self, name: str, real_name: str = "", **more: Any) -> User:
        """A new colleague, with `team_join`; with a `team_id` somebody of another company, whom no
        event announces. `more` are fields of `User`, such as `is_admin`.
        """
        user = User(
            id=more.pop("id", None) or self.ids.next("U"),
            name=name,
            real_name=real_name or name.replace(".", " ").title(),
            updated=self._stamp(),
            **more,
        )
        self.users[user.id] = user
        if user.team_id is None:
            self.emit("team_join", self._user_event("team_join", user))
        self.changed()
        return user

    def change_user(self, user_id: str, **fields: Any) -> User:
        """Change fields of a user, with `user_change`."""
        user = replace(self.users[user_id], updated=self._stamp(), **fields)
        self.users[user_id] = user
        self.emit("user_change", self._user_event("user_change", user))
        self.changed()
        return user

    def deactivate(self, user_id: str) -> User:
        """A colleague leaves: out of all channels, `deleted`."""
        for channel in list(self.channels.values()):
            if user_id in channel.members and not channel.is_im:
                self._members(channel, tuple(m for m in channel.members if m != user_id))
        return self.change_user(user_id, deleted=True)

    def add_channel(
        self, name: str, *members: str, is_private: bool = False, channel_id: str | None = None
    ) -> Channel:
        """A new channel with these members, with `channel_created` if it is public."""
        channel = Channel(
            id=channel_id or self.ids.next("C"),
            name=name,
            is_private=is_private,
            members=members,
            created=self._stamp(),
            creator=members[0] if members else "",
        )
        self.channels[channel.id] = channel
        if not is_private:
            shown = {
                "id": channel.id,
                "name": name,
                "created": channel.created,
                "creator": channel.creator,
            }
            self._tell("channel_created", channel=shown)
        self.changed()
        return channel

    def rename(self, channel_id: str, name: str) -> Channel:
        """Another name, with `channel_rename` or `group_rename`."""
        channel = replace(self.channels[channel_id], name=name)
        self.channels[channel_id] = channel
        shown = {"id": channel_id, "name": name, "created": channel.created}
        self._tell_channel(channel, "rename", channel=shown)
        self.changed()
        return channel

    def archive(self, channel_id: str) -> Channel:
        """`channel_archive` or `group_archive`."""
        channel = replace(self.channels[channel_id], is_archived=True)
        self.channels[channel_id] = channel
        self._tell_channel(channel, "archive", channel=channel_id)
        self.changed()
        return channel

    def unarchive(self, channel_id: str) -> Channel:
        """`channel_unarchive` or `group_unarchive`."""
        channel = replace(self.channels[channel_id], is_archived=False)
        self.channels[channel_id] = channel
        self._tell_channel(channel, "unarchive", channel=channel_id)
        self.changed()
        return channel

    def make_private(self, channel_id: str) -> Channel:
        """Turn a public channel into a private one; Slack sends no event that apps can use."""
        channel = replace(self.channels[channel_id], is_private=True)
        self.channels[channel_id] = channel
        self.changed()
        return channel

    def share(self, channel_id: str, *strangers: str) -> Channel:
        """Share a channel with another company, whose `strangers` are in it from now on, with
        `channel_shared` (https://docs.slack.dev/reference/events/channel_shared).
        """
        channel = replace(self.channels[channel_id], is_ext_shared=True)
        self.channels[channel_id] = channel
        teams = [self.users[user_id].team_id for user_id in strangers]
        team_id = next((one for one in teams if one), "T0ELSEWHERE")
        self._tell("channel_shared", connected_team_id=team_id, channel=channel_id)
        self.changed()
        for user_id in strangers:
            self.invite(channel_id, user_id)
        return self.channels[channel_id]

    def unshare(self, channel_id: str) -> Channel:
        """Only this workspace has the channel from now on, with `channel_unshared`
        (https://docs.slack.dev/reference/events/channel_unshared).
        """
        channel = self.channels[channel_id]
        ours = tuple(one for one in channel.members if self.users[one].team_id is None)
        self.channels[channel_id] = replace(channel, is_ext_shared=False, members=ours)
        self._tell(
            "channel_unshared",
            previously_connected_team_id="T0ELSEWHERE",
            channel=channel_id,
            is_ext_shared=False,
        )
        self.changed()
        return self.channels[channel_id]

    def delete_channel(self, channel_id: str) -> None:
        """The channel and its messages are gone, with `channel_deleted` or `group_deleted`."""
        channel = self.channels.pop(channel_id)
        self.messages.pop(channel_id, None)
        self._tell_channel(channel, "deleted", channel=channel_id)
        self.changed()

    def invite(self, channel_id: str, user_id: str, inviter: str | None = None) -> Channel:
        """Add a member, with `member_joined_channel` if the app is there too."""
        channel = self.channels[channel_id]
        if user_id in channel.members:
            return channel
        channel = self._members(channel, (*channel.members, user_id))
        if self.bot_is_in(channel):
            self._tell_member("member_joined_channel", channel, user_id, inviter=inviter)
        return channel

    def invite_bot(self, channel_id: str, inviter: str | None = None) -> Channel:
        """`/invite @the_app`."""
        return self.invite(channel_id, self.identity.bot_user, inviter)

    def kick(self, channel_id: str, user_id: str, actor: str | None = None) -> Channel:
        """Take a member out; the app itself hears `channel_left` or `group_left`."""
        channel = self.channels[channel_id]
        present = self.bot_is_in(channel)
        channel = self._members(channel, tuple(m for m in channel.members if m != user_id))
        if user_id == self.identity.bot_user:
            name = "group_left" if channel.is_private else "channel_left"
            self._tell(name, channel=channel_id, actor_id=actor)
        elif present:
            self._tell_member("member_left_channel", channel, user_id)
        return channel

    def delete_message(self, channel_id: str, ts: str) -> None:
        """An admin deletes a message, with `message_deleted`. KeyError if it is not there."""
        gone = self.messages[channel_id][ts]
        self.remove(channel_id, ts)
        if gone.ephemeral_to is None:
            answers.announce_deletion(self, gone)

    def delete_file(self, file_id: str) -> None:
        """A file is gone, with `file_deleted`; messages keep a mark of it. KeyError for no file."""
        file = self.files[file_id]
        self.files[file_id] = replace(file, content=b"", deleted=True)
        self._tell("file_deleted", file_id=file_id)
        self.changed()

    def uninstall(self) -> None:
        """Remove the app: `tokens_revoked` and `app_uninstalled`, then its token is no good."""
        self._tell("tokens_revoked", tokens={"oauth": [], "bot": [self.identity.bot_user]})
        self._tell("app_uninstalled")
        self.token_error = "account_inactive"  # noqa: S105  (an error code)
        self.changed()

    def _stamp(self) -> int:
        return int(self.clock.now().timestamp())

    def _members(self, channel: Channel, members: tuple[str, ...]) -> Channel:
        changed = replace(channel, members=members)
        self.channels[channel.id] = changed
        self.changed()
        return changed

    def _user_event(self, name: str, user: User) -> Json:
        shown = objects.user_object(self, user, locale=True)
        return {"type": name, "user": shown, "cache_ts": self._stamp(), "event_ts": self.next_ts()}

    def _tell(self, name: str, **fields: Any) -> None:
        self.emit(name, {"type": name, **fields, "event_ts": self.next_ts()})

    def _tell_channel(self, place: Channel, what: str, **fields: Any) -> None:
        if place.is_private and not self.bot_is_in(place):
            return
        self._tell(f"{'group' if place.is_private else 'channel'}_{what}", **fields)

    def _tell_member(
        self, name: str, channel: Channel, user: str, *, inviter: str | None = None
    ) -> None:
        fields: Json = {
            "user": user,
            "channel": channel.id,
            "channel_type": "G" if channel.is_private else "C",
            "team": self.identity.team_id,
        }
        if inviter:
            fields["inviter"] = inviter
        self._tell(name, **fields)
