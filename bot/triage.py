"""Deciding: the use case behind the verbs on a card. What each verb asks for and changes stands in
`bot.steps.rules`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.announce import announce_step
from bot.errors import NotAllowedError, StaleError
from bot.homes import renew_homes
from bot.lifecycle import SUBMITTERS, VERB_LABELS, VERB_PAST, State, Verb, is_now
from bot.people import (
    check_may_triage,
    current_owner,
    everybody_with_a_role,
    others_could_decide,
    taker_of,
)
from bot.ports import Transaction
from bot.steps.base import Asked, Case, Step, VerbRules, existing, moved, remember
from bot.steps.rules import RULES
from bot.submission import Submission
from bot.timers import on_time
from bot.verbs import is_possible

DECIDING = frozenset(
    {
        Verb.TAKE,
        Verb.ACCEPT,
        Verb.TRY,
        Verb.PASS_ON,
        Verb.DECLINE,
        Verb.DUPLICATE,
        Verb.REOPEN,
    }
)
"""The verbs that are somebody else's on one's own submission, while there is somebody else."""

DOUBLE_CLICK = timedelta(seconds=10)
"""The same verb by the same person within this time is the same click twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a step led to. `is_repeat`: it was done already, by the same click."""

    submission: Submission
    is_repeat: bool = False


def take_step(tx: Transaction, command: Step, now: datetime) -> Taken:
    """Carry out a verb: authorise, check the version, change, remember, announce.

    Raises NotFoundError, NotAllowedError, FieldError for what the verb's form got wrong, and
    StaleError when somebody else was quicker; then nothing is changed.
    """
    case = _case(tx, command, now)
    if _came_before(case):
        return Taken(submission=case.submission, is_repeat=True)
    if _is_old(case):
        return _overtaken(case)
    rules, target = _possible(case)
    own = _own(case)
    detail = {**rules.check(case), **own}
    changed = case.submission if rules.keeps_version else _changed(case, rules, target, detail)
    if not rules.keeps_version and not tx.submissions.update(
        changed, expected_version=case.submission.version
    ):
        return _overtaken(replace(case, submission=existing(tx, command.number)))
    entry = remember(case, target, detail)
    rules.follow(case, changed, entry)
    announce_step(tx, changed, entry, now)
    people = (command.actor_id, changed.submitter_id)
    renew_homes(tx, people, f"{entry.number}:{entry.seq}", now)
    return Taken(submission=changed)


def check_step(tx: Transaction, command: Step, now: datetime) -> Asked:
    """What the verb's form shows, if the verb could be carried out now.

    Raises what `take_step` raises, but for what the form will ask for.
    """
    case = _case(tx, command, now)
    if _is_old(case):
        _overtaken(case)
    rules, _ = _possible(case)
    _own(case)
    return rules.ask(case)


def _case(tx: Transaction, command: Step, now: datetime) -> Case:
    """The step and what it is about, once it is sure that this person may take it."""
    submission = existing(tx, command.number)
    desk = tx.desk.load()
    if command.verb not in SUBMITTERS:
        check_may_triage(tx, desk, submission, command.actor_id)
    elif command.actor_id != submission.submitter_id:
        raise NotAllowedError(f"Only who handed in number {command.number} can do this.")
    return Case(tx=tx, desk=desk, submission=submission, step=command, now=now)


def _came_before(case: Case) -> bool:
    """Whether the same form was taken already, where its version does not tell."""
    source = case.step.source
    return _takes_any(case) and bool(source) and not case.tx.seen.first_time(source, case.now)


def _takes_any(case: Case) -> bool:
    rules = RULES.get(case.step.verb)
    return rules is not None and (rules.keeps_version or rules.any_version)


def _is_old(case: Case) -> bool:
    return not _takes_any(case) and case.submission.version != case.step.version


def _possible(case: Case) -> tuple[VerbRules, State]:
    """The rules of the verb and the state that it leads to; raises StaleError."""
    submission, verb = case.submission, case.step.verb
    rules = RULES.get(verb)
    if rules is None or not is_possible(submission, verb):
        raise StaleError(_not_possible(submission, verb))
    return rules, submission.kind.lifecycle.target(submission.state, verb) or submission.state


def _own(case: Case) -> dict[str, str]:
    """Nobody decides on their own submission while anybody else could; else it is recorded."""
    tx, desk, submission, step = case.tx, case.desk, case.submission, case.step
    if step.actor_id != submission.submitter_id or step.verb not in DECIDING:
        return {}
    if others_could_decide(tx, desk, submission, step.actor_id):
        role = current_owner(tx, desk, submission.role_id).role
        raise NotAllowedError(
            f"You handed in number {submission.number} yourself; "
            f"another holder of the {role.label} role decides."
        )
    return {"own": "yes"}


def _changed(case: Case, rules: VerbRules, target: State, detail: dict[str, str]) -> Submission:
    free, actor_id = _with_its_taker(case), case.step.actor_id
    common = moved(free, target, actor_id, case.now)
    if target is not State.NEW and case.step.verb not in SUBMITTERS:
        common = replace(common, assignee_id=common.assignee_id or actor_id)
    changed = rules.change(case, common, detail)
    return on_time(case.tx, case.desk, free, changed, case.now)


def _with_its_taker(case: Case) -> Submission:
    """The submission, without whoever took it and may not act any more. A deputy who acts has it
    from now on; what anybody else does leaves it with who is away.
    """
    tx, desk, submission = case.tx, case.desk, case.submission
    if submission.assignee_id is None:
        return submission
    members = everybody_with_a_role(tx, desk, submission.assignee_id)
    taker = taker_of(tx, desk, submission, members)
    if taker not in {None, case.step.actor_id}:
        return submission
    return replace(submission, assignee_id=taker)


def _overtaken(case: Case) -> Taken:
    """The card was older than the submission: the same click again, or a colleague's.

    Raises StaleError, naming who did what, unless it was the same click.
    """
    submission, step = case.submission, case.step
    last = case.tx.history.last_change(submission.number)
    if last is None:
        raise StaleError(_not_possible(submission, step.verb))
    is_repeat = (
        last.actor_id == step.actor_id
        and last.verb is step.verb
        and case.now - last.at <= DOUBLE_CLICK
    )
    if is_repeat:
        return Taken(submission=submission, is_repeat=True)
    who = "You" if last.actor_id == step.actor_id else f"<@{last.actor_id}>"
    raise StaleError(
        f"{who} {VERB_PAST[last.verb]} meanwhile: number {submission.number} is now "
        f"{is_now(submission.state)}. Nothing was changed by your click."
    )


def _not_possible(submission: Submission, verb: Verb) -> str:
    return (
        f"Number {submission.number} is {is_now(submission.state)}; "
        f"“{VERB_LABELS[verb]}” is not possible now."
    )
