"""How everything stands, asked of the database now and then and not for each who wants to know."""

import logging
from datetime import datetime, timedelta
from functools import partial

from bot.errors import DeskError
from bot.ports import Clock
from storage.database import Database
from storage.pulse import Pulse, feel

log = logging.getLogger(__name__)

FRESH = timedelta(seconds=15)
"""How old an answer may be. At 100,000 open effects a look takes a tenth of a second."""


class Pulses:
    """The newest answer, asked anew once it is older than FRESH; one look at a time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._newest: Pulse | None = None
        self._asked_at: datetime | None = None

    async def newest(self) -> Pulse | None:
        """How everything stands, at most FRESH old; None when the database does not tell."""
        now = self._clock.now()
        if self._asked_at is not None and timedelta() <= now - self._asked_at < FRESH:
            return self._newest
        self._asked_at = now
        try:
            self._newest = await self._database.ask(partial(feel, now=now))
        except DeskError as error:
            log.warning("how everything stands is not known", extra={"why": str(error)})
            self._newest = None
        return self._newest
