"""Handing in: from a command, a message, the shortcut or Home to a stored submission."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from bot.drafts import Drafts
from bot.errors import NotFoundError
from bot.kinds import IDEA, KINDS, FieldType, Kind
from bot.routing import possible_roles
from bot.submission import FieldValue, Origin
from bot.submit import HandIn, Received, hand_in
from handlers.answers import ALL_CLOSED, NOTHING, Answer, kept_text, next_page
from handlers.departments import DepartmentQuestion, chosen_department
from handlers.drafts import Begun, DraftKeeper, begin, source_key, typed_into
from handlers.form_values import DraftValue, FormMetadata, HandInValue
from handlers.ids import Action, BlockId, Callback
from handlers.listeners import Listeners
from handlers.opening import open_view, update_view
from handlers.requests import PRIVATE_NAMES, Request, form_values, refs_of, typed_text
from handlers.services import Services
from handlers.views.department import with_department
from handlers.views.form import form
from handlers.views.message import View
from handlers.views.page import already
from handlers.views.questions import MOST_AT_ONCE
from handlers.workplaces import at_work

NOT_TYPED = frozenset({BlockId.KIND.value, BlockId.DEPARTMENT.value})
"""Inputs of a form that are no fields of its kind."""


class SubmitListeners:
    """The journey of a submitter, up to the acknowledgement."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._drafts = DraftKeeper(services)
        self._departments = DepartmentQuestion(services)

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            commands={
                name: partial(self.open_by_command, kind)
                for kind, name in self._services.commands.items()
            },
            shortcuts={
                Callback.SUBMIT_MESSAGE: self.open_on_message,
                Callback.SUBMIT_GLOBAL: self.open_anywhere,
            },
            actions={
                Action.HOME_HAND_IN: self.open_from_home,
                Action.SUBMIT_KIND: self.change_kind,
                Action.SUBMIT_DRAFT: self.open_beside,
                Action.VALUE: self.typed,
            },
            forms={Callback.SUBMIT_FORM: self.receive},
            closed={Callback.SUBMIT_FORM: self.closed},
        )

    async def open_by_command(self, kind_key: str, request: Request) -> Answer:
        """`/social-idea text`: the form of that kind, filled with the text."""
        metadata = FormMetadata.of(kind_key, None, response_channel=request.channel_id)
        text = self._typed(request, request.body.get("text"))
        await self._open(request, metadata, started(KINDS[kind_key], text))
        return NOTHING

    async def open_from_home(self, request: Request) -> Answer:
        """A button on the Home tab: the form of its kind."""
        value = HandInValue.parse(request.action.get("value"))
        await self._open(request, FormMetadata.of(value.kind, None), {})
        return NOTHING

    async def open_anywhere(self, request: Request) -> Answer:
        """The global shortcut: a form whose kind can be chosen."""
        await self._open(request, FormMetadata.of(IDEA.key, None), {}, is_kind_open=True)
        return NOTHING

    async def open_on_message(self, request: Request) -> Answer:
        """The message shortcut: a form filled with the message, which it remembers."""
        origin = self._origin(request)
        metadata = FormMetadata.of(IDEA.key, origin, response_channel=request.channel_id)
        message = request.body["message"]
        files = refs_of(message.get("files"))[:MOST_AT_ONCE]
        metadata = metadata.with_files(files)
        text = self._typed(request, message.get("text"))
        await self._open(request, metadata, {IDEA.text_field: text}, is_kind_open=True)
        return NOTHING

    async def change_kind(self, request: Request) -> Answer:
        """Another kind was chosen in the form: its questions, with all that was typed kept."""
        view = request.view
        metadata = FormMetadata.parse(view.get("private_metadata"))
        values = typed_into(view)
        old = KINDS[metadata.kind]
        chosen = (request.action.get("selected_option") or {}).get("value")
        changed = metadata.with_kind(str(chosen), aside=personal_of(old, values))
        kept = {**changed.aside, **carried_over(old, KINDS[changed.kind], values)}
        begun = begin(changed, kept, await self._drafts.find(request, changed.kind))
        view = await self._form(request, begun, is_kind_open=True)
        await update_view(self._services.client(request), request, view)
        if any(kept.values()):
            self._drafts.moved(request, begun.metadata, kept)
        return NOTHING

    async def open_beside(self, request: Request) -> Answer:
        """The other form, on top of this one: the draft, or a new one beside it."""
        value = DraftValue.parse(request.action.get("value"))
        metadata = FormMetadata.parse(request.view.get("private_metadata"))
        values: Mapping[str, FieldValue] = {}
        if not value.is_new:
            drafts = await self._drafts.find(request, value.kind) or Drafts()
            values = (drafts.first if value.slot == 1 else drafts.second) or {}
        beside = FormMetadata(
            kind=value.kind, slot=value.slot, response_channel=metadata.response_channel
        )
        view = await self._form(request, Begun(metadata=beside, values=values), is_kind_open=False)
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def typed(self, request: Request) -> Answer:
        """A field of the form reports what stands in it. Of a form that another version opened
        nobody is told at each key, but when it is handed in.
        """
        if request.view.get("callback_id") == Callback.SUBMIT_FORM:
            with suppress(NotFoundError):
                self._drafts.typed(request)
        return NOTHING

    async def closed(self, request: Request) -> Answer:
        """The form was closed: what stood in it is a draft."""
        await self._drafts.closed(request)
        return NOTHING

    async def receive(self, request: Request) -> Answer:
        """The form came back: store it, then acknowledge. What is acked can't be lost."""
        view = request.view
        metadata = FormMetadata.parse(view.get("private_metadata"))
        values = form_values(view)
        command = HandIn(
            kind_key=metadata.kind,
            submitter_id=request.user_id,
            fields=_with_files(metadata, values),
            source_key=source_key(view),
            channel_id=metadata.response_channel or metadata.channel_id,
            origin=metadata.origin,
            draft_slot=metadata.slot,
            department=chosen_department(values),
        )
        with self._drafts.handing_in(str(view["id"])):
            handed_in = await self._services.transact(request, hand_in, command)
        if handed_in.received is Received.SAME_MESSAGE:
            return next_page(already(handed_in.submission, kept=kept_text(view)))
        return ALL_CLOSED if view.get("previous_view_id") else NOTHING

    async def _open(
        self,
        request: Request,
        metadata: FormMetadata,
        values: Mapping[str, FieldValue],
        *,
        is_kind_open: bool = False,
    ) -> None:
        begun = begin(metadata, values, await self._drafts.find(request, metadata.kind))
        view = await self._form(request, begun, is_kind_open=is_kind_open)
        await open_view(self._services.client(request), request, view)

    async def _form(self, request: Request, begun: Begun, *, is_kind_open: bool) -> View:
        """The form, from memory but for the draft, which it does not wait for long."""
        kind = KINDS[begun.metadata.kind]
        members = self._services.directory(request).members
        view = form(
            kind,
            metadata=begun.metadata,
            values=begun.values,
            offer=begun.offer,
            kinds=tuple(KINDS.values()) if is_kind_open else None,
            owners=possible_roles(self._services.desk(request.workspace_id), kind, members),
        )
        channel_id = begun.metadata.response_channel or begun.metadata.channel_id
        return with_department(view, await self._departments.to_ask(request, channel_id))

    def _typed(self, request: Request, text: object) -> str:
        return typed_text(str(text or ""), self._services.directory(request).members)

    def _origin(self, request: Request) -> Origin:
        """The message of a message shortcut. Its link is kept only if Slack names the channel:
        private ones come without their name.
        """
        message = request.body["message"]
        channel = request.body["channel"]
        channel_id = str(channel["id"])
        ts = str(request.body.get("message_ts") or message["ts"])
        name = str(channel.get("name") or "")
        is_private = (
            not name
            or name in PRIVATE_NAMES
            or name.startswith("mpdm-")
            or channel_id.startswith(("D", "G"))
        )
        return Origin(
            channel_id=channel_id,
            message_ts=ts,
            author_id=message.get("user"),
            is_private=is_private,
            permalink=None if is_private else self._permalink(request, channel_id, ts, message),
        )

    def _permalink(
        self, request: Request, channel_id: str, ts: str, message: Mapping[str, object]
    ) -> str:
        """Slack's address of a message, put together as Slack does it: asking would take a call."""
        url = at_work(self._services.workplaces, request.workspace_id).identity.url
        link = f"{url}archives/{channel_id}/p{ts.replace('.', '')}"
        thread_ts = message.get("thread_ts")
        if thread_ts and thread_ts != ts:
            link += f"?thread_ts={thread_ts}&cid={channel_id}"
        return link


