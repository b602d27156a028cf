"""The set-up of a desk as one YAML file: read, checked with the line of each mistake, written."""

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from bot.desk import Desk
from bot.desk_faults import check
from bot.errors import ConfigurationError
from runtime.desk_document import document_of
from runtime.desk_parts import DeskPart, desk_of

WANTED = {
    "^[UW]": "a person's Slack id, like U012AB3CD (profile, “Copy member ID”)",
    "^[CG]": "a channel's Slack id, like C012AB3CD (channel details, at the bottom)",
    "^[a-z]": "lower-case letters, digits and _",
    "^([01]": "a time like 09:00",
}
"""What a pattern asks for, by how it begins."""

HEAD = """\
# yaml-language-server: $schema=desk.schema.json
# The set-up as it stood at version {version}. Take it back: python app.py apply FILE
"""


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
    desk = desk_of(part)
    faults = check(desk)
    if faults:
        raise ConfigurationError(
            "\n".join(f"{name}:{_line(tree, fault.where)}: {fault.sentence}" for fault in faults)
        )
    return desk


def write_desk(desk: Desk) -> str:
    """The file that describes `desk`; `read_desk` makes the same set-up of it."""
    yaml = YAML(typ="rt")
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    out.write(HEAD.format(version=desk.version))
    document = document_of(desk)
    if document:
        yaml.dump(_flowing(document), out)
    return out.getvalue()


def _flowing(node: Any) -> Any:
    """The same for YAML, lists of plain values on one line each."""
    if isinstance(node, Mapping):
        return CommentedMap({key: _flowing(value) for key, value in node.items()})
    if isinstance(node, list):
        found = CommentedSeq([_quoted(_flowing(value)) for value in node])
        if not any(isinstance(value, Mapping) for value in node):
            found.fa.set_flow_style()
        return found
    return node


def _quoted(value: Any) -> Any:
    """A text as it can stand in a list on one line: there "?" begins a key, which YAML's writer
    does not look at.
    """
    is_key = isinstance(value, str) and value.startswith("?")
    return DoubleQuotedScalarString(value) if is_key else value


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
    match fault["type"]:
        case "extra_forbidden":
            return "there is no such setting"
        case "missing":
            return "is missing"
        case "string_pattern_mismatch":
            pattern = str((fault.get("ctx") or {}).get("pattern", ""))
            wanted = (said for start, said in WANTED.items() if pattern.startswith(start))
            return f"should be {next(wanted, pattern)}"
        case _:
            said = str(fault["msg"]).removeprefix("Value error, ")
            return said.replace("Input should be", "should be")
