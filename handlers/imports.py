"""Files with readings or conversions: given in a form, looked into, imported with a button."""

from bot.sheet_import import (
    FILES,
    DecideOnFile,
    GiveFile,
    check_importer,
    decide_on_file,
    give_file,
)
from bot.submission import FileRef
from handlers.answers import NOTHING, Answer
from handlers.ids import Action, Callback
from handlers.import_values import SheetValue
from handlers.listeners import Listeners
from handlers.opening import open_view
from handlers.requests import Request, form_values
from handlers.services import Services
from handlers.views.imports import import_form


class ImportListeners:
    """The journey of who brings a file."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={Action.IMPORT_TAKE: self.take, Action.IMPORT_DROP: self.drop},
            forms={Callback.IMPORT_FORM: self.give},
        )

    async def open(self, request: Request, _rest: str) -> Answer:
        """The form that takes a file."""
        await self._services.read(request, check_importer, request.user_id)
        await open_view(self._services.client(request), request, import_form())
        return NOTHING

    async def give(self, request: Request) -> Answer:
        """The form came back: the file is looked into afterwards, and told of by direct message."""
        given = form_values(request.view).get(FILES, ())
        ids = () if isinstance(given, str) else tuple(FileRef.of(one).file_id for one in given)
        command = GiveFile(form_id=request.view["id"], actor_id=request.user_id, file_ids=ids)
        await self._services.transact(request, give_file, command)
        return NOTHING

    async def take(self, request: Request) -> Answer:
        """They want it."""
        return await self._decide(request, is_wanted=True)

    async def drop(self, request: Request) -> Answer:
        """They do not."""
        return await self._decide(request, is_wanted=False)

    async def _decide(self, request: Request, *, is_wanted: bool) -> Answer:
        value = SheetValue.parse(request.action.get("value"))
        command = DecideOnFile(key=value.key, actor_id=request.user_id, is_wanted=is_wanted)
        await self._services.transact(request, decide_on_file, command)
        return NOTHING
