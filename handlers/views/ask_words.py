"""The one ask of a digest, in words."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from bot.consent import platform_label
from bot.digest_parts import AskPart
from bot.digest_rules import Ask, AskKind
from bot.goal import Goal, Standing
from bot.kinds import KINDS
from bot.material import DigestMaterial
from handlers.views.goal_lines import measured
from handlers.views.text import day, inline, plural


def ask_words(part: AskPart, material: DigestMaterial) -> str:
    """What would help most, as the end of a sentence."""
    asked = part.ask
    if asked.kind in OF_THE_WEEK:
        said = OF_THE_WEEK[asked.kind](part, material)
        return f"{said}: {_named(asked.standing.goal)} is behind." if asked.standing else f"{said}."
    if asked.standing is None:
        return "name the one result that social is to reach next, and set it as a goal."
    return _for_goal(asked, asked.standing, material)


def _named(goal: Goal) -> str:
    return f"“{inline(goal.title, 80)}”"


def _for_goal(asked: Ask, standing: Standing, material: DigestMaterial) -> str:
    goal = standing.goal
    match asked.kind:
        case AskKind.HAND_IN:
            more = _more(goal, asked.count)
            return f"{more} would bring {_named(goal)} back on pace. Who has one?"
        case AskKind.FOLLOW_LEADS:
            return f"whoever took over a lead, tell how it stands: {_named(goal)} is behind."
        case AskKind.READ_GOAL:
            last = _last(standing, material)
            return f"{_to(asked, material)}enter where {_named(goal)} stands, {last}."
        case _:
            missing = measured(_missing(standing), goal.unit)
            return f"an idea that moves {_named(goal)} on: {missing} behind."


def _missing(standing: Standing) -> float:
    """As the goal's line shows it: the value beside the pace."""
    return abs(standing.expected - (standing.value or 0))


def _role(asked: Ask, material: DigestMaterial) -> str:
    return inline(material.roles.get(asked.role_id or "", asked.role_id or ""), 60)


def _to(asked: Ask, material: DigestMaterial) -> str:
    role = _role(asked, material)
    return f"{role}, please " if role else "please "


def _decide(part: AskPart, material: DigestMaterial) -> str:
    asked = part.ask
    if part.overdue:
        those = _those(asked.count, "is overdue", "are overdue")
    else:
        those = _those(asked.count, "waits", "wait")
    return f"{_to(asked, material)}decide {those}"


def _introduce(part: AskPart, _material: DigestMaterial) -> str:
    return f"introduce {plural(part.ask.count, 'customer', 'customers')} who would speak for us"


def _contribute(_part: AskPart, _material: DigestMaterial) -> str:
    return "hand in a story of your own, since none came from leaders this quarter"


def _capacity(part: AskPart, material: DigestMaterial) -> str:
    role = _role(part.ask, material) or "those who decide"
    wait = plural(part.ask.count, "thing waits", "things wait")
    return f"free some hours for {role}: {wait} for a decision, more than a week's work"


def _publish(part: AskPart, material: DigestMaterial) -> str:
    those = _those(part.ask.count, "was accepted", "were accepted")
    return f"{_to(part.ask, material)}publish {those}"


def _sign(part: AskPart, material: DigestMaterial) -> str:
    customers = plural(part.ask.count, "customer", "customers")
    role = _role(part.ask, material)
    which = f" (the {role} knows which)" if role else ""
    return (
        f"have {customers} sign{which}, since what they said was accepted and can't be published "
        "without their consent"
    )


def _drop(part: AskPart, _material: DigestMaterial) -> str:
    asked = part.ask
    name = inline(platform_label(asked.platform or ""), 60)
    posts = f"{plural(asked.count, 'post', 'posts')} there"
    cost = posts if asked.count else "the money spent there"
    return (
        f"leave {name}, or say what it is for, since {cost} in 12 weeks brought nothing that can "
        f"be measured and other platforms brought {asked.sample} conversions"
    )


OF_THE_WEEK: Mapping[AskKind, Callable[[AskPart, DigestMaterial], str]] = {
    AskKind.DECIDE: _decide,
    AskKind.PUBLISH: _publish,
    AskKind.CAPACITY: _capacity,
    AskKind.INTRODUCE: _introduce,
    AskKind.CONTRIBUTE: _contribute,
    AskKind.SIGN: _sign,
    AskKind.DROP_PLATFORM: _drop,
}
"""What is said alike with a goal that it helps and without one."""


def _last(standing: Standing, material: DigestMaterial) -> str:
    if standing.reading is None:
        return "which nobody has done yet"
    at = standing.reading.at.astimezone(ZoneInfo(material.tz))
    return f"last done {day(at.date(), with_year=False)}"


def _those(count: int, one: str, many: str) -> str:
    return f"the one that {one}" if count == 1 else f"the {count} that {many}"


def _more(goal: Goal, count: int) -> str:
    """How many more are missing, of which kind, from whom: "3 more testimonials from Sales"."""
    label = KINDS[goal.kind_key].label.lower() if goal.kind_key else "submission"
    of = f" from {inline(goal.department, 60)}" if goal.department else ""
    return f"{plural(count, f'more {label}', f'more {label}s')}{of}"
