"""Deleting for good, and the record of who had personal data before them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Exists, Table, and_, delete, exists, func, insert, or_, select, update
from typing_extensions import override

from bot.erasure_store import Access, AccessKind, AccessStore, ErasureStore, Written
from bot.lifecycle import State
from bot.outbox import OPEN_STATES, Effect, EffectKind, EffectState
from bot.submission import FieldValue
from storage.sealing import open_document
from storage.stores.entered import entered_by
from storage.stores.lanes import to_effect
from storage.stores.written import written
from storage.tables import (
    access_log,
    conversation,
    digest_state,
    draft,
    experiment,
    history,
    landing,
    lesson,
    member,
    outbox,
    own_digest,
    revision,
    story,
    submission,
    submission_personal,
    taken_digest,
)
from storage.unit import Unit

_c = outbox.c
_MESSAGES = tuple(
    kind.value
    for kind in (
        EffectKind.CARD,
        EffectKind.STORY,
        EffectKind.FILE,
        EffectKind.RECEIPT,
        EffectKind.WORD,
        EffectKind.NUDGE,
    )
)
_THERE = tuple(state.value for state in (*OPEN_STATES, EffectState.SENT))
_OF_A_SUBMISSION = (
    submission_personal,
    conversation,
    history,
    revision,
    story,
    lesson,
    landing,
    submission,
)
"""In the order in which their rows may go."""


class SqlAccessStore(AccessStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def append(self, access: Access) -> None:
        unit = self._unit
        newest: int | None = unit.connection.execute(
            select(func.max(access_log.c.seq)).where(unit.here(access_log))
        ).scalar_one()
        unit.connection.execute(
            insert(access_log).values(
                workspace_id=unit.workspace_id,
                seq=(newest or 0) + 1,
                at=access.at,
                actor_id=access.actor_id,
                kind=access.kind.value,
                detail=dict(access.detail),
            )
        )

    @override
    def all(self) -> tuple[Access, ...]:
        rows = self._unit.connection.execute(
            select(access_log).where(self._unit.here(access_log)).order_by(access_log.c.seq)
        )
        return tuple(
            Access(at=row.at, actor_id=row.actor_id, kind=AccessKind(row.kind), detail=row.detail)
            for row in rows
        )


class SqlErasureStore(ErasureStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def field_names(self, number: int) -> tuple[str, ...]:
        table = submission_personal
        found = self._unit.connection.execute(
            select(table.c.name).where(self._unit.here(table), table.c.number == number)
        )
        return tuple(sorted(found.scalars()))

    @override
    def texts(self, number: int) -> tuple[int, ...]:
        found = self._unit.connection.execute(
            select(conversation.c.seq)
            .where(self._unit.here(conversation), conversation.c.number == number)
            .order_by(conversation.c.seq)
        )
        return tuple(found.scalars())

    @override
    def messages(self, number: int, roots: Sequence[str]) -> tuple[Effect, ...]:
        # Three statements, so that the first two have their index; the last one reads on.
        conditions = (
            _c.key.in_(roots),
            _c.parent_key.in_(roots),
            or_(_c.key.like(f"nudge:{number}:%"), _c.key.like(f"word:{number}:%")),
        )
        found = {
            row.key: to_effect(row)
            for condition in conditions
            for row in self._unit.connection.execute(
                select(outbox).where(
                    self._unit.here(outbox),
                    condition,
                    _c.kind.in_(_MESSAGES),
                    _c.state.in_(_THERE),
                )
            )
        }
        return tuple(found.values())

    @override
    def drop_texts(self, number: int, seqs: Sequence[int]) -> None:
        self._unit.connection.execute(
            delete(conversation).where(
                self._unit.here(conversation),
                conversation.c.number == number,
                conversation.c.seq.in_(seqs),
            )
        )

    @override
    def drop_submission(self, number: int) -> None:
        self._unit.connection.execute(
            update(experiment)
            .where(self._unit.here(experiment), experiment.c.number == number)
            .values(number=None)
        )
        for table in _OF_A_SUBMISSION:
            self._unit.connection.execute(
                delete(table).where(self._unit.here(table), table.c.number == number)
            )

    @override
    def texts_by(self, user_id: str) -> tuple[int, ...]:
        entry = and_(
            history.c.workspace_id == conversation.c.workspace_id,
            history.c.number == conversation.c.number,
            history.c.seq == conversation.c.seq,
        )
        found = self._unit.connection.execute(
            select(conversation.c.number)
            .join(history, entry)
            .where(self._unit.here(conversation), history.c.actor_id == user_id)
            .distinct()
            .order_by(conversation.c.number)
        )
        return tuple(found.scalars())

    @override
    def drafts_of(self, user_id: str) -> Mapping[str, Mapping[str, FieldValue]]:
        return {key: fields for whose, key, fields in self.drafts() if whose == user_id}

    @override
    def drafts(self) -> tuple[tuple[str, str, Mapping[str, FieldValue]], ...]:
        rows = self._unit.connection.execute(
            select(draft.c.user_id, draft.c.kind_key, draft.c.fields)
            .where(self._unit.here(draft))
            .order_by(draft.c.user_id, draft.c.kind_key)
        )
        vault = self._unit.vault
        return tuple((row.user_id, row.kind_key, open_document(vault, row.fields)) for row in rows)

    @override
    def entered_by(self, user_id: str) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
        return entered_by(self._unit, user_id)

    @override
    def written(self) -> Iterator[Written]:
        return written(self._unit)

    @override
    def drop_colleague(self, user_id: str) -> tuple[int, bool]:
        drafts, members = (self._drop_of(user_id, table) for table in (draft, member))
        for table in (own_digest, taken_digest):
            self._drop_of(user_id, table)
        self._unit.connection.execute(
            update(digest_state)
            .where(self._unit.here(digest_state), digest_state.c.set_by == user_id)
            .values(set_by=None)
        )
        return drafts, members > 0

    def _drop_of(self, user_id: str, table: Table) -> int:
        return self._unit.connection.execute(
            delete(table).where(self._unit.here(table), table.c.user_id == user_id)
        ).rowcount

    @override
    def outworn(self, before: datetime, *, limit: int) -> tuple[int, ...]:
        c = submission.c
        is_in_use = and_(
            c.state == State.PUBLISHED.value, c.consent["withdrawn_at"].as_string().is_(None)
        )
        found = self._unit.connection.execute(
            select(c.number)
            .where(
                self._unit.here(submission),
                c.ended_at < before,
                or_(
                    _has_any(conversation),
                    and_(_has_any(submission_personal), ~is_in_use),
                ),
            )
            .order_by(c.ended_at)
            .limit(limit)
        )
        return tuple(found.scalars())


def _has_any(table: Table) -> Exists:
    return exists().where(
        table.c.workspace_id == submission.c.workspace_id,
        table.c.number == submission.c.number,
    )
