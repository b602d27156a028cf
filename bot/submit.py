"""Handing in: the use case behind every form, and what its answer can be."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.announce import announce_new, tell_unheld
from bot.brief import brief
from bot.departments import AskDepartment, department_for
from bot.drafts import DraftKey, drop_draft
from bot.due import due_after, terms_for
from bot.forms import check_form
from bot.homes import renew_homes
from bot.kinds import KINDS
from bot.lifecycle import State, Verb
from bot.people import check_may_take_part, everybody_with_a_role, today_of
from bot.ports import Transaction
from bot.routing import Facts, active_holders, first_choice, route
from bot.submission import FieldValue, HistoryEntry, Origin, Submission
from bot.timers import first_timer


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """A filled-in form. `source_key` names the form itself (a view's id): the same form handed in
    twice is one submission. `channel_id` is where it was opened, for routing;
    `draft_slot` the place of its draft, which is forgotten now; `department` what was chosen where
    it was asked, empty for none of them.
    """

    kind_key: str
    submitter_id: str
    fields: Mapping[str, FieldValue]
    source_key: str
    channel_id: str | None = None
    origin: Origin | None = None
    draft_slot: int | None = None
    department: str | None = None


class Received(StrEnum):
    """What became of a form."""

    NEW = "new"
    SAME_FORM = "same_form"
    SAME_MESSAGE = "same_message"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The submission that now stands for the form, and whether the form made it."""

    submission: Submission
    received: Received


@brief
def hand_in(tx: Transaction, command: HandIn, now: datetime) -> HandedIn:
    """Store a submission, its history and what must be told, all at once.

    Raises FieldError for bad fields and NotAllowedError for people who may not. A form that came
    before, or a message handed in before as the same kind, stores nothing and returns what stands.
    """
    kind = KINDS[command.kind_key]
    desk = tx.desk.load()
    members = everybody_with_a_role(tx, desk, command.submitter_id)
    submitter = members.get(command.submitter_id)
    check_may_take_part(desk, submitter, command.submitter_id)
    same_form = tx.submissions.by_source_key(command.source_key)
    if same_form is not None:
        return HandedIn(same_form, Received.SAME_FORM)
    origin_key, same_message = _same_message(tx, command)
    if same_message is not None:
        return HandedIn(same_message, Received.SAME_MESSAGE)
    form = check_form(kind, command.fields, today=today_of(submitter, now))
    asker = AskDepartment(command.submitter_id, command.channel_id)
    department = department_for(tx, asker, submitter, command.department)
    facts = Facts(
        kind=kind, fields=form.fields, department=department, channel_id=command.channel_id
    )
    role = route(desk, facts, members)
    asked = first_choice(desk, facts)
    terms = terms_for(tx, desk, kind, role, members)
    due_at = due_after(now, terms.amount, terms.hours)
    timer, timer_at = first_timer(due_at, terms, now)
    submission = Submission(
        number=tx.submissions.next_number(),
        kind_key=kind.key,
        state=State.NEW,
        version=1,
        submitter_id=command.submitter_id,
        department=department,
        role_id=role.role_id,
        title=form.title,
        fields=form.fields,
        files=form.files,
        origin=_without_leak(tx, command.origin),
        created_at=now,
        updated_at=now,
        due_at=due_at,
        timer=timer,
        timer_at=timer_at,
    )
    tx.submissions.add(
        submission,
        source_key=command.source_key,
        origin_key=origin_key,
        personal=form.personal,
    )
    tx.history.append(
        HistoryEntry(
            number=submission.number,
            seq=1,
            at=now,
            actor_id=command.submitter_id,
            verb=Verb.HAND_IN,
            from_state=None,
            to_state=State.NEW,
            detail={"role": role.role_id},
        )
    )
    if command.draft_slot is not None:
        drop_draft(tx, DraftKey(command.submitter_id, kind.key, command.draft_slot))
    announce_new(tx, desk, role, submission, now)
    if not active_holders(asked, members):
        tell_unheld(tx, desk, asked, now)
    renew_homes(tx, (command.submitter_id,), f"{submission.number}:1", now)
    return HandedIn(submission, Received.NEW)


def _without_leak(tx: Transaction, origin: Origin | None) -> Origin | None:
    """Nothing leads out of a private channel, also when the form took it for a public one."""
    if origin is None or origin.is_private:
        return origin and replace(origin, permalink=None)
    channel = tx.channels.get(origin.channel_id)
    if channel is not None and channel.is_private:
        return replace(origin, is_private=True, permalink=None)
    return origin


def _same_message(tx: Transaction, command: HandIn) -> tuple[str | None, Submission | None]:
    """The key of the form's message, and what was made of it before as the same kind.

    What makes two forms the same message is its channel, its time stamp and the kind. A message
    whose submission was declined may come again, under a key of its own.
    """
    if command.origin is None:
        return None, None
    key = f"{command.origin.channel_id}:{command.origin.message_ts}:{command.kind_key}"
    found = tx.submissions.by_origin_key(key)
    while found is not None and found.state is State.DECLINED:
        key = f"{key}:{found.number}"
        found = tx.submissions.by_origin_key(key)
    return key, found
