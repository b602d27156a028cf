"""The lanes against a small model, over random histories."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Engine, StaticPool, create_engine

from bot.outbox import (
    IDEMPOTENT,
    Claim,
    Effect,
    EffectKind,
    EffectState,
    Finish,
    NotBefore,
    Posted,
    Verdict,
)
from storage.desk_cache import DeskCache
from storage.due import ready_lanes
from storage.stores.outbox import SqlOutboxStore
from storage.tables import metadata
from storage.unit import Unit
from tests.support.storage_examples import NOW, SECOND

LEASE = 60 * SECOND
LANES = ("C1", "C2")
OPEN = {EffectState.PENDING, EffectState.SENDING, EffectState.UNKNOWN}
STATES = {
    Verdict.SENT: EffectState.SENT,
    Verdict.DEAD: EffectState.DEAD,
    Verdict.RETRY: EffectState.PENDING,
    Verdict.UNKNOWN: EffectState.UNKNOWN,
}


@dataclass
class Row:
    effect: Effect
    state: EffectState = EffectState.PENDING
    attempts: int = 0
    error: str | None = None
    posted: Posted | None = None


@dataclass
class Lane:
    rows: list[Row] = field(default_factory=list)
    epoch: int = 0
    lease_until: datetime | None = None
    next_at: datetime | None = None
    gate_at: datetime | None = None

    def open(self) -> list[Row]:
        return [row for row in self.rows if row.state in OPEN]


@dataclass
class Model:
    """What the lanes should do, said as simply as possible: lists, and no database."""

    lanes: dict[str, Lane] = field(default_factory=lambda: {name: Lane() for name in LANES})

    def rows(self) -> dict[str, Row]:
        return {row.effect.key: row for lane in self.lanes.values() for row in lane.rows}

    def add(self, effect: Effect) -> None:
        for row in self.rows().values():
            is_older = row.effect.collapse_key == effect.collapse_key is not None
            if is_older and row.state is EffectState.PENDING:
                row.state = EffectState.SUPERSEDED
        self.lanes[effect.target].rows.append(Row(effect))

    def claim(self, name: str, now: datetime) -> Row | datetime | None:
        lane = self.lanes[name]
        if lane.lease_until is not None and lane.lease_until > now:
            return lane.lease_until
        if lane.next_at is not None and lane.next_at > now and lane.open():
            return lane.next_at
        for row in lane.open():
            error = self._hopeless(row, now)
            if error is None:
                return self._try(lane, row, now)
            row.state, row.error = EffectState.DEAD, error
        return None

    def finish(self, claim: Claim, finish: Finish) -> bool:
        lane = self.lanes[claim.effect.target]
        row = self.rows()[claim.effect.key]
        is_ours = lane.epoch == claim.epoch
        if finish.verdict is Verdict.SENT:
            row.state, row.posted = EffectState.SENT, row.posted or finish.posted
        if not is_ours:
            return False
        if row.state in OPEN:
            row.state, row.error = STATES[finish.verdict], finish.error
        lane.lease_until = None
        lane.next_at = finish.again_at if row.state in OPEN else None
        if finish.gate_until is not None:
            lane.gate_at = max(finish.gate_until, lane.gate_at or finish.gate_until)
        return True

    def revive(self, key: str) -> bool:
        row = self.rows()[key]
        if row.state is not EffectState.DEAD:
            return False
        row.state, row.attempts, row.error = EffectState.PENDING, 0, None
        row.effect = _without_expiry(row.effect)
        for child in self.rows().values():
            if child.effect.parent_key == key and child.error == "parent_dead":
                self.revive(child.effect.key)
        return True

    def _hopeless(self, row: Row, now: datetime) -> str | None:
        expires_at = row.effect.expires_at
        if row.attempts == 0 and expires_at is not None and expires_at <= now:
            return "expired"
        parent = self.rows().get(row.effect.parent_key or "")
        if parent is None or parent.posted is not None or parent.state in OPEN:
            return None
        return "parent_dead" if parent.state is EffectState.DEAD else "parent_missing"

    def _try(self, lane: Lane, row: Row, now: datetime) -> Row | datetime:
        parent = self.rows().get(row.effect.parent_key or "")
        if parent is not None and parent.posted is None:
            return now + 5 * SECOND
        is_post = row.effect.kind not in IDEMPOTENT
        if is_post and lane.gate_at is not None and lane.gate_at > now:
            return lane.gate_at
        lane.epoch += 1
        lane.lease_until, lane.next_at = now + LEASE, None
        row.state, row.attempts = EffectState.SENDING, row.attempts + 1
        return row


def _without_expiry(effect: Effect) -> Effect:
    return Effect(
        key=effect.key,
        kind=effect.kind,
        target=effect.target,
        payload=effect.payload,
        parent_key=effect.parent_key,
        collapse_key=effect.collapse_key,
    )


def _engine() -> Engine:
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    metadata.create_all(engine)
    return engine


ENGINE = _engine()
_examples = count(1)


class LanesAgainstModel(RuleBasedStateMachine):
    """Each example plays in a workspace of its own, in one database."""

    def __init__(self) -> None:
        super().__init__()
        self.workspace_id = f"T{next(_examples)}"
        self.model = Model()
        self.now = NOW
        self.claims: list[Claim] = []
        self.keys: list[str] = []
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
            key=f"e{len(self.keys)}",
            kind=kind,
            target=lane,
            payload={"number": 1},
            parent_key=self.keys[-1 - parent % len(self.keys)]
            if parent is not None and self.keys
            else None,
            collapse_key=None if collapse is None else f"{lane}:{collapse}",
            expires_at=None if lifetime is None else self.now + lifetime * SECOND,
        )
        self.keys.append(effect.key)
        with ENGINE.begin() as connection:
            assert self.store(connection).add(effect, self.now)
        self.model.add(effect)

    @precondition(lambda self: self.keys)
    @rule(which=st.integers(0, 9), lane=st.sampled_from(LANES))
    def enqueue_again(self, which: int, lane: str) -> None:
        key = self.keys[which % len(self.keys)]
        with ENGINE.begin() as connection:
            same = Effect(key=key, kind=EffectKind.CARD, target=lane)
            assert not self.store(connection).add(same, self.now)

    @rule(seconds=st.sampled_from([1, 4, 10, 61]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(lane=st.sampled_from(LANES), owner=st.sampled_from(["w1", "w2"]))
    def claim(self, lane: str, owner: str) -> None:
        with ENGINE.begin() as connection:
            got = self.store(connection).claim(lane, owner=owner, now=self.now, lease=LEASE)
        before = {key: row.state for key, row in self.model.rows().items()}
        wanted = self.model.claim(lane, self.now)
        if isinstance(wanted, datetime):
            assert got == NotBefore(wanted)
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
    )
    def finish(self, which: int, verdict: Verdict, gap: int | None) -> None:
        """End one of the newest tries: the current one, or one whose lease was lost."""
        claim = self.claims[-1 - which % len(self.claims)]
        is_sent = verdict is Verdict.SENT
        moment = None if gap is None else self.now + gap * SECOND
        finish = Finish(
            verdict=verdict,
            posted=Posted(claim.effect.target, f"{claim.effect.key}.{claim.epoch}")
            if is_sent
            else None,
            error=None if is_sent else "no",
            again_at=moment if verdict in {Verdict.RETRY, Verdict.UNKNOWN} else None,
            gate_until=moment if is_sent else None,
        )
        with ENGINE.begin() as connection:
            done = self.store(connection).finish(claim, finish, self.now)
        assert done == self.model.finish(claim, finish)

    @precondition(lambda self: self.keys)
    @rule(which=st.integers(0, 9))
    def revive(self, which: int) -> None:
        key = self.keys[which % len(self.keys)]
        with ENGINE.begin() as connection:
            done = self.store(connection).revive(key, self.now)
        assert done == self.model.revive(key)

    @invariant()
    def places_are_known_and_never_change(self) -> None:
        with ENGINE.connect() as connection:
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
        with ENGINE.connect() as connection:
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
        with ENGINE.connect() as connection:
            listed = {
                ref.lane
                for ref in ready_lanes(connection, far, 10_000)
                if ref.workspace_id == self.workspace_id
            }
        with_work = {name for name, lane in self.model.lanes.items() if lane.open()}
        assert with_work <= listed
        for name in listed - with_work:  # only until the lease of the last try ends
            until = self.model.lanes[name].lease_until
            assert until is not None


TestLanes = LanesAgainstModel.TestCase
TestLanes.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
