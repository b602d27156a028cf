"""Departments: named by the set-up, for a person or for their channel; else asked once."""

from dataclasses import dataclass
from datetime import datetime

from bot.desk import Desk, Member
from bot.errors import FieldError
from bot.ports import Transaction


@dataclass(frozen=True, slots=True)
class AskDepartment:
    """Somebody opens a form in a channel, or nowhere in particular."""

    user_id: str
    channel_id: str | None = None


def departments_to_ask(desk: Desk, asked: AskDepartment) -> tuple[str, ...]:
    """The departments to choose from, none when the set-up knows the person's, or has none."""
    if desk.department_of(asked.user_id, asked.channel_id) is not None:
        return ()
    return tuple(department.name for department in desk.departments)


def has_answered(tx: Transaction, user_id: str, _now: datetime) -> bool:
    """Whether somebody was asked and what they said still stands."""
    member = tx.members.get(user_id)
    return member is not None and _told(tx.desk.load(), member) is not None


def _told(desk: Desk, member: Member) -> str | None:
    """What somebody said when asked: empty for none of them, None before they were asked."""
    told = member.department
    if told and told not in {department.name for department in desk.departments}:
        return None
    return told


def department_for(
    tx: Transaction, asked: AskDepartment, member: Member | None, answer: str | None
) -> str | None:
    """The department that a submission counts for; an answer is remembered.

    `answer` is what was chosen in the form: empty for none of them, None when it was not asked.
    Raises FieldError for a department that there is not.
    """
    desk = tx.desk.load()
    known = desk.department_of(asked.user_id, asked.channel_id)
    if known is not None:
        return known
    if answer is None:
        return (_told(desk, member) or None) if member else None
    if answer and answer not in {department.name for department in desk.departments}:
        raise FieldError({"department": "There is no such department any more. Choose again."})
    tx.members.set_department(asked.user_id, answer)
    return answer or None


def rename_answers(tx: Transaction, before: str, after: str) -> None:
    """Who said that they belong to a department belongs to it under its new name."""
    for user_id, told in tx.members.departments().items():
        if told == before:
            tx.members.set_department(user_id, after)
