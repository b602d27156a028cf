"""What the files for running the desk say, and what an image holds, put together by hand."""

import json
import re
import shlex
import shutil
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction of the Containerfile, in the stage that it belongs to."""

    stage: int
    word: str
    rest: str


def containerfile() -> list[Instruction]:
    """Its instructions, continued lines put together."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    found: list[Instruction] = []
    stage = 0
    for line in filter(None, (line.strip() for line in text.splitlines())):
        word, _, rest = line.partition(" ")
        stage += word == "FROM"
        found.append(Instruction(stage, word, " ".join(rest.split())))
    return found


def last(word: str) -> str:
    """What the image's last stage says with this instruction, the last time."""
    found = containerfile()
    return [one.rest for one in found if one.word == word and one.stage == found[-1].stage][-1]


def environment_of(given: str) -> dict[str, str]:
    """The names and values of an ENV instruction."""
    return dict(pair.split("=", 1) for pair in shlex.split(given))


def copied(stage: int) -> list[tuple[str, str]]:
    """(source, target) of what a stage takes from the project's folder."""
    pairs = []
    for one in containerfile():
        if one.word == "COPY" and one.stage == stage and "--from=" not in one.rest:
            *sources, target = one.rest.split()
            pairs += [(source, target) for source in sources]
    return pairs


def is_sent(path: str) -> bool:
    """Whether .dockerignore lets a path of the project into an image; its last match decides."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    is_in = True
    for line in filter(lambda text: text and not text.startswith("#"), lines):
        pattern = line.removeprefix("!")
        parts = path.split("/")
        upper = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        plain = pattern.removeprefix("**/")
        if any(fnmatch(one, pattern) for one in upper) or (
            plain != pattern and any(fnmatch(part, plain) for part in parts)
        ):
            is_in = line.startswith("!")
    return is_in


def build(folder: Path) -> Path:
    """The image's /app, as its last stage copies it together."""
    app = folder / "app"
    app.mkdir()
    for source, target in copied(containerfile()[-1].stage):
        here, there = ROOT / source, app / target
        if here.is_file():
            shutil.copy(here, there / here.name if target.endswith("/") else there)
            continue
        shutil.copytree(
            here,
            there,
            ignore=lambda folder, names: [
                name
                for name in names
                if not is_sent((Path(folder) / name).relative_to(ROOT).as_posix())
            ],
        )
    return app


def compose() -> dict[str, Any]:
    """deploy/compose.yaml, with what `<<` takes over."""
    found: dict[str, Any] = YAML(typ="safe").load(ROOT / "deploy" / "compose.yaml")
    return found


def unit() -> dict[str, list[str]]:
    """The settings of deploy/social-desk.service, each with its values."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "deploy" / "social-desk.service").read_text("utf-8").splitlines():
        name, is_set, value = line.partition("=")
        if is_set and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def exec_form(given: str) -> list[str]:
    """A command as JSON."""
    words: list[str] = json.loads(given)
    return words
