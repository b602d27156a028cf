"""What rides on the buttons and forms of the set-up, and the names of the forms' fields."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from handlers.carried import OLD_FORM, Carried, Count, SlackId

Name = Annotated[str, Field(min_length=1, max_length=100)]


class SetupField(StrEnum):
    """block_ids of the forms' inputs: the keys of their values and of their field errors."""

    LABEL = "label"
    NAME = "name"
    HOLDERS = "holders"
    BACKUPS = "backups"
    FALLBACK = "fallback"
    CHANNEL = "channel"
    CHANNELS = "channels"
    MEMBERS = "members"
    START = "start"
    END = "end"
    WEEKDAYS = "weekdays"
    WEEKDAY = "weekday"
    PEOPLE = "people"
    HOLIDAYS = "holidays"
    ON_HOLIDAY = "on_holiday"
    AUDIENCE = "audience"
    TIME = "time"
    TZ = "tz"
    ADMINS = "admins"
    GUESTS = "guests"
    LEADERS = "leaders"


class SetupValue(Carried):
    """The value of a set-up button: the role, department or digest that it is about; nothing for a
    new one. `channel_id` is the channel that a new digest is meant for.
    """

    key: Name | None = None
    channel_id: SlackId | None = None


class SetupMetadata(Carried):
    """What a form of the set-up has to know: the version that the admin saw, and what it changes;
    nothing for a new one.
    """

    unreadable: ClassVar[str] = OLD_FORM

    version: Count
    key: Name | None = None
