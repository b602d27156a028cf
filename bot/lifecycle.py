"""What can become of a submission: one table each, which cards, rules and docs read."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    NEW = "new"
    TAKEN = "taken"
    ASKED = "asked"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    PASSED_ON = "passed_on"
    PUBLISHED = "published"
    WON = "won"
    LOST = "lost"
    DECLINED = "declined"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What happens to a submission. Those in no transition change no state, but are history too.

    `REMIND`, `ESCALATE` and `RETURN` are the desk's own (their actor is `DESK`).
    """

    HAND_IN = "hand_in"
    TAKE = "take"
    ASK = "ask"
    ANSWER = "answer"
    REPLY = "reply"
    ACCEPT = "accept"
    TRY = "try"
    SCHEDULE = "schedule"
    PASS_ON = "pass_on"  # noqa: S105  (a verb, no password)
    PUBLISH = "publish"
    WIN = "win"
    LOSE = "lose"
    DECLINE = "decline"
    HAND_OVER = "hand_over"
    SNOOZE = "snooze"
    DUPLICATE = "duplicate"
    REOPEN = "reopen"
    TELL = "tell"
    SERVE = "serve"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    CONSENT = "consent"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    OPEN = "open"
    REMIND = "remind"
    ESCALATE = "escalate"
    RETURN = "return"
    RETRY = "retry"
    DROP = "drop"
    EXPORT = "export"
    ERASE = "erase"


DESK = "desk"
"""The actor of what the desk does by itself; no user id looks like it."""

OPERATOR = "operator"
"""The actor of what is done on the command line; no user id looks like it."""


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of `sources`, `verb` leads to `target`; None means that the state stays."""

    verb: Verb
    sources: frozenset[State]
    target: State | None


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A named table of transitions, in the order in which a card offers their verbs."""

    name: str
    transitions: tuple[Transition, ...]

    def verbs(self, state: State) -> tuple[Verb, ...]:
        """The verbs possible in `state`, in the order in which a card offers them."""
        return tuple(t.verb for t in self.transitions if state in t.sources)

    def target(self, state: State, verb: Verb) -> State | None:
        """Where `verb` leads from `state`, or None when it can't be done there."""
        found = (t for t in self.transitions if t.verb is verb and state in t.sources)
        transition = next(found, None)
        return None if transition is None else transition.target or state

    @property
    def states(self) -> tuple[State, ...]:
        """Every state of this lifecycle, in the order of `State`."""
        used = {State.NEW}
        for transition in self.transitions:
            used |= transition.sources | ({transition.target} if transition.target else set())
        return tuple(state for state in State if state in used)


UNDECIDED = frozenset({State.NEW, State.TAKEN, State.ASKED})
"""The states that still wait for a decision."""

ENDED = frozenset(
    {State.PUBLISHED, State.WON, State.LOST, State.DECLINED, State.DUPLICATE, State.WITHDRAWN}
)
"""The states in which nobody has to do anything any more."""

NOT_COUNTED = frozenset({State.DUPLICATE, State.WITHDRAWN})
"""The ended states that are no decision: they count neither as accepted nor as declined."""

_CHOOSING = frozenset({State.NEW, State.TAKEN})
_AHEAD_OF_POST = frozenset({State.ACCEPTED, State.SCHEDULED})


def _to(verb: Verb, sources: frozenset[State], target: State | None) -> Transition:
    return Transition(verb, sources, target)


_TAKE = _to(Verb.TAKE, frozenset({State.NEW}), State.TAKEN)
_ASK = _to(Verb.ASK, _CHOOSING, State.ASKED)
_ANSWER = _to(Verb.ANSWER, frozenset({State.ASKED}), State.TAKEN)
_DECLINE = _to(Verb.DECLINE, UNDECIDED, State.DECLINED)
_PASS_ROUND = _to(Verb.HAND_OVER, _CHOOSING, State.NEW)
_SNOOZE = _to(Verb.SNOOZE, _CHOOSING, None)
_DUPLICATE = _to(Verb.DUPLICATE, UNDECIDED, State.DUPLICATE)
_EDIT = _to(Verb.EDIT, UNDECIDED, None)
_UNDECIDE = _to(Verb.REOPEN, frozenset({State.DECLINED, State.DUPLICATE}), State.TAKEN)

CONTENT = Lifecycle(
    "content",
    (
        _TAKE,
        _to(Verb.ACCEPT, UNDECIDED, State.ACCEPTED),
        _to(Verb.TRY, UNDECIDED, State.ACCEPTED),
        _to(Verb.PUBLISH, _AHEAD_OF_POST | {State.PUBLISHED}, State.PUBLISHED),
        _to(Verb.SCHEDULE, _AHEAD_OF_POST, State.SCHEDULED),
        _DECLINE,
        _ASK,
        _ANSWER,
        _SNOOZE,
        _PASS_ROUND,
        _to(Verb.HAND_OVER, _AHEAD_OF_POST | {State.ASKED}, None),
        _DUPLICATE,
        _UNDECIDE,
        _to(Verb.REOPEN, frozenset({State.PUBLISHED}), State.ACCEPTED),
        _EDIT,
        _to(Verb.WITHDRAW, UNDECIDED | _AHEAD_OF_POST, State.WITHDRAWN),
    ),
)
LEAD = Lifecycle(
    "lead",
    (
        _TAKE,
        _to(Verb.PASS_ON, UNDECIDED | {State.PASSED_ON}, State.PASSED_ON),
        _to(Verb.WIN, frozenset({State.PASSED_ON}), State.WON),
        _to(Verb.LOSE, frozenset({State.PASSED_ON}), State.LOST),
        _DECLINE,
        _ASK,
        _ANSWER,
        _SNOOZE,
        _PASS_ROUND,
        _to(Verb.HAND_OVER, frozenset({State.ASKED, State.PASSED_ON}), None),
        _DUPLICATE,
        _UNDECIDE,
        _to(Verb.REOPEN, frozenset({State.WON, State.LOST}), State.PASSED_ON),
        _EDIT,
        _to(Verb.WITHDRAW, UNDECIDED | {State.PASSED_ON}, State.WITHDRAWN),
    ),
)

