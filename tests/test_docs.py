"""The documentation says what the code does: generated parts, links, names, examples.

`pytest tests/test_docs.py --update-golden` (or `make docs`) writes the generated parts anew.
"""

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from bot.kinds import CONTENT_TYPES, KINDS, PLATFORMS
from bot.lifecycle import VERB_LABELS
from bot.outbox import EffectKind, EffectState
from bot.verbs import PRIORITY
from runtime import desk_parts
from runtime.commands import cli
from runtime.desk_file import read_desk
from runtime.manifest import manifest_of
from runtime.settings import Settings, read_settings
from tests.support import docs

ROOT = Path(__file__).parents[1]
PAGES = tuple(sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]))
ROOMS = "bot|handlers|storage|runtime|sandbox|tests|docs|requirements"
PICTURES = ROOT / "docs" / "pictures"
LINK = re.compile(r"(?P<picture>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def in_step(path: Path, wanted: str, *, update: bool) -> None:
    if update and path.read_text(encoding="utf-8") != wanted:
        path.write_text(wanted, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == wanted, "run `make docs`"


@pages
def test_generated_parts_are_as_the_code_has_them(page: Path, *, update_golden: bool) -> None:
    in_step(page, docs.renewed(page.read_text(encoding="utf-8")), update=update_golden)


def test_every_generated_part_is_used() -> None:
    used = {m["name"] for page in PAGES for m in docs.PART.finditer(page.read_text("utf-8"))}
    assert used == set(docs.PARTS)


def test_env_example_is_as_the_settings_are(*, update_golden: bool) -> None:
    in_step(ROOT / ".env.example", docs.env_example(), update=update_golden)


def test_the_schema_of_the_set_up_is_as_the_code_has_it(*, update_golden: bool) -> None:
    in_step(ROOT / "desk.schema.json", docs.desk_schema(), update=update_golden)


def test_env_example_names_every_setting() -> None:
    named = re.findall(r"^(?:# )?([A-Z_]+)=", read(".env.example"), re.MULTILINE)
    assert named == [name.upper() for name in Settings.model_fields]


def test_env_example_can_be_read_with_everything_put_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    put_in = re.sub(r"^# ([A-Z_]+=)", r"\1", read(".env.example"), flags=re.MULTILINE)
    file = tmp_path / "env"
    file.write_text(put_in, encoding="utf-8")
    assert read_settings(file) == read_settings(None)


def test_the_manifest_is_that_of_the_standard_settings() -> None:
    assert json.loads(read("manifest.json")) == manifest_of(docs.default_settings())


def test_the_example_of_a_desk_can_be_applied() -> None:
    desk = read_desk(read("desk.example.yaml"), name="desk.example.yaml")
    assert desk.rules
    assert desk.departments
    assert desk.subscriptions
    assert desk.admins


@pytest.mark.parametrize(
    "part",
    [
        desk_parts.DeskPart,
        desk_parts.RolePart,
        desk_parts.RulePart,
        desk_parts.DepartmentPart,
        desk_parts.DigestPart,
        desk_parts.HoursPart,
    ],
)
def test_the_example_of_a_desk_shows_all_there_is(part: type[BaseModel]) -> None:
    shown = set(re.findall(r"([a-z_]+):", read("desk.example.yaml")))
    assert set(part.model_fields) <= shown


def test_the_example_of_a_desk_lists_what_rules_can_name() -> None:
    text = read("desk.example.yaml")
    assert ", ".join(KINDS) in text
    assert ", ".join(option.value for option in CONTENT_TYPES) in text
    assert ", ".join(option.value for option in PLATFORMS) in text


def links(page: Path) -> Iterator[re.Match[str]]:
    return LINK.finditer(without_code(page.read_text("utf-8")))


def without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", without_code(page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pages
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if link["picture"] or link["target"].startswith("https://"):
            continue
        name, _, anchor = link["target"].partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.is_relative_to(ROOT), link["target"]
        assert target.exists(), link["target"]
        assert not anchor or anchor in anchors(target), link["target"]


def test_pictures_are_there_and_described() -> None:
    named = set()
    for page in PAGES:
        for link in links(page):
            if link["picture"]:
                target = (page.parent / link["target"]).resolve()
                assert len(link["text"]) > 30, f"{link['target']} needs words for who can't see it"
                named.add(target)
    assert {path.parent for path in named} == {PICTURES}
    there = set(PICTURES.glob("*.png"))
    assert {path.name for path in there} == {path.name for path in named}
    for path in there:
        assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n"), path.name
        assert path.stat().st_size > 5_000, path.name


@pages
def test_files_that_are_named_exist(page: Path) -> None:
    for name in re.findall(rf"`((?:{ROOMS})/[\w./-]*)`", page.read_text("utf-8")):
        assert (ROOT / name).exists(), name


@pages
def test_names_from_the_code_exist(page: Path) -> None:
    pattern = r"`((?:bot|handlers|storage|runtime|sandbox)(?:\.\w+){2,})`"
    for name in re.findall(pattern, page.read_text("utf-8")):
        assert resolves(name), name


def resolves(name: str) -> bool:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[length:]:
            fields = getattr(found, "model_fields", {})
            if not hasattr(found, attribute) and attribute not in fields:
                return False
            found = getattr(found, attribute, None)
        return True
    return False


@pages
def test_commands_that_are_named_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^    )make ([a-z]+)", text, re.MULTILINE)) <= targets
    known = {c.name or c.callback.__name__ for c in cli.registered_commands if c.callback}
    known |= {group.name for group in cli.registered_groups if group.name}
    assert set(re.findall(r"python app\.py ([a-z-]+)", text)) <= known


def test_every_effect_and_state_is_explained() -> None:
    text = read("docs/architecture.md")
    for name in (*EffectKind, *EffectState):
        assert f"`{name}`" in text, name


def test_every_checkpoint_is_explained() -> None:
    code = "".join(
        path.read_text("utf-8") for room in ("bot", "storage") for path in ROOT.glob(f"{room}/*.py")
    )
    checkpoints = set(re.findall(r'_checkpoint\("([\w.]+)"\)', code))
    told = set(
        re.findall(
            r"^\| `((?:transact|delivery)\.\w+)`", read("docs/architecture.md"), re.MULTILINE
        )
    )
    assert told == checkpoints


def labels() -> set[str]:
    """What people read on buttons, in menus and above fields, out of the views' golden files."""
    found = set(VERB_LABELS.values())
    for path in ROOT.glob("tests/handlers/views/golden/**/*.json"):
        shown = re.findall(r'"type": "plain_text",\s+"text": "([^"]+)"', path.read_text("utf-8"))
        found |= set(shown)
    return found


NO_LABELS = {
    "More message shortcuts": "Slack's own",
    "Send to Social Desk": "the manifest's",
    "Hand in something": "the manifest's",
    "Again": "begins an option that goes on with the days",
    "Do more": "advice, in a sentence",
    "keep": "advice, in a sentence",
    "stop": "advice, in a sentence",
}


def test_the_guide_calls_buttons_and_fields_as_they_are_called() -> None:
    text = re.sub(r"\*\*|```.*?```", "", read("docs/user-guide.md"), flags=re.DOTALL)
    named = re.findall(r"(?<![*\w])\*([^*]{2,60})\*", " ".join(text.split()))
    assert len(named) > 40
    known = labels() | set(NO_LABELS)
    assert [name for name in named if name not in known] == []


def test_the_guide_explains_every_verb_that_people_press() -> None:
    _, _, after = read("docs/user-guide.md").partition("### What the buttons do")
    table, _, _ = after.partition("\n- ")
    told = {
        name
        for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
        for name in row.split(", ")
    }
    for verb in PRIORITY:
        assert VERB_LABELS[verb] in told, verb


def practices() -> list[tuple[str, str, str]]:
    rows = re.findall(
        r"^\| (P\d\d) \| [^|]+ \| ([^|]+) \|([^|]*)\|$", read("docs/practices.md"), re.MULTILINE
    )
    return [(key, works.strip(), today.strip()) for key, works, today in rows]


def test_every_practice_stands_once_with_what_works() -> None:
    assert [key for key, _, _ in practices()] == [f"P{n:02d}" for n in range(1, 44)]
    for key, works, today in practices():
        assert works in {"yes", "part", "not yet"}, key
        assert bool(today) == (works != "not yet"), key
        for room in ("bot", "tests"):
            assert bool(today) == (f"`{room}/" in today), f"{key} names nothing in {room}/"


def test_practices_that_the_code_names_work() -> None:
    works = {key: state for key, state, _ in practices()}
    for room in ("bot", "handlers", "storage", "runtime"):
        for path in ROOT.glob(f"{room}/**/*.py"):
            for key in re.findall(r"\bP\d\d\b", path.read_text("utf-8")):
                assert works[key] != "not yet", f"{path.name} names {key}"


def test_the_changelog_has_this_version() -> None:
    version = re.search(r'^version = "([\d.]+)"$', read("pyproject.toml"), re.MULTILINE)
    assert version is not None
    heads = re.findall(
        r"^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", read("CHANGELOG.md"), re.MULTILINE
    )
    assert heads[0] == ("Unreleased", "")
    assert heads[1][0] == version[1]
    assert heads[1][1]
