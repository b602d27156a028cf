"""Code phrases, what social cost, and the marketing budget."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from typing_extensions import override

from bot.amount import Amount
from bot.phrase import Phrase
from bot.phrase_store import PhraseStore
from bot.spend_store import SpendStore
from bot.spending import Budget, Spend, SpendSum
from storage.tables import budget_before, marketing_budget, phrase, spend
from storage.unit import Unit

_PHRASE, _SPEND = phrase, spend  # the names are also arguments below
_PHRASE_FIELDS = ("words", "type_key", "number", "reference", "created_at", "created_by")
_SPEND_FIELDS = (
    "spend_id",
    "month",
    "platform",
    "campaign",
    "is_paid",
    "recorded_at",
    "recorded_by",
    "undone_at",
    "undone_by",
)
_c = spend.c


class SqlPhraseStore(PhraseStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def add(self, phrase: Phrase) -> bool:
        row = {name: getattr(phrase, name) for name in _PHRASE_FIELDS}
        return self._unit.insert_new(_PHRASE, {**row, "key": phrase.key})

    @override
    def get(self, key: str) -> Phrase | None:
        row = self._unit.connection.execute(
            select(_PHRASE).where(self._unit.here(_PHRASE), _PHRASE.c.key == key)
        ).first()
        return None if row is None else _phrase(row)

    @override
    def of_post(self, number: int) -> Phrase | None:
        row = self._unit.connection.execute(
            select(_PHRASE)
            .where(self._unit.here(_PHRASE), _PHRASE.c.number == number)
            .order_by(_PHRASE.c.created_at.desc())
            .limit(1)
        ).first()
        return None if row is None else _phrase(row)

    @override
    def newest(self, *, limit: int) -> tuple[Phrase, ...]:
        rows = self._unit.connection.execute(
            select(_PHRASE)
            .where(self._unit.here(_PHRASE))
            .order_by(_PHRASE.c.created_at.desc(), _PHRASE.c.key.desc())
            .limit(limit)
        )
        return tuple(map(_phrase, rows))

    @override
    def keys(self, *, limit: int) -> Sequence[str]:
        found = self._unit.connection.execute(
            select(_PHRASE.c.key)
            .where(self._unit.here(_PHRASE))
            .order_by(_PHRASE.c.created_at.desc(), _PHRASE.c.key.desc())
            .limit(limit)
        )
        return tuple(found.scalars())


class SqlSpendStore(SpendStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def add(self, spend: Spend) -> bool:
        row = {name: getattr(spend, name) for name in _SPEND_FIELDS}
        return self._unit.insert_new(_SPEND, row | _amount_row(spend.amount))

    @override
    def undo(self, spend_id: str, now: datetime, actor_id: str) -> bool:
        done = self._unit.connection.execute(
            update(_SPEND)
            .where(self._unit.here(_SPEND), _c.spend_id == spend_id, _c.undone_at.is_(None))
            .values(undone_at=now, undone_by=actor_id)
        )
        return done.rowcount == 1

    @override
    def entered(self, *, limit: int) -> tuple[Spend, ...]:
        rows = self._unit.connection.execute(
            select(_SPEND)
            .where(self._unit.here(_SPEND))
            .order_by(_c.recorded_at.desc(), _c.spend_id.desc())
            .limit(limit)
        )
        return tuple(
            Spend(
                **{name: getattr(row, name) for name in _SPEND_FIELDS},
                amount=Amount(row.thousandths, row.currency),
            )
            for row in rows
        )

    @override
    def sums(self, since: date, until: date) -> tuple[SpendSum, ...]:
        groups = (_c.platform, _c.campaign, _c.is_paid, _c.currency)
        rows = self._unit.connection.execute(
            select(*groups, func.sum(_c.thousandths).label("total"))
            .where(
                self._unit.here(_SPEND),
                _c.month >= since,
                _c.month < until,
                _c.undone_at.is_(None),
            )
            .group_by(*groups)
        )
        found = (
            SpendSum(
                platform=row.platform,
                campaign=row.campaign,
                is_paid=row.is_paid,
                amount=Amount(int(row.total), row.currency),
            )
            for row in rows
        )
        return tuple(
            sorted(
                found,
                key=lambda one: (
                    one.is_paid,
                    one.platform or "",
                    one.campaign or "",
                    one.amount.currency,
                ),
            )
        )

    @override
    def set_budget(self, budget: Budget) -> None:
        is_it = marketing_budget.c.period == budget.period
        # Whoever changes it at the same time waits, so that neither is missing on record.
        self._unit.connection.execute(
            select(marketing_budget.c.period)
            .where(self._unit.here(marketing_budget), is_it)
            .with_for_update()
        )
        known = [one for one in self.budgets() if one.period == budget.period]
        if known and known[-1].amount == budget.amount:
            return
        if known:
            self._unit.insert_new(budget_before, _budget_row(known[-1]) | {"seq": len(known)})
        self._unit.save(marketing_budget, [_budget_row(budget)])

    @override
    def budgets(self) -> tuple[Budget, ...]:
        found = []
        for table, order in ((budget_before, [budget_before.c.seq]), (marketing_budget, [])):
            rows = self._unit.connection.execute(
                select(table).where(self._unit.here(table)).order_by(table.c.period, *order)
            )
            found += [
                Budget(
                    period=row.period,
                    amount=Amount(row.thousandths, row.currency),
                    recorded_at=row.recorded_at,
                    recorded_by=row.recorded_by,
                )
                for row in rows
            ]
        return tuple(sorted(found, key=lambda one: one.period))


def _budget_row(budget: Budget) -> dict[str, Any]:
    row = {name: getattr(budget, name) for name in ("period", "recorded_at", "recorded_by")}
    return row | _amount_row(budget.amount)


def _amount_row(amount: Amount) -> dict[str, Any]:
    return {"thousandths": amount.thousandths, "currency": amount.currency}


def _phrase(row: Row[Any]) -> Phrase:
    return Phrase(**{name: getattr(row, name) for name in _PHRASE_FIELDS})
