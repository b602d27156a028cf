"""What people wrote: to each other, and into forms that they did not send."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from typing_extensions import override

from bot.ports import ConversationStore, DraftStore
from bot.submission import FieldValue
from storage.prepared import Prepared
from storage.sealing import open_document, seal_document
from storage.tables import conversation, draft
from storage.unit import Unit

_DROP = Prepared(
    delete(draft).where(
        draft.c.workspace_id == bindparam("in_workspace"),
        draft.c.user_id == bindparam("of_user"),
        draft.c.kind_key == bindparam("of_kind"),
    )
)


class SqlConversationStore(ConversationStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def add(self, number: int, seq: int, text: str) -> None:
        sealed = self._unit.vault.seal(text)
        self._unit.insert_all(conversation, [{"number": number, "seq": seq, "text": sealed}])

    @override
    def get(self, number: int, seq: int) -> str | None:
        stored = self._unit.connection.execute(
            select(conversation.c.text).where(
                self._unit.here(conversation),
                conversation.c.number == number,
                conversation.c.seq == seq,
            )
        ).scalar_one_or_none()
        return None if stored is None else self._unit.vault.open(stored)

    @override
    def of(self, number: int) -> Mapping[int, str]:
        rows = self._unit.connection.execute(
            select(conversation.c.seq, conversation.c.text)
            .where(self._unit.here(conversation), conversation.c.number == number)
            .order_by(conversation.c.seq)
        )
        return {row.seq: self._unit.vault.open(row.text) for row in rows}


class SqlDraftStore(DraftStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def save(
        self, user_id: str, kind_key: str, fields: Mapping[str, FieldValue], now: datetime
    ) -> None:
        document = {
            name: value if isinstance(value, str) else list(value) for name, value in fields.items()
        }
        sealed = seal_document(self._unit.vault, document)
        row = {"user_id": user_id, "kind_key": kind_key, "fields": sealed, "saved_at": now}
        self._unit.save(draft, [row])

    @override
    def get(self, user_id: str, kind_key: str) -> Mapping[str, FieldValue] | None:
        found = self._unit.connection.execute(
            select(draft.c.fields).where(
                self._unit.here(draft), draft.c.user_id == user_id, draft.c.kind_key == kind_key
            )
        ).scalar_one_or_none()
        if found is None:
            return None
        fields = open_document(self._unit.vault, found)
        return {
            name: value if isinstance(value, str) else tuple(value)
            for name, value in fields.items()
        }

    @override
    def drop(self, user_id: str, kind_key: str) -> None:
        _DROP.write(
            self._unit.connection,
            {"in_workspace": self._unit.workspace_id, "of_user": user_id, "of_kind": kind_key},
        )

    @override
    def forget_before(self, moment: datetime) -> int:
        return self._unit.connection.execute(
            delete(draft).where(self._unit.here(draft), draft.c.saved_at < moment)
        ).rowcount
