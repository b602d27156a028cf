"""The peer, bolt-js with better-sqlite3: fetched by npm for the bench alone."""

import filecmp
import shutil
import subprocess
from pathlib import Path

from tests.support.processes import ROOT

SOURCE = ROOT / "bench" / "peer"
PLACE = ROOT / "build" / "peer"
FILES = ("package.json", "package-lock.json", "index.js")
PROBE = "require('@slack/bolt'); new (require('better-sqlite3'))(':memory:')"


def installed(*, may_fetch: bool) -> str | None:
    """See that the peer can run; returns the sentence that says why not, or None.

    npm may have to compile better-sqlite3, which takes minutes, once: what it built is kept.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "The peer was left out: node and npm are not installed."
    is_same = all((PLACE / name).exists() for name in FILES) and filecmp.cmp(
        SOURCE / FILES[1], PLACE / FILES[1], shallow=False
    )
    PLACE.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(SOURCE / name, PLACE / name)
    if is_same and _works():
        return None
    if not may_fetch:
        return "The peer was left out: a quick run does not fetch it (run `make bench` once)."
    with (PLACE / "npm.log").open("wb") as log:
        command = ["npm", "ci", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=PLACE, stdout=log, stderr=log, check=False, timeout=600)
    if _works():
        return None
    return f"The peer was left out: npm could not install it here ({_last_line(PLACE / 'npm.log')})"


def _works() -> bool:
    command = ["node", "-e", PROBE]
    return subprocess.run(command, cwd=PLACE, capture_output=True, check=False).returncode == 0


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
