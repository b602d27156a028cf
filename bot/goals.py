"""Goals: see them, set them, change them, drop them (P18, P19, P20)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.check_ins import plan_check
from bot.conversion import types_of
from bot.desk import Desk
from bot.due import hours_of
from bot.errors import FieldError, NotAllowedError, NotFoundError, StaleError
from bot.goal import Goal, Objective
from bot.goal_form import CheckedGoal, GoalField, GoalFormMaterial, Known, check_goal
from bot.goal_version import GoalVersion
from bot.homes import renew_homes
from bot.people import everybody_with_a_role
from bot.periods import in_words, local_date
from bot.ports import Transaction
from bot.standings import end_of, roles_to_keep
from bot.working_time import next_working_moment

MOST_GOALS = 12
"""How many goals may run at a time: more are none, and a message of them would not fit."""

MOST_OBJECTIVES = 80
"""How many objectives there may be; Slack's select takes 100 options
(https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element).
"""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AskForm:
    """Somebody wants to set a goal, or to change the one named."""

    user_id: str
    goal_id: str | None = None


def goal_form(tx: Transaction, command: AskForm, now: datetime) -> GoalFormMaterial:
    """What the form offers.

    Raises NotAllowedError for who keeps no role's goals, NotFoundError and StaleError for a goal
    that is gone or has ended.
    """
    desk = tx.desk.load()
    roles = roles_to_keep(tx, desk, command.user_id)
    if not roles:
        raise _nobodys(desk)
    goal = None
    if command.goal_id is not None:
        goal = kept_goal(tx, desk, command.goal_id, command.user_id, now)
    return GoalFormMaterial(
        goal=goal,
        objectives=tx.goals.objectives(),
        departments=_departments(desk, goal),
        roles=tuple((role_id, desk.roles[role_id].label) for role_id in roles),
        today=_today(tx, command.user_id, now),
        types=_types(desk),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SetGoal:
    """A goal's form came back. `form_id` is the form's own id, which makes a new goal once;
    `goal_id` and `version` name the goal that is changed, if one is; `is_carried`: one that ended
    goes on as it was.
    """

    form_id: str
    actor_id: str
    given: Mapping[str, str] = field(default_factory=dict)
    goal_id: str | None = None
    version: int | None = None
    is_carried: bool = False


def set_goal(tx: Transaction, command: SetGoal, now: datetime) -> Goal:
    """Store a new goal, or the changed one; the same form again changes nothing.

    Raises FieldError with a sentence per bad field, money among them (P20); NotAllowedError,
    NotFoundError and StaleError as `goal_form` does.
    """
    desk = tx.desk.load()
    before = tx.goals.get(command.goal_id or command.form_id)
    if before is not None and command.goal_id is None:
        return before
    if command.goal_id is not None:
        before = kept_goal(tx, desk, command.goal_id, command.actor_id, now)
        if before.version != command.version:
            raise StaleError(_changed_meanwhile(before))
    tz = before.tz if before else _tz(tx, command.actor_id)
    today = local_date(now, tz)
    known = replace(_known(tx, desk, today, before), is_carried=command.is_carried)
    checked = check_goal(command.given, known, form_id=command.form_id)
    _check_role(tx, desk, checked.role_id, command.actor_id)
    if before is None and len(tx.goals.live(today)) >= MOST_GOALS:
        raise FieldError(
            {GoalField.TITLE.value: f"{MOST_GOALS} goals run already. Fewer goals get further."}
        )
    goal = _goal(checked, _objective_id(tx, checked, now), command, tz, now)
    goal = replace(goal, ask_at=_ask_at(tx, desk, goal))
    if before is not None:
        goal = replace(
            goal,
            goal_id=before.goal_id,
            created_at=before.created_at,
            created_by=before.created_by,
            version=before.version + 1,
            changed_at=now,
            changed_by=command.actor_id,
            stale_at=before.stale_at,
        )
        tx.goals.add_version(GoalVersion.of(before))
        _update(tx, goal, before)
    else:
        tx.goals.add(goal)
    tx.goals.add_version(GoalVersion.of(goal))
    goal = plan_check(tx, desk, goal, now)
    renew_homes(tx, (command.actor_id,), f"goal:{goal.goal_id}:{goal.version}", now)
    return goal


@dataclass(frozen=True, slots=True, kw_only=True)
class DropGoal:
    """Somebody wants a goal gone, at the version that they saw."""

    goal_id: str
    version: int
    actor_id: str


def drop_goal(tx: Transaction, command: DropGoal, now: datetime) -> None:
    """Take a goal off every list; it is kept in the database.

    Raises NotFoundError, NotAllowedError, and StaleError when it was changed meanwhile.
    """
    goal = check_drop(tx, command, now)
    dropped = replace(
        goal,
        version=goal.version + 1,
        changed_at=now,
        changed_by=command.actor_id,
        dropped_at=now,
        ask_at=None,
    )
    _update(tx, dropped, goal)
    renew_homes(tx, (command.actor_id,), f"goal:{goal.goal_id}:{dropped.version}", now)


def check_drop(tx: Transaction, command: DropGoal, now: datetime) -> Goal:
    """The goal, if it could be dropped now: asked before its form is opened.

    Raises what `drop_goal` raises.
    """
    goal = kept_goal(tx, tx.desk.load(), command.goal_id, command.actor_id, now)
    if goal.version != command.version:
        raise StaleError(_changed_meanwhile(goal))
    return goal


def _goal(
    checked: CheckedGoal, objective_id: str, command: SetGoal, tz: str, now: datetime
) -> Goal:
    return Goal(
        goal_id=command.form_id,
        objective_id=objective_id,
        title=checked.title,
        unit=checked.unit,
        course=checked.course,
        role_id=checked.role_id,
        tz=tz,
        created_at=now,
        created_by=command.actor_id,
        measure=checked.measure,
        kind_key=checked.kind_key,
        department=checked.department,
        outcome=checked.outcome,
        customer_objective=checked.customer_objective,
        stage=checked.stage,
        next_step=checked.next_step,
        rhythm=checked.rhythm,
    )


def _departments(desk: Desk, goal: Goal | None) -> tuple[str, ...]:
    """Those there are, and the one that the goal counts for, if that is no more."""
    names = tuple(department.name for department in desk.departments)
    if goal is None or goal.department is None or goal.department in names:
        return names
    return (*names, goal.department)


def _known(tx: Transaction, desk: Desk, today: date, before: Goal | None) -> Known:
    return Known(
        today=today,
        objectives=tx.goals.objectives(),
        departments=_departments(desk, before),
        roles=tuple(desk.roles),
        types=_types(desk),
    )


def _types(desk: Desk) -> tuple[tuple[str, str], ...]:
    """The types of conversions that may be goals: none that is money (P20)."""
    types = types_of(desk.conversion_types).values()
    return tuple((one.key, one.many) for one in types if not one.is_money)


def _objective_id(tx: Transaction, checked: CheckedGoal, now: datetime) -> str:
    if checked.hung is not None:
        tx.goals.hang(checked.hung.objective_id, checked.hung.parent_id)
    if checked.new_objective is None:
        return checked.objective_id or ""
    if len(tx.goals.objectives()) >= MOST_OBJECTIVES:
        raise FieldError(
            {
                GoalField.NEW_OBJECTIVE.value: f"There are {MOST_OBJECTIVES} objectives already. "
                "Please choose one of them."
            }
        )
    wanted = checked.new_objective
    objective: Objective = tx.goals.add_objective(wanted, now)
    if wanted.parent_id is not None and objective.parent_id != wanted.parent_id:
        tx.goals.hang(objective.objective_id, wanted.parent_id)  # one of this title was there
    return objective.objective_id


def _check_role(tx: Transaction, desk: Desk, role_id: str, user_id: str) -> None:
    if role_id not in roles_to_keep(tx, desk, user_id):
        label = desk.role(role_id).label
        raise FieldError(
            {GoalField.ROLE.value: f"Only holders of the {label} role and admins set its goals."}
        )


def _ask_at(tx: Transaction, desk: Desk, goal: Goal) -> datetime:
    """When to ask a goal's keepers what became of it: with the first working moment of its role
    after its last day.
    """
    hours = hours_of(tx, desk, desk.role(goal.role_id), everybody_with_a_role(tx, desk))
    return next_working_moment(end_of(goal), hours)


def kept_goal(tx: Transaction, desk: Desk, goal_id: str, user_id: str, now: datetime) -> Goal:
    """The goal, if this person may keep it and its period has not ended.

    Raises NotFoundError, NotAllowedError and StaleError.
    """
    goal = goal_to_keep(tx, desk, goal_id, user_id)
    if local_date(now, goal.tz) > goal.course.last_day:
        raise StaleError(
            f"The period of this goal ended on {in_words(goal.course.last_day)}, so it stays "
            "as it is. Set a goal for the next period."
        )
    return goal


def goal_to_keep(tx: Transaction, desk: Desk, goal_id: str, user_id: str) -> Goal:
    """The goal, if this person may keep it; raises NotFoundError and NotAllowedError."""
    goal = tx.goals.get(goal_id)
    if goal is None or goal.dropped_at is not None:
        raise NotFoundError("This goal is no more.")
    role = desk.role(goal.role_id)
    if role.role_id not in roles_to_keep(tx, desk, user_id):
        raise NotAllowedError(
            f"This goal is kept by the {role.label}; only holders of that role and admins can "
            "enter where it stands, or change it."
        )
    return goal


def _update(tx: Transaction, goal: Goal, before: Goal) -> None:
    if not tx.goals.update(goal, expected_version=before.version):
        raise StaleError(_changed_meanwhile(tx.goals.get(goal.goal_id) or before))


def _changed_meanwhile(goal: Goal) -> str:
    by = f"<@{goal.changed_by}>" if goal.changed_by else "Somebody"
    return f"{by} changed this goal meanwhile. Nothing was changed; please open it again."


def _nobodys(desk: Desk) -> NotAllowedError:
    label = desk.roles[desk.fallback_role].label
    return NotAllowedError(
        f"Goals are set by who holds a role, and by admins. Ask the {label}, or an admin."
    )


def _tz(tx: Transaction, user_id: str) -> str:
    member = tx.members.get(user_id)
    return member.tz if member else "UTC"


def _today(tx: Transaction, user_id: str, now: datetime) -> date:
    return local_date(now, _tz(tx, user_id))
