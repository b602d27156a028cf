"""The part of the Home tab that only admins see: the steps of a new desk, and what is set."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.channels import Trouble, advice
from bot.desk import Department, Desk, Role, default_desk
from bot.material import SetupMaterial
from bot.subscription import DigestStatus
from bot.targets import mention
from bot.text import one_line
from handlers.ids import Action, BlockId
from handlers.setup_values import SetupValue
from handlers.views import examples, subscription
from handlers.views.blocks import actions, button, context, divider, header, section
from handlers.views.message import Block
from handlers.views.text import inline, lines, listing, told, user

ROLES_SHOWN, DIGESTS_SHOWN, DEPARTMENTS_SHOWN = 10, 4, 10
NAMES_SHOWN = 5
INVITE = "Look at the channels below: some can't be posted to."
IN_FILE = "The others are in the set-up file (`python app.py export`)."


def setup_blocks(material: SetupMaterial) -> list[Block]:
    """At most 20 blocks."""
    desk = material.desk
    roles = tuple(desk.roles.values())
    blocks = [divider(), header("Set-up"), section(_told(material))]
    blocks += [_role(material, role) for role in roles[:ROLES_SHOWN]]
    blocks += [_digest(found) for found in material.digests[:DIGESTS_SHOWN]]
    if len(roles) > ROLES_SHOWN or len(material.digests) > DIGESTS_SHOWN:
        blocks.append(context(IN_FILE))
    blocks.append(actions(BlockId.SETUP.at(desk.version), list(_more(material))))
    if desk.departments:
        blocks.append(section(_departments(desk)))
        blocks.append(actions(BlockId.SETUP.at("departments"), list(_department_buttons(desk))))
    return blocks


def open_steps(material: SetupMaterial) -> tuple[str, ...]:
    """What the desk still lacks, a sentence each."""
    left = [step for step, is_done in _steps(material) if not is_done]
    return (*left, *([INVITE] if set(material.troubles.values()) - {Trouble.SHARED} else []))


def _steps(material: SetupMaterial) -> tuple[tuple[str, bool], ...]:
    """Every step of a new desk, and whether it is done."""
    desk = material.desk
    unheld = [desk.roles[role_id].label for role_id in desk.roles if role_id in material.unheld]
    return (
        (f"Say who holds which role. Admins act for {_few(unheld)} until then.", not unheld),
        (
            "Give roles a channel. Until then, cards come by direct message.",
            any(role.channel_id for role in desk.roles.values()),
        ),
        ("Choose a channel for the weekly digest.", bool(material.digests)),
        (
            "Try it: hand in an idea with a button above, and decide on its card.",
            material.is_tried,
        ),
    )


def _told(material: SetupMaterial) -> str:
    steps, left = _steps(material), open_steps(material)
    if not left:
        return "Everything is set up."
    done = sum(is_done for _, is_done in steps)
    return lines((f"{done} of {len(steps)} steps are done.", *(f"• {step}" for step in left)))


def _few(labels: list[str]) -> str:
    shown = [f"the {inline(label, 75)}" for label in labels[:NAMES_SHOWN]]
    more = len(labels) - len(shown)
    return listing([*shown, f"{more} more"] if more else shown)


def _role(material: SetupMaterial, role: Role) -> Block:
    change = button(
        Action.SETUP_ROLE.at(role.role_id),
        "Change…",
        SetupValue(key=role.role_id).dump(),
        label=f"Change the role {role.label}",
    )
    return section(lines(_about(material, role)), change)


def _about(material: SetupMaterial, role: Role) -> Iterator[str]:
    holders = _people(role.holders) if role.role_id not in material.unheld else "nobody yet"
    yield f"*{inline(role.label, 100)}*: {holders}"
    if role.backups:
        yield f"Called in: {_people(role.backups)}"
    if role.channel_id:
        yield f"Cards: <#{role.channel_id}>"
        trouble = material.troubles.get(role.channel_id)
        if trouble is not None:
            yield f":warning: {advice(trouble, f'<#{role.channel_id}>')}"
    if role.hours:
        yield f"Works {role.hours.start:%H:%M} to {role.hours.end:%H:%M} ({role.hours.tz})"


def _people(user_ids: tuple[str, ...]) -> str:
    shown = [user(user_id) for user_id in user_ids[:NAMES_SHOWN]]
    more = len(user_ids) - len(shown)
    return ", ".join([*shown, f"{more} more"] if more else shown)


def _digest(found: DigestStatus) -> Block:
    one = found.subscription
    change = button(
        Action.DIGEST_SET.at(one.subscription_id),
        "Change…",
        SetupValue(key=one.subscription_id).dump(),
        label="Change a digest",
    )
    return section(told(subscription.status(found, mention(one.channel_id))), change)


def _more(material: SetupMaterial) -> Iterator[Block]:
    nothing = SetupValue().dump()
    if not material.digests or len(material.digests) < DIGESTS_SHOWN:
        yield button(
            Action.DIGEST_SET.value, "New digest…", nothing, label="Give a channel a digest"
        )
    yield button(Action.SETUP_ROLE.value, "New role…", nothing, label="Make a new role")
    yield button(
        Action.SETUP_DEPARTMENT.value, "New department…", nothing, label="Make a new department"
    )
    yield button(
        Action.SETUP_PEOPLE.value,
        "Admins, guests, leaders…",
        nothing,
        label="Name admins, guests and leaders",
    )


def _departments(desk: Desk) -> str:
    count = len(desk.departments)
    shown = f", {DEPARTMENTS_SHOWN} of {count}" if count > DEPARTMENTS_SHOWN else ""
    return f"*Departments*{shown}"


def _department_buttons(desk: Desk) -> Iterator[Block]:
    for place, one in enumerate(desk.departments[:DEPARTMENTS_SHOWN]):
        yield button(
            Action.SETUP_DEPARTMENT.at(place),
            one_line(one.name),
            SetupValue(key=one.name).dump(),
            label=f"Change the department {one.name}",
        )


_NEW = SetupMaterial(
    desk=default_desk(),
    unheld=frozenset(default_desk().roles),
    troubles={},
    digests=(),
    is_tried=False,
)
_DESK = replace(
    default_desk(),
    version=3,
    roles={
        **default_desk().roles,
        examples.CONTENT_LEAD.role_id: replace(
            examples.CONTENT_LEAD, channel_id="C0CONTENT", backups=("U0ANA",)
        ),
    },
    departments=(Department(name="Sales & more"), Department(name="Product")),
)

_HELD = {key: replace(role, holders=("U0BEN",)) for key, role in _DESK.roles.items()}

EXAMPLES: Mapping[str, SetupMaterial] = {
    "new": _NEW,
    "half": replace(
        _NEW,
        desk=_DESK,
        unheld=frozenset({"social_lead", "lead_desk", "advocacy_lead"}),
        troubles={"C0CONTENT": Trouble.NOT_IN},
        digests=(subscription.STATUSES["missed"],),
        is_tried=True,
    ),
    "done": replace(
        _NEW,
        desk=replace(_DESK, departments=(), roles=_HELD),
        unheld=frozenset(),
        digests=(subscription.STATUSES["posted"],),
        is_tried=True,
    ),
}
