"""The forms of the set-up: a role, a department, admins, guests and leaders."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from bot.desk import Department, Desk, Role, default_desk
from bot.desk_changes import WEEKDAYS
from bot.setting_up import LABEL_LENGTH
from bot.working_time import WorkingHours
from handlers.ids import Action, Callback
from handlers.setup_values import SetupField, SetupMetadata, SetupValue
from handlers.views import examples
from handlers.views.blocks import (
    actions,
    button,
    context,
    input_block,
    modal,
    option,
    plain,
    select,
)
from handlers.views.message import Block, View
from handlers.views.text import inline

MONDAY_TO_FRIDAY = frozenset(range(5))
DAYS = tuple((name, name.capitalize()) for name in WEEKDAYS)
"""The weekdays as options: what is stored, and what people read."""


def role_form(desk: Desk, role: Role | None, *, tz: str) -> View:
    """Who holds a role, where its cards go, and when it works; a new one when `role` is None.

    `tz` is the zone of the admin, to begin with.
    """
    return modal(
        Callback.SETUP_ROLE_FORM,
        "Role" if role else "New role",
        _questions(desk, role or Role(role_id="", label=""), tz),
        submit="Save",
        close="Cancel",
        metadata=SetupMetadata(version=desk.version, key=role.role_id if role else None).dump(),
    )


def _questions(desk: Desk, role: Role, tz: str) -> list[Block]:
    others = [(key, one.label) for key, one in desk.roles.items() if key != role.role_id]
    return [
        *([context(inline(role.description, 500))] if role.description else []),
        input_block(SetupField.LABEL, "Name", line(role.label, LABEL_LENGTH)),
        input_block(
            SetupField.HOLDERS,
            "Who holds it?",
            people(role.holders),
            optional=True,
            hint="The first gets its cards while it has no channel.",
        ),
        input_block(
            SetupField.CHANNEL,
            "Where do its cards go?",
            place(role.channel_id),
            optional=True,
            hint="Invite Social Desk there. Everybody in the channel reads the cards.",
        ),
        input_block(
            SetupField.BACKUPS,
            "Who is called in?",
            people(role.backups),
            optional=True,
            hint="When something gets overdue, or no holder is there.",
        ),
        input_block(
            SetupField.FALLBACK,
            "Which role takes over while nobody holds it?",
            select(others[:100], role.fallback),
            optional=True,
        ),
        *_hours(role.hours, tz),
    ]


def _hours(hours: WorkingHours | None, tz: str) -> list[Block]:
    days = hours.weekdays if hours else MONDAY_TO_FRIDAY
    entries = [option(value, label) for value, label in DAYS]
    weekdays: Block = {
        "type": "multi_static_select",
        "action_id": Action.VALUE.value,
        "options": entries,
        "initial_options": [entry for day, entry in enumerate(entries) if day in days],
    }
    return [
        input_block(
            SetupField.START,
            "Works from",
            clock(f"{hours.start:%H:%M}" if hours else None),
            optional=True,
            hint="Without hours of its own it works when the desk does.",
        ),
        input_block(
            SetupField.END, "to", clock(f"{hours.end:%H:%M}" if hours else None), optional=True
        ),
        input_block(SetupField.WEEKDAYS, "on", weekdays, optional=True),
        input_block(
            SetupField.TZ,
            "Time zone",
            line(hours.tz if hours else tz, 64),
            optional=True,
            hint=ZONE,
        ),
    ]


ZONE = "A name like Europe/Berlin; daylight saving time is looked after."


def department_form(desk: Desk, department: Department | None) -> View:
    """Who belongs to a department; a new one when `department` is None."""
    shown = department or Department(name="")
    channels: Block = {
        "type": "multi_conversations_select",
        "action_id": Action.VALUE.value,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if shown.channels:
        channels["initial_conversations"] = list(shown.channels)
    blocks = [
        input_block(SetupField.NAME, "Name", line(shown.name, LABEL_LENGTH)),
        input_block(SetupField.MEMBERS, "Who is in it?", people(shown.members), optional=True),
        input_block(
            SetupField.CHANNELS,
            "Which channels stand for it?",
            channels,
            optional=True,
            hint="Who hands in from there and is in no department counts for this one.",
        ),
    ]
    if department is not None:
        drop = button(
            Action.SETUP_DROP_DEPARTMENT.value,
            "Remove department",
            SetupValue(key=department.name).dump(),
            label="Remove this department",
            style="danger",
        )
        drop["confirm"] = confirm("Remove this department?", "What was handed in keeps its name.")
        blocks.append(actions("drop", [drop]))
    key = department.name if department else None
    return modal(
        Callback.SETUP_DEPARTMENT_FORM,
        "Department" if department else "New department",
        blocks,
        submit="Save",
        close="Cancel",
        metadata=SetupMetadata(version=desk.version, key=key).dump(),
    )


def people_form(desk: Desk) -> View:
    """Who are the desk's admins, which guests may hand in, and who leads."""
    return modal(
        Callback.SETUP_PEOPLE_FORM,
        "Admins, guests, leaders",
        [
            input_block(
                SetupField.ADMINS,
                "Who sets Social Desk up, beside the workspace's admins?",
                people(desk.admins),
                optional=True,
                hint="The first hears of trouble.",
            ),
            input_block(
                SetupField.GUESTS,
                "Which guests may hand in?",
                people(desk.guests),
                optional=True,
                hint="Members of the workspace may anyway.",
            ),
            input_block(
                SetupField.LEADERS,
                "Who are the leaders?",
                people(desk.leaders),
                optional=True,
                hint="Digests count what they hand in themselves. With nobody here a department "
                "called Leadership stands for them.",
            ),
        ],
        submit="Save",
        close="Cancel",
        metadata=SetupMetadata(version=desk.version).dump(),
    )


