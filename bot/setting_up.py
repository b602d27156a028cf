"""Admins change the set-up piece by piece, each on the version that they saw."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time

from bot.configure import configure
from bot.departments import rename_answers
from bot.desk import Department, Desk, Role
from bot.desk_changes import WEEKDAYS
from bot.desk_faults import Fault, check
from bot.errors import ConfigurationError, FieldError, NotAllowedError, NotFoundError, StaleError
from bot.homes import renew_homes
from bot.people import active_admins, is_admin
from bot.periods import wall_time
from bot.ports import Transaction
from bot.text import folded, has_words, one_line
from bot.working_time import WorkingHours

CHANGED = (
    "Somebody changed the set-up while this was open. Nothing was stored; "
    "please open it again and look at what it is now."
)
LABEL_LENGTH = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Who changes the set-up, and the version that they saw."""

    actor_id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursGiven:
    """Working hours as they were filled in: local times as "HH:MM", names of weekdays, a zone.
    Without a start and an end there are none.
    """

    start: str = ""
    end: str = ""
    weekdays: tuple[str, ...] = ()
    tz: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRole(Change):
    """A role as it is to be; `role_id` is None for a new one."""

    role_id: str | None
    label: str
    holders: tuple[str, ...] = ()
    backups: tuple[str, ...] = ()
    channel_id: str | None = None
    fallback: str | None = None
    hours: HoursGiven = HoursGiven()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDepartment(Change):
    """A department as it is to be; `known_as` is the name that it had, None for a new one."""

    known_as: str | None
    name: str
    members: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DropDepartment(Change):
    """A department is no more."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPeople(Change):
    """Who are the desk's admins, which guests may hand in, and whose own part digests count."""

    admins: tuple[str, ...]
    guests: tuple[str, ...]
    leaders: tuple[str, ...] = ()


def check_admin(tx: Transaction, desk: Desk, user_id: str) -> None:
    """Raise NotAllowedError for who is no admin."""
    if not is_admin(tx, desk, user_id):
        raise NotAllowedError("Only admins of Social Desk can do this.")


def to_change(tx: Transaction, change: Change, _now: datetime) -> Desk:
    """The set-up for who wants to change it.

    Raises NotAllowedError for who is no admin, StaleError when it moved on meanwhile.
    """
    desk = tx.desk.load()
    check_admin(tx, desk, change.actor_id)
    if desk.version != change.version:
        raise StaleError(CHANGED)
    return desk


def to_look_at(tx: Transaction, user_id: str, _now: datetime) -> Desk:
    """The set-up for an admin; raises NotAllowedError for anybody else."""
    desk = tx.desk.load()
    check_admin(tx, desk, user_id)
    return desk


def change_desk(
    tx: Transaction,
    change: Change,
    edit: Callable[[Desk], Desk],
    fields: Collection[str],
    now: datetime,
) -> Desk:
    """Store what `edit` makes of the set-up, unless it makes no difference.

    `fields` are the names of the form's fields: a fault of one of them raises FieldError, any other
    ConfigurationError.
    """
    desk = to_change(tx, change, now)
    edited = edit(desk)
    if edited == desk and desk.version:
        return desk
    _refuse(check(edited), fields)
    stored = configure(tx, edited, now)
    if stored.version != change.version + 1:  # somebody else was at it in the same moment
        raise StaleError(CHANGED)
    renew_homes(tx, active_admins(tx, stored), f"d{stored.version}:admins", now)
    return stored


def _refuse(faults: Iterable[Fault], fields: Collection[str]) -> None:
    for fault in faults:
        field = next((str(one) for one in reversed(fault.where) if one in fields), None)
        if field is None:
            raise ConfigurationError(fault.sentence)
        raise FieldError({field: fault.sentence})


def set_role(tx: Transaction, command: SetRole, now: datetime) -> Desk:
    """Change a role, or make a new one; work follows whoever holds it from now on.

    Raises FieldError, and what `to_change` raises.
    """
    label = _name(command.label, field="label")

    def edit(desk: Desk) -> Desk:
        role_id = command.role_id or _new_id(label, desk.roles)
        if command.role_id is not None and role_id not in desk.roles:
            raise NotFoundError("This role is no more.")
        others = (role.label for key, role in desk.roles.items() if key != role_id)
        _check_new(label, others, field="label")
        before = desk.roles.get(role_id) or Role(role_id=role_id, label=label)
        role = replace(
            before,
            label=label,
            holders=command.holders,
            backups=command.backups,
            channel_id=command.channel_id,
            fallback=command.fallback,
            hours=_hours(command.hours),
        )
        return replace(desk, roles={**desk.roles, role_id: role})

    fields = ("label", "holders", "backups", "fallback", "hours")
    try:
        return change_desk(tx, command, edit, fields, now)
    except FieldError as error:
        if "hours" not in error.fields:
            raise
        raise FieldError({"end": error.fields["hours"]}) from None


