"""The files for running the desk fit the desk. No engine builds images here: what an image holds is
put together by hand and run.
"""

import asyncio
import re
import shutil
import signal
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import Iterable
from pathlib import Path

import pytest
import typer.main

from handlers.paper import FONTS
from runtime.commands import cli
from runtime.settings import Settings
from tests.support.databases import sqlite_url
from tests.support.deployed import (
    ROOT,
    build,
    compose,
    containerfile,
    copied,
    environment_of,
    exec_form,
    is_sent,
    last,
    unit,
)
from tests.support.processes import LONG, answers_at, free_port, town

__all__ = ["sqlite_url"]

STOP_SECONDS = 30
"""docs/operations.md, Stopping."""

OTHERS = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
SETTINGS = {name.upper() for name in Settings.model_fields}


def assert_is_a_command(words: Iterable[str]) -> None:
    """The command line knows these words, and serving takes the role."""
    name, *rest = words
    command = typer.main.get_command(cli)
    assert name in command.commands  # type: ignore[attr-defined]  # a group, which typer leaves open
    options = {option for one in command.commands[name].params for option in one.opts}  # type: ignore[attr-defined]  # the same
    assert {word for word in rest if word.startswith("--")} <= options
    if "--role" in rest:
        assert rest[rest.index("--role") + 1] in {"all", "web", "worker"}


def test_the_procfile_runs_what_there_is() -> None:
    lines = dict(
        line.split(": ", 1) for line in (ROOT / "Procfile").read_text("utf-8").splitlines()
    )
    assert set(lines) == {"release", "web", "worker"}
    for line in lines.values():
        python, program, *words = line.split()
        assert (python, program) == ("python", "app.py")
        assert_is_a_command(words)


def test_what_the_image_takes_is_there_and_nothing_secret_goes_along() -> None:
    for stage in (1, 2):
        for source, _ in copied(stage):
            assert (ROOT / source).exists(), source
            assert is_sent(source.rstrip("/")), source
    for secret in (".env", "social-desk.db", "social-desk.db-wal", ".git/config", "desk.yaml"):
        assert not is_sent(secret)
    assert not is_sent("bot/__pycache__/home.cpython-311.pyc")
    assert is_sent("storage/migrations/versions/0001_first_schema.py")


def test_the_image_installs_by_hash_what_is_pinned() -> None:
    (install,) = [one.rest for one in containerfile() if "pip install" in one.rest]
    assert "--require-hashes" in install
    files = re.findall(r"-r (\S+)", install)
    assert files == [source for source, _ in copied(1)]
    for file in files:
        assert "--hash=sha256:" in (ROOT / file).read_text("utf-8")


def test_what_is_pinned_twice_is_pinned_alike() -> None:
    pins: dict[str, set[str]] = {}
    for file in sorted((ROOT / "requirements").glob("*.txt")):
        found = re.findall(r"^([\w.-]+)==(\S+)", file.read_text("utf-8"), re.MULTILINE)
        for name, version in found:
            pins.setdefault(name, set()).add(version)
    assert {name: twice for name, twice in pins.items() if len(twice) > 1} == {}


def test_the_image_runs_as_nobody_and_says_how_it_is() -> None:
    uid = last("USER").partition(":")[0]
    assert int(uid) > 0
    given = environment_of(last("ENV"))
    assert set(given) <= SETTINGS | OTHERS
    settings = Settings.model_validate({k.lower(): v for k, v in given.items() if k in SETTINGS})
    assert settings.host == "0.0.0.0"  # noqa: S104  (the container's own network)
    assert given["DATABASE_URL"].startswith(f"sqlite:///{last('VOLUME')}/")
    assert last("EXPOSE") == given["PORT"]
    assert last("STOPSIGNAL") == "SIGTERM"
    assert exec_form(last("ENTRYPOINT")) == ["python", "app.py"]
    assert_is_a_command(exec_form(last("CMD")))


