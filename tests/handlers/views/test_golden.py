"""Each view's example data, built and compared with the golden file beside this test.

`pytest --update-golden` writes them anew; read the diff before you commit it.
"""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.kinds import KINDS
from bot.material import ListMaterial
from handlers.goal_values import GoalFormMetadata
from handlers.learning_values import ExperimentMetadata, LessonMetadata
from handlers.views import (
    absence,
    cleared,
    consent_forms,
    conversion_forms,
    crowd,
    decision_forms,
    decisions,
    details,
    digest,
    digest_examples,
    erasing,
    experiment_form,
    experiments,
    file_notice,
    form,
    goal_check_in,
    goal_closing,
    goal_form,
    goal_forms,
    goal_trail,
    goals,
    help,  # noqa: A004  (the module is named for what people type)
    home,
    hooks,
    imports,
    insights,
    lessons,
    lists,
    moved,
    notice,
    nudge,
    page,
    paper,
    phrase,
    planning_forms,
    post_links,
    pulse,
    receipt,
    results,
    rounds,
    setup,
    setup_forms,
    spend,
    spend_forms,
    stories,
    story,
    submitting_forms,
    subscription,
    triage_card,
    word,
    word_forms,
)
from handlers.views.message import Message, View
from tests.support.block_rules import message_problems, view_problems

GOLDEN = Path(__file__).parent / "golden"


def _list(name: str) -> Message:
    if name in lists.FOUND:
        return lists.found(*lists.FOUND[name])
    example = lists.EXAMPLES[name]
    return lists.mine(example) if isinstance(example, ListMaterial) else lists.queue(example)


def _absence(name: str) -> View:
    if name == "form":
        return absence.absence_form()
    return {"type": "home", "blocks": absence.absence_blocks(absence.EXAMPLES[name])}


def _experiment_form(name: str) -> View:
    if name in experiment_form.EXAMPLES:
        return experiment_form.EXAMPLES[name].build()
    if name in experiment_form.FORMS:
        return experiment_form.experiment_form(experiment_form.FORMS[name], ExperimentMetadata())
    metadata = ExperimentMetadata(experiment="V9")
    return experiment_form.end_form(experiment_form.ENDS[name], metadata)


def _insight(name: str) -> Message:
    if name in insights.RANKINGS:
        return insights.content_types(insights.RANKINGS[name])
    if name in insights.FUNNELS:
        return insights.stages(insights.FUNNELS[name])
    if name in insights.WEEKS:
        return insights.given(insights.WEEKS[name])
    return insights.checkup(insights.CHECKUPS[name])


