"""Keeps what is typed into a hand-in form, so that closing it loses nothing.

Slack tells what stands in a form when it is sent, and with every action in it; its page names no
values for `view_closed`, and they were seen to be empty there
(https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload). So the fields
report while somebody types. The newest state is held in memory and saved every two seconds at most,
and once more at the end.
"""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.drafts import (
    DraftKey,
    Drafts,
    Fields,
    FindDrafts,
    SaveDraft,
    find_drafts,
    save_draft,
    worth_keeping,
)
from bot.errors import DeskError
from bot.kinds import KINDS
from bot.submission import FieldValue
from handlers.form_values import DraftValue, FormMetadata
from handlers.requests import Request, form_values, opened_with
from handlers.services import Services
from handlers.views.form import rest_of

log = logging.getLogger(__name__)

SAVE_EVERY = timedelta(seconds=2)
PATIENCE_SECONDS = 0.3
"""How long a form waits for a draft before it opens without."""

FORMS_REMEMBERED = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """How a form begins: its metadata, what stands in it, and the other draft that it offers."""

    metadata: FormMetadata
    values: Mapping[str, FieldValue]
    offer: DraftValue | None = None


def begin(metadata: FormMetadata, values: Mapping[str, FieldValue], drafts: Drafts | None) -> Begun:
    """What a form begins with: what was typed behind a command or stands in a message, else the
    draft. Either way the other is one press away, and the first draft is written over by no form
    but its own; what is begun beside it takes the second place.

    `drafts` is None when they could not be read in time.
    """
    if drafts is None:
        return Begun(metadata=metadata.at_slot(2), values=values)
    slot = 1 if drafts.first is not None or drafts.second is None else 2
    draft = drafts.first if slot == 1 else drafts.second
    if draft is None:
        return Begun(metadata=metadata.at_slot(1), values=values)
    is_fresh = not any(values.values())
    return Begun(
        metadata=metadata.at_slot(slot if is_fresh else 3 - slot),
        values=draft if is_fresh else values,
        offer=DraftValue(kind=metadata.kind, slot=3 - slot if is_fresh else slot, is_new=is_fresh),
    )


def typed_into(view: Mapping[str, Any]) -> dict[str, FieldValue]:
    """All that stands in a form, with what did not fit into its fields."""
    values = form_values(view)
    for name, rest in rest_of(view).items():
        values[name] = f"{values.get(name, '')}{rest}"
    return values


@dataclass(slots=True)
class _Form:
    """A form that somebody types into: its newest state, and when it was saved last."""

    key: DraftKey
    fields: Fields
    at: str
    saved_at: datetime | None = None
    is_saving: bool = False


class DraftKeeper:
    """The forms that are open in this process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._forms: OrderedDict[str, _Form] = OrderedDict()
        self._closed: OrderedDict[str, None] = OrderedDict()
        self._done: OrderedDict[str, None] = OrderedDict()

    async def find(self, request: Request, kind_key: str) -> Drafts | None:
        """The drafts of who asks; None when the database does not say in time."""
        asked = FindDrafts(request.user_id, kind_key)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._services.read(request, find_drafts, asked)
        except (DeskError, TimeoutError):
            log.warning("a form opened without its draft")
            return None

    def typed(self, request: Request) -> None:
        """Something was typed: remember it now, save it soon."""
        view = request.view
        view_id = str(view["id"])
        at = str(request.action.get("action_ts") or "")
        known = self._forms.get(view_id)
        is_over = view_id in self._done or view_id in self._closed
        if is_over or (known is not None and known.at > at):
            return
        form = known or _Form(_key(request, view), {}, at)
        form.fields, form.at = typed_into(view), at
        _remember(self._forms, view_id, form)
        now = self._services.clock.now()
        is_early = form.saved_at is not None and now - form.saved_at < SAVE_EVERY
        if not (is_early or form.is_saving):
            form.is_saving = True
            form.saved_at = now
            self._services.background.start(self._save(request, form))

    async def closed(self, request: Request) -> None:
        """A form was closed: save what stood in it, if that is anything new."""
        view = request.view
        form = self._forms.pop(str(view["id"]), None)
        _remember(self._closed, str(view["id"]), None)
        opened = opened_with(view)
        fields = typed_into(view) if form_values(view) else form.fields if form else {}
        key = _key(request, view)
        kind = KINDS[key.kind_key]
        is_new = worth_keeping(kind, fields) != worth_keeping(kind, opened)
        if fields and (form is not None or is_new):
            command = SaveDraft(key=key, fields=fields, source_key=source_key(view))
            await self._services.transact(request, save_draft, command)

    @contextlib.contextmanager
    def handing_in(self, view_id: str) -> Iterator[None]:
        """A form is handed in: what is told of it late is no draft, unless it was not taken."""
        _remember(self._done, view_id, None)
        try:
            yield
        except BaseException:
            self._done.pop(view_id, None)
            raise
        self._forms.pop(view_id, None)

    def moved(self, request: Request, after: FormMetadata, fields: Fields) -> None:
        """The kind of a form was changed: what was typed is a draft of the other kind now."""
        view = request.view
        before = _key(request, view)
        self._forms.pop(str(view["id"]), None)
        form = _Form(DraftKey(before.user_id, after.kind, after.slot), fields, "")
        form.is_saving = True
        self._services.background.start(self._save(request, form, instead_of=before))

    async def _save(
        self, request: Request, form: _Form, instead_of: DraftKey | None = None
    ) -> None:
        view = request.view
        command = SaveDraft(
            key=form.key, fields=form.fields, instead_of=instead_of, source_key=source_key(view)
        )
        try:
            if str(view["id"]) not in self._done:
                await self._services.transact(request, save_draft, command)
        except DeskError as error:
            log.warning("a draft was not saved", extra={"why": str(error)})
        finally:
            form.is_saving = False


def source_key(view: Mapping[str, Any]) -> str:
    """The key of a form: the same form handed in twice is one submission."""
    return f"view:{view['id']}"


def _key(request: Request, view: Mapping[str, Any]) -> DraftKey:
    metadata = FormMetadata.parse(view.get("private_metadata"))
    return DraftKey(request.user_id, metadata.kind, metadata.slot)


def _remember(table: OrderedDict[str, Any], view_id: str, value: object) -> None:
    table[view_id] = value
    table.move_to_end(view_id)
    while len(table) > FORMS_REMEMBERED:
        table.popitem(last=False)
