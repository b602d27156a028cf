"""The personal fields of submissions, a row each, sealed."""

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, select

from storage.prepared import Prepared
from storage.tables import submission_personal
from storage.unit import Unit

_c = submission_personal.c
_OF = (_c.workspace_id == bindparam("in_workspace"), _c.number == bindparam("of_key"))
_VALUES = Prepared(select(_c.name, _c.value).where(*_OF))
_NAMES = Prepared(select(_c.name).where(*_OF))
_ERASE = Prepared(delete(submission_personal).where(*_OF))


class PersonalRows:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def of(self, number: int) -> Mapping[str, str]:
        """The fields of a submission by name. Raises SealedError."""
        rows = _VALUES.all(self._unit.connection, self._where(number))
        return {row.name: self._unit.vault.open(row.value) for row in rows}

    def exist(self, number: int) -> bool:
        """Whether there are any; none is opened."""
        return _NAMES.first(self._unit.connection, self._where(number)) is not None

    def add(self, number: int, personal: Mapping[str, str]) -> None:
        """Store the fields of a submission that has none."""
        seal = self._unit.vault.seal
        self._unit.insert_all(
            submission_personal,
            [
                {"number": number, "name": name, "value": seal(value)}
                for name, value in personal.items()
            ],
        )

    def erase(self, number: int) -> int:
        """Delete them; how many there were."""
        return _ERASE.write(self._unit.connection, self._where(number))

    def _where(self, number: int) -> Mapping[str, str | int]:
        return {"in_workspace": self._unit.workspace_id, "of_key": number}
