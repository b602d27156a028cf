"""A workspace's set-up: who there is, which roles own what, and who holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from bot.conversion import ConversionType
from bot.sections import AUDIENCES, DEFAULT_AUDIENCE, Audience
from bot.working_time import WorkingHours


class Hears(StrEnum):
    """How much somebody wants to hear of what they handed in."""

    ALL = "all"
    DECISIONS = "decisions"
    QUESTIONS = "questions"


class PulseAsks(StrEnum):
    """Whom the quarterly question goes to: who holds a role, and besides who handed something in
    within the last quarter, or the members of departments; or nobody.
    """

    INVOLVED = "involved"
    DEPARTMENTS = "departments"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person (or a bot) of the workspace, as Slack's user object tells.

    `tz` is an IANA name, never an offset. `is_guest` covers Slack's single- and multi-channel
    guests (https://docs.slack.dev/reference/objects/user-object), and people of other companies
    whom a shared channel brings here (https://docs.slack.dev/apis/slack-connect).

    `told_at` is when Slack's newest event about them happened, None while no event told of them.

    The last four are not Slack's but the desk's: `away_until` is set as long as somebody is away,
    with who stands in for them; `department` is what they answered when asked.
    """

    user_id: str
    name: str
    tz: str = "UTC"
    is_admin: bool = False
    is_primary_owner: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_deleted: bool = False
    told_at: datetime | None = None
    away_until: datetime | None = None
    deputy_id: str | None = None
    hears: Hears = Hears.ALL
    department: str | None = None

    @property
    def is_active_person(self) -> bool:
        """Whether work can go to them: a person who has not left."""
        return not (self.is_bot or self.is_deleted)

    def is_older_than(self, other: "Member | None") -> bool:
        """Whether this is what an event told that happened before the one behind `other`."""
        if other is None or self.told_at is None or other.told_at is None:
            return False
        return self.told_at < other.told_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A conversation that the bot can see. `is_member`: the bot itself is in it; `is_shared`: so
    are people of another company, through Slack Connect.
    """

    channel_id: str
    name: str
    is_private: bool = False
    is_member: bool = False
    is_archived: bool = False
    is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role owns work (P07). Cards go to `channel_id`, else by DM to the first holder.

    `holders` are user ids in order. `backups` are called in when something gets overdue or no
    holder is there (P09). `fallback` names the role that takes over when nobody holds this one.
    `hours` are the role's own working hours, None for the desk's.
    """

    role_id: str
    label: str
    description: str = ""
    channel_id: str | None = None
    holders: tuple[str, ...] = ()
    fallback: str | None = None
    backups: tuple[str, ...] = ()
    hours: WorkingHours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Sends what matches to `role_id`; a condition left empty matches everything.

    Within one condition any value is enough; all conditions given must hold. `words` match whole
    words, whatever their case.
    """

    role_id: str
    kinds: tuple[str, ...] = ()
    content_types: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department, its people, and the channels whose people it stands for."""

    name: str
    members: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class OnHoliday(StrEnum):
    """What becomes of a digest that is planned for a holiday."""

    MOVE = "move"  # to the next working day
    SKIP = "skip"


LAST_DAY = 31
"""The `month_day` of a digest that comes on the last day of each month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A channel, a group or a person that gets the digest each week or month at a local time.

    `channel_id` is where it goes: a channel's id, a person's, or those of several people joined by
    "+", who get it in a group message. `weekday` counts from 0 for Monday. With a `month_day`, 1 to
    28 or LAST_DAY, it comes each month. `time` is the local wall time as "HH:MM". `tz` is an IANA
    name. `audience` names who reads it, and with that its sections. `holidays` names the country,
    like "DE" or "DE-BY", whose holidays it minds; "" for none.
    """

    subscription_id: str
    channel_id: str
    weekday: int = 0
    time: str = "09:00"
    tz: str = "UTC"
    audience: str = DEFAULT_AUDIENCE
    month_day: int | None = None
    holidays: str = ""
    on_holiday: OnHoliday = OnHoliday.MOVE

    @property
    def is_monthly(self) -> bool:
        """Whether it comes each month, not each week."""
        return self.month_day is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The whole set-up of a workspace at one version, held in memory and read by every rule.

    `rules` are tried in order. `admins` are told what needs an admin; when there are none, the
    workspace's primary owner is. `hours` are the working hours of every role that has none of its
    own; None means 9 to 17, Monday to Friday, where the role's first holder lives. `due` is how
    much working time a decision may take, by kind, where it differs from the kind's own. `guests`
    are the guests that an admin named: they may use the desk. `keep_personal_months` is how long
    personal data of what has ended is kept; None: until somebody erases it. `pulse` says whom the
    quarterly question goes to. `conversion_types` are
    its own, beside those built in. `audiences` are those
    of digests that are the desk's own, or read other sections than `bot.sections.AUDIENCES` says.
    `leaders` are people whose own part digests count; while it names nobody, a department called
    Leadership stands for them.
    """

    version: int
    fallback_role: str
    roles: Mapping[str, Role]
    rules: tuple[Rule, ...] = ()
    departments: tuple[Department, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    admins: tuple[str, ...] = ()
    hours: WorkingHours | None = None
    due: Mapping[str, timedelta] = field(default_factory=dict)
    guests: tuple[str, ...] = ()
    keep_personal_months: int | None = None
    pulse: PulseAsks = PulseAsks.INVOLVED
    conversion_types: tuple[ConversionType, ...] = ()
    audiences: tuple[Audience, ...] = ()
    leaders: tuple[str, ...] = ()

    def all_audiences(self) -> Mapping[str, Audience]:
        """The audiences that a digest can be for, by their keys."""
        return {**AUDIENCES, **{one.key: one for one in self.audiences}}

    def audience(self, key: str) -> Audience:
        """The audience of this name, else leadership (it may have been taken away)."""
        known = self.all_audiences()
        return known.get(key) or known[DEFAULT_AUDIENCE]

    def role(self, role_id: str) -> Role:
        """The role with this id, else the fallback role (a role may have been merged away)."""
        return self.roles.get(role_id) or self.roles[self.fallback_role]

    def roles_of(self, user_id: str) -> tuple[Role, ...]:
        """The roles that `user_id` holds."""
        return tuple(role for role in self.roles.values() if user_id in role.holders)

    def department_of(self, user_id: str, channel_id: str | None = None) -> str | None:
        """The department of a person; failing that, the one their channel stands for."""
        for department in self.departments:
            if user_id in department.members:
                return department.name
        for department in self.departments:
            if channel_id is not None and channel_id in department.channels:
                return department.name
        return None


DEFAULT_FALLBACK = "social_lead"

DEFAULT_ROLES = (
    Role(
        role_id="social_lead",
        label="Social lead",
        description="Accountable for social as a whole; takes what nobody else owns.",
    ),
    Role(
        role_id="content_lead",
        label="Content lead",
        description="Decides which ideas become posts.",
        fallback="social_lead",
    ),
    Role(
        role_id="advocacy_lead",
        label="Advocacy lead",
        description="Looks after customers' testimonials and their consent.",
        fallback="social_lead",
    ),
    Role(
        role_id="lead_desk",
        label="Lead desk",
        description="Passes hints at leads to sales.",
        fallback="social_lead",
    ),
)


@cache
def default_desk() -> Desk:
    """The set-up before anybody set anything up: version 0, no role has a holder. Of thousands of
    workspaces many may have it, so there is one.
    """
    return Desk(
        version=0,
        fallback_role=DEFAULT_FALLBACK,
        roles={role.role_id: role for role in DEFAULT_ROLES},
    )
