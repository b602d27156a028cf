"""What is wrong with a set-up: every fault as one sentence, with the place that it stands at."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.conversion import BUILT_IN
from bot.desk import LAST_DAY, Desk, Role, Rule, Subscription
from bot.kinds import CONTENT_TYPES, KINDS, PLATFORMS
from bot.periods import wall_time
from bot.sections import Audience
from bot.targets import FEWEST, MOST, people_of
from bot.text import has_words
from bot.working_time import WorkingHours

WEEKS = 25
"""What may be decided has to be due within half a year, called in people included."""


_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence about one place of the set-up. `where` leads to it by the names that the set-up
    file uses (`roles`, `content_lead`, `fallback`); it is empty when no single place is at fault.
    """

    sentence: str
    where: tuple[str | int, ...] = ()


def check(desk: Desk) -> tuple[Fault, ...]:
    """Every fault of a set-up; empty when it can be used."""
    return (
        *_fallback_fault(desk),
        *(fault for role in desk.roles.values() for fault in _role_faults(desk, role)),
        *_missing_roles(desk),
        *_rule_faults(desk),
        *(fault for one in desk.subscriptions for fault in digest_faults(desk, one)),
        *(fault for one in desk.audiences for fault in _audience_faults(one)),
        *_due_faults(desk),
        *_hours_faults(desk),
        *_conversion_faults(desk),
        *_repeated(desk),
    )


def _fallback_fault(desk: Desk) -> Iterator[Fault]:
    if desk.fallback_role not in desk.roles:
        yield Fault(
            f"The fallback role “{desk.fallback_role}” is not among the roles.", ("fallback_role",)
        )


def _role_faults(desk: Desk, role: Role) -> Iterator[Fault]:
    name, place = role.role_id, ("roles", role.role_id)
    if role.fallback is not None and role.fallback not in desk.roles:
        yield Fault(
            f"Role {name}: its fallback “{role.fallback}” is no role.", (*place, "fallback")
        )
    if not has_words(role.label):
        yield Fault(f"Role {name}: its label has no words.", (*place, "label"))
    if set("<>&") & set(role.label):
        yield Fault(f"Role {name}: its label can't have <, > or & in it.", (*place, "label"))
    if _twice(role.holders):
        yield Fault(f"Role {name}: somebody is named twice among its holders.", (*place, "holders"))
    if _twice(role.backups):
        yield Fault(f"Role {name}: somebody is named twice among its backups.", (*place, "backups"))


def _missing_roles(desk: Desk) -> Iterator[Fault]:
    for kind in KINDS.values():
        if kind.default_role not in desk.roles:
            yield Fault(
                f"The {kind.label.lower()}s need the role “{kind.default_role}”.", ("roles",)
            )


def _rule_faults(desk: Desk) -> Iterator[Fault]:
    known = {
        "kinds": set(KINDS),
        "content_types": {option.value for option in CONTENT_TYPES},
        "platforms": {option.value for option in PLATFORMS},
        "departments": {department.name for department in desk.departments},
    }
    for place, rule in enumerate(desk.rules):
        if rule.role_id not in desk.roles:
            yield Fault(f"Rule {place + 1}: “{rule.role_id}” is no role.", ("rules", place, "role"))
        yield from _conditions(rule, place, known)


