"""Putting something off until a day; the desk brings it back by itself."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.due import hours_of
from bot.errors import FieldError
from bot.people import current_owner, everybody_with_a_role
from bot.periods import instant, local_date
from bot.steps.base import Asked, Case, Detail, VerbRules
from bot.submission import Submission
from bot.working_time import WorkingHours, next_working_moment

LONGEST = timedelta(days=90)
"""How far ahead something can be put off: what waits longer is better declined."""


def _hours(case: Case) -> WorkingHours:
    members = everybody_with_a_role(case.tx, case.desk)
    role = current_owner(case.tx, case.desk, case.submission.role_id).role
    return hours_of(case.tx, case.desk, role, members)


def _ask_day(case: Case) -> Asked:
    """Next week is filled in."""
    day = local_date(case.now, _hours(case).tz) + timedelta(days=7)
    return Asked(submission=case.submission, initial={"until": day.isoformat()})


def _check_day(case: Case) -> Detail:
    """The start of the owner's first working day from the chosen day on."""
    hours = _hours(case)
    today = local_date(case.now, hours.tz)
    try:
        day = date.fromisoformat(case.step.text("until"))
    except ValueError:
        raise FieldError({"until": "Please choose a day."}) from None
    if day <= today:
        raise FieldError({"until": "Please choose a day that is still to come."})
    if day > today + LONGEST:
        raise FieldError({"until": f"Please choose a day within the next {LONGEST.days} days."})
    until = next_working_moment(instant(day, time(), hours.tz), hours)
    return {"until": until.isoformat()}


def _put_off(_case: Case, moved: Submission, detail: Detail) -> Submission:
    return replace(moved, snoozed_until=datetime.fromisoformat(detail["until"]))


SNOOZE = VerbRules(ask=_ask_day, check=_check_day, change=_put_off)
