"""The lanes against a small model, over random histories."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Engine, StaticPool, create_engine, select

from bot.outbox import (
    Claim,
    Crowded,
    Effect,
    EffectKind,
    EffectState,
    Finish,
    Limited,
    MethodGroup,
    NotBefore,
    Posted,
    Verdict,
)
from storage.desk_cache import DeskCache
from storage.ready import ReadyLanes
from storage.stores.gates import to_gate
from storage.stores.outbox import SqlOutboxStore
from storage.tables import gate, metadata, outbox
from storage.unit import Unit
from tests.support.databases import new_postgresql_url
from tests.support.lane_model import APART, LANES, LEASE, Model, Turn
from tests.support.storage_examples import NOW, SECOND


@cache
def _sqlite() -> Engine:
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    metadata.create_all(engine)
    return engine


@cache
def _postgresql() -> Engine:
    return create_engine(new_postgresql_url())


_examples = count(1)


class LanesAgainstModel(RuleBasedStateMachine):
    """Each example plays in a workspace of its own, in one database."""

    engine: Callable[[], Engine]

    def __init__(self) -> None:
        super().__init__()
        self.database = type(self).engine()
        self.workspace_id = f"T{next(_examples)}"
        self.model = Model()
        self.now = NOW
        self.claims: list[Claim] = []
        self.keys: list[str] = []
        self.numbers = count()
        self.posted: dict[str, Posted] = {}

    def store(self, connection: Any) -> SqlOutboxStore:
        return SqlOutboxStore(
            Unit(connection=connection, workspace_id=self.workspace_id, desks=DeskCache())
        )

    @rule(
        lane=st.sampled_from(LANES),
        kind=st.sampled_from([EffectKind.CARD, EffectKind.CARD_UPDATE, EffectKind.STORY]),
        collapse=st.sampled_from([None, None, "a", "b"]),
        parent=st.none() | st.integers(0, 5),
        lifetime=st.sampled_from([None, None, 30]),
    )
    def enqueue(
        self,
        lane: str,
        kind: EffectKind,
        collapse: str | None,
        parent: int | None,
        lifetime: int | None,
    ) -> None:
        effect = Effect(
            key=f"e{next(self.numbers)}",
            kind=kind,
            target=lane,
            payload={"number": 1},
            parent_key=self.keys[-1 - parent % len(self.keys)]
            if parent is not None and self.keys
            else None,
            collapse_key=None if collapse is None else f"{lane}:{collapse}",
            expires_at=None if lifetime is None else self.now + lifetime * SECOND,
        )
        with self.database.begin() as connection:
            is_added = self.store(connection).add(effect, self.now)
        assert is_added == self.model.add(effect)
        if is_added:
            self.keys.append(effect.key)

    @precondition(lambda self: self.keys)
    @rule(which=st.integers(0, 9), lane=st.sampled_from(LANES))
    def enqueue_again(self, which: int, lane: str) -> None:
        key = self.keys[which % len(self.keys)]
        with self.database.begin() as connection:
            same = Effect(key=key, kind=EffectKind.CARD, target=lane)
            assert not self.store(connection).add(same, self.now)

    @rule(seconds=st.sampled_from([1, 4, 10, 61]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(
        lane=st.sampled_from(LANES),
        owner=st.sampled_from(["w1", "w2"]),
        crowd=st.sampled_from([0, 0, 1]),
    )
    def claim(self, lane: str, owner: str, crowd: int) -> None:
        with self.database.begin() as connection:
            store = self.store(connection)
            got = store.claim(lane, owner=owner, now=self.now, lease=LEASE, crowd=crowd)
            folded = None
            if isinstance(got, Crowded):
                folded = store.fold(lane, self.now, limit=100, next_at=self.now + APART)
        before = {key: row.state for key, row in self.model.rows().items()}
        wanted = self.model.claim(lane, self.now, crowd)
        if isinstance(wanted, datetime):
            assert got == NotBefore(wanted)
        elif isinstance(wanted, Crowded):
            assert folded == self.model.fold(lane, self.now)
        elif isinstance(wanted, Turn):
            assert isinstance(got, NotBefore)
            assert got.at >= wanted.earliest
        elif wanted is None:
            assert got is None
        else:
            assert isinstance(got, Claim)
            assert got.effect == wanted.effect
            assert got.attempts == wanted.attempts
            assert got.was_tried == (
                before[wanted.effect.key] in {EffectState.SENDING, EffectState.UNKNOWN}
            )
            parent = self.model.rows().get(wanted.effect.parent_key or "")
            assert got.parent == (None if parent is None else parent.posted)
            self.claims.append(got)

    @precondition(lambda self: self.claims)
    @rule(
        which=st.integers(0, 3),
        verdict=st.sampled_from([*Verdict, Verdict.SENT]),
        gap=st.sampled_from([None, 1, 20]),
        limit=st.sampled_from([None, None, 1, 30]),
    )
    def finish(self, which: int, verdict: Verdict, gap: int | None, limit: int | None) -> None:
        """End one of the newest tries: the current one, or one whose lease was lost."""
        claim = self.claims[-1 - which % len(self.claims)]
        is_sent = verdict is Verdict.SENT
        moment = None if gap is None else self.now + gap * SECOND
        limited = None
        if limit is not None and verdict in {Verdict.RETRY, Verdict.UNKNOWN}:
            limited = Limited(
                group=MethodGroup.POST,
                until=self.now + limit * SECOND,
                per_minute=20,
                tried_at=claim.lease_until - LEASE,
            )
        finish = Finish(
            verdict=verdict,
            posted=Posted(claim.effect.target, f"{claim.effect.key}.{claim.epoch}")
            if is_sent
            else None,
            error=None if is_sent else "no",
            again_at=moment if verdict in {Verdict.RETRY, Verdict.UNKNOWN} else None,
            gate_until=moment if is_sent else None,
            limited=limited,
        )
        with self.database.begin() as connection:
            done = self.store(connection).finish(claim, finish, self.now)
        assert done == self.model.finish(claim, finish, self.now)

    @precondition(lambda self: self.keys)
    @rule(which=st.integers(0, 9))
    def unfold(self, which: int) -> None:
        key = self.keys[which % len(self.keys)]
        with self.database.begin() as connection:
            done = self.store(connection).unfold(key, self.now)
        assert done == self.model.unfold(key)

    @invariant()
    def what_is_folded_is_known(self) -> None:
        with self.database.connect() as connection:
            for name, lane in self.model.lanes.items():
                is_folded = (outbox.c.lane == name) & (outbox.c.state == EffectState.FOLDED.value)
                here = outbox.c.workspace_id == self.workspace_id
                found = select(outbox.c.key).where(here, is_folded).order_by(outbox.c.id)
                folded = [r.effect.key for r in lane.rows if r.state is EffectState.FOLDED]
                assert list(connection.execute(found).scalars()) == folded

    @precondition(lambda self: self.keys)
    @rule(which=st.integers(0, 9))
    def revive(self, which: int) -> None:
        key = self.keys[which % len(self.keys)]
        with self.database.begin() as connection:
            done = self.store(connection).revive(key, self.now)
        assert done == self.model.revive(key)

    @invariant()
    def places_are_known_and_never_change(self) -> None:
        with self.database.connect() as connection:
            store = self.store(connection)
            for key, row in self.model.rows().items():
                posted = store.posted(key)
                assert posted == row.posted
                if key in self.posted:
                    assert posted == self.posted[key]
                if posted is not None:
                    self.posted[key] = posted

    @invariant()
    def what_is_set_aside_is_what_died_by_itself(self) -> None:
        with self.database.connect() as connection:
            aside = self.store(connection).set_aside(limit=99)
        assert {(one.key, one.error) for one in aside} == {
            (key, row.error)
            for key, row in self.model.rows().items()
            if row.state is EffectState.DEAD and row.error != "parent_dead"
        }

    @invariant()
    def no_lane_with_work_is_forgotten(self) -> None:
        """However far ahead one looks: a lane is on the list exactly when it has open effects."""
        far = self.now + timedelta(days=365)
        with self.database.connect() as connection:
            listed = {
                ref.lane
                for ref in ReadyLanes()(connection, far, 10_000)
                if ref.workspace_id == self.workspace_id
            }
        with_work = {name for name, lane in self.model.lanes.items() if lane.open()}
        assert with_work <= listed
        for name in listed - with_work:  # only until the lease of the last try ends
            until = self.model.lanes[name].lease_until
            assert until is not None

    @invariant()
    def the_gate_is_as_it_should_be(self) -> None:
        with self.database.connect() as connection:
            row = connection.execute(
                select(gate).where(gate.c.workspace_id == self.workspace_id)
            ).first()
        stored = None if row is None else to_gate(row)
        if stored is not None:
            stored = replace(stored, line_at=None, later_at=None)
        assert stored == self.model.gate


class LanesOnSqlite(LanesAgainstModel):
    engine = staticmethod(_sqlite)


class LanesOnPostgresql(LanesAgainstModel):
    engine = staticmethod(_postgresql)


TestLanes = LanesOnSqlite.TestCase
TestLanes.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestLanesOnPostgresql = pytest.mark.postgres(LanesOnPostgresql.TestCase)
TestLanesOnPostgresql.settings = settings(TestLanes.settings, max_examples=20)
