"""Asks people for their department, once, with their first form."""

import asyncio
import logging
from collections.abc import Mapping

from bot.departments import AskDepartment, departments_to_ask, has_answered
from bot.errors import DeskError
from bot.submission import FieldValue
from handlers.ids import BlockId
from handlers.requests import Request
from handlers.services import Services

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.3
"""How long a form waits for the database before it opens without the question."""


class DepartmentQuestion:
    """Whom there is to ask."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def to_ask(self, request: Request, channel_id: str | None) -> tuple[str, ...]:
        """The departments that somebody is to choose from; none for who needs not be asked."""
        asked = AskDepartment(request.user_id, channel_id)
        departments = departments_to_ask(self._services.desk(request.workspace_id), asked)
        if not departments:
            return ()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                known = await self._services.read(request, has_answered, request.user_id)
        except (DeskError, TimeoutError):
            log.warning("a form opened without the question for the department")
            return ()
        return () if known else departments


def chosen_department(values: Mapping[str, FieldValue]) -> str | None:
    """What was chosen: empty for none of them, None when it was not asked."""
    chosen = values.get(BlockId.DEPARTMENT.value)
    return chosen if isinstance(chosen, str) else None
