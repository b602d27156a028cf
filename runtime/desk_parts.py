"""What the set-up file may hold, as pydantic takes it; from there to a desk and back."""

from datetime import time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.conversion import ConversionType
from bot.desk import (
    LAST_DAY,
    Department,
    Desk,
    OnHoliday,
    PulseAsks,
    Role,
    Rule,
    Subscription,
    default_desk,
)
from bot.desk_changes import WEEKDAYS
from bot.sections import AUDIENCES, DEFAULT_AUDIENCE, Audience, Section
from bot.targets import group_of
from bot.working_time import WorkingHours

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

Person = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,}$")]
Place = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{2,}$")]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Label = Annotated[str, Field(min_length=1, max_length=75)]
WallTime = Annotated[str, Field(pattern=r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$")]
Hours = Annotated[float, Field(gt=0, le=4000)]
Country = Annotated[str, Field(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$")]
Zone = Annotated[str, Field(description="An IANA name like Europe/Berlin.")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class HoursPart(_Part):
    """Working hours: local times of the same day."""

    start: WallTime = "09:00"
    end: WallTime = "17:00"
    weekdays: list[Weekday] = Field(default_factory=lambda: list(_MONDAY_TO_FRIDAY))
    tz: Zone

    @model_validator(mode="after")
    def _can_be_worked(self) -> "HoursPart":
        _hours(self)
        return self


_MONDAY_TO_FRIDAY: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")


class RolePart(_Part):
    """A role owns work."""

    label: Label | None = Field(None, description="What people read.")
    description: str = Field("", max_length=500, description="What the role does.")
    channel: Place | None = Field(
        None, description="Where its cards go; without one, to its first holder."
    )
    holders: list[Person] = Field(default_factory=list, description="Who holds it, in order.")
    backups: list[Person] = Field(
        default_factory=list, description="Who is called in when something gets overdue."
    )
    fallback: Key | None = Field(
        None, description="The role that takes over while nobody holds this one."
    )
    hours: HoursPart | None = Field(None, description="Its own working hours.")


class RulePart(_Part):
    """Sends what matches to a role; all conditions given must hold."""

    role: Key
    kinds: list[str] = Field(default_factory=list)
    content_types: list[str] = Field(default_factory=list)
    platforms: list[str] = Field(default_factory=list)
    departments: list[str] = Field(default_factory=list)
    channels: list[Place] = Field(default_factory=list)
    words: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(default_factory=list)


class DepartmentPart(_Part):
    """A department, its people, and the channels whose people it stands for."""

    members: list[Person] = Field(default_factory=list)
    channels: list[Place] = Field(default_factory=list)


class DigestPart(_Part):
    """A channel, or some people as a group, that get the digest each week or month."""

    channel: Place | None = None
    people: list[Person] = Field(
        default_factory=list,
        description="In place of a channel: 2 to 8 people, who get it in a group message.",
    )
    weekday: Weekday = "monday"
    month_day: Annotated[int, Field(ge=1, le=28)] | Literal["last"] | None = Field(
        None, description="In place of the weekday: each month on this day."
    )
    time: WallTime = "09:00"
    tz: Zone = "UTC"
    audience: Key = Field(DEFAULT_AUDIENCE, description="Who reads it.")
    holidays: Country = Field("", description="The country whose holidays it minds.")
    on_holiday: Literal["move", "skip"] = Field(
        "move", description="Comes on the next working day, or not at all."
    )

    @model_validator(mode="after")
    def _goes_somewhere(self) -> "DigestPart":
        if (self.channel is None) == (not self.people):
            raise ValueError("needs a channel, or people, and not both")
        return self


class AudiencePart(_Part):
    """Who reads a digest, and what it tells them."""

    label: Label | None = Field(None, description="What people read.")
    sections: list[Annotated[Section, Field(strict=False)]] = Field(
        description="What it tells, in this order."
    )


class ConversionPart(_Part):
    """A type of conversion of one's own, beside revenue, signup, download and request."""

    label: Annotated[str, Field(min_length=1, max_length=60)] = Field(
        description="What people read of one: trial."
    )
    many: Annotated[str, Field(min_length=1, max_length=60)] | None = Field(
        None, description="Of several: trials. Without it, an s is put to the label."
    )


class DeskPart(_Part):
    """The set-up of Social Desk."""

    admins: list[Person] = Field(default_factory=list, description="Who hears of trouble.")
    guests: list[Person] = Field(default_factory=list, description="Guests who may hand in.")
    leaders: list[Person] = Field(
        default_factory=list, description="Whose own part digests count, kindly."
    )
    fallback_role: Key = Field("social_lead", description="Takes what nobody else can take.")
    hours: HoursPart | None = Field(
        None, description="The working hours of every role that has none of its own."
    )
    due: dict[str, Hours] = Field(
        default_factory=dict, description="Working hours that a decision may take, by kind."
    )
    keep_personal_months: Annotated[int, Field(ge=1, le=600)] | None = Field(
        None,
        description="Months after its end that personal data of a submission is kept; without it "
        "until somebody erases it.",
    )
    pulse: Literal["involved", "departments", "nobody"] = Field(
        "involved",
        description="Whom the quarterly question goes to: who holds a role, and who handed "
        "something in within the last quarter (involved), or the members of departments; "
        "or nobody.",
    )
    roles: dict[Key, RolePart] = Field(default_factory=dict)
    rules: list[RulePart] = Field(default_factory=list, description="The first match decides.")
    departments: dict[Label, DepartmentPart] = Field(default_factory=dict)
    audiences: dict[Key, AudiencePart] = Field(
        default_factory=dict,
        description="Audiences of your own, and other sections for those that every desk has.",
    )
    digests: dict[Key, DigestPart] = Field(default_factory=dict)
    conversions: dict[Key, ConversionPart] = Field(
        default_factory=dict, description="Types of conversions beside the four built in."
    )


def desk_of(part: DeskPart) -> Desk:
    """The set-up that a checked file describes. Default roles that it leaves out stay, without
    holders.
    """
    roles = dict(default_desk().roles)
    for role_id, role in part.roles.items():
        roles[role_id] = _role(role, standard_role(role_id))
    return Desk(
        version=0,
        fallback_role=part.fallback_role,
        roles=roles,
        rules=tuple(_rule(rule) for rule in part.rules),
        departments=tuple(
            Department(name=name, members=tuple(entry.members), channels=tuple(entry.channels))
            for name, entry in part.departments.items()
        ),
        subscriptions=tuple(
            Subscription(
                subscription_id=key,
                channel_id=entry.channel or group_of(entry.people),
                weekday=WEEKDAYS.index(entry.weekday),
                time=f"{_time(entry.time):%H:%M}",
                tz=entry.tz,
                month_day=LAST_DAY if entry.month_day == "last" else entry.month_day,
                holidays=entry.holidays,
                on_holiday=OnHoliday(entry.on_holiday),
                audience=entry.audience,
            )
            for key, entry in part.digests.items()
        ),
        admins=tuple(part.admins),
        guests=tuple(part.guests),
        leaders=tuple(part.leaders),
        hours=_hours(part.hours),
        due={kind: timedelta(hours=hours) for kind, hours in part.due.items()},
        keep_personal_months=part.keep_personal_months,
        pulse=PulseAsks(part.pulse),
        conversion_types=tuple(
            ConversionType(key=key, label=entry.label, many=entry.many or f"{entry.label}s")
            for key, entry in part.conversions.items()
        ),
        audiences=tuple(_audience(key, entry) for key, entry in part.audiences.items()),
    )


def _audience(key: str, part: AudiencePart) -> Audience:
    standard = AUDIENCES.get(key)
    label = part.label or (key if standard is None else standard.label)
    return Audience(key=key, label=label, sections=tuple(part.sections))


def standard_role(role_id: str) -> Role:
    """The role as it is when the file says nothing about it."""
    return default_desk().roles.get(role_id) or Role(role_id=role_id, label=role_id)


def _role(part: RolePart, standard: Role) -> Role:
    given = part.model_fields_set
    return Role(
        role_id=standard.role_id,
        label=part.label or standard.label,
        description=part.description if "description" in given else standard.description,
        channel_id=part.channel,
        holders=tuple(part.holders),
        fallback=part.fallback if "fallback" in given else standard.fallback,
        backups=tuple(part.backups),
        hours=_hours(part.hours),
    )


def _rule(part: RulePart) -> Rule:
    return Rule(
        role_id=part.role,
        kinds=tuple(part.kinds),
        content_types=tuple(part.content_types),
        platforms=tuple(part.platforms),
        departments=tuple(part.departments),
        channels=tuple(part.channels),
        words=tuple(part.words),
    )


def _hours(part: HoursPart | None) -> WorkingHours | None:
    if part is None:
        return None
    return WorkingHours(
        start=_time(part.start),
        end=_time(part.end),
        weekdays=frozenset(WEEKDAYS.index(day) for day in part.weekdays),
        tz=part.tz,
    )


def _time(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))