def _conditions(rule: Rule, place: int, known: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    for name, values in known.items():
        what = name.removesuffix("s").replace("_", " ")
        given: tuple[str, ...] = getattr(rule, name)
        for nth, value in enumerate(given):
            if value not in values:
                yield Fault(
                    f"Rule {place + 1}: “{value}” is no {what}.", ("rules", place, name, nth)
                )


def digest_faults(desk: Desk, subscription: Subscription) -> Iterator[Fault]:
    """What is wrong with how a digest is set."""
    name = subscription.subscription_id
    place = ("digests", name)
    if not _is_zone(subscription.tz):
        yield Fault(
            f"Digest {name}: “{subscription.tz}” is no time zone like Europe/Berlin.",
            (*place, "tz"),
        )
    try:
        wall_time(subscription.time)
    except ValueError:
        yield Fault(
            f"Digest {name}: “{subscription.time}” is no time like 09:00.", (*place, "time")
        )
    if not 0 <= subscription.weekday <= 6:
        yield Fault(f"Digest {name}: its weekday must be monday to sunday.", (*place, "weekday"))
    yield from _target_faults(subscription)
    month_day = subscription.month_day
    if month_day is not None and not 1 <= month_day <= 28 and month_day != LAST_DAY:
        yield Fault(f"Digest {name}: its month day must be 1 to 28, or last.", (*place, "weekday"))
    if subscription.holidays and not _PLACE.fullmatch(subscription.holidays):
        yield Fault(
            f"Digest {name}: “{subscription.holidays}” is no country like DE, or DE-BY.",
            (*place, "holidays"),
        )
    if subscription.audience not in desk.all_audiences():
        known = ", ".join(desk.all_audiences())
        yield Fault(
            f"Digest {name}: “{subscription.audience}” is no audience ({known}).",
            (*place, "audience"),
        )


def _target_faults(subscription: Subscription) -> Iterator[Fault]:
    people = people_of(subscription.channel_id)
    if people and not FEWEST <= len(people) <= MOST:
        name = subscription.subscription_id
        yield Fault(
            f"Digest {name}: a group message has {FEWEST} to {MOST} people; {len(people)} are "
            "named. One person takes a digest with `/social digest`.",
            ("digests", name, "people"),
        )


def _audience_faults(audience: Audience) -> Iterator[Fault]:
    name, place = audience.key, ("audiences", audience.key)
    if not has_words(audience.label):
        yield Fault(f"Audience {name}: its label has no words.", (*place, "label"))
    if not audience.sections:
        yield Fault(f"Audience {name}: it reads no section.", (*place, "sections"))
    if _twice(audience.sections):
        yield Fault(f"Audience {name}: a section is named twice.", (*place, "sections"))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "Europe" is a folder
        return False
    return True


def _due_faults(desk: Desk) -> Iterator[Fault]:
    for kind, due in desk.due.items():
        if kind not in KINDS:
            yield Fault(f"Due: “{kind}” is no kind.", ("due", kind))
        if due <= timedelta():
            yield Fault(f"Due: the time for {kind} has to be longer than nothing.", ("due", kind))


def _hours_faults(desk: Desk) -> Iterator[Fault]:
    """Nothing may be due later than working time can be reckoned ahead."""
    longest = max(desk.due.get(key, kind.due) for key, kind in KINDS.items())
    places: dict[tuple[str, ...], WorkingHours] = {
        ("roles", role.role_id, "hours"): role.hours
        for role in desk.roles.values()
        if role.hours is not None
    }
    places["hours",] = desk.hours or WorkingHours()
    for place, hours in places.items():
        if _a_week(hours) * WEEKS < longest:
            yield Fault(
                f"{_hours_of(place)}: with so few working hours a decision that may take "
                f"{longest / timedelta(hours=1):g} hours would be due in more than half a year.",
                place if place != ("hours",) or desk.hours is not None else ("due",),
            )


def _hours_of(place: tuple[str, ...]) -> str:
    return f"Role {place[1]}" if len(place) > 1 else "Due"


def _a_week(hours: WorkingHours) -> timedelta:
    start, end = (timedelta(hours=at.hour, minutes=at.minute) for at in (hours.start, hours.end))
    return (end - start) * len(hours.weekdays)


MOST_TYPES = 20
"""How many types of conversions a desk may have of its own: a table of more says nothing."""


def _conversion_faults(desk: Desk) -> Iterator[Fault]:
    own, built_in = desk.conversion_types, {one.key for one in BUILT_IN}
    if len(own) > MOST_TYPES:
        yield Fault(f"There are more than {MOST_TYPES} types of conversions.", ("conversions",))
    for one in own:
        place = ("conversions", one.key)
        if one.key in built_in:
            yield Fault(f"Conversion {one.key}: this type is built in.", place)
        for name in ("label", "many"):
            text = getattr(one, name)
            if not has_words(text) or set("<>&") & set(text):
                yield Fault(
                    f"Conversion {one.key}: its {name} needs words, without <, > or &.",
                    (*place, name),
                )
    if _twice([one.key for one in own]):
        yield Fault("Two types of conversions have the same key.", ("conversions",))


def _repeated(desk: Desk) -> Iterator[Fault]:
    lists = {"admins": desk.admins, "guests": desk.guests, "leaders": desk.leaders}
    for name, people in lists.items():
        if _twice(people):
            yield Fault(f"Somebody is named twice among the {name}.", (name,))
    for department in desk.departments:
        if not has_words(department.name):
            yield Fault("A department needs a name with words.", ("departments", department.name))
    if _twice([department.name for department in desk.departments]):
        yield Fault("Two departments have the same name.", ("departments",))
    if _twice([subscription.subscription_id for subscription in desk.subscriptions]):
        yield Fault("Two digests have the same name.", ("digests",))
    if _twice([audience.key for audience in desk.audiences]):
        yield Fault("Two audiences have the same name.", ("audiences",))


def _twice(values: Collection[str]) -> bool:
    return any(count > 1 for count in Counter(values).values())
