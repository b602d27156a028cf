"""What can become of a submission: one table each, which cards, rules and docs read."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    NEW = "new"
    TAKEN = "taken"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PUBLISHED = "published"


class Verb(StrEnum):
    """What people do to a submission; `HAND_IN` and `OPEN` change no state, but are history too."""

    HAND_IN = "hand_in"
    TAKE = "take"
    ACCEPT = "accept"
    DECLINE = "decline"
    PUBLISH = "publish"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of `sources`, `verb` leads to `target`."""

    verb: Verb
    sources: frozenset[State]
    target: State


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A named table of transitions; what has no transition out has ended."""

    name: str
    transitions: tuple[Transition, ...]

    def verbs(self, state: State) -> tuple[Verb, ...]:
        """The verbs possible in `state`, in the order in which a card offers them."""
        return tuple(t.verb for t in self.transitions if state in t.sources)

    def target(self, state: State, verb: Verb) -> State | None:
        """Where `verb` leads from `state`, or None when it can't be done there."""
        found = (t.target for t in self.transitions if t.verb is verb and state in t.sources)
        return next(found, None)

    def has_ended(self, state: State) -> bool:
        """Whether nothing more can happen in `state`."""
        return not self.verbs(state)

    @property
    def states(self) -> tuple[State, ...]:
        """Every state of this lifecycle, in the order of `State`."""
        used = {State.NEW}
        for transition in self.transitions:
            used |= transition.sources | {transition.target}
        return tuple(state for state in State if state in used)


_OPEN = frozenset({State.NEW, State.TAKEN})
_TAKE = Transition(Verb.TAKE, frozenset({State.NEW}), State.TAKEN)
_ACCEPT = Transition(Verb.ACCEPT, _OPEN, State.ACCEPTED)
_DECLINE = Transition(Verb.DECLINE, _OPEN, State.DECLINED)
_PUBLISH = Transition(Verb.PUBLISH, frozenset({State.ACCEPTED}), State.PUBLISHED)

CONTENT = Lifecycle("content", (_TAKE, _ACCEPT, _DECLINE, _PUBLISH))
LEAD = Lifecycle("lead", (_TAKE, _ACCEPT, _DECLINE))

UNDECIDED = _OPEN
"""The states that still wait for a decision."""

STATE_LABELS = {
    State.NEW: "New",
    State.TAKEN: "Taken",
    State.ACCEPTED: "Accepted",
    State.DECLINED: "Declined",
    State.PUBLISHED: "Published",
}
VERB_LABELS = {
    Verb.HAND_IN: "Hand in",
    Verb.TAKE: "Take",
    Verb.ACCEPT: "Accept",
    Verb.DECLINE: "Decline",
    Verb.PUBLISH: "Published",
    Verb.OPEN: "Open",
}
VERB_PAST = {
    Verb.HAND_IN: "handed it in",
    Verb.TAKE: "took it",
    Verb.ACCEPT: "accepted it",
    Verb.DECLINE: "declined it",
    Verb.PUBLISH: "marked it as published",
    Verb.OPEN: "opened the details",
}
"""Completes a sentence that begins with a person."""


class DeclineReason(StrEnum):
    """Why something is declined: a list, so that the pattern of reasons can be counted (P10)."""

    NOT_FOR_OUR_AUDIENCE = "not_for_our_audience"
    ALREADY_COVERED = "already_covered"
    TIMING = "timing"
    NEEDS_MORE = "needs_more"
    NO_PERMISSION = "no_permission"
    OFF_STRATEGY = "off_strategy"
    OTHER = "other"


DECLINE_REASONS = {
    DeclineReason.NOT_FOR_OUR_AUDIENCE: "Not for our audience",
    DeclineReason.ALREADY_COVERED: "We have covered this",
    DeclineReason.TIMING: "Not now: the timing is wrong",
    DeclineReason.NEEDS_MORE: "Too little to work with",
    DeclineReason.NO_PERMISSION: "No permission to use it",
    DeclineReason.OFF_STRATEGY: "Outside our strategy",
    DeclineReason.OTHER: "Another reason",
}
