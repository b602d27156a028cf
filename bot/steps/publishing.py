"""What was accepted is scheduled and goes out, once or in several places."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.errors import FieldError
from bot.forms import check_link
from bot.kinds import PLATFORMS
from bot.lifecycle import Verb
from bot.steps.base import Asked, Case, Choice, Detail, VerbRules
from bot.submission import Submission

LONGEST_AHEAD = timedelta(days=366)
"""How far ahead something can be scheduled."""


PLACES = tuple(Choice(option.value, option.label) for option in PLATFORMS)
"""Where something can go out."""


def _ask_where(case: Case) -> Asked:
    return Asked(submission=case.submission, choices=PLACES, initial=_planned(case))


def _planned(case: Case) -> Detail:
    """The platform that it was scheduled for, else the only one that was wished for."""
    submission = case.submission
    if submission.published_at is not None:
        return {}
    scheduled = [
        entry.detail.get("platform")
        for entry in case.tx.history.of(submission.number)
        if entry.verb is Verb.SCHEDULE
    ]
    wished = submission.fields.get("platforms") or ()
    platform = scheduled[-1] if scheduled else wished[0] if len(wished) == 1 else None
    return {"platform": platform} if platform else {}


def _platform(case: Case) -> Detail:
    platform = case.step.text("platform")
    if not platform:
        return {}
    if platform not in {option.value for option in PLATFORMS}:
        raise FieldError({"platform": "Please choose from the list."})
    return {"platform": platform}


def _check_publish(case: Case) -> Detail:
    return {"link": check_link(case.step.text("link"), field="link"), **_platform(case)}


def _published(case: Case, moved: Submission, detail: Detail) -> Submission:
    """Published elsewhere once more, it keeps its first link: what was counted stays counted. The
    history has every link.
    """
    if moved.published_at is not None:
        return moved
    return replace(
        moved,
        published_at=case.now,
        published_by=case.step.actor_id,
        published_url=detail["link"],
    )


def _check_schedule(case: Case) -> Detail:
    try:
        at = datetime.fromtimestamp(int(case.step.text("at")), UTC)
    except (ValueError, OverflowError, OSError):
        raise FieldError({"at": "Please choose a day and a time."}) from None
    if at <= case.now:
        raise FieldError({"at": "This moment has passed. Choose one that is still to come."})
    if at > case.now + LONGEST_AHEAD:
        raise FieldError({"at": "Please choose a moment within a year from now."})
    return {"at": at.isoformat(), **_platform(case)}


def _scheduled(_case: Case, moved: Submission, detail: Detail) -> Submission:
    return replace(moved, scheduled_at=datetime.fromisoformat(detail["at"]))


PUBLISH = VerbRules(ask=_ask_where, check=_check_publish, change=_published)
SCHEDULE = VerbRules(ask=_ask_where, check=_check_schedule, change=_scheduled)
