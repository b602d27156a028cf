"""Telling a result as a story: drafted from its trail, then as somebody words it (P35)."""

from dataclasses import replace
from datetime import date

from bot.consent import today_of
from bot.due import hours_of
from bot.errors import FieldError, NotAllowedError
from bot.forms import check_sentence
from bot.people import current_owner, everybody_with_a_role
from bot.revision import Revised, Revision
from bot.revisions import next_version, revise
from bot.steps.base import Asked, Case, Detail, VerbRules
from bot.story import CHANGED, HEADLINE_LENGTH, STORY_LENGTH, TAKEN_BACK, Story
from bot.submission import HistoryEntry, Submission
from bot.telling import (
    draft_of,
    gives_away,
    gives_customer_away,
    headline_of,
    why_not_told,
)
from bot.text import clean, one_line

HEADLINE, STORY, KEEP = "headline", "story", "keep"
"""The questions of the form; also the names under which it says what is wrong."""

DROP = "drop"
"""The answer that takes a story back."""


def _ask(case: Case) -> Asked:
    """The story as it stands, else a draft."""
    _check_may(case)
    told = case.tx.stories.get(case.submission.number)
    if told is not None and told.dropped_at is None:
        initial = {HEADLINE: told.headline, STORY: told.text, KEEP: "yes"}
        said = f"{told.headline}\n{told.text}"
        return Asked(submission=case.submission, initial=initial, notice=_why_hidden(case, said))
    role = current_owner(case.tx, case.desk, case.submission.role_id).role
    hours = hours_of(case.tx, case.desk, role, everybody_with_a_role(case.tx, case.desk))
    history = case.tx.history.of(case.submission.number)
    text = draft_of(case.tx, case.desk, case.submission, history, hours.tz)
    initial = {HEADLINE: headline_of(case.submission), STORY: text}
    return Asked(submission=case.submission, initial=initial)


def _why_hidden(case: Case, said: str) -> str:
    """Why nobody sees the story as it stands; empty for one that is seen."""
    why = gives_customer_away(case.submission, said, _today(case))
    return f"Nobody sees this story as it stands. {why}" if why else ""


def _today(case: Case) -> date:
    return today_of(case.tx, case.desk, case.submission, case.now)


def _check_may(case: Case) -> None:
    why_not = why_not_told(case.submission, _today(case))
    if why_not:
        raise NotAllowedError(why_not)


def _check(case: Case) -> Detail:
    if case.step.text(KEEP) == DROP:
        return {"story": TAKEN_BACK}
    _check_may(case)
    errors: dict[str, str] = {}
    personal = case.tx.submissions.personal(case.submission.number)
    for name, missing, length in (
        (HEADLINE, "Please give it a headline.", HEADLINE_LENGTH),
        (STORY, "Please say in a few sentences what happened.", STORY_LENGTH),
    ):
        try:
            text = check_sentence(case.step.text(name), field=name, missing=missing, length=length)
        except FieldError as error:
            errors.update(error.fields)
            continue
        wrong = gives_away(case.submission, personal, text, _today(case))
        if wrong:
            errors[name] = wrong
    if errors:
        raise FieldError(errors)
    told = case.tx.stories.get(case.submission.number)
    return {"story": CHANGED} if told is not None and told.dropped_at is None else {}


def _keep(case: Case, _changed: Submission, entry: HistoryEntry) -> None:
    """One story per submission: told anew it is changed, and keeps the day on which it was told.
    What it said before is kept.
    """
    before, actor_id = case.tx.stories.get(case.submission.number), case.step.actor_id
    is_told = before is not None and before.dropped_at is None
    if entry.detail.get("story") == TAKEN_BACK:
        if before is not None and is_told:
            _remember(case, before)
            case.tx.stories.save(replace(before, dropped_at=case.now, changed_by=actor_id))
        return
    headline, text = one_line(case.step.text(HEADLINE)), clean(case.step.text(STORY))
    if before is None or not is_told:
        number = case.submission.number
        story = Story(
            number=number, headline=headline, text=text, told_at=case.now, told_by=actor_id
        )
        case.tx.stories.save(story)
    elif (headline, text) != (before.headline, before.text):
        _remember(case, before)
        changed = replace(before, headline=headline, text=text)
        case.tx.stories.save(replace(changed, changed_at=case.now, changed_by=actor_id))


def _remember(case: Case, before: Story) -> None:
    of_id = str(before.number)
    revision = Revision(
        what=Revised.STORY,
        of_id=of_id,
        version=next_version(case.tx, Revised.STORY, of_id),
        at=case.now,
        actor_id=case.step.actor_id,
        before={HEADLINE: before.headline, STORY: before.text},
        number=before.number,
    )
    revise(case.tx, revision)


TELL = VerbRules(ask=_ask, check=_check, follow=_keep, keeps_version=True)