def test_the_services_of_the_compose_file_fit_together() -> None:
    services = compose()["services"]
    for name in ("release", "web", "worker"):
        one = services[name]
        assert_is_a_command(one["command"])
        assert set(one["environment"]) <= SETTINGS
        assert one["environment"]["DATABASE_URL"].startswith("postgresql+psycopg://")
        assert (one["read_only"], one["cap_drop"]) == (True, ["ALL"])
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert one["stop_grace_period"] == f"{STOP_SECONDS}s"
        context = (ROOT / "deploy" / one["build"]["context"]).resolve()
        assert (context / one["build"]["dockerfile"]).is_file()
    for name in ("web", "worker"):
        waits = services[name]["depends_on"]["release"]["condition"]
        assert waits == "service_completed_successfully"
    assert services["release"]["depends_on"]["database"]["condition"] == "service_healthy"
    mounted = services["database"]["volumes"][0].partition(":")[0]
    assert mounted in compose()["volumes"]
    (port,) = services["web"]["ports"]
    assert port.startswith("127.0.0.1:")
    assert port.endswith(f":{services['web']['environment']['PORT']}")


def test_no_secret_stands_in_a_file() -> None:
    for file in ("Containerfile", "deploy/compose.yaml", "deploy/social-desk.service"):
        text = (ROOT / file).read_text("utf-8")
        assert "xoxb-" not in text
        told = re.sub(r"^ *#.*$", "", text, flags=re.MULTILINE)
        assert re.findall(r"(?:PASSWORD|SECRET|TOKEN|KEYS)[=:] *(?![?$ ])\S", told) == []


def test_the_image_has_the_font_that_digests_on_paper_take() -> None:
    steps = (ROOT / "Containerfile").read_text("utf-8").rpartition("FROM ")[2]
    assert "fonts-dejavu-core" in steps
    assert "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf" in map(str, FONTS)


def test_the_unit_serves_and_is_stopped_in_time() -> None:
    found = unit()
    (start,) = found["ExecStart"]
    assert_is_a_command(start.split()[2:])
    given = dict(pair.split("=", 1) for pair in found["Environment"])
    assert set(given) <= SETTINGS | OTHERS
    assert found["TimeoutStopSec"] == [str(STOP_SECONDS)]
    assert found["User"] != ["root"]
    (folder,) = found["StateDirectory"]
    assert given["DATABASE_URL"].startswith(f"sqlite:////var/lib/{folder}/")
    assert found["ProtectSystem"] == ["strict"]


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return  # the machine has no systemd; the test above has read the unit
    text = (ROOT / "deploy" / "social-desk.service").read_text("utf-8")
    here = tmp_path / "social-desk.service"
    here.write_text(text.replace("/opt/social-desk/.venv/bin/python", sys.executable), "utf-8")
    done = subprocess.run([analyze, "verify", here], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
async def test_what_the_image_holds_migrates_serves_and_writes_nowhere_else(
    tmp_path: Path, sqlite_url: str
) -> None:
    folder = build(tmp_path)
    before = files_in(folder)
    port = free_port()
    async with town(sqlite_url) as t:
        given = {name.upper(): str(value) for name, value in t.settings(port=port).items()}
        env = {**environment_of(last("ENV")), **given, "PATH": "/usr/bin:/bin"}
        migrating = await _run(folder, ["migrate"], env)
        assert await migrating.wait() == 0
        serving = await _run(folder, exec_form(last("CMD")), env)
        await answers_at(port)
        assert await _is_healthy(env)
        serving.send_signal(signal.SIGTERM)
        async with asyncio.timeout(LONG):
            assert await serving.wait() == 0
        assert not await _is_healthy(env)
    assert files_in(folder) == before


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


async def _run(folder: Path, words: list[str], env: dict[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "app.py", *words, cwd=folder, env=env, stderr=asyncio.subprocess.DEVNULL
    )


async def _is_healthy(env: dict[str, str]) -> bool:
    """What the image's own check says."""
    words = exec_form(last("HEALTHCHECK").partition("CMD ")[2])
    check = await asyncio.create_subprocess_exec(
        sys.executable, *words[1:], env=env, stderr=asyncio.subprocess.DEVNULL
    )
    return await check.wait() == 0