SURFACES: Mapping[str, tuple[Mapping[str, Any], Callable[[str], Message | View]]] = {
    "triage_card": (
        triage_card.EXAMPLES,
        lambda name: triage_card.card(triage_card.EXAMPLES[name]),
    ),
    "conversion_forms": (
        conversion_forms.EXAMPLES,
        lambda name: conversion_forms.EXAMPLES[name].build(),
    ),
    "post_links": (post_links.EXAMPLES, lambda name: post_links.EXAMPLES[name].build()),
    "phrase": (phrase.EXAMPLES, lambda name: phrase.EXAMPLES[name].build()),
    "results": (results.EXAMPLES, lambda name: results.EXAMPLES[name].build()),
    "spend_forms": (spend_forms.EXAMPLES, lambda name: spend_forms.EXAMPLES[name].build()),
    "spend": (spend.EXAMPLES, lambda name: spend.EXAMPLES[name].build()),
    "crowd": (crowd.EXAMPLES, lambda name: crowd.crowd(crowd.EXAMPLES[name])),
    "moved": (moved.EXAMPLES, lambda name: moved.moved(moved.EXAMPLES[name])),
    "cleared": (cleared.EXAMPLES, lambda name: cleared.cleared(cleared.EXAMPLES[name])),
    "story": (story.EXAMPLES, lambda name: story.story(story.EXAMPLES[name])),
    "receipt": (receipt.EXAMPLES, lambda name: receipt.receipt(receipt.EXAMPLES[name])),
    "word": (word.EXAMPLES, lambda name: word.word(word.EXAMPLES[name])),
    "decisions": (decisions.EXAMPLES, lambda name: decisions.EXAMPLES[name]()),
    "paper": (paper.EXAMPLES, lambda name: paper.not_printed(paper.EXAMPLES[name])),
    "digest_more": (
        digest_examples.IN_THREADS,
        lambda name: digest.more(*digest_examples.IN_THREADS[name]),
    ),
    "digest": (
        digest_examples.EXAMPLES,
        lambda name: digest.digest(digest_examples.EXAMPLES[name]),
    ),
    "notice": (notice.EXAMPLES, lambda name: notice.notice(notice.EXAMPLES[name])),
    "file_notice": (
        file_notice.EXAMPLES,
        lambda name: file_notice.file_notice(*file_notice.EXAMPLES[name]),
    ),
    "nudge": (nudge.EXAMPLES, lambda name: nudge.nudge(nudge.EXAMPLES[name])),
    "lists": ({**lists.EXAMPLES, **lists.FOUND}, _list),
    "absence": ({**absence.EXAMPLES, "form": None}, _absence),
    "home": (home.EXAMPLES, lambda name: home.home(home.EXAMPLES[name])),
    "form": (form.EXAMPLES, lambda name: form.EXAMPLES[name].build()),
    "decision_forms": (
        decision_forms.EXAMPLES,
        lambda name: decision_forms.EXAMPLES[name].build(),
    ),
    "submitting_forms": (
        submitting_forms.EXAMPLES,
        lambda name: submitting_forms.EXAMPLES[name].build(),
    ),
    "planning_forms": (
        planning_forms.EXAMPLES,
        lambda name: planning_forms.EXAMPLES[name].build(),
    ),
    "word_forms": (word_forms.EXAMPLES, lambda name: word_forms.EXAMPLES[name].build()),
    "consent_forms": (
        consent_forms.EXAMPLES,
        lambda name: consent_forms.EXAMPLES[name].build(),
    ),
    "erasing": (erasing.EXAMPLES, lambda name: erasing.erase_form(erasing.EXAMPLES[name])),
    "details": (details.EXAMPLES, lambda name: details.EXAMPLES[name].build()),
    "page": (page.EXAMPLES, lambda name: page.EXAMPLES[name].build()),
    "setup": (
        setup.EXAMPLES,
        lambda name: {"type": "home", "blocks": setup.setup_blocks(setup.EXAMPLES[name])},
    ),
    "setup_forms": (setup_forms.EXAMPLES, lambda name: setup_forms.EXAMPLES[name].build()),
    "rounds": (rounds.EXAMPLES, lambda name: rounds.EXAMPLES[name].build()),
    "subscription": (subscription.EXAMPLES, lambda name: subscription.EXAMPLES[name].build()),
    "goals": (goals.EXAMPLES, lambda name: goals.EXAMPLES[name].build()),
    "goal_form": (goal_form.EXAMPLES, lambda name: goal_form.EXAMPLES[name].build()),
    "goal_forms": (goal_forms.EXAMPLES, lambda name: goal_forms.EXAMPLES[name].build()),
    "goal_check_in": (
        goal_check_in.EXAMPLES,
        lambda name: goal_check_in.check_in(goal_check_in.EXAMPLES[name]),
    ),
    "goal_trail": (
        goal_trail.EXAMPLES,
        lambda name: goal_trail.goal_trail(goal_trail.EXAMPLES[name]),
    ),
    "goal_closing": (
        goal_closing.EXAMPLES,
        lambda name: goal_closing.question(goal_closing.EXAMPLES[name]),
    ),
    "goal_closing_form": (
        goal_closing.EXAMPLES,
        lambda name: goal_closing.closing_form(
            goal_closing.EXAMPLES[name], GoalFormMetadata(goal="V1", version=1)
        ),
    ),
    "stories": (
        {**stories.EXAMPLES, **stories.FORMS},
        lambda name: (
            stories.FORMS[name].build()
            if name in stories.FORMS
            else stories.stories(stories.EXAMPLES[name])
        ),
    ),
    "lessons": (
        {**lessons.EXAMPLES, **lessons.FORMS},
        lambda name: (
            lessons.lesson_form(lessons.FORMS[name], LessonMetadata())
            if name in lessons.FORMS
            else lessons.lessons(lessons.EXAMPLES[name])
        ),
    ),
    "insights": (
        {**insights.RANKINGS, **insights.FUNNELS, **insights.WEEKS, **insights.CHECKUPS},
        _insight,
    ),
    "pulse": (
        {**pulse.EXAMPLES, "question": pulse.QUESTION},
        lambda name: (
            pulse.pulse_question(pulse.QUESTION)
            if name == "question"
            else pulse.pulse(pulse.EXAMPLES[name])
        ),
    ),
    "experiments": (
        {**experiments.EXAMPLES, **experiments.QUESTIONS},
        lambda name: (
            experiments.end_question(experiments.QUESTIONS[name])
            if name in experiments.QUESTIONS
            else experiments.experiments(experiments.EXAMPLES[name])
        ),
    ),
    "experiment_form": (
        {**experiment_form.EXAMPLES, **experiment_form.FORMS, **experiment_form.ENDS},
        _experiment_form,
    ),
    "imports": (imports.EXAMPLES, lambda name: imports.EXAMPLES[name]()),
    "hooks": (hooks.EXAMPLES, lambda name: hooks.EXAMPLES[name]()),
    "help": (help.EXAMPLES, lambda name: help.EXAMPLES[name].build()),
}
CASES = [(surface, name) for surface, (examples, _) in SURFACES.items() for name in examples]


def build(surface: str, name: str) -> Message | View:
    return SURFACES[surface][1](name)


def as_json(built: Message | View) -> Any:
    if not isinstance(built, Message):
        return json.loads(json.dumps(built))
    parts: dict[str, Any] = {"text": built.text, "blocks": built.blocks}
    if built.plain_blocks is not None:
        parts["plain_blocks"] = built.plain_blocks
    return json.loads(json.dumps(parts))


@pytest.mark.parametrize("surface,name", CASES)
def test_is_as_in_its_golden_file(surface: str, name: str, update_golden: bool) -> None:
    path = GOLDEN / surface / f"{name}.json"
    built = as_json(build(surface, name))
    if update_golden:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(built, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert built == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("surface,name", CASES)
def test_is_what_slack_takes(surface: str, name: str) -> None:
    built = build(surface, name)
    problems = message_problems(built) if isinstance(built, Message) else view_problems(built)
    assert problems == []


@pytest.mark.parametrize("surface,name", CASES)
def test_no_line_breaks_before_a_percent_sign(surface: str, name: str) -> None:
    said = json.dumps(as_json(build(surface, name)), ensure_ascii=False)
    assert re.findall(r"\d %", said) == []


def test_no_golden_file_is_left_over() -> None:
    there = {(path.parent.name, path.stem) for path in GOLDEN.glob("*/*.json")}
    assert there == set(CASES)


def test_every_state_of_every_kind_has_a_card() -> None:
    states = {
        f"{key}-{state.value}" for key, kind in KINDS.items() for state in kind.lifecycle.states
    }
    assert states <= set(triage_card.EXAMPLES)
