"""Which verbs can be offered on a submission, to whom, and in which order."""

from bot.lifecycle import ENDED, SUBMITTERS, State, Verb
from bot.submission import Submission

PRIORITY = (
    Verb.TAKE,
    Verb.WIN,
    Verb.LOSE,
    Verb.PUBLISH,
    Verb.SCHEDULE,
    Verb.TELL,
    Verb.ACCEPT,
    Verb.PASS_ON,
    Verb.DECLINE,
    Verb.ASK,
    Verb.CONSENT,
    Verb.CONSENT_WITHDRAWN,
    Verb.REPLY,
    Verb.HAND_OVER,
    Verb.SNOOZE,
    Verb.SERVE,
    Verb.REOPEN,
    Verb.DUPLICATE,
    Verb.TRY,
)
"""The owner's verbs, the most wanted first: the first ones are buttons, the others in the menu."""

TOLD = frozenset({State.PUBLISHED, State.WON})
"""The results that can be told as a story."""

SERVING = frozenset({State.ACCEPTED, State.SCHEDULED, State.PUBLISHED, State.PASSED_ON, State.WON})
"""The states in which something serves a goal (P21)."""

NO_CONSENT = frozenset({State.DECLINED, State.DUPLICATE, State.WITHDRAWN})
"""The states in which nobody needs a customer's consent."""


def owner_verbs(submission: Submission) -> tuple[Verb, ...]:
    """What the owner can do with it now, the most wanted first.

    What waits for a customer's consent to be published offers to record that first.
    """
    possible = set(submission.kind.lifecycle.verbs(submission.state)) - SUBMITTERS
    possible |= {Verb.REPLY} | _about_consent(submission)
    possible |= {Verb.SERVE} if submission.state in SERVING else set()
    possible |= {Verb.TELL} if submission.state in TOLD else set()
    is_locked = possible >= {Verb.PUBLISH, Verb.CONSENT} and Verb.CONSENT_WITHDRAWN not in possible
    first = (Verb.CONSENT,) if is_locked else ()
    return tuple(dict.fromkeys((*first, *(verb for verb in PRIORITY if verb in possible))))


def submitter_verbs(submission: Submission) -> tuple[Verb, ...]:
    """What its submitter can do with it now."""
    verbs = submission.kind.lifecycle.verbs(submission.state)
    return tuple(verb for verb in verbs if verb in SUBMITTERS)


def is_possible(submission: Submission, verb: Verb) -> bool:
    """Whether anybody could do it now."""
    return verb in {*owner_verbs(submission), *submitter_verbs(submission)}


def quick(submission: Submission) -> tuple[Verb, ...]:
    """The owner's verbs that are worth a button of their own: none once it has ended."""
    return () if submission.state in ENDED else owner_verbs(submission)[:3]


def _about_consent(submission: Submission) -> set[Verb]:
    if not submission.kind.needs_consent or submission.state in NO_CONSENT:
        return set()
    consent = submission.consent
    is_granted = consent is not None and consent.withdrawn_at is None
    return {Verb.CONSENT, Verb.CONSENT_WITHDRAWN} if is_granted else {Verb.CONSENT}