OUTCOMES = frozenset(
    {
        Verb.ACCEPT,
        Verb.TRY,
        Verb.SCHEDULE,
        Verb.PASS_ON,
        Verb.PUBLISH,
        Verb.WIN,
        Verb.LOSE,
        Verb.DECLINE,
        Verb.DUPLICATE,
        Verb.REOPEN,
        Verb.WITHDRAW,
    }
)
"""The verbs that say what becomes of a submission, or take it back."""

SUBMITTERS = frozenset({Verb.ANSWER, Verb.EDIT, Verb.WITHDRAW})
"""The verbs of who handed it in; all other transitions are the owner's."""

CHANGES = frozenset(
    {
        Verb.HAND_IN,
        Verb.PASS_ON,
        Verb.PUBLISH,
        Verb.SCHEDULE,
        Verb.HAND_OVER,
        Verb.SNOOZE,
        Verb.EDIT,
        Verb.SERVE,
        Verb.CONSENT,
        Verb.CONSENT_WITHDRAWN,
    }
)
"""The verbs that make a new version also where the state stays."""

STATE_LABELS = {
    State.NEW: "New",
    State.TAKEN: "Taken",
    State.ASKED: "Question asked",
    State.ACCEPTED: "Accepted",
    State.SCHEDULED: "Scheduled",
    State.PASSED_ON: "Passed on",
    State.PUBLISHED: "Published",
    State.WON: "Won",
    State.LOST: "Lost",
    State.DECLINED: "Declined",
    State.DUPLICATE: "Duplicate",
    State.WITHDRAWN: "Withdrawn",
}


def is_now(state: State) -> str:
    """A state as it completes a sentence: "it is …"."""
    return "waiting for an answer" if state is State.ASKED else STATE_LABELS[state].lower()


VERB_LABELS = {
    Verb.HAND_IN: "Hand in",
    Verb.TAKE: "Take",
    Verb.ASK: "Ask back",
    Verb.ANSWER: "Answer",
    Verb.REPLY: "Reply",
    Verb.ACCEPT: "Accept",
    Verb.TRY: "Accept as experiment",
    Verb.SCHEDULE: "Schedule",
    Verb.PASS_ON: "Pass on",
    Verb.PUBLISH: "Published",
    Verb.WIN: "Won",
    Verb.LOSE: "Lost",
    Verb.DECLINE: "Decline",
    Verb.HAND_OVER: "Hand over",
    Verb.SNOOZE: "Snooze",
    Verb.DUPLICATE: "Duplicate of",
    Verb.REOPEN: "Reopen",
    Verb.TELL: "Tell as a story",
    Verb.SERVE: "Goal",
    Verb.EDIT: "Edit",
    Verb.WITHDRAW: "Withdraw",
    Verb.CONSENT: "Record consent",
    Verb.CONSENT_WITHDRAWN: "Consent withdrawn",
    Verb.OPEN: "Open",
    Verb.REMIND: "Remind",
    Verb.ESCALATE: "Escalate",
    Verb.RETURN: "Bring back",
    Verb.RETRY: "Try again",
    Verb.DROP: "Give up",
    Verb.EXPORT: "Export",
    Verb.ERASE: "Erase",
}
VERB_PAST = {
    Verb.HAND_IN: "handed it in",
    Verb.TAKE: "took it",
    Verb.ASK: "asked a question",
    Verb.ANSWER: "answered",
    Verb.REPLY: "wrote to the submitter",
    Verb.ACCEPT: "accepted it",
    Verb.TRY: "accepted it as an experiment",
    Verb.SCHEDULE: "scheduled it",
    Verb.PASS_ON: "passed it on",
    Verb.PUBLISH: "marked it as published",
    Verb.WIN: "marked it as won",
    Verb.LOSE: "marked it as lost",
    Verb.DECLINE: "declined it",
    Verb.HAND_OVER: "handed it over",
    Verb.SNOOZE: "put it off",
    Verb.DUPLICATE: "marked it as a duplicate",
    Verb.REOPEN: "reopened it",
    Verb.TELL: "told it as a story",
    Verb.SERVE: "said which goal it serves",
    Verb.EDIT: "changed it",
    Verb.WITHDRAW: "withdrew it",
    Verb.CONSENT: "recorded the customer's consent",
    Verb.CONSENT_WITHDRAWN: "recorded that the customer withdrew their consent",
    Verb.OPEN: "opened the details",
    Verb.REMIND: "reminded the owner",
    Verb.ESCALATE: "called in the next in line",
    Verb.RETURN: "brought it back",
    Verb.RETRY: "had a message of it tried again",
    Verb.DROP: "gave a message of it up",
    Verb.EXPORT: "wrote its personal data into a file",
    Verb.ERASE: "erased personal data",
}
"""Completes a sentence that begins with a person, or with "Social Desk"."""
