"""What changes from one set-up to another can be read before it takes effect."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from bot.desk import Channel, Department, Desk, Role, Rule, Subscription
from bot.desk_changes import differences, with_names
from bot.working_time import WorkingHours
from tests.support.core import ADA, CONRAD, CORA, GUS, SUE, Core, a_desk

MONDAYS = Subscription(
    subscription_id="heads", channel_id="C0HEADS", weekday=0, time="09:00", tz="Europe/Berlin"
)


def with_role(role_id: str, **changes: Any) -> Desk:
    desk = a_desk()
    role = desk.roles.get(role_id, Role(role_id=role_id, label="Extra"))
    return replace(desk, roles={**desk.roles, role_id: replace(role, **changes)})


FROM_EIGHT = WorkingHours(start=time(8), end=time(16), weekdays=frozenset({0, 2}), tz="Asia/Tokyo")


@pytest.mark.parametrize(
    "old, new, lines",
    [
        (a_desk(), a_desk(), ()),
        (a_desk(), replace(a_desk(), version=9), ()),
        (
            a_desk(),
            a_desk(lead_desk=(SUE,)),
            ("~ role lead_desk: holders +U0SUE -U0LENA -U0GUIDO",),
        ),
        (
            a_desk(),
            a_desk(content_lead=(CONRAD, CORA)),
            ("~ role content_lead: holders in another order: U0CONRAD, U0CORA",),
        ),
        (a_desk(), with_role("extra"), ("+ role extra: label Extra",)),
        (with_role("extra"), a_desk(), ("- role extra",)),
        (
            a_desk(),
            with_role("content_lead", channel_id="C0NEW", backups=(SUE,), hours=FROM_EIGHT),
            (
                (
                    "~ role content_lead: channel C0CONTENT → C0NEW; backups +U0SUE; "
                    "hours none → 08:00 to 16:00, mon, wed, Asia/Tokyo"
                ),
            ),
        ),
        (
            a_desk(),
            a_desk(MONDAYS),
            (
                (
                    "+ digest heads: channel C0HEADS; weekday monday; time 09:00; "
                    "zone Europe/Berlin; audience leadership; on holiday move"
                ),
            ),
        ),
        (a_desk(MONDAYS), a_desk(), ("- digest heads",)),
        (
            a_desk(MONDAYS),
            a_desk(replace(MONDAYS, time="10:00", weekday=4)),
            ("~ digest heads: weekday monday → friday; time 09:00 → 10:00",),
        ),
        (
            a_desk(),
            replace(
                a_desk(),
                fallback_role="content_lead",
                rules=(Rule(role_id="lead_desk", kinds=("idea", "lead"), words=("pump",)),),
                departments=(Department(name="Sales", members=(SUE,)),),
                admins=(),
                guests=(GUS,),
                leaders=(SUE,),
                hours=FROM_EIGHT,
                due={"lead": timedelta(minutes=90)},
            ),
            (
                "~ fallback role: social_lead → content_lead",
                "~ admins: -U0ADA",
                "~ guests: +U0GUS",
                "~ leaders: +U0SUE",
                "~ working hours: none → 08:00 to 16:00, mon, wed, Asia/Tokyo",
                "~ due times: +lead 1.5 h",
                "+ rule 1: to lead_desk (kinds idea, lead; words pump)",
                "+ department Sales: members U0SUE",
            ),
        ),
    ],
)
def test_differences(old: Desk, new: Desk, lines: tuple[str, ...]) -> None:
    assert differences(old, new) == lines


def test_the_order_of_rules_and_departments_counts() -> None:
    rules = (Rule(role_id="lead_desk"), Rule(role_id="social_lead", kinds=("idea",)))
    departments = (Department(name="Sales"), Department(name="Product"))
    old = replace(a_desk(), rules=rules, departments=departments)
    new = replace(a_desk(), rules=rules[::-1], departments=departments[::-1])
    assert differences(old, new) == ("~ rules: in another order", "~ departments: in another order")
    assert differences(old, replace(old, rules=rules[:1])) == (
        "- rule to social_lead (kinds idea)",
    )


async def test_ids_get_their_names(core: Core) -> None:
    await core.write(
        lambda tx: tx.channels.save([Channel(channel_id="C0NEW", name="new")], core.clock.now())
    )
    lines = (f"~ role x: holders +{SUE} -{ADA}; channel none → C0NEW", "+ guests: +U0NOBODY")
    role, guests = await core.ask(with_names, lines)
    assert role == (
        "~ role x: holders +U0SUE (Sue Sales) -U0ADA (Ada, admin of the desk); "
        "channel none → C0NEW (#new)"
    )
    assert guests == "+ guests: +U0NOBODY"