def _with_files(metadata: FormMetadata, values: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
    """The answers of a form, with the files of its message before those that were added."""
    fields = dict(values)
    for field in KINDS[metadata.kind].fields:
        if field.type is FieldType.FILES and metadata.files:
            added = fields.get(field.name) or ()
            fields[field.name] = (*metadata.files, *(added if isinstance(added, tuple) else ()))
    return fields


def started(kind: Kind, text: str) -> dict[str, FieldValue]:
    """The field that a text begins with: one short line is a title, where the kind has one."""
    title = kind.field(kind.title_fields[0])
    is_title = title.type is FieldType.LINE and title.is_headline
    fits = "\n" not in text.strip() and len(text.strip()) <= title.max_length
    return {title.name if is_title and fits else kind.text_field: text} if text.strip() else {}


def personal_of(kind: Kind, values: Mapping[str, FieldValue]) -> dict[str, str]:
    """What was typed into personal fields. It never moves into a field that a card shows."""
    return {
        field.name: value
        for field in kind.fields
        if field.personal and isinstance(value := values.get(field.name), str) and value
    }


def carried_over(old: Kind, new: Kind, values: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
    """What was typed for one kind, for the form of another: same names keep their value, every
    other text goes before the new kind's text, but for personal fields.
    """
    names = {field.name for field in new.fields}
    kept = {name: value for name, value in values.items() if name in names}
    apart = {field.name for field in old.fields if field.options or field.personal}
    texts = [
        value
        for name, value in values.items()
        if name not in names | apart | NOT_TYPED and isinstance(value, str) and value
    ]
    text = kept.get(new.text_field)
    if isinstance(text, str) and text:
        texts.append(text)
    return {**kept, new.text_field: "\n".join(texts)}
