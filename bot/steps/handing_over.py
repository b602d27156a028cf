"""Handing over to another role, or to one of the people who hold a role (P07)."""

from collections.abc import Iterator
from dataclasses import replace

from bot.announce import card_target, tell_story
from bot.cards import current_card, post_card, with_new_card
from bot.errors import FieldError, NotAllowedError
from bot.handover import is_reachable
from bot.homes import renew_homes
from bot.people import current_owner, everybody_with_a_role
from bot.routing import acting
from bot.steps.base import Asked, Case, Choice, Detail, VerbRules, note_if_given
from bot.submission import HistoryEntry, Submission

ROLES, PEOPLE = "Roles", "People"
MOST = 100
"""How many entries one group of a choice may have
(https://docs.slack.dev/reference/block-kit/composition-objects/option-group-object).
"""


def _ask_whom(case: Case) -> Asked:
    choices = (*_roles(case), *_people(case))
    if not choices:
        raise NotAllowedError("Nobody else holds a role, so there is nobody to hand it over to.")
    return Asked(submission=case.submission, choices=choices)


def _roles(case: Case) -> tuple[Choice, ...]:
    """Every role that somebody acts for; the submission's own only where one person has it."""
    members = everybody_with_a_role(case.tx, case.desk)
    here = case.submission
    found = [
        Choice(f"role:{role.role_id}", role.label, ROLES)
        for role in case.desk.roles.values()
        if acting(role, members) and (role.role_id != here.role_id or here.assignee_id)
    ]
    return tuple(found[:MOST])


def _people(case: Case) -> tuple[Choice, ...]:
    """Everybody who acts for a role and is neither who asks nor who has it: once, for the
    submission's own role if they act for that one.
    """
    return tuple(dict(_candidates(case)).values())[:MOST]


def _candidates(case: Case) -> Iterator[tuple[str, Choice]]:
    members, here = everybody_with_a_role(case.tx, case.desk), case.submission
    not_these = {case.step.actor_id, here.assignee_id}
    # The submission's own role comes last: of several entries of one person the last one stays.
    for role in sorted(case.desk.roles.values(), key=lambda role: role.role_id == here.role_id):
        for user_id in acting(role, members):
            if user_id in members and user_id not in not_these:
                label = f"{members[user_id].name} ({role.label})"
                yield user_id, Choice(f"person:{user_id}:{role.role_id}", label, PEOPLE)


def _check_whom(case: Case) -> Detail:
    chosen = case.step.text("to")
    if chosen not in {choice.value for choice in (*_roles(case), *_people(case))}:
        raise FieldError({"to": "Please choose from the list who gets it."})
    what, _, rest = chosen.partition(":")
    person, role_id = rest.split(":", 1) if what == "person" else ("", rest)
    detail = {"to": case.desk.roles[role_id].label, "role": role_id}
    return {**detail, **({"person": person} if person else {}), **note_if_given(case.step)}


def _handed_over(case: Case, moved: Submission, detail: Detail) -> Submission:
    """In the hands of the role, or of its person, with a new card if that belongs elsewhere."""
    changed = replace(moved, role_id=detail["role"], assignee_id=detail.get("person"))
    card = current_card(case.tx, case.submission)
    place = place_of(case, changed)
    stays = place is None or (card is not None and card.target == place)
    return changed if stays else with_new_card(changed)


def place_of(case: Case, submission: Submission) -> str | None:
    """Where a submission's card belongs; None while the desk knows of nobody who could see it."""
    owner = current_owner(case.tx, case.desk, submission.role_id)
    taker = submission.assignee_id if submission.assignee_id in owner.holders else None
    return owner.role.channel_id or taker or card_target(case.tx, case.desk, owner.role)


def move_card(case: Case, changed: Submission, entry: HistoryEntry) -> None:
    """The new card, if it is to have one, and a last line in the thread of the one that is left
    behind, where somebody can read it.
    """
    tx, now = case.tx, case.now
    place = place_of(case, changed)
    if changed.card == case.submission.card or place is None:
        return
    left = current_card(tx, case.submission)
    tells_old = left is not None and is_reachable(tx, left.target)
    if left is not None and tells_old:
        tell_story(tx, left, entry, now)
    post_card(tx, changed, place, now, tells_old=tells_old)


def _move(case: Case, changed: Submission, entry: HistoryEntry) -> None:
    move_card(case, changed, entry)
    holders = current_owner(case.tx, case.desk, changed.role_id).holders
    renew_homes(case.tx, holders, f"{entry.number}:{entry.seq}", case.now)


HAND_OVER = VerbRules(ask=_ask_whom, check=_check_whom, change=_handed_over, follow=_move)