def _hours(given: HoursGiven) -> WorkingHours | None:
    if not given.start and not given.end:
        return None
    ends = {"start": given.start, "end": given.end}
    times: dict[str, time] = {}
    for name, text in ends.items():
        try:
            times[name] = wall_time(text)
        except ValueError:
            raise FieldError({name: "Please give both a start and an end, like 09:00."}) from None
    if not given.weekdays:
        raise FieldError({"weekdays": "Please choose at least one day."})
    try:
        return WorkingHours(
            **times,
            weekdays=frozenset(WEEKDAYS.index(day) for day in given.weekdays if day in WEEKDAYS),
            tz=one_line(given.tz),
        )
    except ValueError as error:
        field = "tz" if "time zone" in str(error) else "end"
        raise FieldError({field: str(error)}) from None


def _name(text: str, *, field: str) -> str:
    name = one_line(text)
    if not has_words(name):
        raise FieldError({field: "Please give it a name."})
    if len(name) > LABEL_LENGTH:
        raise FieldError({field: f"This has {len(name)} characters; {LABEL_LENGTH} fit."})
    return name


def _check_new(name: str, others: Iterable[str], *, field: str) -> None:
    if folded(name) in {folded(other) for other in others}:
        raise FieldError({field: "There is one of this name already."})


def _new_id(label: str, taken: Collection[str]) -> str:
    """An id for the set-up file, made of the label where that has plain letters."""
    letters = "".join(char if char.isascii() and char.isalnum() else "_" for char in folded(label))
    words = "_".join(part for part in letters.split("_") if part)
    stem = words[:50] if words[:1].isalpha() else f"role_{words}"[:50].strip("_")
    found, count = stem, 1
    while found in taken:
        count += 1
        found = f"{stem}_{count}"
    return found


def set_department(tx: Transaction, command: SetDepartment, now: datetime) -> Desk:
    """Change a department, or make a new one; rules that named it name it as it is called now.

    Raises FieldError, and what `to_change` raises.
    """
    name = _name(command.name, field="name")
    found = Department(name=name, members=command.members, channels=command.channels)

    def edit(desk: Desk) -> Desk:
        names = [one.name for one in desk.departments]
        if command.known_as is not None and command.known_as not in names:
            raise NotFoundError("This department is no more.")
        _check_new(name, (other for other in names if other != command.known_as), field="name")
        if command.known_as is None:
            return replace(desk, departments=(*desk.departments, found))
        renamed = {command.known_as: name}
        return replace(
            desk,
            departments=tuple(
                found if one.name == command.known_as else one for one in desk.departments
            ),
            rules=tuple(
                replace(rule, departments=tuple(renamed.get(one, one) for one in rule.departments))
                for rule in desk.rules
            ),
        )

    desk = change_desk(tx, command, edit, ("name", "members", "channels"), now)
    if command.known_as is not None:
        rename_answers(tx, command.known_as, name)
    return desk


def drop_department(tx: Transaction, command: DropDepartment, now: datetime) -> Desk:
    """Remove a department. Raises ConfigurationError when a rule names it, and what `to_change`
    raises.
    """

    def edit(desk: Desk) -> Desk:
        kept = tuple(one for one in desk.departments if one.name != command.name)
        return replace(desk, departments=kept)

    return change_desk(tx, command, edit, (), now)


def set_people(tx: Transaction, command: SetPeople, now: datetime) -> Desk:
    """Name admins, guests and leaders. Raises FieldError for a guest who is none, and what
    `to_change` raises.
    """
    members = tx.members.many(command.guests)
    others = [id_ for id_ in command.guests if id_ in members and not members[id_].is_guest]
    if others:
        names = ", ".join(members[id_].name for id_ in others)
        raise FieldError({"guests": f"No guest, may hand in anyway: {names}."})
    edited: Callable[[Desk], Desk] = lambda desk: replace(  # noqa: E731  (an edit like the others)
        desk, admins=command.admins, guests=command.guests, leaders=command.leaders
    )
    before = tx.desk.load().guests
    stored = change_desk(tx, command, edited, ("admins", "guests", "leaders"), now)
    turned = set(before) ^ set(stored.guests)
    renew_homes(tx, turned, f"d{stored.version}:guests", now)
    return stored
