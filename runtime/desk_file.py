"""The set-up of a desk as one YAML file: read, checked with the line of each mistake, applied."""

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from bot.configure import check
from bot.desk import Department, Desk, Role, Rule, Subscription, default_desk
from bot.errors import ConfigurationError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

Person = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,}$")]
Place = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{2,}$")]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Label = Annotated[str, Field(min_length=1, max_length=75)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class RolePart(_Part):
    label: Label | None = None
    description: str = Field("", max_length=500)
    channel: Place | None = None
    holders: list[Person] = Field(default_factory=list)
    fallback: Key | None = None


class RulePart(_Part):
    role: Key
    kinds: list[str] = Field(default_factory=list)
    content_types: list[str] = Field(default_factory=list)
    platforms: list[str] = Field(default_factory=list)
    departments: list[str] = Field(default_factory=list)
    channels: list[Place] = Field(default_factory=list)
    words: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(default_factory=list)


class DepartmentPart(_Part):
    members: list[Person] = Field(default_factory=list)
    channels: list[Place] = Field(default_factory=list)


class DigestPart(_Part):
    channel: Place
    weekday: Weekday = "monday"
    time: str = "09:00"
    tz: str = "UTC"


class DeskPart(_Part):
    """The whole file."""

    admins: list[Person] = Field(default_factory=list)
    fallback_role: Key = "social_lead"
    roles: dict[Key, RolePart] = Field(default_factory=dict)
    rules: list[RulePart] = Field(default_factory=list)
    departments: dict[Label, DepartmentPart] = Field(default_factory=dict)
    digests: dict[Key, DigestPart] = Field(default_factory=dict)


WANTED = {
    Person: "a person's Slack id, like U012AB3CD (profile, “Copy member ID”)",
    Place: "a channel's Slack id, like C012AB3CD (channel details, at the bottom)",
}


def read_desk(text: str, *, name: str) -> Desk:
    """The set-up that a file's `text` describes; `name` is the file's, for messages.

    Default roles that the file leaves out stay, without holders. Raises ConfigurationError with
    one line per mistake, each beginning with the file's name and the line's number.
    """
    tree = _parsed(text, name)
    try:
        part = DeskPart.model_validate(_plain(tree))
    except ValidationError as error:
        raise ConfigurationError(
            "\n".join(
                f"{name}:{_line(tree, fault['loc'])}: {_path(fault['loc'])}: {_said(fault)}"
                for fault in error.errors(include_url=False)
            )
        ) from None
    desk = _desk(part)
    faults = check(desk)
    if faults:
        raise ConfigurationError("\n".join(f"{name}: {fault}" for fault in faults))
    return desk


def _parsed(text: str, name: str) -> CommentedMap:
    yaml = YAML(typ="rt")
    try:
        tree = yaml.load(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ConfigurationError(f"{name}:{line}: {error.problem or 'not YAML'}") from None
    if tree is None:
        return CommentedMap()
    if not isinstance(tree, CommentedMap):
        raise ConfigurationError(f"{name}:1: should be a list of settings like `roles:`")
    return tree


def _plain(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return str(node) if isinstance(node, str) else node


def _line(tree: CommentedMap, path: Sequence[str | int]) -> int:
    """The line, from 1, of the deepest part of `path` that the file has."""
    node: Any = tree
    line = 0
    for step in path:
        if isinstance(node, CommentedMap | CommentedSeq) and not node.lc.data:
            break  # a node with a tag of its own knows no lines
        if isinstance(node, CommentedMap) and step in node:
            line = node.lc.key(step)[0]
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            line = node.lc.item(step)[0]
        else:
            break
        node = node[step]
    return line + 1


def _path(path: Sequence[str | int]) -> str:
    return ".".join(str(step) for step in path if step != "[key]") or "file"


def _said(fault: Mapping[str, Any]) -> str:
    pattern = (fault.get("ctx") or {}).get("pattern", "")
    match fault["type"]:
        case "extra_forbidden":
            return "there is no such setting"
        case "missing":
            return "is missing"
        case "string_pattern_mismatch" if pattern.startswith("^[UW]"):
            return f"should be {WANTED[Person]}"
        case "string_pattern_mismatch" if pattern.startswith("^[CG]"):
            return f"should be {WANTED[Place]}"
        case "string_pattern_mismatch":
            return "should be lower-case letters, digits and _"
        case _:
            return str(fault["msg"]).replace("Input should be", "should be")


def _desk(part: DeskPart) -> Desk:
    roles = dict(default_desk().roles)
    for role_id, role in part.roles.items():
        standard = roles.get(role_id)
        roles[role_id] = Role(
            role_id=role_id,
            label=role.label or (standard.label if standard else role_id),
            description=role.description or (standard.description if standard else ""),
            channel_id=role.channel,
            holders=tuple(role.holders),
            fallback=role.fallback or (standard.fallback if standard else None),
        )
    return Desk(
        version=0,
        fallback_role=part.fallback_role,
        roles=roles,
        rules=tuple(
            Rule(
                role_id=rule.role,
                kinds=tuple(rule.kinds),
                content_types=tuple(rule.content_types),
                platforms=tuple(rule.platforms),
                departments=tuple(rule.departments),
                channels=tuple(rule.channels),
                words=tuple(rule.words),
            )
            for rule in part.rules
        ),
        departments=tuple(
            Department(name=name, members=tuple(entry.members), channels=tuple(entry.channels))
            for name, entry in part.departments.items()
        ),
        subscriptions=tuple(
            Subscription(
                subscription_id=key,
                channel_id=entry.channel,
                weekday=WEEKDAYS.index(entry.weekday),
                time=entry.time,
                tz=entry.tz,
            )
            for key, entry in part.digests.items()
        ),
        admins=tuple(part.admins),
    )
