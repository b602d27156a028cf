"""The experiments: what `/social experiments` answers, and the question how one went."""

from collections.abc import Iterator, Mapping, Sequence

from bot.experiment import Experiment, Result, Trial
from bot.experiment_list import ExperimentsMaterial
from handlers.ids import Action, BlockId
from handlers.learning_values import ExperimentValue
from handlers.views.blocks import actions, button, divider, option, section
from handlers.views.experiment_examples import IN_WORDS, OVER, RUNNING, STILL, ended
from handlers.views.experiment_lines import changes, counted, entry
from handlers.views.message import Block, Message
from handlers.views.text import MESSAGE_LIMIT, cut, inline, lines, told

HOME_SHOWN = 3
NONE_YET = (
    "No experiment runs. An experiment says what you expect, how it is launched, how it is judged "
    "and until when; then you know instead of guessing."
)
ASK_WHO_MAY = "Who holds a role, and admins, can set one."


def experiments(material: ExperimentsMaterial, *, notice: str = "") -> Message:
    """The experiments for one person: those that run or wait for a word, then those that ended."""
    parts = list(_parts(material, notice))
    return Message(
        text=cut("\n".join(text for text, _ in parts if text), MESSAGE_LIMIT),
        blocks=[block for _, part in parts for block in part],
    )


def over_blocks(to_judge: Sequence[Experiment]) -> list[Block]:
    """The part of the Home tab: experiments that are over and wait for the person's word."""
    shown = [
        section(f"*An experiment is over:* {inline(one.hypothesis, 200)}", _end_button(one))
        for one in to_judge[:HOME_SHOWN]
    ]
    rest = len(to_judge) - len(shown)
    more = [section(f"and {rest} more: `/social experiments`")] if rest > 0 else []
    return [divider(), *shown, *more] if shown else []


def end_question(material: Trial) -> Message:
    """Asks a keeper how an experiment went."""
    one = material.experiment
    said = lines(
        (
            f"*An experiment is over:* {inline(one.hypothesis, 400)}",
            counted(material),
            changes(material),
            f"To be judged by: {inline(one.evaluation, 600)}",
            "How did it go?",
        )
    )
    return Message(
        text=cut(said, MESSAGE_LIMIT),
        blocks=[
            section(said),
            actions(BlockId.EXPERIMENTS.at(one.experiment_id), [_end_button(one)]),
        ],
    )


def _parts(material: ExperimentsMaterial, notice: str) -> Iterator[tuple[str, list[Block]]]:
    if notice:
        yield told(notice), [section(told(notice))]
    if not material.open:
        said = NONE_YET if material.may_set else f"{NONE_YET} {ASK_WHO_MAY}"
        yield said, [section(said)]
    for one in material.open:
        said = entry(one)
        yield said, [section(said, _beside(one) if one.may_keep else None)]
    if material.ended:
        yield "*Ended*", [section("*Ended*")]
    for one in material.ended:
        said = entry(one)
        yield said, [section(said)]
    if material.may_set:
        new = button(Action.EXPERIMENTS_NEW, "New experiment", "new", label="Set an experiment")
        yield "", [actions(BlockId.EXPERIMENTS.at("new"), [new])]


def _beside(material: Trial) -> Block:
    """What its keepers can do with one: say how it went, or change it while it runs."""
    if material.is_over:
        return _end_button(material.experiment)
    value = ExperimentValue(experiment=material.experiment.experiment_id)
    entries = (("change", "Change…"), ("end", "End or drop it…"))
    return {
        "type": "overflow",
        "action_id": Action.EXPERIMENTS_MORE.at(value.experiment),
        "options": [
            option(value.model_copy(update={"verb": verb}).dump(), label) for verb, label in entries
        ],
    }


def _end_button(one: Experiment) -> Block:
    return button(
        Action.EXPERIMENTS_END.at(one.experiment_id),
        "How did it go?",
        ExperimentValue(experiment=one.experiment_id).dump(),
        label=f"Say how it went: {inline(one.hypothesis, 40)}",
    )


EXAMPLES: Mapping[str, ExperimentsMaterial] = {
    "none": ExperimentsMaterial(open=()),
    "none-may-set": ExperimentsMaterial(open=(), may_set=True),
    "some": ExperimentsMaterial(
        open=(OVER, IN_WORDS, STILL),
        ended=(
            ended(RUNNING, Result.WORKED),
            ended(IN_WORDS, Result.FAILED),
            ended(STILL, Result.DROPPED),
        ),
        may_set=True,
    ),
}
QUESTIONS: Mapping[str, Trial] = {"question-counted": OVER, "question-in-words": IN_WORDS}
