"""`python -m tests.replicas`: many processes, much trouble, and what is lost of it: nothing.

PostgreSQL from Debian's packages, two web and three worker processes, a local Slack that is not
always well; processes are killed and frozen, the database is crash-stopped. Prints what was
acknowledged, lost, duplicated and out of order; 1 when anything was.
"""

import argparse
import asyncio
import secrets
import sys
from pathlib import Path

from tests.replicas.run import Plan, Result, run
from tests.replicas.trouble import Harm
from tests.replicas.verdict import summed

HARM = Harm(
    every=2.0,
    longest_freeze=1.5,
    sure=("kill web", "kill worker", "freeze web", "freeze worker", "crash", "crash"),
)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.replicas", description=__doc__)
    parser.add_argument("--submissions", type=int, default=2500)
    parser.add_argument("--seconds", type=float, default=0, help="go on for so long at least")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--logs", type=Path, help="a folder to keep the processes' logs in")
    given = parser.parse_args()
    plan = Plan(seed=given.seed, submissions=given.submissions, seconds=given.seconds, harm=HARM)
    sys.stdout.write(f"seed {plan.seed}\n")
    sys.stdout.flush()
    if given.logs is not None:
        given.logs.mkdir(parents=True, exist_ok=True)
    result = asyncio.run(run(plan, given.logs))
    sys.stdout.write("\n".join(told(result)) + "\n")
    return int(not result.verdict.is_good)


def told(result: Result) -> list[str]:
    """What a run came to, for people."""
    befell = ", ".join(f"{name} {count}" for name, count in sorted(result.befell.items()))
    return [
        f"in {result.seconds:.0f} s: {befell}",
        f"Slack: {summed(result.struck)}",
        *result.verdict.lines(),
    ]


if __name__ == "__main__":
    sys.exit(main())
