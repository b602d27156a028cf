"""Data and shortcuts for tests that write to and read from a database."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.amount import Amount
from bot.ask import Asked
from bot.brief import brief
from bot.conversion import Conversion, Lens, Touch
from bot.decision import Decision
from bot.digest_rules import AskKind
from bot.digest_store import Reach
from bot.experiment import Experiment
from bot.goal import Closing, Ending, Goal, Measure
from bot.hook import Hook
from bot.landing import Landing
from bot.lesson import Lesson, LessonSource
from bot.lifecycle import State, Verb
from bot.outbox import Claim, Crowded, Effect, EffectKind, NotBefore
from bot.pace import Course
from bot.phrase import Phrase
from bot.ports import Storage, Transaction
from bot.revision import Revised, Revision
from bot.spending import Budget, Spend
from bot.story import Story
from bot.submission import HistoryEntry, Submission

T = TypeVar("T")

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace of a storage, for tests that say what happens in a lambda. With `is_brief`
    what it writes is declared to be brief.
    """

    storage: Storage
    workspace_id: str = "T1"
    is_brief: bool = False

    async def write(self, body: Callable[[Transaction], T], now: datetime = NOW) -> T:
        def use_case(tx: Transaction, _command: None, _now: datetime) -> T:
            return body(tx)

        done = brief(use_case) if self.is_brief else use_case
        return await self.storage.transact(self.workspace_id, done, None, now)

    async def read(self, body: Callable[[Transaction], T], now: datetime = NOW) -> T:
        def use_case(tx: Transaction, _command: None, _now: datetime) -> T:
            return body(tx)

        return await self.storage.read(self.workspace_id, use_case, None, now)

    async def add(self, submission: Submission, **keys: Any) -> None:
        """Store a submission with a source key of its own and no personal fields."""
        given = {
            "source_key": f"view:{submission.number}",
            "origin_key": None,
            "personal": {},
            **keys,
        }
        await self.write(lambda tx: tx.submissions.add(submission, **given))

    async def enqueue(self, *effects: Effect, now: datetime = NOW) -> list[bool]:
        return await self.write(lambda tx: [tx.outbox.add(effect, now) for effect in effects])

    async def claim(
        self, lane: str, now: datetime = NOW, *, owner: str = "w1"
    ) -> Claim | NotBefore | None:
        found = await self.write(
            lambda tx: tx.outbox.claim(lane, owner=owner, now=now, lease=MINUTE)
        )
        assert not isinstance(found, Crowded)
        return found

    async def claimed(self, lane: str, now: datetime = NOW) -> Claim:
        """The claim that must be possible now."""
        claim = await self.claim(lane, now)
        assert isinstance(claim, Claim), claim
        return claim


def make_submission(number: int = 1, **changes: Any) -> Submission:
    """An idea that was handed in at NOW and is due two days later."""
    given: dict[str, Any] = {
        "number": number,
        "kind_key": "idea",
        "state": State.NEW,
        "version": 1,
        "submitter_id": "U1",
        "role_id": "content_lead",
        "title": f"Idea {number}",
        "fields": {"title": f"Idea {number}", "platforms": ("linkedin", "blog")},
        "created_at": NOW,
        "updated_at": NOW,
        "due_at": NOW + 2 * DAY,
    }
    return Submission(**{**given, **changes})


def make_entry(number: int = 1, seq: int = 1, **changes: Any) -> HistoryEntry:
    """The entry of a hand-in."""
    given: dict[str, Any] = {
        "number": number,
        "seq": seq,
        "at": NOW,
        "actor_id": "U1",
        "verb": Verb.HAND_IN,
        "from_state": None,
        "to_state": State.NEW,
        "detail": {},
    }
    return HistoryEntry(**{**given, **changes})


def make_effect(key: str = "card:1", **changes: Any) -> Effect:
    """A card for channel C1."""
    given: dict[str, Any] = {
        "key": key,
        "kind": EffectKind.CARD,
        "target": "C1",
        "payload": {"number": 1},
    }
    return Effect(**{**given, **changes})


def make_conversion(external_id: str = "order-1", **changes: Any) -> Conversion:
    """A sale of 99.50 EUR at NOW that the post 1 is credited with, entered by a person."""
    seen = Touch(lens=Lens.FIRST, post=1, platform="linkedin", campaign="autumn")
    given: dict[str, Any] = {
        "type_key": "revenue",
        "occurred_at": NOW,
        "source": "shop",
        "external_id": external_id,
        "recorded_at": NOW,
        "recorded_by": "U1",
        "amount": Amount(99_500, "EUR"),
        "touches": tuple(replace(seen, lens=lens) for lens in Lens),
    }
    return Conversion(**{**given, **changes})


def make_landing(number: int = 1, **changes: Any) -> Landing:
    """The page of a post."""
    made = Landing(
        number=number, url="https://example.com/pump", campaign="More trials", given_at=NOW
    )
    return replace(made, **changes)


def make_phrase(words: str = "Pump 24", **changes: Any) -> Phrase:
    """A code phrase of the post 1."""
    given: dict[str, Any] = {
        "words": words,
        "type_key": "request",
        "number": 1,
        "reference": None,
        "created_at": NOW,
        "created_by": "U1",
    }
    return Phrase(**{**given, **changes})


