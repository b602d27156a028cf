"""Where posts lead to."""

from sqlalchemy import select
from typing_extensions import override

from bot.landing import Landing, LandingStore
from storage.tables import landing
from storage.unit import Unit

_LANDING = landing  # the name is also an argument below
_FIELDS = ("number", "url", "campaign", "given_at")


class SqlLandingStore(LandingStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def get(self, number: int) -> Landing | None:
        row = self._unit.connection.execute(
            select(_LANDING).where(self._unit.here(_LANDING), _LANDING.c.number == number)
        ).first()
        return None if row is None else Landing(**{name: getattr(row, name) for name in _FIELDS})

    @override
    def save(self, landing: Landing) -> None:
        self._unit.save(_LANDING, [{name: getattr(landing, name) for name in _FIELDS}])