def line(value: str, limit: int) -> Block:
    """A field for one line."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": Action.VALUE.value,
        "max_length": limit,
    }
    return element | ({"initial_value": value} if value else {})


def people(user_ids: Sequence[str]) -> Block:
    """A field for people, in order."""
    element: Block = {"type": "multi_users_select", "action_id": Action.VALUE.value}
    return element | ({"initial_users": list(user_ids)} if user_ids else {})


def place(channel_id: str | None) -> Block:
    """A field for a channel, private ones included."""
    element: Block = {
        "type": "conversations_select",
        "action_id": Action.VALUE.value,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return element | ({"initial_conversation": channel_id} if channel_id else {})


def clock(at: str | None) -> Block:
    """A field for a time of day, "HH:MM"."""
    element: Block = {"type": "timepicker", "action_id": Action.VALUE.value}
    return element | ({"initial_time": at} if at else {})


def confirm(title: str, text: str) -> Block:
    """The question before something goes away."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain("Remove", 30),
        "deny": plain("Keep", 30),
        "style": "danger",
    }


@dataclass(frozen=True, slots=True)
class SetupFormExample:
    """A form and how it is built."""

    build: Callable[[], View]


_DESK = replace(
    default_desk(),
    version=3,
    roles={**default_desk().roles, examples.CONTENT_LEAD.role_id: examples.CONTENT_LEAD},
    admins=("U0OLGA",),
    guests=("U0GUS",),
    leaders=("U0ELENA",),
)
_ROLE = replace(
    examples.CONTENT_LEAD,
    backups=("U0ANA",),
    fallback="social_lead",
    hours=WorkingHours(
        start=time(8), end=time(16, 30), weekdays=frozenset({0, 1, 3}), tz="Europe/Lisbon"
    ),
)

EXAMPLES: Mapping[str, SetupFormExample] = {
    "role": SetupFormExample(lambda: role_form(_DESK, _ROLE, tz="Europe/Berlin")),
    "role-new": SetupFormExample(lambda: role_form(_DESK, None, tz="Europe/Berlin")),
    "department": SetupFormExample(
        lambda: department_form(
            _DESK, Department(name="Sales & more", members=("U0SAM",), channels=("C0SALES",))
        )
    ),
    "department-new": SetupFormExample(lambda: department_form(_DESK, None)),
    "people": SetupFormExample(lambda: people_form(_DESK)),
    "people-none": SetupFormExample(lambda: people_form(default_desk())),
}