def make_spend(spend_id: str = "V1", **changes: Any) -> Spend:
    """100 EUR for ads on LinkedIn in the month of NOW."""
    given: dict[str, Any] = {
        "spend_id": spend_id,
        "month": NOW.date().replace(day=1),
        "platform": "linkedin",
        "campaign": None,
        "is_paid": True,
        "amount": Amount(100_000, "EUR"),
        "recorded_at": NOW,
        "recorded_by": "U1",
    }
    return Spend(**{**given, **changes})


def make_budget(period: str = "2026", amount: Amount | None = None) -> Budget:
    """A year's marketing budget of 9,000 EUR."""
    year = amount or Amount(9_000_000, "EUR")
    return Budget(period=period, amount=year, recorded_at=NOW, recorded_by="U1")


def make_closing() -> Closing:
    """The goal G1 was missed, and taught something."""
    return Closing(
        goal_id="G1",
        form_id="V1",
        ending=Ending.MISSED,
        value=None,
        lesson="Ask earlier.",
        next_goal_id=None,
        at=NOW,
        actor_id="U1",
    )


def make_goal(goal_id: str = "G1", **changes: Any) -> Goal:
    """A goal of the days around NOW, for the objective O1."""
    given: dict[str, Any] = {
        "goal_id": goal_id,
        "objective_id": "O1",
        "title": f"Goal {goal_id}",
        "unit": "sign-ups",
        "course": Course(
            baseline=0,
            target=40,
            first_day=(NOW - 30 * DAY).date(),
            last_day=(NOW + 30 * DAY).date(),
        ),
        "role_id": "content_lead",
        "tz": "Europe/Berlin",
        "created_at": NOW,
        "created_by": "U1",
    }
    return Goal(**{**given, **changes})


def make_hook(hook_id: str = "V1", **changes: Any) -> Hook:
    """A webhook of U1's."""
    given: dict[str, Any] = {
        "hook_id": hook_id,
        "name": f"Shop {hook_id}",
        "created_at": NOW,
        "created_by": "U1",
        "secret_form": hook_id,
    }
    return Hook(**{**given, **changes})


def make_ask(period: str = "w", **changes: Any) -> Asked:
    """What the digest of `s1` asked for at NOW."""
    given: dict[str, Any] = {
        "subscription_id": "s1",
        "period": period,
        "kind": AskKind.MOVE_GOAL,
        "count": 5,
        "goal_id": "V1",
        "role_id": None,
        "overdue": 0,
        "at": NOW,
    }
    return Asked(**{**given, **changes})


def make_reach(**changes: Any) -> Reach:
    """What people did with the digest of `s1` that a test records for the period "w"."""
    given: dict[str, Any] = {
        "subscription_id": "s1",
        "period": "w",
        "reactions": 2,
        "answers": 1,
        "presses": 0,
    }
    return Reach(**{**given, **changes})


def make_decision(decision_id: str = "D1", **changes: Any) -> Decision:
    """A decision of NOW that U1 sees to."""
    given: dict[str, Any] = {
        "decision_id": decision_id,
        "text": "Try newsletters",
        "owner_id": "U1",
        "due": None,
        "made_at": NOW,
        "made_by": "U2",
    }
    return Decision(**{**given, **changes})


def make_experiment(experiment_id: str = "X1", **changes: Any) -> Experiment:
    """An experiment that began at NOW and is over ten days later."""
    given: dict[str, Any] = {
        "experiment_id": experiment_id,
        "number": 1,
        "hypothesis": "Videos work.",
        "measure": Measure.HAND,
        "measured_by": "Sign-ups",
        "launch": "One a week.",
        "evaluation": "More than 20.",
        "first_day": NOW.date(),
        "last_day": (NOW + 10 * DAY).date(),
        "role_id": "content_lead",
        "tz": "UTC",
        "created_at": NOW,
        "created_by": "U1",
        "ask_at": NOW + 11 * DAY,
    }
    return Experiment(**{**given, **changes})


def make_lesson(lesson_id: str = "L1", **changes: Any) -> Lesson:
    """A lesson about submission 1."""
    given: dict[str, Any] = {
        "lesson_id": lesson_id,
        "source": LessonSource.SUBMISSION,
        "number": 1,
        "title": "The press",
        "expectation": "They buy it.",
        "happened": "They did not.",
        "cause": "Too late.",
        "change": "Call at once.",
        "at": NOW,
        "actor_id": "U1",
    }
    return Lesson(**{**given, **changes})


def make_revision(version: int = 1, **changes: Any) -> Revision:
    """A change of the lesson about submission 1."""
    given: dict[str, Any] = {
        "what": Revised.LESSON,
        "of_id": "L1",
        "version": version,
        "at": NOW,
        "actor_id": "U1",
        "before": {"cause": "Too early."},
        "number": 1,
    }
    return Revision(**{**given, **changes})


def make_story(number: int = 1, **changes: Any) -> Story:
    """The story of submission 1."""
    given: dict[str, Any] = {
        "number": number,
        "headline": "The press that never stops",
        "text": "Sales had the idea.",
        "told_at": NOW,
        "told_by": "U1",
    }
    return Story(**{**given, **changes})
