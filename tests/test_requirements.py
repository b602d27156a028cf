"""What is installed is pinned with hashes, and looked through for known vulnerabilities."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"[a-z0-9][a-z0-9._-]*==[0-9][^ ]*( ;.*)?")


@pytest.mark.parametrize("name", ["base", "postgres", "telemetry", "dev"])
def test_each_requirement_is_one_version_with_hashes(name: str) -> None:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    joined = lines.replace("\\\n", " ").splitlines()
    wanted = [line for line in joined if line and not line.lstrip().startswith("#")]
    assert wanted
    for line in wanted:
        pin, *hashes = (part.strip() for part in line.split("--hash="))
        assert PINNED.fullmatch(pin), line
        assert hashes, line
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in hashes), line


def fake(folder: Path, *, found: str, said: str, status: int) -> Path:
    """Something that answers as pip-audit does: findings in the file behind --output."""
    program = folder / "audit"
    program.write_text(
        "#!/bin/bash\n"
        'while [ "$1" != --output ]; do shift; done\n'
        f"printf '%s' '{found}' > \"$2\"\n"
        f"echo '{said}' >&2\n"
        f"exit {status}\n"
    )
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    "found, said, status, code, shown",
    [
        ("", "", 0, 0, "no known vulnerability"),
        ("aiohttp 1.0 CVE-1", "Found 1 known vulnerability", 1, 1, "CVE-1"),
        ("", "ERROR: ConnectionError: Max retries exceeded", 1, 0, "can't be reached from here"),
        ("", "ERROR: Read timed out", 1, 0, "can't be reached from here"),
        ("", "ERROR: package has duplicate requirements", 1, 1, "duplicate requirements"),
    ],
)
def test_a_finding_fails_and_a_service_out_of_reach_does_not(
    tmp_path: Path, found: str, said: str, status: int, code: int, shown: str
) -> None:
    audit = fake(tmp_path, found=found, said=said, status=status)
    ran = subprocess.run(
        [ROOT / ".ci" / "audit"],
        env={"AUDIT": str(audit), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code
    assert shown in ran.stdout + ran.stderr
