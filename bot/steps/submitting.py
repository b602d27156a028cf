"""What a submitter can do with what they handed in: change it until it is decided, withdraw it."""

from dataclasses import replace

from bot.cards import keep_files
from bot.consent import RESTS_ON, WORDING, has_words_on_record, is_granted
from bot.errors import FieldError
from bot.forms import CheckedForm, check_form
from bot.kinds import FieldType
from bot.people import today_of
from bot.steps.base import Asked, Case, Detail, VerbRules
from bot.submission import HistoryEntry, Submission

UNCHANGED = "Nothing is different yet. Change something, or close the form."


def _form(case: Case) -> CheckedForm:
    """What was given, checked by the rules of handing in; what stands already may stay, files are
    added to those that are there, and the words of a consent on record are not the submitter's.
    """
    personal = case.tx.submissions.personal(case.submission.number)
    keeps = has_words_on_record(case.submission, personal)
    words = {WORDING: personal[WORDING]} if keeps else {}
    kind = case.submission.kind
    files = tuple(file.given for file in case.submission.files)
    added = {
        field.name: (*files, *case.step.values(field.name))
        for field in kind.fields
        if field.type is FieldType.FILES
    }
    return check_form(
        kind,
        {**case.step.given, **added, **words},
        today=today_of(case.tx.members.get(case.step.actor_id), case.now),
        standing=case.submission.fields,
    )


def _with_all(case: Case) -> Asked:
    personal = case.tx.submissions.personal(case.submission.number)
    return Asked(submission=case.submission, personal=personal)


def _what_changed(case: Case) -> Detail:
    """The names of the fields that are different now, in the form's order; and whether a consent
    was on record that does not cover them.
    """
    form = _form(case)
    kind = case.submission.kind
    personal = case.tx.submissions.personal(case.submission.number)
    before = replace(case.submission, fields={**case.submission.fields, **personal})
    after = replace(before, fields={**form.fields, **form.personal}, files=form.files)
    names = [field.name for field in kind.fields if after.answer(field) != before.answer(field)]
    if not names:
        raise FieldError({kind.fields[0].name: UNCHANGED})
    lapses = is_granted(case.submission) and not RESTS_ON.isdisjoint(names)
    return {"fields": " ".join(names), **({"consent": "lapsed"} if lapses else {})}


def _changed(case: Case, moved: Submission, detail: Detail) -> Submission:
    form = _form(case)
    consent = None if "consent" in detail else moved.consent
    return replace(moved, title=form.title, fields=form.fields, files=form.files, consent=consent)


def _keep_the_rest(case: Case, changed: Submission, _entry: HistoryEntry) -> None:
    case.tx.submissions.replace_personal(changed.number, _form(case).personal)
    keep_files(case.tx, changed, case.now)


EDIT = VerbRules(
    ask=_with_all,
    check=_what_changed,
    change=_changed,
    follow=_keep_the_rest,
    any_version=True,
)
WITHDRAW = VerbRules(any_version=True)
