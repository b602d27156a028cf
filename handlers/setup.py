"""Admins set the desk up from the Home tab: roles, departments, admins, guests and leaders."""

from collections.abc import Mapping

from bot.desk import Desk
from bot.errors import NotFoundError
from bot.setting_up import (
    DropDepartment,
    HoursGiven,
    SetDepartment,
    SetPeople,
    SetRole,
    drop_department,
    set_department,
    set_people,
    set_role,
    to_look_at,
)
from bot.submission import FieldValue
from handlers.answers import NOTHING, Answer
from handlers.ids import Action, Callback
from handlers.listeners import Listeners
from handlers.opening import already_done, open_view, update_view
from handlers.requests import Request, form_values
from handlers.services import Services
from handlers.setup_values import SetupField, SetupMetadata, SetupValue
from handlers.subscription import know_channels, many_of, text_of
from handlers.views.message import View
from handlers.views.page import page
from handlers.views.setup_forms import department_form, people_form, role_form


class SetupListeners:
    """The set-up, piece by piece."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={
                Action.SETUP_ROLE: self.open_role,
                Action.SETUP_DEPARTMENT: self.open_department,
                Action.SETUP_DROP_DEPARTMENT: self.drop_department,
                Action.SETUP_PEOPLE: self.open_people,
            },
            forms={
                Callback.SETUP_ROLE_FORM: self.save_role,
                Callback.SETUP_DEPARTMENT_FORM: self.save_department,
                Callback.SETUP_PEOPLE_FORM: self.save_people,
            },
        )

    async def open_role(self, request: Request) -> Answer:
        """The form of a role, or of a new one."""
        desk, key = await self._desk(request), _value(request).key
        role = None if key is None else desk.roles.get(key)
        if key is not None and role is None:
            raise NotFoundError("This role is no more. Open the Home tab anew.")
        member = self._services.directory(request).members.get(request.user_id)
        return await self._open(request, role_form(desk, role, tz=member.tz if member else "UTC"))

    async def open_department(self, request: Request) -> Answer:
        """The form of a department, or of a new one."""
        desk, key = await self._desk(request), _value(request).key
        department = next((one for one in desk.departments if one.name == key), None)
        if key is not None and department is None:
            raise NotFoundError("This department is no more. Open the Home tab anew.")
        return await self._open(request, department_form(desk, department))

    async def open_people(self, request: Request) -> Answer:
        """The form of admins, guests and leaders."""
        return await self._open(request, people_form(await self._desk(request)))

    async def save_role(self, request: Request) -> Answer:
        """The form of a role came back."""
        metadata, values = _filled(request)
        channel_id = text_of(values, SetupField.CHANNEL) or None
        await know_channels(self._services, request, (channel_id or "",))
        command = SetRole(
            actor_id=request.user_id,
            version=metadata.version,
            role_id=metadata.key,
            label=text_of(values, SetupField.LABEL),
            holders=many_of(values, SetupField.HOLDERS),
            backups=many_of(values, SetupField.BACKUPS),
            channel_id=channel_id,
            fallback=text_of(values, SetupField.FALLBACK) or None,
            hours=HoursGiven(
                start=text_of(values, SetupField.START),
                end=text_of(values, SetupField.END),
                weekdays=many_of(values, SetupField.WEEKDAYS),
                tz=text_of(values, SetupField.TZ),
            ),
        )
        await self._services.transact(request, set_role, command)
        return NOTHING

    async def save_department(self, request: Request) -> Answer:
        """The form of a department came back."""
        metadata, values = _filled(request)
        command = SetDepartment(
            actor_id=request.user_id,
            version=metadata.version,
            known_as=metadata.key,
            name=text_of(values, SetupField.NAME),
            members=many_of(values, SetupField.MEMBERS),
            channels=many_of(values, SetupField.CHANNELS),
        )
        await self._services.transact(request, set_department, command)
        return NOTHING

    async def drop_department(self, request: Request) -> Answer:
        """A department is removed; Slack asked whether that is meant."""
        metadata, _ = _filled(request)
        command = DropDepartment(
            actor_id=request.user_id, version=metadata.version, name=_value(request).key or ""
        )
        await self._services.transact(request, drop_department, command)
        with already_done("Removed."):
            await update_view(self._services.client(request), request, page("Removed."))
        return NOTHING

    async def save_people(self, request: Request) -> Answer:
        """The form of admins, guests and leaders came back."""
        metadata, values = _filled(request)
        command = SetPeople(
            actor_id=request.user_id,
            version=metadata.version,
            admins=many_of(values, SetupField.ADMINS),
            guests=many_of(values, SetupField.GUESTS),
            leaders=many_of(values, SetupField.LEADERS),
        )
        await self._services.transact(request, set_people, command)
        return NOTHING

    async def _desk(self, request: Request) -> Desk:
        return await self._services.read(request, to_look_at, request.user_id)

    async def _open(self, request: Request, view: View) -> Answer:
        await open_view(self._services.client(request), request, view)
        return NOTHING


def _value(request: Request) -> SetupValue:
    return SetupValue.parse(request.action.get("value"))


def _filled(request: Request) -> tuple[SetupMetadata, Mapping[str, FieldValue]]:
    view = request.view
    return SetupMetadata.parse(view.get("private_metadata")), form_values(view)
