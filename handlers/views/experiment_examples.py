"""The experiments that the views' example data is made of."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.experiment import Experiment, Result, Trial
from bot.goal import Measure, Sample
from bot.revision import Revised, Revision

RUNNING = Trial(
    experiment=Experiment(
        experiment_id="try:12:3",
        number=12,
        hypothesis="Videos of the crew bring <twice> as many posts as pictures.",
        measure=Measure.PUBLISHED,
        measured_by="",
        launch="Cleo films, Ben cuts, one a week on LinkedIn.",
        evaluation="Twice the three weeks before & at least 10.",
        first_day=date(2026, 11, 10),
        last_day=date(2026, 12, 1),
        role_id="content_lead",
        tz="Europe/Berlin",
        created_at=datetime(2026, 11, 10, 9, 30, tzinfo=UTC),
        created_by="U0BEN",
        goal_id="V1",
    ),
    role="Content lead",
    goal="Trial <sign-ups>",
    before=Sample(4.0, 4),
    during=Sample(7.0, 7),
    may_keep=True,
)
STILL = replace(
    RUNNING,
    experiment=replace(RUNNING.experiment, experiment_id="V8"),
    changes=tuple(
        Revision(
            what=Revised.EXPERIMENT,
            of_id="V8",
            version=version,
            at=datetime(2026, 11, 11 + version, 9, 0, tzinfo=UTC),
            actor_id="U0CLEO",
            before=before,
        )
        for version, before in enumerate(
            (
                {"role": "Lead desk"},
                {"last_day": "2026-11-24", "measured": "Sign-ups <by hand>"},
                {"goal": "", "evaluation": "More than 5."},
            ),
            start=1,
        )
    ),
)
OVER = replace(RUNNING, is_over=True, during=Sample(12.0, 12))
IN_WORDS = replace(
    OVER,
    experiment=replace(
        OVER.experiment,
        experiment_id="V9",
        number=None,
        measure=Measure.HAND,
        measured_by="Sign-ups that name the video",
        goal_id=None,
    ),
    goal=None,
    before=None,
    during=None,
)


def ended(trial: Trial, result: Result) -> Trial:
    """The same once its keepers said how it went."""
    one = replace(
        trial.experiment,
        result=result,
        happened="The first one did well, the others did not.",
        ended_at=datetime(2026, 12, 2, 9, 0, tzinfo=UTC),
        ended_by="U0CLEO",
        end_form="V10",
    )
    return replace(trial, experiment=one, may_keep=False)
