"""A customer's consent is recorded, and withdrawn."""

from dataclasses import replace
from datetime import date, datetime

from bot.consent import (
    SHOWN_LABELS,
    WORDING,
    check_consent,
    check_may_publish,
    consent_given,
    detail_of,
    is_granted,
    shown,
    today_of,
    withdrawal_given,
    withdrawn,
)
from bot.errors import FieldError
from bot.steps.base import Asked, Case, Detail, VerbRules
from bot.submission import Consent, HistoryEntry, Submission


def _wording_known(case: Case) -> str:
    """The customer's words as they were handed in, or recorded before."""
    return case.tx.submissions.personal(case.submission.number).get(WORDING, "")


def _ask(case: Case) -> Asked:
    """Words that are known need not be typed again; Open shows them, and that is recorded."""
    optional = {"wording"} if _wording_known(case) else set()
    return Asked(submission=case.submission, optional=frozenset(optional))


def _given(case: Case) -> tuple[Consent, str]:
    return consent_given(
        case.step.given,
        known=_wording_known(case),
        actor_id=case.step.actor_id,
        today=_today(case),
        now=case.now,
    )


def _check(case: Case) -> Detail:
    return detail_of(_given(case)[0])


def _recorded(case: Case, moved: Submission, _detail: Detail) -> Submission:
    return replace(moved, consent=_given(case)[0])


def _keep_wording(case: Case, changed: Submission, entry: HistoryEntry) -> None:
    """The words become the submission's own; those of each record stay with its entry."""
    wording = _given(case)[1]
    personal = case.tx.submissions.personal(changed.number)
    case.tx.submissions.replace_personal(changed.number, {**personal, WORDING: wording})
    case.tx.conversations.add(entry.number, entry.seq, wording)


def _why(case: Case) -> Detail:
    withdrawal_given(case.step.given)
    return {}


def _withdrawn(case: Case, moved: Submission, _detail: Detail) -> Submission:
    return withdrawn(moved, case.step.actor_id, case.now)


def _keep_why(case: Case, _changed: Submission, entry: HistoryEntry) -> None:
    case.tx.conversations.add(entry.number, entry.seq, withdrawal_given(case.step.given))


def locked(rules: VerbRules) -> VerbRules:
    """The same verb behind the customer's consent: its form opens, and it is carried out, only
    within what they agreed to. Where no consent is needed nothing changes.
    """

    def ask(case: Case) -> Asked:
        check_consent(case.submission, _today(case))
        asked = rules.ask(case)
        return replace(asked, notice=f"{asked.notice} {_how_shown(case.submission)}".strip())

    def check(case: Case) -> Detail:
        today = _today(case)
        check_consent(case.submission, today)
        detail = rules.check(case)
        check_may_publish(case.submission, detail.get("platform"), today)
        return detail

    return replace(rules, ask=ask, check=check)


def planned(rules: VerbRules) -> VerbRules:
    """Scheduling, within a consent that is on record: not past its last day, not elsewhere. Before
    it is recorded, or after it was withdrawn, plans are free; only Published is locked then.
    """

    def check(case: Case) -> Detail:
        detail = rules.check(case)
        if case.submission.kind.needs_consent and is_granted(case.submission):
            _check_plan(case, detail)
        return detail

    return replace(rules, check=check)


def _check_plan(case: Case, detail: Detail) -> None:
    at = datetime.fromisoformat(detail["at"])
    day = today_of(case.tx, case.desk, case.submission, at)
    consent = case.submission.consent
    if consent is not None and consent.until is not None and consent.until < day:
        until = consent.until.isoformat()
        raise FieldError({"at": f"The customer's consent ends on {until}. Choose an earlier day."})
    if detail.get("platform"):
        check_may_publish(case.submission, detail["platform"], day)


def _how_shown(submission: Submission) -> str:
    if not submission.kind.needs_consent or submission.consent is None:
        return ""
    how = SHOWN_LABELS[shown(submission.consent)].lower()
    return f"The customer agreed to be shown {how}."


def _today(case: Case) -> date:
    return today_of(case.tx, case.desk, case.submission, case.now)


CONSENT = VerbRules(ask=_ask, check=_check, change=_recorded, follow=_keep_wording)
CONSENT_WITHDRAWN = VerbRules(check=_why, change=_withdrawn, follow=_keep_why)
