import pytest

from bot.declining import DECLINE_REASONS, DeclineReason
from bot.lifecycle import (
    CONTENT,
    ENDED,
    LEAD,
    NOT_COUNTED,
    STATE_LABELS,
    UNDECIDED,
    VERB_LABELS,
    VERB_PAST,
    Lifecycle,
    State,
    Verb,
)

UNDER_WAY = {State.ACCEPTED, State.SCHEDULED, State.PASSED_ON}

lifecycles = pytest.mark.parametrize("lifecycle", [CONTENT, LEAD], ids=lambda one: one.name)


def reachable(lifecycle: Lifecycle) -> set[State]:
    found: set[State] = set()
    ahead = {State.NEW}
    while ahead:
        found |= ahead
        steps = ((state, verb) for state in ahead for verb in lifecycle.verbs(state))
        ahead = {t for state, verb in steps if (t := lifecycle.target(state, verb))} - found
    return found


@lifecycles
def test_every_state_is_reachable(lifecycle: Lifecycle) -> None:
    assert reachable(lifecycle) == set(lifecycle.states)


@lifecycles
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_verbs_and_targets_agree(lifecycle: Lifecycle, state: State, verb: Verb) -> None:
    target = lifecycle.target(state, verb)
    assert (target is not None) is (verb in lifecycle.verbs(state))
    assert target is None or target in lifecycle.states


@lifecycles
def test_one_verb_leads_to_one_place(lifecycle: Lifecycle) -> None:
    for state in lifecycle.states:
        verbs = lifecycle.verbs(state)
        assert len(set(verbs)) == len(verbs)


@lifecycles
def test_from_every_state_an_end_is_reachable(lifecycle: Lifecycle) -> None:
    for state in lifecycle.states:
        ahead, seen = {state}, set[State]()
        while ahead - seen:
            here = (ahead - seen).pop()
            seen.add(here)
            targets = (lifecycle.target(here, verb) for verb in lifecycle.verbs(here))
            ahead |= {target for target in targets if target}
        assert seen & ENDED


@lifecycles
def test_what_has_ended_is_only_reopened_or_published_again(lifecycle: Lifecycle) -> None:
    for state in ENDED & set(lifecycle.states):
        assert set(lifecycle.verbs(state)) <= {Verb.REOPEN, Verb.PUBLISH}


@lifecycles
def test_a_state_waits_for_a_decision_or_was_decided_or_has_ended(lifecycle: Lifecycle) -> None:
    for state in lifecycle.states:
        assert sum(state in group for group in (UNDECIDED, UNDER_WAY, ENDED)) == 1
    assert NOT_COUNTED <= ENDED


@lifecycles
def test_what_is_undecided_can_be_decided(lifecycle: Lifecycle) -> None:
    for state in lifecycle.states:
        can_decline = Verb.DECLINE in lifecycle.verbs(state)
        assert can_decline is (state in UNDECIDED)


def test_a_lead_is_never_published() -> None:
    assert State.PUBLISHED not in LEAD.states


def test_everything_has_a_name_that_people_read() -> None:
    assert set(STATE_LABELS) == set(State)
    assert set(VERB_LABELS) == set(VERB_PAST) == set(Verb)
    assert set(DECLINE_REASONS) == set(DeclineReason)
    assert all(len(label) <= 75 for label in DECLINE_REASONS.values())
