"""What follows from any change of state."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.lifecycle import ENDED, UNDECIDED, State, Verb
from bot.steps.base import Step, moved
from bot.submission import FieldValue
from tests.support.storage_examples import NOW, make_submission

STATES = st.lists(st.sampled_from(list(State)), min_size=1, max_size=6)


@given(path=STATES)
def test_the_moments_of_a_submission_agree_with_its_state(path: list[State]) -> None:
    submission = replace(make_submission(1), state=State.NEW)
    for steps, target in enumerate(path, 1):
        before, at = submission, NOW + timedelta(hours=steps)
        submission = moved(before, target, f"U{steps}", at)
        assert (submission.state, submission.updated_at) == (target, at)
        assert submission.version == before.version + 1
        assert (submission.decided_at is None) == (target in UNDECIDED)
        assert (submission.decided_by is None) == (target in UNDECIDED)
        assert (submission.ended_at is None) == (target not in ENDED)
        if before.state not in UNDECIDED and target not in UNDECIDED:
            assert submission.decided_at == before.decided_at
        if before.state in ENDED and target in ENDED:
            assert submission.ended_at == before.ended_at


@given(path=STATES)
def test_what_waited_for_a_state_ends_with_it(path: list[State]) -> None:
    submission = replace(make_submission(1), state=State.NEW)
    for target in path:
        before = replace(submission, paused_at=NOW, snoozed_until=NOW, scheduled_at=NOW)
        submission = moved(before, target, "U1", NOW)
        left = {submission.paused_at, submission.snoozed_until, submission.scheduled_at}
        assert left == ({NOW} if target is before.state else {None})


def test_what_a_form_gave_is_read_by_name() -> None:
    said: dict[str, FieldValue] = {"note": "Yes", "platforms": ("blog", "x")}
    step = Step(number=1, version=1, verb=Verb.ACCEPT, actor_id="U1", given=said)
    assert (step.text("note"), step.text("none"), step.text("platforms")) == ("Yes", "", "")
    assert (step.values("platforms"), step.values("note")) == (("blog", "x"), ())
