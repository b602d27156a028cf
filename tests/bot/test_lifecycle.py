import pytest

from bot.lifecycle import (
    CONTENT,
    DECLINE_REASONS,
    LEAD,
    STATE_LABELS,
    UNDECIDED,
    VERB_LABELS,
    VERB_PAST,
    DeclineReason,
    Lifecycle,
    State,
    Verb,
)

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
    assert target is not state


@lifecycles
def test_one_verb_leads_to_one_place(lifecycle: Lifecycle) -> None:
    for state in lifecycle.states:
        verbs = lifecycle.verbs(state)
        assert len(set(verbs)) == len(verbs) <= 4  # four buttons at most


@lifecycles
def test_from_every_state_there_is_an_end_without_a_circle(lifecycle: Lifecycle) -> None:
    def longest(state: State, passed: tuple[State, ...]) -> int:
        assert state not in passed
        targets = [lifecycle.target(state, verb) for verb in lifecycle.verbs(state)]
        return 1 + max((longest(t, (*passed, state)) for t in targets if t), default=0)

    assert longest(State.NEW, ()) <= len(lifecycle.states)


@pytest.mark.parametrize(
    "lifecycle, ended",
    [
        (CONTENT, {State.DECLINED, State.PUBLISHED}),
        (LEAD, {State.ACCEPTED, State.DECLINED}),
    ],
    ids=["content", "lead"],
)
def test_where_nothing_more_can_happen(lifecycle: Lifecycle, ended: set[State]) -> None:
    assert {state for state in lifecycle.states if lifecycle.has_ended(state)} == ended
    assert all(lifecycle.verbs(state) == () for state in ended)


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
